"""整顿工作情况汇报: a rollup to the report of its township, or its county, in formal dress.

Law: its numbers are those of the workbook on the disk, read back as anybody reads it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from toolkit import results
from toolkit.errors import ToolkitError, UnreadableError, UsageError
from toolkit.excel.opened import read_workbook
from toolkit.forms import rollup, township
from toolkit.garbage import uncollected
from toolkit.inbox import look, untracked
from toolkit.outputs import admit_folder, safe_name
from toolkit.papers import (
    USUAL,
    Manner,
    Paper,
    admit_public,
    as_told,
    in_print,
    office_style,
    printed,
    put,
    require_sound,
    write_papers,
)
from toolkit.report import Outcome, Track, Written, gravest
from toolkit.rollup.proof import faults
from toolkit.schema.workbook import Workbook
from toolkit.word.content import Content
from toolkit.word.fingerprint import governing
from toolkit.word.formalities import head_of, imprint_of, notes_of
from toolkit.word.town_month import COUNTY_FORM, TOWN_FORM, Month
from toolkit.word.town_vocabulary import TOWN_REPORT, town_vocabulary

_ROLLUPS = frozenset({rollup.FORM.id, rollup.COUNTY_FORM.id})


def is_rollup(path: Path) -> bool:
    """Say whether a file is a rollup of a township or a county."""
    return path.is_file() and results.kind_of(path) in _ROLLUPS


def summarise(  # noqa: PLR0913, PLR0917 -- two sorts of papers, and where they go
    paper: Paper,
    template: Path | None,
    paths: Sequence[Path],
    target: Path,
    track: Track = untracked,
    manner: Manner = USUAL,
) -> Outcome:
    """Workbooks of villages to their papers, rollups among them to reports by `template`.

    The exit code is the graver one of both. Raises UsageError where one file is to hold several.
    """
    rollups = [path for path in paths if is_rollup(path)]
    books = [path for path in paths if path not in rollups]
    if not rollups:
        done = write_papers(paper, books, target, track, manner)
        return done if done.written else _with_way(done, paths)
    if not books:
        return report(rollups, target, template, manner)
    if target.suffix.lower() == ".docx" and not target.is_dir():
        raise UsageError(f"{target}：既有村级工作簿，又有汇总表，请用 -o 指定文件夹。")
    first, second = (
        report(rollups, target, template, manner),
        write_papers(paper, books, target, track, manner),
    )
    return Outcome(
        (*first.written, *second.written),
        (*first.troubles, *second.troubles),
        gravest((first.exit_code, second.exit_code)),
        (*first.passed_over, *second.passed_over),
    )


def _with_way(done: Outcome, paths: Sequence[Path]) -> Outcome:
    """Return that nothing was written, with how a report is asked for where a rollup lies."""
    found = [each for path in paths if path.is_dir() for each in sorted(path.glob("*.xlsx"))]
    told = (
        f"{each}：这是汇总表。要写汇报，请写 zhengdun summary {each}。"
        for each in found
        if is_rollup(each)
    )
    return replace(done, passed_over=(*told, *done.passed_over))


def report(
    paths: Sequence[Path],
    target: Path,
    template: Path | None = None,
    manner: Manner = USUAL,
) -> Outcome:
    """Rollups to reports, a file each; one that cannot be used stops no other.

    Exit code 3 where one cannot be used, 4 where a report was edited by hand. Raises UsageError
    where one file is to hold several, TemplateError where the wording cannot be used.
    """
    single = target.suffix.lower() == ".docx" and not target.is_dir()
    if single and len(paths) > 1:
        raise UsageError(f"{target}：有 {len(paths)} 份汇总表，请用 -o 指定文件夹。")
    if single:
        results.spare(manner.place(target), results.PAPER, paths)
    elif not target.is_dir():
        results.named(target, ".docx", or_folder=True)
        admit_folder(target)
    content = _wording(template)
    written: list[Written] = []
    troubles: list[str] = []
    codes: list[int] = []
    taken: set[str] = set()
    for path in paths:
        try:
            source = _source(path)
            name = results.free_name(_file_name(source.book), path, taken)
            written.append(_put(source, content, target if single else target / name, manner))
            told = source.trouble
        except ToolkitError as error:
            told = _said(path, error)
            codes.append(error.exit_code)
        else:
            codes += [3] if told else []
        troubles += [told] if told else []
    return printed(Outcome(tuple(written), tuple(troubles), gravest(codes)), manner)


def _said(path: Path, error: ToolkitError) -> str:
    """Return what is said of a rollup without a report; a place that is taken names itself."""
    if isinstance(error, UnreadableError):
        return f"{path}：{error.reason}{_NOTHING}"
    return str(error)


_NOTHING = "汇报没有生成。"


# -- one rollup -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Source:
    """A rollup that can be reported on, and what its township says of itself."""

    book: Workbook
    town_book: Workbook | None = None
    trouble: str = ""  # why nothing is known of the township


def _source(path: Path) -> _Source:
    """Return a rollup read back; raises UnreadableError where nobody can go by it."""
    with uncollected():
        book = read_workbook(path, (TOWN_FORM, COUNTY_FORM))
    fault = next(_unfit(book), "")
    if fault:
        raise UnreadableError(f"{fault}。", path.name)
    own = look([path]).township
    if own is None or book.form is COUNTY_FORM:
        return _Source(book)
    try:
        town_book = read_workbook(own, (township.FORM,))
    except UnreadableError as error:
        return _Source(book, trouble=f"{own}：{error.reason}{_AS_USUAL}")
    return _Source(book, town_book if _is_of(town_book, book) else None)


_AS_USUAL = "汇报的落款按乡镇名称写，印章和字体按通常的设置，请核对。"


def _is_of(town_book: Workbook, book: Workbook) -> bool:
    """Say whether a township's workbook is that of a rollup."""
    told = next((row.town for row in town_book.rows(township.Township)), None)
    scope = next(iter(book.rows(rollup.Scope)))
    return not told or not scope.town or told == scope.town


def _unfit(book: Workbook) -> Iterator[str]:
    """Yield why nobody can report on a rollup, each with what to do: the plainest reason first."""
    yield from faults(book)
    for row in _DUE:
        if book.sheet(row) is None:
            yield f"缺少“{row.sheet}”，请用程序重新汇总"
    scope = next(iter(book.rows(rollup.Scope)), None)
    for column in (rollup.Scope.period, rollup.Scope.as_of):
        if scope is None or scope.field(column).value is None:
            yield f"“{rollup.Scope.sheet}”里的{column.header}读不出，请用程序重新汇总"
            return
    month = Month(book)
    if not month.taken:
        yield "没有汇总任何村的工作簿"
    yield from (f"{told}，请用程序重新汇总" for told in _contradictions(month))


_DUE = (rollup.Scope, rollup.HistoryLine, rollup.TypeLine)
"""The sheets without which a paragraph of the report would be missing."""


def _contradictions(month: Month) -> Iterator[str]:
    """Yield where the month's line of figures says other than the ledgers."""
    for column, count in month.figures().items():
        told = month.now.field(column).value if month.now else count
        if told != count:
            sheet = rollup.HistoryLine.sheet
            yield f"“{sheet}”里本月{column.header}是 {told}，台账里有 {count}，对不上"


def _file_name(book: Workbook) -> str:
    """Return the file name of a report."""
    month = Month(book)
    return safe_name("-".join(filter(None, (_place(month), month.period, TOWN_REPORT)))) + ".docx"


def _place(month: Month) -> str:
    return (month.told.county if month.of_county else month.told.town) or ""


def _wording(template: Path | None) -> Content:
    from toolkit.word.wording import template_from  # noqa: PLC0415 -- python-docx loads slowly

    return template_from(TOWN_REPORT, template)


def _put(source: _Source, content: Content, target: Path, manner: Manner) -> Written:
    """Write the report of a rollup; return what is to be said of it."""
    from toolkit.word.making import make, source_of  # noqa: PLC0415 -- python-docx loads slowly
    from toolkit.word.papers import Setting  # noqa: PLC0415 -- as above

    book, town_book = source.book, as_told(source.town_book, manner)
    month, printable = Month(book), in_print(town_book)
    rows = printable.rows(township.Township) if printable else ()
    settings = printable.rows(township.Settings) if printable else ()
    row = township.formality(printable, TOWN_REPORT, month=month.period)
    whose = _place(month) or book.name
    admit_public(row, manner, whose, TOWN_REPORT)
    require_sound(row, manner, whose, TOWN_REPORT)
    head = head_of(row)
    style = office_style(next(iter(settings), None))
    setting = Setting(*style, head, imprint_of(row), draft=manner.draft)
    as_read = township.formality(town_book, TOWN_REPORT, month=month.period)
    origin = source_of(month.as_of, book, town=governing(town_book, as_read))
    headed = head is not None and bool(head.mark)
    scope = town_vocabulary(origin.book, next(iter(rows), None), headed=headed)
    masks = manner.masks((book, town_book) if town_book else (book,))
    made = make(origin, scope, content, setting, masks)
    return put(target, made, manner, *_notes(month), *notes_of(row))


def _notes(month: Month) -> Iterator[str]:
    yield f"{len(month.taken)} 个村。"
    left_out = (
        (len(month.lacking_towns), "个乡镇"),
        (len(month.left_out), "个村"),
    )
    told = "、".join(f"{count} {unit}" for count, unit in left_out if count)
    if told:
        yield f"没有汇总的 {told}，已在汇报里写明。"
    if month.errors:
        yield f"汇总里还有核对必改 {len(month.errors)} 条，数字可能有误，用印前请核对。"


# -- the month's own ------------------------------------------------------------------------------


def month_report(source: Path, target: Path, template: Path | None = None) -> Outcome:
    """Write the report of a month's rollup that has just been written.

    Exit code 3 where the rollup, or the township's workbook, cannot be used. Raises EditedError
    where somebody has edited the report of an earlier run.
    """
    found = _source(source)
    written = _put(found, _wording(template), target, USUAL)
    return Outcome((written,), (found.trouble,) if found.trouble else (), 3 if found.trouble else 0)
