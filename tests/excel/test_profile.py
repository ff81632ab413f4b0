"""The template profile: every workbook that we issue keeps it, and the lint catches each breach."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace

import openpyxl
import pytest
from feature_inventory import features
from rollup.township_drawn import FILES, made
from template_profile import Breach, Package, breaches

from toolkit.cells import Raw
from toolkit.demo import example_township
from toolkit.excel.blank import build_workbook
from toolkit.excel.opened import read_workbook
from toolkit.excel.rollup.book import build_rollup
from toolkit.excel.sheets import Note
from toolkit.forms import rollup, township, village
from toolkit.package import unzipped, zipped
from toolkit.schema.form import Form, Identity
from toolkit.schema.totals import value_of

FORMS = (village.FORM, township.FORM)
EXAMPLE = example_township()
ISSUED = {
    village.Profile: [{"year": 2022, "code": "0203", "village": "上河村", "town": "青石镇"}],
    village.Person: [{"role": "村文书", "name": "李明"}],
}


def identity(form: Form) -> Identity:
    return Identity(form.id, form.version, "0203", "2022")


def blank(form: Form) -> bytes:
    return build_workbook(form, identity(form))


BOOKS: Mapping[str, tuple[Form, Callable[[], bytes]]] = {
    **{f"blank {form.id}": (form, lambda form=form: blank(form)) for form in FORMS},
    "issued village": (
        village.FORM,
        lambda: build_workbook(village.FORM, identity(village.FORM), ISSUED),
    ),
    "village with notes": (
        village.FORM,
        lambda: build_workbook(
            village.FORM,
            identity(village.FORM),
            ISSUED,
            notes=[Note("基本情况", 5, 2, "请核对年度。", "镇党建办")],
        ),
    ),
    **{
        f"filled {book.file_name}": (
            book.form,
            lambda book=book: build_workbook(book.form, book.identity, book.filling),
        )
        for book in (EXAMPLE.township, *EXAMPLE.villages)
    },
}
every_book = pytest.mark.parametrize("name", BOOKS)


# ---- every workbook keeps the profile


@every_book
def test_a_workbook_holds_nothing_that_excel_2010_wps_or_openpyxl_cannot_keep(name):
    form, build = BOOKS[name]
    found = breaches(build(), frozenset(form.sheets()))
    assert [breach for breach in found if breach.rule != "clock"] == []


@every_book
def test_only_the_day_of_the_data_asks_the_clock_and_only_of_a_village(name):
    form, build = BOOKS[name]
    data = build()
    clocks = [b.where for b in breaches(data, frozenset(form.sheets())) if b.rule == "clock"]
    day = Package(data, frozenset()).names.get("数据日", "")
    expected = [f"cell {day.replace('$', '').replace(chr(39), '')}"] if day else []
    assert clocks == expected
    assert bool(expected) == (form is village.FORM)


# ---- rollups


def rollup_of(months: int) -> bytes:
    """Return the drawn township's rollup, with as many months in its history."""
    given = made()
    history = given.tables[rollup.HistoryLine]
    [now] = history.rows
    plain = tuple(value_of(cell) for cell in now)
    rows = (*(("2022-09", *plain[1:]) for _ in range(months - 1)), now)
    tables = {**given.tables, rollup.HistoryLine: replace(history, rows=rows)}
    return build_rollup(replace(given, tables=tables))


CHARTS = r"xl/(?:charts|drawings)/(?:_rels/)?(?:chart|drawing)\d+\.xml(?:\.rels)?"
of_months = pytest.mark.parametrize("months", [1, 2])


@of_months
def test_a_rollup_breaks_the_profile_only_by_its_charts_and_its_links(months):
    """Its charts every program draws; its links lead to the villages' files, which it is about."""
    found = breaches(rollup_of(months))
    parts = {breach.where for breach in found if breach.rule == "part"}
    assert all(re.fullmatch(CHARTS, part) for part in parts), parts
    assert sum(part.startswith("xl/charts/chart") for part in parts) == 3 + months
    drawn_on = [breach.where for breach in found if breach.rule == "element"]
    assert drawn_on == ["总览", "历月进度"][:months]
    assert {breach.what for breach in found if breach.rule == "element"} == {"drawing"}
    links = [breach for breach in found if breach.rule == "external"]
    assert {link.what.split("\\")[-1] for link in links} <= set(FILES.values())
    assert len(found) == len(parts) + len(drawn_on) + len(links)


@of_months
def test_openpyxl_keeps_a_rollups_features_and_its_charts(months):
    data = rollup_of(months)
    saved = saved_again(data)
    before, after = features(data), features(saved)
    assert (after.names, after.properties) == (before.names, before.properties)
    assert after.sheets == before.sheets
    first, second = (openpyxl.load_workbook(io.BytesIO(each)) for each in (data, saved))
    kept = [[len(sheet._charts) for sheet in book] for book in (first, second)]  # noqa: SLF001 -- openpyxl has no other way to ask
    assert kept[0] == kept[1]
    assert sum(kept[0]) == 3 + months


# ---- the lint sees what it forbids


def crafted(change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The township's blank workbook with a change to its parts."""
    parts = unzipped(blank(township.FORM))
    change(parts)
    return zipped(parts)


def put(part: str, old: str, new: str) -> Callable[[dict[str, bytes]], None]:
    """A change of the first place of a part that a pattern fits."""

    def change(parts: dict[str, bytes]) -> None:
        text, changes = re.subn(old, new, parts[part].decode(), count=1, flags=re.DOTALL)
        assert changes == 1, (part, old)
        parts[part] = text.encode()

    return change


def add(part: str, content: str = "<a/>") -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        parts[part] = content.encode()

    return change


FIRST, ROSTER = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet3.xml"  # 填写说明, 村名册
BOOK, STYLES, STRINGS = "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"
RELS = "xl/worksheets/_rels/sheet1.xml.rels"


def formula(text: str, attributes: str = "") -> Callable[[dict[str, bytes]], None]:
    """The first formula of the first sheet, put another way."""
    return put(FIRST, r"<f>[^<]*</f>", f"<f{attributes}>{text}</f>")


def check(text: str) -> Callable[[dict[str, bytes]], None]:
    """The first check that has a list, with another one."""
    old = r'(<dataValidation type="list"[^>]*>)<formula1>[^<]*</formula1>'
    return put(ROSTER_OR_SETTINGS, old, rf"\1<formula1>{text}</formula1>")


ROSTER_OR_SETTINGS = "xl/worksheets/sheet4.xml"  # 参数, which has dropdowns


def colour(text: str) -> Callable[[dict[str, bytes]], None]:
    old = r'(<cfRule type="expression"[^>]*>)<formula>[^<]*</formula>'
    return put(ROSTER, old, rf"\1<formula>{text}</formula>")


def attribute(of: str, more: str, part: str = ROSTER) -> Callable[[dict[str, bytes]], None]:
    return put(part, rf"<{of} ", f"<{of} {more} ")


def texts_of(name: str, text: str) -> Callable[[dict[str, bytes]], None]:
    return put(ROSTER, rf'(<dataValidation [^>]*{name}=")[^"]*"', rf'\g<1>{text}"')


def name(name: str, text: str = "填写说明!$A$1") -> Callable[[dict[str, bytes]], None]:
    return put(
        BOOK, "</definedNames>", f'<definedName name="{name}">{text}</definedName></definedNames>'
    )


def built_in(used: int) -> Callable[[dict[str, bytes]], None]:
    """The cells of a format of our own in a built-in one."""
    return put(STYLES, r'(<cellXfs.*?)numFmtId="16\d"', rf'\1numFmtId="{used}"')


def element(of_sheet: str) -> Callable[[dict[str, bytes]], None]:
    return put(ROSTER, "</worksheet>", f"{of_sheet}</worksheet>")


X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
BREACHES: Mapping[str, tuple[str, Callable[[dict[str, bytes]], None]]] = {
    # the package
    "a macro": ("part", add("xl/vbaProject.bin")),
    "a picture": ("part", add("xl/media/image1.png")),
    "a drawing": ("part", add("xl/drawings/drawing1.xml")),
    "a chart": ("part", add("xl/charts/chart1.xml")),
    "a form button": ("part", add("xl/ctrlProps/ctrlProp1.xml")),
    "ActiveX": ("part", add("xl/activeX/activeX1.xml")),
    "a thread of notes": ("part", add("xl/threadedComments/threadedComment1.xml")),
    "another workbook's values": ("part", add("xl/externalLinks/externalLink1.xml")),
    "a pivot table": ("part", add("xl/pivotTables/pivotTable1.xml")),
    "a slicer": ("part", add("xl/slicers/slicer1.xml")),
    "pictures in cells": ("part", add("xl/cellimages.xml")),
    "dynamic arrays": ("part", add("xl/metadata.xml")),
    "a table": ("part", add("xl/tables/table1.xml")),
    "a type with macros": (
        "macros",
        put("[Content_Types].xml", r"spreadsheetml\.sheet\.main", "sheet.macroEnabled.main"),
    ),
    "an extension": (
        "extension",
        put(STYLES, "</styleSheet>", "<extLst><ext/></extLst></styleSheet>"),
    ),
    "a later namespace": ("later namespace", attribute("sheetProtection", f'xmlns:x14="{X14}"')),
    "a link to the world": (
        "external",
        put(
            RELS_OF_BOOK := "xl/_rels/workbook.xml.rels",
            "</Relationships>",
            '<Relationship Id="x" Target="http://a.cn" TargetMode="External"/></Relationships>',
        ),
    ),
    "a locked structure": (
        "book",
        put(BOOK, "<sheets>", '<workbookProtection lockStructure="1"/><sheets>'),
    ),
    "a long title of a sheet": (
        "sheet title",
        put(BOOK, 'sheet name="字?典?[^"]*"', f'sheet name="{"长" * 32}"'),
    ),
    # names
    "a name that begins with a digit": ("name", name("3月")),
    "a name with a bracket": ("name", name("类型（本地）")),
    "a name like a cell": ("name", name("AB12")),
    "a name like a row": ("name", name("R1C1")),
    "a name that leads nowhere": ("name leads nowhere", name("断", "#REF!$A$1")),
    # sheets
    "a password": ("password", attribute("sheetProtection", 'password="83AF"')),
    "a hashed password": ("password", attribute("sheetProtection", 'hashValue="a"')),
    "merged cells in a table": (
        "merged",
        put(
            ROSTER, "</sheetData>", '</sheetData><mergeCells><mergeCell ref="A5:B5"/></mergeCells>'
        ),
    ),
    "ignored errors": (
        "element",
        element('<ignoredErrors><ignoredError sqref="A1"/></ignoredErrors>'),
    ),
    "a drawing in a sheet": ("element", element('<drawing id="rId9"/>')),
    "form controls": ("element", element("<controls/>")),
    "a background": ("element", element('<picture id="rId9"/>')),
    "protected ranges": ("element", element("<protectedRanges/>")),
    "a footer that is too long": (
        "footer",
        put(ROSTER, r"<oddFooter>", f"<oddFooter>{'长' * 256}"),
    ),
    # cells
    "a dynamic array": ("dynamic array", put(FIRST, "<c r=", '<c cm="1" r=')),
    "a shared formula": ("kind of formula", formula("1", ' t="shared" si="0"')),
    "an array formula": ("kind of formula", formula("1", ' t="array" ref="B17"')),
    "a formula among the answers": (
        "formula read back",
        put(ROSTER, r'(<c r="A1"[^>]*>)<v>', r"\1<f>1</f><v>"),
    ),
    "rich text": (
        "rich text",
        put(STRINGS, r"<si><t[^>]*>([^<]*)</t></si>", r"<si><r><t>\1</t></r></si>"),
    ),
    "a text too long for a cell": (
        "long text",
        put(STRINGS, r"<si><t[^>]*>[^<]*", f"<si><t>{'长' * 32_768}"),
    ),
    # formulas
    "a later function": ("function", formula("XLOOKUP(1,A1:A2,B1:B2)")),
    "a later function in a check": ("function", check("UNIQUE(A1:A9)")),
    "a later function in a colour": ("function", colour("TEXTJOIN(1,A4)=1")),
    "a later function in a name": ("function", name("新", "FILTER(填写说明!$A$1:$A$9,1)")),
    "a spilled range": ("later formula", formula("SUM(A1#)")),
    "a prefix of later functions": ("later formula", name("新", "_xlfn.SINGLE+1")),
    "a volatile address": ("function", check("INDIRECT(&quot;A1&quot;)")),
    "the clock": ("clock", formula("TODAY()")),
    "another file": ("external", formula("[1]Sheet1!A1")),
    "another file by name": ("external", formula("'[b.xlsx]一'!A1")),
    "a structured reference": ("structured", formula("SUM(名册[村名])")),
    "a formula that is too long": ("long formula", formula("1+" * 4_100 + "1")),
    "a check that is too long": ("long formula", check("1+" * 130 + "1")),
    "a text too long for a formula": (
        "long text in a formula",
        formula(f"&quot;{'长' * 256}&quot;"),
    ),
    "a formula too deep": ("deep formula", formula("(" * 65 + "1" + ")" * 65)),
    "a list on another sheet": ("other sheet", check("填写说明!$A$1:$A$9")),
    "a colour by another sheet": ("other sheet", colour("填写说明!$A$1=1")),
    # checks and colours
    "a list longer than 255": ("long formula", check(f"&quot;{'长,' * 130}长&quot;")),
    "a list of no name": ("name leads nowhere", check("字典_没有")),
    "a title longer than 32": ("long title", texts_of("promptTitle", "长" * 33)),
    "a message longer than 255": ("long message", texts_of("prompt", "长" * 256)),
    "a data bar": (
        "kind of colour",
        put(ROSTER, 'cfRule type="expression" dxfId="\\d+"', 'cfRule type="dataBar"'),
    ),
    "icons": (
        "kind of colour",
        put(ROSTER, 'cfRule type="expression" dxfId="\\d+"', 'cfRule type="iconSet"'),
    ),
    "a format by condition": (
        "not a fill",
        put(STYLES, r"(<dxf>)", r'\1<numFmt numFmtId="200" formatCode="0"/>'),
    ),
    "colours laid over others": (
        "colours overlap",
        put(ROSTER, r'(<conditionalFormatting sqref="A4:)A(\d+)"', r'\1B\2"'),
    ),
    # formats of numbers
    "a Chinese built-in day": ("built-in date", built_in(31)),
    "a day as the computer likes it": ("built-in date", built_in(14)),
    "a weekday that readers take for a number": (
        "date unseen",
        put(STYLES, r'formatCode="[^"]*"', 'formatCode="[$-804]aaaa"'),
    ),
}


@pytest.mark.parametrize("what", BREACHES)
def test_the_lint_catches(what):
    rule, change = BREACHES[what]
    sheets = frozenset(township.FORM.sheets())
    before = set(breaches(blank(township.FORM), sheets))
    found = [breach for breach in breaches(crafted(change), sheets) if breach not in before]
    assert {breach.rule for breach in found} == {rule} | ALSO.get(what, set()), found


ALSO = {
    # What a change cannot but break besides.
    "a list longer than 255": {"long text in a formula"},
}


def test_the_lint_sees_a_file_that_was_streamed_or_is_of_the_large_kind():
    parts = unzipped(blank(township.FORM))
    streamed = io.BytesIO()

    class Pipe(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data) -> int:
            return streamed.write(data)

    with zipfile.ZipFile(Pipe(), "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    before = set(breaches(blank(township.FORM)))
    found = [breach for breach in breaches(streamed.getvalue()) if breach not in before]
    assert {breach.rule for breach in found} == {"streamed"}
    large = blank(township.FORM) + b"PK\x06\x07"
    assert Breach("zip64", "package") in breaches(large)


# ---- the round-trip law


def saved_again(data: bytes) -> bytes:
    """What openpyxl makes of a file that it merely loads and saves."""
    stream = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(data)).save(stream)
    return stream.getvalue()


@every_book
def test_openpyxl_keeps_every_feature(name):
    _, build = BOOKS[name]
    data = build()
    before, after = features(data), features(saved_again(data))
    assert after.names == before.names
    assert after.properties == before.properties
    assert after.sheets.keys() == before.sheets.keys()
    for title, facts in before.sheets.items():
        for kind, expected in facts.items():
            assert after.sheets[title][kind] == expected, (title, kind)


@every_book
def test_the_reader_reads_the_same_records_after_openpyxl_has_saved_the_file(name, tmp_path):
    form, build = BOOKS[name]
    data = build()
    (tmp_path / "前.xlsx").write_bytes(data)
    (tmp_path / "后.xlsx").write_bytes(saved_again(data))
    before = read_workbook(tmp_path / "前.xlsx", FORMS)
    after = read_workbook(tmp_path / "后.xlsx", FORMS)
    assert after.identity == before.identity
    assert (after.notes, after.strays, after.extra_sheets) == (
        before.notes,
        before.strays,
        before.extra_sheets,
    )
    for row in form.rows:
        assert raws(after, row) == raws(before, row)


def raws(book, row) -> list[dict[str, tuple[Raw, int, int]]]:
    return [
        {column: (field.raw, field.row, field.column) for column, field in record.fields.items()}
        for record in book.rows(row)
    ]


def linked(book: openpyxl.Workbook):
    """The link of the last cell that has one."""
    return [c.hyperlink for line in book["填写说明"] for c in line if c.hyperlink][-1]


LOSSES: Mapping[str, Callable[[openpyxl.Workbook], None]] = {
    "a check": lambda book: book["村名册"].data_validations.dataValidation.pop(),
    "a colour": lambda book: setattr(
        book["村名册"], "conditional_formatting", type(book["村名册"].conditional_formatting)()
    ),
    "a name": lambda book: book.defined_names.pop("工作簿标识"),
    "a property": lambda book: book.custom_doc_props.props.clear(),
    "a width": lambda book: setattr(book["村名册"].column_dimensions["B"], "width", 3),
    "a height": lambda book: setattr(book["村名册"].row_dimensions[1], "height", 3),
    "a frozen pane": lambda book: setattr(book["村名册"], "freeze_panes", None),
    "a filter": lambda book: setattr(book["村名册"].auto_filter, "ref", None),
    "a protection": lambda book: setattr(book["村名册"].protection, "sheet", False),
    "a freedom": lambda book: setattr(book["村名册"].protection, "sort", True),
    "a hidden sheet": lambda book: setattr(book["_meta"], "sheet_state", "hidden"),
    "a print title": lambda book: setattr(book["村名册"], "print_title_rows", "1:1"),
    "an orientation": lambda book: setattr(book["村名册"].page_setup, "orientation", "portrait"),
    "a footer": lambda book: setattr(book["村名册"].oddFooter.right, "text", None),
    "a link": lambda book: setattr(linked(book), "location", "镇情!A1"),
    "a merged cell": lambda book: book["填写说明"].unmerge_cells(
        str(next(iter(book["填写说明"].merged_cells.ranges)))
    ),
    "an unlocked cell": lambda book: setattr(
        book["镇情"]["B5"], "protection", openpyxl.styles.Protection()
    ),
    "a format": lambda book: setattr(book["镇情"]["B5"], "number_format", "General"),
}


@pytest.mark.parametrize("what", LOSSES)
def test_the_inventory_misses(what):
    data = blank(township.FORM)
    book = openpyxl.load_workbook(io.BytesIO(data))
    LOSSES[what](book)
    stream = io.BytesIO()
    book.save(stream)
    assert features(stream.getvalue()) != features(saved_again(data))


def test_the_inventory_misses_a_note():
    _, build = BOOKS["village with notes"]
    book = openpyxl.load_workbook(io.BytesIO(build()))
    book["基本情况"]["B5"].comment = None
    stream = io.BytesIO()
    book.save(stream)
    assert features(stream.getvalue()) != features(saved_again(build()))
