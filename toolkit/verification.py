"""Whether papers still hold: a document against the workbook it was made from, cell by cell."""

import contextlib
import datetime as dt
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from xml.sax.saxutils import unescape

from toolkit import results
from toolkit.cells import a1
from toolkit.errors import TemplateError, UnreadableError, UsageError
from toolkit.excel.opened import read_workbook
from toolkit.garbage import uncollected
from toolkit.inbox import Inbox, look, open_all
from toolkit.papers import PUBLIC, Manner, Paper, gravest, made_of, usual_wording
from toolkit.schema.columns import Row
from toolkit.schema.kinds import Day
from toolkit.schema.workbook import Workbook
from toolkit.word.document import PAPERS
from toolkit.word.fingerprint import (
    AS_OF,
    FOR_PUBLIC,
    SOURCE,
    WORDING,
    Change,
    Remembered,
    changes,
    recalled,
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
        found = [(source, _book_of(source, held.books)) for source in _recalled(properties)]
    except _UntellableError as reason:
        return Verdict(document, (f"{document}：{reason}",), 3)
    if not found:
        return _by_files(document, properties, held)
    since, edited = _since(properties), _edited(document)
    strange = next((pair for pair in found if not _is_of(pair[1], pair[0])), None)
    if strange:
        source, book = strange
        told = f"不是用 {book.name} 生成的，是用另一个工作簿{_whose(source)}。请换成那一份再核对。"
        return Verdict(document, (f"{document}：{told}",), 1)
    changed = tuple(_differences(found))
    template = tuple(_other_wording(properties, wording))
    if (
        changed
        and not edited
        and not template
        and _is_made_alike(document, properties, found, held, wording)
    ):
        said = f"与工作簿一致{since}；工作簿改动的 {len(changed)} 处都不影响这份文稿。"
        return Verdict(document, (f"{document}：{said}",), 0)
    if changed:
        said = f"与工作簿不一致{since}，工作簿有 {len(changed)} 处改动。"
    elif edited:
        said = f"工作簿没有变化{since}，但文稿不是生成时的样子。"
    else:
        said = f"与工作簿一致{since}。"
    lines = (f"{document}：{said}", *(f"  {line}" for line in (*edited, *changed, *template)))
    return Verdict(document, lines, 1 if changed or edited else 0)


def _edited(document: Path) -> tuple[str, ...]:
    return () if results.is_as_written(document) else (_EDITED,)


_EDITED = "文稿生成以后被人改过或另存过；文字改没改，请对照工作簿看。"


def _since(properties: Mapping[str, str]) -> str:
    day = _date(properties.get(AS_OF, ""))
    return f"（以 {Day().text(day)} 为准生成）" if day else ""


def _by_files(document: Path, properties: Mapping[str, str], held: _Held) -> Verdict:
    """Return what is said of a document that remembers files, not cells: a long annex."""
    digests = sorted(book.facts.sha256 for book in held.inbox.villages)
    together = hashlib.sha256("".join(digests).encode()).hexdigest()
    edited, since = _edited(document), _since(properties)
    if properties[SOURCE] not in {*digests, together}:
        said = f"工作簿在生成以后改过或另存过{since}；这种文稿不记逐格的指纹，说不出改在哪里。"
    elif edited:
        said = f"工作簿没有变化{since}，但文稿不是生成时的样子。"
    else:
        return Verdict(document, (f"{document}：与工作簿一致{since}。",), 0)
    return Verdict(document, (f"{document}：{said}", *(f"  {line}" for line in edited)), 1)


def _is_made_alike(
    document: Path,
    properties: Mapping[str, str],
    found: Sequence[tuple[Remembered, Workbook]],
    held: _Held,
    wording: Callable[[str], Path | None],
) -> bool:
    """Say whether a village's paper, made anew from its workbook, would read as it does."""
    name, day = _wording_name(properties), _date(properties.get(AS_OF, ""))
    if name not in PAPERS or day is None or len(found) != 1:
        return False
    paper = Paper(name, wording(name), day)
    worded, text = usual_wording(paper), _main(document.read_bytes())
    return any(
        _main(made.data) == text
        for manner in (Manner(), Manner(draft=True))
        for _, made in made_of(paper, found[0][1], held.inbox, worded, manner)
    )


def _main(data: bytes) -> bytes:
    """Return the text part of a document."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
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
    if not (found or properties.get(SOURCE)):
        raise _UntellableError("不带来源指纹，没法核对：不是程序生成的，或是旧版程序生成的。")
    return found


def _book_of(source: Remembered, books: Sequence[Workbook]) -> Workbook:
    """Return the workbook that a document was made from, in its present state."""
    alike = [book for book in books if book.identity.form == source.form]
    own = [book for book in alike if _is_of(book, source)] or (alike if len(books) == 1 else [])
    if not own:
        raise _UntellableError(f"没有找到生成它的工作簿{_whose(source)}。请写明工作簿。")
    if len(own) > 1:
        held = "、".join(book.path for book in own)
        raise _UntellableError(f"有 {len(own)} 份工作簿都像是生成它的（{held}）。请只写一份。")
    return own[0]


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
    now = "现在是空的" if field.empty else f"现在是“{_short(row.printed(column))}”"
    return f"{place}（{column.header}）：{now}。"


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
