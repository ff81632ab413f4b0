"""CONTRIBUTING says how a column is added: here it is done, in a copy, with that line and no other.

The line stands once, in the form. What is drawn from the form then has the column of itself.
"""

import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from paths import CHECKOUT

import toolkit
from toolkit.forms import village

LINE = """\
    benefit = Column("受益户数", Whole("户", example="60"), width=9, help="直接受益的农户。")
"""
BEFORE = "\n\nclass Stage(\n"
READ = """\
import pathlib
from toolkit.excel.blank import build_workbook
from toolkit.excel.opened import read_workbook
from toolkit.forms import village
from toolkit.schema.form import Identity

path = pathlib.Path("0203-上河村-2022.xlsx")
identity = Identity(village.FORM.id, village.FORM.version, "0203", "2022")
filling = {village.Measure: [{"number": "P01-M01", "benefit": "六十户"}]}
path.write_bytes(build_workbook(village.FORM, identity, filling))
row, = read_workbook(path, (village.FORM,)).rows(village.Measure)
print(row.benefit, row.field(village.Measure.benefit).note)
"""


def python(folder: Path, *words: str) -> str:
    """Run Python on the package that lies in a folder; return what it says."""
    command = [sys.executable, "-X", "utf8", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8")  # noqa: PLW1510 -- its own words tell more than a code
    assert done.returncode == 0, done.stderr
    return done.stdout


def add_column(folder: Path) -> None:
    """Do by hand what the guide asks for: the column's line, and a version higher by one."""
    form = folder / "toolkit" / "forms" / "village.py"
    text = form.read_text(encoding="utf-8")
    major, minor, _ = village.FORM.version.split(".")
    now, then = f'version="{village.FORM.version}"', f'version="{major}.{int(minor) + 1}.0"'
    assert text.count(BEFORE) == text.count(now) == 1
    form.write_text(text.replace(BEFORE, LINE + BEFORE).replace(now, then), encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    package = Path(toolkit.__file__).parent
    shutil.copytree(package, folder / "toolkit", ignore=shutil.ignore_patterns("__pycache__"))
    python(folder, "-m", "toolkit.reference", ".")
    return folder


@pytest.fixture(scope="module")
def changed(copy) -> list[str]:
    """Add the column; return the generated files that `make refresh` then rewrites."""
    add_column(copy)
    return python(copy, "-m", "toolkit.reference", ".").splitlines()


def table(copy: Path, file: str, sheet: str) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(io.BytesIO((copy / file).read_bytes()))
    return [tuple(row) for row in book[sheet].iter_rows(values_only=True)]


@pytest.mark.usefixtures("changed")
def test_the_blank_workbook_has_the_column_with_its_prompt_and_check(copy):
    book = openpyxl.load_workbook(copy / "templates" / "村级工作簿.xlsx")
    sheet = book["整改措施"]
    (cell,) = (cell for cell in sheet[3] if cell.value == "受益户数\n（户）")
    (check,) = (
        each
        for each in sheet.data_validations.dataValidation
        if f"{cell.column_letter}4" in each.sqref
    )
    assert (check.promptTitle, check.type, check.operator) == (
        *("受益户数", "whole", "greaterThanOrEqual"),
    )
    assert check.prompt.startswith("（户）直接受益的农户。只填数字，不写单位。")
    assert "60" in check.prompt


@pytest.mark.usefixtures("changed")
def test_the_instructions_explain_it(copy):
    lines = table(copy, "templates/村级工作簿.xlsx", "填写说明")
    (told,) = (line for line in lines if "受益户数" in line)
    assert any("直接受益的农户。" in str(cell) for cell in told)


@pytest.mark.usefixtures("changed")
def test_the_dictionary_and_the_book_of_fields_tell_it(copy):
    page = (copy / "docs" / "reference" / "village-workbook.md").read_text(encoding="utf-8")
    (line,) = (line for line in page.splitlines() if line.startswith("| 受益户数 |"))
    assert "整数，不小于 0 | 户 | 直接受益的农户。" in line
    fields = table(copy, "docs/reference/字段表.xlsx", "村级工作簿")
    (told,) = (line for line in fields if line[2] == "受益户数")
    assert told[1:8] == (
        *("整改措施", "受益户数", None, "整数，不小于 0", "户"),
        *("直接受益的农户。只填数字，不写单位。", "60"),
    )


@pytest.mark.usefixtures("changed")
def test_the_reader_gives_its_value_with_a_note_of_what_stood_there(copy):
    assert python(copy, "-c", READ) == "60 按 60 理解\n"


def test_refresh_rewrites_what_is_drawn_from_the_form_and_nothing_else(changed):
    assert [name for name in changed if not name.startswith("examples/")] == [
        "templates/村级工作簿.xlsx",
        "docs/reference/village-workbook.md",
        "docs/reference/字段表.xlsx",
        "docs/reference/占位符目录.md",
    ]
    assert not any("镇级工作簿" in name for name in changed)


def test_the_guide_shows_the_line_that_was_added_and_counts_the_files(changed):
    guide = (CHECKOUT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert LINE.strip() in guide
    files = re.findall(r"^\d\. `([^`]+)`", guide, re.MULTILINE)
    assert files == [
        *("toolkit/forms/village.py", "tests/test_versions.py", "CHANGELOG.md"),
    ]
    package = Path(toolkit.__file__).parent.parent  # the wheel's, where that is under test
    homes = {name: package if name.startswith("toolkit/") else CHECKOUT for name in files}
    assert [name for name, home in homes.items() if not (home / name).is_file()] == []
    (told,) = re.findall(r"and (\d+) files of `examples/`", guide)
    assert int(told) == sum(name.startswith("examples/") for name in changed)
