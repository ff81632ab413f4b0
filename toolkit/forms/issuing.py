"""What each village on a roster is issued: a workbook of its own, with what is known filled in.

And how such a workbook is known again: by whose it is, and by whether anybody has written in it.
"""

import datetime as dt
import enum
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from toolkit.cells import Raw
from toolkit.errors import UsageError
from toolkit.forms import codes, township, village
from toolkit.forms.parameters import CUTOFF_DAY, FIRST_MONTH, MONTH_BEFORE
from toolkit.outputs import safe_name
from toolkit.schema.codelists import CodeList, Term
from toolkit.schema.columns import Column, Row
from toolkit.schema.form import Filling, Identity, Local, name_of_cell
from toolkit.schema.kinds import as_text
from toolkit.schema.texts import clean, tidy
from toolkit.schema.workbook import Workbook

RECEIPTS_FORM = "receipt-list"
"""What the list of who has got a workbook says it is."""


def receipts_file(year: int) -> str:
    """Return what that list is called; each year has its own.

    >>> receipts_file(2022)
    '发放登记-2022.xlsx'
    """
    return f"发放登记-{year}.xlsx"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be issued: for which year and villages, carried over from which workbooks."""

    year: int | None = None  # None: as the township's 参数 say
    villages: tuple[str, ...] = ()  # codes or names; () means all
    last_year: Path | None = None
    receipts: Path | None = None  # where the list goes; None: where it is usual


ALL = Order()
"""Every village on the roster, for the township's own year."""


class Fate(enum.Enum):
    """What became of a village in a run; the value is the word that the list of receipts has."""

    NEW = "新发"
    RENEWED = "更新"
    SAME = "未变"
    FILLED = "已填写"
    UNCLEAR = "看不出是否填过"
    NONE = "未发"
    UNASKED = "不在本次"
    GONE = "已不在名册"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One line of the list of receipts: which workbook a village has, and what became of it.

    `who` has taken the workbook, and `when`, is what people write there.
    """

    code: str
    village: str
    fate: Fate
    file: str = ""
    version: str = ""
    why: str = ""
    who: Raw = None
    when: Raw = None

    @property
    def signature(self) -> str:
        """What is written there, as one text."""
        parts = (_seen(self.who), _seen(self.when))
        return " ".join(filter(None, parts))


# -- who has signed for one -----------------------------------------------------------------------


def signed(
    receipts: Sequence[Receipt], earlier: Iterable[Receipt]
) -> tuple[list[Receipt], list[str]]:
    """Return the receipts with what an earlier list holds, and what is not carried on from it.

    A village that has got another workbook signs anew. Signed lines that no village of the roster
    has any more come last.
    """
    made = list(receipts)
    gone: list[Receipt] = []
    notes: list[str] = []
    for line in earlier:
        at = _receipt_of(receipts, line)
        if at is None:
            gone.append(replace(line, fate=Fate.GONE))
        elif made[at].fate in {Fate.NEW, Fate.RENEWED}:
            whose = f"{made[at].village}换了工作簿，请重新签收"
            notes.append(f"{whose}；原来签的是“{line.signature}”，没有带过来")
        elif made[at].signature:
            notes.append(f"{line.village}的签收有两行，“{line.signature}”没有带过来，请核对")
        else:
            made[at] = replace(made[at], who=line.who, when=line.when)
    return [*made, *gone], notes


def _receipt_of(receipts: Sequence[Receipt], line: Receipt) -> int | None:
    """Return the receipt of an earlier line: of the same workbook, else of the same village."""
    for same in (_has_file, _has_village):
        found = (at for at, receipt in enumerate(receipts) if same(receipt, line))
        at = next(found, None)
        if at is not None:
            return at
    return None


def _has_file(receipt: Receipt, line: Receipt) -> bool:
    return bool(line.file) and receipt.file == line.file


def _has_village(receipt: Receipt, line: Receipt) -> bool:
    return bool(line.code) and (receipt.code, receipt.village) == (line.code, line.village)


# -- who on the roster gets one -------------------------------------------------------------------


@dataclass(frozen=True)
class Roster:
    """What a township's workbook says of the workbooks that it issues."""

    town: township.Township
    year: int
    entries: tuple[township.Village, ...]
    local: Local


def roster_of(book: Workbook, year: int | None = None) -> Roster:
    """Return what is to be issued; raises UsageError where the workbook does not say enough."""
    town = next(iter(book.rows(township.Township)), None)
    settings = next(iter(book.rows(township.Settings)), None)
    if town is None or settings is None:
        raise UsageError(f"{book.name}：缺少“镇情”或“参数”表。请用完整的镇级工作簿发放。")
    year = year or settings.year
    if year is None:
        seen = settings.field(township.Settings.year).seen.strip()
        wrong = f"年度写的是“{seen}”，看不懂。请改成四位数字" if seen else "没有填年度。请填好"
        raise UsageError(f"{book.name}：“参数”表里{wrong}后再发放。")
    entries = book.rows(township.Village)
    if not entries:
        raise UsageError(f"{book.name}：“村名册”里没有填村。请先填好村代码和村名。")
    return Roster(town, year, entries, local(book))


def unfit(entries: Sequence[township.Village]) -> dict[township.Village, str]:
    """Return the roster's rows that get no workbook, each with the reason."""
    written = [row.code for row in entries if row.code and _is_text(row)]
    usual = min(map(len, written), default=0)
    found: dict[township.Village, str] = {}
    seen: set[str] = set()
    for entry in entries:
        why = _unfit(entry, seen, usual)
        if why:
            found[entry] = why
        else:
            seen.add(entry.code or "")
    return found


def _unfit(entry: township.Village, seen: set[str], usual: int) -> str:
    code = entry.code
    told = entry.field(township.Village.code).seen.strip()
    if told and code is None:
        return f"村代码“{told}”看不懂，没有发放。请改成 2 至 12 位数字后再发放。"
    if not code or not entry.village:
        return "村代码或村名没有填好，没有发放。请填好后再发放。"
    if code in seen:
        return f"村代码 {code} 与前面的村重复，没有发放。请改正后再发放。"
    if not _is_text(entry) and len(code) < usual:
        return (
            f"村代码 {code} 存成了数字，前面的 0 可能丢了，没有发放。"
            f"请把单元格设为文本，写成 {code.zfill(usual)} 这样的 {usual} 位后再发放。"
        )
    return ""


def _is_text(entry: township.Village) -> bool:
    return isinstance(entry.field(township.Village.code).raw, str)


def remarks(entry: township.Village, entries: Sequence[township.Village]) -> Iterator[str]:
    """Yield what the township should look at again in a village's row, though it is issued."""
    if not _is_text(entry):
        yield f"村代码存成了数字，按 {entry.code} 理解，请核对前面有没有 0"
    for column in township.Village.columns:
        cell = entry.field(column)
        if not cell.empty and cell.value is None and not cell.masked:
            why = f"（{cell.fault}）" if cell.fault else ""
            yield f"{column.header}“{cell.seen.strip()}”读不出{why}，没有写进工作簿，请改正名册"
    namesakes = [row for row in entries if row.village == entry.village and row is not entry]
    if namesakes:
        yield f"名册里“{entry.village}”不止一行，请核对是不是同一个村"


_MOST_NAMED = 20


def chosen(entries: Sequence[township.Village], told: Sequence[str]) -> list[township.Village]:
    """Return the rows of the villages that are asked for, by code or name; all if none is.

    Raises UsageError, naming those that there are, where one is not on the roster.
    """
    if not told:
        return list(entries)
    found: list[township.Village] = []
    for wanted in map(tidy, told):
        of_code = [row for row in entries if row.code == wanted]
        rows = of_code or [row for row in entries if row.village and tidy(row.village) == wanted]
        if not rows:
            listed = [f"{row.code} {row.village}" for row in entries if row.code and row.village]
            more = f"等 {len(listed)} 个村" if len(listed) > _MOST_NAMED else ""
            known = "、".join(listed[:_MOST_NAMED]) + more
            raise UsageError(f"--village {wanted}：村名册里没有这个村。名册里有：{known}。")
        found += rows
    return [row for row in entries if row in found]


def meant(entries: Sequence[township.Village], code: str, name: str) -> township.Village | None:
    """Return the roster's row of a code, without one the only row of a name; None for none.

    A row that could be issued no workbook is none.
    """
    barred = unfit(entries)
    able = [row for row in entries if row not in barred]
    if code:
        return next((row for row in able if row.code == tidy(code)), None)
    namesakes = [row for row in able if name and row.village == name]
    return namesakes[0] if len(namesakes) == 1 else None


def village_file(entry: township.Village, year: int) -> str:
    """Return the file name of a village's workbook."""
    return f"{safe_name(f'{entry.code}-{entry.village}')}-{year}.xlsx"


def identity(code: str, year: str) -> Identity:
    """Return what a village's workbook of the present version says it is."""
    return Identity(village.FORM.id, village.FORM.version, code, year)


def prefilled(entry: township.Village, town: township.Township, year: int) -> Filling:
    """Return what the township knows of a village, as the village would fill it in."""
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
    persons = [{"role": role, "name": name} for role, name in posts(entry) if name]
    return {village.Profile: [profile], village.Person: persons}


def posts(entry: township.Village) -> tuple[tuple[str, str | None], ...]:
    """Return the posts that the roster tells, each with who holds it."""
    return (("村党组织书记", entry.secretary), ("村文书", entry.clerk))


# -- what the township decides for them -----------------------------------------------------------

_SETTINGS: Mapping[str, Column[Any]] = {
    FIRST_MONTH: township.Settings.first_month,
    CUTOFF_DAY: township.Settings.cutoff_day,
    MONTH_BEFORE: township.Settings.month_before,
}
"""The figures of the village workbook that a township sets, by the names that the form has."""


def local(book: Workbook) -> Local:
    """Return what a township has decided for the workbooks that it issues."""
    terms = tuple(_terms(book.rows(township.TypeCode)))
    lists = {codes.TYPES.name: CodeList(codes.TYPES.name, terms)} if terms else {}
    figures: dict[str, Raw] = {}
    for settings in book.rows(township.Settings):
        read = {name: settings.field(column).value for name, column in _SETTINGS.items()}
        figures = {name: value for name, value in read.items() if isinstance(value, int | str)}
    return Local(lists, figures)


def faulty_figures(book: Workbook) -> Iterator[str]:
    """Yield a sentence for each figure of a township's that no workbook can be issued with."""
    for settings in book.rows(township.Settings):
        for column in _SETTINGS.values():
            cell = settings.field(column)
            if cell.empty or cell.value is not None:
                continue
            place = f"{book.name} › {settings.sheet_title} › {settings.cell(column).a1}"
            why = f"（{cell.fault}）" if cell.fault else ""
            yield (
                f"{place}：{column.header}“{cell.seen.strip()}”不能用{why}，"
                f"发放的工作簿里是默认的{column.usual}。请改正后再发放一次。"
            )


def _terms(rows: Iterable[township.TypeCode]) -> Iterator[Term]:
    """Yield the types as the township has them; what it leaves open is as the form has it."""
    known = {term.code: term for term in codes.TYPES.terms}
    seen: set[str] = set()
    for row in rows:
        code = _type_code(row)
        if code in seen or not _is_type(code):
            continue
        seen.add(code)
        usual = known.get(code, Term(code))
        yield Term(code, row.label or usual.label, usual.synonyms, row.text or usual.text)


def _type_code(row: township.TypeCode) -> str:
    return "".join(tidy(row.code or "").split()).upper()


def _is_type(code: str) -> bool:
    return codes.TYPES.find(code) is not None or re.fullmatch(codes.LOCAL_TYPE, code) is not None


def strange_types(book: Workbook) -> Iterator[str]:
    """Yield a sentence for each type of the township's that no village can be offered."""
    seen: set[str] = set()
    for row in book.rows(township.TypeCode):
        code = _type_code(row)
        place = f"{book.name} › {row.sheet_title} › 第 {row.line} 行"
        if not _is_type(code):
            yield f"{place}：类型代码“{code}”不是 R01 至 R10，也不是 L 加两位数字，没有放进下拉框。"
        elif code in seen:
            yield f"{place}：类型代码“{code}”与前面重复，下拉框里用的是前面那一行。"
        seen.add(code)


# -- whether anybody has written in one -----------------------------------------------------------

_LENGTH = 32  # hex digits: by far enough to tell one content from another


def issued_line(filling: Filling, own: Local) -> str:
    """Return what a workbook keeps of its issue: its contents, then what else went into it."""
    return f"{digest(filling)}-{_decided(own)}"


def is_decided_otherwise(book: Workbook, own: Local) -> bool:
    """Say whether a township has decided otherwise since it issued a workbook."""
    decided = book.facts.issued.partition("-")[2]
    return decided not in {"", _decided(own)}


def _decided(own: Local) -> str:
    return _hashed([_told(own)])


def digest(filling: Filling) -> str:
    """Return what tells contents apart: every cell by sheet and column, in the order of the rows.

    Texts count as a person sees them, so that a number is the same with and without decimals and
    blanks at the end are nothing.
    """
    return _hashed(
        line
        for row in village.FORM.rows
        for record in filling.get(row, ())
        if (line := _line(row, record))
    )


def _hashed(lines: Iterable[Sequence[object]]) -> str:
    return hashlib.sha256(repr(list(lines)).encode()).hexdigest()[:_LENGTH]


def _line(row: type[Row], record: Mapping[str, Raw]) -> list[tuple[str, str]]:
    """Return the cells of a record that show something; the form's own names for cells are kept.

    Those outlive a header that is put in other words.
    """
    cells = ((column, _seen(record.get(column.name))) for column in row.columns)
    return [(name_of_cell(row, column), text) for column, text in cells if text]


def _seen(raw: Raw) -> str:
    """Return what a person sees, however the program that saved it last spells days and hours."""
    if isinstance(raw, dt.datetime) and raw.time() == dt.time():
        raw = raw.date()
    elif isinstance(raw, dt.time):
        raw = dt.timedelta(hours=raw.hour, minutes=raw.minute, seconds=raw.second)
    return clean(as_text(raw))


def _told(own: Local) -> list[object]:
    """Return what a township has decided, in an order of its own."""
    lists = [
        (name, [(term.shown, term.text) for term in found.terms])
        for name, found in sorted(own.codelists.items())
    ]
    return [lists, sorted((name, as_text(raw)) for name, raw in own.figures.items())]


_SHOWS_ALL = frozenset({".xlsx", ".xlsm"})


def untouched(book: Workbook) -> bool:
    """Say whether a workbook is proved to be as issued, so that it may be written anew.

    Of an old format (.xls, .ods) nobody can tell whether notes or pictures were added.
    """
    return book.facts.kind in _SHOWS_ALL and is_blank(book)


def is_blank(book: Workbook) -> bool:
    """Say whether a workbook is as it was issued: nothing filled in, changed or added since.

    Which program has saved it, how its rows look and what a check has marked is nothing. One that
    tells of no issue, such as an intake or an upgrade, never is.
    """
    contents = book.facts.issued.partition("-")[0]
    return bool(contents) and not _holds_more(book) and digest(_filling_of(book)) == contents


def _filling_of(book: Workbook) -> Filling:
    return {
        row: [{column.name: cell.raw for column, cell in each.filled()} for each in book.rows(row)]
        for row in book.form.rows
    }


def _holds_more(book: Workbook) -> bool:
    """Say whether a file holds what was not issued with it, or lacks what was."""
    facts = book.facts
    beside = (facts.errors, facts.formulas, facts.pictures, facts.text_boxes, facts.distant)
    more = (facts.holds_more, facts.macros, facts.external_links)
    if any((book.strays, book.extra_sheets, *beside, *more)):
        return True
    if book.identity.version != book.form.version:  # an older form had other headers and sheets
        return False
    lacking = ((sheet := book.sheet(row)) is None or bool(sheet.missing) for row in book.form.rows)
    return bool(book.notes) or any(lacking)


def is_current(book: Workbook, meant: Identity, line: str) -> bool:
    """Say whether a workbook was issued as it would be today."""
    return book.identity == meant and book.facts.issued == line
