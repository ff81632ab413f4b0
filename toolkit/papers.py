"""Formal papers: village workbooks to 公文, and how any paper gets to its place."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from toolkit import pdf, results
from toolkit.errors import EditedError, OutputError, ToolkitError, UsageError
from toolkit.findings import Finding, Level
from toolkit.flow import judge
from toolkit.forms import issuing, township, village
from toolkit.inbox import (
    Inbox,
    Opener,
    look,
    open_governed,
    open_one,
    standing,
    untracked,
)
from toolkit.outputs import admit_folder, safe_name
from toolkit.report import Outcome, Track, Written, gravest
from toolkit.schema.columns import Row
from toolkit.schema.workbook import Sheet, Workbook
from toolkit.word.content import Content
from toolkit.word.document import PLAN, STANDARD, SUMMARY, Seal, Typography
from toolkit.word.fingerprint import governing
from toolkit.word.formalities import faults_of, head_of, imprint_of, is_secret, notes_of
from toolkit.word.hygiene import for_print
from toolkit.word.redaction import Masks, masks_of
from toolkit.word.scope import Scope

# -- in which manner ------------------------------------------------------------------------------

DRAFT, PUBLIC = "征求意见稿", "公开版"
"""What the file's name of a draft, and of a version for the public, ends with."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How papers are put out: as drafts, as PDF besides, with names and numbers masked."""

    draft: bool = False
    pdf: bool = False
    redacted: bool = False

    def place(self, target: Path) -> Path:
        """Return the file that a paper goes to: a draft's is never that of the final paper.

        >>> Manner(draft=True, redacted=True).place(Path("公文/方案.docx")).name
        '方案-征求意见稿-公开版.docx'
        """
        marks = [mark for mark, due in ((DRAFT, self.draft), (PUBLIC, self.redacted)) if due]
        ends = "".join(f"-{mark}" for mark in marks if mark not in target.stem)
        return target.with_name(f"{target.stem}{ends}{target.suffix}")

    def masks(self, books: Iterable[Workbook]) -> Masks | None:
        """Return the masks for all whom a batch names, None where none are wanted."""
        return masks_of(books) if self.redacted else None


USUAL = Manner()


# -- in its place ---------------------------------------------------------------------------------


class Made(Protocol):
    """What a builder of documents returns: a .docx, and what the person should know of it."""

    @property
    def data(self) -> bytes:
        """The document."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said of it."""


def put(target: Path, made: Made, manner: Manner, *notes: str) -> Written:
    """Write a paper, over one at most that nobody has edited; return what is to be said of it.

    Raises an EditedError where somebody has. Its PDF is made by `printed`, all of a run at once.
    """
    return results.rewrite(manner.place(target), made.data, *notes, *made.notes)


def printed(outcome: Outcome, manner: Manner) -> Outcome:
    """Return what a run has written with the PDF of each paper, where that is wanted.

    A PDF stands beside its paper and is made anew only where the paper is another. Exit code 4
    where one cannot be made; the papers stand all the same.
    """
    papers = [each.path for each in outcome.written if each.path.suffix.lower() == ".docx"]
    if not papers:
        return outcome
    if not manner.pdf:
        return replace(outcome, written=tuple(map(_with_stale_told, outcome.written)))
    content = {path: path.read_bytes() for path in papers}
    due = [path for path in papers if not _is_printed(path, content[path])]
    try:
        found = pdf.pdfs([content[path] for path in due]) if due else []
        made = dict(zip(due, found, strict=True))
    except ToolkitError as error:
        return _with_trouble(outcome, str(error), error.exit_code)
    written: list[Written] = []
    for each in outcome.written:
        written.append(each)
        if each.path in content:
            try:
                written.append(_print(each.path, content[each.path], made))
            except ToolkitError as error:
                outcome = _with_trouble(outcome, str(error), error.exit_code)
    return replace(outcome, written=tuple(written))


def _with_trouble(outcome: Outcome, trouble: str, code: int) -> Outcome:
    return replace(
        outcome,
        troubles=(*outcome.troubles, trouble),
        exit_code=gravest((outcome.exit_code, code)),
    )


def _with_stale_told(each: Written) -> Written:
    """Return what is said of a paper, also that the PDF beside it is that of an earlier one."""
    place = each.path.with_suffix(".pdf")
    if each.path.suffix.lower() != ".docx" or not place.is_file():
        return each
    stands = place.read_bytes()
    if not pdf.is_ours(stands) or pdf.is_of(stands, each.path.read_bytes()):
        return each
    return replace(each, notes=(*each.notes, f"{place.name} 还是以前的，要更新请加 --pdf。"))


def _is_printed(paper: Path, data: bytes) -> bool:
    """Say whether the PDF of a paper stands beside it already."""
    place = paper.with_suffix(".pdf")
    return place.is_file() and pdf.is_of(place.read_bytes(), data)


def _print(paper: Path, data: bytes, made: Mapping[Path, bytes | None]) -> Written:
    """Put the PDF of a paper beside it; an OutputError where there is none to put."""
    place = paper.with_suffix(".pdf")
    if paper not in made:
        return Written(place, ("内容没有变化，没有重写",))
    found = made[paper]
    if found is None:
        raise _NoPdfError(f"{paper}：没有转成 PDF。请用 Word 或 WPS 打开，另存为 PDF。")
    if place.is_file() and not pdf.is_ours(place.read_bytes()):
        raise EditedError(f"{place}：不是由程序生成的，没有覆盖。请先移走或改名，再做一次。")
    note = () if pdf.has_official_type(found) else (_OTHER_TYPE,)
    return results.replace(place, pdf.stamped(found, data), results.PAPER, *note)


class _NoPdfError(OutputError):
    """A paper was written, its PDF not."""

    exit_code = 4


_OTHER_TYPE = "这台电脑没有仿宋字体，PDF 用了别的字体，版面会有出入；用印的以 Word 文稿为准。"

# -- papers of villages ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paper:
    """Which paper is wanted: its name, the office's own template if any, and the day."""

    name: str
    template: Path | None
    as_of: dt.date

    @property
    def ending(self) -> str:
        """What the name of its file ends with; reports of several months stand side by side.

        >>> Paper("整改情况报告", None, dt.date(2022, 10, 31)).ending
        '整改情况报告-2022-10'
        """
        return f"{self.name}-{self.month}" if self.name == SUMMARY else self.name

    @property
    def month(self) -> str:
        """The month of its day, YYYY-MM."""
        return f"{self.as_of:%Y-%m}"


@dataclass(frozen=True)
class Worded:
    """A paper of a village: what its file's name ends with, its names, and its template."""

    ending: str
    scope: Scope
    content: Content


Wording = Callable[[Inbox, Workbook], Iterable[Worded]]
"""Words the papers of a village, whose workbook it gets as papers print it."""


def usual_wording(paper: Paper) -> Wording:
    """Return what words one paper a village from its workbook alone.

    Raises a TemplateError where the office's template is of no use.
    """
    from toolkit.word.vocabulary import vocabulary  # noqa: PLC0415 -- python-docx loads slowly
    from toolkit.word.wording import template_from  # noqa: PLC0415 -- as above

    content = template_from(paper.name, paper.template)

    def worded(_: Inbox, book: Workbook) -> Iterator[Worded]:
        yield Worded(paper.ending, vocabulary(book, paper.as_of), content)

    return worded


def write_papers(  # noqa: PLR0913, PLR0917 -- what papers are made from, and where they go
    paper: Paper,
    paths: Sequence[Path],
    target: Path,
    track: Track = untracked,
    manner: Manner = USUAL,
    worded: Wording | None = None,
    opener: Opener = open_one,
) -> Outcome:
    """Village workbooks to formal papers of one sort, a file each; a faulty one stops no other.

    A workbook named by hand is always taken; of a folder only those that the rollup takes and
    somebody has filled in. One with errors that nobody has answered gives no paper but a draft.
    Exit code 4 where one gives none, or a paper was edited by hand.
    """
    single = target.suffix.lower() == ".docx" and not target.is_dir()
    if single:
        results.spare(manner.place(target), results.PAPER, paths)
    elif not target.is_dir():
        results.named(target, ".docx", or_folder=True)
        admit_folder(target)
    worded = worded or usual_wording(paper)
    sight = look(paths, opener=opener)
    inbox = open_governed(sight, track)
    left_out = _left_out(inbox, {str(path) for path in sight.asked}, paper.as_of)
    books = [book for book in inbox.villages if book.path not in left_out]
    if single and len(books) > 1:
        raise UsageError(f"{target}：有 {len(books)} 个村，请用 -o 指定文件夹。")
    run = _Run(paper, target, single, manner, inbox, worded, manner.masks(_all(inbox)))
    troubles = [*inbox.troubles, *dict.fromkeys(left_out.values())]
    codes = [3] * bool(inbox.troubles) + [4] * bool(left_out)
    if not inbox.villages:
        troubles.append("没有读到村级工作簿，文稿没有生成。")
        codes.append(3)
    errors = open_errors(judge(replace(inbox, villages=tuple(books)), paper.as_of))
    written: list[Written] = []
    by_path = {Path(book.path): book for book in books}
    for path in track(tuple(by_path)):
        book = by_path[path]
        try:
            for each in _written(run, book, errors):
                written.append(each)  # noqa: PERF402 -- those before one that fails count
        except ToolkitError as error:
            troubles.append(str(error))
            codes.append(error.exit_code)
        except Exception as error:  # noqa: BLE001 -- what fails on one village stops no other
            troubles.append(_mishap(book, paper.name, error))
            codes.append(5)
    told = tuple(dict.fromkeys(troubles))
    hints = (*inbox.passed_over, *(_hints(run) if written else ()))
    return printed(Outcome(tuple(written), told, gravest(codes), hints), manner)


def _all(inbox: Inbox) -> Iterator[Workbook]:
    yield from inbox.villages
    if inbox.town_book:
        yield inbox.town_book


@dataclass(frozen=True)
class _Run:
    """What the papers of a run are made with, and the names that they have taken."""

    paper: Paper
    target: Path
    single: bool
    manner: Manner
    inbox: Inbox
    worded: Wording
    masks: Masks | None
    taken: set[str] = field(default_factory=set)


def _written(run: _Run, book: Workbook, errors: Counter[str]) -> Iterator[Written]:
    """Yield the papers of a village as they are written; one that gives none has no fault."""
    made = list(made_of(run.paper, book, run.inbox, run.worded, run.manner, run.masks))
    if made:
        require_clean(book, errors, run.paper.name, run.manner)
    if run.single and len(made) > 1:
        raise UsageError(f"{run.target}：有 {len(made)} 份{run.paper.name}，请用 -o 指定文件夹。")
    for ending, each in made:
        name = results.free_name(_file(book, ending), Path(book.path), run.taken)
        place = run.target if run.single else run.target / name
        yield put(place, each, run.manner, *_remarks(book, errors[book.path]))


def _hints(run: _Run) -> Iterator[str]:
    """Yield what else could be made of the same workbooks."""
    rows = run.inbox.town_book.rows(township.Formality) if run.inbox.town_book else ()
    final = not (run.manner.draft or run.manner.redacted)
    if final and run.paper.name == PLAN and any(row.sort == township.ISSUED for row in rows):
        yield f"“{township.Formality.sheet}”里登记了{township.ISSUED}：要印发的，加 --issued。"


def made_of(  # noqa: PLR0913, PLR0917 -- what a paper is made from
    paper: Paper,
    book: Workbook,
    inbox: Inbox,
    worded: Wording,
    manner: Manner,
    masks: Masks | None = None,
) -> Iterator[tuple[str, Made]]:
    """Yield the papers of a village, in the dress that its township's workbook tells of.

    Each with what the name of its file ends with.
    """
    from toolkit.word.making import make, source_of  # noqa: PLC0415 -- python-docx loads slowly
    from toolkit.word.papers import Setting  # noqa: PLC0415 -- as above

    told = as_told(inbox.town_book, manner)
    town = in_print(told)
    row = formality_of(paper, book, town)
    whose = village.village_name(book) or book.name
    admit_public(row, manner, whose, paper.name)
    require_sound(row, manner, whose, paper.name)
    style = office_style(inbox.settings)
    setting = Setting(*style, head_of(row), imprint_of(row), draft=manner.draft)
    asked = formality_of(paper, book, told)
    source = source_of(paper.as_of, book, town=governing(told, asked))
    for each in worded(replace(inbox, town_book=town), source.book):
        made = make(source, each.scope, each.content, setting, masks)
        yield each.ending, replace(made, notes=(*notes_of(row), *made.notes))


def formality_of(paper: Paper, book: Workbook, town: Workbook | None) -> township.Formality | None:
    """Return the row of a township's workbook that gives a village's paper head and imprint."""
    name, code = village.village_name(book), village.village_code(book)
    return township.formality(town, paper.name, name, code, paper.month)


def as_told(town: Workbook | None, manner: Manner) -> Workbook | None:
    """Return a township's workbook as a paper of a manner goes by it: no draft is numbered."""
    return township.as_draft(town) if town and manner.draft else town


def in_print(town: Workbook | None) -> Workbook | None:
    """Return a township's workbook as papers print what it tells of its organs and of them."""
    if town is None:
        return None
    told: dict[type[Row], Sheet] = {
        cls: sheet for cls, sheet in town.sheets.items() if cls in _IN_PRINT
    }
    mended, _ = for_print(replace(town, sheets=told))
    return replace(town, sheets={**town.sheets, **mended.sheets})


_IN_PRINT = (township.Township, township.Formality)


class SecretError(OutputError):
    """A paper is classified, and so has no version for the public."""

    exit_code = 4


def admit_public(row: township.Formality | None, manner: Manner, whose: str, name: str) -> None:
    """Refuse, by a SecretError, the version for the public of a paper that bears 密级."""
    if manner.redacted and is_secret(row):
        raise SecretError(f"{whose}：{name}有密级。有密级的公文不生成公开版。")


def require_sound(row: township.Formality | None, manner: Manner, whose: str, name: str) -> None:
    """Refuse, by an OpenErrorsError, any paper but a draft whose 公文要素 cannot be read."""
    faults = faults_of(row)
    if faults and not manner.draft:
        raise OpenErrorsError(f"{whose}：没有生成{name}。{''.join(faults)}要先看样子，加 --draft。")


class OpenErrorsError(OutputError):
    """A workbook has errors that nobody has answered, and so gives no final paper."""

    exit_code = 4


def open_errors(findings: Iterable[Finding]) -> Counter[str]:
    """Return how many errors each file has that nobody has answered.

    What is wrong with how files were handed in (T7xx), such as one twice, is no fault of a paper.
    """
    open_ones = (f for f in findings if f.level is Level.ERROR and not f.accepted)
    return Counter(f.file for f in open_ones if not f.rule.startswith("T"))


def require_clean(book: Workbook, errors: Counter[str], name: str, manner: Manner) -> None:
    """Refuse, by an OpenErrorsError, any paper but a draft of a workbook with such errors."""
    if errors[book.path] and not manner.draft:
        whose = village.village_name(book) or book.name
        raise OpenErrorsError(
            f"{whose}：还有必改 {errors[book.path]} 条（见 zhengdun check {book.path}），"
            f"没有生成{name}。请先改正；要先看样子，加 --draft，标题下注明{DRAFT}。"
        )


def _remarks(book: Workbook, errors: int) -> Iterator[str]:
    """Yield what is to be said of a workbook beside its paper."""
    if not book.name.startswith(_called(book)):
        yield f"由 {book.name} 生成。"
    if errors:
        yield f"工作簿还有必改 {errors} 条，改正后再生成正式稿。"


def _mishap(book: Workbook, name: str, error: Exception) -> str:
    """Return what is said of a fault of ours: enough for whoever is to mend it."""
    whose = village.village_name(book) or book.name
    told = f"{type(error).__name__}：{error}"
    return f"{whose}：程序出错，没有生成{name}，其余的村照常。请把这句话发给技术人员：{told}"


def _left_out(inbox: Inbox, named: Container[str], as_of: dt.date) -> dict[str, str]:
    """Return, by path, the workbooks of folders that get no paper, each with what is said of it."""
    return {path: said for path, said in _unfit(inbox, as_of) if path not in named}


def _unfit(inbox: Inbox, as_of: dt.date) -> Iterator[tuple[str, str]]:
    """Yield the workbooks that the rollup does not take as they are, or that nobody has filled."""
    found = standing(inbox, as_of.year)
    for book in inbox.villages:
        if book.path in found.copies:
            yield book.path, f"{book.name}：内容与 {found.copies[book.path]} 相同，没有生成文稿。"
    for book in found.others:
        told = f"年度是 {village.plan_year(book)}，不是 {found.year}"
        yield book.path, f"{book.name}：{told}，没有生成文稿。"
    for books in found.strangers.values():
        for book in books:
            yield book.path, f"{book.name}：不在村名册里，没有生成文稿。"
    for name, books in found.listed.items():
        filled = [book for book in books if not issuing.is_blank(book)]
        for book in books:
            if book not in filled:
                yield book.path, f"{book.name}：还没有填，没有生成文稿。"
            elif len(filled) > 1:
                held = "、".join(sorted(each.name for each in filled))
                told = f"{name}：有 {len(filled)} 份工作簿（{held}）"
                yield book.path, f"{told}，没有生成文稿。请只留一份。"


def _called(book: Workbook) -> str:
    """Return how the name of a village's workbook and papers begins."""
    parts = (village.village_code(book), village.village_name(book))
    return safe_name("-".join(filter(None, parts)))


def _file(book: Workbook, name: str) -> str:
    """Return the file name of a village's paper."""
    parts = (village.village_code(book), village.village_name(book))
    whose = "-".join(filter(None, parts))[:_MOST_OF_VILLAGE]  # what it ends with tells papers apart
    return safe_name("-".join(filter(None, (whose, name)))) + ".docx"


_MOST_OF_VILLAGE = 40


def office_style(settings: township.Settings | None) -> tuple[Seal, Typography]:
    """Return the seal and typography that a township has set, or the usual ones."""
    if settings is None:
        return Seal(), STANDARD
    seal = Seal(settings.sealed is not False, settings.seal_mm or Seal().millimetres)
    latin = settings.latin_font or ""
    return seal, Typography(latin_font="" if latin == "仿宋_GB2312" else latin)
