"""A file opened: its bytes through the gate, its cells by calamine, its form by its marks."""

import re
import time
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from toolkit.cells import Area, Grid, a1, place
from toolkit.errors import OtherFormError, OutputError, UnreadableError
from toolkit.excel.gate.parts import MOST_BYTES, too_large
from toolkit.excel.gate.percents import as_percents
from toolkit.excel.gate.preflight import ODD_KINDS, Preflight, preflight
from toolkit.excel.gate.refusal import Refusal
from toolkit.excel.own_sheets import generated, untouched
from toolkit.excel.read import understand
from toolkit.excel.tally import Count, counted_rows
from toolkit.excel.values import Values, read_values
from toolkit.schema.deadlines import MonthBefore
from toolkit.schema.form import (
    FORM_PROPERTY,
    INSTRUCTIONS_SHEET,
    ISSUED_LABEL,
    META_SHEET,
    Form,
    Identity,
)
from toolkit.schema.kinds import as_text
from toolkit.schema.texts import is_blank, tidy
from toolkit.schema.workbook import FileFacts, Spot, Workbook


@dataclass(frozen=True)
class Opened:
    """A file whose cells are at hand and whose form is known, not yet understood."""

    path: Path
    form: Form
    identity: Identity
    facts: FileFacts
    grids: Mapping[str, Grid]
    merged: Mapping[str, Sequence[Area]]
    counts: tuple[Count, ...] = ()  # of every sheet, where they were asked for

    def read(self, month_before: MonthBefore = MonthBefore.STRICT) -> Workbook:
        """Return the workbook, its deadlines read as the township means them."""
        return understand(
            self.grids,
            self.form,
            self.identity,
            path=str(self.path),
            facts=self.facts,
            month_before=month_before,
            merged=self.merged,
            counts=self.counts,
        )


def open_workbook(path: Path, forms: Sequence[Form], *, counted: bool = False) -> Opened:
    """Return a file's cells and whichever of the forms it is filled from.

    Its rows are `counted` for the tallies of the workbook where they are asked for.
    Raises UnreadableError where it cannot be read or is no standard workbook, OtherFormError
    where it is a standard workbook of another kind.
    """
    return open_bytes(read_bytes(path), path, forms, counted=counted)


def open_bytes(data: bytes, path: Path, forms: Sequence[Form], *, counted: bool = False) -> Opened:
    """Return what `open_workbook` returns, of a file whose content is at hand; raises as it."""
    try:
        return _opened(data, path, forms, counted=counted)
    except _OtherForm as refused:
        raise OtherFormError(str(refused), path.name) from None
    except Refusal as refused:
        raise UnreadableError(str(refused), path.name) from None


def _opened(data: bytes, path: Path, forms: Sequence[Form], *, counted: bool) -> Opened:
    gate = preflight(data, path.suffix)
    mark = Identity.parse(gate.properties.get(FORM_PROPERTY, ""))
    form = next((form for form in forms if mark and form.id == mark.form), None)
    # A form's own sheets hold no answers; they are read where somebody wrote on them, where they
    # are another version's, or where the file's mark is lost.
    own = untouched(gate.tabs, form, mark) if form and mark else frozenset()
    values = _values(gate, own - {META_SHEET})
    if form is None or mark is None:
        form, mark = _recognise(mark, values.grids, forms)
    ours = generated(values.grids, form)
    counts = tuple(counted_rows(gate, values.grids, own, ours)) if counted else ()
    facts, grids = _told(gate, values, ours)
    facts = replace(facts, issued=_issued(grids), holds_more=_holds_more(gate, data))
    return Opened(path, form, mark, facts, grids, values.merged, counts)


def _values(gate: Preflight, own: Container[str]) -> Values:
    """Return the cells, read here or, where calamine is not to be trusted, elsewhere."""
    if gate.kind in ODD_KINDS:
        from toolkit.excel.worker import read_apart  # noqa: PLC0415 -- for old formats only

        return read_apart(gate.readable, gate.kind)
    return read_values(gate.readable, own)


def read_workbook(path: Path, forms: Sequence[Form], *, counted: bool = False) -> Workbook:
    """Return a file read against whichever of the forms it is filled from; raises as above."""
    return open_workbook(path, forms, counted=counted).read()


_PAUSES = (0.1, 0.3, 0.0)  # seconds after each try: an ordinary save takes no longer


def read_bytes(path: Path) -> bytes:
    """Return a file's content, all of one moment.

    Raises UnreadableError in words for the person at the desk.
    """
    for pause in _PAUSES:
        before = _state(path)
        if before and before[0] > MOST_BYTES:
            raise UnreadableError(too_large(before[0]), path.name)
        data = _content(path)
        after = _state(path)
        if before == after and (after is None or after[0] == len(data)):
            return data
        time.sleep(pause)
    raise UnreadableError("文件正在被修改，请稍后再试。", path.name)


def _state(path: Path) -> tuple[int, int, int] | None:
    """Return what changes when a file is changed, None where the system does not say."""
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_size, state.st_mtime_ns, state.st_ino


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableError("找不到这个文件。请核对路径和文件名。", path.name) from None
    except IsADirectoryError:
        raise UnreadableError("这是文件夹，不是工作簿。", path.name) from None
    except PermissionError:
        raise UnreadableError(
            "文件打不开，可能正被占用或没有读取权限。请先关闭打开它的程序再试。", path.name
        ) from None
    except OSError as error:
        raise UnreadableError(
            f"读取文件出错（代码 {error.errno}）。请检查磁盘或网络后再试。", path.name
        ) from None


# -- what is told of a file besides its cells -------------------------------------------------

_PICTURE = re.compile(r"=\s*(_xlfn\.)?DISPIMG\(")


def _told(
    gate: Preflight, values: Values, own: Container[str]
) -> tuple[FileFacts, Mapping[str, Grid]]:
    """Return the facts, and the cells as they stand: without far cells, and pictures blank."""
    facts = gate.facts(own)
    if gate.kind in ODD_KINDS:
        hidden = tuple(
            Spot(title, "", state)
            for title, state in values.states.items()
            if title not in own and any(any(row) for row in values.grids[title])
        )
        facts = replace(facts, hidden=hidden)
    grids = dict(values.grids)
    # A blank far off is nothing to anybody; calamine shows an error as one, which is told anyway.
    distant = tuple(spot for spot in _take_distant(gate, grids) if not is_blank(spot.text))
    pictures = facts.pictures
    if gate.cell_pictures or gate.has_picture_texts or pictures or gate.kind in ODD_KINDS:
        pictures = tuple(_take_pictures(facts.pictures, grids, own))
        if gate.cell_pictures and not pictures:
            pictures = (Spot("", "", "单元格图片"),)
    _show_percents(gate, grids, own)
    return replace(facts, distant=distant, pictures=pictures), grids


def _show_percents(gate: Preflight, grids: dict[str, Grid], own: Container[str]) -> None:
    """Spell numbers as their cells show them, where that is as percentages: 0.35 as 35%."""
    addresses: dict[str, list[str]] = {}
    for title, address in gate.percents(own):
        addresses.setdefault(title, []).append(address)
    for title, shown in addresses.items():
        grids[title] = as_percents(grids[title], shown)


def _take_distant(gate: Preflight, grids: dict[str, Grid]) -> Iterator[Spot]:
    """Yield what the far cells say, which stand below the rest, and take them from there."""
    for tab in gate.tabs:
        seen = tab.seen
        if seen is None or not seen.far or tab.title not in grids:
            continue
        grid = grids[tab.title]
        grids[tab.title] = grid[: seen.last]
        for at, cell in enumerate(seen.far, seen.last):
            raw = grid[at][0] if at < len(grid) else ""
            yield Spot(tab.title, a1(cell.row, cell.column), as_text(raw))


def _take_pictures(
    known: Iterable[Spot], grids: dict[str, Grid], own: Container[str]
) -> Iterator[Spot]:
    """Yield the pictures in cells, and blank the cells, whose text is of no use to anybody."""
    by_sheet: dict[str, dict[tuple[int, int], Spot]] = {}
    for spot in known:
        by_sheet.setdefault(spot.sheet, {})[place(spot.cell)] = spot
    for title, grid in grids.items():
        if title in own:
            continue
        spots = by_sheet.get(title, {})
        for row, cells in enumerate(grid, 1):
            for column, raw in enumerate(cells, 1):
                if isinstance(raw, str) and _PICTURE.match(raw):
                    spots.setdefault((row, column), Spot(title, a1(row, column), raw))
        if spots:
            grids[title] = [
                ["" if (row, column) in spots else raw for column, raw in enumerate(cells, 1)]
                for row, cells in enumerate(grid, 1)
            ]
        yield from (spots[at] for at in sorted(spots))


def _holds_more(gate: Preflight, data: bytes) -> bool:
    """Say whether people have put in what stands in no cell; the marks of a check are none of it.

    Of an old format nobody can tell.
    """
    if not gate.holds_more:
        return False
    from toolkit.excel.marks.mark import cleared, written_beside  # noqa: PLC0415 -- for rare files only

    try:
        return bool(written_beside(data)) or preflight(cleared(data)).holds_more
    except OutputError:  # nobody can mark such a file
        return True


# -- which form it is ---------------------------------------------------------------------------


class _OtherForm(Refusal):
    """A standard workbook, but none of the forms asked for."""


def _recognise(
    mark: Identity | None, grids: Mapping[str, Grid], forms: Sequence[Form]
) -> tuple[Form, Identity]:
    """Return form and identity; the marks stand in three places, any one is enough."""
    by_id = {form.id: form for form in forms}
    marks = [mark] if mark else []
    marks += [each for line in _identity_lines(grids) if (each := Identity.parse(line))]
    for found in marks:
        if found.form in by_id:
            return by_id[found.form], found
    if marks:
        raise _OtherForm(f"这是另一种标准工作簿，不能用在这里。请换成{_titles(forms)}。")
    titles = {tidy(title) for title in grids}
    best = max(forms, key=lambda form: len(titles & set(form.sheets())))
    if len(titles & set(best.sheets())) >= 2:  # noqa: PLR2004 -- one title may be chance
        return best, Identity(best.id, "")
    raise Refusal(f"不是本工具发放的工作簿，认不出是哪种表。请用{_titles(forms)}填写后重新报送。")


def _issued(grids: Mapping[str, Grid]) -> str:
    """Return what the sheet _meta says the workbook was issued with, "" where nothing."""
    lines = grids.get(META_SHEET, ())
    return next((as_text(line[1]) for line in lines if line[:1] == [ISSUED_LABEL] and line[1:]), "")


def _titles(forms: Sequence[Form]) -> str:
    return "或".join(f"《{form.title}》" for form in forms)


def _identity_lines(grids: Mapping[str, Grid]) -> Iterator[str]:
    for title in (META_SHEET, INSTRUCTIONS_SHEET):
        for row in grids.get(title, ()):
            yield from (raw for raw in row if isinstance(raw, str) and "/" in raw)
