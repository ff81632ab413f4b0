import pytest

from toolkit.word.completeness import wanting
from toolkit.word.content import Line
from toolkit.word.parsing import parse

TITLE, BODY = ("公文标题", "题"), ("公文正文", "文。")
ORGAN, DAY = ("公文落款", "甲"), ("成文日期", "2026年4月8日")
OTHER_DAY, COPIES = ("成文日期", "2026年5月8日"), ("抄送", "县")
WHEN, LOOP = ("控制行", "【如有：村名】"), ("控制行", "【逐行：问题】")
ELSE, END = ("控制行", "【否则】"), ("控制行", "【结束】")

NO_TITLE = "没有标题。请把标题那一段的样式设成“公文标题”。"
NO_BODY = "没有正文。请把正文各段的样式设成“公文正文”或各级标题。"
UNSIGNED = "没有落款。请在正文后面补上样式为“公文落款”和“成文日期”的两段。"
NO_DAY = "公文落款下面没有紧挨着的成文日期。请把“成文日期”写在它的下一段。"
NO_ORGAN = "成文日期上面没有紧挨着的公文落款。请把“公文落款”写在它的上一段。"
MAYBE = (
    "公文标题写在【逐行：…】或没有【否则】的【如有：…】里，不一定印出来。"
    "请移到外面，或补上【否则】和另一个标题。"
)
TWICE = "公文标题不止一段，标题只写一段，长标题由程序分行。请并成一段，或改用别的样式。"


def told(*lines: tuple[str, str], signed: bool = True) -> list[tuple[int, str]]:
    nodes = parse([Line(*line) for line in lines], "样").nodes
    return [(fault.line, fault.said) for fault in wanting(nodes, signed=signed)]


def test_an_empty_template_lacks_everything() -> None:
    assert told() == [(0, NO_TITLE), (0, NO_BODY), (0, UNSIGNED)]
    assert told(signed=False) == [(0, NO_TITLE), (0, NO_BODY)]


def test_a_template_cut_off_after_its_body_lacks_its_signature_unless_it_is_of_minutes() -> None:
    assert told(TITLE, BODY) == [(0, UNSIGNED)]
    assert told(TITLE, BODY, signed=False) == []


@pytest.mark.parametrize("body", ["二级标题", "公文正文", "出席人员", "表头"])
def test_a_body_may_be_of_any_paragraphs_that_say_something(body) -> None:
    assert told(TITLE, (body, "文"), ORGAN, DAY) == []


def test_what_is_told_around_a_body_is_none() -> None:
    around = [(style, "甲") for style in ("主送机关", "附件说明", "附件标题", "附注", "抄送")]
    assert told(TITLE, ORGAN, DAY, *around) == [(0, NO_BODY)]


# -- title ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ([WHEN, TITLE, END], [(2, MAYBE)]),
        ([LOOP, TITLE, END], [(2, MAYBE)]),
        ([WHEN, TITLE, ELSE, TITLE, END], []),
        ([WHEN, TITLE, ELSE, TITLE, END, TITLE], [(6, TWICE)]),
        ([TITLE, TITLE], [(2, TWICE)]),
        ([TITLE, LOOP, BODY, END], []),
        ([("公文标题", "【如有：村名】题【结束】")], [(1, MAYBE)]),
        ([("公文标题", "【逐行：问题】题【结束】")], [(1, MAYBE)]),
        ([("公文标题", "【如有：村名】题【否则】【如有：乡镇】目【结束】【结束】")], [(1, MAYBE)]),
        ([("公文标题", "【如有：村名】题【否则】【单位】【结束】")], []),
        ([("公文标题", "【村名】")], []),
    ],
)
def test_one_title_is_printed_whatever_a_workbook_holds(lines, fault) -> None:
    assert told(*lines, BODY, ORGAN, DAY) == fault


# -- signature ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "faults"),
    [
        ([ORGAN], [(3, NO_DAY)]),
        ([DAY], [(3, NO_ORGAN)]),
        ([DAY, ORGAN], [(3, NO_ORGAN), (4, NO_DAY)]),
        ([ORGAN, BODY, DAY], [(3, NO_DAY), (5, NO_ORGAN)]),
        ([ORGAN, COPIES, DAY], [(3, NO_DAY), (5, NO_ORGAN)]),
        ([ORGAN, DAY, OTHER_DAY], [(5, NO_ORGAN)]),
        ([ORGAN, ORGAN, DAY, COPIES], []),
        ([LOOP, ORGAN, END, DAY], []),
        ([WHEN, ORGAN, ELSE, ORGAN, END, DAY], []),
        ([ORGAN, WHEN, DAY, ELSE, OTHER_DAY, END], []),
        ([WHEN, ORGAN, DAY, END], []),
        ([WHEN, ORGAN, ELSE, ORGAN, END, COPIES], [(4, NO_DAY), (6, NO_DAY)]),
    ],
)
def test_an_organ_is_directly_followed_by_its_date(lines, faults) -> None:
    assert sorted(told(TITLE, BODY, *lines)) == faults
    assert sorted(told(TITLE, BODY, *lines, signed=False)) == faults
