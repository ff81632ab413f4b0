"""Every standard workbook, declared once."""

import contextlib
from pathlib import Path

TOWNSHIP_FILE = "镇级工作簿.xlsx"
"""The name under which a township's own workbook lies beside those of its villages."""
BOOKS_FOLDER = "村级工作簿"
"""The folder of a work folder in which the villages' workbooks lie."""


def is_work_folder(place: Path) -> bool:
    """Say whether a folder bears the marks of one; what must not be looked into bears none."""
    with contextlib.suppress(OSError):
        return (place / TOWNSHIP_FILE).is_file() and (place / BOOKS_FOLDER).is_dir()
    return False
