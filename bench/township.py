"""A township of three hundred villages, made of the examples: what the measurements are made on."""

from pathlib import Path

from toolkit.demo import ExampleBook, example_township
from toolkit.excel.blank import build_workbook
from toolkit.forms import township, village
from toolkit.schema.form import Identity

VILLAGES = 300


def build_township(folder: Path, villages: int = VILLAGES) -> list[Path]:
    """Write a township's workbook and those of its villages; return the villages' files.

    Each is one of the three examples, a clean one and two with faults, under a code and a name of
    its own; the roster names them all.
    """
    example = example_township()
    files: list[Path] = []
    roster = []
    for number in range(1, villages + 1):
        book = example.villages[number % len(example.villages)]
        code, name = f"{number:04}", f"第{number}村"
        profile = {**next(iter(book.filling[village.Profile])), "code": code, "village": name}
        filling = {**book.filling, village.Profile: [profile]}
        identity = Identity(book.form.id, book.form.version, code, book.identity.year)
        path = folder / f"{code}-{name}-{book.identity.year}.xlsx"
        path.write_bytes(build_workbook(book.form, identity, filling))
        files.append(path)
        roster.append({"code": code, "village": name})
    own = example.township
    _write_own(folder, own, roster)
    return files


def _write_own(folder: Path, own: ExampleBook, roster: list[dict[str, str]]) -> None:
    filling = {**own.filling, township.Village: roster}
    (folder / own.file_name).write_bytes(build_workbook(own.form, own.identity, filling))
