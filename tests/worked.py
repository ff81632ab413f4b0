"""A work folder of the example township, for tests that look at where things lie."""

from pathlib import Path

from toolkit.demo import example_township
from toolkit.excel.blank import build_workbook
from toolkit.forms import issuing, township, village


def work_folder(folder: Path) -> Path:
    """Make a work folder, the township's workbook above the villages', and return it."""
    example = example_township()
    (folder / "村级工作簿").mkdir()
    write(folder / example.township.file_name, example.township)
    for book in example.villages:
        write(folder / "村级工作簿" / book.file_name, book)
    return folder


def write(path: Path, book, **settings: object) -> None:
    """Write one of the example's workbooks; `settings` change the township's parameters."""
    filling = dict(book.filling)
    if settings:
        filling[township.Settings] = [{**filling[township.Settings][0], **settings}]
    path.write_bytes(build_workbook(book.form, book.identity, filling))


def write_village(path: Path, **told: object) -> None:
    """Write a filled workbook of another village or year: `code`, `village`, `year` as told."""
    book = example_township().villages[1]
    profile = {**book.filling[village.Profile][0], **told}
    filling = {**book.filling, village.Profile: [profile]}
    identity = issuing.identity(str(profile["code"]), str(profile["year"]))
    path.write_bytes(build_workbook(book.form, identity, filling))
