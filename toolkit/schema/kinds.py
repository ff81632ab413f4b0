"""Kinds of cell: how each is asked for, typed, read with tolerance, and printed.

Law: reading never guesses in silence. What was read otherwise than it stands carries a note; what
cannot be read carries a fault and no value; the raw content is never touched.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Generic, NamedTuple, TypeVar

from toolkit.cells import Raw
from toolkit.schema.codelists import CodeList, Term
from toolkit.schema.deadlines import Deadline, MonthBefore, parse_deadline
from toolkit.schema.texts import chinese_number, clean, has_mask, is_mask, names, tidy

T = TypeVar("T")


class Reading(NamedTuple, Generic[T]):
    """What a cell says: its value, how it was understood (note), or why it says nothing (fault)."""

    value: T | None
    note: str = ""
    fault: str = ""
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What a cell is read by besides itself: the plan's year, and the meaning of “X月前”."""

    year: int | None = None
    month_before: MonthBefore = MonthBefore.STRICT


@dataclass(frozen=True, slots=True)
class Limits:
    """What a spreadsheet program itself can check while somebody types."""

    type: str  # whole, decimal, date, list
    low: float | dt.date | None = None
    high: float | dt.date | None = None
    codelist: CodeList | None = None
    strict: bool = True  # False: the program warns but lets the entry pass


class Kind(Generic[T]):
    """What may stand in a column's cells; `how` is the sentence that prompt and findings share."""

    how: str = ""
    example: str = ""
    number_format: str = "@"
    width: int = 12  # half-width characters that an ordinary entry takes
    long: bool = False
    unit: str = ""

    @property
    def limits(self) -> Limits | None:
        """What the blank workbook lets Excel check; None where it can check nothing."""
        return None

    def read(self, raw: Raw, context: Context) -> Reading[T]:
        """Return what the cell says; `raw` is never None or blank."""
        raise NotImplementedError

    def text(self, value: T) -> str:
        """Return a value as a document prints it."""
        return str(value)

    def plain(self, value: T) -> Raw:
        """Return a value as a ledger cell holds it."""
        return self.text(value)


def as_text(raw: Raw) -> str:
    """Return the raw content of a cell as a person sees it.

    >>> as_text(34.0), as_text(dt.date(2022, 4, 20)), as_text(0.5)
    ('34', '2022-04-20', '0.5')
    """
    if isinstance(raw, str):
        return raw
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, int | float):
        return str(int(raw)) if raw == int(raw) and abs(raw) < 10**15 else f"{raw:.15g}"  # noqa: PLR2004 -- Excel keeps 15 digits
    if isinstance(raw, dt.datetime):
        return raw.isoformat(" ", "minutes")
    return raw.isoformat() if isinstance(raw, dt.date | dt.time) else str(raw)


@dataclass(frozen=True)
class Text(Kind[str]):
    """Words. A long text may run over lines; a short one is a name or a heading."""

    long: bool = False
    example: str = "文字"
    width: int = 14
    how: str = ""

    def read(self, raw: Raw, context: Context) -> Reading[str]:  # noqa: ARG002 -- one signature
        """Return the words as written; numbers and dates become the text a person sees."""
        if type(raw) is str:
            value = clean(raw)
            if "*" in value or "X" in value or "某" in value or "＊" in value:
                return Reading(value, masked=has_mask(value) or is_mask(value))
            return Reading(value)
        return Reading(as_text(raw))


class _Number(Kind[T]):
    """What whole and decimal numbers share: the many ways people write one."""

    low: float | None
    high: float | None
    limit_type: str

    @property
    def limits(self) -> Limits | None:
        return Limits(self.limit_type, self.low, self.high, strict=False)

    def value(self, number: Decimal) -> T | None:
        """Return the number as the kind's own type, None if it does not fit."""
        raise NotImplementedError

    def read(self, raw: Raw, context: Context) -> Reading[T]:  # noqa: ARG002 -- one signature
        if isinstance(raw, bool) or isinstance(raw, dt.date | dt.time | dt.timedelta):
            return Reading(None, fault="这一格要填数字，现在是日期或是否值")
        if isinstance(raw, int | float):
            return self._judge(Decimal(f"{raw:.15g}"), "")
        text = tidy(raw or "")
        if is_mask(text):
            return Reading(None, note="脱敏符号，按未填处理", masked=True)
        number, exact = parse_number(text, self.unit)
        if number is None:
            return Reading(None, fault="读不出数字")
        return self._judge(
            number, "" if exact and text == raw else f"按 {plain_number(number)} 理解"
        )

    def _judge(self, number: Decimal, note: str) -> Reading[T]:
        if not number.is_finite():
            return Reading(None, fault="数字超出范围")
        if self.low is not None and number < Decimal(str(self.low)):
            return Reading(None, fault=f"数字不能小于 {plain_number(Decimal(str(self.low)))}")
        if self.high is not None and number > Decimal(str(self.high)):
            return Reading(None, fault=f"数字不能大于 {plain_number(Decimal(str(self.high)))}")
        value = self.value(number)
        if value is None:
            return Reading(None, fault="这一格要填整数")
        return Reading(value, note=note)


@dataclass(frozen=True)
class Whole(_Number[int]):
    """A count; `unit` is what is counted."""

    unit: str = ""
    low: float | None = 0
    high: float | None = None
    example: str = "7"
    how: str = "只填数字，不写单位；没有的填 0。"
    number_format: str = "0"
    width: int = 10
    limit_type = "whole"

    def value(self, number: Decimal) -> int | None:
        """Return the count, None if the number has a fraction."""
        return int(number) if number == number.to_integral_value() else None


@dataclass(frozen=True)
class Number(_Number[Decimal]):
    """An amount in the unit named, held as an exact decimal."""

    unit: str = ""
    low: float | None = 0
    high: float | None = None
    example: str = "15234.8"
    how: str = "只填数字，不写单位；没有的填 0。"
    number_format: str = "General"
    width: int = 12
    limit_type = "decimal"

    def value(self, number: Decimal) -> Decimal:
        """Return the amount."""
        return number

    def text(self, value: Decimal) -> str:
        """Return the amount without trailing zeros."""
        return plain_number(value)

    def plain(self, value: Decimal) -> Raw:
        """Return the amount as a cell's number."""
        return float(value)


@dataclass(frozen=True)
class Percent(_Number[Decimal]):
    """A percentage held in points: 8.3 is 8.3 %."""

    unit: str = "%"
    low: float | None = 0
    high: float | None = 100
    example: str = "85.5"
    how: str = "只填百分号前的数字，如 85.5。"
    number_format: str = "General"
    width: int = 10
    limit_type = "decimal"

    def value(self, number: Decimal) -> Decimal:
        """Return the points."""
        return number

    def text(self, value: Decimal) -> str:
        """Return the percentage with its sign."""
        return f"{plain_number(value)}%"

    def plain(self, value: Decimal) -> Raw:
        """Return the points as a cell's number."""
        return float(value)


@dataclass(frozen=True)
class Day(Kind[dt.date]):
    """A calendar day."""

    example: str = "2022-06-15"
    how: str = "填日期，如 2022-06-15。"
    number_format: str = 'yyyy"-"mm"-"dd'
    width: int = 12

    @property
    def limits(self) -> Limits | None:
        """A day in a century that offices work in."""
        return Limits("date", dt.date(1950, 1, 1), dt.date(2099, 12, 31), strict=False)

    def read(self, raw: Raw, context: Context) -> Reading[dt.date]:
        """Return the day; text dates and eight-digit numbers are understood, with a note."""
        if isinstance(raw, dt.datetime):
            return Reading(raw.date(), note=f"只取日期 {raw.date()}")
        if isinstance(raw, dt.date):
            return Reading(raw)
        if isinstance(raw, bool | dt.time | dt.timedelta):
            return Reading(None, fault="读不出日期")
        if isinstance(raw, int | float):
            return _day_from_number(raw)
        text = tidy(raw or "")
        if is_mask(text):
            return Reading(None, note="脱敏符号，按未填处理", masked=True)
        day, guessed_year = _day_from_text(text, context.year)
        if day is None:
            return Reading(None, fault="读不出日期")
        year = "（年份取自本年度）" if guessed_year else ""
        return Reading(day, note="" if text == day.isoformat() else f"按 {day} 理解{year}")

    def text(self, value: dt.date) -> str:
        """Return the day as GB/T 9704-2012 clause 7.3.5.4 writes it.

        >>> Day().text(dt.date(2022, 4, 2))
        '2022年4月2日'
        """
        return f"{value.year}年{value.month}月{value.day}日"

    def plain(self, value: dt.date) -> Raw:
        """Return the day itself."""
        return value


@dataclass(frozen=True)
class DeadlineKind(Kind[Deadline]):
    """A deadline: a date, or the phrase as the office writes it."""

    example: str = "2022年10月底前"
    how: str = "写日期或“2022年10月底前”；需长期坚持的写“2022年10月底前，并长期坚持”。"
    width: int = 24

    def read(self, raw: Raw, context: Context) -> Reading[Deadline]:
        """Return the deadline with its text as written."""
        if isinstance(raw, dt.datetime):
            raw = raw.date()
        if isinstance(raw, dt.date):
            return Reading(Deadline(Day().text(raw), end=raw))
        text = clean(as_text(raw))
        if is_mask(text):
            return Reading(None, note="脱敏符号，按未填处理", masked=True)
        deadline = parse_deadline(text, context.year, context.month_before)
        if deadline is None:
            return Reading(None, fault="读不出完成时限")
        return Reading(deadline, note=f"按“{deadline.reading}”理解")

    def text(self, value: Deadline) -> str:
        """Return the phrase as written."""
        return value.text


@dataclass(frozen=True)
class YesNo(Kind[bool]):
    """是 or 否."""

    example: str = "是"
    how: str = "从下拉框选“是”或“否”。"
    width: int = 8

    @property
    def limits(self) -> Limits | None:
        """The two words."""
        return Limits("list", codelist=YES_NO)

    def read(self, raw: Raw, context: Context) -> Reading[bool]:  # noqa: ARG002 -- one signature
        """Return True for 是 and the marks that stand for it."""
        if isinstance(raw, bool):
            return Reading(raw)
        text = tidy(as_text(raw))
        term = YES_NO.find(text)
        if term is None:
            return Reading(None, fault="只能填“是”或“否”")
        return Reading(term.code == "是", note="" if text == term.code else f"按“{term.code}”理解")

    def text(self, value: bool) -> str:  # noqa: FBT001 -- the value itself
        """Return the word."""
        return "是" if value else "否"


YES_NO = CodeList(
    "是否",
    (
        Term("是", synonyms=("√", "✓", "✔", "对", "有", "Y", "YES", "1")),
        Term("否", synonyms=("×", "✗", "无", "没有", "不是", "N", "NO", "0")),
    ),
)


@dataclass(frozen=True)
class Choice(Kind[str]):
    """One term of a code list."""

    codelist: CodeList
    how: str = "从下拉框选一项。"
    width: int = 12

    @property
    def example(self) -> str:  # type: ignore[override]  # derived here, a plain attribute elsewhere
        """The first term."""
        return self.codelist.terms[0].shown

    @property
    def limits(self) -> Limits | None:
        """The list itself."""
        return Limits("list", codelist=self.codelist)

    def read(self, raw: Raw, context: Context) -> Reading[str]:  # noqa: ARG002 -- one signature
        """Return the term's code; a synonym is understood with a note."""
        text = clean(as_text(raw))
        term = self.codelist.find(text)
        if term is None:
            return Reading(None, fault=f"不在“{self.codelist.name}”的选项里")
        exact = text in (term.code, term.shown)
        return Reading(term.code, note="" if exact else f"按“{term.shown}”理解")


@dataclass(frozen=True)
class Choices(Kind[tuple[str, ...]]):
    """Several terms of a code list, the main one first; `open_pattern` admits local codes."""

    codelist: CodeList
    open_pattern: str = ""
    how: str = "可填多项，用“、”隔开，主要的写在前面。"
    width: int = 16

    @property
    def example(self) -> str:  # type: ignore[override]  # derived here, a plain attribute elsewhere
        """The first two terms' codes."""
        return "、".join(term.code for term in self.codelist.terms[:2])

    @property
    def limits(self) -> Limits | None:
        """The list as an offer: several entries in one cell must pass."""
        return Limits("list", codelist=self.codelist, strict=False)

    def read(self, raw: Raw, context: Context) -> Reading[tuple[str, ...]]:  # noqa: ARG002 -- one signature
        """Return the codes in the order written."""
        text = clean(as_text(raw))
        whole = self.codelist.find(text)
        if whole is not None:
            exact = text in (whole.code, whole.shown)
            return Reading((whole.code,), note="" if exact else f"按“{whole.shown}”理解")
        codes: list[str] = []
        note = ""
        for part in re.split(r"[、，,；;\n]+", text):
            if not part.strip():
                continue
            code, part_note = self._one(part.strip())
            if not code:
                return Reading(None, fault=f"“{part.strip()}”不在“{self.codelist.name}”的选项里")
            note = note or part_note
            if code not in codes:
                codes.append(code)
        return Reading(tuple(codes), note=note)

    def _one(self, part: str) -> tuple[str, str]:
        term = self.codelist.find(part)
        if term is not None:
            return term.code, "" if part in (term.code, term.shown) else f"按“{term.shown}”理解"
        code = tidy(part).split(" ")[0].upper()
        if self.open_pattern and re.fullmatch(self.open_pattern, code):
            return code, ""
        return "", ""

    def text(self, value: tuple[str, ...]) -> str:
        """Return the codes joined by 、."""
        return "、".join(value)


@dataclass(frozen=True)
class Code(Kind[str]):
    """A number that names a row: letters stand for themselves, zeros for digits (P00-M00)."""

    pattern: str
    how: str = ""
    width: int = 12

    @property
    def example(self) -> str:  # type: ignore[override]  # derived here, a plain attribute elsewhere
        """The first number of the series."""
        return self.pattern.replace("00", "01")

    def read(self, raw: Raw, context: Context) -> Reading[str]:  # noqa: ARG002 -- one signature
        """Return the number in its full form; width, case and missing zeros are forgiven."""
        written = as_text(raw)
        text = tidy(written).upper()
        match = _code_form(self.pattern)(text)
        if match is None:
            return Reading(None, fault=f"编号要写成 {self.example} 的样子")
        filled = iter(int(digits) for digits in match.groups())
        code = re.sub("0+", lambda zeros: f"{next(filled):0{len(zeros[0])}d}", self.pattern)
        return Reading(code, note="" if code == written else f"按 {code} 理解")


@cache
def _code_form(pattern: str) -> Callable[[str], "re.Match[str] | None"]:
    form = re.sub("0+", lambda zeros: rf"(\d{{1,{len(zeros[0])}}})", pattern)
    return re.compile(form.replace("-", r"\s*[-—–_－]?\s*")).fullmatch


@dataclass(frozen=True)
class Digits(Kind[str]):
    """A code of digits whose leading zeros count, such as a village's number."""

    low: int = 2
    high: int = 12
    example: str = "0203"
    width: int = 14
    how: str = "只写数字，前面的 0 不能省。"

    def read(self, raw: Raw, context: Context) -> Reading[str]:  # noqa: ARG002 -- one signature
        """Return the digits."""
        written = as_text(raw)
        text = tidy(written).replace(" ", "")
        if is_mask(text):
            return Reading(None, note="脱敏符号，按未填处理", masked=True)
        if not (text.isdecimal() and self.low <= len(text) <= self.high):
            return Reading(None, fault=f"要填 {self.low} 至 {self.high} 位数字")
        return Reading(text, note="" if text == written else f"按 {text} 理解")


@dataclass(frozen=True)
class Phone(Kind[str]):
    """A telephone number, kept as text."""

    example: str = "13800000000"
    width: int = 14
    how: str = "填手机号或带区号的座机号。"

    def read(self, raw: Raw, context: Context) -> Reading[str]:  # noqa: ARG002 -- one signature
        """Return the number; one of eleven or of area code and seven or eight digits passes."""
        text = tidy(as_text(raw)).replace(" ", "")
        if is_mask(text) or has_mask(text):
            return Reading(text, masked=True)
        if not re.fullmatch(r"1\d{10}|0\d{2,3}-?\d{7,8}|\d{7,8}", text):
            return Reading(None, fault="不像一个电话号码")
        return Reading(text)


@dataclass(frozen=True)
class Names(Kind[tuple[str, ...]]):
    """People or units, several in one cell."""

    example: str = "王志远"
    width: int = 16
    how: str = "填姓名，多人用“、”隔开。"

    def read(self, raw: Raw, context: Context) -> Reading[tuple[str, ...]]:  # noqa: ARG002 -- one signature
        """Return the names in the order written."""
        written = as_text(raw)
        found = names(clean(written))
        masked = any(is_mask(name) for name in found)
        tidy_form = "、".join(found)
        note = "" if tidy_form == written or masked else f"按“{tidy_form}”理解"
        return Reading(found, note=note, masked=masked)

    def text(self, value: tuple[str, ...]) -> str:
        """Return the names joined by 、."""
        return "、".join(value)


@dataclass(frozen=True)
class Ref(Kind[str]):
    """The key of a row of another sheet; spelled and read as that sheet spells it."""

    kind: Code
    target: str  # sheet title
    width: int = 12

    @property
    def how(self) -> str:  # type: ignore[override]  # derived here, a plain attribute elsewhere
        """Where the number comes from."""
        return f"填“{self.target}”表里已有的编号，如 {self.kind.example}。"

    @property
    def example(self) -> str:  # type: ignore[override]  # derived here, a plain attribute elsewhere
        """The target's example."""
        return self.kind.example

    def read(self, raw: Raw, context: Context) -> Reading[str]:
        """Return the key as the target's own kind reads it."""
        return self.kind.read(raw, context)


@dataclass(frozen=True)
class Refs(Kind[tuple[str, ...]]):
    """Keys of several rows of another sheet."""

    kind: Code
    target: str
    width: int = 16

    @property
    def how(self) -> str:  # type: ignore[override]  # derived here, a plain attribute elsewhere
        """Where the numbers come from."""
        return f"填“{self.target}”表里已有的编号，多个用“、”隔开。"

    @property
    def example(self) -> str:  # type: ignore[override]  # derived here, a plain attribute elsewhere
        """The target's example."""
        return self.kind.example

    def read(self, raw: Raw, context: Context) -> Reading[tuple[str, ...]]:
        """Return the keys in the order written."""
        found: list[str] = []
        note = ""
        for part in names(clean(as_text(raw))):
            reading = self.kind.read(part, context)
            if reading.value is None:
                return Reading(None, fault=reading.fault)
            found.append(reading.value)
            note = note or reading.note
        return Reading(tuple(found), note=note)

    def text(self, value: tuple[str, ...]) -> str:
        """Return the keys joined by 、."""
        return "、".join(value)


# -- numbers and days as people write them ------------------------------------------------------

_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8, "": 1}
_UNITS: dict[str, tuple[str, Decimal]] = {
    **{word: ("人", Decimal(1)) for word in ("人", "名", "位", "口", "人次")},
    **{word: ("户", Decimal(1)) for word in ("户", "家")},
    **{
        word: ("个", Decimal(1))
        for word in ("个", "项", "件", "次", "例", "社", "组", "份", "票", "张")
    },
    **{word: ("岁", Decimal(1)) for word in ("岁", "周岁")},
    **{word: ("年", Decimal(1)) for word in ("年", "年度")},
    "元": ("元", Decimal(1)),
    "亩": ("亩", Decimal(1)),
    "公顷": ("亩", Decimal(15)),
    "米": ("米", Decimal(1)),
    "公里": ("米", Decimal(1000)),
    "千米": ("米", Decimal(1000)),
    "km": ("米", Decimal(1000)),
    "里": ("米", Decimal(500)),
    "%": ("%", Decimal(1)),
    "分": ("分", Decimal(1)),
}
_NUMBER = re.compile(
    r"(?P<about>约|大约|大概|近|共|共计|合计)?\s*"
    r"(?P<number>[-+]?\d[\d,]*(?:\.\d+)?|[零〇一二两三四五六七八九十百千点半]+)\s*"
    r"(?P<scale>[百千万亿])?\s*(?P<more>余|多|来)?\s*(?P<late>[百千万亿])?"
    r"(?P<unit>[^\d余多来]*?)\s*(?P<after>左右|上下|余|多|以上|以内)?"
)


def plain_number(number: Decimal) -> str:
    """Return a number in plain digits without trailing zeros.

    >>> plain_number(Decimal("15234.80")), plain_number(Decimal("2E+7"))
    ('15234.8', '20000000')
    """
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_number(text: str, unit: str = "") -> tuple[Decimal | None, bool]:
    """Return the number a text names in the column's unit, and whether it stands there exactly.

    >>> parse_number("约20公里", "公里"), parse_number("2000万", "元"), parse_number("2000万", "万元")
    ((Decimal('20'), False), (Decimal('20000000'), False), (Decimal('2000'), False))
    >>> parse_number("1,200.50", "元"), parse_number("三十六名", "人"), parse_number("五户", "人")
    ((Decimal('1200.50'), False), (Decimal('36'), False), (None, False))
    """
    try:
        return Decimal(text), True
    except InvalidOperation:
        pass
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None, False
    number = _digits(match["number"])
    scale_word = match["scale"] or match["late"] or ""
    if number is None:
        return None, False
    written_unit = match["unit"].strip()
    if not written_unit:
        own_scale = bool(scale_word) and unit.startswith(scale_word)
        return number if own_scale else number * _SCALES[scale_word], False
    if scale_word + written_unit == unit:
        return number, False
    have, want = _unit(scale_word + written_unit), _unit(unit)
    if have is None or want is None or have[0] != want[0]:
        return None, False
    return number * have[1] / want[1], False


def _digits(text: str) -> Decimal | None:
    if text[0] in "+-" or text[0].isdigit():
        return Decimal(text.replace(",", ""))
    number = chinese_number(text)
    return None if number is None else Decimal(str(number))


def _unit(word: str) -> tuple[str, Decimal] | None:
    """Return the measure and size of a unit word such as 万元."""
    if word in _UNITS:
        return _UNITS[word]
    scale, rest = word[:1], word[1:]
    if scale in _SCALES and rest in _UNITS:
        measure, size = _UNITS[rest]
        return measure, size * _SCALES[scale]
    return None


_DAY = re.compile(r"(?:(\d{4})\s*[年./-]\s*)?(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*[日号]?")
_FIRST_SERIAL, _LAST_SERIAL = 18264, 73050  # 1950-01-01 and 2099-12-31 in the 1900 system


def _day_from_number(number: float) -> Reading[dt.date]:
    text = as_text(number)
    if len(text) == 8 and text.isdecimal():  # noqa: PLR2004 -- yyyymmdd
        day, _ = _day_from_text(text, None)
        if day is not None:
            return Reading(day, note=f"按 {day} 理解")
    if number == int(number) and _FIRST_SERIAL <= number <= _LAST_SERIAL:
        day = dt.date(1899, 12, 30) + dt.timedelta(days=int(number))
        return Reading(day, note=f"单元格不是日期格式，按 {day} 理解")
    return Reading(None, fault="读不出日期")


def _day_from_text(text: str, year: int | None) -> tuple[dt.date | None, bool]:
    if re.fullmatch(r"\d{8}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if any(char in text for char in "〇零一二三四五六七八九十"):
        text = _arabic_date(text)
    match = _DAY.fullmatch(text)
    if match is None or (match[1] is None and year is None):
        return None, False
    try:
        day = dt.date(int(match[1] or year or 0), int(match[2]), int(match[3]))
    except ValueError:
        return None, False
    return day, match[1] is None


def _arabic_date(text: str) -> str:
    """Return a date with its Chinese digits as Arabic ones.

    >>> _arabic_date("二〇二二年四月二十日")
    '2022年4月20日'
    """
    by_digit = str.maketrans("〇零一二三四五六七八九", "00123456789")

    def arabic(match: "re.Match[str]") -> str:
        word = match[0]
        if "十" not in word:
            return word.translate(by_digit)
        tens, _, ones = word.partition("十")
        return str(
            (int(tens.translate(by_digit)) if tens else 1) * 10 + int(ones.translate(by_digit) or 0)
        )

    return re.sub("[〇零一二三四五六七八九十]+", arabic, text)
