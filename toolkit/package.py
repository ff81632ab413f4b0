"""Zip packages, as .xlsx and .docx are, written so that equal parts are equal bytes."""

import io
import zipfile
from collections.abc import Callable, Mapping

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date a zip archive can hold


def unzipped(data: bytes) -> dict[str, bytes]:
    """Return the parts of a package by name, in the order they stand."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Return the package that the parts make."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(entry(name), data)
    return stream.getvalue()


def entry(name: str) -> zipfile.ZipInfo:
    """Return the entry of a part that is packed, the same on every system and day."""
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 0
    return info


def rewrite(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """Return the package with each part as `change`, given its name and content, returns it."""
    return zipped({name: change(name, part) for name, part in unzipped(data).items()})
