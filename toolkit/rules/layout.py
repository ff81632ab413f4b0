"""L1xx: sheets, headers and identity; what cannot be read because it is not where it belongs."""

from collections.abc import Iterator, Sequence

from toolkit.findings import Level
from toolkit.rules.rule import Case, Objections, SheetRef, place_of, quoted, rule, version
from toolkit.schema.form import PARKING_SHEET
from toolkit.schema.workbook import Workbook


@rule("L101", Level.ERROR)
def missing_sheet(case: Case) -> Objections:
    """工作簿缺少规定的工作表。

    原因：缺少的表无法核对、汇总，也进不了公文。

    改法：从发放的空白工作簿里把这张表复制回来，表名不要改；没有内容的表也要保留。
    """
    for book in _current(case):
        for row in book.form.rows:
            if book.sheet(row) is None:
                yield [SheetRef(book.path, row.sheet)], f"缺少“{row.sheet}”工作表"


@rule("L102", Level.ERROR)
def missing_column(case: Case) -> Objections:
    """工作表缺少规定的栏目。

    原因：栏目名称被删改后，这一栏的内容无法读取。

    改法：把栏目名称改回发放时的写法；整栏删掉的，从空白工作簿里补回来。
    """
    for book in _current(case):
        for sheet in book.sheets.values():
            whole = [SheetRef(book.path, sheet.title)]
            if not sheet.headers:
                yield whole, "找不到表头，整张表都没有读取"
                continue
            for level, required in ((Level.ERROR, True), (Level.WARNING, False)):
                lacking = [c.header for c in sheet.missing if c.required is required]
                if lacking:
                    yield whole, _lacking(lacking, "项" if sheet.row.vertical else "栏"), level


_MOST_NAMED = 5


def _lacking(headers: Sequence[str], what: str) -> str:
    """Return the sentence that columns are missing, the first of them named.

    >>> _lacking(["地点"], "栏"), _lacking(["地点", "议题"], "栏")
    ('缺少“地点”这一栏', '缺少“地点”“议题”等 2 栏')
    """
    named = "".join(f"“{header}”" for header in headers[:_MOST_NAMED])
    return f"缺少{named}" + (f"等 {len(headers)} {what}" if len(headers) > 1 else f"这一{what}")


@rule("L103", Level.INFO)
def header_taken_for_another(case: Case) -> Objections:
    """表名、栏目名称、栏目先后或个别行与发放时不同，已按相近意思读取。

    原因：名称改动后只能按最相近的读取，请核对是否读对。

    改法：读对的可以不改；读错的，把名称改回发放时的写法。
    """
    for book in _current(case):
        for spot in book.notes:
            yield [place_of(book, spot)], spot.text


@rule("L104", Level.WARNING)
def cell_that_belongs_nowhere(case: Case) -> Objections:
    """表格以外的单元格里有内容。

    原因：不在任何栏目里的内容不会被读取，也不会进入汇总和公文。

    改法：把内容移到对应的栏目里；不需要的请删除。
    """
    for book in case.books:
        lost = {sheet.title for sheet in book.sheets.values() if not sheet.headers}
        far = {(spot.sheet, spot.cell) for spot in book.facts.distant}
        for spot in book.strays:
            # L102 speaks of the former, L111 of the latter.
            if spot.sheet not in lost and (spot.sheet, spot.cell) not in far:
                yield [place_of(book, spot)], spot.why or "不在任何栏目里，没有读取"


@rule("L105", Level.WARNING)
def extra_sheet(case: Case) -> Objections:
    """工作簿里多出有内容的工作表。

    原因：多出的表不会被读取，也不会进入汇总和公文。

    改法：把有用的内容移到规定的工作表里，再删除这张表。
    """
    for book in case.books:
        hidden = {spot.sheet for spot in book.facts.hidden if not spot.cell}  # L110's
        for spot in book.extra_sheets:
            if spot.sheet == PARKING_SHEET:
                yield [place_of(book, spot)], "还有升级时没有对应栏目的内容，没有读取"
            elif spot.sheet not in hidden:
                yield [place_of(book, spot)], f"“{spot.sheet}”{spot.text}"


@rule("L106", Level.WARNING)
def version_unlike_the_form(case: Case) -> Objections:
    """工作簿的版本与现用版本不同。

    原因：旧版工作簿缺少后来增加的栏目，新版工作簿有本程序不识别的栏目。

    改法：旧版的，由镇党建办用 upgrade 命令升级，内容原样保留；工作簿比程序新的，请先更新程序。
    """
    for book in case.books:
        have, want = version(book.identity.version), version(book.form.version)
        if have and have[:2] != want[:2]:
            word = "旧于" if _is_older(book) else "新于"
            versions = f"工作簿版本 {book.identity.version}，{word}现用版本 {book.form.version}"
            yield [SheetRef(book.path)], versions


@rule("L107", Level.WARNING)
def workbook_with_macros(case: Case) -> Objections:
    """工作簿里带有宏。

    原因：宏可能夹带病毒，发放的工作簿里没有宏；程序只读内容，不运行宏。

    改法：请另存为 .xlsx 后重新报送；宏不是自己加的，请先查杀病毒。
    """
    for book in case.books:
        if book.facts.macros:
            yield [SheetRef(book.path)], "带有宏，只读取了内容，没有运行宏"


@rule("L108", Level.WARNING)
def workbook_with_external_links(case: Case) -> Objections:
    """工作簿里有指向其他文件的链接。

    原因：镇里没有链接指向的文件，看到的只是上次保存时的结果，可能已经过时。

    改法：在“数据”菜单的“编辑链接”里断开链接，或把引用的单元格改成直接填写。
    """
    for book in case.books:
        if book.facts.external_links:
            yield [SheetRef(book.path)], "引用了其他文件，按上次保存的结果读取"


@rule("L109", Level.INFO)
def hidden_row_or_column(case: Case) -> Objections:
    """有内容的行或列被隐藏了。

    原因：隐藏的内容照样读取、汇总；多半是开着筛选。

    改法：取消筛选或取消隐藏后看一遍；不该报的请删除，不要隐藏。
    """
    for book in case.books:
        for spot in book.facts.hidden:
            if spot.cell:
                yield [place_of(book, spot)], f"{spot.text}被隐藏，内容已照常读取"


@rule("L110", Level.WARNING)
def hidden_sheet(case: Case) -> Objections:
    """有内容的工作表被隐藏了。

    原因：隐藏的工作表填报人看不到，里面的内容容易漏报、错报。

    改法：右键单击任一工作表标签，点“取消隐藏”；不是规定的表，移走内容后删除。
    深度隐藏的表在菜单里看不到，请镇党建办协助打开。
    """
    for book in case.books:
        own = {sheet.title for sheet in book.sheets.values()}
        for spot in book.facts.hidden:
            whole, state = [SheetRef(book.path, spot.sheet)], _state(spot.text)
            if not spot.cell and spot.sheet in own:
                yield whole, f"工作表被{state}，内容已照常读取", Level.INFO
            elif not spot.cell:
                yield whole, f"“{spot.sheet}”被{state}，不是规定的工作表，没有读取"


@rule("L111", Level.WARNING)
def cell_far_from_the_table(case: Case) -> Objections:
    """远离表格的单元格里有内容。

    原因：多半是误填的，不会读取；它还会把表撑得很大，打开、打印都慢。

    改法：有用的内容移到表格里；没用的，选中它所在的整行和整列，右键删除后保存。
    """
    for book in case.books:
        for spot in book.facts.distant:
            yield [place_of(book, spot)], "离表格太远，没有读取"


@rule("L112", Level.INFO)
def formatted_rows_without_content(case: Case) -> Objections:
    """表格下面有大量只有格式、没有内容的行。

    原因：这些行不影响读取，但会使文件变大，打开、打印都慢。

    改法：可以不改；要缩小文件，选中这些行，右键删除后保存。
    """
    for book in case.books:
        for spot in book.facts.phantom:
            yield [place_of(book, spot)], f"{spot.text}，已忽略"


@rule("L113", Level.WARNING)
def picture_in_cell(case: Case) -> Objections:
    """单元格里放的是图片。

    原因：图片不能读取，也进不了汇总和公文。

    改法：图片单独报送；在“佐证材料”一栏写明图片名称，图上的文字、数字照样填进单元格。
    """
    for book in case.books:
        for spot in book.facts.pictures:
            yield [place_of(book, spot)], "单元格里是图片，没有读取"


@rule("L114", Level.WARNING)
def another_file_format(case: Case) -> Objections:
    """工作簿不是 .xlsx 格式。

    原因：老格式和其他软件的格式里，出错的公式、隐藏的内容、百分比格式查不出来。

    改法：请用 Excel 或 WPS 打开，另存为 .xlsx 后重新报送；只改文件名不算。
    """
    for book in case.books:
        kind, facts = book.facts.kind, book.facts
        if kind == ".xlsm" and not facts.macros:  # L107 speaks of those with macros
            yield (
                [SheetRef(book.path)],
                "是带宏工作簿的格式（.xlsm），已读取，里面没有宏",
                Level.INFO,
            )
        elif kind not in {".xlsx", ".xlsm"}:
            yield [SheetRef(book.path)], f"是 {kind} 格式，已读取，{_UNTOLD.get(kind, _USUAL)}"


_USUAL = "公式、公式错误和百分比格式查不出来"
_UNTOLD = {".ods": "公式、公式错误、百分比格式和合并的单元格查不出来"}
"""What calamine does not tell of other formats."""


@rule("L115", Level.WARNING)
def identity_marks_lost(case: Case) -> Objections:
    """工作簿的版本无法读取。

    原因：发放时写在文件里的标识没有了，多半是把表复制到了新建的工作簿里，是否错版、错村无法核对。

    改法：请用镇里发放的工作簿填写；内容已填在新工作簿里的，复制回发放的工作簿后重新报送。
    """
    for book in case.books:
        if not book.identity.version:
            yield [SheetRef(book.path)], "没有发放时的标识，按现用版本读取"


@rule("L116", Level.ERROR)
def sheet_without_a_row(case: Case) -> Objections:
    """规定的工作表一行也没有填。

    原因：没有问题和措施，就没有整顿的内容，汇总数和公文都是空的；
    没有填“工作力量”（按“提醒”报告），就看不出由谁负责。

    改法：按实际情况填写；填在别的表或文件里的，复制到这张表里。
    """
    for book in case.books:
        for row, sheet in book.sheets.items():
            level = row.if_empty
            # L101 speaks of a sheet that is missing, L102 of one without headers.
            if level and sheet.headers and not sheet.rows:
                yield [SheetRef(book.path, sheet.title)], "一行也没有填", level


@rule("L117", Level.WARNING)
def text_box_on_a_sheet(case: Case) -> Objections:
    """工作表上有文本框。

    原因：文本框里的文字不在单元格里，不会被读取，也不会进入汇总和公文。

    改法：要报送的内容填到相应的单元格里；只是批示、说明的，可以不改。
    """
    for book in case.books:
        for spot in book.facts.text_boxes:
            yield [place_of(book, spot)], f"文本框里的{quoted(spot.text)}没有读取"


def _current(case: Case) -> Iterator[Workbook]:
    """Yield the workbooks that are not of an older form; of those L106 speaks, and it alone."""
    for book in case.books:
        if not _is_older(book):
            yield book


def _is_older(book: Workbook) -> bool:
    """Say whether a workbook was issued with fewer columns than the form has now."""
    have, want = version(book.identity.version), version(book.form.version)
    return () < have[:2] < want[:2]


def _state(text: str) -> str:
    """Return how a sheet is hidden; only a program can show a deeply hidden one again."""
    return "深度隐藏" if "深度" in text else "隐藏"
