"""Runs inside the system's own Python, which has LibreOffice's `uno`: one order a line, one answer.

Starts an office suite of its own with a profile of its own, and ends both when its input ends. An
order names a method of `Suite`, with its arguments; live_office.py gives them.
"""

import json
import os
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue

_START_SECONDS, _END_SECONDS = 60, 10
_CIRCLE = "com.sun.star.drawing.EllipseShape"
_FORMULA_CELLS = 16  # com.sun.star.sheet.CellFlags.FORMULA
_WIDE, _DEEP = 63, 2047  # the last column and row, from 0, that a circle is looked for in
# A clerk's machine is a Chinese one: what is typed is understood as there.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale"
 oor:op="fuse"><value>zh-CN</value></prop></item>
</oor:items>
"""


def options(**values):
    """Return named values as the suite takes them."""
    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


class Suite:
    """A running office suite with at most one workbook open in it."""

    def __init__(self, program, folder):
        self.folder = Path(folder)
        settings = self.folder / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_SETTINGS, "utf-8")
        pipe = f"zhengdun{os.getpid()}"
        self.process = subprocess.Popen(
            [
                program,
                "--headless",
                "--norestore",
                "--nologo",
                "--nodefault",
                f"-env:UserInstallation={(self.folder / 'profile').as_uri()}",
                f"--accept=pipe,name={pipe};urp;",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.desktop = self._connected(pipe)
        self.book = None

    def _connected(self, pipe):
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext(
            "com.sun.star.bridge.UnoUrlResolver", local
        )
        until = time.monotonic() + _START_SECONDS
        while True:
            try:
                there = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            except Exception:  # pyuno raises whatever the bridge has
                if time.monotonic() > until or self.process.poll() is not None:
                    self._kill()
                    raise
                time.sleep(0.1)
            else:
                return there.ServiceManager.createInstanceWithContext(
                    "com.sun.star.frame.Desktop", there
                )

    def end(self):
        """End the suite, whatever state it is in."""
        try:
            self.close()
            self.desktop.terminate()
            self.process.wait(_END_SECONDS)
        except Exception:  # noqa: BLE001 -- as above; here it must be ended all the same
            self._kill()

    def _kill(self):
        """End the suite by force, with all that it started."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    # -- workbooks

    def open(self, path):
        """Open a workbook; return the titles of its sheets."""
        self.close()
        url = Path(path).as_uri()
        self.book = self.desktop.loadComponentFromURL(url, "_blank", 0, options(Hidden=True))
        return list(self.book.Sheets.ElementNames)

    def close(self):
        """Close the workbook that is open, unsaved."""
        if self.book is not None:
            self.book.close(True)
            self.book = None

    def store(self, name, kind):
        """Save a copy of a kind under a name; return its path."""
        path = self.folder / name
        self.book.storeToURL(path.as_uri(), options(FilterName=kind))
        return str(path)

    def recalculate(self):
        """Compute every formula anew."""
        self.book.calculateAll()

    # -- cells

    def _cells(self, sheet, area):
        return self.book.Sheets.getByName(sheet).getCellRangeByName(area)

    def enter(self, entries):
        """Write into cells what somebody types there; return which took it."""
        taken = []
        for sheet, address, text in entries:
            cell = self._cells(sheet, address)
            for entry in ("", text):  # emptied first, so that a cell which stays as it was is told
                cell.FormulaLocal = entry
                is_taken = bool(cell.FormulaLocal) == bool(entry)
                if not is_taken:
                    break
            taken.append(is_taken)
        return taken

    def unlock(self):
        """Lift the protection of every sheet, which has no password."""
        for title in self.book.Sheets.ElementNames:
            self.book.Sheets.getByName(title).unprotect("")

    def insert(self, sheet, row):
        """Insert a blank row above a row, counted from 1."""
        self.book.Sheets.getByName(sheet).Rows.insertByIndex(row - 1, 1)

    def shown(self, sheet, address):
        """Return what a cell shows."""
        return self._cells(sheet, address).String

    def values(self, sheet, area):
        """Return the numbers and texts of a range, row by row."""
        return self._values(self._cells(sheet, area))

    @staticmethod
    def _values(cells):
        """Return the numbers and texts of a range; of an error, what the cell shows."""
        return [
            [
                cells.getCellByPosition(column, row).String if value is None else value
                for column, value in enumerate(line)
            ]
            for row, line in enumerate(cells.DataArray)
        ]

    def formulas(self):
        """Return every formula's sheet, address, text and value."""
        found = []
        for title in self.book.Sheets.ElementNames:
            for area in self.book.Sheets.getByName(title).queryContentCells(_FORMULA_CELLS):
                texts, values = area.FormulaArray, self._values(area)
                for row in range(area.Rows.Count):
                    for column in range(area.Columns.Count):
                        address = self._address(area.getCellByPosition(column, row))
                        found.append((title, address, texts[row][column], values[row][column]))
        return found

    @staticmethod
    def _address(cell):
        return cell.AbsoluteName.rpartition(".")[2].replace("$", "")

    def heights(self, sheet, first, last):
        """Return the heights of rows, counted from 1, in hundredths of a millimetre."""
        rows = self.book.Sheets.getByName(sheet).Rows
        return [rows.getByIndex(at - 1).Height for at in range(first, last + 1)]

    # -- checks

    def check(self, sheet, address):
        """Return the check (数据有效性) that lies over a cell."""
        check = self._cells(sheet, address).Validation
        return {
            "type": check.Type.value,
            "operator": check.getOperator().value,
            "first": check.getFormula1(),
            "second": check.getFormula2(),
            "alert": check.ErrorAlertStyle.value,
            "refuses": check.ShowErrorMessage,
            "prompts": check.ShowInputMessage,
            "title": check.InputTitle,
            "prompt": check.InputMessage,
            "error": check.ErrorMessage,
        }

    def invalid(self):
        """Return the cells that the suite itself circles when asked to mark invalid data."""
        return [
            (title, address)
            for title in self.book.Sheets.ElementNames
            for address in self._circled(self.book.Sheets.getByName(title))
        ]

    def _circled(self, sheet):
        sheet.clearArrows()
        sheet.showInvalid()
        page = sheet.DrawPage
        shapes = [page.getByIndex(at) for at in range(page.Count)]
        circles = [shape for shape in shapes if shape.ShapeType == _CIRCLE]
        middles = [
            (c.Position.X + c.Size.Width // 2, c.Position.Y + c.Size.Height // 2) for c in circles
        ]
        sheet.clearArrows()
        left = cache(lambda at: sheet.getCellByPosition(at, 0).Position.X)
        top = cache(lambda at: sheet.getCellByPosition(0, at).Position.Y)
        for x, y in middles:
            column, row = self._last(_WIDE, left, x), self._last(_DEEP, top, y)
            yield self._address(sheet.getCellByPosition(column, row))

    @staticmethod
    def _last(most, edge, at):
        """Return the last index up to `most` whose edge does not lie beyond a point."""
        low, high = 0, most
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if edge(middle) <= at else (low, middle - 1)
        return low

    def offered(self, sheet, address, scratch):
        """Return the entries of a cell's dropdown, reckoned in a blank cell of the same sheet."""
        source = self._cells(sheet, address).Validation.getFormula1()
        cell = self._cells(sheet, scratch)
        cell.Formula = f"=ROWS({source})*COLUMNS({source})"
        if cell.getError():
            entries = [cell.String]
        else:
            entries = []
            for at in range(1, int(cell.Value) + 1):
                cell.Formula = f'=INDEX({source};{at})&""'  # or a blank one would come to 0
                entries.append(cell.String)
        cell.Formula = ""
        return entries


def main():
    """Answer orders until there are no more."""
    # What is asked and said is JSON on its own lines; nothing else may get there.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    suite = Suite(*sys.argv[1:])
    try:
        print(json.dumps({"answer": suite.process.pid}), file=answers, flush=True)
        for line in sys.stdin:
            order, arguments = json.loads(line)
            try:
                answer = {"answer": getattr(suite, order)(*arguments)}
            except Exception as error:  # noqa: BLE001 -- told to whoever gave the order
                answer = {"error": f"{order}: {type(error).__name__}: {error}"}
            print(json.dumps(answer), file=answers, flush=True)
    finally:
        suite.end()


if __name__ == "__main__":
    main()
