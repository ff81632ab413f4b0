"""The zip package of a workbook, rewritten part by part so that equal input gives equal bytes."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_STAMP = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip directory can state


def rewrite(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """Return the package with each part as `change`, given its name and content, returns it.

    Order and names of the parts stay; every entry carries the same fixed date.
    """
    stream = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(stream, "w", ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = ZipInfo(entry.filename, _STAMP)
            part.compress_type = ZIP_DEFLATED
            new.writestr(part, change(entry.filename, old.read(entry)))
    return stream.getvalue()
