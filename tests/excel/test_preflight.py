"""The gate: what a file is, what is refused and in which words, what is seen of the rest."""

import hashlib
import io
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Mapping
from unittest.mock import patch

import pytest
from crafted import SHEET, custom, drawn, edited, packed, part_of, replaced, sheet_of, with_rows
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.cells import a1
from toolkit.excel.gate import preflight as gate
from toolkit.excel.gate import survey
from toolkit.excel.gate.preflight import preflight
from toolkit.excel.gate.refusal import Refusal
from toolkit.schema.workbook import FileFacts

AGAIN = "请在原电脑上重新打开、保存后重新报送。"
SAVE_AS = "请用 Excel 或 WPS 打开，另存为 .xlsx 后重新报送。"
DAMAGED = f"文件没有传完或已损坏，读不了。{AGAIN}"


def errors(data: bytes) -> list[str]:
    return [f"{s.sheet}!{s.cell} {s.text}" for s in preflight(data).facts().errors]


def refusal(data: bytes) -> str:
    with pytest.raises(Refusal) as caught:
        preflight(data)
    return str(caught.value)


def far(data: bytes) -> list[str]:
    """Where the cells stand that calamine must not see in their places."""
    seen = [tab.seen for tab in preflight(data).tabs if tab.seen]
    return [a1(cell.row, cell.column) for survey in seen for cell in survey.far]


# ---- what passes


def test_an_ordinary_workbook_passes_with_hash_and_nothing_to_report() -> None:
    data = drawn()
    seen = preflight(data)
    assert seen.facts() == FileFacts(
        kind=".xlsx",
        sha256=hashlib.sha256(data).hexdigest(),
        editor="Microsoft Excel 12.0000",
        saved=seen.saved,  # now, as openpyxl has it
    )
    assert seen.readable is data


def test_importing_the_gate_loads_no_library() -> None:
    code = (
        "import sys, toolkit.excel.gate.preflight as p;"
        "print({'openpyxl', 'lxml', 'python_calamine', 'zipfile'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def app(application: str, version: str = "") -> str:
    shown = f"<AppVersion>{version}</AppVersion>" if version else ""
    named = f"<Application>\n {application} </Application>" if application else ""
    return f"<Properties><TotalTime>0</TotalTime>{named}{shown}</Properties>"


@pytest.mark.parametrize(
    ("parts", "editor"),
    [
        ({"docProps/app.xml": app("Microsoft Excel", "16.0300")}, "Microsoft Excel 16.0300"),
        (
            {
                "docProps/app.xml": app("WPS Spreadsheets"),
                "docProps/custom.xml": custom(KSOProductBuildVer="1033-11.2.0.11373"),
            },
            "WPS Spreadsheets 11.2.0.11373",
        ),
        (
            {
                "docProps/app.xml": app("Microsoft Excel", "16.0300"),
                "docProps/custom.xml": custom(KSOProductBuildVer="2052-11.1.0.9564"),
            },
            "Microsoft Excel 16.0300",
        ),
        (
            {
                "docProps/app.xml": None,
                "docProps/custom.xml": custom(KSOProductBuildVer="2052-11.1.0.9564"),
            },
            "WPS 11.1.0.9564",
        ),
        ({"docProps/app.xml": None}, ""),
        ({"docProps/app.xml": app("")}, ""),
    ],
)
def test_the_program_that_saved_last_is_named(parts: Mapping[str, str], editor: str) -> None:
    assert preflight(edited(drawn(), parts)).editor == editor


def test_custom_properties_are_given_by_name_and_unescaped() -> None:
    data = edited(drawn(), {"docProps/custom.xml": custom(village="上河 &amp; 下河", form="3.1")})
    assert preflight(data).properties == {"village": "上河 & 下河", "form": "3.1"}


def test_a_property_part_without_properties_gives_none() -> None:
    data = edited(drawn(), {"docProps/custom.xml": "<Properties><lpwstr>x</lpwstr></Properties>"})
    assert preflight(data).properties == {}


def test_macros_and_external_links_are_told_and_harm_nothing() -> None:
    data = edited(
        drawn(),
        {
            "xl/vbaProject.bin": b"\0",
            "xl/externalLinks/externalLink1.xml": (
                '<e><sheetDataSet><sheetData><row r="9"><cell r="A9"/></row></sheetData>'
                "</sheetDataSet></e>"
            ),
        },
    )
    seen = preflight(data)
    assert (seen.macros, seen.external_links) == (True, True)


def test_error_cells_are_named_by_sheet_title_address_and_text() -> None:
    data = with_rows(
        '<row r="2"><c r="B2" t="e"><v>#N/A</v></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
        "<row><c t='e'><v>#REF!</v></c><c t='e'/><c t='str'><v>#5</v></c></row>"
    )
    assert errors(data) == ["整改措施!B2 #N/A", "整改措施!C2 #DIV/0!", "整改措施!A3 #REF!"]


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B2"><f>1+1</f></c>',
        '<c r="B2"><f>1+1</f><v></v></c>',
        '<c r="B2"><f>1+1</f><v/></c>',
        '<c r="B2"><f t="shared" si="0"/></c>',
    ],
)
def test_a_formula_that_nobody_has_reckoned_is_named(cell: str) -> None:
    data = with_rows(f'<row r="2">{cell}</row>')
    assert errors(data) == ["整改措施!B2 公式还没有结果"]


@pytest.mark.parametrize(
    "cell",
    ['<c r="B2"><f>1+1</f><v>2</v></c>', '<c r="B2" t="str"><f>A1</f><v></v></c>', '<c r="B2"/>'],
)
def test_a_formula_with_its_result_is_no_error(cell: str) -> None:
    assert errors(with_rows(f'<row r="2">{cell}</row>')) == []


def test_a_number_sign_in_a_text_is_no_error() -> None:
    data = with_rows('<row r="1"><c r="A1" t="str"><v>#1 楼</v></c></row>')
    assert errors(data) == []


@pytest.mark.parametrize("address", ["C1001", "CU3"])
def test_a_cell_across_a_gap_that_tables_have_is_not_far(address: str) -> None:
    data = drawn({"A1": 1, address: 2, "C90": 4})
    assert far(data) == []
    assert preflight(data).readable is data


def test_a_long_full_table_passes() -> None:
    rows = "".join(f'<row r="{r}"><c r="A{r}"><v>1</v></c></row>' for r in range(1, 12_000))
    assert errors(with_rows(rows)) == []


def test_blank_formatted_cells_to_the_very_end_do_no_harm() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert errors(with_rows(rows)) == []


def test_a_sheet_of_four_digit_rows_passes_without_a_walk() -> None:
    rows = "".join(
        f'<row r="{r}"><c r="A{r}"><v>1</v></c><c r="B{r}"/></row>' for r in range(1, 2_000)
    )
    with patch.object(gate, "walk", side_effect=AssertionError):  # the cheap proof is enough
        assert errors(with_rows(rows)) == []


def test_a_package_with_odd_letter_case_backslashes_and_another_main_part_passes() -> None:
    data = drawn()
    parts = {
        "_rels/.rels": part_of(data, "_rels/.rels").replace("xl/workbook.xml", "/BOOK/Main.XML"),
        "xl/workbook.xml": None,
        "xl/_rels/workbook.xml.rels": None,
        "book\\main.xml": part_of(data, "xl/workbook.xml"),
        "book/_rels/main.xml.rels": part_of(data, "xl/_rels/workbook.xml.rels")
        .replace("worksheets/sheet1.xml", "..\\XL\\.\\blatt.XML"),
        SHEET: None,
        "xl/Blatt.xml": sheet_of('<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row>'),
    }  # fmt: skip
    assert errors(edited(data, parts)) == ["整改措施!A1 #N/A"]


def test_a_stored_part_passes_as_well_as_a_deflated_one() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(drawn())) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    assert errors(file.getvalue()) == []


def test_a_large_part_is_unpacked_step_by_step() -> None:
    noise = b"".join(hashlib.sha256(bytes([n % 256, n // 256])).digest() for n in range(4_000))
    assert errors(edited(drawn(), {"xl/media/a.png": noise})) == []


def test_comments_and_broken_looks_only_cost_the_exact_way() -> None:
    rows = "".join(f'<row r="{r}"><c r="A{r}"><v>1</v></c></row>' for r in range(1, 1_500))
    assert errors(with_rows(f"<!-- {rows} -->{rows}")) == []


# ---- what is refused, by what it is

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
UTF16 = "utf-16-le"
BOF = b"\x09\x08\x10\0\0\x06\x05\0" + bytes(12)  # how the sheets of an .xls begin
PICTURE = "是图片，不是工作簿。请报送填好的 .xlsx 原件。"
FILL_IN = "请把内容填到镇里发放的工作簿里再报送。"
TEXT = f"是纯文本或 CSV 文件，不是工作簿。{FILL_IN}"
PAGE = f"是网页，只是改名成了工作簿，读不了。{FILL_IN}"
OLD = f"是很老的工作簿（Excel 95 以前），读不了。{SAVE_AS}"
LOCKED = "文件设有打开密码，读不了。请去掉密码，另存后重新报送。"
UNKNOWN = f"不是 Excel 工作簿，或已损坏，读不了。{AGAIN}"
SLIDES = "是 PowerPoint 演示文稿，不是工作簿。请报送填好的 .xlsx 工作簿。"
ARCHIVE = "是压缩包，不是工作簿。请解压后报送里面的 .xlsx 文件。"
WORD = "是 Word 文稿，不是工作簿。请报送填好的 .xlsx 工作簿。"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "是空文件，没有内容。请重新保存后报送。"),
        (bytes(300), f"文件内容已经丢失。{AGAIN}"),
        (OLE + "EncryptedPackage".encode(UTF16), LOCKED),
        (OLE + BOF + b"/\0\6\0" + "Workbook\0".encode(UTF16), LOCKED),
        (OLE + BOF + b"\x86\0\0\0/\0\6\0" + "Workbook\0".encode(UTF16), LOCKED),
        (OLE + "WordDocument".encode(UTF16), WORD),
        (OLE + "PowerPoint Document".encode(UTF16), SLIDES),
        (OLE + "SummaryInformation".encode(UTF16), UNKNOWN),
        (b"\x09\x08\x10\0\0\x06\x05\0", OLD),
        (b"\xef\xbb\xbf \r\n<HTML><body><table>", PAGE),
        (b"<!DOCTYPE html><html>", PAGE),
        (b"MIME-Version: 1.0\r\n", PAGE),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            f"是 XML 表格（Excel 2003 格式），读不了。{SAVE_AS}",
        ),
        ("措施编号,责任人\n1,王五\n".encode(), TEXT),
        ("措施编号,责任人\n1,王五\n".encode("gb18030"), TEXT),
        ("措施编号\t责任人\n".encode("utf-16"), TEXT),
        (b'{"a": 1}', TEXT),
        (b"%PDF-1.7\n", "是 PDF 文件，不是工作簿。请报送填好的 .xlsx 原件。"),
        (b"\x89PNG\r\n\x1a\n", PICTURE),
        (b"\xff\xd8\xff\xe0", PICTURE),
        (b"Rar!\x1a\x07", ARCHIVE),
        (b"{\\rtf1}", WORD),
        (b"PK\5\6" + bytes(18), "是空的压缩包，里面什么也没有。请报送填好的 .xlsx 工作簿。"),
        (b"\xff\xff\0\x01" * 40, UNKNOWN),
        (packed({"word/document.xml": "<a/>", "_rels/.rels": "<a/>"}), WORD),
        (packed({"ppt/presentation.xml": "<a/>", "_rels/.rels": "<a/>"}), SLIDES),
        (
            packed(
                {
                    "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                    "META-INF/manifest.xml": "<manifest:encryption-data/>",
                }
            ),
            LOCKED,
        ),
        (packed({"村A.xlsx": b"PK"}), ARCHIVE),
        (edited(drawn(), {"_rels/.rels": None}), DAMAGED),
        (edited(drawn(), {"_rels/.rels": "<a/>"}), DAMAGED),
        (edited(drawn(), {"xl/workbook.xml": None}), DAMAGED),
        (
            edited(drawn(), {"xl/workbook.xml": "<document/>"}),
            "不是 Excel 工作簿。请报送填好的 .xlsx 工作簿。",
        ),
        (
            edited(drawn(), {"xl/workbook.xml": "<workbook><sheets/></workbook>"}),
            f"里面一张工作表也没有。{AGAIN}",
        ),
        (
            edited(drawn(), {SHEET: None}),
            f"工作表“整改措施”的内容在文件里找不到，文件已损坏。{AGAIN}",
        ),
        (
            replaced("xl/workbook.xml", 'r:id="rId1"', 'r:id="rId77"'),
            f"工作表“整改措施”的内容在文件里找不到，文件已损坏。{AGAIN}",
        ),
        (
            edited(drawn(), {"xl/_rels/workbook.xml.rels": None}),
            f"工作表“整改措施”的内容在文件里找不到，文件已损坏。{AGAIN}",
        ),
    ],
)
def test_what_is_no_workbook_is_named_for_what_it_is(data: bytes, sentence: str) -> None:
    assert refusal(data) == sentence


# ---- what is refused, as damaged or hostile


def patched(data: bytes, name: str, offset: int, value: bytes) -> bytes:
    """The package with bytes of one entry of its directory overwritten."""
    found = [m.start() for m in re.finditer(b"PK\1\2", data)]
    at = next(n for n in found if data[n + 46 :].startswith(name.encode()))
    return data[: at + offset] + value + data[at + offset + len(value) :]


def at_end(data: bytes, offset: int, value: bytes) -> bytes:
    """The package with bytes of its end record overwritten."""
    at = len(data) - 22 + offset
    return data[:at] + value + data[at + len(value) :]


def number(value: int, size: int = 4) -> bytes:
    return value.to_bytes(size, "little")


CRC_WRONG = f"文件内部的 {SHEET} 校验和不符，文件已损坏。{AGAIN}"
BOMB = (
    "文件内部的 xl/a.xml 压缩比异常，可能有害，不能打开。请把内容填到镇里发放的工作簿里再报送。"
)  # fmt: skip
FORGED = f"文件内部的 xl/sharedstrings.xml 里的字符串个数与实际不符，不能打开。{SAVE_AS}"


STRANGE = "文件内部有来历不明的文件名，不能打开。请向报送人核实。"


def doctype(part: str) -> str:
    return f"文件内部的 {part} 里有 DOCTYPE 声明，可能有害，不能打开。请向报送人核实。"


def broken(part: str) -> str:
    return f"文件内部的 {part} 内容残缺，文件已损坏。{AGAIN}"


def doubled(name: str) -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name") if name == SHEET else nothing():
        file = io.BytesIO(drawn())
        with zipfile.ZipFile(file, "a") as package:
            package.writestr(name, "<a/>")
    return file.getvalue()


class nothing:  # noqa: N801 -- stands in for a context manager
    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


@pytest.mark.parametrize("name", [SHEET, "XL/worksheets/Sheet1.xml", "xl\\worksheets\\sheet1.xml"])
def test_a_doubled_name_is_refused_whatever_its_case_and_slashes(name: str) -> None:
    assert refusal(doubled(name)) == f"文件内部的 {SHEET} 有重名，可能被改动过。{AGAIN}"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda d: d[: len(d) // 2], DAMAGED),
        (lambda d: d[:-1], DAMAGED),
        (lambda d: d + b"rest", DAMAGED),
        (lambda d: b"PK\3\4" + bytes(40) + d, DAMAGED),
        (lambda d: d + d[-22:], DAMAGED),
        (lambda d: at_end(d, 4, number(1, 2)), DAMAGED),
        (lambda d: at_end(d, 8, number(1, 2)), DAMAGED),
        (lambda d: at_end(at_end(d, 8, number(99, 2)), 10, number(99, 2)), DAMAGED),
        (lambda d: at_end(at_end(d, 8, number(2, 2)), 10, number(2, 2)), DAMAGED),
        (lambda d: patched(d, SHEET, 0, b"PK\1\3"), DAMAGED),
        (lambda d: patched(d, SHEET, 42, number(5)), DAMAGED),
        (lambda d: patched(d, SHEET, 46, b"XL"), DAMAGED),
        (lambda d: patched(d, SHEET, 16, number(7)), CRC_WRONG),
        (lambda d: patched(d, SHEET, 24, number(100)), CRC_WRONG),
        (lambda d: patched(d, SHEET, 24, number(100_000)), CRC_WRONG),
        (lambda d: patched(d, SHEET, 24, number(0)), CRC_WRONG),
        (
            lambda d: patched(d, SHEET, 20, number(30)),
            f"文件内部的 {SHEET} 解不开，文件已损坏。{AGAIN}",
        ),
        (lambda d: patched(d, SHEET, 10, number(12, 2)), f"用了少见的压缩方法，读不了。{SAVE_AS}"),
        (
            lambda d: patched(d, SHEET, 8, number(1, 2)),
            "文件设有压缩密码，读不了。请去掉密码另存后重新报送。",
        ),
        (
            lambda d: patched(d, SHEET, 24, number(600 << 20)),
            "解开后有 601 MB，超过 256 MB。请删去多余的行、工作表和图片后重新报送。",
        ),
        (lambda d: edited(d, {"xl/a.xml": bytes(3 << 20)}), BOMB),
        (lambda d: edited(d, {"../a.xml": "<a/>"}), STRANGE),
        (lambda d: edited(d, {"/a.xml": "<a/>"}), STRANGE),
        (lambda d: edited(d, {"C:\\a.xml": "<a/>"}), STRANGE),
        (
            lambda d: edited(d, {f"a{n}.txt": b"" for n in range(1_000)}),
            (
                "文件内部有 1010 个组成文件，超过 1000 个，不像正常的工作簿。"
                "请把内容填到镇里发放的工作簿里再报送。"
            ),
        ),
        (
            lambda d: replaced("xl/styles.xml", "<styleSheet", "<!DOCTYPE a><styleSheet", d),
            doctype("xl/styles.xml"),
        ),
        (lambda d: replaced(SHEET, "<worksheet", "<!DOCTYPE a><worksheet", d), doctype(SHEET)),
        (
            lambda d: replaced("xl/workbook.xml", "<workbook", "<!DOCTYPE a><workbook", d),
            doctype("xl/workbook.xml"),
        ),
        (
            lambda d: replaced("docProps/app.xml", "<Properties", "<!DOCTYPE a><Properties", d),
            doctype("docprops/app.xml"),
        ),
        (
            lambda d: replaced("xl/sharedStrings.xml", "<sst", "<!DOCTYPE a><sst", d),
            doctype("xl/sharedstrings.xml"),
        ),
        (lambda d: edited(d, {"xl/styles.xml": "<a><b></a>"}), broken("xl/styles.xml")),
        (
            lambda d: edited(d, {"xl/styles.xml": '<?xml version="1.0" encoding="GB2312"?><a/>'}),
            broken("xl/styles.xml"),
        ),
        (
            lambda d: edited(d, {SHEET: sheet_of("<row><c r='XFD1048576'><v>1</c>")}),
            broken(SHEET),
        ),
        (
            lambda d: edited(d, {SHEET: sheet_of('<row r="1000"/><row>' + "<c/>" * 9_000)}),
            broken(SHEET),
        ),
        (
            lambda d: edited(d, {"xl/styles.xml": "<a/>".encode("utf-16")}),
            f"文件内部的 xl/styles.xml 用了少见的编码，读不了。{SAVE_AS}",
        ),
        (
            lambda d: edited(d, {"xl/styles.xml": "<a/>".encode("utf-16-le")}),
            f"文件内部的 xl/styles.xml 用了少见的编码，读不了。{SAVE_AS}",
        ),
        (lambda d: replaced("xl/sharedStrings.xml", 'uniqueCount="1"', 'uniqueCount="1003"', d),
         FORGED),
        (
            lambda d: replaced(
                "xl/sharedStrings.xml", 'uniqueCount="1"', "uniqueCount = '0004294967295'", d
            ),
            FORGED,
        ),
    ],
)  # fmt: skip
def test_what_is_damaged_or_hostile_is_refused_in_plain_words(
    make: Callable[[bytes], bytes], sentence: str
) -> None:
    assert refusal(make(drawn())) == sentence


def test_a_count_of_strings_that_is_a_little_off_passes() -> None:
    near = replaced("xl/sharedStrings.xml", 'uniqueCount="1"', 'uniqueCount="1002"')
    assert errors(near) == []


def test_a_part_that_unpacks_to_more_than_announced_is_cut_off() -> None:
    body = bytes(hashlib.sha256(b"x").digest()) * 900_000
    data = edited(drawn(), {SHEET: body})
    forged = patched(patched(data, SHEET, 24, number(1 << 20)), SHEET, 16, number(zlib.crc32(b"")))
    assert refusal(forged) == CRC_WRONG


# ---- far cells

FAR = [
    '<row r="1048576"><c r="XFD1048576" s="1"><v>1</v></c></row>',
    "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    '<row\nr="1048576"><c\nr="XFD1048576"\n><v>1</v></c></row>',
    '<row spans="1:2" r="1048576"><c s="1" t="n" r="XFD1048576"><v>1</v></c></row>',
    '<row r = "1048576"><c r\t=\t"XFD1048576"><v>1</v></c></row>',
    '<row r="1048576"><c r="&#88;FD1048576"><v>1</v></c></row>',
    '<row r="1"><c r="xfd1048576"><v>1</v></c></row>',
    '<row><c r="XFD1048576"><v>1</v></c></row>',
    '<row r="1048576"><c r="XFC1"/><c r="XFC1048576"/><c><is><t>字</t></is></c></row>',
]


@pytest.mark.parametrize("row", FAR)
def test_a_far_cell_is_caught_however_it_is_spelled(row: str) -> None:
    data = with_rows(f'<row r="1"><c r="A1"><v>1</v></c></row>{row}')
    assert far(data) == ["XFD1048576"]


@pytest.mark.parametrize("prefix", ["x", "ss"])
def test_a_far_cell_is_caught_behind_a_prefix(prefix: str) -> None:
    rows = re.sub(r"<(/?)(?=\w)", rf"<\1{prefix}:", FAR[0])
    assert far(with_rows(rows, prefix)) == ["XFD1048576"]


def test_a_far_cell_is_caught_in_a_renamed_part() -> None:
    data = replaced("xl/_rels/workbook.xml.rels", "worksheets/sheet1.xml", "../a/b.bin")
    assert far(edited(data, {SHEET: None, "a/b.bin": sheet_of(FAR[0])})) == ["XFD1048576"]


def test_a_far_cell_in_a_part_no_sheet_refers_to_is_lifted_as_well() -> None:
    ghost = "xl/worksheets/ghost.xml"
    seen = preflight(edited(drawn(), {ghost: sheet_of(FAR[0])}))
    assert 'r="A1"' in part_of(seen.readable, ghost)
    assert "<v>" not in part_of(seen.readable, ghost).partition('r="A1"')[0]


def filled(*addresses: str) -> bytes:
    return with_rows(
        "".join(
            f'<row r="{re.sub("[A-Z]", "", each)}"><c r="{each}"><v>1</v></c></row>'
            for each in addresses
        )
    )


@pytest.mark.parametrize(
    ("addresses", "beyond"),
    [
        (["A1", "F1000000"], ["F1000000"]),
        (["A1", "XFD400"], ["XFD400"]),
        (["A1", "A10000"], ["A10000"]),
        (["A1", "AAA1"], ["AAA1"]),
        (["A1", "YY5", "A9999"], ["YY5", "A9999"]),  # none of them alone is too much
        (["A1", "YY5"], []),
        (["A1", "A9999"], []),
        (["A1", "A1002", "A2003", "A9000"], []),
        (["A1", "A1002", "A2003", "A3005", "A10000"], ["A3005", "A10000"]),
        (["A1002", "A10000"], ["A1002", "A10000"]),
        (["A1001", "A10000"], ["A10000"]),
        (["A1", "CY1", "GU1", "AAA1"], ["CY1", "GU1", "AAA1"]),
        (["A1", "CX1", "GU1", "AAA1"], ["AAA1"]),
    ],
)
def test_far_is_what_lies_beyond_a_gap_of_a_thousand_rows_or_a_hundred_columns(
    addresses: list[str], beyond: list[str]
) -> None:
    assert far(filled(*addresses)) == beyond


def test_implied_addresses_are_counted() -> None:
    rows = "<row/>" * 60_000 + "<row>" + "<c/>" * 100 + "<c><v>1</v></c></row>"
    assert far(with_rows(rows)) == ["CW60001"]


def test_a_cell_next_to_the_last_near_one_is_near() -> None:
    assert far(with_rows('<row r="1"><c r="ZZ1"><v>1</v></c><c><v>2</v></c></row>')) == []


def far_away(address: str, title: str = "整改措施") -> str:
    return (
        f"工作表“{title}”的单元格 {address} 远离正文，整张表因此大得无法读取。"
        "请删除该单元格所在的行和列，保存后重新报送。"
    )


def test_cells_scattered_all_over_a_sheet_are_refused() -> None:
    scattered = [f"A{row}" for row in range(1, 100_000, 900)]
    assert refusal(filled(*scattered, "CV99001", "GR99002")) == far_away("A99901")


def test_more_far_cells_than_anybody_would_look_at_are_refused() -> None:
    rows = '<row r="500000">' + "<c><v>1</v></c>" * 10_001 + "</row>"
    assert refusal(with_rows(rows)) == far_away("A500000")


def test_a_part_of_that_kind_no_sheet_refers_to_is_refused_by_part_name() -> None:
    rows = '<row r="500000">' + "<c><v>1</v></c>" * 10_001 + "</row>"
    data = edited(drawn(), {"xl/worksheets/ghost.xml": sheet_of(rows)})
    assert refusal(data) == far_away("A500000", "xl/worksheets/ghost.xml")


def test_a_sheet_of_over_25_million_slots_is_refused_at_any_fill() -> None:
    rows = "".join(
        f'<row r="{n}">' + "<c><v>1</v></c>" * 30 + "</row>" for n in range(1, 101)
    )  # fmt: skip
    with (
        patch.object(survey, "SPARSE_SLOTS", 2_000),
        patch.object(survey, "_MOST_SLOTS", 2_500),
        patch.object(gate, "is_near", return_value=False),
    ):
        assert refusal(with_rows(rows)) == (
            "工作表“整改措施”一直填到 AD100，大得无法读取。"
            "请删除不需要报送的行和列，保存后重新报送。"
        )
    assert errors(with_rows(rows)) == []


@pytest.mark.parametrize(
    ("row", "address"),
    [
        ('<row r="0000000"><c><v>1</v></c></row>', "0000000"),
        ('<row r="1048577"><c><v>1</v></c></row>', "1048577"),
        ('<row r="A10000"><c><v>1</v></c></row>', "A10000"),
        ('<row><c r="A4000000000"><v>1</v></c></row>', "A4000000000"),
        ('<row><c r="XFE1"/></row>', "XFE1"),
        ('<row><c r="AAAA1"/></row>', "AAAA1"),
        ('<row><c r="A00000"/></row>', "A00000"),
        ('<row><c r="XFD1"/><c/></row>', "第 1 行第 16385 列"),
        ('<row r="1048576"/><row><c/></row>', "第 1048577 行第 1 列"),
    ],
)
def test_an_address_outside_the_sheet_is_refused(row: str, address: str) -> None:
    sentence = f"文件内部的 {SHEET} 里有不存在的单元格地址“{address}”，文件已损坏。{AGAIN}"
    assert refusal(with_rows(row)) == sentence


# ---- fast and exact way agree

columns = st.sampled_from(["", "A", "Z", "AB", "ZZ", "AAA", "XFD", "a"])
rows_ = st.sampled_from(["1", "7", "99", "100", "999", "1000", "9999", "10000", "12345", "1048576"])
spelled = st.sampled_from(['{p}c r="{a}"', "{p}c s='1' r='{a}'", '{p}c\nr = "{a}"', "{p}c"])
cell = st.tuples(spelled, columns.filter(bool), rows_, st.sampled_from(["v", "e", ""]))
row = st.tuples(st.sampled_from(['r="{}"', "r='{}'", ""]), rows_, st.lists(cell, max_size=4))


def as_xml(rows: list[tuple[str, str, list[tuple[str, str, str, str]]]], p: str) -> str:
    text = ""
    for number_, at, cells in rows:
        text += f"<{p}row {number_.format(at)}>"
        for form, letters, line, kind in cells:
            error = ' t="e"' if kind == "e" else ""
            inside = {"v": f"<{p}v>44926</{p}v>", "e": f"<{p}v>#N/A</{p}v>", "": ""}[kind]
            text += f"<{form.format(p=p, a=letters + line)}{error}>{inside}</{p}c>"
        text += f"</{p}row>"
    return text


def verdict(data: bytes) -> object:
    try:
        seen = preflight(data).facts()
    except Refusal as refused:
        return str(refused)
    return seen.errors, seen.formulas, seen.hidden, far(data)


@settings(max_examples=300, deadline=None)
@given(st.lists(row, max_size=6), st.sampled_from(["", "x"]), st.integers(0, 900))
def test_the_fast_way_says_what_the_exact_way_says(rows, prefix: str, blank: int) -> None:
    p = f"{prefix}:" if prefix else ""
    padding = f"<{p}row>{f'<{p}c/>' * min(blank, 600)}</{p}row>" * (blank % 7)
    data = with_rows(as_xml(rows, p) + padding, prefix)
    fast = verdict(data)
    with patch.object(gate, "is_near", return_value=False):
        exact = verdict(data)
    assert fast == exact
