"""A living LibreOffice for tests: types into copies of workbooks and tells what became of it.

The suite speaks through `uno`, which only the system's own Python has; so a child of that Python
(office_child.py) gives the orders, and one child serves all tests of a module.
"""

import json
import os
import selectors
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple

import lxml.html
import pytest
from paths import office

from toolkit.cells import a1

_PYTHON = "/usr/bin/python3"
_CHILD = Path(__file__).with_name("office_child.py")
_ORDER_SECONDS, _START_SECONDS = 60, 90
_SCRATCH = "ZZ1"  # a cell that no form uses

Place = tuple[str, str]
"""Sheet and address of a cell."""


class Look(NamedTuple):
    """How a cell looks with all its conditional formats applied, "" where it has no fill."""

    fill: str = ""
    ink: str = ""


@cache
def _missing_uno() -> str:
    """Say why the suite cannot be spoken to, "" where it can."""
    if not Path(_PYTHON).exists():
        return f"{_PYTHON} is not there"
    asked = subprocess.run([_PYTHON, "-c", "import uno"], capture_output=True, check=False)
    return "" if asked.returncode == 0 else f"python3-uno is not installed for {_PYTHON}"


def needed() -> str:
    """Return the suite's program; skips, or in CI fails, where it cannot be spoken to."""
    program = office()
    if message := _missing_uno():
        if os.environ.get("ZHENGDUN_OFFICE") == "required":
            pytest.fail(message)
        pytest.skip(message)
    return program


@contextmanager
def running() -> Iterator["LiveOffice"]:
    """Run an office suite; nothing of it is left behind."""
    program = needed()
    folder = Path(tempfile.mkdtemp(prefix="live-office-"))
    child = subprocess.Popen(
        [_PYTHON, str(_CHILD), program, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
        text=True,
        encoding="utf-8",
    )
    try:
        live = LiveOffice(child, folder)
        try:
            yield live
        finally:
            live.end()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class LiveOffice:
    """The suite, as tests give it orders; it holds one workbook at a time."""

    def __init__(self, child: "subprocess.Popen[str]", folder: Path) -> None:
        self._child, self.folder, self.group = child, folder, 0
        self._waiting = selectors.DefaultSelector()
        self._waiting.register(child.stdout, selectors.EVENT_READ)
        self.group = self._answer("start", _START_SECONDS)  # the number of its group of processes

    def order(self, order: str, *arguments: object):
        """Give an order of the child's; return its answer."""
        print(json.dumps((order, arguments)), file=self._child.stdin, flush=True)
        return self._answer(order, _ORDER_SECONDS)

    def _answer(self, order: str, seconds: float):
        if not self._waiting.select(seconds):
            self._kill()
            pytest.fail(f"LibreOffice did not answer within {seconds} s: {order}")
        line = self._child.stdout.readline()
        if not line:
            pytest.fail(f"LibreOffice ended: {order}")
        answer = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer["answer"]

    def end(self) -> None:
        """End the suite and its child."""
        self._waiting.close()
        self._child.stdin.close()
        try:
            self._child.wait(_ORDER_SECONDS)
        except subprocess.TimeoutExpired:
            self._kill()
        self._child.stdout.close()

    def _kill(self) -> None:
        """End both by force; a suite that hangs hears nothing else."""
        if self.group:
            with suppress(ProcessLookupError):
                os.killpg(self.group, signal.SIGKILL)
        self._child.kill()
        self._child.wait()

    # -- workbooks

    def open(self, data: bytes) -> list[str]:
        """Open a copy of a workbook in place of the one before; return its sheets' titles."""
        path = self.folder / "工作簿.xlsx"
        path.write_bytes(data)
        return self.order("open", str(path))

    def open_file(self, path: Path) -> list[str]:
        """Open a workbook where it lies, as who means to save it; return its sheets' titles."""
        return self.order("open", str(path))

    def close(self) -> None:
        """Close the workbook that is open, unsaved."""
        self.order("close")

    def save(self) -> None:
        """Save the workbook where it lies."""
        self.order("save")

    def saved(self) -> bytes:
        """Return the workbook as the suite saves it as .xlsx."""
        return self._stored("存.xlsx", "Calc MS Excel 2007 XML")

    def printed(self) -> bytes:
        """Return the workbook as a PDF."""
        return self._stored("印.pdf", "calc_pdf_Export")

    def _stored(self, name: str, kind: str) -> bytes:
        return Path(self.order("store", name, kind)).read_bytes()

    def recalculate(self) -> None:
        """Compute every formula anew."""
        self.order("recalculate")

    # -- cells

    def enter(self, sheet: str, entries: Iterable[tuple[str, str]]) -> None:
        """Type texts into cells of a sheet; each must take what is typed."""
        typed = list(entries)
        taken = self.order("enter", [(sheet, *entry) for entry in typed])
        assert [entry for entry, is_taken in zip(typed, taken, strict=True) if not is_taken] == []

    def takes(self, sheet: str, address: str, text: str) -> bool:
        """Type a text into a cell; say whether the cell, which may be locked, took it."""
        [taken] = self.order("enter", [(sheet, address, text)])
        return taken

    def unlock(self) -> None:
        """Lift the protection of every sheet of the copy."""
        self.order("unlock")

    def insert(self, sheet: str, row: int) -> None:
        """Insert a blank row above a row; Excel needs not lift the protection for it, this does."""
        self.unlock()
        self.order("insert", sheet, row)

    def sort(self, sheet: str, area: str, column: int, *, ascending: bool = True) -> None:
        """Sort the rows of a range by one of its columns, counted from 0."""
        self.order("sort", sheet, area, column, ascending)

    def shown(self, sheet: str, address: str) -> str:
        """Return what a cell shows."""
        return self.order("shown", sheet, address)

    def values(self, sheet: str, area: str) -> list[list[float | str]]:
        """Return the numbers and texts of a range, row by row."""
        return self.order("values", sheet, area)

    def value(self, sheet: str, address: str) -> float | str:
        """Return the number or text of a cell."""
        return self.values(sheet, address)[0][0]

    def formulas(self) -> dict[Place, tuple[str, float | str]]:
        """Return the text and the value of every formula."""
        found = self.order("formulas")
        return {(sheet, address): (text, value) for sheet, address, text, value in found}

    def heights(self, sheet: str, first: int, last: int) -> list[float]:
        """Return the heights of rows in points."""
        return [high * 72 / 2540 for high in self.order("heights", sheet, first, last)]

    def fit(self) -> None:
        """Give every row the height that the suite finds for it, as it does once a cell changes."""
        self.order("fit")

    # -- checks and looks

    def check(self, sheet: str, address: str) -> dict[str, object]:
        """Return the check that lies over a cell."""
        return self.order("check", sheet, address)

    def invalid(self) -> set[Place]:
        """Return the cells whose contents their checks do not admit, by the suite's own verdict."""
        return {(sheet, address) for sheet, address in self.order("invalid")}

    def offered(self, sheet: str, address: str) -> list[str]:
        """Return the entries that a cell's dropdown offers; lifts the copy's protection."""
        self.unlock()
        return self.order("offered", sheet, address, _SCRATCH)

    def looks(self) -> dict[Place, Look]:
        """Return how the cells of the visible sheets look; those without a look are left out.

        Of all that the suite writes, HTML tells the colours that conditional formats come to.
        """
        page = lxml.html.fromstring(self._stored("看.html", "HTML (StarCalc)"))
        titles = [str(title.text_content()) for title in page.xpath("//a[@name]/h1/em")]
        tables = page.xpath("//table[tr or tbody]")
        if not titles:  # a single sheet has no heading
            [titles] = [[str(page.xpath("string(//title)"))]]
        return {
            (title, address): look
            for title, table in zip(titles, tables, strict=True)
            for address, look in _looks_of(table.xpath("./tr | ./tbody/tr"))
        }


def _looks_of(rows: Sequence[lxml.html.HtmlElement]) -> Iterator[tuple[str, Look]]:
    """Yield the address and look of each cell of a table, of merged cells the first."""
    covered: set[tuple[int, int]] = set()
    for at, row in enumerate(rows, 1):
        column = 0
        for cell in row:
            column += 1
            while (at, column) in covered:
                column += 1
            wide, deep = int(cell.get("colspan", 1)), int(cell.get("rowspan", 1))
            covered |= {(at + y, column + x) for x in range(wide) for y in range(deep)}
            inks = cell.xpath(".//font/@color")
            yield a1(at, column), Look(cell.get("bgcolor", ""), str(inks[0]) if inks else "")
