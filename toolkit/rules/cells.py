"""C2xx: one cell by itself, judged by what its column declares."""

import re
from collections import defaultdict
from decimal import Decimal

from toolkit.cells import a1
from toolkit.findings import Level
from toolkit.rules.rule import Case, Objections, Place, Spoken, Stage, deadlines, place_of, rule
from toolkit.schema.kinds import Number, Percent, Text, Whole, plain_number
from toolkit.schema.texts import tidy

_TYPED = re.compile(r"(?:[0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_LONGEST_ENTRY, _LONGEST_TEXT = 100, 5_000  # characters of a name or phrase, of a passage
_NO_DATE = re.compile("半年|季|旬|[今本明次翌]年")
"""What a date is reckoned from, where a deadline does not write it."""
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
        if not (_is_approximate(spoken) or _is_converted(spoken)):
            yield [spoken.cell], spoken.value
    for spoken, deadline in deadlines(case):
        if deadline.end is None or deadline.ambiguity:
            continue  # doubts and slips are D501's and D509's
        if _YEAR.search(deadline.text) is None:
            yield [spoken.cell], f"没有写年份，按“{deadline.reading}”理解"
        elif deadline.stages or _NO_DATE.search(deadline.text):
            yield [spoken.cell], f"按“{deadline.reading}”理解"


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

    改法：删掉公式，直接填写内容或数字；或用 Excel、WPS 打开，保存后重新报送。
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

    原因：这一栏只填百分号前的数字；单元格设成百分比格式后，60% 存成 0.6，100% 存成 1。

    改法：把单元格改成常规格式，填百分号前的数字，如 60；确实只有 1% 的，在“情况说明”表里写明。
    """
    for spoken in case.survey.percents:
        if 0 < spoken.value <= 1:
            read, meant = plain_number(spoken.value), plain_number(spoken.value * 100)
            yield [spoken.cell], f"按 {read}% 读取，可能是把 {meant}% 填成了小数"


@rule("C208", Level.WARNING)
def formula_in_cell(case: Case) -> Objections:
    """填报的单元格里是公式。

    原因：程序读的是上次保存时算出的结果；行列变动后公式可能算错，复制到别处会出错。

    改法：把公式换成算出的数字或文字：复制后，用“选择性粘贴—数值”粘贴回原处。
    """
    for book in case.books:
        facts = book.facts
        computed = {(spot.sheet, spot.cell) for spot in facts.formulas}
        computed -= {(spot.sheet, spot.cell) for spot in (*facts.errors, *facts.pictures)}
        for sheet in book.sheets.values() if computed else ():
            for row in sheet.rows:
                for column, held in row.filled():
                    if (sheet.title, a1(held.row, held.column)) in computed:
                        yield [row.cell(column)], "是公式，按上次保存的结果读取"


@rule("C209", Level.ERROR)
def digits_lost_in_number(case: Case) -> Objections:
    """长号码存成了数字，后几位已经丢失。

    原因：Excel 的数字只保留 15 位，身份证号、银行账号后几位变成 0，无法还原。

    改法：把单元格格式设为文本，再照原件重新填写。
    """
    for spoken in case.mentioning("e+"):  # as a cell shows a number of more than 15 digits
        if not isinstance(spoken.row.field(spoken.column).raw, str):
            yield [spoken.cell], "存成了数字，第 15 位以后已经丢失"


@rule("C210", Level.INFO, column_advises=True)
def approximate_number(case: Case) -> Objections:
    """数字写的是约数。

    原因：约数会当作准数进入合计和公文，请核对。

    改法：有准数的填准数；确实只有约数的可以不改。
    """
    for spoken in case.survey.noted:
        if _is_approximate(spoken) and not _is_converted(spoken):
            yield [spoken.cell], spoken.value


@rule("C211", Level.WARNING, Stage.TRIAL)
def text_too_long(case: Case) -> Objections:
    """单元格里的文字太长。

    原因：名称一类的栏目只放短语，太长的多半填错了栏；正文太长的，打印时显示不全。

    改法：名称写全称即可，情况说明移到对应的栏目；正文请精简，或分成几行填写。
    """
    for spoken in case.survey.texts:
        length = len(spoken.value)
        most = _LONGEST_TEXT if spoken.column.kind.long else _LONGEST_ENTRY
        if length > most:
            yield [spoken.cell], f"有 {length} 个字，这一栏一般不超过 {most} 个字"


@rule("C212", Level.WARNING, column_advises=True)
def number_in_another_unit(case: Case) -> Objections:
    """数字带着万、亿或别的单位，已换算成这一栏的单位。

    原因：换算后与填写的数字不同，万元与元一旦弄错，汇总就差一万倍。

    改法：按这一栏的单位改填数字。
    """
    for spoken in case.survey.noted:
        if _is_converted(spoken):
            number = plain_number(Decimal(str(spoken.row.field(spoken.column).value)))
            about = "（约数）" if _is_approximate(spoken) else ""
            yield [spoken.cell], f"按 {number} {spoken.column.unit}理解{about}，请确认"


_MOST_MONEY = 10_000
"""万元, that is 1 亿元: no weak branch's village has or plans as much, but 10 000 元 is common."""


@rule("C213", Level.INFO)
def yuan_for_ten_thousands(case: Case) -> Objections:
    """以万元为单位的栏目，数字大得不合常理。

    原因：一个村一项资金超过 1 亿元的极少，多半是把元填成了万元，汇总就差一万倍。

    改法：按万元改写，如 125000 元填 12.5；确实如此的，不用改。
    """
    sheets = [sheet for book in case.books for sheet in book.sheets.values()]
    for sheet in sheets:
        money = [column for column in sheet.row.columns if column.unit == "万元"]
        for row in sheet.rows if money else ():
            for column in money:
                amount = row.fields[column.name].value
                if not isinstance(amount, int | Decimal) or amount <= _MOST_MONEY:
                    continue
                if not _names_its_unit(Spoken(row, column, amount)):
                    said = f"是 {plain_number(Decimal(amount))} 万元，是否把元填成了万元"
                    yield [row.cell(column)], said


def _names_its_unit(spoken: Spoken) -> bool:
    """Say whether a number in 万元 was written with 万 or 亿, or C212 asks for it already."""
    raw = spoken.row.field(spoken.column).raw
    return _is_converted(spoken) or (isinstance(raw, str) and bool(re.search("[万亿]", raw)))


def _is_approximate(noted: Spoken) -> bool:
    """Say whether the reader took a number that is given as 约, 左右 or 余."""
    return "约数" in noted.value


def _is_converted(noted: Spoken) -> bool:
    """Say whether a number was read as another than its figures say: 2000万, 500里."""
    held = noted.row.field(noted.column)
    if not (isinstance(noted.column.kind, Whole | Number | Percent) and isinstance(held.raw, str)):
        return False
    typed = _TYPED.search(tidy(held.raw))
    figures = Decimal(typed[0].replace(",", "")) if typed else None
    return isinstance(held.value, int | Decimal) and figures not in {None, abs(held.value)}


def _error_cells(case: Case) -> dict[tuple[str, str], Place]:
    """Return the cells that show a formula's error, by sheet and address."""
    return {
        (spot.sheet, spot.cell): place_of(book, spot)
        for book in case.books
        for spot in book.facts.errors
    }
