"""A rollup to its report: where it goes, how it is signed and set, and what is refused."""

import datetime as dt
import io
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest
from openxml_audit import OpenXmlValidator
from rollup.township_drawn import UPPER, book, made, rolled
from worked import write

from toolkit import flow
from toolkit.demo import example_township
from toolkit.errors import EditedError, UnreadableError, UsageError
from toolkit.excel.rollup.book import build_rollup
from toolkit.forms import township
from toolkit.papers import Manner
from toolkit.reporting import is_rollup, month_report, report
from toolkit.word.town_vocabulary import TOWN_REPORT
from toolkit.word.wording import template_docx

DAY = dt.date(2022, 10, 31)
NAME = "青石镇-2022-10-整顿工作情况汇报.docx"


@pytest.fixture(scope="module")
def october(tmp_path_factory) -> bytes:
    """Return the example township's rollup of October."""
    home = tmp_path_factory.mktemp("october")
    example = example_township()
    write(home / "镇级工作簿.xlsx", example.township)
    (home / "村级工作簿").mkdir()
    for each in example.villages:
        write(home / "村级工作簿" / each.file_name, each)
    target = home / "镇汇总.xlsx"
    flow.consolidate([home / "村级工作簿"], target, DAY, "2022-10")
    return target.read_bytes()


@pytest.fixture
def source(work, october) -> Path:
    """Return that rollup in its place in a work folder."""
    path = work / "汇总" / "2022-10" / "镇汇总.xlsx"
    path.parent.mkdir(parents=True)
    path.write_bytes(october)
    return path


def texts(path: Path) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(path).paragraphs]


def drawn(path: Path, **more: object) -> Path:
    """Write the rollup of the drawn township."""
    path.write_bytes(build_rollup(made(town="青石镇", county="清河县", **more)))
    return path


def without(path: Path, sheet: str, address: str, value: object = None) -> None:
    """Change a cell of a rollup as a person does, keeping what its formulas come to."""
    wrote = openpyxl.load_workbook(path, data_only=True)
    wrote[sheet][address] = value
    wrote.save(path)


# -- what is written ----------------------------------------------------------------------------


def test_a_rollup_gives_a_report_that_its_township_signs(source, work):
    done = report([source], work / "公文")
    (written,) = done.written
    assert (written.path, written.notes[0]) == (work / "公文" / NAME, "3 个村。")
    assert (done.troubles, done.exit_code) == ((), 0)
    said = texts(written.path)
    title = "中共青石镇委员会关于2022年10月软弱涣散基层党组织整顿工作情况的报告"
    assert title in [text.replace("\n", "") for text in said]
    assert "中共青石镇委员会" in said
    assert "（联系人：周敏，联系电话：12000000200）" in said
    assert OpenXmlValidator().validate(written.path).errors == []


def test_what_the_township_has_set_governs_seal_head_and_imprint(source, work):
    example = example_township().township
    formality = {
        "sort": TOWN_REPORT,
        "mark": "中共青石镇委员会文件",
        "number": "青委发〔2022〕8号",
        "month": "2022-10",
        "copies": "县农业农村局",
    }
    own = {**example.filling, township.Formality: [formality]}
    write(work / "镇级工作簿.xlsx", replace(example, filling=own))
    report([source], work / "公文")
    said = "\n".join(texts(work / "公文" / NAME))
    assert "中共青石镇委员会文件" in said
    assert "青委发〔2022〕8号" in said


def test_a_report_is_the_same_each_time_and_one_that_was_edited_stays(source, work):
    report([source], work / "公文")
    path = work / "公文" / NAME
    before = path.read_bytes()
    assert "内容没有变化，没有重写" in report([source], work / "公文").written[0].notes
    assert path.read_bytes() == before
    document = docx.Document(path)
    document.paragraphs[3].add_run("（已核实）")
    document.save(path)
    edited = path.read_bytes()
    done = report([source], work / "公文")
    assert done.troubles == (f"{path}：有人改过，没有覆盖。要重新生成，请先移走或改名。",)
    assert (done.written, done.exit_code) == ((), 4)
    assert path.read_bytes() == edited


def test_several_rollups_are_a_file_each_and_a_faulty_one_stops_no_other(tmp_path):
    one, other = drawn(tmp_path / "十月.xlsx"), tmp_path / "别的.xlsx"
    other.write_bytes(b"nothing")
    later = drawn(tmp_path / "十一月.xlsx", as_of=dt.date(2022, 11, 30), month="2022-11")
    done = report([one, other, later], tmp_path / "公文")
    assert [each.path.name for each in done.written] == [NAME, NAME.replace("-10-", "-11-")]
    assert len(done.troubles) == 1
    assert done.troubles[0].startswith(f"{other}：")
    assert done.troubles[0].endswith("汇报没有生成。")
    assert done.exit_code == 3


def test_two_rollups_of_one_month_do_not_take_each_others_place(tmp_path):
    for folder in ("甲", "乙"):
        (tmp_path / folder).mkdir()
    paths = [drawn(tmp_path / folder / "镇汇总.xlsx") for folder in ("甲", "乙")]
    names = [each.path.name for each in report(paths, tmp_path / "公文").written]
    assert names == [NAME, f"乙-{NAME}"]


def test_one_file_holds_one_report(source, work):
    done = report([source], work / "汇报.docx")
    assert [each.path for each in done.written] == [work / "汇报.docx"]
    with pytest.raises(UsageError, match="有 2 份汇总表，请用 -o 指定文件夹。"):
        report([source, source], work / "汇报.docx")
    with pytest.raises(UsageError, match=r"结果文件名要以 \.docx 结尾"):
        report([source], work / "汇报.pdf")


def test_a_draft_says_so_and_takes_no_final_papers_place(source, work):
    done = report([source], work / "公文", manner=Manner(draft=True))
    (written,) = done.written
    assert written.path.name == NAME.replace(".docx", "-征求意见稿.docx")
    assert "（征求意见稿）" in texts(written.path)


def test_the_public_version_names_nobody(source, work):
    done = report([source], work / "公文", manner=Manner(redacted=True))
    (written,) = done.written
    document = docx.Document(written.path)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    everything = "\n".join((*texts(written.path), *cells))
    assert "赵国强" not in everything  # who answers for the measure that is overdue longest
    assert "12000000200" not in everything


def test_the_offices_own_wording_goes_before_ours(source, work):
    own = work / "文稿模板" / f"{TOWN_REPORT}.docx"
    own.parent.mkdir()
    document = docx.Document(io.BytesIO(template_docx(TOWN_REPORT)))
    document.paragraphs[2].runs[0].text = "【我级】有关情况报告如下。"
    document.save(own)
    report([source], work / "公文", own)
    assert "我镇有关情况报告如下。" in texts(work / "公文" / NAME)


def test_what_the_rollup_has_to_mend_is_told_on_the_screen_alone(source, work):
    (written,) = report([source], work / "公文").written
    assert "汇总里还有核对必改 16 条，数字可能有误，用印前请核对。" in written.notes
    assert "必改" not in "\n".join(texts(written.path))


def dressed(work: Path, **formality: str) -> None:
    """Give the township's report this row of 公文要素."""
    example = example_township().township
    told = {"sort": TOWN_REPORT, "mark": "中共青石镇委员会文件", **formality}
    write(
        work / "镇级工作簿.xlsx",
        replace(example, filling={**example.filling, township.Formality: [told]}),
    )


def test_the_number_is_that_of_the_reports_month(source, work):
    dressed(work, number="青委发〔2022〕7号", month="2022-09")
    report([source], work / "公文")
    assert not any("7号" in text for text in texts(work / "公文" / NAME))


def test_a_draft_bears_no_number(source, work):
    dressed(work, number="青委发〔2022〕8号", month="2022-10")
    (written,) = report([source], work / "公文", manner=Manner(draft=True)).written
    assert not any("8号" in text for text in texts(written.path))


def test_a_classified_report_has_no_public_version(source, work):
    dressed(work, secrecy="机密★1年")
    done = report([source], work / "公文", manner=Manner(redacted=True))
    assert done.troubles == (f"青石镇：{TOWN_REPORT}有密级。有密级的公文不生成公开版。",)
    assert (done.written, done.exit_code) == ((), 4)


def test_a_head_that_cannot_be_read_gives_a_draft_alone(source, work):
    dressed(work, copy="1", month="2022-10")
    done = report([source], work / "公文")
    assert (done.written, done.exit_code) == ((), 4)
    assert done.troubles[0].startswith(f"青石镇：没有生成{TOWN_REPORT}。公文要素!")
    assert len(report([source], work / "公文", manner=Manner(draft=True)).written) == 1


# -- who signs ----------------------------------------------------------------------------------


def test_without_a_township_workbook_the_name_of_the_township_signs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = report([drawn(tmp_path / "镇汇总.xlsx")], tmp_path / "公文")
    assert (done.troubles, done.exit_code) == ((), 0)
    assert "没有汇总的 1 个村，已在汇报里写明。" in done.written[0].notes
    said = texts(done.written[0].path)
    assert "中共青石镇委员会" in said
    assert not any("联系人" in text for text in said)


def test_another_townships_workbook_signs_nothing(tmp_path):
    write(tmp_path / "镇级工作簿.xlsx", example_township().township)
    path = tmp_path / "镇汇总.xlsx"
    path.write_bytes(build_rollup(rolled([book(UPPER, "0203")], town="白水镇", county="清河县")))
    (written,) = report([path], tmp_path / "公文").written
    assert "中共白水镇委员会" in texts(written.path)
    assert "中共青石镇委员会" not in texts(written.path)


def test_a_township_workbook_that_cannot_be_read_is_told_and_the_report_is_written(tmp_path):
    path = drawn(tmp_path / "镇汇总.xlsx")
    (tmp_path / "镇级工作簿.xlsx").write_bytes(b"nothing")
    done = report([path], tmp_path / "公文")
    assert len(done.written) == 1
    assert done.troubles[0].endswith("汇报的落款按乡镇名称写，印章和字体按通常的设置，请核对。")
    assert done.exit_code == 3


# -- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "address", "value", "said"),
    [
        (
            *("整顿对象一览", "J4", 9),
            "“整顿对象一览”里下河村问题数是 9，“问题台账”里有 2 行，对不上，请用程序重新汇总。",
        ),
        ("汇总口径", "B9", None, "“汇总口径”里的数据截止日读不出，请用程序重新汇总。"),
        ("汇总口径", "B8", None, "“汇总口径”里的汇总月份读不出，请用程序重新汇总。"),
        (
            *("历月进度", "H4", 7),
            "“历月进度”里本月已完成是 7，台账里有 4，对不上，请用程序重新汇总。",
        ),
    ],
)
def test_a_rollup_that_contradicts_itself_gives_no_report(tmp_path, sheet, address, value, said):
    path = drawn(tmp_path / "镇汇总.xlsx")
    without(path, sheet, address, value)
    done = report([path], tmp_path / "公文")
    assert done.troubles == (f"{path}：{said}汇报没有生成。",)
    assert (done.written, done.exit_code) == ((), 3)


@pytest.mark.parametrize("sheet", ["类型分布", "历月进度"])
def test_a_rollup_that_lacks_a_sheet_gives_no_report(tmp_path, sheet):
    path = drawn(tmp_path / "镇汇总.xlsx")
    wrote = openpyxl.load_workbook(path, data_only=True)
    del wrote[sheet]
    wrote.save(path)
    done = report([path], tmp_path / "公文")
    assert done.troubles == (f"{path}：缺少“{sheet}”，请用程序重新汇总。汇报没有生成。",)
    assert (done.written, done.exit_code) == ((), 3)


def test_a_rollup_of_no_village_gives_no_report(tmp_path):
    path = tmp_path / "镇汇总.xlsx"
    path.write_bytes(build_rollup(made([], town="青石镇")))
    done = report([path], tmp_path / "公文")
    assert done.troubles == (f"{path}：没有汇总任何村的工作簿。汇报没有生成。",)


def test_a_villages_workbook_is_no_rollup(work, source):
    village = next((work / "村级工作簿").iterdir())
    assert is_rollup(source)
    assert not is_rollup(village)
    assert not is_rollup(work)
    assert not is_rollup(work / "没有.xlsx")
    done = report([village], work / "公文")
    assert done.exit_code == 3
    assert done.written == ()


# -- in a month ---------------------------------------------------------------------------------


def test_the_months_own_report_stands_beside_its_rollup(source):
    target = source.with_name("整顿工作情况汇报.docx")
    done = month_report(source, target)
    assert [each.path for each in done.written] == [target]
    assert (done.troubles, done.exit_code) == ((), 0)
    target.write_bytes(b"edited")
    with pytest.raises(EditedError, match="有人改过"):
        month_report(source, target)


def test_a_month_tells_what_its_report_could_not_be_made_of(source, work):
    (work / "镇级工作簿.xlsx").write_bytes(b"nothing")
    done = month_report(source, source.with_name("整顿工作情况汇报.docx"))
    assert (len(done.written), len(done.troubles), done.exit_code) == (1, 1, 3)
    source.write_bytes(b"nothing")
    with pytest.raises(UnreadableError):
        month_report(source, source.with_name("另一份.docx"))


# -- as a person runs it ------------------------------------------------------------------------


def test_the_command_tells_rollups_from_workbooks(zhengdun, source, work, monkeypatch):
    monkeypatch.chdir(work)
    rollup_file = source.relative_to(work)
    clean = Path("村级工作簿/0205-柳湾村-2022.xlsx")
    done = zhengdun("summary", rollup_file, clean, "--as-of", "2022-10-31")
    assert done.code == 0
    assert [line for line in done.out.splitlines() if line.startswith("公文")] == [
        f"公文/{NAME}",
        "公文/0205-柳湾村-整改情况报告-2022-10.docx",
    ]
    assert "汇报截至汇总表自己的数据截止日；--as-of 只用于村级工作簿。" in done.err
    alone = zhengdun("summary", rollup_file, "-o", "汇报.docx")
    assert "--as-of" not in alone.err
    assert (alone.code, alone.out.splitlines()[0]) == (0, "汇报.docx")
    both = zhengdun("summary", rollup_file, clean, "-o", "汇报.docx")
    assert both.code == 2
    assert "既有村级工作簿，又有汇总表，请用 -o 指定文件夹。" in both.err


def test_of_a_folder_with_a_rollup_the_command_says_how_a_report_is_had(
    zhengdun, source, work, monkeypatch
):
    monkeypatch.chdir(work)
    done = zhengdun("summary", "汇总/2022-10")
    assert done.code == 3
    way = "汇总/2022-10/镇汇总.xlsx"
    assert f"{way}：这是汇总表。要写汇报，请写 zhengdun summary {way}。" in done.err + done.out
    assert "请写 zhengdun summary" not in zhengdun("summary", source, "-o", "甲.docx").err
