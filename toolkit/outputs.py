"""Results on disk: written whole or not at all, the previous one kept, none rewritten in vain."""

import contextlib
import errno
import os
import re
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

from toolkit.errors import OutputError
from toolkit.turns import LOCK, turn

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
    except OSError as error:  # too long a name, a share that has gone, a folder closed to us
        raise OutputError(_mishap(path, error)) from None
    admit_folder(path.parent)


def admit_folder(folder: Path) -> None:
    """Refuse, by an OutputError, a folder that is none, lies in a file, or is closed to us."""
    try:
        for place in (folder, *folder.parents):
            if place.is_file():
                raise OutputError(f"{place}：这是文件，不是文件夹，不能存放结果。请换一个文件夹。")
    except OSError as error:
        raise OutputError(_mishap(folder, error)) from None


def write_output(path: Path, data: bytes, still: Callable[[], None] = lambda: None) -> bool:
    """Write a result and return True, or return False where the very same bytes stand already.

    A temporary file in the same folder takes the name in one step; what had it before stays as
    `….bak`. `still` raises where the place may not be taken; it is asked again once nobody else
    writes there. Raises OutputError, with everything as it was, where it cannot be written.
    """
    admit(path)
    made = _missing(path.parent)
    try:
        still()
        sweep(path.parent)
        if _holds(path, data):
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        with turn(path.parent):
            still()
            return _written(path, data)
    except OSError as error:
        _take_back(made)
        raise OutputError(_mishap(path, error)) from None
    except OutputError:
        _take_back(made)
        raise


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


def _written(path: Path, data: bytes) -> bool:
    """Write what differs from what stands there."""
    if _holds(path, data):
        return False
    if path.is_file():
        _exchange(path, data, path.read_bytes())
        return True
    with _temporary(path.parent, data) as fresh:
        _rename(fresh, path)
    return True


def _missing(folder: Path) -> list[Path]:
    """Return the folders that must be made, the innermost first."""
    with contextlib.suppress(OSError):
        return [place for place in (folder, *folder.parents) if not place.exists()]
    return []


def _take_back(made: list[Path]) -> None:
    """Remove the folders that were made for a result which could not be written."""
    with contextlib.suppress(OSError):  # one that holds anything stays
        for folder in made:
            folder.rmdir()


_MISHAPS = {
    errno.ENOSPC: "磁盘空间不够，没有写成，原有文件没有改动。请清理磁盘后再试。",
    errno.EDQUOT: "磁盘配额已用完，没有写成，原有文件没有改动。请清理磁盘后再试。",
    errno.EROFS: "磁盘或共享文件夹是只读的，没有写成。请换一个文件夹。",
    errno.ENAMETOOLONG: "文件名或路径太长，没有写成。请换一个短一些的名字。",
}


def _mishap(path: Path, error: OSError) -> str:
    """Return what went wrong with the disk and what to do."""
    if isinstance(error, PermissionError):
        return _refusal(path)
    usual = f"写入出错（代码 {error.errno}），原有文件没有改动。请检查磁盘和网络后再试。"
    return f"{path}：{_MISHAPS.get(error.errno or 0, usual)}"


def _exchange(path: Path, data: bytes, old: bytes) -> None:
    """Put new content in the place of old, and the old beside it; both or neither.

    The old goes beside it first: whatever ends us in between, it is never without a place.
    """
    backup = backup_of(path)
    older = backup.read_bytes() if backup.is_file() else None
    with _temporary(path.parent, data) as fresh, _temporary(path.parent, old) as kept:
        _rename(kept, backup)
        try:
            _rename(fresh, path)
        except OSError:
            _put_back(backup, older)
            raise


def _put_back(backup: Path, older: bytes | None) -> None:
    """Restore the backup before last; where that fails too, the last one is whole all the same."""
    with contextlib.suppress(OSError):
        if older is None:
            backup.unlink()
            return
        with _temporary(backup.parent, older) as again:
            _rename(again, backup)


def backup_of(path: Path) -> Path:
    """Return where the previous version of a result stands."""
    return path.with_name(f"{path.name}.bak")


def _refusal(path: Path) -> str:
    """Return what stands in the way."""
    with contextlib.suppress(OSError):  # nobody may look into the folder
        if path.is_file():
            backup = backup_of(path)
            also = f"（或它的备份 {backup.name}）" if backup.exists() else ""
            return f"{path}：写不进去，可能正在 Excel、WPS 或 Word 中打开{also}。请先关闭再试。"
    folder = path.parent if path.parent.name not in {"", ".."} else path.parent.resolve()
    return f"{folder}：这个文件夹写不进去。请换一个文件夹，或检查权限后再试。"


# -- temporary files ----------------------------------------------------------------------------

_PREFIX, _SUFFIX = ".zhengdun-", ".tmp"
_STRAY = re.compile(rf"{re.escape(_PREFIX)}[a-z0-9_]{{8}}{re.escape(_SUFFIX)}")  # as mkstemp names
_STALE = 3600  # seconds; no file takes as long to write
_looked_through: set[str] = set()  # the folders that this process has looked for strays in


@contextlib.contextmanager
def _temporary(folder: Path, data: bytes) -> Iterator[Path]:
    """Yield a file with the data, safe on the disk; it is gone afterwards unless renamed."""
    handle, name = tempfile.mkstemp(prefix=_PREFIX, suffix=_SUFFIX, dir=folder)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        with contextlib.suppress(OSError):  # a share may know no modes
            temporary.chmod(0o644)
        if temporary.read_bytes() != data:  # a share may lose what it has taken
            raise OSError(errno.EIO, "read back otherwise")
        yield temporary
    finally:
        with contextlib.suppress(OSError):  # the next run sweeps it
            temporary.unlink()


def is_stray(path: Path) -> bool:
    """Say whether a file bears a name that only our own temporary files have.

    >>> [is_stray(Path(name)) for name in (".zhengdun.lock", ".zhengdun-k3v_9x2a.tmp", "村.tmp")]
    [True, True, False]
    """
    return path.name == LOCK or _STRAY.fullmatch(path.name) is not None


def sweep(folder: Path) -> None:
    """Remove what runs that were killed have left in a folder where results go.

    While the folder is ours alone nobody else's file can be in use; where the system cannot promise
    that, only old ones are taken. A lock file goes with the turn. A process looks once, for many
    results may go there. Raises OutputError as `turn` does.
    """
    place = os.path.realpath(folder)
    if place in _looked_through:
        return
    _looked_through.add(place)
    with contextlib.suppress(OSError):  # writing will tell what is wrong
        strays = [path for path in folder.iterdir() if is_stray(path)]
        if not strays:
            return
        with turn(folder) as alone:
            for path in strays:
                with contextlib.suppress(OSError):
                    if path.name != LOCK and (alone or _age(path) > _STALE):
                        path.unlink()


def _age(path: Path) -> float:
    """Return how many seconds ago a file was written, by the computer's clock."""
    return time.time() - path.lstat().st_mtime


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
