"""C2xx: one cell by itself, judged by what its column declares."""

import re
from collections import defaultdict

from toolkit.findings import Level
from toolkit.rules.rule import Case, Objections, Place, deadlines, place_of, rule
from toolkit.schema.deadlines import Deadline
from toolkit.schema.kinds import Text, plain_number

_YEAR = re.compile(r"\d{4}|\d\d年|[〇零○O二]{2}|[今本明次翌]年")


@rule("C201", Level.ERROR, column_advises=True)
def empty_required_cell(case: Case) -> Objections:
    """必填的单元格空着。

    原因：缺少这一项，汇总和公文里会留下空白。

    改法：补填这一格。
    """
    broken = _error_cells(case)
    for spoken in case.survey.empty:
        if (spoken.row.sheet_title, spoken.cell.a1) not in broken:
            yield [spoken.cell], "必填，现在空着"


@rule("C202", Level.ERROR, column_advises=True)
def unreadable_cell(case: Case) -> Objections:
    """单元格里的内容无法读取。

    原因：无法读取的内容按空白处理，程序不作猜测。

    改法：按这一栏的填写要求改写。
    """
    broken = _error_cells(case)
    for spoken in case.survey.faulty:
        if (spoken.row.sheet_title, spoken.cell.a1) not in broken:
            yield [spoken.cell], spoken.value


@rule("C203", Level.INFO, column_advises=True)
def read_with_understanding(case: Case) -> Objections:
    """单元格的写法不规范，已按通常意思读取。

    原因：程序的理解可能与原意不同，请核对。

    改法：理解正确的可以不改；理解错的，按填写要求改写。
    """
    for spoken in case.survey.noted:
        yield [spoken.cell], spoken.value
    for spoken, deadline in deadlines(case):
        if _year_is_inherited(deadline):  # doubts and slips are D501's and D509's
            yield [spoken.cell], f"没有写年份，按“{deadline.reading}”理解"


@rule("C204", Level.ERROR)
def duplicate_key(case: Case) -> Objections:
    """编号重复。

    原因：编号相同的两行无法区分，问题与措施对不上，办理情况也会记错。

    改法：核对是否重复填报；不是重复的，改成没有用过的编号。
    """
    for book in case.books:
        for sheet in book.sheets.values():
            key = sheet.row.key
            if key is None:
                continue
            rows = defaultdict(list)
            for row in sheet.rows:
                rows[row.fields[key.name].value].append(row)
            for value, same in rows.items():
                if value is not None and len(same) > 1:
                    yield [row.cell(key) for row in same], f"{value} 用了 {len(same)} 次"


@rule("C205", Level.ERROR)
def error_cell(case: Case) -> Objections:
    """单元格里的公式出错或没有结果。

    原因：公式出错或没有结果的单元格没有可用的内容，按空白处理。

    改法：删掉公式，直接填写内容或数字；或用 Excel、WPS 打开，保存后再交。
    """
    for book in case.books:
        for spot in book.facts.errors:
            wrong = "公式出错" if spot.text.startswith("#") else spot.text
            yield [place_of(book, spot)], f"{wrong}，没有可用的内容"


@rule("C206", Level.INFO)
def masked_cell(case: Case) -> Objections:
    """单元格里有脱敏符号。

    原因：用 * 遮住的数字、日期按未填处理，遮住的姓名、地名在公文里原样打印。

    改法：报送镇里的工作簿填写真实内容；对外公开的可以不改。
    """
    for spoken in case.survey.masked:
        raw = str(spoken.value)
        if "*" in raw or "＊" in raw or not isinstance(spoken.column.kind, Text):
            unread = spoken.row.field(spoken.column).value is None
            fate = "按未填处理" if unread else "公文里原样打印"
            yield [spoken.cell], f"有脱敏符号，{fate}"


@rule("C207", Level.WARNING)
def percent_as_fraction(case: Case) -> Objections:
    """百分数可能填成了小数。

    原因：这一栏只填百分号前的数字；单元格设成百分比格式后，60% 存成 0.6。

    改法：把单元格改成常规格式，填百分号前的数字，如 60。
    """
    for spoken in case.survey.percents:
        if 0 < spoken.value < 1:
            read, meant = plain_number(spoken.value), plain_number(spoken.value * 100)
            yield [spoken.cell], f"按 {read}% 读取，可能是把 {meant}% 填成了小数"


def _year_is_inherited(deadline: Deadline) -> bool:
    """Say whether a deadline has a date but names no year."""
    if deadline.end is None or deadline.ambiguity:
        return False
    return _YEAR.search(deadline.text) is None


def _error_cells(case: Case) -> dict[tuple[str, str], Place]:
    """Return the cells that show a formula's error, by sheet and address."""
    return {
        (spot.sheet, spot.cell): place_of(book, spot)
        for book in case.books
        for spot in book.facts.errors
    }
