"""A plan's file as lines: what it is, its bytes say; nothing of its text is dropped or touched."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from toolkit.errors import UnreadableError
from toolkit.intake.word import Damaged, word_lines

_MOST_BYTES = 64 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE_AS = "请用 Word 或 WPS 打开，另存为 .docx 后再读入。"
_PICTURE = "是图片，读不出文字。请交方案的 Word 原件（.docx）。"
_STARTS = (
    (b"%PDF", "是 PDF 文件，读不了。请交方案的 Word 原件（.docx）。"),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"{\\rtf", f"是 RTF 文稿，读不了。{_SAVE_AS}"),
    (b"Rar!", "是压缩包，读不了。请解压后再读入里面的方案。"),
    (b"7z\xbc\xaf", "是压缩包，读不了。请解压后再读入里面的方案。"),
)
_WEB_PAGE = re.compile(r"\s*(?:<!doctype|<html|<\?xml|mime-version:)", re.IGNORECASE)
_CONTROL = re.compile(r"[\0-\x08\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text, or paragraph of a Word file, as written; counted from 1.

    `aside` says where it stands if that is not the running text: 表格, 文本框, 页眉页脚.
    """

    number: int
    text: str
    unit: str = "行"
    aside: str = ""

    @property
    def place(self) -> str:
        """The line in people's words.

        >>> Line(3, "……", "段", aside="表格").place
        '第3段（表格）'
        """
        return f"第{self.number}{self.unit}" + (f"（{self.aside}）" if self.aside else "")


def read_lines(path: Path) -> tuple[Line, ...]:
    """Return the lines of a file; raises UnreadableError, one sentence, if it cannot be read."""
    try:
        lines = tuple(_lines(_bytes(path)))
    except (_Refused, Damaged) as refused:
        raise UnreadableError(f"{path.name}：{refused}") from None
    if not any(line.text.strip() for line in lines):
        raise UnreadableError(f"{path.name}：里面没有文字。请检查文件，保存后再读入。")
    return lines


class _Refused(Exception):  # noqa: N818 -- a verdict on its way to read_lines, which adds the name
    """The sentence of a refusal, still without the file's name."""


def _bytes(path: Path) -> bytes:
    if path.name.startswith(("~$", ".~")):
        raise _Refused("是 Word 或 WPS 的锁文件，不是方案。请选方案原件。")
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _Refused("文件太大，不像一份方案。请删去里面的图片，保存后再读入。")
        return path.read_bytes()
    except FileNotFoundError:
        raise _Refused("找不到这个文件。请检查文件名和所在文件夹。") from None
    except IsADirectoryError:
        raise _Refused("是文件夹，不是方案。请选里面的方案文件。") from None
    except PermissionError:
        raise _Refused(
            "打不开，可能正被 Word 或 WPS 占用，或没有读取权限。请关闭文件后再试。"
        ) from None
    except OSError:
        raise _Refused("读取中断。请检查磁盘、U 盘或网络，再试一次。") from None


def _lines(data: bytes) -> Iterator[Line]:
    if not data:
        raise _Refused("是空文件，没有内容。请重新保存后再读入。")
    if data.startswith(b"PK\3\4"):
        for number, text, aside in word_lines(data):
            yield Line(number, text, "段", aside)
        return
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise _Refused("文件设有打开密码，读不了。请去掉密码，保存后再读入。")
        raise _Refused(f"是老格式 Word 文稿（.doc 或 .wps），读不了。{_SAVE_AS}")
    for start, sentence in _STARTS:
        if data.startswith(start):
            raise _Refused(sentence)
    for number, text in enumerate(re.split(r"\r\n|[\r\n\f\v\u2028\u2029]", _text(data)), start=1):
        yield Line(number, text)


def _text(data: bytes) -> str:
    """Return the bytes as text: UTF-8, UTF-16 with its mark, or GB18030."""
    utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROL.search(text):
            break
        if _WEB_PAGE.match(text):
            raise _Refused(f"是网页或 XML 文件，读不了。{_SAVE_AS}")
        return text
    raise _Refused(f"不是 Word 文稿，也不是文本文件，读不了。{_SAVE_AS}")
