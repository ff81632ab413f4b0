"""What became of the villages' problems and measures between two states of the ledgers.

Law: a village that one side lacks is said to be lacking, and so is a sheet of one that could not
be read; what stood there is never told as deleted. Everywhere else each row of either side is
equal, changed, added or removed, just once.
"""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from toolkit.cells import Raw
from toolkit.differences import NOTHING, excerpts
from toolkit.forms import ledgers, rollup, village
from toolkit.forms.ledgers import ChangeKind
from toolkit.rollup.matching import Marks, match
from toolkit.schema.columns import Column, Row
from toolkit.schema.deadlines import Deadline, MonthBefore, parse_deadline
from toolkit.schema.kinds import Day, as_text
from toolkit.schema.workbook import Workbook

Record = Mapping[str, Any]
"""A ledger's row: what it shows in plain values, by column name."""

_LONGEST = 40  # characters of a content that a change quotes
_MOST_NAMED = 2  # villages that a part of a sentence names
_MOST_LACKING = 3  # villages named of those that could not be compared


_ORDER = {kind: at for at, kind in enumerate(ChangeKind)}
_Edit = tuple[str, str, str]
"""A column's header, and what stood and what stands in it."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a side holds of a village; one that is expected and did not come in is not `taken`."""

    name: str
    taken: bool = True
    problems: tuple[Record, ...] = ()
    measures: tuple[Record, ...] = ()
    town: str = ""
    unread: frozenset[str] = frozenset()  # the sheets that its workbook lacks, or a part of which


@dataclass(frozen=True)
class Side:
    """One state of the ledgers, by village key; a problem's deadline is read as its year's."""

    villages: Mapping[str, Held]
    year: int | None = None
    month_before: MonthBefore = MonthBefore.STRICT

    def reads_as(self, other: "Side") -> bool:
        """Say whether a deadline means the same on either side."""
        return (self.year, self.month_before) == (other.year, other.month_before)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to one problem, measure or village, or a sheet that is lacking.

    A row's lines are those it had in its village's workbook, None where that is not known.
    """

    village_key: str
    village: str
    kind: ChangeKind
    sheet: str = ""  # 问题 or 措施, "" of a village
    number: str = ""
    headline: str = ""
    header: str = ""  # of the columns concerned
    before: str = ""
    after: str = ""
    line: int | None = None
    line_before: int | None = None


@dataclass(frozen=True, slots=True)
class _Sheet:
    """How the rows of a ledger are told: by what name, when finished, and on which day."""

    word: str
    unit: str
    row: type[Row]
    name: Column[Any]
    deadline: Column[Any]
    day: Column[Any]  # on which a row was finished
    status: str  # the column that says how far it has come, and in whose words
    stated: str  # the same if it is filled in, not reckoned; "" if not
    header: str
    lot: str  # the column that says whether it is finished
    finished: str
    not_back: frozenset[str]  # what it says of a row that nobody has sent back, finished or not
    done: str  # what is said of rows that were finished
    progress: frozenset[str]  # the columns that say how far a row has come, not what is planned


def _names(*columns: Column[Any]) -> frozenset[str]:
    return frozenset(column.name for column in columns)


_PROBLEMS = _Sheet(
    word="问题",
    unit="个",
    row=village.Problem,
    name=village.Problem.headline,
    deadline=village.Problem.deadline,
    day=village.Problem.closed,
    status="problem_status",
    stated="",
    header=ledgers.PROBLEM_STATUS.header,
    lot="problem_status",
    finished=village.CLOSED,
    not_back=frozenset({""}),
    done="销号",
    progress=_names(
        village.Problem.applied,
        village.Problem.town_day,
        village.Problem.town_opinion,
        village.Problem.county_day,
        village.Problem.county_opinion,
        village.Problem.closed,
        village.Problem.lookback,
        village.Problem.lookback_result,
    ),
)
_MEASURES = _Sheet(
    word="措施",
    unit="条",
    row=village.Measure,
    name=village.Measure.text,
    deadline=village.Measure.deadline,
    day=village.Measure.completed,
    status=village.Measure.status.name,
    stated=village.Measure.status.name,
    header=village.Measure.status.header,
    lot="lot",
    finished=village.DONE,
    not_back=frozenset({"", village.UNKNOWN, village.STANDING}),
    done="办结",
    progress=_names(
        village.Measure.progress,
        village.Measure.progress_note,
        village.Measure.evidence,
        village.Measure.completed,
    ),
)
_SHEETS = (_PROBLEMS, _MEASURES)
_RECKONED = ("problem_status", "lot", "due", "late")


def side(  # noqa: PLR0913 -- what a rollup tells of its villages, and how it reads a deadline
    villages: Iterable[Record],
    problems: Iterable[Record],
    measures: Iterable[Record],
    *,
    findings: Iterable[Record] = (),
    year: int | None = None,
    month_before: MonthBefore = MonthBefore.STRICT,
) -> Side:
    """Return a side from the rows of a rollup: its villages, its two ledgers, and the findings.

    A village is known by its code, else its name; its row says whether it was taken (是否汇总). Of
    the findings those count that say which sheets of a village could not be read.
    """
    own: dict[str, tuple[list[Record], list[Record]]] = defaultdict(lambda: ([], []))
    held: dict[str, Held] = {}
    for at, rows in enumerate((problems, measures)):
        for row in rows:
            own[village_key(row)][at].append(row)
            held.setdefault(village_key(row), _held(row))
    order: dict[str, Held] = {}
    numbers: dict[str, str] = {}
    for row in villages:
        number = spelled(row.get("village_no"))
        if number == str(rollup.TOWN_NO):
            continue  # the township's own line, which is no village
        key, taken = village_key(row), row.get("taken") != ledgers.NO
        known = order.get(key)
        order[key] = _held(row, taken=taken or (known is not None and known.taken))
        numbers[number] = key
    unread: dict[str | None, set[str]] = defaultdict(set)  # None of what is no village's
    for finding in findings:
        if finding.get("rule") in _UNREAD and finding.get("level") == ledgers.MUST:
            whose = numbers.get(spelled(finding.get("village_no")))
            unread[whose].add(spelled(finding.get("place")))
    unlisted = {key: each for key, each in held.items() if key not in order}
    return Side(
        {
            key: replace(
                each,
                problems=tuple(own[key][0]),
                measures=tuple(own[key][1]),
                unread=frozenset(unread.get(key, ())),
            )
            for key, each in {**order, **unlisted}.items()
        },
        year,
        month_before,
    )


_UNREAD = frozenset({"L101", "L102"})
"""The rules that find a sheet missing, and of one all headers or columns that it must have."""


def _held(village_row: Record, *, taken: bool = True) -> Held:
    name, town = (spelled(village_row.get(each)) for each in ("village", "town"))
    return Held(name, taken, town=town)


def findings_of(book: Workbook) -> Iterator[Record]:
    """Yield as much of a rollup's findings as a side needs to know of."""
    for line in book.rows(ledgers.FindingLine):
        told = {"level": line.level, "rule": line.rule, "place": line.place}
        yield {**told, "village_no": line.village_no}


def village_key(row: Record) -> str:
    """Return what a row's village is known by: its code, else its name; in a county its town too.

    >>> village_key({"village_code": "0203", "village": "上河村"})
    '0203'
    >>> village_key({"town": "青石镇", "village_code": "", "village": "上河村"})
    '青石镇/上河村'
    """
    own = spelled(row.get("village_code")) or spelled(row.get("village"))
    return "/".join(filter(None, (spelled(row.get("town")), own)))


# -- comparing ----------------------------------------------------------------------------------


def compare(before: Side, now: Side) -> tuple[Change, ...]:
    """Return what happened from one state to the other, village by village."""
    year = now.year or before.year  # a side that does not know its year is of the other's
    before, now = (replace(each, year=each.year or year) for each in (before, now))
    was = joined(before, now)
    still = frozenset(was.values())
    pairs: list[tuple[str, Held | None, Held | None]]
    pairs = [(key, before.villages.get(was.get(key, "")), new) for key, new in now.villages.items()]
    pairs += [(key, old, None) for key, old in before.villages.items() if key not in still]
    return tuple(
        change for key, old, new in pairs for change in _of_village(key, old, new, (before, now))
    )


def joined(before: Side, now: Side) -> Mapping[str, str]:
    """Return by which key either side knows the villages that both know: now's, then before's.

    A key is one village. Of the others those are one that are alone called so on either side, in
    their township: such a village has got another code.
    """
    names = [Counter(map(_called, each.villages.values())) for each in (before, now)]
    others = {
        _called(held): key for key, held in before.villages.items() if key not in now.villages
    }
    found: dict[str, str] = {}
    for key, held in now.villages.items():
        called = _called(held)
        if key in before.villages:
            found[key] = key
        elif held.name and called in others and all(each[called] == 1 for each in names):
            found[key] = others[called]
    return found


def _called(held: Held) -> tuple[str, str]:
    return held.town, held.name


def _of_village(
    key: str, old: Held | None, new: Held | None, sides: tuple[Side, Side]
) -> Iterator[Change]:
    was, is_there = old is not None and old.taken, new is not None and new.taken
    if old and new and was and is_there:
        yield from _of_rows(key, old, new, sides)
    elif new and is_there:
        yield Change(key, new.name, ChangeKind.RETURNED if old else ChangeKind.NEW_VILLAGE)
    elif old and was:
        yield Change(key, (new or old).name, ChangeKind.LACKING)


def _of_rows(key: str, old: Held, new: Held, sides: tuple[Side, Side]) -> Iterator[Change]:
    """Yield what happened to the rows of a village, or which sheet of it is on one side only."""
    rows = {_PROBLEMS: (old.problems, new.problems), _MEASURES: (old.measures, new.measures)}
    kinds = {sheet: lacking(sheet.row, old, new, *each) for sheet, each in rows.items()}
    items = _Items(key, new.name or old.name, *sides, reckoned=not kinds[_MEASURES])
    for sheet, (olds, news) in rows.items():
        kind = kinds[sheet]
        if kind:
            yield Change(key, items.village, kind, sheet.word, headline=_unread(sheet))
        else:
            yield from items.changes(sheet, olds, news)


def lacking(
    sheet: type[Row], old: Held, new: Held, olds: Sequence[object], news: Sequence[object]
) -> ChangeKind | None:
    """Return which side lacks a village's sheet: one with no row, where it could not be read."""
    if olds and not news and sheet.sheet in new.unread:
        return ChangeKind.LACKING
    return ChangeKind.RETURNED if news and not olds and sheet.sheet in old.unread else None


def _unread(sheet: _Sheet) -> str:
    return f"没有读到“{sheet.row.sheet}”表，不作对比"


@dataclass(frozen=True)
class _Items:
    """The rows of one village, as either side has them."""

    key: str
    village: str
    before: Side
    now: Side
    reckoned: bool = True  # what the status of a problem is reckoned from is on both sides

    def changes(
        self, sheet: _Sheet, before: Sequence[Record], now: Sequence[Record]
    ) -> list[Change]:
        """Return what happened to the rows of a ledger, number by number."""
        if self.now.reads_as(self.before) or "due" in next(iter((*before, *now)), {}):
            before, now = _unlike(sheet, before, now)
        if not before and not now:
            return []
        matched = match(before, now, partial(_marks, sheet), by_likeness=True)
        found = [self._change(sheet, ChangeKind.REMOVED, row, None) for row in matched.removed]
        found += [self._change(sheet, ChangeKind.ADDED, None, row) for row in matched.added]
        for old, new in matched.kept:
            found.extend(self._of_pair(sheet, old, new))
        for old, new in matched.renamed:
            numbers = (spelled(old.get("number")), spelled(new.get("number")))
            header = sheet.row.columns[0].header
            found.append(self._change(sheet, ChangeKind.RENUMBERED, old, new, header, *numbers))
            found.extend(self._of_pair(sheet, old, new))
        return sorted(found, key=_place)

    def _change(  # noqa: PLR0913, PLR0917 -- what a change consists of
        self,
        sheet: _Sheet,
        kind: ChangeKind,
        old: Record | None,
        new: Record | None,
        header: str = "",
        before: str = "",
        after: str = "",
    ) -> Change:
        shown = new if new is not None else old or {}
        name = spelled(shown.get(sheet.name.name))
        return Change(
            village_key=self.key,
            village=self.village,
            kind=kind,
            sheet=sheet.word,
            number=spelled(shown.get("number")),
            headline=excerpts(name, "", _LONGEST)[0],
            header=header,
            before=before,
            after=after,
            line=_line(new),
            line_before=_line(old),
        )

    def _of_pair(self, sheet: _Sheet, old: Record, new: Record) -> Iterator[Change]:
        """Yield what happened to a row that is on both sides."""
        change = partial(self._change, sheet, old=old, new=new)
        kind = self._status_kind(sheet, old, new)
        if kind:
            words = (_status(sheet, old), _status(sheet, new))
            yield change(kind=kind, header=sheet.header, before=words[0], after=words[1])
        late = [row.get("late") == ledgers.YES for row in (old, new)]
        if late[0] != late[1]:
            which = ChangeKind.LATE if late[1] else ChangeKind.IN_TIME
            after = _lateness(new) if late[1] else self._in_time(sheet, old, new)
            yield change(kind=which, header=ledgers.LATE.header, before=_lateness(old), after=after)
        moved = self._moved(sheet, old, new)
        if moved:
            yield change(
                kind=moved[0], header=sheet.deadline.header, before=moved[1], after=moved[2]
            )
        for which, edits in self._edits_by_kind(sheet, old, new, kind):
            header = "、".join(edit[0] for edit in edits)
            told = ("；".join(_told(edit, at, edits) for edit in edits) for at in (1, 2))
            yield change(kind=which, header=header, before=next(told), after=next(told))

    def _status_kind(self, sheet: _Sheet, old: Record, new: Record) -> ChangeKind | None:
        """Return what became of a status.

        What is finished now is done, whatever was told before; what was finished is sent back only
        if it can be read now that something remains to be done.
        """
        was, is_now = _is_finished(sheet, old), _is_finished(sheet, new)
        if was != is_now:
            back = ChangeKind.REOPENED if _is_back(sheet, new) else ChangeKind.STATUS
            return ChangeKind.DONE if is_now else back
        if sheet is _PROBLEMS and not self.reckoned:
            return None
        columns = (sheet.status, sheet.lot)
        same = all(spelled(old.get(name)) == spelled(new.get(name)) for name in columns)
        return None if same else ChangeKind.STATUS

    def _in_time(self, sheet: _Sheet, old: Record, new: Record) -> str:
        """Return in words that a measure is late no more, and why if that is to be seen."""
        reason = _ENDED.get(spelled(new.get(sheet.lot)), "")
        moved = self._moved(sheet, old, new)
        if not reason and moved and moved[0] is ChangeKind.POSTPONED:
            reason = _PUT_OFF
        return f"{_NOT_LATE}{reason}"

    def _moved(self, sheet: _Sheet, old: Record, new: Record) -> tuple[ChangeKind, str, str] | None:
        """Return where the day has moved by which a row is due, and both deadlines in words."""
        was, is_now = _due(sheet, old, self.before), _due(sheet, new, self.now)
        if was is None or is_now is None or was == is_now:
            return None
        kind = ChangeKind.POSTPONED if is_now > was else ChangeKind.ADVANCED
        return kind, *_deadlines(sheet, old, new, was, is_now)

    def _edits_by_kind(
        self, sheet: _Sheet, old: Record, new: Record, status: ChangeKind | None
    ) -> Iterator[tuple[ChangeKind, list[_Edit]]]:
        """Yield the edits of how far a row has come, and those of the plan, if there are any."""
        edits = list(self._edits(sheet, old, new, status))
        for kind, of_progress in ((ChangeKind.PROGRESS, True), (ChangeKind.EDITED, False)):
            found = [edit for name, edit in edits if (name in sheet.progress) is of_progress]
            if found:
                yield kind, found

    def _edits(
        self, sheet: _Sheet, old: Record, new: Record, status: ChangeKind | None
    ) -> Iterator[tuple[str, _Edit]]:
        """Yield each column that was edited and is told nowhere else, and what stands in it.

        A change of status tells the percentage as well, and the day on which a row was finished.
        """
        passed = {"number", sheet.status, sheet.deadline.name}
        passed |= {village.Measure.progress.name} if status else set()
        passed |= {sheet.day.name} if _tells_day(sheet, old, new) else set()
        if all(_goes_by_problem(row) for row in (old, new)):
            passed.add("problem")  # its number says it
        for column in sheet.row.columns:
            raws = old.get(column.name), new.get(column.name)
            if raws[0] == raws[1] and column is not sheet.deadline:
                continue  # nearly always, and quickly told
            was, is_now = map(spelled, raws)
            if column is sheet.deadline and self._meant_otherwise(sheet, old, new):
                due = _due(sheet, old, self.before), _due(sheet, new, self.now)
                yield column.name, (column.header, *_deadlines(sheet, old, new, *due))
            elif column.name not in passed and was != is_now:
                yield column.name, (column.header, *excerpts(was, is_now, _LONGEST))

    def _meant_otherwise(self, sheet: _Sheet, old: Record, new: Record) -> bool:
        """Say whether a deadline means something else than it did, and no day has moved."""
        was, is_now = _due(sheet, old, self.before), _due(sheet, new, self.now)
        if was != is_now:
            return was is None or is_now is None
        if spelled(old.get(sheet.deadline.name)) == spelled(new.get(sheet.deadline.name)):
            return False
        meant = _meant(sheet, old, self.before), _meant(sheet, new, self.now)
        if meant[0] is None or meant[1] is None:
            return True
        return meaning(meant[0]) != meaning(meant[1])


_NOT_LATE = "未逾期"
_ENDED = {village.DONE: "（已办结）", village.STANDING: "（转为长期坚持）"}
_PUT_OFF = "（时限推后）"


def _lateness(row: Record) -> str:
    """Return in words whether a measure is late, and by how many days if that is told."""
    if row.get("late") != ledgers.YES:
        return _NOT_LATE
    days = row.get("days_late")
    return f"逾期 {spelled(days)} 天" if days else "逾期"


def _place(change: Change) -> tuple[bool, str, int, int]:
    """Return what the changes of a ledger are sorted by; rows without a number come last."""
    line = change.line or change.line_before or 0
    return (not change.number, change.number, line, _ORDER[change.kind])


def _line(row: Record | None) -> int | None:
    line = (row or {}).get("source_line")
    return None if line is None or line == "" else int(line)


def _unlike(
    sheet: _Sheet, before: Sequence[Record], now: Sequence[Record]
) -> tuple[Sequence[Record], Sequence[Record]]:
    """Return the rows of either side without those that stand on both, to the letter.

    From month to month these are nearly all, and everything else takes far longer.
    """
    names = (*(column.name for column in sheet.row.columns), *_RECKONED)
    olds, news = ([tuple(map(row.get, names)) for row in rows] for rows in (before, now))
    return _without(before, olds, Counter(news)), _without(now, news, Counter(olds))


def _without(
    rows: Sequence[Record], contents: Sequence[Hashable], taken: Counter[Hashable]
) -> list[Record]:
    rest = []
    for row, content in zip(rows, contents, strict=True):
        if taken[content]:
            taken[content] -= 1
        else:
            rest.append(row)
    return rest


def _marks(sheet: _Sheet, row: Record) -> Marks:
    """Return what a row is known by.

    Of another text under its number is not told that it was done, sent back or put off, nor that a
    status has changed which somebody has filled in.
    """
    own = {column.name: spelled(row.get(column.name)) for column in sheet.row.columns}
    reckoned = {name: spelled(row.get(name)) for name in _RECKONED}
    due = reckoned["due"] or own[sheet.deadline.name]
    standing = (_is_finished(sheet, row), spelled(row.get(sheet.stated)), due)
    content = (*own.values(), *reckoned.values())
    return Marks((own["number"],), own[sheet.name.name], content, standing)


def _is_finished(sheet: _Sheet, row: Record) -> bool:
    return bool(row.get(sheet.lot) == sheet.finished)


def _is_back(sheet: _Sheet, row: Record) -> bool:
    """Say whether it can be read that something remains to be done on a row."""
    by_day = not sheet.stated  # what is reckoned is finished by a day in the row
    lot = spelled(row.get(sheet.lot))
    return lot not in sheet.not_back and not (by_day and _day_is_unread(sheet, row))


def _day_is_unread(sheet: _Sheet, row: Record) -> bool:
    day = row.get(sheet.day.name)
    return isinstance(day, str) and bool(spelled(day))


def _tells_day(sheet: _Sheet, old: Record, new: Record) -> bool:
    """Say whether the status that was told says of the day of the end what is to be said."""
    turned = _is_finished(sheet, old) != _is_finished(sheet, new)
    return turned and not any(_day_is_unread(sheet, row) for row in (old, new))


def _status(sheet: _Sheet, row: Record) -> str:
    return spelled(row.get(sheet.status)) or spelled(row.get(sheet.lot))


def _told(edit: _Edit, at: int, edits: Sequence[object]) -> str:
    """Return the old or new content of a column, by its header where there are several."""
    return edit[at] if len(edits) == 1 else f"{edit[0]}：{edit[at] or NOTHING}"


def _goes_by_problem(row: Record) -> bool:
    """Say whether a row's number begins with the number of the problem that it belongs to."""
    problem = spelled(row.get("problem"))
    return bool(problem) and spelled(row.get("number")).startswith(f"{problem}-")


# -- contents -----------------------------------------------------------------------------------

_WIDE = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B) if chr(code - 0xFEE0).isalnum()}

_IS_WIDE = re.compile("[\uff10-\uff5a]")


def spelled(raw: Raw) -> str:
    """Return a content as one text for whatever it can be written as without meaning another.

    >>> spelled("２０22 "), spelled(7.0), spelled(dt.date(2022, 9, 30)), spelled(None)
    ('2022', '7', '2022年9月30日', '')
    """
    if isinstance(raw, str):
        return (raw.translate(_WIDE) if _IS_WIDE.search(raw) else raw).strip()
    if isinstance(raw, dt.date):
        return Day().text(raw)
    return as_text(raw)


def meaning(deadline: Deadline) -> Deadline:
    """Return a deadline as every way of writing it gives it.

    What has no day, as “每月” and “每季度”, is told apart by its words.

    >>> one, other = (parse_deadline(text) for text in ("2022.10", "2022年10月"))
    >>> meaning(one) == meaning(other)
    True
    """
    told = deadline.recurring or deadline.duration_months is not None
    text = "".join(spelled(deadline.text).split()) if told else ""
    return replace(deadline, text=text, slips=(), ambiguity="")


def _meant(sheet: _Sheet, row: Record, whose: Side) -> Deadline | None:
    """Return what a row's deadline says; one without a year is of the year it was read as."""
    text, due = spelled(row.get(sheet.deadline.name)), _ledger_due(row)
    year = whose.year or (due.year if due else None)
    return parse_deadline(text, year, whose.month_before) if text else None


def _due(sheet: _Sheet, row: Record, whose: Side) -> dt.date | None:
    """Return the day by which a row is due: as the ledger says, else as its deadline reads."""
    if "due" in row:
        return _ledger_due(row)
    meant = _meant(sheet, row, whose)
    return meant.end if meant else None


def _ledger_due(row: Record) -> dt.date | None:
    due = row.get("due")
    if isinstance(due, dt.datetime):
        return due.date()
    return due if isinstance(due, dt.date) else None


def _deadlines(
    sheet: _Sheet, old: Record, new: Record, was: dt.date | None, is_now: dt.date | None
) -> tuple[str, str]:
    """Return two deadlines as written, or the days they mean where they are written alike."""
    before, after = (spelled(row.get(sheet.deadline.name)) for row in (old, new))
    if before == after:
        before, after = spelled(was), spelled(is_now)
    return excerpts(before, after, _LONGEST)


# -- in words -----------------------------------------------------------------------------------

_OF = {
    ChangeKind.REOPENED: "退回整改的",
    ChangeKind.ADVANCED: "时限提前的",
    ChangeKind.STATUS: "其他状态变化的",
    ChangeKind.RENUMBERED: "编号变更的",
    ChangeKind.PROGRESS: "更新进展的",
    ChangeKind.EDITED: "修改内容的",
}
"""What is said before the rows to which something happened, where that is not the kind's word."""
_UNREAD_WHEN = {ChangeKind.RETURNED: "上次", ChangeKind.LACKING: "本月"}


def comparable(before: Side, now: Side) -> int:
    """Return how many villages both sides have taken, so that their rows are compared."""
    return sum(
        now.villages[key].taken and before.villages[was].taken
        for key, was in joined(before, now).items()
    )


def in_words(changes: Iterable[Change], since: str, comparable: int | None = None) -> str:
    """Return the changes as a short paragraph: how many of each kind, and in which villages.

    `since` names the state that they are told against. Where a village is lacking, the sentence
    says of how many it speaks: of the `comparable` ones, if their number is given.

    >>> in_words([Change("0203", "上河村", ChangeKind.ADDED, "问题", "P05")], "9月")
    '与9月相比，新增问题1个（上河村）。'
    """
    told = list(changes)
    of_villages = [kind for kind in ChangeKind if kind in ledgers.OF_VILLAGES]
    named = [part for kind in of_villages if (part := _named(told, kind, f"{kind}的村"))]
    unread = [
        part
        for kind, when in _UNREAD_WHEN.items()
        for sheet in _SHEETS
        if (part := _named(told, kind, f"{when}没有读到{sheet.word}的村", sheet.word))
    ]
    of_rows = [kind for kind in ChangeKind if kind not in of_villages]
    parts = [part for kind in of_rows if (part := _counted(told, kind))]
    rest = "其余" if unread else ""  # of what was not read nobody knows
    whole = "；".join(parts) or f"{rest}问题和措施没有变化"
    if named and comparable is not None:
        whole = f"可比的{comparable}个村{whole}" if comparable else "没有可比的村"
    not_compared = "；".join((*named, *unread))
    return f"与{since}相比，{whole}。" + (f"没有比较：{not_compared}。" if not_compared else "")


def _named(changes: Sequence[Change], kind: ChangeKind, what: str, sheet: str = "") -> str:
    """Return how many villages are lacking, or a sheet of them, and the first of them by name."""
    names = [each.village for each in changes if each.kind is kind and each.sheet == sheet]
    more = "等" if len(names) > _MOST_LACKING else ""
    return f"{what}{len(names)}个（{'、'.join(names[:_MOST_LACKING])}{more}）" if names else ""


def _counted(changes: Sequence[Change], kind: ChangeKind) -> str:
    """Return to how many problems and measures one thing happened, and where; "" where to none."""
    parts: list[str] = []
    said = ""
    for sheet in _SHEETS:
        found = [each for each in changes if each.kind is kind and each.sheet == sheet.word]
        if found:
            before = sheet.done if kind is ChangeKind.DONE else _OF.get(kind, str(kind))
            spoken = "" if before == said else before
            parts.append(f"{spoken}{sheet.word}{len(found)}{sheet.unit}（{_where(found)}）")
            said = before
    return "、".join(parts)


def _where(found: Sequence[Change]) -> str:
    """Return in which villages it happened, after what is to be known of some of them."""
    put_off = sum(each.after.endswith(_PUT_OFF) for each in found)
    among = f"其中时限推后{put_off}条，" if put_off and found[0].kind is ChangeKind.IN_TIME else ""
    names = list({each.village_key: each.village for each in found}.values())
    few = len(names) <= _MOST_NAMED
    return among + ("、".join(names) if few else f"涉及{len(names)}个村")
