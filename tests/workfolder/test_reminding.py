"""Notices and ledgers of a township: who is reminded of what, what is listed, what stays as it is.

Figures are those of the example township as of 31 October 2022, counted by hand.
"""

import datetime as dt
import re
import shutil
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest
from worked import write, write_village

from toolkit import flow
from toolkit.demo import DAY, example_township
from toolkit.errors import OutputError, UsageError
from toolkit.excel.blank import build_workbook
from toolkit.findings import Level
from toolkit.forms import issuing, township, village
from toolkit.inbox import open_inbox
from toolkit.ledgers import ANNEX, BOOK, ledger, write_ledgers
from toolkit.notices import TEXTS, remind, reminders, write_notices
from toolkit.taking import take
from toolkit.workfolder import month
from toolkit.workfolder.places import WorkFolder

UPPER, WILLOW, BRIDGE = "0203-上河村-2022.xlsx", "0205-柳湾村-2022.xlsx", "0207-石桥村-2022.xlsx"
TODAY = dt.date(2023, 2, 1)
LATE_UPPER = {"P02-M04": 153, "P03-M02": 123, "P01-M03": 31, "P01-M04": 31, "P04-M05": 31}
LATE_BRIDGE = {"P01-M01": 123, "P02-M03": 61, "P04-M01": 31}


def judged(work: Path, *, whole: bool = True) -> flow.Judged:
    return flow.judged(open_inbox([work / "村级工作簿"]), DAY, whole=whole)


def reminded(work: Path) -> dict[str, object]:
    done = judged(work)
    return {each.village: each for each in reminders(done, take(done.inbox, done.as_of))}


def notices(work: Path, *paths: Path):
    return remind(paths or [work / "村级工作簿"], work / "催办", DAY)


def package_wording(_: str) -> None:
    """What an office has that has no templates of its own."""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def said(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")


def blank(work: Path, name: str) -> None:
    """Put a workbook as it is issued in the place of a village's."""
    (work / "村级工作簿" / name).unlink()
    flow.issue(work / "镇级工作簿.xlsx", work / "村级工作簿")


# -- who is reminded of what ----------------------------------------------------------------------


def test_each_village_is_reminded_of_what_it_owes(work):
    found = reminded(work)
    assert list(found) == ["上河村", "柳湾村", "石桥村"]
    for name, late, errors, warnings in (
        ("上河村", LATE_UPPER, 2, 19),
        ("柳湾村", {}, 0, 0),
        ("石桥村", LATE_BRIDGE, 14, 12),
    ):
        told = found[name]
        assert {each.measure.number: each.days for each in told.late} == late
        assert (len(told.errors), told.warnings) == (errors, warnings)
        assert told.soon == ()  # the nearest is due on 30 November
        assert told.by == dt.date(2022, 11, 25)
    assert found["上河村"].gaps == found["石桥村"].gaps == ("2022年8月没有专题研究会议",)
    answered = {each.measure.number for each in found["石桥村"].late if each.explained}
    assert answered == {"P01-M01"}  # in 情况说明
    assert (found["上河村"].clerk, found["上河村"].phone) == ("李明", "12000000302")


def test_what_is_near_is_told_by_the_townships_days_and_the_answer_by_its_cut_off_day(work):
    write(work / "镇级工作簿.xlsx", example_township().township, due_soon=30, cutoff_day=10)
    found = reminded(work)
    assert [(each.measure.number, each.days) for each in found["柳湾村"].soon] == [("P02-M04", 30)]
    assert found["柳湾村"].by == dt.date(2022, 11, 10)


def test_a_village_without_a_workbook_one_that_is_blank_and_one_that_cannot_be_read(work):
    blank(work, UPPER)
    (work / "村级工作簿" / WILLOW).unlink()
    (work / "村级工作簿" / BRIDGE).write_bytes(b"")
    found = reminded(work)
    assert [found[name].absent for name in ("上河村", "柳湾村", "石桥村")] == [
        "发放的工作簿还没有填",
        "还没有收到你村的工作簿",
        f"收到的“{BRIDGE}”是空文件，没有内容。请重新保存后报送",
    ]
    assert all(each.clerk and each.phone and not each.errors for each in found.values())


def test_where_not_the_whole_township_was_asked_for_nobody_is_missed(work):
    done = judged(work, whole=False)
    (work / "村级工作簿" / WILLOW).unlink()
    done = judged(work, whole=False)
    found = reminders(done, take(done.inbox, DAY))
    assert [each.village for each in found] == ["上河村", "石桥村"]


# -- the letters ----------------------------------------------------------------------------------


def test_villages_with_something_get_a_letter_and_the_others_are_named_once(work):
    done = notices(work)
    assert (done.troubles, done.exit_code) == ((), 0)
    letters = ["0203-上河村-催办通知.docx", "0207-石桥村-催办通知.docx"]
    assert names(work / "催办") == [*letters, TEXTS]
    assert [each.path.name for each in done.written] == [*letters, TEXTS]
    assert done.written[0].notes[0] == "逾期 5 条，缺会 1 条，必改 2 条，提醒 19 条。"
    text = said(work / "催办" / TEXTS)
    assert re.findall("■ (.*)", text) == [
        "上河村　发给：李明 12000000302",
        "石桥村　发给：张晓芳 12000000702",
    ]
    (late,) = re.findall("逾期措施5条（红牌警示5条）：(.*)等。", text)
    assert re.findall(r"(P\d\d-M\d\d) .{1,10}（(.*?)）", late) == [
        ("P02-M04", "5月31日到期，已过153天"),
        ("P03-M02", "6月30日到期，已过123天"),
        ("P01-M03", "9月30日到期，已过31天"),
    ]
    assert text.endswith("没有需要催办的村：柳湾村。\n")
    paragraphs = [each.text for each in docx.Document(str(work / "催办" / letters[0])).paragraphs]
    assert paragraphs[-1] == ""  # room for the seal
    assert "青石镇党建工作办公室" in paragraphs
    assert "中共青石镇上河村支部委员会：" in paragraphs  # the branch's full name, of the roster


def test_a_second_run_changes_nothing(work):
    notices(work)
    before = {
        path: (path.read_bytes(), path.stat().st_mtime_ns) for path in (work / "催办").iterdir()
    }
    done = notices(work)
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in before} == before
    assert names(work / "催办") == sorted(path.name for path in before)
    assert all(each.notes[-1] == "内容没有变化，没有重写" for each in done.written)


def test_a_letter_that_somebody_has_edited_is_never_written_over(work):
    notices(work)
    mine = work / "催办" / "0203-上河村-催办通知.docx"
    paper = docx.Document(str(mine))
    paper.add_paragraph("镇党委研究后加的一段")
    paper.save(str(mine))
    edited = mine.read_bytes()
    done = notices(work)
    assert done.troubles == (f"{mine}：有人改过，没有覆盖。要重新生成，请先移走或改名。",)
    assert (mine.read_bytes(), done.exit_code) == (edited, 4)


def test_a_workbook_of_another_year_is_named_and_of_two_that_differ_the_village_is_asked(work):
    books = work / "村级工作簿"
    write_village(books / "0203-上河村-2021.xlsx", code="0203", village="上河村", year=2021)
    write_village(books / "0901-远山村-2022.xlsx", code="0901", village="远山村")
    write_village(books / "又一份.xlsx", code="0205", village="柳湾村", location="别处")
    done = notices(work)
    assert done.troubles == (
        "0203-上河村-2021.xlsx：年度是 2021，不是 2022，没有采用。",
        f"柳湾村：有 2 份工作簿（{WILLOW}、又一份.xlsx），没有采用。请只留一份。",
    )
    assert done.exit_code == 4
    text = said(work / "催办" / TEXTS)
    assert (
        f"1. 收到 2 份内容不同的工作簿（{WILLOW}、又一份.xlsx），请确认以哪一份为准，报镇党建办。"
    ) in text
    assert "\n■ 柳湾村　发给：何小梅 12000000502\n" in text  # by the roster
    assert "0205-柳湾村-催办通知.docx" in names(work / "催办")
    (letter,) = (each for each in done.written if each.path.name.startswith("0205"))
    assert letter.notes[0] == "收到 2 份内容不同的工作簿。"


def test_a_village_that_is_not_on_the_roster_is_taken_as_the_rollup_takes_it(work):
    books = work / "村级工作簿"
    write_village(books / "0901-远山村-2022.xlsx", code="0901", village="远山村")
    blank(work, UPPER)
    town = example_township().township
    _, *rest = town.filling[township.Village]
    write(work / town.file_name, replace(town, filling={**town.filling, township.Village: rest}))
    found = take(open_inbox([work]), DAY)  # 上河村 is not on the roster any more
    assert [each.village for each in found.books] == ["柳湾村", "石桥村", "远山村"]
    assert found.left_out == (f"{UPPER}：不在村名册里，也没有填，没有采用。",)
    by_hand = take(open_inbox([work]), DAY, {str(books / UPPER)})
    assert [each.village for each in by_hand.blank] == ["上河村"]
    done = ledger([books], work / "台账", DAY)
    assert done.written[0].notes[0].startswith("3 个村，")
    notices(work)
    assert "没有需要催办的村：柳湾村、远山村（提醒 2 条" in said(work / "催办" / TEXTS)


def test_of_a_stranger_with_two_that_differ_neither_counts(work):
    books = work / "村级工作簿"
    for name, place in (("甲.xlsx", "东边"), ("乙.xlsx", "西边")):
        write_village(books / name, code="0901", village="远山村", location=place)
    found = take(open_inbox([books]), DAY)
    assert [(each.village, each.line) for each in found.doubled] == [("远山村", None)]
    assert found.left_out == ("远山村：有 2 份工作簿（乙.xlsx、甲.xlsx），没有采用。请只留一份。",)


def test_a_village_with_nothing_but_warnings_gets_no_letter_and_its_warnings_are_counted(work):
    write_village(work / "只有提醒.xlsx", code="0203", village="上河村")
    done = flow.judged(open_inbox([work / "只有提醒.xlsx"]), DAY, whole=False)
    done = replace(done, findings=tuple(f for f in done.findings if f.level is Level.WARNING))
    (told,) = reminders(done, take(done.inbox, DAY))
    assert told.warnings
    written = write_notices(done, work / "催办", package_wording)
    assert names(work / "催办") == [TEXTS]
    assert said(work / "催办" / TEXTS).endswith(
        f"没有需要催办的村：上河村（提醒 {told.warnings} 条，见回传件）。\n"
    )
    assert written.exit_code == 0


def test_copies_of_one_content_are_one(work):
    books = work / "村级工作簿"
    shutil.copy(books / UPPER, books / "副本.xlsx")
    found = take(open_inbox([books]), DAY)
    assert [(each.village, each.book.name) for each in found.books[:1]] == [("上河村", UPPER)]
    assert (len(found.books), found.left_out) == (3, ())


@pytest.mark.parametrize("told", [{"year": 2021}, {"code": "0901", "village": "远山村"}])
def test_a_workbook_named_by_hand_always_counts(work, told):
    other = work / "村级工作簿" / "旧.xlsx"
    write_village(other, **{"code": "0203", "village": "上河村", **told})
    inbox = open_inbox([other])
    found = take(inbox, DAY, {str(other)})
    assert [each.book.name for each in found.books] == ["旧.xlsx"]
    assert found.left_out == ()


def test_of_two_that_differ_the_one_named_by_hand_counts(work):
    books = work / "村级工作簿"
    write_village(books / "又一份.xlsx", code="0205", village="柳湾村", location="别处")
    found = take(open_inbox([books]), DAY, {str(books / "又一份.xlsx")})
    assert [each.book.name for each in found.books] == [UPPER, "又一份.xlsx", BRIDGE]


def test_letters_bear_the_head_that_the_township_has_for_them(work):
    town = example_township().township
    row = {
        "sort": "催办通知",
        "village": "上河村",
        "mark": "中共青石镇委员会文件",
        "copies": "各村",
    }
    write(work / town.file_name, replace(town, filling={**town.filling, township.Formality: [row]}))
    done = notices(work)
    letters = {each.path.name: each for each in done.written if each.path.suffix == ".docx"}
    upper, bridge = (letters[f"{name}-催办通知.docx"] for name in ("0203-上河村", "0207-石桥村"))
    document = docx.Document(str(upper.path))
    assert "中共青石镇委员会文件" in [each.text for each in document.paragraphs]
    body = "".join(document.element.body.itertext())
    assert body.index("青石镇党建工作办公室") < body.index("抄送：") < body.index("各村")
    assert any("发文字号没有填写" in note for note in upper.notes)
    assert not any("发文字号" in note for note in bridge.notes)


def test_a_township_unknown_signs_with_a_blank(tmp_path):
    write_village(tmp_path / "村.xlsx", code="0203", village="", clerk="", clerk_phone="")
    done = remind([tmp_path / "村.xlsx"], tmp_path / "催办", DAY)
    (letter,) = (each.path for each in done.written if each.path.suffix == ".docx")
    paragraphs = [each.text for each in docx.Document(str(letter)).paragraphs if each.text]
    assert "＿＿党建办" in paragraphs
    assert "　发给：＿＿" in said(tmp_path / "催办" / TEXTS)


def test_without_any_workbook_there_is_nothing_to_write(tmp_path):
    (tmp_path / "空").mkdir()
    (tmp_path / "空" / "坏.xlsx").write_bytes(b"")
    done = remind([tmp_path / "空"], tmp_path / "催办", DAY)
    assert done.written == ()
    assert done.troubles[-1] == "没有读到村级工作簿，催办通知没有生成。"
    assert done.exit_code == 3
    done = flow.judged(open_inbox([tmp_path / "空"]), DAY)
    assert write_notices(done, tmp_path, package_wording).written == ()


def test_a_letter_that_cannot_be_written_stops_no_other(work):
    (work / "催办" / "0203-上河村-催办通知.docx").mkdir(parents=True)
    (work / "催办" / TEXTS).mkdir()
    done = notices(work)
    assert [each.path.name for each in done.written] == ["0207-石桥村-催办通知.docx"]
    assert [line.partition("：")[0] for line in done.troubles] == [
        str(work / "催办" / name) for name in ("0203-上河村-催办通知.docx", TEXTS)
    ]
    assert done.exit_code == 2


def test_unreadable_files_are_named_beside_the_letters(work):
    (work / "村级工作簿" / "坏.xlsx").write_bytes(b"")
    done = notices(work)
    assert done.troubles[0].startswith("坏.xlsx：")
    assert done.exit_code == 3
    with pytest.raises(OutputError, match="这是文件，不是文件夹"):
        remind([work / "村级工作簿"], work / "镇级工作簿.xlsx", DAY)


# -- the ledgers ----------------------------------------------------------------------------------


def listed(path: Path, sheet: str) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(path)
    return list(book[sheet].iter_rows(min_row=4, values_only=True))


def test_both_ledgers_of_a_township_hold_every_row(work):
    done = ledger([work / "村级工作簿"], work / "台账", DAY)
    assert (done.troubles, done.exit_code) == ((), 0)
    assert names(work / "台账") == [BOOK, ANNEX]
    # 4 + 3 + 3 problems, 23 + 10 + 9 measures; two of 上河村's and one of 柳湾村's have two owners
    assert done.written[0].notes == ("3 个村，问题 10 个，措施 42 条。",)
    book = work / "台账" / BOOK
    counts = [len(listed(book, name)) for name in ("问题清单", "措施清单", "责任清单", "销号台账")]
    assert counts == [10, 42, 45, 10]
    late = {(row[0], row[1]): row[16] for row in listed(book, "措施清单") if row[16]}
    assert late == {
        **{("上河村", number): days for number, days in LATE_UPPER.items()},
        **{("石桥村", number): days for number, days in LATE_BRIDGE.items()},
    }
    closed = [row[:2] for row in listed(book, "销号台账") if row[9]]
    assert closed == [("柳湾村", "P03")]
    (table,) = docx.Document(str(work / "台账" / ANNEX)).tables
    # every measure; 石桥村's P03 has none and stands for itself; P04 of 石桥村 is no problem there
    assert len(table.rows) == 1 + 42 + 1
    assert table.rows[-1].cells[1].text == "（没有对应的问题）"


def test_links_lead_from_where_the_ledger_lies(work):
    ledger([work / "村级工作簿"], work / "台账" / "某月", DAY)
    sheet = openpyxl.load_workbook(work / "台账" / "某月" / BOOK)["问题清单"]
    target = sheet["M4"].hyperlink.target.replace("\\", "/")
    assert (work / "台账" / "某月" / target).resolve() == (work / "村级工作簿" / UPPER).resolve()


@pytest.mark.parametrize("name", ["某村.xlsx", "某村.docx"])
def test_a_file_asked_for_is_the_only_one_and_is_named_after_its_village(work, name):
    target = work / "台账" / name
    done = ledger([work / "村级工作簿" / WILLOW], target, DAY)
    assert [each.path for each in done.written] == [target]
    assert names(work / "台账") == [name]
    if name.endswith("docx"):
        assert docx.Document(str(target)).paragraphs[2].text == "青石镇柳湾村2022年度整顿台账"
    else:
        title = openpyxl.load_workbook(target)["问题清单"]["A1"].value
        assert title == "青石镇柳湾村问题清单（截至2022年10月31日）"


def test_a_second_run_writes_nothing_and_an_edited_annex_stays(work):
    ledger([work / "村级工作簿"], work / "台账", DAY)
    done = ledger([work / "村级工作簿"], work / "台账", DAY)
    assert [each.notes[-1] for each in done.written] == ["内容没有变化，没有重写"] * 2
    annex = work / "台账" / ANNEX
    paper = docx.Document(str(annex))
    paper.add_paragraph("加的")
    paper.save(str(annex))
    done = ledger([work / "村级工作簿"], work / "台账", DAY)
    assert done.troubles == (f"{annex}：有人改过，没有覆盖。要重新生成，请先移走或改名。",)
    assert (len(done.written), done.exit_code) == (1, 4)


def test_a_place_that_is_no_ledgers_is_refused_before_anything_is_read(work):
    with pytest.raises(UsageError, match=r"结果文件名要以 \.xlsx 或 \.docx 结尾"):
        ledger([work / "没有"], work / "台账.pdf", DAY)
    with pytest.raises(UsageError, match="不能当作结果文件"):
        ledger([work / "村级工作簿"], work / "村级工作簿" / UPPER, DAY)
    flow.consolidate([work / "村级工作簿"], work / "汇总.xlsx", DAY)
    with pytest.raises(OutputError, match="已经存在，不是以前的整顿台账，没有覆盖"):
        ledger([work / "村级工作簿"], work / "汇总.xlsx", DAY)


def test_a_ledger_among_the_villages_is_never_read_as_one(work):
    ledger([work / "村级工作簿"], work / "村级工作簿" / "台账.xlsx", DAY)
    inbox = open_inbox([work / "村级工作簿"])
    assert len(inbox.villages) == 3
    assert any("台账.xlsx" in line for line in inbox.passed_over)


def test_one_that_nobody_has_filled_in_is_left_out_and_named(work):
    blank(work, UPPER)
    done = ledger([work / "村级工作簿"], work / "台账", DAY)
    assert done.troubles == (f"{UPPER}：还没有填，没有收进台账。",)
    assert done.exit_code == 4
    assert {row[0] for row in listed(work / "台账" / BOOK, "问题清单")} == {"柳湾村", "石桥村"}
    done = ledger([work / "村级工作簿" / UPPER], work / "单", DAY)  # named by hand
    assert (len(done.written), done.troubles) == (2, ())


def test_without_a_filled_workbook_there_is_no_ledger(tmp_path):
    identity = issuing.identity("0203", "2022")
    (tmp_path / "坏.xlsx").write_bytes(b"")
    done = ledger([tmp_path], tmp_path / "台账", DAY)
    assert done.troubles[-1] == "没有读到填过的村级工作簿，台账没有生成。"
    assert done.exit_code == 3
    assert write_ledgers(flow.judged(open_inbox([tmp_path]), DAY), tmp_path).written == ()
    (tmp_path / "甲.xlsx").write_bytes(build_workbook(village.FORM, identity, {}))
    assert len(ledger([tmp_path / "甲.xlsx"], tmp_path / "台账", DAY).written) == 2


def test_villages_of_several_townships_without_a_roster_have_no_common_name(tmp_path):
    write_village(tmp_path / "甲.xlsx", code="0203", village="甲村", town="东镇")
    write_village(tmp_path / "乙.xlsx", code="0301", village="乙村", town="西镇")
    ledger([tmp_path], tmp_path / "台账.docx", DAY)
    assert docx.Document(str(tmp_path / "台账.docx")).paragraphs[2].text == "2022年度整顿台账"


# -- within a month -------------------------------------------------------------------------------


def test_a_letter_of_an_earlier_run_that_is_not_needed_any_more_is_named(work):
    place = WorkFolder(work)
    folder = place.month("2022-10") / "催办通知"
    folder.mkdir(parents=True)
    (folder / "0205-柳湾村-催办通知.docx").write_bytes(b"of September")
    done = month.run(place, "2022-10", DAY, today=TODAY)
    told = f"{folder} 里的 0205-柳湾村-催办通知.docx 不是这次的，请移走，免得发错。"
    assert told in done.needs
    assert done.exit_code == 1  # what must be mended, as without it


def test_a_month_whose_letter_was_edited_says_so_and_names_it_but_once(work):
    place = WorkFolder(work)
    month.run(place, "2022-10", DAY, today=TODAY)
    letter = place.month("2022-10") / "催办通知" / "0203-上河村-催办通知.docx"
    paper = docx.Document(str(letter))
    paper.add_paragraph("加的")
    paper.save(str(letter))
    done = month.run(place, "2022-10", DAY, today=TODAY)
    assert [need for need in done.needs if "催办通知.docx" in need] == [
        f"{letter}：有人改过，没有覆盖。要重新生成，请先移走或改名。",
    ]
    assert done.exit_code == 4


def test_a_month_of_nothing_but_issued_workbooks_has_letters_and_no_ledger(work):
    for name in (UPPER, WILLOW, BRIDGE):
        blank(work, name)
    done = month.run(WorkFolder(work), "2022-10", DAY, today=TODAY)
    made = [each.path.name for each in done.written]
    assert "催办通知" in made
    assert "整顿台账" not in made
    assert not any("台账" in need for need in done.needs)


def test_of_a_stranger_whose_workbooks_differ_a_month_does_not_say_that_it_counts(work):
    books = work / "村级工作簿"
    for name, where in (("甲.xlsx", "东边"), ("乙.xlsx", "西边")):
        write_village(books / name, code="0901", village="远山村", location=where)
    write_village(books / "丙.xlsx", code="0902", village="近山村")
    done = month.run(WorkFolder(work), "2022-10", DAY, today=TODAY)
    assert [need for need in done.needs if "远山村" in need and "必改" not in need] == [
        "远山村：有 2 份内容不同的工作簿（乙.xlsx、甲.xlsx），请只留一份"
    ]
    counted = [need for need in done.needs if "数字已计入合计" in need]
    assert [need.partition("（")[0] for need in counted] == ["近山村"]


# -- the commands ---------------------------------------------------------------------------------


def test_in_a_work_folder_both_commands_need_nothing_but_a_day(work, zhengdun, monkeypatch):
    monkeypatch.chdir(work)
    done = zhengdun("remind", "--as-of", "2022-10-31")
    assert (done.code, done.err.count("逾期")) == (0, 2)
    assert (work / "汇总" / "2022-10" / "催办通知" / TEXTS).is_file()
    done = zhengdun("ledger", "--as-of", "2022-10-31", "-q")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [f"汇总/2022-10/整顿台账/{name}" for name in (BOOK, ANNEX)]


@pytest.mark.parametrize("command", ["remind", "ledger"])
def test_the_help_has_an_example(zhengdun, command):
    assert f"例：zhengdun {command} " in zhengdun(command, "--help").out
