"""The whole run, in order: workbooks are issued, read, checked, consolidated, made into papers."""

import datetime as dt
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from toolkit.errors import (
    OutputError,
    ToolkitError,
    UnreadableError,
    UsageError,
)
from toolkit.excel.folder import find_workbooks
from toolkit.excel.opened import read_bytes, read_workbook
from toolkit.findings import Finding, Level
from toolkit.forms import township, village
from toolkit.forms.rollup import Source
from toolkit.garbage import uncollected
from toolkit.inbox import Inbox, open_inbox, untracked
from toolkit.outputs import safe_name, write_output
from toolkit.report import (
    READABLE,
    CheckReport,
    FileStatus,
    Outcome,
    RuleFamily,
    RulePage,
    Track,
    Written,
    as_text,
    counts,
)
from toolkit.rules.cases import case_of, parameters_of
from toolkit.rules.catalogue import FAMILIES, GENERAL, RULES
from toolkit.rules.rule import Rule, apply_rules
from toolkit.schema.form import Filling, Identity
from toolkit.schema.workbook import Workbook
from toolkit.word.document import PAPERS, STANDARD, Seal, Typography

# -- check --------------------------------------------------------------------------------------


def check(
    paths: Sequence[Path],
    as_of: dt.date,
    rules: Sequence[Rule] = RULES,
    track: Track = untracked,
) -> CheckReport:
    """Workbooks to findings."""
    with uncollected():
        inbox = open_inbox(paths, track)
        if not any(path.is_dir() for path in paths):
            inbox = _only(inbox, paths)
        if not inbox.files:
            raise UsageError(f"{paths[0]}：里面没有工作簿。请核对文件夹，或把工作簿放进去再试。")
        return CheckReport(inbox.files, judge(inbox, as_of, rules), as_of)


def _only(inbox: Inbox, paths: Sequence[Path]) -> Inbox:
    """Return an inbox as of single files: nobody asked whether the whole township reported."""
    asked = {str(path) for path in paths}
    files = tuple(file for file in inbox.files if file.path in asked)
    return Inbox(inbox.villages, inbox.town_book, files)


def judge(inbox: Inbox, as_of: dt.date, rules: Sequence[Rule] = RULES) -> tuple[Finding, ...]:
    """Return the findings on an inbox; a township workbook is asked what any form is asked."""
    listed = {file.path for file in inbox.files}
    town = inbox.town_book if inbox.town_book and inbox.town_book.path in listed else None
    roster = inbox.roster if town else ()
    findings = apply_rules(rules, case_of(inbox.villages, as_of, roster, inbox.settings))
    if town is not None:
        general = [rule for rule in rules if rule in GENERAL]
        findings += apply_rules(general, case_of((town,), as_of))
    return findings


def reported(report: CheckReport, form: str, folder: Path) -> bytes:
    """Return a check's report as a file of that form; a workbook's links lead from a folder."""
    if form != "xlsx":
        return f"{READABLE[form](report)}\n".encode()
    from toolkit.excel.report_book import build_report  # noqa: PLC0415 -- XlsxWriter loads slowly

    ways = {
        file.path: way_to(folder, Path(file.path))
        for file in report.files
        if file.status != "skipped" and Path(file.path).exists()
    }
    pages = {page.code: page for family in rule_families() for page in family.pages}
    return build_report(report, pages, ways)


def return_copies(report: CheckReport, paths: Sequence[Path], folder: Path) -> Outcome:
    """Every workbook that was read to a copy with its findings marked; no original is touched.

    Raises UsageError where the copies would come to lie among the workbooks they are made from.
    """
    _apart(folder, paths)
    written: list[Written] = []
    troubles: list[str] = []
    for file in report.files:
        if file.status != "read":
            continue
        findings = [finding for finding in report.findings if finding.file == file.path]
        target = folder / _copy_name(Path(file.path), [each.path.name for each in written])
        try:
            copy = _return_copy(file, findings, report.as_of)
            written.append(_write(target, copy, counts(findings)))
        except ToolkitError as error:
            troubles.append(str(error))
    return Outcome(tuple(written), tuple(troubles), 4 if troubles else 0)


def _return_copy(file: FileStatus, findings: Sequence[Finding], as_of: dt.date) -> bytes:
    """Return the copy of a file that was just checked; raises a ToolkitError that names it."""
    from toolkit.excel.marks.mark import marked  # noqa: PLC0415 -- only --mark pays for it

    data = read_bytes(Path(file.path))
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise UnreadableError(f"{file.path}：核对后又有改动，没有做回传件。请重新核对。")
    try:
        return marked(data, findings, as_of.isoformat())
    except OutputError as error:
        raise OutputError(f"{file.path}：{error}") from None


def _apart(folder: Path, paths: Sequence[Path]) -> None:
    """Refuse, by a UsageError, a folder whose files the next check would take for handed in."""
    inputs = [path if path.is_dir() else path.parent for path in paths]
    within = folder.resolve()
    for path, place in zip(paths, inputs, strict=True):
        own = place.resolve()
        if within == own or (path.is_dir() and own in within.parents):
            raise UsageError(
                f"{folder}：和交来的工作簿在同一个文件夹里，回传件会被当成交来的工作簿。"
                "请用 --mark 另指定文件夹，如“回传件”。"
            )


def _copy_name(path: Path, taken: Sequence[str]) -> str:
    """Return a copy's file name: the original's, after its folder's where that is taken."""
    return path.name if path.name not in taken else f"{safe_name(path.parent.name)}-{path.name}"


def _write(path: Path, data: bytes, *notes: str) -> Written:
    """Write a result and return what is to be said of it."""
    same = () if write_output(path, data) else ("内容没有变化，没有重写",)
    return Written(path, (*notes, *same))


# -- rules --------------------------------------------------------------------------------------


def rule_families() -> tuple[RuleFamily, ...]:
    """Return the pages of all rules by the letter that their codes begin with, in code order."""
    return tuple(
        RuleFamily(letter, FAMILIES[letter], tuple(map(_page, rules)))
        for letter, rules in groupby(RULES, key=lambda rule: rule.code[0])
    )


def _page(rule: Rule) -> RulePage:
    stage = rule.stage.value
    return RulePage(rule.code, rule.name, rule.level, stage, rule.fault, rule.why, rule.remedy)


def write_rule_book(target: Path) -> Outcome:
    """The rules' pages to a book that can be printed."""
    from toolkit.word.rule_book import rule_book  # noqa: PLC0415 -- python-docx loads slowly

    _named(target, ".docx")
    return Outcome((_write(target, rule_book(rule_families())),))


# -- issue and intake ---------------------------------------------------------------------------


def issue(township_file: Path, folder: Path, year: int | None = None) -> Outcome:
    """The roster to one blank workbook per village; a workbook that exists is never touched."""
    from toolkit.excel.blank import build_workbook  # noqa: PLC0415 -- XlsxWriter loads slowly

    book = read_workbook(township_file, (township.FORM,))
    town = next(iter(book.rows(township.Township)), None)
    settings = next(iter(book.rows(township.Settings)), None)
    if town is None or settings is None:
        raise UsageError(f"{book.name}：缺少“镇情”或“参数”表。请用完整的镇级工作簿发放。")
    year = year or settings.year
    if year is None:
        raise UsageError(f"{book.name}：“参数”表里没有填年度。请填好后再发放。")
    entries = book.rows(township.Village)
    if not entries:
        raise UsageError(f"{book.name}：“村名册”里没有填村。请先填好村代码和村名。")
    written: list[Written] = []
    troubles: list[str] = []
    seen: set[str] = set()
    for entry in entries:
        trouble = _unfit(entry, seen)
        if trouble:
            troubles.append(f"{book.name} › 村名册 › 第 {entry.line} 行：{trouble}")
            continue
        path = folder / village_file(entry.code or "", entry.village or "", str(year))
        if path.exists():
            written.append(Written(path, ("已经存在，没有覆盖",)))
            continue
        identity = Identity(village.FORM.id, village.FORM.version, entry.code or "", str(year))
        data = build_workbook(village.FORM, identity, _prefilled(entry, town, year))
        written.append(_write(path, data))
    return Outcome(tuple(written), tuple(troubles), 4 if troubles else 0)


def _unfit(entry: township.Village, seen: set[str]) -> str:
    """Say why a roster row gets no workbook, "" where it does; note its code as seen."""
    if not entry.code or not entry.village:
        return "村代码或村名没有填好，没有发放。请填好后再发放。"
    if entry.code in seen:
        return f"村代码 {entry.code} 与前面的村重复，没有发放。请改正后再发放。"
    seen.add(entry.code)
    return ""


def village_file(code: str, name: str, year: str) -> str:
    """Return the file name of a village's workbook."""
    return safe_name("-".join(part for part in (code, name, year) if part)) + ".xlsx"


def _prefilled(entry: township.Village, town: township.Township, year: int) -> Filling:
    known = {
        "year": year,
        "code": entry.code,
        "county": town.county,
        "town": town.town,
        "village": entry.village,
        "branch": entry.branch,
        "secretary": entry.secretary,
        "secretary_phone": entry.secretary_phone,
        "clerk": entry.clerk,
        "clerk_phone": entry.clerk_phone,
    }
    profile = {name: value for name, value in known.items() if value is not None}
    people = [("村党组织书记", entry.secretary), ("村文书", entry.clerk)]
    persons = [{"role": role, "name": name} for role, name in people if name]
    return {village.Profile: [profile], village.Person: persons}


def take_in(plan: Path, target: Path, code: str = "") -> Outcome:
    """An existing plan to a filled workbook; what has no place is listed and makes exit code 4."""
    from toolkit.excel.blank import build_workbook  # noqa: PLC0415 -- XlsxWriter loads slowly
    from toolkit.intake.plan import read_plan, take_in  # noqa: PLC0415 -- python-docx as well

    _named(target, ".xlsx")
    if target.exists():
        raise OutputError(f"{target}：已经存在，没有覆盖。请用 -o 另指定文件名，或先移走原文件。")
    found = take_in(read_plan(plan))
    profile = dict(next(iter(found.filling[village.Profile])))
    if code:
        profile["code"] = code
    filling = {**found.filling, village.Profile: [profile]}
    year = str(profile.get("year", ""))
    identity = Identity(village.FORM.id, village.FORM.version, code, year)
    written = _write(target, build_workbook(village.FORM, identity, filling), *found.notes)
    troubles = tuple(
        f"{plan.name} {each.place or f'第 {each.line} 行'}没有放进工作簿：{each.text}"
        for each in found.unplaced
    )
    return Outcome((written,), troubles, 4 if troubles else 0)


def upgrade(paths: Sequence[Path], target: Path, track: Track = untracked) -> Outcome:
    """Workbooks of older versions to the present one, a new file each; none is written over."""
    from toolkit.excel.upgrading.upgrade import upgrade as to_present  # noqa: PLC0415 -- openpyxl loads slowly

    found = find_workbooks(paths)
    single = target.suffix.lower() == ".xlsx"
    if single and len(found.files) > 1:
        raise UsageError(f"{target}：有 {len(found.files)} 个工作簿，请用 -o 指定文件夹。")
    written: list[Written] = []
    troubles: list[str] = []
    passed = [f"{each.path}：{each.reason}，跳过。" for each in found.skipped]
    code = 0
    for path in track(found.files):
        place = target if single else target / f"{path.stem}.xlsx"
        try:
            made = to_present(path, (village.FORM, township.FORM))
            if not made.data:
                passed.append(f"{path}：{made.notes[0]}")
                continue
            if place.exists():  # the original itself, too
                raise OutputError(f"{place}：已经存在，没有覆盖。请用 -o 另指定，或先移走原文件。")
            written.append(_write(place, made.data, *made.notes))
        except ToolkitError as error:
            troubles.append(str(error))
            code = code or error.exit_code
    return Outcome(tuple(written), tuple(troubles), code, tuple(passed))


# -- consolidate --------------------------------------------------------------------------------


def consolidate(
    paths: Sequence[Path],
    target: Path,
    as_of: dt.date,
    month: str = "",
    track: Track = untracked,
) -> Outcome:
    """Village workbooks to the township's rollup; exit code 4 where villages are left out."""
    from toolkit.excel.rollup.book import build_rollup  # noqa: PLC0415 -- XlsxWriter loads slowly
    from toolkit.rollup import figures  # noqa: PLC0415 -- pandas loads slowly

    _named(target, ".xlsx")
    inbox = open_inbox(paths, track)
    spare_inputs(inbox.files, target)
    troubles = _unreadable(inbox)
    if not inbox.villages:
        raise UnreadableError("\n".join((*troubles, "没有读到村级工作簿，汇总表没有生成。")))
    findings = judge(inbox, as_of)
    parameters = parameters_of(inbox.settings)
    rollup = figures.consolidate(
        inbox.villages,
        findings,
        _sources(inbox, findings, target.parent),
        roster=inbox.roster,
        as_of=as_of,
        month=month or f"{as_of:%Y-%m}",
        first_month=parameters.first_month,
        cutoff_day=parameters.cutoff_day,
        types=inbox.town_book.rows(township.TypeCode) if inbox.town_book else (),
        town=inbox.town_name,
        plan_year=parameters.year,
        month_before=(inbox.settings.month_before if inbox.settings else None) or "上月末",
    )
    note = f"汇总 {rollup.villages} 个村。{counts(findings)}。"
    # Without a roster nobody can tell whether an unreadable file was a village's.
    left_out = rollup.left_out or (troubles and not inbox.roster)
    return Outcome(
        (_write(target, build_rollup(rollup), note),),
        (*troubles, *rollup.left_out),
        (4 if left_out else 3 if troubles else 0),
        _passed_over(inbox),
    )


def _unreadable(inbox: Inbox) -> tuple[str, ...]:
    return tuple(file.reason for file in inbox.files if file.status == "unreadable")


def _passed_over(inbox: Inbox) -> tuple[str, ...]:
    return tuple(
        f"{file.path}：{file.reason}，跳过。" for file in inbox.files if file.status == "skipped"
    )


def _named(target: Path, suffix: str, *, or_folder: bool = False) -> None:
    """Refuse, by a UsageError, a result's name that its program would not know."""
    if target.suffix.lower() != suffix and not (or_folder and not target.suffix):
        folder = "，或者写文件夹的名字" if or_folder else ""
        raise UsageError(f"{target}：结果文件名要以 {suffix} 结尾{folder}。请改正 -o。")


def spare_inputs(files: Iterable[FileStatus], target: Path) -> None:
    """Refuse, by a UsageError, to write a result over a workbook that staff sent."""
    handed_in = (Path(file.path) for file in files if file.status != "skipped")
    if target.resolve() in {path.resolve() for path in handed_in}:
        raise UsageError(
            f"{target}：这是村里或镇里的工作簿，不能当作结果文件。请用 -o 另指定文件名。"
        )


def _sources(inbox: Inbox, findings: Sequence[Finding], folder: Path) -> list[Source]:
    """Return every file of the input with its fate, and the way to it from a folder."""
    wrong = {f.file for f in findings if f.level is Level.ERROR}
    by_path = {book.path: book for book in inbox.villages}
    sources: list[Source] = []
    for file in inbox.files:
        book = by_path.get(file.path)
        if book is None:
            fates = {
                "read": "镇级工作簿，提供名册和参数",
                "unreadable": f"未汇总：{file.reason}",
                "skipped": f"忽略：{file.reason}",
            }
            sources.append(Source(Path(file.path).name, fates[file.status]))
            continue
        fate = "已汇总（有必改项）" if book.path in wrong else "已汇总"
        sources.append(
            Source(
                book.name,
                fate,
                sha256=book.facts.sha256,
                editor=book.facts.editor,
                version=book.identity.version,
                code=village.village_code(book),
                village=village.village_name(book),
                link=way_to(folder, Path(book.path)),
            )
        )
    return sources


def way_to(folder: Path, file: Path) -> str:
    """Return the relative way from a folder to a file, "" where there is none (another drive)."""
    try:
        return Path(os.path.relpath(file.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return ""


# -- papers -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paper:
    """Which paper is wanted: its name, the office's own template if any, and the day."""

    name: str
    template: Path | None
    as_of: dt.date


def write_papers(
    paper: Paper, paths: Sequence[Path], target: Path, track: Track = untracked
) -> Outcome:
    """Village workbooks to formal papers of one sort, a file each; a faulty one stops no other."""
    from toolkit.word.papers import write_paper  # noqa: PLC0415 -- python-docx loads slowly
    from toolkit.word.wording import template_from  # noqa: PLC0415 -- as above

    if not target.is_dir():
        _named(target, ".docx", or_folder=True)
    content = template_from(paper.name, paper.template)
    inbox = open_inbox(paths, track)
    seal, typography = office_style(inbox.settings)
    troubles = list(_unreadable(inbox))
    code = 3 if troubles else 0
    wrong = {f.file for f in judge(inbox, paper.as_of) if f.level is Level.ERROR}
    written: list[Written] = []
    single = target.suffix.lower() == ".docx"
    if single and len(inbox.villages) > 1:
        raise UsageError(f"{target}：有 {len(inbox.villages)} 个村，请用 -o 指定文件夹。")
    for book in inbox.villages:
        made = write_paper(book, content, paper.as_of, seal, typography)
        path = target if single else target / paper_file(book, paper.name)
        notes = list(made.notes)
        if book.path in wrong:
            notes.append("工作簿还有必改项，请先核对改正，再用于盖章")
        try:
            written.append(_write(path, made.data, *notes))
        except OutputError as error:
            troubles.append(str(error))
            code = code or error.exit_code
    if not inbox.villages:
        raise UnreadableError("\n".join((*troubles, "没有读到村级工作簿，文稿没有生成。")))
    return Outcome(tuple(written), tuple(troubles), code, _passed_over(inbox))


def paper_file(book: Workbook, name: str) -> str:
    """Return the file name of a village's paper."""
    parts = (village.village_code(book), village.village_name(book), name)
    return safe_name("-".join(part for part in parts if part)) + ".docx"


def office_style(settings: township.Settings | None) -> tuple[Seal, Typography]:
    """Return the seal and typography that a township has set, or the usual ones."""
    if settings is None:
        return Seal(), STANDARD
    seal = Seal(settings.sealed is not False, settings.seal_mm or Seal().millimetres)
    latin = settings.latin_font or ""
    return seal, Typography(latin_font="" if latin == "仿宋_GB2312" else latin)


# -- demonstration ------------------------------------------------------------------------------

DEMO_DAY = dt.date(2022, 10, 31)


def demo(folder: Path) -> Iterator[str]:
    """The example township from issue to papers, with a line for each step and result."""
    from toolkit.demo import example_township  # noqa: PLC0415 -- only here
    from toolkit.excel.blank import build_workbook  # noqa: PLC0415 -- XlsxWriter loads slowly

    example = example_township()
    books = folder / "村级工作簿"
    yield f"示范乡镇放在“{folder}”，以 {DEMO_DAY} 为准。"
    for place, book in [(folder, example.township), *((books, each) for each in example.villages)]:
        path = place / book.file_name
        write_output(path, build_workbook(book.form, book.identity, book.filling))
        yield f"发放　{path}"
    report = check([books], DEMO_DAY)
    result = folder / "核对结果.txt"
    write_output(result, f"{as_text(report)}\n".encode())
    yield f"核对　{result}：{counts(report.findings)}。"
    month = f"{DEMO_DAY:%Y-%m}"
    outcomes = [consolidate([books], folder / "汇总" / month / "镇汇总.xlsx", DEMO_DAY)]
    outcomes += [
        write_papers(Paper(name, None, DEMO_DAY), [books], folder / "公文") for name in PAPERS
    ]
    for step, outcome in zip(("汇总", *PAPERS), outcomes, strict=True):
        for each in outcome.written:
            yield "　".join((step, str(each.path), *each.notes))
        yield from outcome.troubles
