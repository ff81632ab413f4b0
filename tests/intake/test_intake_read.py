"""Files that are plans, and files that are not: each gets one plain sentence."""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from toolkit.errors import UnreadableError
from toolkit.intake.text import Line, read_lines

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def texts(path: Path) -> list[str]:
    return [line.text for line in read_lines(path) if line.text]


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableError) as caught:
        read_lines(path)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_is_read_in_each_encoding_that_offices_use(tmp_path, encoding) -> None:
    path = tmp_path / "方案.txt"
    path.write_bytes("一、基本情况\r\n\r\n　　上河村。".encode(encoding))
    assert read_lines(path) == (Line(1, "一、基本情况"), Line(2, ""), Line(3, "　　上河村。"))


def packed(**parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, text in parts.items():
            package.writestr(name.replace("__", "/").replace("_", "."), text)
    return buffer.getvalue()


def encrypted() -> bytes:
    data = bytearray(packed(word__document_xml="<a/>"))
    central = data.index(b"PK\1\2")
    data[central + 8] |= 1
    return bytes(data)


def crossed() -> bytes:
    """Return a package one of whose parts changed on its way."""
    data = packed(word__document_xml="<a/>" * 9)
    return data.replace(b"<a/><a/>", b"<a/><b/>", 1)


DAMAGED = "文件没有传完或已损坏，读不了。请用 Word 或 WPS 重新打开、保存后再读入。"
SAVE_AS = "请用 Word 或 WPS 打开，另存为 .docx 后再读入。"
LOCKED = "文件设有打开密码，读不了。请去掉密码，保存后再读入。"
BROKEN = (
    ("空", b"", "是空文件，没有内容。请重新保存后再读入。"),
    ("白", b"\r\n \n", "里面没有文字。请检查文件，保存后再读入。"),
    ("doc", OLE + b"\0" * 99, f"是老格式 Word 文稿（.doc 或 .wps），读不了。{SAVE_AS}"),
    ("锁", OLE + "EncryptedPackage".encode("utf-16-le"), LOCKED),
    ("压锁", encrypted(), LOCKED),
    ("pdf", b"%PDF-1.7", "是 PDF 文件，读不了。请交方案的 Word 原件（.docx）。"),
    ("图", b"\x89PNG\r\n", "是图片，读不出文字。请交方案的 Word 原件（.docx）。"),
    ("rtf", b"{\\rtf1", f"是 RTF 文稿，读不了。{SAVE_AS}"),
    ("rar", b"Rar!\x1a", "是压缩包，读不了。请解压后再读入里面的方案。"),
    ("网页", b"<html><p>", f"是网页或 XML 文件，读不了。{SAVE_AS}"),
    ("控制", b"\0\1\2\3", f"不是 Word 文稿，也不是文本文件，读不了。{SAVE_AS}"),
    ("乱码", b"\xff\xff\xff\xff", f"不是 Word 文稿，也不是文本文件，读不了。{SAVE_AS}"),
    ("截断", packed(word__document_xml="<a/>")[:40], DAMAGED),
    ("错码", crossed(), DAMAGED),
    ("假", packed(word__document_xml="<a/>"), DAMAGED),
    (
        "表",
        packed(xl__workbook_xml="<a/>"),
        "是 Excel 工作簿，不是方案。请选方案的 Word 或文本文件。",
    ),
    ("包", packed(a_txt="a"), "不是 Word 文稿，读不了。请用 Word 或 WPS 另存为 .docx 后再读入。"),
)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [each[1:] for each in BROKEN],
    ids=[each[0] for each in BROKEN],
)
def test_what_cannot_be_read_is_named(tmp_path, data, sentence) -> None:
    path = tmp_path / "方案.docx"
    path.write_bytes(data)
    assert refusal(path) == f"方案.docx：{sentence}"


def test_a_missing_file_a_folder_and_a_lock_file_are_named(tmp_path) -> None:
    (tmp_path / "夹").mkdir()
    assert refusal(tmp_path / "无.txt") == "无.txt：找不到这个文件。请检查文件名和所在文件夹。"
    assert refusal(tmp_path / "夹") == "夹：是文件夹，不是方案。请选里面的方案文件。"
    locked = "~$方案.docx：是 Word 或 WPS 的锁文件，不是方案。请选方案原件。"
    assert refusal(tmp_path / "~$方案.docx") == locked


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (PermissionError, "打不开，可能正被 Word 或 WPS 占用，或没有读取权限。请关闭文件后再试。"),
        (OSError, "读取中断。请检查磁盘、U 盘或网络，再试一次。"),
    ],
)
def test_a_file_that_windows_withholds_is_named(tmp_path, monkeypatch, error, sentence) -> None:
    def withhold(_: Path) -> bytes:
        raise error

    path = tmp_path / "方案.txt"
    path.write_text("甲", "utf-8")
    monkeypatch.setattr(Path, "read_bytes", withhold)
    assert refusal(path) == f"方案.txt：{sentence}"


def test_what_is_far_too_big_is_refused(tmp_path, monkeypatch) -> None:
    path = tmp_path / "方案.docx"
    docx.Document().save(str(path))
    monkeypatch.setattr("toolkit.intake.word._MOST_UNPACKED", 10)
    assert refusal(path) == "方案.docx：文件展开后大得不正常，不予读取。请重新保存后再读入。"
    monkeypatch.setattr("toolkit.intake.text._MOST_BYTES", 10)
    sentence = "文件太大，不像一份方案。请删去里面的图片，保存后再读入。"
    assert refusal(path) == f"方案.docx：{sentence}"


# ---- Word files


def saved(document, tmp_path) -> Path:
    path = tmp_path / "方案.docx"
    document.save(str(path))
    return path


def numbered(text: str, level: int, list_id: int = 77):
    return parse_xml(
        f'<w:p {nsdecls("w")}><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/>'
        f"</w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
    )


def test_numbers_that_word_counts_are_written_out(tmp_path) -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for at, form, text in (
            (0, "chineseCountingThousand", "%1、"),
            (1, "decimal", "%1.%2."),
            (2, "bullet", "·"),
            (3, "decimalEnclosedCircle", "%4%9"),
        )
    )
    abstract = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>'
    numbering.insert(0, parse_xml(abstract))
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>')
    )
    style = document.styles["Heading 1"].element
    style.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="77"/></w:numPr>')
    )
    body = document.element.body
    for index, (text, level) in enumerate(
        [("甲", 0), ("子", 1), ("丑", 1), ("点", 2), ("圈", 3), ("乙", 0), ("寅", 1), ("无", 8)]
    ):
        body.insert(index, numbered(text, level))
    document.add_paragraph("丙", style="Heading 1")
    document.add_paragraph("", style="Heading 1")
    found = texts(saved(document, tmp_path))
    assert found == [
        "一、甲",
        "一.1.子",
        "一.2.丑",
        "点",
        "①圈",
        "二、乙",
        "二.1.寅",
        "无",
        "三、丙",
    ]


def test_deleted_words_go_inserted_ones_stay_and_a_break_makes_a_line(tmp_path) -> None:
    document = docx.Document()
    document.element.body.insert(
        0,
        parse_xml(
            f'<w:p {nsdecls("w")}><w:ins w:id="1" w:author="a"><w:r><w:t>上河</w:t></w:r></w:ins>'
            '<w:del w:id="2" w:author="a"><w:r><w:delText>下河</w:delText></w:r></w:del>'
            "<w:moveFrom w:id='3'><w:r><w:t>移走</w:t></w:r></w:moveFrom>"
            "<w:r><w:t>村</w:t><w:tab/><w:br/><w:t>二</w:t><w:noBreakHyphen/></w:r></w:p>"
        ),
    )
    assert texts(saved(document, tmp_path)) == ["上河村\t", "二-"]


def test_what_stands_beside_the_text_is_told_apart_not_dropped(tmp_path) -> None:
    document = docx.Document()
    document.add_paragraph("正文")
    document.add_table(1, 1).cell(0, 0).text = "表中字"
    document.add_paragraph().add_run()._r.append(  # noqa: SLF001 -- a text box has no API
        parse_xml(
            f"<w:pict {nsdecls('w')}><w:txbxContent><w:p><w:r><w:t>框中字</w:t></w:r></w:p>"
            "</w:txbxContent></w:pict>"
        )
    )
    document.add_paragraph().add_run()._r.append(  # noqa: SLF001 -- as above
        parse_xml(
            '<mc:Fallback xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
            f"{nsdecls('w')}><w:p><w:r><w:t>框中字</w:t></w:r></w:p></mc:Fallback>"
        )
    )
    document.sections[0].header.paragraphs[0].text = "内部资料"
    document.sections[0].footer.paragraphs[0].text = "第 1 页 共 3 页"
    found = read_lines(saved(document, tmp_path))
    assert [(line.text, line.aside) for line in found if line.text] == [
        ("正文", ""),
        ("表中字", "表格"),
        ("框中字", "文本框"),
        ("内部资料", "页眉、页脚或批注"),
    ]
    assert found[1].place == "第2段（表格）"
