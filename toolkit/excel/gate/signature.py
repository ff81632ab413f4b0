"""What a file is, by its first bytes, whatever its name says."""

import re

from toolkit.excel.gate.refusal import FILL_IN, LOCKED, SAVE_AS, SEND_AGAIN, Refusal

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PASSWORD = re.compile(  # FILEPASS right after the first record, of Excel 97 or 95
    rb"\x09\x08(?:\x10\0\0\x06\x05\0.{12}|\x08\0\0\x05\x05\0.{4})(?:\x86\0\0\0)?/\0", re.DOTALL
)
_MACROS = "_VBA_PROJECT_CUR".encode("utf-16-le")
_WORD = "是 Word 文稿，不是工作簿。请报送填好的 .xlsx 工作簿。"
_SLIDES = "是 PowerPoint 演示文稿，不是工作簿。请报送填好的 .xlsx 工作簿。"
_STREAMS = (
    ("WordDocument".encode("utf-16-le"), _WORD),
    ("PowerPoint Document".encode("utf-16-le"), _SLIDES),
)
_BOOKS = tuple(stream.encode("utf-16-le") + b"\0\0" for stream in ("Workbook", "Book"))
_PICTURE = "是图片，不是工作簿。请报送填好的 .xlsx 原件。"
ARCHIVE = "是压缩包，不是工作簿。请解压后报送里面的 .xlsx 文件。"
_STARTS = (
    (b"%PDF", "是 PDF 文件，不是工作簿。请报送填好的 .xlsx 原件。"),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"BM", _PICTURE),
    (b"RIFF", _PICTURE),
    (b"II*\0", _PICTURE),
    (b"MM\0*", _PICTURE),
    (b"Rar!", ARCHIVE),
    (b"7z\xbc\xaf", ARCHIVE),
    (b"{\\rtf", _WORD),
    (b"PK\5\6", "是空的压缩包，里面什么也没有。请报送填好的 .xlsx 工作簿。"),
)
_UNKNOWN = f"不是 Excel 工作簿，或已损坏，读不了。{SEND_AGAIN}"
_BIFF = re.compile(rb"\x09[\0\2\4\x08].\0", re.DOTALL)  # a bare stream of Excel 2 to 95
_WEB_PAGE = re.compile(rb"<!doctype\s+html|<html|<table|<head|<meta|mime-version:", re.IGNORECASE)
_SPREADSHEET_2003 = b"urn:schemas-microsoft-com:office:spreadsheet"

FOREIGN_PACKAGES = (("word/", _WORD), ("ppt/", _SLIDES))
"""How a part's name begins in packages of another kind, and what is said of them."""


def is_package(data: bytes) -> bool:
    """Say whether a file is a package, False where it is an old workbook; refuse all else by name.

    Raises Refusal.
    """
    if not data:
        raise Refusal("是空文件，没有内容。请重新保存后报送。")
    if data.startswith(b"PK\3\4"):
        return True
    if data.startswith(_OLE):
        _judge_streams(data)
        return False
    for start, sentence in _STARTS:
        if data.startswith(start):
            raise Refusal(sentence)
    if _BIFF.match(data):
        raise Refusal(f"是很老的工作簿（Excel 95 以前），读不了。{SAVE_AS}")
    if not data.strip(b"\0"):
        raise Refusal(f"文件内容已经丢失。{SEND_AGAIN}")
    raise Refusal(_text_kind(data))


def has_old_macros(data: bytes) -> bool:
    """Say whether an old workbook (.xls, .et) carries macros."""
    return _MACROS in data


def _judge_streams(data: bytes) -> None:
    """Refuse by name what lies in the container of .xls without being one."""
    if _ENCRYPTED in data or _PASSWORD.search(data):
        raise Refusal(LOCKED)
    if any(book in data for book in _BOOKS):
        return
    for stream, sentence in _STREAMS:
        if stream in data:
            raise Refusal(sentence)
    raise Refusal(_UNKNOWN)


def _text_kind(data: bytes) -> str:
    """Return the sentence for bytes that may be text."""
    head = data[:4096]
    if _SPREADSHEET_2003 in head:
        return f"是 XML 表格（Excel 2003 格式），读不了。{SAVE_AS}"
    if _WEB_PAGE.match(head.removeprefix(b"\xef\xbb\xbf").lstrip()):
        return f"是网页，只是改名成了工作簿，读不了。{FILL_IN}"
    for encoding in ("utf-8", "utf-16", "gb18030"):
        if encoding == "utf-16" and head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        text = data.decode(encoding, errors="replace")
        if "\0" not in text and text.count("\ufffd") * 20 <= len(text):
            return f"是纯文本或 CSV 文件，不是工作簿。{FILL_IN}"
    return _UNKNOWN
