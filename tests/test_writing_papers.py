"""Papers: which villages get one, in which manner, and what of theirs stays as it is."""

import datetime as dt
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest
from worked import write, write_village

from toolkit import flow, papers
from toolkit.demo import DAY, example_township
from toolkit.errors import UsageError
from toolkit.forms import township
from toolkit.inbox import Inbox, open_inbox
from toolkit.papers import Manner, Paper, Worded, gravest, office_style, write_papers
from toolkit.report import Outcome

PLAN, REPORT = Paper("整顿方案", None, DAY), Paper("整改情况报告", None, DAY)
UPPER, WILLOW, BRIDGE = "0203-上河村-2022.xlsx", "0205-柳湾村-2022.xlsx", "0207-石桥村-2022.xlsx"
# 上河村 and 石桥村 have errors to mend, so that all three get a draft only
DRAFTS = [
    f"{village}-整顿方案-征求意见稿.docx"
    for village in ("0203-上河村", "0205-柳湾村", "0207-石桥村")
]
DRAFT = Manner(draft=True)


def drafts(work: Path, *paths: Path) -> Outcome:
    return write_papers(PLAN, paths or [work / "村级工作簿"], work / "公文", manner=DRAFT)


def texts(path: Path) -> list[str]:
    return [each.text for each in docx.Document(str(path)).paragraphs if each.text]


# -- how the office sets them ---------------------------------------------------------------------


def test_the_office_sets_seal_and_digits(work):
    write(
        work / "镇级工作簿.xlsx",
        example_township().township,
        sealed="否",
        seal_mm=45,
        latin_font="Times New Roman",
    )
    seal, typography = office_style(open_inbox([work]).settings)
    assert (seal.sealed, seal.millimetres) == (False, 45)
    assert typography.latin_font == "Times New Roman"


def test_an_office_that_sets_nothing_gets_the_usual_seal():
    seal, typography = office_style(None)
    assert (seal.sealed, seal.millimetres, typography.latin_font) == (True, 42, "")


# -- which workbooks get a paper ------------------------------------------------------------------


def test_of_a_folder_every_village_gets_one_paper(work):
    done = drafts(work)
    assert [each.path.name for each in done.written] == DRAFTS
    assert (done.troubles, done.exit_code) == ((), 0)
    assert not any("由" in note for each in done.written for note in each.notes)


def test_workbooks_that_the_rollup_does_not_take_get_no_paper_and_are_named(work):
    books = work / "村级工作簿"
    write_village(books / "0203-上河村-2021.xlsx", code="0203", village="上河村", year=2021)
    write_village(books / "0901-远山村-2022.xlsx", code="0901", village="远山村")
    write_village(books / "0.xlsx", code="0205", village="柳湾村", location="别处")
    shutil.copy(books / BRIDGE, books / "1.xlsx")
    done = drafts(work)
    assert [each.path.name for each in done.written] == [DRAFTS[0], DRAFTS[2]]
    assert done.troubles == (
        f"1.xlsx：内容与 {BRIDGE} 相同，没有生成文稿。",
        "0203-上河村-2021.xlsx：年度是 2021，不是 2022，没有生成文稿。",
        "0901-远山村-2022.xlsx：不在村名册里，没有生成文稿。",
        f"柳湾村：有 2 份工作簿（0.xlsx、{WILLOW}），没有生成文稿。请只留一份。",
    )
    assert f"由 {BRIDGE} 生成。" not in done.written[1].notes
    assert done.exit_code == 4


def test_a_workbook_named_by_hand_is_always_taken_and_told_where_it_is_not_the_usual_one(work):
    other = work / "村级工作簿" / "旧.xlsx"
    write_village(other, code="0901", village="远山村", year=2021)
    done = drafts(work, other)
    assert [each.path.name for each in done.written] == ["0901-远山村-整顿方案-征求意见稿.docx"]
    assert done.written[0].notes[0] == "由 旧.xlsx 生成。"
    assert (done.troubles, done.exit_code) == ((), 0)


def test_a_workbook_that_nobody_has_filled_in_gets_no_paper_and_stands_in_no_others_way(work):
    books = work / "村级工作簿"
    kept = (books / WILLOW).read_bytes()
    for path in books.iterdir():
        path.unlink()
    flow.issue(work / "镇级工作簿.xlsx", books)
    (books / "柳湾村.xlsx").write_bytes(kept)
    done = write_papers(PLAN, [books], work / "公文")
    assert [each.path.name for each in done.written] == ["0205-柳湾村-整顿方案.docx"]
    assert "由 柳湾村.xlsx 生成。" in done.written[0].notes
    assert done.troubles == tuple(
        f"{name}：还没有填，没有生成文稿。" for name in (UPPER, WILLOW, BRIDGE)
    )
    assert done.exit_code == 4
    named = drafts(work, books / UPPER)
    assert len(named.written) == 1


def test_one_paper_of_a_folder_counts_the_villages_that_get_one(work):
    books = work / "村级工作簿"
    with pytest.raises(UsageError, match="有 3 个村，请用 -o 指定文件夹"):
        write_papers(PLAN, [books], work / "一份.docx")
    for name in (UPPER, BRIDGE):
        write_village(books / name, code=name[:4], village=name[5:8], year=2021)
    done = write_papers(PLAN, [books], work / "一份.docx")
    assert [each.path.name for each in done.written] == ["一份.docx"]
    assert done.exit_code == 4


# -- what goes to the seal has no open errors -----------------------------------------------------


def test_a_workbook_with_open_errors_gives_no_paper_and_the_others_do(work):
    done = write_papers(PLAN, [work / "村级工作簿"], work / "公文")
    assert [each.path.name for each in done.written] == ["0205-柳湾村-整顿方案.docx"]
    upper, bridge = done.troubles
    book = work / "村级工作簿" / UPPER
    assert upper == (
        f"上河村：还有必改 2 条（见 zhengdun check {book}），没有生成整顿方案。"
        "请先改正；要先看样子，加 --draft，标题下注明征求意见稿。"
    )
    assert bridge.startswith("石桥村：还有必改 ")
    assert done.exit_code == 4


def test_so_does_one_that_is_named_by_hand(work):
    done = write_papers(PLAN, [work / "村级工作簿" / UPPER], work / "方案.docx")
    assert (done.written, done.exit_code) == ((), 4)
    assert not (work / "方案.docx").exists()


def test_the_errors_that_count_are_those_that_check_tells_as_of_the_same_day(work):
    found = flow.check([work / "村级工作簿" / UPPER], DAY).findings
    told = papers.open_errors(found)
    assert told == {str(work / "村级工作簿" / UPPER): 2}


def test_a_draft_is_marked_below_its_title_and_in_its_name_and_says_what_is_wrong(work):
    done = drafts(work, work / "村级工作簿" / UPPER)
    (written,) = done.written
    assert "工作簿还有必改 2 条，改正后再生成正式稿。" in written.notes
    head = texts(written.path)[:3]
    assert "（征求意见稿）" in head
    assert "".join(head[: head.index("（征求意见稿）")]).endswith("实施方案")


def test_a_draft_never_takes_the_place_of_the_final_paper(work):
    write_papers(PLAN, [work / "村级工作簿" / WILLOW], work / "公文")
    final = work / "公文" / "0205-柳湾村-整顿方案.docx"
    before = final.read_bytes()
    drafts(work, work / "村级工作簿" / WILLOW)
    assert final.read_bytes() == before
    assert "（征求意见稿）" not in texts(final)
    assert "（征求意见稿）" in texts(work / "公文" / DRAFTS[1])


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ("方案.docx", "方案-征求意见稿.docx"),
        ("上河村（征求意见稿）.docx", "上河村（征求意见稿）.docx"),
    ],
)
def test_a_draft_that_is_given_a_name_bears_its_mark_all_the_same(work, told, place):
    book = work / "村级工作簿" / UPPER
    done = write_papers(PLAN, [book], work / told, manner=DRAFT)
    assert [each.path.name for each in done.written] == [place]
    if place != told:
        assert not (work / told).exists()


# -- what fails on one village stops no other -----------------------------------------------------


def test_a_fault_of_ours_on_one_village_stops_no_other_and_is_told(work, monkeypatch):
    usual = papers.usual_wording

    def faulty(paper: Paper):
        worded = usual(paper)

        def words(inbox: Inbox, book):
            if "上河村" in book.name:
                raise KeyError("村名")
            return worded(inbox, book)

        return words

    monkeypatch.setattr(papers, "usual_wording", faulty)
    done = drafts(work)
    assert [each.path.name for each in done.written] == DRAFTS[1:]
    assert done.troubles == (
        "上河村：程序出错，没有生成整顿方案，其余的村照常。请把这句话发给技术人员：KeyError：'村名'",
    )
    assert done.exit_code == 5


def test_how_far_the_run_has_come_is_shown_over_reading_and_writing(work):
    seen: list[list[str]] = []

    def track(paths):
        seen.append([path.name for path in paths])
        return paths

    write_papers(PLAN, [work / "村级工作簿"], work / "公文", track, DRAFT)
    assert seen == [[UPPER, WILLOW, BRIDGE]] * 2


@pytest.mark.parametrize(
    ("codes", "gravest_one"),
    [((), 0), ((1, 3), 3), ((3, 4), 4), ((4, 2), 2), ((2, 5), 5), ((0,), 0)],
)
def test_of_several_exit_codes_the_gravest_is_told(codes, gravest_one):
    assert gravest(codes) == gravest_one


# -- several papers of one village ----------------------------------------------------------------


def worded_twice(_: Inbox, book) -> list[Worded]:
    content = papers.usual_wording(Paper("整改情况报告", None, DAY))
    (first,) = content(_, book)
    return [Worded(f"纪要-{number}", first.scope, first.content) for number in (1, 2)]


def test_a_village_may_have_several_papers_each_in_a_file_of_its_own(work):
    book = work / "村级工作簿" / WILLOW
    done = write_papers(PLAN, [book], work / "公文", worded=worded_twice)
    assert [each.path.name for each in done.written] == [
        "0205-柳湾村-纪要-1.docx",
        "0205-柳湾村-纪要-2.docx",
    ]
    one = write_papers(PLAN, [book], work / "一份.docx", worded=worded_twice)
    assert one.troubles == (f"{work / '一份.docx'}：有 2 份整顿方案，请用 -o 指定文件夹。",)
    assert (one.written, one.exit_code) == ((), 2)


# -- the names of files ---------------------------------------------------------------------------


def test_reports_of_several_months_stand_side_by_side_and_a_plan_has_one_name(work):
    book = work / "村级工作簿" / WILLOW
    for day in (dt.date(2022, 8, 31), dt.date(2022, 9, 30), DAY):
        for name in ("整改情况报告", "整顿方案"):
            write_papers(Paper(name, None, day), [book], work / "公文", manner=DRAFT)
    reports = [
        f"0205-柳湾村-整改情况报告-2022-{month}-征求意见稿.docx" for month in ("08", "09", "10")
    ]
    assert sorted(path.name for path in (work / "公文").glob("*.docx")) == [*reports, DRAFTS[1]]


def test_a_village_with_a_very_long_name_has_a_file_for_each_of_its_papers(work):
    book = work / "村级工作簿" / WILLOW
    write_village(book, code="0205", village="长" * 61)
    names = ("整改情况报告", "整顿方案")
    for name in names:
        write_papers(Paper(name, None, DAY), [book], work / "公文", manner=DRAFT)
    endings = ("整改情况报告-2022-10-征求意见稿.docx", "整顿方案-征求意见稿.docx")
    written = sorted(path.name for path in (work / "公文").iterdir())
    assert [any(name.endswith(f"-{ending}") for name in written) for ending in endings] == [
        True
    ] * 2
    assert len(written) == 2


# -- what the township says of them ---------------------------------------------------------------


def formalities(work: Path, *rows: dict[str, object], **head: object) -> None:
    """The example's township workbook with other 公文要素, and another 镇情."""
    town = example_township().township
    told = [{**town.filling[township.Township][0], **head}]
    filling = {**town.filling, township.Formality: list(rows), township.Township: told}
    write(work / town.file_name, replace(town, filling=filling))


def test_a_paper_that_is_classified_has_no_version_for_the_public(work):
    formalities(work, {"sort": "整顿方案", "secrecy": "机密★1年"})
    book = work / "村级工作簿" / WILLOW
    done = write_papers(PLAN, [book], work / "公文", manner=Manner(redacted=True))
    assert done.troubles == ("柳湾村：整顿方案有密级。有密级的公文不生成公开版。",)
    assert (done.written, done.exit_code) == ((), 4)
    assert write_papers(PLAN, [book], work / "公文").exit_code == 0


def test_a_paper_whose_head_cannot_be_read_is_no_final_one_and_a_draft_tells_it(work):
    formalities(work, {"sort": "整顿方案", "village": "柳湾村", "copy": "1", "mark": "镇党委文件"})
    book = work / "村级工作簿" / WILLOW
    done = write_papers(PLAN, [book], work / "公文")
    (told,) = done.troubles
    assert told.startswith("柳湾村：没有生成整顿方案。公文要素!")
    assert "份号“1”" in told
    assert told.endswith("要先看样子，加 --draft。")
    assert (done.written, done.exit_code) == ((), 4)
    (written,) = drafts(work, book).written
    assert any("份号“1”" in note for note in written.notes)


def test_what_the_township_tells_is_printed_as_carefully_as_what_a_village_does(work):
    mark = {"sort": "整顿方案", "mark": "中共青石镇委员会(筹)文件", "copies": "县委办,县纪委"}
    formalities(work, mark)
    (written,) = write_papers(PLAN, [work / "村级工作簿" / WILLOW], work / "公文").written
    assert any("中共青石镇委员会（筹）文件" in text for text in texts(written.path))
    assert any("按规则更正" in note and "公文要素" in note for note in written.notes)
    assert "县委办，县纪委" in whole(written.path)


def test_where_the_township_issues_plans_it_is_told_how(work):
    book = work / "村级工作簿" / WILLOW
    hint = "“公文要素”里登记了印发通知：要印发的，加 --issued。"
    assert hint in write_papers(PLAN, [book], work / "公文").passed_over
    assert hint not in drafts(work, book).passed_over
    assert hint not in write_papers(REPORT, [book], work / "公文").passed_over
    formalities(work, {"sort": "整顿方案", "copies": "县委办"})
    assert hint not in write_papers(PLAN, [book], work / "公文").passed_over


# -- corrections and blanks -----------------------------------------------------------------------


def put_into(path: Path, sheet: str, cell: str, value: object) -> None:
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)


def test_corrections_are_made_in_the_paper_alone_and_told_with_their_cells(work):
    book = work / "村级工作簿" / WILLOW
    put_into(book, "整改措施", "C4", "修建灌溉渠(三组),引水到田。。")
    before = book.read_bytes()
    (written,) = write_papers(PLAN, [book], work / "公文").written
    assert any("修建灌溉渠（三组），引水到田" in text for text in texts(written.path))
    (told,) = [note for note in written.notes if "按规则更正" in note]
    assert told == (
        "文稿里按规则更正了标点，工作簿没有改，请照改："
        "整改措施 C4 “(”改为“（”、“)”改为“）”、“,”改为“，”、“。。”改为“。”（W604）。"
    )
    assert book.read_bytes() == before


def test_what_no_rule_names_is_printed_to_the_character(work):
    book = work / "村级工作簿" / WILLOW
    said = "按3,200元/户·年 执行……A & B <C> 5<6 𠮷😀～【注】"
    put_into(book, "整改措施", "C4", said)
    (written,) = write_papers(PLAN, [book], work / "公文").written
    assert any(said in text for text in texts(written.path))
    assert not any("更正" in note for note in written.notes)


def test_what_is_left_blank_is_counted_and_named(work):
    book = work / "村级工作簿" / WILLOW
    put_into(book, "整改措施", "E4", "***")  # who answers for the measure
    (written,) = write_papers(PLAN, [book], work / "公文", manner=DRAFT).written
    (told,) = [note for note in written.notes if "留空" in note]
    assert told.startswith("有 ")
    assert "用印前请补填。" in told
    count = sum(text.count("＿＿") for text in texts(written.path))
    assert count > 0
    assert told.startswith(f"有 {count} 处留空（＿＿）：")
    assert "P01-M01 责任人" in told
    assert not any("***" in text for text in texts(written.path))


# -- for the public -------------------------------------------------------------------------------


def test_a_version_for_the_public_names_nobody_anywhere_in_the_file(work):
    book = work / "村级工作簿" / WILLOW
    (written,) = write_papers(PLAN, [book], work / "公文", manner=Manner(redacted=True)).written
    assert written.path.name == "0205-柳湾村-整顿方案-公开版.docx"
    (usual,) = write_papers(PLAN, [book], work / "公文").written
    names = ("周建国", "何小梅", "吴海燕", "罗桂英")  # who leads, writes, answers, as 柳湾村 has it
    held, open_to_all = whole(usual.path), whole(written.path)
    assert [name for name in names if name in held] == list(names)
    assert [name for name in names if name in open_to_all] == []
    assert "何某某" in open_to_all
    assert "柳湾村" in open_to_all
    assert "zhengdun.rows" in held
    assert "zhengdun.rows" not in open_to_all
    assert any(note.startswith("公开版：遮去 ") for note in written.notes)


def whole(path: Path) -> str:
    """Return all that a file holds, packed or not."""
    with zipfile.ZipFile(path) as package:
        return "".join(package.read(each).decode("utf-8", "ignore") for each in package.namelist())


def test_a_person_has_the_same_mask_whichever_workbooks_were_given_besides(work):
    manner = Manner(draft=True, redacted=True)
    write_papers(PLAN, [work / "村级工作簿"], work / "公文", manner=manner)
    # 马建平 leads in 上河村, 马占林 in 石桥村: neither has a namesake in their own workbook
    for book in (UPPER, BRIDGE):
        write_papers(PLAN, [work / "村级工作簿" / book], work / "单份", manner=manner)
    for village in ("0203-上河村", "0207-石桥村"):
        name = f"{village}-整顿方案-征求意见稿-公开版.docx"
        assert (work / "公文" / name).read_bytes() == (work / "单份" / name).read_bytes()
        assert "马某某" in whole(work / "公文" / name)
    assert Manner().masks(()) is None


# -- papers that people have edited ---------------------------------------------------------------


def edit(path: Path, text: str) -> None:
    """Write in a paper as an office program would: its text part is saved anew."""
    paper = docx.Document(str(path))
    paper.add_paragraph(text)
    paper.save(str(path))


def test_a_paper_that_somebody_has_edited_is_never_written_over(work):
    drafts(work)
    mine, other = work / "公文" / DRAFTS[0], work / "公文" / DRAFTS[1]
    edit(mine, "镇党委研究后加的一段")
    edited = mine.read_bytes()
    for name, village in ((UPPER, "上河村"), (WILLOW, "柳湾村")):
        write_village(work / "村级工作簿" / name, code=name[:4], village=village, location="新址")
    done = drafts(work)
    assert done.troubles == (f"{mine}：有人改过，没有覆盖。要重新生成，请先移走或改名。",)
    assert (mine.read_bytes(), done.exit_code) == (edited, 4)
    # the others are made anew, what was there before is kept, and what is the same is left alone
    notes = {each.path: each.notes for each in done.written}
    assert list(notes) == [other, work / "公文" / DRAFTS[2]]
    assert f"原来的留作 {DRAFTS[1]}.bak。" in notes[other]
    assert "内容没有变化，没有重写" in notes[work / "公文" / DRAFTS[2]]
    mine.rename(work / "公文" / "上河村（改）.docx")
    assert drafts(work).exit_code == 0


def test_a_paper_without_a_stamp_may_be_anybodys_and_stays(work):
    target = work / "公文" / DRAFTS[1]
    target.parent.mkdir()
    docx.Document().save(str(target))
    before = target.read_bytes()
    done = drafts(work, work / "村级工作簿" / WILLOW)
    assert done.troubles == (f"{target}：有人改过，没有覆盖。要重新生成，请先移走或改名。",)
    assert (target.read_bytes(), done.exit_code, done.written) == (before, 4, ())
    target.write_bytes(b"")  # nor is what cannot be looked into
    assert drafts(work, work / "村级工作簿" / WILLOW).exit_code == 4
