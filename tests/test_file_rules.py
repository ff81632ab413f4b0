"""What a file's bytes tell, through the gate to the rule that speaks of it, on real files."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from toolkit import flow
from toolkit.demo import example_township
from toolkit.excel.blank import build_workbook
from toolkit.schema.form import FORM_PROPERTY, META_SHEET

NAME = "0205-柳湾村-2022.xlsx"
DAY = dt.date(2022, 10, 31)
SHEET = "整改措施"


def example() -> bytes:
    """The clean village's workbook."""
    book = next(each for each in example_township().villages if each.file_name == NAME)
    return build_workbook(book.form, book.identity, book.filling)


def edited(change: Callable[[openpyxl.Workbook], object]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(example()))
    change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(name: str, content: bytes = b"") -> bytes:
    file = io.BytesIO(example())
    with zipfile.ZipFile(file, "a") as package:
        package.writestr(name, content)
    return file.getvalue()


def with_cell(address: str, content: str) -> bytes:
    """The example with a cell spelled as a program spells it, after all others of its row."""
    file = io.BytesIO()
    part = "xl/worksheets/sheet7.xml"
    with zipfile.ZipFile(io.BytesIO(example())) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == part:
                assert (
                    "措施编号"
                    in openpyxl.load_workbook(io.BytesIO(example())).worksheets[6]["A3"].value
                )
                at = data.index(b'<row r="4"')
                end = data.index(b"</row>", at)
                cell = f'<c r="{address}">{content}</c>'.encode()
                data = data[:end] + cell + data[end:]
            new.writestr(name, data)
    return file.getvalue()


def with_text_box() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(example())) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        relations = "xl/worksheets/_rels/sheet7.xml.rels"
        assert relations not in old.namelist()
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing"
        new.writestr(
            relations,
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r9" Type="{kind}" Target="../drawings/drawing9.xml"/>'
            "</Relationships>",
        )
        new.writestr(
            "xl/drawings/drawing9.xml",
            '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/'
            'spreadsheetDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
            "<xdr:sp><xdr:txBody><a:p><a:r><a:t>新增：修建凉亭</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
            "</xdr:wsDr>",
        )
    return file.getvalue()


def hide_row(book):
    book[SHEET].row_dimensions[5].hidden = True


def hide_another_sheet(book):
    book.create_sheet("草稿")["B2"] = "算了一下"
    book["草稿"].sheet_state = "veryHidden"


def format_far_down(book):
    book[SHEET].row_dimensions[3000].height = 30


def lose_the_marks(book):
    del book.custom_doc_props[FORM_PROPERTY]
    del book[META_SHEET]
    for row in book["填写说明"].iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith("village-workbook/"):
                cell.value = None


@pytest.mark.parametrize(
    ("code", "sheet", "cells", "data"),
    [
        ("L107", "", (), lambda: with_part("xl/vbaProject.bin")),
        (
            "L108",
            "",
            (),
            lambda: with_part("xl/externalLinks/externalLink1.xml", b"<externalLink/>"),
        ),
        ("L109", SHEET, ("A5",), lambda: edited(hide_row)),
        ("L110", "草稿", (), lambda: edited(hide_another_sheet)),
        ("L111", SHEET, ("XFD4",), lambda: with_cell("XFD4", "<v>7</v>")),
        ("L112", SHEET, ("A3000",), lambda: edited(format_far_down)),
        ("L113", SHEET, ("P4",), lambda: with_cell("P4", '<f>_xlfn.DISPIMG("ID_1",1)</f><v>0</v>')),
        ("L115", "", (), lambda: edited(lose_the_marks)),
        ("L117", SHEET, (), with_text_box),
    ],
    ids=lambda value: value if isinstance(value, str) and value[:1] == "L" else "",
)
def test_a_file_trips_the_rule_that_speaks_of_it(tmp_path, code, sheet, cells, data):
    path = Path(tmp_path / NAME)
    path.write_bytes(data())
    findings = flow.check([path], DAY).findings
    assert [(each.rule, each.sheet, each.cells) for each in findings] == [(code, sheet, cells)]
