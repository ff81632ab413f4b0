"""The whole run, in order: workbooks are issued, read, checked, consolidated."""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from toolkit import results
from toolkit.errors import OutputError, ToolkitError, UnreadableError, UsageError
from toolkit.excel.opened import read_workbook
from toolkit.findings import Finding, Level
from toolkit.forms import (
    BOOKS_FOLDER,
    TOWNSHIP_FILE,
    is_work_folder,
    issuing,
    ledgers,
    rollup,
    township,
    village,
)
from toolkit.forms.parameters import Parameters
from toolkit.forms.recount import exact
from toolkit.garbage import uncollected
from toolkit.gathering import Gathered, GatheredTowns, gather, gather_towns
from toolkit.inbox import (
    Inbox,
    Opener,
    Sight,
    look,
    open_all,
    open_one,
    sources,
    untracked,
)
from toolkit.issuance import Place, hand_out, place_known, place_told
from toolkit.outputs import admit_folder
from toolkit.report import (
    READABLE,
    CheckReport,
    Outcome,
    RuleFamily,
    RulePage,
    Track,
    Written,
    counts,
    level_counts,
    skipped_lines,
    unreadable_lines,
)
from toolkit.returns import report_file, report_kind, return_copies
from toolkit.rollup.past import Past, past_in
from toolkit.rules.cases import case_of, parameters_of
from toolkit.rules.catalogue import FAMILIES, OF_TOWNSHIP, RULES
from toolkit.rules.rule import Rule, apply_rules
from toolkit.schema.columns import Row
from toolkit.schema.deadlines import MonthBefore
from toolkit.schema.form import NOWHERE
from toolkit.schema.totals import Sum
from toolkit.schema.workbook import Workbook

# -- check --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a check is to give: a report in a form, in a file or on the screen; return copies."""

    form: str = "text"
    out: Path | None = None
    copies: Path | None = None
    strict: bool = False


@dataclass(frozen=True)
class Checked:
    """What a check has given, as it is told; `shown` is the report where it went to no file."""

    report: CheckReport
    shown: str
    troubles: tuple[str, ...]
    written: tuple[str, ...]
    exit_code: int


def check(
    paths: Sequence[Path],
    as_of: dt.date,
    rules: Sequence[Rule] = RULES,
    track: Track = untracked,
    opener: Opener = open_one,
) -> CheckReport:
    """Workbooks to findings; those open in another program are opened by an `opener`."""
    return _check(look(paths, opener=opener), as_of, rules, track)


def check_into(
    wanted: Wanted,
    paths: Sequence[Path],
    as_of: dt.date,
    rules: Sequence[Rule] = RULES,
    track: Track = untracked,
) -> Checked:
    """Workbooks to a report and return copies, whose places are judged before anything is read."""
    sight = look(paths, wanted.copies)
    if wanted.out:
        results.spare(wanted.out, report_kind(wanted.form), sight.inputs)
    if wanted.copies:
        results.apart(wanted.copies, sight.asked, sight.inputs)
    report = _check(sight, as_of, rules, track)
    shown, written = "", []
    if wanted.out:
        notes = write_report(report, wanted.form, wanted.out).notes
        written += [f"已写入 {wanted.out}", *(f"  {note}" for note in notes)]
    else:
        shown = READABLE[wanted.form](report)
    # Who keeps a work folder reads of its own workbook in the report.
    own = (str(sight.township),) if sight.own and sight.township not in sight.asked else ()
    copies = return_copies(report, wanted.copies, own) if wanted.copies else Outcome(())
    if wanted.copies:
        written.append(f"回传件 {len(copies.written)} 份，在 {wanted.copies}。")
    troubles = (*report.troubles, *copies.troubles)
    code = max(report.exit_code(strict=wanted.strict), copies.exit_code)
    return Checked(report, shown, troubles, tuple(written), code)


def _check(sight: Sight, as_of: dt.date, rules: Sequence[Rule], track: Track) -> CheckReport:
    with uncollected():
        inbox = open_all(sight, track)
        report = report_of(judged(inbox, as_of, rules, whole=is_whole(sight, inbox)))
    if not report.files:
        asked = "、".join(map(str, sight.asked))
        raise UsageError(f"{asked}：里面没有工作簿。请核对文件夹，或把工作簿放进去再试。")
    return report


def is_whole(sight: Sight, inbox: Inbox) -> bool:
    """Say whether the whole township is asked for: its folder, or its own workbook by name."""
    town = inbox.town_book
    return sight.whole or (town is not None and Path(town.path) in sight.asked)


# -- what every result is made from -------------------------------------------------------------


@dataclass(frozen=True)
class Judged:
    """An inbox and what was found in it on a day.

    `whole` says whether the whole township was asked for, so that its villages are missed.
    """

    inbox: Inbox
    findings: tuple[Finding, ...]
    as_of: dt.date
    whole: bool


def judged(
    inbox: Inbox, as_of: dt.date, rules: Sequence[Rule] = RULES, *, whole: bool = True
) -> Judged:
    """Return an inbox with what is found in it."""
    return Judged(inbox, judge(inbox, as_of, rules, whole=whole), as_of, whole)


def report_of(done: Judged) -> CheckReport:
    """Return what is reported of an inbox: a township workbook nobody asked for only if faulty."""
    inbox = done.inbox
    town, files, judged_by = inbox.town_book, inbox.files, ""
    if town and not done.whole:  # what it sets holds all the same
        faulty = any(finding.file == town.path for finding in done.findings)
        files = tuple(file for file in files if faulty or file.path != town.path)
        judged_by = town.path if inbox.settings else ""
    return CheckReport(files, done.findings, done.as_of, judged_by)


def write_report(report: CheckReport, form: str, target: Path) -> Written:
    """A check's findings to a file of some form, over an earlier one at most."""
    pages = {page.code: page for family in rule_families() for page in family.pages}
    data = report_file(report, form, target.parent, pages)
    return results.replace(target, data, report_kind(form), f"{counts(report.findings)}。")


def judge(
    inbox: Inbox, as_of: dt.date, rules: Sequence[Rule] = RULES, *, whole: bool = True
) -> tuple[Finding, ...]:
    """Return the findings on an inbox, its township workbook's own among them.

    Where not the whole township was asked for, no village is missed, and of the township's own
    workbook only that matters which the villages are judged by.
    """
    town = inbox.town_book
    roster = inbox.roster if whole else ()
    findings = apply_rules(
        rules, case_of(inbox.villages, as_of, roster, parameters_of(inbox.settings))
    )
    if town is None:
        return findings
    asked = [rule for rule in rules if rule in OF_TOWNSHIP]
    on_town = apply_rules(asked, case_of((town,), as_of))
    settings = town.sheet(township.Settings)
    return findings + tuple(
        each
        for each in on_town
        if whole or (settings and each.sheet == settings.title and each.level is not Level.INFO)
    )


# -- rules --------------------------------------------------------------------------------------


def rule_families() -> tuple[RuleFamily, ...]:
    """Return the pages of all rules by the letter that their codes begin with, in code order."""
    return tuple(
        RuleFamily(letter, FAMILIES[letter], tuple(map(_page, rules)))
        for letter, rules in itertools.groupby(RULES, key=lambda rule: rule.code[0])
    )


def _page(rule: Rule) -> RulePage:
    stage = rule.stage.value
    return RulePage(rule.code, rule.name, rule.level, stage, rule.fault, rule.why, rule.remedy)


def write_rule_book(target: Path) -> Outcome:
    """The rules' pages to a book that can be printed."""
    from toolkit.word.rule_book import rule_book  # noqa: PLC0415 -- python-docx loads slowly

    results.named(target, ".docx")
    results.spare(target, results.PAPER)
    return Outcome((results.replace(target, rule_book(rule_families()), results.PAPER),))


# -- the forms, for people to review ------------------------------------------------------------


def field_book() -> bytes:
    """Return the declared forms as the workbook that an office reviews."""
    from toolkit.excel.field_book import build_field_book  # noqa: PLC0415 -- only here

    return build_field_book({"村级工作簿": village.FORM, "镇级工作簿": township.FORM})


def write_field_book(target: Path) -> Outcome:
    """The declared forms to a workbook that people write in; one that exists is never touched."""
    results.named(target, ".xlsx")
    results.unused(target)
    return Outcome((results.create(target, field_book()),))


# -- issue and intake ---------------------------------------------------------------------------


def issue(
    township_file: Path,
    folder: Path,
    order: issuing.Order = issuing.ALL,
    track: Track = untracked,
) -> Outcome:
    """The roster to one workbook per village and a list of receipts; none filled in is touched."""
    with uncollected():
        return hand_out(read_workbook(township_file, (township.FORM,)), folder, order, track)


def take_in(plan: Path, target: Path | None, code: str = "", home: Path | None = None) -> Outcome:
    """An existing plan to a filled workbook; what has no place is listed and makes exit code 4.

    Without a target it becomes its village's workbook in a work folder, `home`. An untouched one
    makes room for it. Raises OutputError where another stands there, and UsageError where nobody
    can tell whose the plan is.
    """
    from toolkit.excel.blank import build_workbook  # noqa: PLC0415 -- XlsxWriter loads slowly
    from toolkit.intake.plan import read_plan, take_in  # noqa: PLC0415 -- python-docx as well

    told = _told_place(target, code) if target else None
    found = take_in(read_plan(plan))
    profile = dict(next(iter(found.filling[village.Profile])))
    name, notes = str(profile.get("village", "")), list(found.notes)
    town = _town_for(target, home)
    place = told or _known_place(plan, profile, town, home, code)
    if name and place.village not in {"", name}:
        if not code:
            whose = f"里面是{place.village}的工作簿，方案里的村名是“{name}”"
            raise OutputError(f"{place.path}：{whose}，没有覆盖。请核对 -o，或用 --code 写村代码。")
        notes.append(f"方案里的村名是“{name}”，{place.code} 是{place.village}，请核对")
    if home and town is None:
        notes.append(f"核对和汇总看不到它，要用请移到 {home / BOOKS_FOLDER} 里")
    if place.code:
        profile["code"] = place.code
    data = build_workbook(
        village.FORM,
        issuing.identity(place.code, str(profile.get("year") or place.year or "")),
        {**found.filling, village.Profile: [profile]},
        local=issuing.local(town) if town else NOWHERE,
    )
    troubles = tuple(
        f"{plan.name} {each.place or f'第 {each.line} 行'}没有放进工作簿：{each.text}"
        for each in found.unplaced
    )
    return Outcome((place.take(data, *notes),), troubles, 4 if troubles else 0)


def _told_place(target: Path, code: str) -> Place:
    results.named(target, ".xlsx")
    return place_told(target, code)


def _town_for(target: Path | None, home: Path | None) -> Workbook | None:
    """Return the township's workbook, None for a place that is not among its villages'."""
    if home is None:
        return None
    books = (home / BOOKS_FOLDER).resolve()
    if target is not None and not target.resolve().is_relative_to(books):
        return None
    return read_workbook(home / TOWNSHIP_FILE, (township.FORM,))


def _known_place(
    plan: Path, profile: Mapping[str, object], town: Workbook | None, home: Path | None, code: str
) -> Place:
    """Return the place of a plan's village in a work folder, by code or the plan's own name."""
    if town is None or home is None:
        raise UsageError("不知道工作簿放在哪里。请用 -o 指定文件名。")
    year = profile.get("year")
    roster = issuing.roster_of(town, year if isinstance(year, int) else None)
    name = str(profile.get("village", ""))
    entry = issuing.meant(roster.entries, code, name)
    if entry is None and code:
        raise UsageError(f"--code {code}：村名册里没有这个村代码，或这一行没有填好。请核对。")
    if entry is None:
        told = f"按方案里的村名“{name}”" if name else "方案里没有写明村名，"
        raise UsageError(f"{plan.name}：{told}在村名册里找不到唯一的村。请用 --code 写村代码。")
    return place_known(roster, home / BOOKS_FOLDER, entry)


def upgrade(paths: Sequence[Path], target: Path, track: Track = untracked) -> Outcome:
    """Workbooks of older versions to the present one, a new file each; none is written over.

    Exit code 4 where some are left out, or stand there already; that of the first trouble where
    none was upgraded.
    """
    from toolkit.excel.upgrading.upgrade import upgrade as to_present  # noqa: PLC0415 -- openpyxl loads slowly

    sight = look([*paths, *(path / TOWNSHIP_FILE for path in paths if is_work_folder(path))])
    single = target.suffix.lower() == ".xlsx"
    if single and len(sight.files) > 1:
        raise UsageError(f"{target}：有 {len(sight.files)} 个工作簿，请用 -o 指定文件夹。")
    if single:
        results.unused(target)  # the original itself, too
    else:
        admit_folder(target)
    written: list[Written] = []
    troubles: list[str] = []
    passed = [f"已跳过 {each.path}：{each.reason}。" for each in sight.skipped]
    codes: list[int] = []
    taken: set[str] = set()
    for path in track(sight.files):
        try:
            made = to_present(path, (village.FORM, township.FORM))
            if not made.data:
                passed.append(f"{path}：{made.notes[0]}")
                continue
            name = results.free_name(f"{path.stem}.xlsx", path, taken)
            written.append(
                results.create(target if single else target / name, made.data, *made.notes)
            )
        except ToolkitError as error:
            troubles.append(f"{path}：{error.reason}")
            codes.append(4 if isinstance(error, OutputError) else error.exit_code)
    code = (4 if written else codes[0]) if codes else 0
    return Outcome(tuple(written), tuple(troubles), code, tuple(passed))


# -- consolidate --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scale:
    """How a rollup is made: over villages or townships, by how many, where."""

    level: rollup.Level = rollup.Level.TOWNSHIP
    workers: int | None = None
    cluster: str = ""


HERE = Scale()
"""Over villages, on this machine, by as many as it takes."""


def consolidate(  # noqa: PLR0913 -- what a rollup is made from
    paths: Sequence[Path],
    target: Path,
    as_of: dt.date,
    month: str = "",
    track: Track = untracked,
    *,
    previous: Path | None = None,
    scale: Scale = HERE,
) -> Outcome:
    """Village workbooks to the township's rollup, or townships' rollups to the county's.

    A county's is as of its townships' own day, not of `as_of`. Exit code 4 where villages or
    townships are left out, 3 where the previous rollup cannot be gone by. Raises BalanceError,
    with nothing written, where the figures do not add up.
    """
    results.named(target, ".xlsx")
    month = month or f"{as_of:%Y-%m}"
    sight = look(paths)
    results.spare(target, results.ROLLUP, sight.inputs)
    before = past_of(previous, scale.level)
    workers, cluster = scale.workers, scale.cluster
    if scale.level is rollup.Level.COUNTY:
        with uncollected():
            towns = gather_towns(sight, month, track, workers=workers, cluster=cluster)
        return write_county(towns, target, month, before)
    with uncollected():
        found = gather(sight, as_of, track, workers=workers, cluster=cluster, meanwhile=_make_ready)
    return write_rollup(found, as_of, target, month, before)


def _make_ready() -> None:
    """Load what figures and book will need, which takes as long as many workbooks (ADR 35)."""
    from toolkit import columnar  # noqa: F401, PLC0415 -- loaded, not used
    from toolkit.excel.rollup import book  # noqa: F401, PLC0415 -- loaded, not used
    from toolkit.excel.sheets import new_book  # noqa: PLC0415 -- XlsxWriter loads slowly
    from toolkit.rollup import figures  # noqa: F401, PLC0415 -- loaded, not used
    from toolkit.rollup.reckoner import load_pandas  # noqa: PLC0415 -- pandas loads slowly

    load_pandas()
    new_book()


@dataclass(frozen=True)
class Before:
    """The rollup of the month before: what it holds, or why it is of no use."""

    past: Past | None = None
    trouble: str = ""
    path: Path = Path()

    def fitting(self, county: str, town: str, as_of: dt.date) -> "Before":
        """Return as much of it as a rollup of somebody as of some day may go by."""
        if self.past is None:
            return self
        past = self.past.fitting(county, town, as_of)
        return replace(self, past=past, trouble=past.unfit and f"{self.path}：{past.unfit}")

    def told(self, outcome: Outcome) -> Outcome:
        """Return the outcome of a rollup with what is to be said of the one before."""
        if not self.trouble:
            return outcome
        troubles = (*outcome.troubles, self.trouble)
        return replace(outcome, troubles=troubles, exit_code=outcome.exit_code or 3)


NOTHING_BEFORE = Before()


def past_of(previous: Path | None, level: rollup.Level = rollup.Level.TOWNSHIP) -> Before:
    """Return what an earlier rollup holds, nothing where there is none."""
    if previous is None:
        return NOTHING_BEFORE
    form = rollup.COUNTY_FORM if level is rollup.Level.COUNTY else rollup.FORM
    try:
        return Before(past_in(read_workbook(previous, (form,))), path=previous)
    except UnreadableError as error:
        return Before(trouble=f"{previous}：{error.reason}没有和它对比。")


def write_rollup(
    found: Gathered, as_of: dt.date, target: Path, month: str, before: Before = NOTHING_BEFORE
) -> Outcome:
    """What was gathered to the rollup of a month; exit code 4 where villages are left out.

    Raises BalanceError, with nothing written, where it does not add up.
    """
    from toolkit.rollup import figures  # noqa: PLC0415 -- pandas loads slowly

    inbox = found.inbox
    troubles = inbox.troubles
    if not found.brought:
        nothing = (*troubles, "没有读到村级工作簿，汇总表没有生成。")
        return Outcome((), nothing, 3, inbox.passed_over)
    before = before.fitting(inbox.county_name, inbox.town_name, as_of)
    parameters = parameters_of(inbox.settings)
    terms = figures.Terms(
        as_of=as_of,
        month=month,
        county=inbox.county_name,
        town=inbox.town_name,
        parameters=parameters,
        types=inbox.town_book.rows(township.TypeCode) if inbox.town_book else (),
        roster=inbox.roster,
    )
    with uncollected():
        made = figures.consolidate(
            found.brought,
            sources(inbox, {each.path for each in found.brought}),
            terms,
            findings=found.findings,
            past=before.past,
            way=partial(_way, target),
        )
        written = _published(made, target, _told(made, bool(inbox.roster)))
    # Without a roster nobody can tell whether an unreadable file was a village's.
    left_out = made.left_out or (troubles and not inbox.roster)
    code = 4 if left_out else 3 if troubles else 0
    return before.told(Outcome(written, (*troubles, *made.left_out), code, inbox.passed_over))


def write_county(
    found: GatheredTowns,
    target: Path,
    month: str,
    before: Before = NOTHING_BEFORE,
) -> Outcome:
    """What townships' rollups bring to the county's, as of their own day.

    Exit code 4 where something is left out, or a township of the month before has sent nothing.
    Raises BalanceError, with nothing written, where it does not add up.
    """
    from toolkit.rollup import figures  # noqa: PLC0415 -- pandas loads slowly

    troubles, passed_over = unreadable_lines(found.files), skipped_lines(found.files)
    if not found.brought:
        refused = [s for s in found.sources if s.fate.startswith(rollup.REFUSED)]
        told = [f"{s.file}：{s.fate.removeprefix(rollup.REFUSED)}" for s in refused]
        nothing = f"没有可用的 {month} 镇汇总表，全县汇总没有生成。"
        return Outcome((), (*dict.fromkeys((*troubles, *told)), nothing), 3, passed_over)
    scopes = [town.scope for town in found.towns if town.scope]
    county = next((scope.county for scope in scopes if scope.county), None) or ""
    before = before.fitting(county, "", found.as_of)
    terms = figures.Terms(
        as_of=found.as_of,
        month=month,
        level=rollup.Level.COUNTY,
        county=county,
        parameters=_county_parameters(scopes),
        remarks=found.remarks,
    )
    with uncollected():
        made = figures.consolidate(
            found.brought,
            found.sources,
            terms,
            of_towns=found.of_towns,
            past=before.past,
            way=partial(_way, target),
        )
        note = f"汇总 {len(found.towns)} 个乡镇、{made.villages} 个村。{_levels(made)}。"
        written = _published(made, target, note)
    said = (*troubles, *made.left_out)
    return before.told(Outcome(written, said, 4 if made.left_out else 0, passed_over))


def _county_parameters(scopes: Sequence[rollup.Scope]) -> Parameters:
    """Return what the townships were reckoned by, the first one's where they differ."""
    usual = Parameters()
    told = next(iter(scopes), None)
    if told is None:
        return usual
    return replace(
        usual,
        year=told.year,
        first_month=told.first_month or usual.first_month,
        cutoff_day=told.cutoff_day or usual.cutoff_day,
        month_before=MonthBefore(told.month_before) if told.month_before else usual.month_before,
    )


def _way(target: Path, path: str) -> str:
    return results.way_to(target.parent, Path(path))


def _published(made: rollup.Rollup, target: Path, note: str) -> tuple[Written, ...]:
    """Write a rollup that adds up, what is longer than a sheet in files beside it.

    Every place is asked for before anything is written. Raises BalanceError where a finished file
    does not add up, UsageError where such a file is wanted and nothing on this machine writes it.
    """
    from toolkit import columnar  # noqa: PLC0415 -- where it is needed
    from toolkit.excel.rollup.book import build_rollup, check_written  # noqa: PLC0415 -- XlsxWriter loads slowly

    long = {table.row: table for table in rollup.too_long(made)}
    files = {row: _beside(target, row) for row in long}
    results.spare(target, results.ROLLUP)
    for row, file in files.items():
        columnar.admit_ledger(file, row)
    beside = {row: _ledger(table) for row, table in long.items()}
    names = {row: file.name for row, file in files.items()}
    data = build_rollup(rollup.set_aside(made, names))
    if long:
        check_written(replace(made, elsewhere=names), data)  # with the lines that were set aside
    for row, file in files.items():
        columnar.write_ledger(file, row, beside[row])
    book = results.replace(target, data, results.ROLLUP, note)
    places = {_beside(target, row): row for row in made.tables}
    gone = columnar.retired({f: row for f, row in places.items() if f not in files.values()})
    told = replace(book, notes=(note, *gone, *book.notes[1:]))
    return (told, *(Written(f, (f"{len(long[row].rows)} 行。",)) for row, f in files.items()))


def _beside(target: Path, row: type[Row]) -> Path:
    return target.with_name(f"{target.stem}-{row.sheet}.parquet")


def _ledger(table: rollup.Table) -> bytes:
    """Return a table as a Parquet file, which holds what the table does; else a BalanceError."""
    from toolkit.columnar import check_ledger, ledger_bytes  # noqa: PLC0415 -- where it is needed

    data = ledger_bytes(table.row, map(table.whole, table.rows))
    totals = (how for *_, how in rollup.HEADLINES if isinstance(how, Sum))
    added = (how.column for how in totals if how.sheet is table.row)
    sums = {column: exact(table.column(column)) for column in added}
    check_ledger(data, table.row, len(table.rows), sums)
    return data


def _told(made: rollup.Rollup, has_roster: bool) -> str:  # noqa: FBT001 -- what is told
    """Return what a rollup holds, in a line."""
    villages = made.tables[rollup.Village]
    states = zip(
        villages.column(rollup.Village.listed), villages.column(rollup.Village.taken), strict=True
    )
    beyond = Counter(states)[ledgers.NO, ledgers.YES] if has_roster else 0
    strangers = f"（其中名册外 {beyond} 个）" if beyond else ""
    return f"汇总 {made.villages} 个村{strangers}。{_levels(made)}。"


def _levels(made: rollup.Rollup) -> str:
    levels = made.tables[ledgers.FindingLine].column(ledgers.FindingLine.level)
    return level_counts(levels)
