"""The headers of a sheet, found wherever they were moved and however they were reworded."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from toolkit.cells import Area, Filled, Grid, Raw, a1, letters
from toolkit.schema.columns import Column, Row
from toolkit.schema.form import HEADER_ROW
from toolkit.schema.kinds import as_text, is_other_measure, is_other_unit
from toolkit.schema.texts import header_core, header_form, is_blank

SEARCH = 40
"""Rows in which a moved header is looked for."""
_NEAR = 80  # rapidfuzz score from which a header may be a slip of the pen
_FEW = 3  # headers found so few may be the wrong line
_FEWEST = 2  # one header alone may be a content that is spelled like one
_SURE = 0.6  # share of a line's cells that name columns, from which it heads a table
_A_TABLE = 3  # labels that stand there once more, from the first on, are a second table


def filled(cells: Sequence[Raw]) -> Filled:
    """Return what stands in a line of cells."""
    return {
        at: raw
        for at, raw in enumerate(cells)
        if raw is not None
        and raw != ""
        and (type(raw) is not str or raw[0].isalnum() or not is_blank(raw))  # the dear one last
    }


class Label(NamedTuple):
    """A header as it stands: the line, counted from 0, and the content of its cell."""

    row: int
    raw: Raw

    @property
    def form(self) -> str:
        """The words by which a column is found."""
        return header_form(as_text(self.raw))


class Header(NamedTuple):
    """The headers of a table, the columns below them by place, and what else stands there."""

    first: int  # the upper line of two, counted from 0
    row: int
    columns: Mapping[int, Column[Any]]
    labels: Mapping[int, Label]  # of every column, and of those that nobody knows
    groups: Sequence[tuple[int, Label]]  # headings over several columns, with their place
    others: frozenset[int]  # where the columns of another table begin
    words: frozenset[str]  # what repeats of the head are told by
    addresses: Mapping[str, str]  # of each column's header cell, by the column's name
    units: Mapping[int, str]  # where a header names another unit than the form
    as_issued: bool  # every header stands where the form puts it

    def why(self, at: int) -> str:
        """Return why a cell in that place is none of the table's, "" where nothing is known."""
        if any(start <= at for start in self.others):
            return _BESIDE
        label = self.labels.get(at)
        if label is None or at in self.columns or label.form == _COUNTER:
            return ""
        for twin, column in self.columns.items():
            if label.form in _forms(column):
                return f"“{column.header}”栏不止一列，只读取了 {letters(twin + 1)} 列"
        return ""

    def is_out_of_order(self, cells: Filled) -> bool:
        """Say whether a line repeats the headers, yet above other columns."""
        own = {at: {self.labels[at].form, *_spelled(self.columns[at])} for at in self.columns}
        forms = frozenset().union(*own.values())
        return any(
            (form := Label(0, raw).form) in forms and form not in own.get(at, ())
            for at, raw in cells.items()
        )


_COUNTER = "序号"
"""Counts the lines of any table; it stands for the number only where that is missing."""


@cache
def _forms(column: Column[Any]) -> frozenset[str]:
    return frozenset(map(header_form, column.labels))


@cache
def own_names(columns: tuple[Column[Any], ...]) -> frozenset[str]:
    """Return the headers that a form gives to a sheet, as they are compared."""
    return frozenset().union(*map(_spelled, columns))


@cache
def _spelled(column: Column[Any]) -> frozenset[str]:
    """Return the header of a column, bare and with its unit, as it is compared."""
    return frozenset(map(header_form, (column.header, column.headed)))


def named(row: type[Row], raw: Raw) -> Column[Any] | None:
    """Return the column that a label names by header or alias, whatever is put round its words.

    A unit of another measure makes another thing of it: 满意（%） are no ballots.
    """
    if not isinstance(raw, str):
        return None
    column = row.by_label.get(header_form(raw))
    if column is not None:
        return column
    core, remark = header_core(raw)
    column = row.by_label.get(core)
    return None if column and is_other_measure(remark, column.unit) else column


def other_unit(label: Raw, column: Column[Any]) -> str:
    """Return the unit that a label names where numbers are converted for it, else ""."""
    written = header_core(label)[1] if isinstance(label, str) else ""
    return written if written and is_other_unit(written, column.unit) else ""


def is_reworded(raw: Raw, column: Column[Any]) -> bool:
    """Say whether a label is not the form's own; marks of the required do not count."""
    own = (column.header, column.headed)
    return raw not in own and as_text(raw).strip("*＊ \u3000") not in own


def find_header(row: type[Row], grid: Grid, areas: Sequence[Area] = ()) -> Header | None:
    """Return the headers of a table, those of two lines taken together; None if it has none."""
    if not areas and is_as_issued(row, grid):
        return _issued(row.columns, row.sheet, row.hint)
    best, most = _best_line(row, grid, strict=True)
    if most < min(_FEW, len(row.columns)):
        loose, more = _best_line(row, grid, strict=False)
        best, most = (loose, more) if more > most else (best, most)
    if not most:
        return None
    labels = {at: Label(best, raw) for at, raw in filled(grid[best]).items()}
    groups: list[tuple[int, Label]] = []
    for other in (best - 1, best + 1):
        if 0 <= other < len(grid):
            _join(row, labels, groups, other, filled(grid[other]))
    _take_groups(labels, groups, grid, areas)
    header = _header(row, labels, groups)
    return header if _is_head(row, header) else None


def _is_head(row: type[Row], header: Header) -> bool:
    """Say whether enough headers are known: a single alias among contents may be a content."""
    known = len(header.columns)
    if known >= _FEWEST or len(row.columns) <= _FEWEST:
        return True
    forms = {label.form for at, label in header.labels.items() if at in header.columns}
    return 3 * known >= len(header.labels) and not forms.isdisjoint(own_names(row.columns))


def is_as_issued(row: type[Row], grid: Grid) -> bool:
    """Say whether the headers stand where the form puts them, and nothing else beside them."""
    line = grid[HEADER_ROW - 1] if len(grid) >= HEADER_ROW else ()
    own = row.columns
    return (
        len(line) >= len(own)
        and all(map(_is_own, own, line))
        and not any(raw is not None and raw != "" for raw in line[len(own) :])
    )


def _is_own(column: Column[Any], raw: Raw) -> bool:
    return raw == column.headed or not is_reworded(raw, column)


@cache
def _issued(columns: tuple[Column[Any], ...], sheet: str, hint: str) -> Header:
    """Return the headers of a sheet as the form issues it."""
    labels = {at: Label(HEADER_ROW - 1, column.header) for at, column in enumerate(columns)}
    made = _made(dict(enumerate(columns)), labels, (), frozenset(), (sheet, hint))
    return made._replace(as_issued=True)


def _made(
    columns: Mapping[int, Column[Any]],
    labels: Mapping[int, Label],
    groups: Sequence[tuple[int, Label]],
    others: frozenset[int],
    headings: Iterable[str],
) -> Header:
    rows = [label.row for label in (*labels.values(), *(label for _, label in groups))]
    columns = {at: columns[at] for at in sorted(columns)}
    return Header(
        first=min(rows),
        row=max(rows),
        columns=columns,
        labels=labels,
        groups=groups,
        others=others,
        units={
            at: unit
            for at, column in columns.items()
            if (unit := other_unit(labels[at].raw, column))
        },
        as_issued=False,
        words=frozenset(
            {
                *(label.form for label in labels.values()),
                *own_names(tuple(columns.values())),
                *map(header_form, headings),
            }
        ),
        addresses={column.name: a1(labels[at].row + 1, at + 1) for at, column in columns.items()},
    )


def _best_line(row: type[Row], grid: Grid, *, strict: bool) -> tuple[int, int]:
    """Return the line in which most headers stand, and how many; the title alone is none."""
    best, most = -1, 0
    title = {header_form(row.sheet)}
    for number, line in enumerate(grid[:SEARCH]):
        texts = {raw for raw in line if isinstance(raw, str)}
        if strict:
            known = row.by_label.keys() & set(map(header_form, texts))
        else:
            known = {header_core(raw)[0] for raw in texts if named(row, raw)}
        if len(known) > most and known != title:
            best, most = number, len(known)
        if 2 * most > len(row.columns):
            break
    return best, most


def _join(
    row: type[Row],
    labels: dict[int, Label],
    groups: list[tuple[int, Label]],
    number: int,
    cells: Filled,
) -> None:
    """Take a second line of headers, above or below, together with the first, if it is one."""
    is_above = all(label.row > number for label in labels.values())
    if not is_above and not all(named(row, raw) for raw in cells.values()):
        return  # a line of data
    title = {header_form(row.sheet), header_form(row.hint)}
    own = [at for at, label in labels.items() if named(row, label.raw)]
    more = [
        at
        for at, raw in cells.items()
        if at not in own and named(row, raw) and header_form(as_text(raw)) not in title
    ]
    if not more or (not is_above and len(more) < len(cells)):
        return
    taken = {named(row, labels[at].raw) for at in own}
    if any(named(row, cells[at]) in taken for at in more):
        return
    for at, raw in cells.items():
        if at in more:
            if at in labels:
                groups.append((at, labels[at]))
            labels[at] = Label(number, raw)
        else:
            groups.append((at, Label(number, raw)))


def _take_groups(
    labels: Mapping[int, Label],
    groups: list[tuple[int, Label]],
    grid: Grid,
    areas: Iterable[Area],
) -> None:
    """Add the headings that cells merged right above several headers hold."""
    top = min(label.row for label in labels.values())
    for (first, left), (last, right) in areas:
        spans = [at for at in range(left, right + 1) if at in labels]
        is_title = len(spans) == len(labels)
        if first == last == top - 1 and len(spans) > 1 and not is_title:
            raw = filled(grid[first]).get(left)
            if raw is not None:
                groups.append((left, Label(first, raw)))


def _header(
    row: type[Row], labels: Mapping[int, Label], groups: Sequence[tuple[int, Label]]
) -> Header:
    """Return which column each header names: by its own name, by an alias, by a near miss."""
    labels = {at: labels[at] for at in sorted(labels)}
    others = _other_tables(row, labels)
    mine = {at: label for at, label in labels.items() if at < min(others, default=at + 1)}
    own = own_names(row.columns)
    columns: dict[int, Column[Any]] = {}
    for at in sorted(mine, key=lambda at: mine[at].form not in own):
        column = row.by_label.get(mine[at].form)
        if column is not None and column not in columns.values():
            columns[at] = column
    for at in [at for at in mine if at not in columns]:
        column = named(row, mine[at].raw)
        if column is not None and column not in columns.values():
            columns[at] = column
    for at in [at for at in mine if at not in columns]:
        left = [column for column in row.columns if column not in columns.values()]
        column = _near_miss(mine[at].form, left)
        if column is not None:
            columns[at] = column
    others |= _beyond(mine, columns)
    return _made(columns, labels, groups, others, (row.sheet, row.hint))


_BESIDE = "右侧还有一张表，没有读取"


def _other_tables(row: type[Row], labels: Mapping[int, Label]) -> frozenset[int]:
    """Return where the same headers begin once more: two tables side by side."""
    known = [at for at, label in labels.items() if named(row, label.raw)]
    forms = [labels[at].form for at in known]
    for index in range(1, len(known)):
        if forms[index] == forms[0] and len(set(forms[:index]) & set(forms[index:])) >= _A_TABLE:
            return frozenset({known[index]})
    return frozenset()


def _beyond(labels: Mapping[int, Label], columns: Mapping[int, Column[Any]]) -> frozenset[int]:
    """Return where, behind a gap, other headers begin that nobody knows."""
    last = max(columns, default=-1)
    beyond = [at for at in labels if at > last]
    if len(beyond) > 1 and beyond[0] > last + 1:
        return frozenset({beyond[0]})
    return frozenset()


def _near_miss(label: str, columns: Sequence[Column[Any]]) -> Column[Any] | None:
    """Return the column whose header a label misspells, None where that is not certain."""
    if not columns:
        return None
    from rapidfuzz import fuzz, process  # noqa: PLC0415 -- only a header slip pays for it

    headers = [header_form(column.header) for column in columns]
    hit = process.extractOne(label, headers, scorer=fuzz.ratio, score_cutoff=_NEAR)
    if hit is None:
        return None
    header, score, index = hit
    if _turns(label, header):
        return None
    # 镇审核日期 and 县审核日期 score just 80, and so do 主持人 and 主持.
    return columns[index] if score > _NEAR or label in header or header in label else None


_TURNING = frozenset(
    "不未无没非否勿免"  # turn it into its opposite: 未收回票数, 不了解
    "较很最更极太常基略稍颇"  # say to what degree: 较满意, 非常满意
    "率比占均度"  # make a share or mean of a count: 满意率
    "总共合计累其中余另净纯毛"  # make the whole of a part, or a part of the whole: 其中满意
    "上下本去今明前后初末首再次年季月周"  # say when, or since when: 上年, 本年, 年末
    "新原旧拟应实已待将预"  # planned, due, done: 拟发展党员, 应收回票数
    "正副代男女出入进起止增减收支内外大小多少"  # one of two that are told apart by it
    "0123456789〇零一二两三四五六七八九十百千万半"  # 近五年 is not 近三年
)
"""Characters that change what a header asks for; no slip of the pen adds or drops one of them."""


def _turns(label: str, header: str) -> bool:
    """Say whether what a label and a header do not share turns the meaning.

    >>> _turns("未收回票数", "收回票数"), _turns("完成期时限", "完成时限")
    (True, False)
    """
    have, want = Counter(label), Counter(header)
    return not _TURNING.isdisjoint({*(have - want), *(want - have)})


def heads_a_table(rows: Iterable[type[Row]], cells: Filled) -> bool:
    """Say whether a line holds nothing but what names columns of one of the sheets, or hardly."""
    return any(
        len(known := {named(row, raw) for raw in cells.values()} - {None}) >= _A_TABLE
        and len(known) >= _SURE * len(cells)
        for row in rows
    )


def fit(row: type[Row], grid: Grid) -> tuple[int, float]:
    """Return how many columns of a sheet a grid's headers name, and how well they fit.

    The second is the smaller of two shares: of the sheet's columns, and of the headers that stand
    in that line.
    """
    if row.vertical:
        return _vertical_fit(row, grid)
    best, _ = _best_line(row, grid, strict=False)
    cells = filled(grid[best]) if best >= 0 else {}
    known = {column for raw in cells.values() if (column := named(row, raw))}
    share = len(known) / max(len(cells), len(row.columns), 1)
    return len(known), share


def _vertical_fit(row: type[Row], grid: Grid) -> tuple[int, float]:
    by_place: dict[int, set[Column[Any]]] = {}
    for line in grid[: 4 * len(row.columns)]:
        for at, raw in enumerate(line):
            column = named(row, raw)
            if column is not None:
                by_place.setdefault(at, set()).add(column)
    known = max(map(len, by_place.values()), default=0)
    return known, known / len(row.columns)
