"""Whether papers still hold: a document against the workbook it was made from, cell by cell."""

import contextlib
import datetime as dt
import io
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from xml.sax.saxutils import unescape

from toolkit import results
from toolkit.cells import a1
from toolkit.errors import TemplateError, ToolkitError, UnreadableError, UsageError
from toolkit.excel.opened import read_workbook
from toolkit.forms import rollup, township
from toolkit.garbage import uncollected
from toolkit.inbox import Inbox, look, open_all
from toolkit.issued import Templates, issued_wording
from toolkit.minutes import minutes_wording
from toolkit.papers import (
    DRAFT,
    PUBLIC,
    Manner,
    Paper,
    Wording,
    as_told,
    formality_of,
    made_of,
    usual_wording,
)
from toolkit.report import gravest
from toolkit.schema.columns import Row
from toolkit.schema.kinds import Day
from toolkit.schema.workbook import Workbook
from toolkit.word.document import PAPERS, PLAN
from toolkit.word.fingerprint import (
    AS_OF,
    FOR_PUBLIC,
    SOURCE,
    WORDING,
    Change,
    Remembered,
    changes,
    digest_of,
    governing,
    recalled,
    reordered,
)
from toolkit.word.town_month import COUNTY_FORM, TOWN_FORM

_ROLLUPS = {form.id: form for form in (TOWN_FORM, COUNTY_FORM)}
_MOST_BYTES = 8_000_000  # of a part of a document; ours hold some hundred thousand
_CUSTOM = "docprops/custom.xml"
_PROPERTY = re.compile(r'<property\b[^>]*\bname="(zhengdun\.[a-z0-9_.]+)"[^>]*>\s*<[^>]*>([^<]*)<')
_MOST_SEEN = 30  # characters of a cell that are quoted


@dataclass(frozen=True)
class Verdict:
    """What is said of one document, and whether it holds."""

    document: Path
    lines: tuple[str, ...]
    exit_code: int


@dataclass(frozen=True)
class Verified:
    """What is said of each document, and of what could not be read."""

    verdicts: tuple[Verdict, ...]
    troubles: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """Return 0 where all hold, 1 where one does not, 3 where one could not be judged."""
        codes = [verdict.exit_code for verdict in self.verdicts]
        return gravest([*codes, *([3] if self.troubles else [])])


def verify(
    paths: Sequence[Path], wording: Callable[[str], Path | None] = lambda _: None
) -> Verified:
    """Documents against workbooks; a folder may hold both. `wording` finds an office's template.

    Raises UsageError where there is no document, or no workbook.
    """
    documents = tuple(dict.fromkeys(_documents(paths)))
    if not documents:
        if any(path.is_dir() and any(path.glob(f"*{PUBLIC}*.docx")) for path in paths):
            raise UsageError("文件夹里只有公开版。公开版不带来源指纹，请核对正式的文稿。")
        raise UsageError("没有写明要核对的文稿。请写 .docx 文件，或文稿所在的文件夹。")
    sources = [path for path in paths if path.suffix.lower() != ".docx"]
    if not sources:
        raise UsageError("没有写明和哪个工作簿核对。请写工作簿，或工作簿所在的文件夹。")
    with uncollected():
        held = _held(sources)
    if not (held.books or held.troubles):
        raise UsageError(f"{'、'.join(map(str, sources))}：里面没有标准工作簿。请核对路径。")
    return Verified(tuple(_verdict(each, held, wording) for each in documents), held.troubles)


def _documents(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the documents that are meant; of a folder not those for the public."""
    for path in paths:
        if path.suffix.lower() == ".docx":
            yield path
        elif path.is_dir():
            found = sorted(path.glob("*.docx"))
            yield from (
                each for each in found if each.name[0] not in "~." and PUBLIC not in each.name
            )


@dataclass(frozen=True)
class _Held:
    """The workbooks at hand, villages' and rollups, and what cannot be read."""

    books: tuple[Workbook, ...]
    inbox: Inbox
    troubles: tuple[str, ...]


def _held(paths: Sequence[Path]) -> _Held:
    sight = look(paths)
    rollups = [path for path in sight.files if results.kind_of(path) in _ROLLUPS]
    inbox = open_all(replace(sight, files=tuple(p for p in sight.files if p not in rollups)))
    books = list(inbox.villages)
    troubles = list(inbox.troubles)
    for path in rollups:
        try:
            books.append(read_workbook(path, tuple(_ROLLUPS.values())))
        except UnreadableError as error:
            troubles.append(f"{path}：{error.reason}")
    return _Held(tuple(books), inbox, tuple(troubles))


# -- one document ---------------------------------------------------------------------------------


class _UntellableError(Exception):
    """Why nothing can be said of a document."""


def _verdict(document: Path, held: _Held, wording: Callable[[str], Path | None]) -> Verdict:
    """Return what is said of a document: first whether people have edited it."""
    try:
        properties = _properties(document)
        told = _recalled(properties)
        sources = [source for source in told if source.form != township.FORM.id]
        found = [(source, _book_of(source, properties, held.books)) for source in sources]
    except _UntellableError as reason:
        return Verdict(document, (f"{document}：{reason}",), 3)
    if not found:
        return _by_files(document, properties, held)
    strange = next((pair for pair in found if not _is_of(pair[1], pair[0])), None)
    if strange:
        source, book = strange
        said = f"不是用 {book.name} 生成的，是用另一个工作簿{_whose(source)}。请换成那一份再核对。"
        return Verdict(document, (f"{document}：{said}",), 1)
    town = next((source for source in told if source.form == township.FORM.id), None)
    case = _Case(document, properties, tuple(found), town, held, wording)
    said, lines, code = _judged(case)
    return Verdict(document, (f"{document}：{said}", *(f"  {line}" for line in lines)), code)


@dataclass(frozen=True)
class _Case:
    """A document, what it remembers, and what there is of that now."""

    document: Path
    properties: Mapping[str, str]
    found: tuple[tuple[Remembered, Workbook], ...]
    town: Remembered | None
    held: _Held
    wording: Callable[[str], Path | None]

    @property
    def name(self) -> str:
        """The template that it was worded by, "" where it does not say."""
        return _wording_name(self.properties)

    @property
    def day(self) -> dt.date | None:
        """The day as of which it was made."""
        return _date(self.properties.get(AS_OF, ""))

    @property
    def manner(self) -> Manner:
        """Whether it is a draft."""
        return Manner(draft=DRAFT.encode() in _main(self.document))


def _judged(case: _Case) -> tuple[str, Sequence[str], int]:
    """Return what is said of a document in a sentence, in particular, and by the exit code."""
    since, edited = _since(case.properties), _edited(case.document)
    changed = (*_differences(case.found), *_of_township(case))
    moved = [title for source, book in case.found for title in reordered(source, book)]
    template = tuple(_other_wording(case.properties, case.wording))
    lacking = (_NO_TOWNSHIP,) if case.town and case.held.inbox.town_book is None else ()
    comparable = not (edited or template or lacking)
    alike = _is_made_alike(case) if comparable and (changed or moved) else None
    if changed and alike:
        said = f"与工作簿一致{since}；工作簿改动的 {len(changed)} 处都不影响这份文稿。"
        return said, (), 0
    lines = (*edited, *changed, *template, *lacking)
    if changed:
        return f"与工作簿不一致{since}，工作簿有 {len(changed)} 处改动。", lines, 1
    if edited:
        return f"工作簿没有变化{since}，但文稿不是生成时的样子。", lines, 1
    if alike is False:
        said = f"与工作簿不一致{since}：{'、'.join(moved)}里行的次序变了，重新生成次序会不同。"
        return said, lines, 1
    return f"与工作簿一致{since}。", lines, 0


_NO_TOWNSHIP = "没有找到镇级工作簿，文号、落款等没有核对；要核对，请一并写上镇级工作簿。"


def _of_township(case: _Case) -> Iterator[str]:
    """Yield what the township's workbook gives a paper otherwise than when it was made."""
    if case.town is None:
        return
    town, book = as_told(case.held.inbox.town_book, case.manner), case.found[0][1]
    paper = Paper(case.name, None, case.day or dt.date.min)
    now = governing(town, formality_of(paper, book, town))
    if now is not None:
        yield from (f"镇级工作簿 {line}" for line in _differences([(case.town, now)]))


def _edited(document: Path) -> tuple[str, ...]:
    return () if results.is_as_written(document) else (_EDITED,)


_EDITED = "文稿生成以后被人改过或另存过；文字改没改，请对照工作簿看。"


def _since(properties: Mapping[str, str]) -> str:
    day = _date(properties.get(AS_OF, ""))
    return f"（以 {Day().text(day)} 为准生成）" if day else ""


def _by_files(document: Path, properties: Mapping[str, str], held: _Held) -> Verdict:
    """Return what is said of a document that remembers files, not cells: a long annex."""
    if not properties[SOURCE]:
        return Verdict(document, (f"{document}：{_NOTHING_CAME}",), 0)
    by_code: dict[str, list[Workbook]] = defaultdict(list)
    for book in held.inbox.villages:
        by_code[book.identity.code].append(book)
    every = held.inbox.villages
    known = {*map(digest_of, ((book,) for book in every)), *map(digest_of, by_code.values())}
    edited, since = _edited(document), _since(properties)
    if properties[SOURCE] not in {*known, digest_of(every)}:
        said = f"工作簿在生成以后改过或另存过{since}；这种文稿不记逐格的指纹，说不出改在哪里。"
    elif edited:
        said = f"工作簿没有变化{since}，但文稿不是生成时的样子。"
    else:
        return Verdict(document, (f"{document}：与工作簿一致{since}。",), 0)
    return Verdict(document, (f"{document}：{said}", *(f"  {line}" for line in edited)), 1)


_NOTHING_CAME = "写的时候这个村没有报工作簿，没有来源可核对。"


def _is_made_alike(case: _Case) -> bool | None:
    """Say whether a village's paper, made anew, would read as it does; None of other papers."""
    if len(case.found) != 1 or case.day is None:
        return None
    paper, text = Paper(case.name, case.wording(case.name), case.day), _main(case.document)
    inbox, book = case.held.inbox, case.found[0][1]
    try:
        worded = _worded(paper, case.wording)
        if worded is None:
            return None
        return any(
            _main(io.BytesIO(made.data)) == text
            for _, made in made_of(paper, book, inbox, worded, case.manner)
        )
    except ToolkitError:  # nobody could make it as things are
        return False


def _worded(paper: Paper, wording: Callable[[str], Path | None]) -> Wording | None:
    """Return what words a village's papers of a sort; None for those that others are made from."""
    if paper.name in PAPERS:
        return usual_wording(paper)
    if paper.name == township.MINUTES:
        return minutes_wording(paper.as_of, template=paper.template)
    if paper.name == township.ISSUED:
        return issued_wording(paper.as_of, Templates(paper.template, wording(PLAN)))
    return None


def _main(document: Path | io.BytesIO) -> bytes:
    """Return the text part of a document."""
    with zipfile.ZipFile(document) as package:
        return package.read("word/document.xml")


def _wording_name(properties: Mapping[str, str]) -> str:
    """Return the template that a document was worded by, "" where it does not say."""
    return properties.get(WORDING, "").rpartition(" ")[0]


def _date(spelled: str) -> dt.date | None:
    with contextlib.suppress(ValueError):
        return dt.date.fromisoformat(spelled)
    return None


def _properties(document: Path) -> Mapping[str, str]:
    """Return what a document says of itself; raises _UntellableError where it cannot be read."""
    try:
        with zipfile.ZipFile(document) as package:
            names = {name.casefold(): name for name in package.namelist()}
            if "word/document.xml" not in names:
                raise _UntellableError("不是 Word 文稿（.docx）。请核对文件。")
            if _CUSTOM not in names:
                return {}
            with package.open(names[_CUSTOM]) as part:
                text = part.read(_MOST_BYTES).decode("utf-8", "replace")
    except FileNotFoundError:
        raise _UntellableError("没有这个文件。请核对文件名。") from None
    except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):
        raise _UntellableError("打不开，可能已损坏，或正被别的程序占用。请核对后再试。") from None
    return {name: unescape(value) for name, value in _PROPERTY.findall(text)}


def _recalled(properties: Mapping[str, str]) -> tuple[Remembered, ...]:
    if FOR_PUBLIC in properties:
        raise _UntellableError("这是公开版，不带来源指纹。请核对正式的文稿。")
    try:
        found = recalled(properties)
    except ValueError:
        raise _UntellableError("来源指纹不完整，没法核对。请用程序重新生成这份文稿。") from None
    if not (found or SOURCE in properties):
        raise _UntellableError("不带来源指纹，没法核对：不是程序生成的，或是旧版程序生成的。")
    return found


def _book_of(
    source: Remembered, properties: Mapping[str, str], books: Sequence[Workbook]
) -> Workbook:
    """Return the workbook that a document was made from, in its present state.

    Of several of one village, or of one township's months, the one that it was made from counts.
    """
    alike = [book for book in books if book.identity.form == source.form]
    own = [book for book in alike if _is_of(book, source)] or (alike if len(books) == 1 else [])
    if not own:
        raise _UntellableError(f"没有找到生成它的工作簿{_whose(source)}。请写明工作簿。")
    if len(own) == 1:
        return own[0]
    day = _date(properties.get(AS_OF, ""))
    for fits in (
        lambda book: book.facts.sha256 == properties.get(SOURCE),
        lambda book: any(row.as_of == day for row in book.rows(rollup.Scope)),
        lambda book: next(changes(source, book), None) is None,
    ):
        meant = next(filter(fits, own), None)
        if meant is not None:
            return meant
    held = "、".join(book.path for book in own)
    raise _UntellableError(f"有 {len(own)} 份工作簿都像是生成它的（{held}）。请只写一份。")


def _is_of(book: Workbook, source: Remembered) -> bool:
    return (book.identity.code, book.identity.year) == (source.code, source.year)


def _whose(source: Remembered) -> str:
    told = "，".join(filter(None, (source.code, source.year and f"{source.year}年")))
    return f"（{told}）" if told else ""


# -- what is otherwise ----------------------------------------------------------------------------


def _differences(found: Iterable[tuple[Remembered, Workbook]]) -> Iterator[str]:
    """Yield what the workbooks hold otherwise, a cell a line."""
    for source, book in found:
        for change in changes(source, book):
            yield from _told(change)


def _told(change: Change) -> Iterator[str]:
    row = change.row
    if row is None:
        yield (
            f"{change.sheet}：少了 {change.gone} 行。"
            if change.gone
            else f"{change.sheet}：有改动（行数多，不逐格说明）。"
        )
    elif change.is_new:
        yield f"{change.sheet} 第 {row.line} 行：是新加的（{_first(row)}）。"
    elif not change.columns:
        yield f"{change.sheet} 第 {row.line} 行：有改动（{_first(row)}）。"
    else:
        yield from (f"{change.sheet} {_cell(row, name)}" for name in change.columns)


def _cell(row: Row, name: str) -> str:
    """Return a cell and what stands there now."""
    column = next((each for each in row.columns if each.name == name), None)
    if column is None:
        return f"第 {row.line} 行：原有的一栏现在没有了。"
    field = row.fields[name]
    place = a1(field.row, field.column) if field.column else f"第 {row.line} 行"
    said = _LONG_FRACTION.sub(r"\1", _short(row.printed(column)))
    now = "现在是空的" if field.empty else f"现在是“{said}”"
    return f"{place}（{column.header}）：{now}。"


_LONG_FRACTION = re.compile(r"^(-?\d+\.\d\d)\d+$")  # of a rate that was reckoned


def _first(row: Row) -> str:
    """Return what a row is known by: its first cells."""
    shown = [_short(row.printed(column)) for column, _ in row.filled()]
    return "，".join(shown[:2])


def _short(text: str) -> str:
    said = " ".join(text.split())
    return said if len(said) <= _MOST_SEEN else f"{said[: _MOST_SEEN - 1]}…"


def _other_wording(
    properties: Mapping[str, str], wording: Callable[[str], Path | None]
) -> Iterator[str]:
    """Yield that the template has changed since, which is no fault of the document."""
    from toolkit.word.issued_wording import wording_of  # noqa: PLC0415 -- python-docx loads slowly
    from toolkit.word.making import wording_mark  # noqa: PLC0415 -- as above

    mark, name = properties.get(WORDING, ""), _wording_name(properties)
    if not name:
        return
    try:
        now = wording_mark(wording_of(name, wording))
    except (TemplateError, UsageError, OSError):
        yield f"文稿模板《{name}》现在用不了或找不到，没有和它核对。"
        return
    if now != mark:
        yield f"文稿模板《{name}》已改动；现在重新生成，文字会不一样。"
