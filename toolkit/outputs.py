"""Results on disk: written whole or not at all, the previous one kept, none rewritten in vain."""

import contextlib
import os
import re
import tempfile
from pathlib import Path

from toolkit.errors import OutputError

_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_LONGEST_NAME = 60  # characters: Linux holds 85 Chinese ones, Windows 260 for a whole path


def safe_name(text: str) -> str:
    """Return a text from a workbook as part of a file name.

    >>> safe_name("上河村/一组*2022")
    '上河村_一组_2022'
    """
    return _UNSAFE.sub("_", text).strip(" .")[:_LONGEST_NAME] or "未命名"


def write_output(path: Path, data: bytes) -> bool:
    """Write a result and return True, or return False where the very same bytes stand already.

    A temporary file in the same folder takes the name in one step; what had it before stays as
    `….bak`. Raises OutputError, with everything as it was, where that cannot be done.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file():
            if path.read_bytes() == data:
                return False
            _replace(path.with_name(f"{path.name}.bak"), path.read_bytes())
        _replace(path, data)
    except (PermissionError, FileExistsError, NotADirectoryError, IsADirectoryError):
        raise OutputError(_refusal(path)) from None
    except OSError as error:
        raise OutputError(
            f"{path}：写入失败（{error.strerror}），原有文件没有改动。请检查磁盘空间和网络后再试。"
        ) from None
    return True


def _refusal(path: Path) -> str:
    if path.is_file() and not path.is_dir():
        return f"{path}：写不进去，可能正在 Excel、WPS 或 Word 中打开。请先关闭再试。"
    if path.is_dir():
        return f"{path}：这是文件夹，不能当作结果文件。请用 -o 另指定文件名。"
    return f"{path.parent}：这个文件夹写不进去。请换一个文件夹，或检查权限后再试。"


def _replace(path: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(prefix=".zhengdun-", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        with contextlib.suppress(OSError):  # a share may know no modes
            Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
