"""L1xx: sheets, headers and identity; what cannot be read because it is not where it belongs."""

from toolkit.findings import Level
from toolkit.rules.rule import Case, Objections, SheetRef, place_of, rule, version


@rule("L101", Level.ERROR)
def missing_sheet(case: Case) -> Objections:
    """工作簿缺少规定的工作表。

    原因：缺少的表无法核对、汇总，也进不了公文。

    改法：从发放的空白工作簿里把这张表复制回来，表名不要改；没有内容的表也要保留。
    """
    for book in case.books:
        for row in book.form.rows:
            if book.sheet(row) is None:
                yield [SheetRef(book.path, row.sheet)], f"缺少“{row.sheet}”工作表"


@rule("L102", Level.ERROR)
def missing_column(case: Case) -> Objections:
    """工作表缺少规定的栏目。

    原因：栏目名称被删改后，这一栏的内容无法读取。

    改法：把栏目名称改回发放时的写法；整栏删掉的，从空白工作簿里补回来。
    """
    for book in case.books:
        for sheet in book.sheets.values():
            whole = [SheetRef(book.path, sheet.title)]
            if not sheet.headers:
                yield whole, "找不到表头，整张表都没有读取"
                continue
            for column in sheet.missing:
                level = Level.ERROR if column.required else Level.WARNING
                yield whole, f"缺少“{column.header}”这一栏", level


@rule("L103", Level.INFO)
def header_taken_for_another(case: Case) -> Objections:
    """表名或栏目名称与发放时不同，已按相近的名称读取。

    原因：名称改动后只能按最相近的读取，请核对是否读对。

    改法：读对的可以不改；读错的，把名称改回发放时的写法。
    """
    for book in case.books:
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
        for spot in book.strays:
            if spot.sheet not in lost:  # L102 speaks of these
                yield [place_of(book, spot)], "不在任何栏目里，没有读取"


@rule("L105", Level.WARNING)
def extra_sheet(case: Case) -> Objections:
    """工作簿里多出有内容的工作表。

    原因：多出的表不会被读取，也不会进入汇总和公文。

    改法：把有用的内容移到规定的工作表里，再删除这张表。
    """
    for book in case.books:
        for title in book.extra_sheets:
            yield [SheetRef(book.path, title)], f"“{title}”不是规定的工作表，没有读取"


@rule("L106", Level.WARNING)
def version_unlike_the_form(case: Case) -> Objections:
    """工作簿的版本与现用版本不同。

    原因：旧版工作簿缺少后来增加的栏目，新版工作簿有本程序不识别的栏目。

    改法：旧版的，请向镇党建办领取新版工作簿，把内容复制过去；工作簿比程序新的，请先更新程序。
    """
    for book in case.books:
        have, want = version(book.identity.version), version(book.form.version)
        if have and have[:2] != want[:2]:
            word = "旧于" if have < want else "新于"
            versions = f"工作簿版本 {book.identity.version}，{word}现用版本 {book.form.version}"
            yield [SheetRef(book.path)], versions
