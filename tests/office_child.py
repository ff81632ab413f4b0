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
from contextlib import suppress
from functools import cache
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.beans.PropertyState import AMBIGUOUS_VALUE as _AMBIGUOUS
from com.sun.star.lang import IllegalArgumentException, Locale
from com.sun.star.table import TableSortField
from com.sun.star.table.CellContentType import TEXT as _TEXT

_START_SECONDS, _END_SECONDS = 60, 10
_CIRCLE = "com.sun.star.drawing.EllipseShape"
_NOTES, _FORMULA_CELLS = 8, 16  # com.sun.star.sheet.CellFlags.ANNOTATION, FORMULA
_ENGLISH = Locale("en", "US", "")
_ENGLISH_WORDS, _ALL_WORDS = 4, 0x7FFFFFFF  # of FormulaOpCodeMapper: Excel's own, every group
_AS_EXCEL = 1  # com.sun.star.sheet.AddressConvention.XL_A1
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

    # -- beside the workbook: what live_calc.py hands on to a toolkit that works in the open book

    def look(self, sheet):
        """Return whether a sheet is seen, whether it is protected, and its last row and column."""
        one = self.book.Sheets.getByName(sheet)
        cursor = one.createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.RangeAddress
        return one.IsVisible, one.isProtected(), end.EndRow + 1, end.EndColumn + 1

    def active(self):
        """Return the title of the sheet in view and the address selected on it."""
        return self.book.CurrentController.ActiveSheet.Name, self._address(
            self.book.CurrentSelection
        )

    def activate(self, sheet):
        """Bring a sheet into view."""
        self.book.CurrentController.setActiveSheet(self.book.Sheets.getByName(sheet))

    def select(self, sheet, area):
        """Select a range of the sheet in view."""
        self.book.CurrentController.select(self._cells(sheet, area))

    def write(self, sheet, area, rows):
        """Write numbers and texts into a range as they are, row by row; None empties a cell."""
        data = tuple(tuple("" if value is None else value for value in row) for row in rows)
        self._cells(sheet, area).setDataArray(data)

    def formula(self, sheet, address):
        """Return what stands in a cell as Excel writes it: a formula with "=" before it."""
        cell = self._cells(sheet, address)
        tokens = cell.getTokens()
        if not tokens:
            return cell.String if cell.Type == _TEXT else cell.Formula
        told = (uno.Any("[]com.sun.star.sheet.FormulaToken", tokens), cell.CellAddress)
        return "=" + uno.invoke(self._grammar(), "printFormula", told)

    def set_formula(self, sheet, address, text):
        """Put a formula as Excel writes it into a cell."""
        cell = self._cells(sheet, address)
        tokens = self._grammar().parseFormula(text, cell.CellAddress)
        uno.invoke(cell, "setTokens", (uno.Any("[]com.sun.star.sheet.FormulaToken", tokens),))

    def _grammar(self):
        """Return what reads and writes formulas as Excel does."""
        parser = self.book.createInstance("com.sun.star.sheet.FormulaParser")
        mapper = self.book.createInstance("com.sun.star.sheet.FormulaOpCodeMapper")
        words = mapper.getAvailableMappings(_ENGLISH_WORDS, _ALL_WORDS)
        told = uno.Any("[]com.sun.star.sheet.FormulaOpCodeMapEntry", words)
        parser.setPropertyValue("FormulaConvention", _AS_EXCEL)
        uno.invoke(parser, "setPropertyValue", ("OpCodeMap", told))
        return parser

    def number_format(self, sheet, area):
        """Return the number format of a range, None where cells differ."""
        cells = self._cells(sheet, area)
        if cells.getPropertyState("NumberFormat") == _AMBIGUOUS:
            return None
        known = self.book.NumberFormats
        return known.getByKey(known.getFormatForLocale(cells.NumberFormat, _ENGLISH)).FormatString

    def set_number_format(self, sheet, area, text):
        """Give a range a number format, as it is written in English."""
        known = self.book.NumberFormats
        key = known.queryKey(text, _ENGLISH, False)
        if key < 0:
            key = known.addNew(text, _ENGLISH)
        self._cells(sheet, area).NumberFormat = key

    def fill(self, sheet, area):
        """Return the fill of a range as 0xRRGGBB; -1 is none, None where cells differ."""
        cells = self._cells(sheet, area)
        mixed = cells.getPropertyState("CellBackColor") == _AMBIGUOUS
        return None if mixed else cells.CellBackColor

    def set_fill(self, sheet, areas, colour):
        """Give ranges a fill of their own, or with -1 none."""
        for area in areas:
            self._cells(sheet, area).CellBackColor = colour

    def noted(self, sheet):
        """Return the addresses of the cells of a sheet that bear notes."""
        one = self.book.Sheets.getByName(sheet)
        places = [note.Position for note in one.Annotations]
        return [self._address(one.getCellByPosition(at.Column, at.Row)) for at in places]

    def note(self, sheet, address):
        """Return the text of the note at a cell, "" where there is none."""
        return self._cells(sheet, address).Annotation.String

    def set_note(self, sheet, address, text):
        """Put a note at a cell in place of the one that is there; "" only takes it away."""
        cell = self._cells(sheet, address)
        cell.clearContents(_NOTES)
        if text:
            self.book.Sheets.getByName(sheet).Annotations.insertNew(cell.CellAddress, text)

    def protect(self, sheet, password):
        """Protect a sheet, with the options that it was protected with before."""
        self.book.Sheets.getByName(sheet).protect(password)

    def unprotect(self, sheet, password):
        """Lift the protection of a sheet; with a wrong password it stays."""
        with suppress(IllegalArgumentException):
            self.book.Sheets.getByName(sheet).unprotect(password)

    def save(self):
        """Save the workbook in place, as who presses Ctrl+S does."""
        self.book.store()

    def sort(self, sheet, area, column, ascending):
        """Sort the rows of a range, with all that is theirs, by a column of it counted from 0."""
        field = TableSortField()
        field.Field, field.IsAscending = column, ascending
        fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
        told = options(SortFields=fields, ContainsHeader=False, BindFormatsToContent=True)
        self._cells(sheet, area).sort(told)

    def fit(self):
        """Give every row the height that the suite itself finds for its contents."""
        for title in self.book.Sheets.ElementNames:
            self.book.Sheets.getByName(title).Rows.OptimalHeight = True


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
