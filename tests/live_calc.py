"""The test engine's workbook, open in a running LibreOffice Calc in place of openpyxl.

It tells what a program does with what we write; how Excel gives and takes values, and what it
refuses, is the engine's part (live_engine.py).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from live_office import LiveOffice

from toolkit.cells import Raw

_NONE = -1  # how Calc says that a cell has no fill of its own
_XLSX = "Calc MS Excel 2007 XML"


class Notes(Mapping[str, str]):
    """The notes of a sheet, asked for one by one: to read all takes Calc 2 ms each."""

    def __init__(self, calc: LiveOffice, title: str) -> None:
        self._calc, self._title = calc, title

    def __getitem__(self, cell: str) -> str:
        if not (text := self._calc.order("note", self._title, cell)):
            raise KeyError(cell)
        return text

    def __iter__(self) -> Iterator[str]:
        return iter(self._calc.order("noted", self._title))

    def __len__(self) -> int:
        return len(self._calc.order("noted", self._title))


class CalcBackend:
    """A workbook open in Calc, where it lies; sheets go by their titles, cells by addresses."""

    def __init__(self, calc: LiveOffice, path: Path) -> None:
        self._calc = calc
        self.name, self.path = path.name, str(path)
        self._titles = calc.open_file(path)

    # -- sheets

    def sheets(self) -> list[str]:
        """Return the titles of all sheets."""
        return self._titles

    def hidden(self, title: str) -> bool:
        """Say whether a sheet is hidden."""
        seen, *_ = self._calc.order("look", title)
        return not seen

    def used(self, title: str) -> tuple[int, int]:
        """Return the last row and the last column in use."""
        *_, rows, columns = self._calc.order("look", title)
        return rows, columns

    def active(self) -> str:
        """Return the title of the sheet in view."""
        return self._calc.order("active")[0]

    def activate(self, title: str) -> None:
        """Bring a sheet into view."""
        self._calc.order("activate", title)

    def selection(self) -> str:
        """Return the address that is selected on the sheet in view."""
        return self._calc.order("active")[1]

    def select(self, title: str, area: str) -> None:
        """Select a range of the sheet in view."""
        self._calc.order("select", title, area)

    # -- cells

    def read(self, title: str, area: str) -> list[list[Raw]]:
        """Return the numbers and texts of a range, None where a cell is empty, errors as texts."""
        rows = self._calc.values(title, area)
        return [[None if value == "" else value for value in row] for row in rows]

    def write(self, title: str, area: str, rows: Sequence[Sequence[Raw]]) -> None:
        """Write numbers and texts into a range as they are; None empties a cell."""
        self._calc.order("write", title, area, rows)

    def formula(self, title: str, cell: str) -> str:
        """Return a cell's formula as Excel writes it, else its content as text."""
        return self._calc.order("formula", title, cell)

    def set_formula(self, title: str, cell: str, text: str) -> None:
        """Put a formula, written as in Excel, into a cell."""
        self._calc.order("set_formula", title, cell, text)

    def number_format(self, title: str, area: str) -> str | None:
        """Return the number format of a range, None where cells differ."""
        return self._calc.order("number_format", title, area)

    def set_number_format(self, title: str, area: str, text: str) -> None:
        """Give a range a number format."""
        self._calc.order("set_number_format", title, area, text)

    def fill(self, title: str, area: str) -> str | None:
        """Return the own fill of a range as "#RRGGBB", "" for none, None where cells differ."""
        colour = self._calc.order("fill", title, area)
        if colour is None:
            return None
        return "" if colour == _NONE else f"#{colour:06X}"

    def set_fill(self, title: str, areas: Iterable[str], fill: str) -> None:
        """Give ranges a fill, "" for none."""
        colour = int(fill[1:], 16) if fill else _NONE
        self._calc.order("set_fill", title, list(areas), colour)

    def notes(self, title: str) -> "Notes":
        """Return the texts of a sheet's notes by their cells."""
        return Notes(self._calc, title)

    def set_note(self, title: str, cell: str, text: str) -> None:
        """Put a note at a cell in place of what is there; "" takes it away."""
        self._calc.order("set_note", title, cell, text)

    # -- protection

    def protected(self, title: str) -> bool:
        """Say whether a sheet is protected."""
        return self._calc.order("look", title)[1]

    def unprotect(self, title: str, password: str = "") -> None:
        """Lift a sheet's protection; with a wrong password it stays."""
        self._calc.order("unprotect", title, password)

    def protect(self, title: str, password: str = "", options: Sequence[bool] = ()) -> None:
        """Protect a sheet; Calc itself keeps what the sheet let people do when it was protected."""
        del options
        self._calc.order("protect", title, password)

    # -- files

    def copy(self, path: str) -> None:
        """Write the open state elsewhere; the workbook stays where and as it is."""
        self._calc.order("store", path, _XLSX)

    def save(self) -> None:
        """Save the workbook in place."""
        self._calc.save()
