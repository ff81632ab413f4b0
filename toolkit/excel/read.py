"""A filled workbook, read against its form: reads everything, judges nothing."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from toolkit.cells import Raw, a1
from toolkit.errors import UnreadableError
from toolkit.excel.preflight import Preflight, preflight
from toolkit.schema.columns import ABSENT, Column, Field, Row
from toolkit.schema.form import FORM_PROPERTY, INSTRUCTIONS_SHEET, META_SHEET, Form, Identity
from toolkit.schema.deadlines import MonthBefore
from toolkit.schema.kinds import Context, as_text
from toolkit.schema.texts import header_form, tidy
from toolkit.schema.workbook import Sheet, Spot, Workbook

Grid = Sequence[Sequence[Raw]]
"""A sheet's cells from A1 on; "" or None where nothing stands."""

_HEADER_SEARCH = 40  # rows in which a moved header is looked for
_NEAR = 80  # rapidfuzz score from which a header counts as a slip of the pen
_TOTALS = frozenset({"合计", "小计", "总计"})


def read_workbook(
    path: Path, forms: Sequence[Form], month_before: MonthBefore = MonthBefore.STRICT
) -> Workbook:
    """Return a file read against whichever of the forms it is filled from.

    Raises UnreadableError where it cannot be read or is none of them.
    """
    data = read_bytes(path)
    gate = preflight(data, path.name)
    grids = _grids(data, path.name)
    form, identity = _recognise(path.name, gate, grids, forms)
    return understand(grids, form, identity, path=str(path), gate=gate, month_before=month_before)


def read_bytes(path: Path) -> bytes:
    """Return a file's content; raises UnreadableError in words for the person at the desk."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableError(f"{path.name}：找不到这个文件。请核对路径和文件名。") from None
    except IsADirectoryError:
        raise UnreadableError(f"{path.name}：这是文件夹，不是工作簿。") from None
    except PermissionError:
        raise UnreadableError(
            f"{path.name}：文件打不开，可能正被占用或没有读取权限。请先关闭打开它的程序再试。"
        ) from None
    except OSError as error:
        raise UnreadableError(
            f"{path.name}：读取文件出错（{error.strerror}）。请检查磁盘或网络后再试。"
        ) from None


def _grids(data: bytes, name: str) -> dict[str, Grid]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 -- its one home

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        # Never the default, which trims leading blanks and so moves every address.
        return {
            title: book.get_sheet_by_name(title).to_python(skip_empty_area=False)
            for title in book.sheet_names
        }
    except CalamineError:
        pass
    except BaseException as error:
        # A Rust panic is no Exception; by this name, and only here, it is a damaged file.
        if type(error).__name__ != "PanicException":
            raise
    raise UnreadableError(
        f"{name}：工作簿内容损坏，读不了。请用 Excel 或 WPS 打开后另存为 .xlsx 再交。"
    )


def _recognise(
    name: str, gate: Preflight, grids: Mapping[str, Grid], forms: Sequence[Form]
) -> tuple[Form, Identity]:
    """Return form and identity; the marks stand in three places, any one is enough."""
    by_id = {form.id: form for form in forms}
    for line in _identity_lines(gate, grids):
        identity = Identity.parse(line)
        if identity is not None and identity.form in by_id:
            return by_id[identity.form], identity
        if identity is not None:
            raise UnreadableError(
                f"{name}：这是另一种标准工作簿，不能用在这里。请换成{_titles(forms)}。"
            )
    titles = {tidy(title) for title in grids}
    best = max(forms, key=lambda form: len(titles & set(form.sheets())))
    if len(titles & set(best.sheets())) >= 2:  # noqa: PLR2004 -- one title may be chance
        return best, Identity(best.id, "")
    raise UnreadableError(
        f"{name}：不是本工具发放的工作簿，认不出表格。请用{_titles(forms)}填写后再交。"
    )


def _titles(forms: Sequence[Form]) -> str:
    return "或".join(f"《{form.title}》" for form in forms)


def _identity_lines(gate: Preflight, grids: Mapping[str, Grid]) -> Iterable[str]:
    yield gate.properties.get(FORM_PROPERTY, "")
    for title in (META_SHEET, INSTRUCTIONS_SHEET):
        for row in grids.get(title, ()):
            for raw in row:
                if isinstance(raw, str) and raw.count("/") == 3:  # noqa: PLR2004 -- Identity.line
                    yield raw


def understand(  # noqa: PLR0913 -- what is known of a file, by name
    grids: Mapping[str, Grid],
    form: Form,
    identity: Identity,
    *,
    path: str,
    gate: Preflight | None = None,
    month_before: MonthBefore = MonthBefore.STRICT,
) -> Workbook:
    """Return the workbook that sheets of cells make when read against a form."""
    name = Path(path).name
    by_title = {tidy(title): title for title in grids}
    year = int(identity.year) if identity.year.isdecimal() else None
    reader = _Reader(name, Context(year, month_before))
    sheets: dict[type[Row], Sheet] = {}
    # Vertical sheets first: the profile's year is what other sheets' short dates are read by.
    for row in sorted(form.rows, key=lambda row: not row.vertical):
        title = by_title.get(row.sheet)
        if title is None:
            continue
        if title != row.sheet:
            reader.notes.append(Spot(title, "", f"工作表按“{row.sheet}”读取"))
        sheets[row] = reader.sheet(row, title, grids[title])
    known = {sheet.title for sheet in sheets.values()} | form.generated_sheets()
    return Workbook(
        path=path,
        name=name,
        form=form,
        identity=identity,
        sheets=sheets,
        sha256=gate.sha256 if gate else "",
        editor=gate.editor if gate else "",
        notes=tuple(reader.notes),
        strays=tuple(reader.strays),
        errors=tuple(Spot(*spot) for spot in gate.error_cells) if gate else (),
        extra_sheets=tuple(t for t, grid in grids.items() if t not in known and _has_content(grid)),
    )


def _has_content(grid: Grid) -> bool:
    return any(not _blank(raw) for row in grid for raw in row)


def _blank(raw: Raw) -> bool:
    return raw is None or (isinstance(raw, str) and not raw.strip(" \t\r\n\u3000\xa0\u200b\ufeff"))


class _Header(NamedTuple):
    row: int  # counted from 0, like index
    columns: dict[str, tuple[int, Column[Any], str]]  # name -> index, column, header as written


class _Reader:
    """Reads one file's sheets; `context` gains the year once the profile is read."""

    def __init__(self, workbook: str, context: Context) -> None:
        self.workbook = workbook
        self.context = context
        self.notes: list[Spot] = []
        self.strays: list[Spot] = []

    def sheet(self, row: type[Row], title: str, grid: Grid) -> Sheet:
        """Return one sheet read against its row class."""
        return self._vertical(row, title, grid) if row.vertical else self._table(row, title, grid)

    def _table(self, row: type[Row], title: str, grid: Grid) -> Sheet:
        header = self._find_header(row, title, grid)
        if header is None:
            self._stray_all(title, grid, range(len(grid)))
            return Sheet(row, title, {}, (), row.columns)
        places = {name: index for name, (index, _, _) in header.columns.items()}
        mapped = [
            (index, name, column.kind.read) for name, (index, column, _) in header.columns.items()
        ]
        indices = set(places.values())
        absent = {column.name: ABSENT for column in row.columns if column.name not in places}
        records: list[Row] = []
        for number in range(header.row + 1, len(grid)):
            cells = grid[number]
            if not any(cells) and all(_blank(raw) for raw in cells):
                continue
            for index, raw in enumerate(cells):
                if index not in indices and not _blank(raw):
                    self.strays.append(Spot(title, a1(number + 1, index + 1), as_text(raw)))
            if as_text(next(raw for raw in cells if not _blank(raw))).strip() in _TOTALS:
                self._stray_all(title, grid, range(number, number + 1))
                continue
            fields = dict(absent)
            empty = True
            for index, name, read in mapped:
                raw = cells[index] if index < len(cells) else None
                if _blank(raw):
                    fields[name] = Field(row=number + 1, column=index + 1)
                    continue
                empty = False
                value, note, fault, masked = read(raw, self.context)
                fields[name] = Field(value, raw, note, fault, masked, number + 1, index + 1)
            if not empty:
                records.append(row(self.workbook, title, fields))
        headers = {
            name: a1(header.row + 1, index + 1) for name, (index, _, _) in header.columns.items()
        }
        missing = tuple(column for column in row.columns if column.name not in places)
        return Sheet(row, title, headers, tuple(records), missing)

    def _stray_all(self, title: str, grid: Grid, rows: Iterable[int]) -> None:
        for number in rows:
            for index, raw in enumerate(grid[number]):
                if not _blank(raw):
                    spot = Spot(title, a1(number + 1, index + 1), as_text(raw))
                    if spot not in self.strays:
                        self.strays.append(spot)

    def _find_header(self, row: type[Row], title: str, grid: Grid) -> _Header | None:
        labels = row.by_label
        best_row, best_hits = -1, 0
        for number, cells in enumerate(grid[:_HEADER_SEARCH]):
            hits = sum(
                1 for raw in cells if isinstance(raw, str) and raw and header_form(raw) in labels
            )
            if hits > best_hits:
                best_row, best_hits = number, hits
        if best_hits == 0:
            return None
        columns: dict[str, tuple[int, Column[Any], str]] = {}
        unknown: list[tuple[int, str]] = []
        for index, raw in enumerate(grid[best_row]):
            if _blank(raw):
                continue
            text = as_text(raw)
            column = labels.get(header_form(text))
            if column is None or column.name in columns:
                unknown.append((index, text))
                continue
            columns[column.name] = (index, column, text)
            if header_form(text) != header_form(column.header):
                self._note_header(title, best_row, index, column)
        for index, text in unknown:
            column = self._near_miss(text, [c for c in row.columns if c.name not in columns])
            if column is None:
                self.strays.append(Spot(title, a1(best_row + 1, index + 1), text))
                continue
            columns[column.name] = (index, column, text)
            self._note_header(title, best_row, index, column)
        return _Header(best_row, columns)

    def _note_header(self, title: str, row: int, index: int, column: Column[Any]) -> None:
        self.notes.append(Spot(title, a1(row + 1, index + 1), f"表头按“{column.header}”读取"))

    @staticmethod
    def _near_miss(text: str, columns: Sequence[Column[Any]]) -> Column[Any] | None:
        if not columns:
            return None
        from rapidfuzz import fuzz, process  # noqa: PLC0415 -- only a header slip pays for it

        names = [header_form(column.header) for column in columns]
        hit = process.extractOne(header_form(text), names, scorer=fuzz.ratio, score_cutoff=_NEAR)
        return columns[hit[2]] if hit else None

    def _vertical(self, row: type[Row], title: str, grid: Grid) -> Sheet:
        labels = row.by_label
        fields = {column.name: ABSENT for column in row.columns}
        headers: dict[str, str] = {}
        used: set[tuple[int, int]] = set()
        label_at = self._label_column(labels, grid)
        context = self.context
        for number, cells in enumerate(grid):
            label = cells[label_at] if label_at < len(cells) else None
            column = labels.get(header_form(label)) if isinstance(label, str) else None
            if column is None or column.name in headers:
                continue
            headers[column.name] = a1(number + 1, label_at + 1)
            if header_form(as_text(label)) != header_form(column.header):
                self._note_header(title, number, label_at, column)
            at = label_at + 1
            used.add((number, at))
            raw = cells[at] if at < len(cells) else None
            if _blank(raw):
                fields[column.name] = Field(row=number + 1, column=at + 1)
                continue
            value, note, fault, masked = column.kind.read(raw, context)
            fields[column.name] = Field(value, raw, note, fault, masked, number + 1, at + 1)
            if column.name == "year" and isinstance(value, int):
                context = Context(value, context.month_before)
        self.context = context
        missing = tuple(column for column in row.columns if column.name not in headers)
        record = row(self.workbook, title, fields)
        self._vertical_strays(row, title, grid, label_at)
        return Sheet(row, title, headers, (record,), missing)

    @staticmethod
    def _label_column(labels: Mapping[str, Column[Any]], grid: Grid) -> int:
        hits: dict[int, int] = {}
        for cells in grid:
            for index, raw in enumerate(cells):
                if isinstance(raw, str) and raw and header_form(raw) in labels:
                    hits[index] = hits.get(index, 0) + 1
        return max(hits, key=lambda index: hits[index], default=0)

    def _vertical_strays(self, row: type[Row], title: str, grid: Grid, label_at: int) -> None:
        """Note what stands beside no known label, or right of where a form's texts end."""
        labels = row.by_label
        sections = {header_form(column.section) for column in row.columns}
        for number, cells in enumerate(grid):
            label = as_text(cells[label_at]) if label_at < len(cells) else ""
            known = header_form(label) in labels
            for index, raw in enumerate(cells):
                own = index <= label_at + 3 if known else index != label_at + 1
                band = number < 3 or header_form(as_text(cells[label_at])) in sections
                if _blank(raw) or own or band:
                    continue
                self.strays.append(Spot(title, a1(number + 1, index + 1), as_text(raw)))
