"""Results on disk: written whole or not at all, the previous one kept, none rewritten in vain."""

import contextlib
import errno
import os
import re
import tempfile
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from toolkit.errors import OutputError

# Half characters and marks that turn the direction of writing serve only to mislead.
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\ufeff\ud800-\udfff]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[1-9]|lpt[1-9])(\.|$)", re.IGNORECASE)  # by Windows
_LONGEST_NAME = 60  # characters: Linux holds 85 Chinese ones, Windows 260 for a whole path
_HELD = {5, 32, 33}  # what Windows answers while Excel, a scanner or a sync client holds a file
_WAITS = (0.05, 0.1, 0.2, 0.4, 0.8)  # seconds; scanners let go within a second or two


def safe_name(text: str) -> str:
    """Return a text from a workbook as part of a file name.

    >>> safe_name("上河村/一组*2022"), safe_name(" .. "), safe_name("con.xlsx")
    ('上河村_一组_2022', '未命名', '_con.xlsx')
    """
    name = _UNSAFE.sub("_", unicodedata.normalize("NFC", text)).strip(" .")
    name = f"_{name}" if _RESERVED.match(name) else name
    return name[:_LONGEST_NAME].rstrip(" .") or "未命名"


def admit(path: Path) -> None:
    """Refuse, by an OutputError, a place where no file can be written."""
    try:
        if path.is_symlink() or (path.exists() and not path.is_file() and not path.is_dir()):
            raise OutputError(f"{path}：这是链接或设备，不能当作结果文件。请用 -o 另指定文件名。")
        if path.is_dir():
            raise OutputError(f"{path}：这是文件夹，不能当作结果文件。请用 -o 另指定文件名。")
    except OSError as error:  # too long a name, a share that has gone
        raise OutputError(f"{path}：{_mishap(error)}") from None
    admit_folder(path.parent)


def admit_folder(folder: Path) -> None:
    """Refuse, by an OutputError, a folder that is none, or lies in a file."""
    for place in (folder, *folder.parents):
        if place.is_file():
            raise OutputError(f"{place}：这是文件，不是文件夹，不能存放结果。请换一个文件夹。")


def write_output(path: Path, data: bytes) -> bool:
    """Write a result and return True, or return False where the very same bytes stand already.

    A temporary file in the same folder takes the name in one step; what had it before stays as
    `….bak`. Raises OutputError, with everything as it was, where that cannot be done.
    """
    admit(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file():
            with _temporary(path.parent, data) as fresh:
                _rename(fresh, path)
            return True
        old = path.read_bytes()
        if old == data:
            return False
        _exchange(path, data, old)
    except PermissionError:
        raise OutputError(_refusal(path)) from None
    except OSError as error:
        raise OutputError(f"{path}：{_mishap(error)}") from None
    return True


_MISHAPS = {
    errno.ENOSPC: "磁盘空间不够，没有写成，原有文件没有改动。请清理磁盘后再试。",
    errno.EDQUOT: "磁盘配额已用完，没有写成，原有文件没有改动。请清理磁盘后再试。",
    errno.ENAMETOOLONG: "文件名或路径太长，没有写成。请换一个短一些的名字。",
}


def _mishap(error: OSError) -> str:
    """Return what went wrong with the disk and what to do."""
    usual = f"写入出错（代码 {error.errno}），原有文件没有改动。请检查磁盘和网络后再试。"
    return _MISHAPS.get(error.errno or 0, usual)


def _exchange(path: Path, data: bytes, old: bytes) -> None:
    """Put new content in the place of old, and the old beside it; both or neither."""
    with _temporary(path.parent, data) as fresh, _temporary(path.parent, old) as kept:
        _rename(fresh, path)
        try:
            _rename(kept, backup_of(path))
        except OSError:
            _rename(kept, path)
            raise


def backup_of(path: Path) -> Path:
    """Return where the previous version of a result stands."""
    return path.with_name(f"{path.name}.bak")


def _refusal(path: Path) -> str:
    """Return what stands in the way."""
    if path.is_file():
        backup = backup_of(path)
        also = f"（或它的备份 {backup.name}）" if backup.exists() else ""
        return f"{path}：写不进去，可能正在 Excel、WPS 或 Word 中打开{also}。请先关闭再试。"
    folder = path.parent if path.parent.name not in {"", ".."} else path.parent.resolve()
    return f"{folder}：这个文件夹写不进去。请换一个文件夹，或检查权限后再试。"


@contextlib.contextmanager
def _temporary(folder: Path, data: bytes) -> Iterator[Path]:
    """Yield a file with the data, safe on the disk; it is gone afterwards unless renamed."""
    handle, name = tempfile.mkstemp(prefix=".zhengdun-", suffix=".tmp", dir=folder)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        with contextlib.suppress(OSError):  # a share may know no modes
            temporary.chmod(0o644)
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _rename(temporary: Path, path: Path) -> None:
    """Give a file its name, in one step; wait a little for whoever holds the old one."""
    for wait in _WAITS:
        try:
            temporary.replace(path)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _HELD:
                raise
            time.sleep(wait)
        else:
            break
    else:
        temporary.replace(path)
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Make the names in a folder outlive a power cut, where the system can do that."""
    with contextlib.suppress(OSError):  # Windows opens no folders, some shares sync none
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
