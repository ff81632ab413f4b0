"""What was handed in, as a rollup takes it: read, judged and counted, file by file.

Law: it is the same however many work on it, and wherever. A file is read, judged by itself and
turned into its contribution in one go, then forgotten; what concerns the villages together is
judged here.
"""

import datetime as dt
import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from toolkit.errors import BalanceError, UnreadableError
from toolkit.excel.opened import open_workbook
from toolkit.findings import Finding
from toolkit.forms import TOWNSHIP_FILE, rollup, township, village
from toolkit.forms.ledgers import Contribution, FindingLine, Line
from toolkit.forms.parameters import Parameters
from toolkit.forms.rollup import IGNORED, REFUSED, Source
from toolkit.inbox import (
    COPY,
    FORMS,
    Inbox,
    Sight,
    lost,
    open_one,
    read_status,
    the_township,
    town_forms,
    towns_among,
    untracked,
)
from toolkit.report import FileStatus, Track
from toolkit.rollup.balance import check_booked, check_contribution
from toolkit.rollup.contributions import contribution_of, finding_line
from toolkit.rollup.county import TownRollup, town_rollup
from toolkit.rules.cases import case_of, parameters_of
from toolkit.rules.catalogue import ALONE, OF_TOWNSHIP, RULES, TOGETHER
from toolkit.rules.rule import Rule, Waiver, apply_rules
from toolkit.schema.columns import ABSENT, Column, Row
from toolkit.schema.workbook import FileFacts, Workbook
from toolkit.workers import spread


@dataclass(frozen=True)
class Gathered:
    """What workbooks have brought, the findings that are on none of them, and every file."""

    brought: tuple[Contribution, ...]
    findings: tuple[Finding, ...]
    files: tuple[FileStatus, ...]
    town_book: Workbook | None

    @property
    def inbox(self) -> Inbox:
        """The same without the villages' workbooks: what the township says, and every file."""
        return Inbox((), self.town_book, self.files)


def gathered(inbox: Inbox, findings: Sequence[Finding], as_of: dt.date) -> Gathered:
    """Return what an inbox that is read, counted and judged already has brought.

    Raises BalanceError where a file's rows are not all accounted for.
    """
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_file[finding.file].append(finding)
    brought = tuple(
        _checked(book, contribution_of(book, by_file.pop(book.path, ()), as_of))
        for book in inbox.villages
    )
    rest = tuple(finding for finding in findings if finding.file in by_file)
    return Gathered(brought, rest, inbox.files, inbox.town_book)


def _checked(book: Workbook, brought: Contribution) -> Contribution:
    """Return what a workbook brings, once it holds all that was read; else raise BalanceError."""
    check_contribution(brought)
    check_booked(book, brought)
    return brought


# -- one file -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Brought:
    """What is left of a workbook once it is forgotten."""

    contribution: Contribution
    rest: Workbook  # as far as the rules that compare villages look at it
    waivers: tuple[Waiver, ...]
    status: FileStatus


@dataclass(frozen=True)
class _Bring:
    """Reads, judges and counts one file; able to travel between processes."""

    as_of: dt.date
    parameters: Parameters
    asked: frozenset[Path]

    def __call__(self, path: Path) -> "_Brought | FileStatus | Path":
        """Return what a file brings, what is to be said of it, or its path if a township's."""
        opened = open_one(path, self.asked, FORMS, counted=True)
        if isinstance(opened, FileStatus):
            return opened
        if opened.form is township.FORM:
            return path
        book = opened.read(self.parameters.month_before)
        case = case_of((book,), self.as_of, (), self.parameters)
        found = apply_rules(ALONE, case)
        contribution = _checked(book, contribution_of(book, found, self.as_of))
        status = read_status(book, village.village_name(book))
        return _Brought(contribution, _rest(book), case.waivers, status)


_COMPARED: Mapping[type[Row], tuple[Column[Any], ...]] = {
    village.Profile: (
        village.Profile.code,
        village.Profile.village,
        village.Profile.year,
        village.Profile.secretary,
        village.Profile.secretary_phone,
        village.Profile.clerk,
        village.Profile.clerk_phone,
    ),
    village.Person: (village.Person.phone, village.Person.name),
    village.Problem: (village.Problem.description,),
}
"""What the rules look at which compare villages; the first column makes a row worth keeping."""


def _rest(book: Workbook) -> Workbook:
    """Return a workbook without what those rules do not look at: a tenth of it."""
    sheets = {
        row: replace(sheet, rows=tuple(_kept(sheet.rows, _COMPARED[row])))
        for row, sheet in book.sheets.items()
        if row in _COMPARED
    }
    facts = FileFacts(sha256=book.facts.sha256)
    return Workbook(book.path, book.name, book.form, book.identity, sheets, facts)


def _kept(rows: Sequence[Row], columns: Sequence[Column[Any]]) -> Iterator[Row]:
    names = {column.name for column in columns}
    for row in rows:
        if row.vertical or not row.field(columns[0]).empty:
            fields = {name: f if name in names else ABSENT for name, f in row.fields.items()}
            yield type(row)(row.workbook, row.sheet_title, fields)


# -- all of them --------------------------------------------------------------------------------


def gather(  # noqa: PLR0913 -- what is read, how it is told, and by how many
    sight: Sight,
    as_of: dt.date,
    track: Track = untracked,
    *,
    workers: int | None = None,
    cluster: str = "",
    meanwhile: Callable[[], object] | None = None,
) -> Gathered:
    """Return what lies there has brought; `meanwhile` is done here while processes read.

    Raises UsageError where there are two township workbooks, UnreadableError where a work folder's
    own cannot be read, BalanceError where a file is lost on the way or its rows are not all
    accounted for.
    """
    named = next((path for path in sight.files if path.name == TOWNSHIP_FILE), None)
    supposed = _township(sight.township or named)
    parameters = _parameters(supposed)
    spreading = partial(spread, workers=workers, cluster=cluster, meanwhile=meanwhile)
    found = _brought(sight, as_of, parameters, track, spreading)
    towns, copies = towns_among([each for each in found if isinstance(each, Path)], sight)
    statuses = [each for each in found if isinstance(each, FileStatus)]
    statuses += [FileStatus(str(path), "unreadable", reason=COPY) for path in copies]
    if sight.township and not towns:
        own = open_one(sight.township, (*sight.asked, sight.township), town_forms(sight))
        if isinstance(own, FileStatus):
            statuses.append(own)
        elif own.form is township.FORM:
            towns = [sight.township]
    town_path = the_township(towns)
    town = supposed if supposed and town_path == Path(supposed.path) else _township(town_path)
    if _parameters(town) != parameters:  # it lies among the files, under a name of its own
        found = _brought(sight, as_of, _parameters(town), untracked, spreading)
    books = [each for each in found if isinstance(each, _Brought)]
    files = [each.status for each in books]
    files += [read_status(town)] if town else []
    files += statuses
    files += [FileStatus(str(each.path), "skipped", reason=each.reason) for each in sight.skipped]
    _require_each(sight, files)
    done = _together(books, town, as_of)
    result = Gathered(done.brought, done.findings, tuple(files), town)
    own_lost = lost(sight, result.inbox)
    if own_lost:
        raise UnreadableError(
            f"{own_lost.reason}没有它的名册和参数，什么都没有生成。", own_lost.path
        )
    return result


def _brought(
    sight: Sight,
    as_of: dt.date,
    parameters: Parameters,
    track: Track,
    spreading: "Callable[[_Bring, Iterable[Path]], Iterator[_Brought | FileStatus | Path]]",
) -> "list[_Brought | FileStatus | Path]":
    bring = _Bring(as_of, parameters, frozenset(sight.asked))
    found = list(spreading(bring, track(sight.files)))
    for path, each in itertools.zip_longest(sight.files, found):
        if each is None or _path_of(each) != str(path):
            lost_one = path or _path_of(each)
            raise _unarrived(str(lost_one), "交给处理的和收回来的结果对不上")
    return found


def _path_of(found: "_Brought | FileStatus | Path") -> str:
    match found:
        case _Brought():
            return found.contribution.path
        case FileStatus():
            return found.path
    return str(found)


def _require_each(sight: Sight, files: Sequence[FileStatus]) -> None:
    """Raise BalanceError unless something is said, once, of each file that was seen."""
    seen = Counter(map(str, (*sight.files, *(each.path for each in sight.skipped))))
    told = Counter(each.path for each in files)
    for path, times in seen.items():
        if told[path] != times:
            raise _unarrived(path, f"见到 {times} 次，处理了 {told[path]} 次")


def _unarrived(path: str, said: str) -> BalanceError:
    return BalanceError(
        f"汇总对账不平，没有写出：{path}{said}。原有的汇总没有改动。"
        "请再做一次；还是这样，请把报错内容发给技术人员。"
    )


def _township(path: Path | None) -> Workbook | None:
    """Return a township's workbook, None where it is none or cannot be read."""
    if path is None:
        return None
    try:
        opened = open_workbook(path, FORMS, counted=True)
    except UnreadableError:
        return None
    return opened.read() if opened.form is township.FORM else None


def _parameters(town: Workbook | None) -> Parameters:
    return parameters_of(next(iter(town.rows(township.Settings)), None) if town else None)


@dataclass(frozen=True)
class _Compared:
    brought: tuple[Contribution, ...]
    findings: tuple[Finding, ...]


def _together(books: Sequence[_Brought], town: Workbook | None, as_of: dt.date) -> _Compared:
    """Judge the villages together; what is found in a village's workbook goes to its own."""
    waivers = tuple(waiver for each in books for waiver in each.waivers)
    roster = township.roster(town) if town else ()
    parameters = _parameters(town)
    rests = [each.rest for each in books]
    case = case_of(rests, as_of, roster, parameters, waivers=waivers)
    findings = list(apply_rules(TOGETHER, case))
    if town:
        findings += apply_rules(_of_township(), case_of((town,), as_of))
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_file[finding.file].append(finding)
    brought = tuple(
        _with_findings(each.contribution, by_file.pop(each.rest.path, ())) for each in books
    )
    rest = tuple(finding for finding in findings if finding.file in by_file)
    return _Compared(brought, rest)


def _of_township() -> tuple[Rule, ...]:
    return tuple(rule for rule in RULES if rule in OF_TOWNSHIP)


def _with_findings(own: Contribution, findings: Iterable[Finding]) -> Contribution:
    told = own.lines[FindingLine.sheet]
    more = tuple(finding_line(finding, own.name) for finding in findings)
    return replace(own, lines={**own.lines, FindingLine.sheet: (*told, *more)}) if more else own


# -- a county: the rollups of its townships -----------------------------------------------------


@dataclass(frozen=True)
class GatheredTowns:
    """What the townships' rollups of a month have brought, and every file."""

    towns: tuple[TownRollup, ...]
    sources: tuple[Source, ...]
    files: tuple[FileStatus, ...]

    @property
    def brought(self) -> tuple[Contribution, ...]:
        """What all their villages bring."""
        return tuple(each for town in self.towns for each in town.brought)

    @property
    def of_towns(self) -> tuple[tuple[str, Line], ...]:
        """The findings on the townships' own workbooks, each with its township."""
        return tuple((town.town, line) for town in self.towns for line in town.own)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the townships' rollups lack, and in what they were not reckoned alike."""
        lacking = (town.remark for town in self.towns if town.remark)
        return (*lacking, *_unlike([town.scope for town in self.towns if town.scope]))

    @property
    def as_of(self) -> dt.date:
        """The day on which the townships have looked at everything, the latest of theirs."""
        return max(town.scope.as_of for town in self.towns if town.scope and town.scope.as_of)


@dataclass(frozen=True)
class _BringTown:
    """Reads and counts one township's rollup; able to travel between processes."""

    asked: frozenset[Path]

    def __call__(self, path: Path) -> "tuple[TownRollup, FileStatus] | FileStatus":
        opened = open_one(path, self.asked, (rollup.FORM,), counted=True)
        if isinstance(opened, FileStatus):
            return replace(opened, reason=_NO_ROLLUP) if opened.status == "skipped" else opened
        book = opened.read()
        found = town_rollup(book)
        for each in found.brought:
            check_contribution(each)
        return found, read_status(book, found.town)


_NO_ROLLUP = "不是镇的汇总表"


def gather_towns(
    sight: Sight,
    month: str,
    track: Track = untracked,
    *,
    workers: int | None = None,
    cluster: str = "",
) -> GatheredTowns:
    """Return what the townships' rollups of a month bring; those of other months are left out.

    Of rollups with the same content one is taken; of a township with several that differ none is.
    Raises BalanceError where a file's rows are not all accounted for.
    """
    bring = _BringTown(frozenset(sight.asked))
    found = list(spread(bring, track(sight.files), workers=workers, cluster=cluster))
    statuses = [each if isinstance(each, FileStatus) else each[1] for each in found]
    statuses += [
        FileStatus(str(each.path), "skipped", reason=each.reason) for each in sight.skipped
    ]
    read = {
        status.path: (town, status)
        for town, status in (each for each in found if not isinstance(each, FileStatus))
    }
    fates = _fates([read[path] for path in sorted(read)], month)
    sources = [
        Source(
            status.name,
            fates.get(status.path) or _FATES[status.status] + status.reason,
            status.sha256,
            village=status.village,
        )
        for status in statuses
        if status.path not in read or fates[status.path]
    ]
    towns = tuple(town for path, (town, _) in read.items() if not fates[path])
    return GatheredTowns(towns, tuple(sources), tuple(statuses))


_FATES = {"read": "", "unreadable": REFUSED, "skipped": IGNORED}


def _fates(read: Sequence[tuple[TownRollup, FileStatus]], month: str) -> dict[str, str]:
    """Return why each rollup is not taken, "" for those that are."""
    fates: dict[str, str] = {}
    by_town: dict[str, list[FileStatus]] = defaultdict(list)
    for town, status in read:
        if town.period == month and not town.fault:
            by_town[town.town].append(status)
    for town, status in read:
        own = by_town[town.town]
        if town.fault:
            fates[status.path] = f"{REFUSED}{town.fault}"
            continue
        if town.period != month:
            word = IGNORED if own else REFUSED
            fates[status.path] = f"{word}是 {town.period or '没有写明月份'} 的汇总，本次是 {month}"
            continue
        same = next(each for each in own if each.sha256 == status.sha256)
        if same is not status:
            fates[status.path] = f"{IGNORED}与 {same.name} 内容相同"
        elif len({each.sha256 for each in own}) > 1:
            fates[status.path] = f"{REFUSED}{town.town}有几份内容不同的汇总，请只留一份"
        else:
            fates[status.path] = ""
    return fates


def _unlike(scopes: Sequence[rollup.Scope]) -> Iterator[str]:
    """Yield what the townships' rollups were reckoned by that is not everywhere the same."""
    for column in (rollup.Scope.as_of, rollup.Scope.cutoff_day, rollup.Scope.month_before):
        by_value: dict[str, list[str]] = defaultdict(list)
        for scope in scopes:
            by_value[scope.printed(column)].append(scope.town or "")
        if len(by_value) > 1:
            told = "；".join(f"{value}：{'、'.join(towns)}" for value, towns in by_value.items())
            yield f"各镇“{column.header}”不一致（{told}）。"
