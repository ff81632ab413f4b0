"""Two workbooks of one kind compared: what was changed, row by row and cell by cell.

Law: every filled cell of either workbook that our reader gives to a column is equal, or in just
one difference; how a value is written is none. Of rollups that holds for the ledgers and for what
is told of a village itself; what is reckoned from them is not compared.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from toolkit.cells import a1
from toolkit.differences import (
    ADDED,
    DIFF_FORM,
    EDITED,
    REMOVED,
    RENUMBERED,
    Comparison,
    Difference,
)
from toolkit.errors import UsageError
from toolkit.excel.opened import read_workbook
from toolkit.forms import rollup, township, village
from toolkit.forms.ledgers import (
    OF_VILLAGE,
    ChangeKind,
    EvaluationLedger,
    FindingLine,
    MeasureLedger,
    MeetingLedger,
    ProblemLedger,
)
from toolkit.report import Outcome
from toolkit.results import named, replace, spare, way_to
from toolkit.rollup.changes import (
    Change,
    Side,
    compare,
    findings_of,
    joined,
    lacking,
    meaning,
    side,
    spelled,
)
from toolkit.rollup.changes import village_key as key_of
from toolkit.rollup.matching import Marks, match
from toolkit.schema.columns import ABSENT, Column, Field, Row
from toolkit.schema.deadlines import Deadline, MonthBefore
from toolkit.schema.workbook import Spot, Workbook

_ROLLUPS = (rollup.FORM, rollup.COUNTY_FORM)
_FORMS = (village.FORM, township.FORM, *_ROLLUPS)
_OUTSIDE = "栏外内容"
"""What stands in cells that belong to no column."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What the rows of a sheet are known by: a key, and a text that tells one whose key changed."""

    key: tuple[Column[Any], ...]
    text: tuple[Column[Any], ...] = ()  # one, or none
    by_likeness: bool = False  # a sentence, which may be put in other words


KNOWN_BY: Mapping[type[Row], _Known] = {
    village.Basis: _Known(
        (village.Basis.kind, village.Basis.number, village.Basis.level), (village.Basis.title,)
    ),
    village.Person: _Known((village.Person.role, village.Person.name), (village.Person.name,)),
    village.Problem: _Known(
        (village.Problem.number,), (village.Problem.headline,), by_likeness=True
    ),
    village.Goal: _Known((village.Goal.title,), (village.Goal.text,)),
    village.Measure: _Known((village.Measure.number,), (village.Measure.text,), by_likeness=True),
    village.Stage: _Known((village.Stage.name,), (village.Stage.task,)),
    village.Meeting: _Known((village.Meeting.day, village.Meeting.kind), (village.Meeting.topics,)),
    village.Evaluation: _Known(
        (village.Evaluation.day, village.Evaluation.level, village.Evaluation.kind)
    ),
    village.Passage: _Known(
        (village.Passage.section, village.Passage.title), (village.Passage.text,)
    ),
    village.Waiver: _Known(
        (village.Waiver.rule, village.Waiver.place), (village.Waiver.explanation,)
    ),
    township.Village: _Known((township.Village.code,), (township.Village.village,)),
    township.Formality: _Known(
        (township.Formality.sort, township.Formality.village, township.Formality.month)
    ),
    township.TypeCode: _Known((township.TypeCode.code,), (township.TypeCode.label,)),
}
"""Of each sheet that is a table."""


def compare_into(old: Path, new: Path, target: Path | None) -> tuple[Comparison, Outcome]:
    """Two workbooks to what differs, and to a workbook of it where a target is told.

    Raises UnreadableError for a file that is no standard workbook, UsageError where the two have
    nothing to do with each other.
    """
    if target is not None:
        named(target, ".xlsx")
        spare(target, DIFF_FORM, (old, new))
    found = compared(old, new)
    if target is None:
        return found, Outcome(())
    from toolkit.excel.diff_book import build_differences  # noqa: PLC0415 -- XlsxWriter loads slowly

    ways = {in_old: way_to(target.parent, path) for in_old, path in ((True, old), (False, new))}
    data = build_differences(found, ways[True], ways[False])
    return found, Outcome((replace(target, data, DIFF_FORM, found.total),))


def compared(old: Path, new: Path) -> Comparison:
    """Return what differs between two workbooks; raises as above."""
    before, now = (read_workbook(path, _FORMS) for path in (old, new))
    return compare_books(before, now, _label(old, new), _label(new, old))


def compare_books(before: Workbook, now: Workbook, old: str = "", new: str = "") -> Comparison:
    """Return what differs between two workbooks that were read; `old` and `new` are their names.

    Raises UsageError where the two have nothing to do with each other.
    """
    _require_alike(before, now)
    of_rollups = now.form in _ROLLUPS
    told = _of_rollups if of_rollups else _of_workbooks
    more = {"kind": _months(before, now)} if of_rollups else {}
    return Comparison(
        old=old or before.name,
        new=new or now.name,
        about=_whose(now) or _whose(before),
        differences=tuple(told(before, now)),
        remarks=tuple(_remarks(before, now)),
        **more,
    )


def _label(file: Path, other: Path) -> str:
    """Return what a file goes by: its name, with its folder where the other has the same name."""
    folder = file.resolve().parent.name
    return f"{folder}/{file.name}" if file.name == other.name and folder else file.name


# -- whose they are -----------------------------------------------------------------------------


def _require_alike(before: Workbook, now: Workbook) -> None:
    """Refuse, by a UsageError, workbooks of two kinds, or of two villages or townships."""
    if before.form is not now.form:
        raise UsageError(
            f"{before.name} 是《{before.form.title}》，{now.name} 是《{now.form.title}》，"
            "不能对比。请换成同一种工作簿。"
        )
    codes = (_code(before), _code(now))
    if all(codes) and codes[0] != codes[1]:
        whose = [f"{book.name} 是{_named(book)}" for book in (before, now)]
        same = "同一个村" if now.form is village.FORM else "同一个镇"
        raise UsageError(f"{whose[0]}，{whose[1]}，不能对比。请换成{same}的工作簿。")


def _code(book: Workbook) -> str:
    if book.form is village.FORM:
        return village.village_code(book)
    if book.form in _ROLLUPS:
        return _whose(book)  # a rollup bears no code
    towns = book.rows(township.Township)
    return (towns[0].code if towns else None) or book.identity.code


def _whose(book: Workbook) -> str:
    """Return whose workbook it is, "" where it does not say."""
    if book.form is village.FORM:
        return village.village_name(book)
    towns = [row.town for row in book.rows(township.Township)]
    towns += [row.town for row in book.rows(rollup.Scope)]
    return next(filter(None, towns), "")


def _named(book: Workbook) -> str:
    name, code = _whose(book), _code(book)
    return f"{name}（{code}）" if name and name != code else code


def _remarks(before: Workbook, now: Workbook) -> Iterator[str]:
    """Yield what must be known besides: other versions, and sheets that are not compared."""
    versions = (before.identity.version, now.identity.version)
    if versions[0] != versions[1]:
        told = " → ".join(version or "未写明" for version in versions)
        yield f"表格版本不同：{told}。旧版没有的栏目按空着对比。"
    titles = dict.fromkeys(spot.sheet for book in (before, now) for spot in book.extra_sheets)
    if titles:
        yield f"不是本工具的工作表，没有对比：{'、'.join(titles)}。"
    if now.form in _ROLLUPS:
        earlier, later = _period(before), _period(now)
        if later and earlier > later:
            yield "左边的月份比右边的晚，请核对先后。"
        yield f"{'、'.join(_PASSED)}和由台账算出的各表、各栏没有对比。"


# -- cell by cell -------------------------------------------------------------------------------


def _of_workbooks(before: Workbook, now: Workbook) -> Iterator[Difference]:
    for row in now.form.rows:
        olds, news = before.rows(row), now.rows(row)
        if row.vertical:
            yield from _edits(row, next(iter(olds), None), next(iter(news), None))
        else:
            yield from _of_table(row, row.columns, KNOWN_BY[row], olds, news)
    yield from _of_strays(before.strays, now.strays)


def _of_table(
    row: type[Row],
    columns: Sequence[Column[Any]],
    known: _Known,
    olds: Sequence[Row],
    news: Sequence[Row],
) -> Iterator[Difference]:
    """Yield what differs in a table: of the rows there are now, then of those that are gone."""
    matched = match(olds, news, partial(_marks, columns, known), by_likeness=known.by_likeness)
    partners = {id(new): old for old, new in (*matched.kept, *matched.renamed)}
    for new in news:
        old = partners.get(id(new))
        if old is None:
            yield _whole(ADDED, columns, known, new)
        else:
            yield from _edits(row, old, new, columns, known)
    for old in matched.removed:
        yield _whole(REMOVED, columns, known, old)


def _marks(columns: Sequence[Column[Any]], known: _Known, row: Row) -> Marks:
    key = tuple(_mark(row.field(column)) for column in known.key)
    text = "".join(_mark(row.field(column)) for column in known.text)
    return Marks(key, text, tuple(_said(row.field(column)) for column in columns))


def _mark(field: Field) -> str:
    said = _said(field)
    return said if isinstance(said, str) else str(said)


def _said(field: Field) -> Hashable:
    """Return what a cell says, whatever way it is written; what cannot be read, as it stands."""
    value = field.value
    if isinstance(value, Deadline):
        return meaning(value)
    if isinstance(value, tuple):
        return tuple(map(spelled, value))
    if value is None or isinstance(value, str):
        return spelled(field.seen if value is None else value)
    return value


def _whole(kind: str, columns: Sequence[Column[Any]], known: _Known, filled: Row) -> Difference:
    """Return that a row has come or gone."""
    of_interest = (*known.text, *columns)
    shown = next((c for c in of_interest if not filled.field(c).empty), columns[0])
    text, gone = filled.field(shown).seen, kind == REMOVED
    return Difference(
        kind=kind,
        sheet=filled.sheet_title,
        key=_key(known, filled),
        before=text if gone else "",
        after="" if gone else text,
        cell=filled.cell(shown).a1,
        in_old=gone,
        village=_village(filled),
    )


def _edits(
    row: type[Row],
    old: Row | None,
    new: Row | None,
    columns: Sequence[Column[Any]] = (),
    known: _Known | None = None,
) -> Iterator[Difference]:
    """Yield the cells of a row that do not say what they said."""
    title = next((each.sheet_title for each in (new, old) if each), row.sheet)
    for column in columns or row.columns:
        was, is_now = (each.field(column) if each else ABSENT for each in (old, new))
        if _said(was) == _said(is_now):
            continue
        in_old = not is_now.column  # the new workbook lacks the place
        renumbered = column is row.key and known is not None
        yield Difference(
            kind=RENUMBERED if renumbered else EDITED,
            sheet=title,
            key=_key(known, new) if known and new else "",
            header=column.header,
            before=was.seen,
            after=is_now.seen,
            cell=a1(was.row, was.column) if in_old else a1(is_now.row, is_now.column),
            in_old=in_old,
            village=_village(new) if new else "",
        )


def _key(known: _Known, row: Row) -> str:
    """Return what people find a row by."""
    seen = [row.field(column).seen.strip() for column in known.key]
    return " ".join(filter(None, seen)) or f"第 {row.line} 行"


def _village(row: Row) -> str:
    """Return the village that a rollup's row belongs to, "" of a village's own sheet."""
    return row.fields["village"].seen if type(row) in _OF_VILLAGES else ""


def _of_strays(before: Sequence[Spot], now: Sequence[Spot]) -> Iterator[Difference]:
    """Yield what stands outside of every column here, and did not there; its place is no matter."""
    matched = match(before, now, lambda spot: Marks((), "", (spot.sheet, spelled(spot.text))))
    for spot in matched.added:
        yield Difference(ADDED, spot.sheet, "", _OUTSIDE, after=spot.text, cell=spot.cell)
    for spot in matched.removed:
        yield Difference(
            REMOVED, spot.sheet, "", _OUTSIDE, before=spot.text, cell=spot.cell, in_old=True
        )


# -- rollups ------------------------------------------------------------------------------------

_LEDGERS = (ProblemLedger, MeasureLedger, MeetingLedger, EvaluationLedger)
_OF_WORD = {"问题": ProblemLedger, "措施": MeasureLedger}
_SURVEYS = {MeetingLedger: village.Meeting, EvaluationLedger: village.Evaluation}
_OWN: Mapping[type[Row], tuple[Column[Any], ...]] = {
    rollup.Village: (
        rollup.Village.village_code,
        rollup.Village.village,
        rollup.Village.secretary,
        rollup.Village.main_types,
        rollup.Village.county_leader,
        rollup.Village.town_leader,
        rollup.Village.first_secretary,
        rollup.Village.paired_unit,
        rollup.Village.listed,
    ),
    rollup.PartyLine: tuple(
        column
        for column in (rollup.SORT, *rollup.PARTY_ITEMS.values())
        if getattr(column, "how", None) is None
    ),
}
"""What a rollup tells of a village itself, which is not reckoned from the ledgers."""
_OF_VILLAGES = frozenset({*_LEDGERS, *_OWN})
_PASSED = tuple(row.sheet for row in (rollup.HistoryLine, FindingLine, rollup.SourceFile))
"""The sheets that every month has its own of."""
_NUMBER_AT = len(OF_VILLAGE)
"""The column in which a ledger names its row."""


def _of_rollups(before: Workbook, now: Workbook) -> Iterator[Difference]:
    sides = _side(before), _side(now)
    lines = _lines(before), _lines(now)
    for change in compare(*sides):
        yield _of_change(change, *lines)
    both = {
        key: was
        for key, was in joined(*sides).items()
        if sides[1].villages[key].taken and sides[0].villages[was].taken
    }
    for ledger, own in _SURVEYS.items():
        olds, news = (_rows_by_village(book, ledger) for book in (before, now))
        for key, was in both.items():
            rows = olds.get(was, ()), news.get(key, ())
            held = sides[0].villages[was], sides[1].villages[key]
            kind = lacking(own, *held, *rows)
            if kind:
                yield Difference(kind, ledger.sheet, "", village=held[1].name)
            else:
                yield from _of_table(ledger, own.columns, KNOWN_BY[own], *rows)
    for row, columns in _OWN.items():
        lines_was, lines_now = (_by_village(book, row) for book in (before, now))
        for key in lines_now:
            if key in both and both[key] in lines_was:
                yield from _edits(row, lines_was[both[key]], lines_now[key], columns)
    yield from _of_scope(before, now)


def _rows_by_village(book: Workbook, ledger: type[Row]) -> Mapping[str, Sequence[Row]]:
    found: dict[str, list[Row]] = {}
    for row in book.rows(ledger):
        found.setdefault(key_of(_record(row)), []).append(row)
    return found


def _by_village(book: Workbook, row: type[Row]) -> Mapping[str, Row]:
    """Return the lines of a sheet that has one for each village, by what the village is known by.

    The official statistic names no code: there a village goes by its number in the same book.
    """
    keys = {each.village_no: key_of(_record(each)) for each in book.rows(rollup.Village)}
    numbered = ((each.fields["village_no"].value, each) for each in book.rows(row))
    return {keys[number]: each for number, each in numbered if number in keys}


def _of_scope(before: Workbook, now: Workbook) -> Iterator[Difference]:
    """Yield what one was reckoned by and the other was not; the month is in the title."""
    old, new = (next(iter(book.rows(rollup.Scope)), None) for book in (before, now))
    months = {rollup.Scope.period.name}
    months |= {rollup.Scope.as_of.name} if _period(before) != _period(now) else set()
    columns = [column for column in rollup.Scope.columns if column.name not in months]
    if old and new:
        yield from _edits(rollup.Scope, old, new, columns)


def _period(book: Workbook) -> str:
    """Return the month that a rollup is of, as YYYY-MM, "" where it does not say."""
    return next((scope.period or "" for scope in book.rows(rollup.Scope)), "")


def _months(before: Workbook, now: Workbook) -> str:
    """Return what a comparison of two rollups is called, by their months."""
    periods = list(filter(None, map(_period, (before, now))))
    return f"{' 与 '.join(periods)} 汇总对比" if len(periods) > 1 else "汇总对比"


def _side(book: Workbook) -> Side:
    villages, problems, measures = (
        map(_record, book.rows(row)) for row in (rollup.Village, ProblemLedger, MeasureLedger)
    )
    scope = next(iter(book.rows(rollup.Scope)), None)
    findings = findings_of(book)
    if scope is None:
        return side(villages, problems, measures, findings=findings)
    meant = next((m for m in MonthBefore if m.value == scope.month_before), MonthBefore.STRICT)
    return side(
        villages, problems, measures, findings=findings, year=scope.year, month_before=meant
    )


def _record(row: Row) -> Mapping[str, Any]:
    """Return a row of a rollup in plain values, with its line there."""
    record = {column.name: _plain(row.field(column), column) for column in row.columns}
    return {**record, "source_line": row.line}


def _plain(field: Field, column: Column[Any]) -> Any:  # noqa: ANN401 -- of any kind
    return field.seen if field.value is None else column.kind.plain(field.value)


Lines = Mapping[tuple[type[Row], int | None], Row]


def _lines(book: Workbook) -> Lines:
    return {(row, filled.line): filled for row in _LEDGERS for filled in book.rows(row)}


def _of_change(change: Change, before: Lines, now: Lines) -> Difference:
    """Return what happened in the words of a difference, with its cell in the rollup."""
    ledger = _OF_WORD.get(change.sheet, rollup.Village)
    new = now.get((ledger, change.line))
    row = new or before.get((ledger, change.line_before))
    headers = {change.header.split("、")[0], ledger.columns[_NUMBER_AT].header}
    cells = [row.cell(c).a1 for c in ledger.columns if row and c.header in headers]
    whole = {ChangeKind.ADDED: ("", change.headline), ChangeKind.REMOVED: (change.headline, "")}
    texts = whole.get(change.kind, (change.before, change.after))
    return Difference(
        change.kind,
        row.sheet_title if row else ledger.sheet,
        change.number or (f"第 {row.line} 行" if row else ""),
        change.header,
        *texts,
        cell=cells[-1] if cells else "",  # the number's, which stands first, if no other
        in_old=new is None,
        village=change.village,
    )
