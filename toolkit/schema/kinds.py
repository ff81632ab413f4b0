"""Kinds of cell: how each is asked for, typed, read with tolerance, and printed.

Law: reading never guesses in silence. What was read otherwise than it stands carries a note; what
cannot be read carries a fault and no value; the raw content is never touched.
"""

import datetime as dt
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache, partial
from typing import Any, Generic, NamedTuple, TypeVar

from toolkit.cells import Raw
from toolkit.schema.codelists import CodeList, Term
from toolkit.schema.deadlines import Deadline, MonthBefore, parse_deadline
from toolkit.schema.texts import (
    chinese_number,
    clean,
    compatibility_characters,
    has_mask,
    has_odd_characters,
    is_mask,
    names,
    tidy,
)

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
    date_1904: bool = False  # the file counts its days from 1904-01-01


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


_MASKED: Reading[Any] = Reading(None, note="脱敏符号，按未填处理", masked=True)
_ERRORS = ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"]
_DITTOS = ("同上", "同 上", "同上。", "同前", "同上一行", "〃", "″", "〞", '"', "“", "”")
_SAYS_NOTHING = {
    **dict.fromkeys(_ERRORS, "显示的是公式错误，没有可用的内容"),
    **dict.fromkeys(_DITTOS, "排序后无法判断指哪一行，请写出具体内容"),
}
"""Texts that are no content, and why."""
_MOST_DIGITS = 15  # Excel keeps no more


def _is_masked(text: str) -> bool:
    return is_mask(text) or has_mask(text)


def _unread(text: str, fault: str) -> Reading[Any]:
    """Return the reading of a text that is no value of its kind, or of any."""
    return Reading(None, fault=_SAYS_NOTHING.get(text.strip(), fault))


def as_text(raw: Raw) -> str:
    """Return the raw content of a cell as a person sees it.

    >>> as_text(34.0), as_text(dt.date(2022, 4, 20)), as_text(0.5), as_text(dt.timedelta(hours=30))
    ('34', '2022-04-20', '0.5', '30:00:00')
    """
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, int | float):
        is_whole = abs(raw) < 10**_MOST_DIGITS and raw == int(raw)  # in this order: inf is no int
        return str(int(raw)) if is_whole else f"{raw:.{_MOST_DIGITS}g}"
    if isinstance(raw, dt.timedelta):
        minutes, seconds = divmod(int(raw.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    if isinstance(raw, dt.datetime):
        return raw.isoformat(" ", "minutes")
    return "" if raw is None else raw.isoformat()


@dataclass(frozen=True)
class Text(Kind[str]):
    """Words. A long text may run over lines; a short one is a name or a heading."""

    long: bool = False
    example: str = "文字"
    width: int = 14
    how: str = ""

    def read(self, raw: Raw, context: Context) -> Reading[str]:  # noqa: ARG002 -- one signature
        """Return the words as written; numbers and dates become the text a person sees."""
        if type(raw) is not str:
            return _worded(raw)
        value = clean(raw)
        if value in _SAYS_NOTHING:
            return Reading(None, fault=_SAYS_NOTHING[value])
        # clean returns the very same text where there was nothing to mend.
        note = _mended(raw, value) if value is not raw else ""
        if not self.long and "\n" in value:
            value, note = _on_one_line(value), note or "去掉了换行"
        note = note or _compatible(value)
        if "*" in value or "X" in value or "某" in value or "×" in value or "＊" in value:
            return Reading(value, note, masked=_is_masked(value))
        return Reading(value, note)


def _mended(raw: str, value: str) -> str:
    """Return what cleaning did to a text; blanks at its ends are not worth a word."""
    if not has_odd_characters(raw):
        return ""
    return "有损坏的字符，用“\ufffd”代替" if "\ufffd" in value else "去掉了看不见的字符"


def _on_one_line(text: str) -> str:
    r"""Return a text without line ends; Latin words on either side of one stay apart.

    >>> _on_one_line("修建 \n 灌溉渠"), _on_one_line("Party\nbranch")
    ('修建灌溉渠', 'Party branch')
    """
    first, *lines = [line for part in text.split("\n") if (line := part.strip())]
    joined = [first]
    for line in lines:
        is_latin = joined[-1][-1].isascii() and line[0].isascii()
        joined.append(f" {line}" if is_latin else line)
    return "".join(joined)


def _compatible(value: str) -> str:
    """Return the note on characters that look like others and are not the same."""
    found = compatibility_characters(value)
    return f"“{found}”是特殊编码的字，看似相同却查不到，请用输入法重新输入" if found else ""


def _worded(raw: Raw) -> Reading[str]:
    """Return the words for what is no text."""
    text = as_text(raw)
    if isinstance(raw, float) and not math.isfinite(raw):
        return Reading(None, fault="数字超出范围")
    is_number = isinstance(raw, int | float) and not isinstance(raw, bool)
    return Reading(text, "" if is_number else f"按“{text}”理解")


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
        if type(raw) is float or type(raw) is int:
            return self._judge(Decimal(f"{raw:.{_MOST_DIGITS}g}"), "")
        return self._worded(raw, self.unit)

    def read_in(self, meant: str, raw: Raw, context: Context) -> Reading[T]:  # noqa: ARG002 -- one signature
        """Return what `read` does where numbers without a unit are meant in another one."""
        is_number = type(raw) is float or type(raw) is int
        return self._worded(as_text(raw) if is_number else raw, meant)

    def _worded(self, raw: Raw, meant: str) -> Reading[T]:
        """Return the number that a text names."""
        if not isinstance(raw, str):
            return Reading(None, fault="这一格要填数字，现在是日期或是否值")
        text = tidy(raw)
        if is_mask(text):
            return _MASKED
        amount = parse_number(text, self.unit, meant)
        if amount is None:
            if has_mask(text):
                return _MASKED
            return _unread(text, _A_RANGE if _is_range(text) else "读不出数字")
        is_plain = amount.exact and text == raw.strip()
        return self._judge(amount.number, "" if is_plain else self._understood(amount, text))

    def _understood(self, amount: "Amount", text: str) -> str:
        """Return how an amount was understood; the unit only where digits changed for it."""
        about = "（约数）" if amount.about else ""
        if not self.unit and _BESIDES_NUMBER.search(text):
            sign = "（%）" if "%" in text or "百分之" in text else " "
            rest = "，其余的话请写到文字栏里" if _BOUND.search(text) else about
            return f"按 {plain_number(amount.number)}{sign}理解{rest}"
        unit = f" {self.unit}" if amount.converted and self.unit else " "
        return f"按 {plain_number(amount.number)}{unit}理解{about}"

    def _judge(self, number: Decimal, note: str) -> Reading[T]:
        if not number.is_finite() or number.adjusted() >= _MOST_DIGITS:
            return Reading(None, fault="数字超出范围")
        if self.low is not None and number < self.low:
            return Reading(None, fault=f"数字不能小于 {plain_number(Decimal(str(self.low)))}")
        if self.high is not None and number > self.high:
            return Reading(None, fault=f"数字不能大于 {plain_number(Decimal(str(self.high)))}")
        value = self.value(number)
        if value is None:
            return Reading(None, fault="这一格要填整数")
        return Reading(value, note)


@dataclass(frozen=True)
class Whole(_Number[int]):
    """A count; `unit` is what is counted."""

    unit: str = ""
    low: float | None = 0
    high: float | None = None
    example: str = "7"
    how: str = "只填数字，不写单位。"
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
    how: str = "只填数字，不写单位。"
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
        return Limits("date", _FIRST_DAY, _LAST_DAY, strict=False)

    def read(self, raw: Raw, context: Context) -> Reading[dt.date]:
        """Return the day; text dates and eight-digit numbers are understood, with a note."""
        raw = _without_date_format(raw, context)
        if isinstance(raw, dt.datetime):
            note = f"只取日期 {raw.date()}" if raw.time() != dt.time() else ""
            return _in_century(raw.date(), note)
        if isinstance(raw, dt.date):
            return _in_century(raw, "")
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            return _day_from_number(raw, context)
        if not isinstance(raw, str):
            return Reading(None, fault="读不出日期")
        reading = _day_from_text(tidy(raw), context)
        if reading.value is None:
            return _MASKED if _is_masked(tidy(raw)) else _unread(raw, reading.fault)
        return Reading(reading.value) if raw.strip() == str(reading.value) else reading

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
        if not isinstance(raw, str):
            return self._unworded(raw, context)
        return _phrase(clean(raw), context.year, context.month_before)

    @staticmethod
    def _unworded(raw: Raw, context: Context) -> Reading[Deadline]:
        """Return the deadline that a date or number is."""
        raw = _without_date_format(raw, context)
        text = as_text(raw)
        if _JANUARY_OR_OCTOBER.fullmatch(text):
            return Reading(None, fault=_WHICH_MONTH)
        day = Day().read(raw, context)
        if day.value is not None:
            return Reading(Deadline(Day().text(day.value), end=day.value), day.note)
        phrase = _phrase(text, context.year, context.month_before)
        return (
            phrase if day.fault == "读不出日期" or phrase.value else Reading(None, fault=day.fault)
        )

    def text(self, value: Deadline) -> str:
        """Return the phrase as written."""
        return value.text


_JANUARY_OR_OCTOBER = re.compile(r"[0-9]{4}\.1")
_WHICH_MONTH = "分不清是 1 月还是 10 月"


@lru_cache(maxsize=4096)
def _phrase(text: str, year: int | None, month_before: MonthBefore) -> Reading[Deadline]:
    """Return the deadline that a phrase states."""
    if is_mask(text):
        return _MASKED
    if _JANUARY_OR_OCTOBER.fullmatch(tidy(text)):  # a number once, made a text later
        return Reading(None, fault=_WHICH_MONTH)
    deadline = parse_deadline(text, year, month_before)
    if deadline is None:
        return _MASKED if has_mask(text) else _unread(text, "读不出完成时限")
    return Reading(deadline, note=deadline.note)


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
            return _MASKED if is_mask(text) else _unread(text, "只能填“是”或“否”")
        return Reading(term.code == "是", note="" if text == term.code else f"按“{term.code}”理解")

    def text(self, value: bool) -> str:  # noqa: FBT001 -- the value itself
        """Return the word."""
        return "是" if value else "否"


YES_NO = CodeList(
    "是否",
    (
        Term("是", synonyms=("√", "✓", "✔", "☑", "V", "对", "有", "是的", "Y", "YES", "TRUE", "1")),
        Term(
            "否", synonyms=("×", "✗", "✘", "☒", "X", "无", "没有", "不是", "N", "NO", "FALSE", "0")
        ),
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
            masked = is_mask(text)
            return _MASKED if masked else _unread(text, f"不在“{self.codelist.name}”的选项里")
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
        if is_mask(text):
            return _MASKED
        found: dict[str, str] = {}  # code -> entry as the dropdown shows it
        exact = True
        for part in self._parts(text):
            term = self._term(part)
            if term is None:
                return _unread(text, f"“{part}”不在“{self.codelist.name}”的选项里")
            exact = exact and part in (term.code, term.shown) and term.code not in found
            found[term.code] = term.shown
        if not found:
            return Reading(None, fault="没有写选项")
        return Reading(tuple(found), note="" if exact else f"按“{'、'.join(found.values())}”理解")

    def _parts(self, text: str) -> list[str]:
        """Return the entries in a cell; the full wording of a term may hold a 、 itself."""
        parts = [text]
        for divider in (r"[；;\n]+", r"[、，,/；;\n]+", r"[、，,/；;\s]+"):
            if all(map(self._term, parts)):
                break
            parts = [part.strip() for part in re.split(divider, text) if part.strip()]
        return parts

    def _term(self, part: str) -> Term | None:
        """Return the term of one entry; a local code need not be in the list."""
        padded = re.sub(r"^([A-Za-z])(\d)(?!\d)", r"\g<1>0\2", tidy(part))
        term = self.codelist.find(part) or self.codelist.find(padded)
        if term is not None or not self.open_pattern:
            return term
        local = re.fullmatch(rf"({self.open_pattern})(?:\s(\D*))?", padded.upper(), re.ASCII)
        return Term(local[1], (local[2] or "").strip()) if local else None

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
        exact, alike = _code_forms(self.pattern)
        written = as_text(raw)
        if exact(written):
            return Reading(written)
        text = _SPACES.sub("", tidy(written)).upper()
        match = alike(text)
        if match is None:
            if is_mask(text):
                return _MASKED
            return _unread(text, self._no_code(text))
        filled = iter(match.groups())
        code = _ZEROS.sub(lambda zeros: next(filled).zfill(len(zeros[0])), self.pattern)
        return Reading(code, note="" if code == written.strip() else f"按 {code} 理解")

    def _no_code(self, text: str) -> str:
        """Return what is wrong with a number that is none."""
        if _too_long(self.pattern)(text):
            return f"编号里的数字只能有两位，要写成 {self.example} 的样子"
        return f"编号要写成 {self.example} 的样子"


_DASHES = "-‐‑‒–—―−_~.·"  # the hyphen first: it would make a range elsewhere
_ZEROS, _SPACES = re.compile("0+"), re.compile(r"\s+")
_Match = Callable[[str], "re.Match[str] | None"]


@cache
def _code_forms(pattern: str) -> tuple[_Match, _Match]:
    """Return what a code looks like in full form, and what can be read as one."""
    exact = pattern.replace("0", "[0-9]")
    alike = pattern.replace("-", f"[{_DASHES}]?")
    alike = _ZEROS.sub(lambda zeros: f"([0-9]{{1,{len(zeros[0])}}})", alike)
    return re.compile(exact).fullmatch, re.compile(alike).fullmatch


@cache
def _too_long(pattern: str) -> _Match:
    """Return what tells a code that is right but for its many digits."""
    alike = _ZEROS.sub("[0-9]+", pattern.replace("-", f"[{_DASHES}]"))
    return re.compile(alike).fullmatch


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
        text = _SPACES.sub("", tidy(written))
        if not (text.isascii() and text.isdecimal() and self.low <= len(text) <= self.high):
            if _is_masked(text):
                return _MASKED
            wanted = self.low if self.low == self.high else f"{self.low} 至 {self.high}"
            return _unread(text, f"要填 {wanted} 位数字")
        if not isinstance(raw, str):
            return Reading(text, note=f"按 {text} 理解；存成了数字，前面的 0 可能丢了")
        return Reading(text, note="" if text == written.strip() else f"按 {text} 理解")


@dataclass(frozen=True)
class Phone(Kind[str]):
    """A telephone number, kept as text."""

    example: str = "13800000000"
    width: int = 14
    how: str = "填手机号或带区号的座机号。"

    def read(self, raw: Raw, context: Context) -> Reading[str]:  # noqa: ARG002 -- one signature
        """Return the number; one of eleven or of area code and seven or eight digits passes."""
        if type(raw) is str and _MOBILE_EXACT.fullmatch(raw):
            return Reading(raw)
        written = as_text(raw)
        text = _SPACES.sub("", tidy(written))
        if _is_masked(text.upper()):
            return Reading(text, masked=True)
        text = re.sub(f"[{_DASHES}]", "-", text)
        mobile, landline = _MOBILE.fullmatch(text), _LANDLINE.fullmatch(text)
        if mobile:
            number = "".join(mobile.groups())
        elif landline:
            number = text if text[0] != "(" else "-".join(landline.groups())
        else:
            return _unread(text, _no_phone(text, raw))
        return Reading(number, note="" if number == written.strip() else f"按 {number} 理解")


_MOBILE_EXACT = re.compile("1[0-9]{10}")
_MOBILE = re.compile(r"(?:\+?(?:00)?86-?)?(1[0-9]{2})-?([0-9]{4})-?([0-9]{4})")
_LANDLINE = re.compile(r"\(?(0[0-9]{2,3})?\)?-?([0-9]{7,8})")


def _no_phone(text: str, raw: Raw) -> str:
    """Return what is wrong with a telephone number that is none."""
    if re.search(r"[0-9.]E\+[0-9]", text.upper()):
        return "存成了科学计数，末几位可能已经丢失"
    if re.fullmatch(r"[2-9][0-9]{8,10}", text):
        return "像是座机号，开头的 0 丢了" if not isinstance(raw, str) else "座机号缺开头的 0"
    if len(re.findall(r"[0-9]{7,}", text)) > 1:
        return "一格只能填一个电话号码"
    return "不像一个电话号码"


@dataclass(frozen=True)
class DocumentNumber(Kind[str]):
    """A 发文字号 as GB/T 9704-2012, clause 7.2.5, writes it: organ, year in 〔〕, number."""

    example: str = "清组发〔2022〕40号"
    width: int = 22
    how: str = "年份用六角括号〔〕写全四位，序号前不加“第”、不补 0，如“清组发〔2022〕40号”。"

    def read(self, raw: Raw, context: Context) -> Reading[str]:  # noqa: ARG002 -- one signature
        """Return the number in its full form; other brackets, 第 and zeros are forgiven."""
        written = as_text(raw)
        text = _SPACES.sub("", tidy(written))
        match = _DOCUMENT_NUMBER.fullmatch(text)
        if match is None:
            return _MASKED if _is_masked(text) else _unread(text, _no_document_number(text))
        organ, year, serial = match.groups()
        number = f"{organ}〔{year}〕{serial}号"
        return Reading(number, note="" if number == written.strip() else f"按 {number} 理解")


_DOCUMENT_NUMBER = re.compile(
    r"([一-龥]+?)[\[【({〔]([0-9]{4})年?[\]】)}〕]第?0*([1-9][0-9]{0,4})号?"
)


def _no_document_number(text: str) -> str:
    """Return what is wrong with a document's number that is none."""
    if re.search(r"[\[【({〔][0-9]{2}年?[\]】)}〕]", text):
        return "年份要写全四位"
    if re.search(r"[0-9]号?$", text) and not re.search("[0-9]{4}", text):
        return "没有年份"
    return "不像一个发文字号"


@dataclass(frozen=True)
class Month(Kind[str]):
    """A month of a year, as YYYY-MM."""

    example: str = "2022-10"
    width: int = 10
    how: str = "写年和月，如 2022-10。"

    def read(self, raw: Raw, context: Context) -> Reading[str]:  # noqa: ARG002 -- one signature
        """Return the month; 2022年10月 and the day that a spreadsheet made of it are understood."""
        if isinstance(raw, dt.date) and _FIRST_DAY.year <= raw.year <= _LAST_DAY.year:
            month = f"{raw:%Y-%m}"
            return Reading(month, note=f"单元格是日期，按 {month} 理解")
        written = as_text(raw)
        text = re.sub(f"[{_DASHES}]", "-", _SPACES.sub("", tidy(written)))
        match = _YEAR_AND_MONTH.fullmatch(text)
        if match is None or _JANUARY_OR_OCTOBER.fullmatch(written):
            return _MASKED if _is_masked(text) else _unread(text, "读不出是哪年哪月")
        month = f"{match[1]}-{int(match[2]):02}"
        return Reading(month, note="" if month == written.strip() else f"按 {month} 理解")


_YEAR_AND_MONTH = re.compile(r"((?:19|20)[0-9]{2})(?:[-年/]|(?=[0-9]{2}$))(0?[1-9]|1[0-2])月?份?")


@dataclass(frozen=True)
class Names(Kind[tuple[str, ...]]):
    """People or units, several in one cell."""

    example: str = "王志远"
    width: int = 16
    how: str = "填姓名，多人用“、”隔开。"

    def read(self, raw: Raw, context: Context) -> Reading[tuple[str, ...]]:  # noqa: ARG002 -- one signature
        """Return the names in the order written."""
        if isinstance(raw, int | float) and abs(raw) >= 10**_MOST_DIGITS:  # also what is infinite
            return Reading(None, fault="存成了数字，末几位已经丢失")
        written = as_text(raw)
        text = clean(written)
        found = names(text)
        if text in _SAYS_NOTHING or _is_nothing(text) or not found:
            return Reading(None, fault=_SAYS_NOTHING.get(text, "读不出姓名"))
        masked = is_mask(text) or any(map(has_mask, found))
        tidy_form = "、".join(found)
        note = "" if tidy_form == written.strip() or masked else f"按“{tidy_form}”理解"
        return Reading(found, note or _compatible(text), masked=masked)

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
        readings = [self.kind.read(part, context) for part in names(clean(as_text(raw)))]
        for reading in readings:
            if reading.value is None:
                return Reading(None, reading.note, reading.fault, reading.masked)
        found = tuple(reading.value for reading in readings if reading.value)
        if not found:
            return Reading(None, fault=f"编号要写成 {self.kind.example} 的样子")
        is_noted = any(reading.note for reading in readings)
        return Reading(found, note=f"按 {'、'.join(found)} 理解" if is_noted else "")

    def text(self, value: tuple[str, ...]) -> str:
        """Return the keys joined by 、."""
        return "、".join(value)


# -- numbers and days as people write them ------------------------------------------------------

_SCALES = {
    scale + size: power * magnitude
    for size, magnitude in (("", 1), ("万", 10**4), ("亿", 10**8))
    for scale, power in (("", 1), ("十", 10), ("百", 100), ("千", 1000))
}
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
    **{word: ("亩", Decimal("0.0015")) for word in ("平方米", "㎡")},
    "平方公里": ("亩", Decimal(1500)),
    "平方千米": ("亩", Decimal(1500)),
    "米": ("米", Decimal(1)),
    "公里": ("米", Decimal(1000)),
    "千米": ("米", Decimal(1000)),
    "km": ("米", Decimal(1000)),
    "里": ("米", Decimal(500)),
    "华里": ("米", Decimal(500)),
    "%": ("%", Decimal(1)),
    "分": ("分", Decimal(1)),
}
_PLAIN = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")
_NUMBER = re.compile(
    r"(?P<about>约为?|大约|大概|接近|将近|近|不足|不到|不少于|不低于|不超过|超过?|逾|至少|最多|[≥≤><]=?)?"
    r"\s*(?:共计?|合计|达到?|[¥￥])?\s*(?P<percent>百分之)?"
    r"(?P<number>[-+]?(?:(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+)"
    r"(?:[eE][-+]?[0-9]{1,2})?|[零〇一二两三四五六七八九十百千点半]+)\s*"
    r"(?P<scale>[百千]?[万亿]?)\s*(?P<odd>余|多|来)?\s*(?P<late>[百千]?[万亿]?)"
    r"(?P<unit>[^0-9余多来]*?)\s*(?P<some>左右|上下|余|多|以上|以下|以内)?[。.]?"
)
_LONGEST_NUMBER = 40  # what is longer is a text
_BESIDES_NUMBER = re.compile(r"[^0-9.,+\s零〇一二两三四五六七八九十百千万亿点半-]")
_BOUND = re.compile("[≥＞>≤＜<]|达到?|不[低高少多]于|不超过|超过|至少|以[上下内]")
_SOME = r"[0-9]+(?:\.[0-9]+)?|[零〇一二两三四五六七八九十百千万]+"
_RANGE = re.compile(
    rf"\D{{0,2}}?(?P<low>{_SOME})\s*[^0-9\s]{{0,3}}?\s*[-—–−~〜至到]+\s*(?P<high>{_SOME})[^0-9]{{0,6}}"
)
_NEIGHBOURS = re.compile(
    "约?(?:十?(?:一两|一二|[两二]三|三四|三五|四五|五六|六七|七八|八九)).{0,6}"
)
_A_RANGE = "是一个范围，这一格只能填一个数"


class Amount(NamedTuple):
    """A number as a text names it, in the unit of its column."""

    number: Decimal
    exact: bool = False  # it stands there in plain digits
    about: bool = False  # the text says that it is not exact: 约, 余, 不足
    converted: bool = False  # other digits stand there, for another unit


def plain_number(number: Decimal) -> str:
    """Return a number in plain digits without trailing zeros.

    >>> plain_number(Decimal("15234.80")), plain_number(Decimal("2E+7"))
    ('15234.8', '20000000')
    """
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_number(text: str, unit: str = "", meant: str = "") -> Amount | None:
    """Return the number a text names in the column's unit, None if it names none for certain.

    `meant` is the unit of a bare number, where it is another than the column's.

    >>> parse_number("约20公里", "公里")
    Amount(number=Decimal('20'), exact=False, about=True, converted=False)
    >>> [str(parse_number(text, "万元").number) for text in ("2000万", "12000元", "12")]
    ['2000', '1.2', '12']
    >>> parse_number("2000万", "元").converted, parse_number("五户", "人")
    (True, None)
    >>> [str(parse_number(text, "万元", "元").number) for text in ("五千", "18000余", "3万元")]
    ['0.5', '1.8', '3']
    """
    meant = meant or unit
    if len(text) > _LONGEST_NUMBER:
        return None
    if meant == unit and _PLAIN.fullmatch(text):
        return Amount(Decimal(text), exact=True)
    match = _NUMBER.fullmatch(text)
    written = _digits(match["number"]) if match else None
    if match is None or written is None:
        return None
    scale, word = match["scale"] + match["late"], match["unit"].strip()
    if scale not in _SCALES or (match["percent"] and word):
        return None
    number = _in_unit(written, scale, "%" if match["percent"] else word, unit, meant)
    about = bool(match["about"] or match["odd"] or match["some"])
    return None if number is None else Amount(number, about=about, converted=number != written)


def _is_range(text: str) -> bool:
    """Say whether a text names two numbers between which the true one lies.

    >>> [_is_range(text) for text in ("20-30人", "5至8万元", "七八个", "2022-04", "-5")]
    [True, True, True, False, False]
    """
    if len(text) > _LONGEST_NUMBER:
        return False
    if _NEIGHBOURS.fullmatch(text):
        return True
    match = _RANGE.fullmatch(text)
    low, high = (_digits(match["low"]), _digits(match["high"])) if match else (None, None)
    return low is not None and high is not None and low < high


def _in_unit(number: Decimal, scale: str, written: str, unit: str, meant: str) -> Decimal | None:
    """Return a number, as scaled and in the unit written, in the column's unit; None if it won't.

    Where 万元 are meant, a bare 2000万 is 2000, 1.2亿 is 12000, and 5千 says nothing certain.
    """
    if not written:
        own = meant[:1] if meant[:1] in ("万", "亿") else ""
        if meant == unit and not own:
            return number * _SCALES[scale]
        if own and scale in ("", own):
            scale, written = "", meant
        elif own and scale[-1] not in "万亿":
            return None
        else:
            written = meant.removeprefix(own)
    elif not unit and written == "%":  # a figure of any kind, told by a name beside it
        return number * _SCALES[scale]
    if scale + written == unit:
        return number
    have, want = _unit(scale + written), _unit(unit)
    if have is None or want is None or have[0] != want[0]:
        return None
    return number * have[1] / want[1]


def _digits(text: str) -> Decimal | None:
    if text[0] in "+-." or text[0].isdecimal():
        return Decimal(text.replace(",", ""))
    number = chinese_number(text)
    return None if number is None else Decimal(str(number))


def _unit(word: str) -> tuple[str, Decimal] | None:
    """Return the measure and size of a unit word such as 万元."""
    word = word.lower()
    for at in range(3):
        scale, rest = word[:at], word[at:]
        if scale in _SCALES and rest in _UNITS:
            measure, size = _UNITS[rest]
            return measure, size * _SCALES[scale]
    return None


def is_other_unit(written: str, unit: str) -> bool:
    """Say whether a unit measures the same as a column's own, in another size.

    >>> is_other_unit("元", "万元"), is_other_unit("万元", "万元"), is_other_unit("签字", "万元")
    (True, False, False)
    """
    have, want = _unit(written), _unit(unit)
    return bool(have and want and have[0] == want[0] and have[1] != want[1])


_COUNTS = frozenset({"人", "户", "个"})


def is_other_measure(written: str, unit: str) -> bool:
    """Say whether a unit measures another thing than a column's own; counts are alike.

    >>> is_other_measure("%", "张"), is_other_measure("个", "人"), is_other_measure("必填", "人")
    (True, False, False)
    """
    have, want = _unit(written), _unit(unit)
    if have is None or want is None or have[0] == want[0]:
        return False
    return not {have[0], want[0]} <= _COUNTS


def reading_in(kind: Kind[T], unit: str) -> Callable[[Raw, Context], Reading[T]]:
    """Return how a kind reads cells whose bare numbers are meant in a unit, "" for its own."""
    return partial(kind.read_in, unit) if unit and isinstance(kind, _Number) else kind.read


_NOTHING = frozenset({"/", "\\", "-", "--", "—", "——", "–", "―", "─", "无", "没有", "暂无"})
"""What people write where they have nothing to say, in half width."""
_NOUGHT_OR_UNKNOWN = "没有的填 0，不清楚的先空着"


def _is_nothing(text: str) -> bool:
    return tidy(text).rstrip("。.") in _NOTHING


def if_nothing(kind: Kind[T], raw: Raw, reading: Reading[T]) -> Reading[T]:
    """Return the reading of a cell that may be empty: of “/” or “无” that nothing was said.

    Where a number is asked for, nobody can tell whether nought is meant.
    """
    if not reading.fault or not isinstance(raw, str) or not _is_nothing(raw):
        return reading
    if isinstance(kind, Whole | Number):
        return Reading(None, fault=f"“{tidy(raw)}”不是数字，{_NOUGHT_OR_UNKNOWN}")
    return Reading(None, note="按没有理解")


_FIRST_DAY, _LAST_DAY = dt.date(1950, 1, 1), dt.date(2099, 12, 31)
_EPOCH = dt.date(1899, 12, 30)  # the day before day 1, had 1900 not been given a 29 February
_EPOCH_1904 = dt.date(1904, 1, 1)
_DAY = re.compile(
    r"(?:(?P<year>[0-9]{4})\s*[-年./–—·。、,]\s*)?"
    r"(?P<month>[0-9]{1,2})\s*(?(year)[-月./–—·。、,]|[-月./])\s*(?P<day>[0-9]{1,2})\s*[日号]?"
    r"\s*(?:[(]?(?:星期|周)[1-6日天][)]?)?\s*(?:[上下]午|晚上|早上)?"
    r"\s*(?:T?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?[。.]?"
)
_SHORT_YEAR = re.compile(r"([0-9]{2})\s*(?=年|[-./][0-9]{1,2}[-./][0-9])")
_MONTH = re.compile(r"[0-9]{4}\s*[-年./]\s*[0-9]{1,2}\s*月?")
_LONGEST_DAY = 40  # what is longer is a text


def _in_century(day: dt.date, note: str) -> Reading[dt.date]:
    if _FIRST_DAY <= day <= _LAST_DAY:
        return Reading(day, note)
    return Reading(None, fault=f"日期要在 {_FIRST_DAY.year} 至 {_LAST_DAY.year} 年之间")


def _without_date_format(raw: Raw, context: Context) -> Raw:
    """Return the number that a date format disguised: 2022.4 shows as a day of 1905."""
    if not isinstance(raw, dt.date) or raw.year not in _DISGUISED:
        return raw
    moment = raw if isinstance(raw, dt.datetime) else dt.datetime(raw.year, raw.month, raw.day)  # noqa: DTZ001 -- a cell knows no zone
    day = dt.timedelta(days=1)
    number = round((moment - dt.datetime.combine(_epoch(context), dt.time())) / day, 4)
    return number if number >= _FIRST_DAY.year else raw


_DISGUISED = range(1905, 1911)  # the days that 1950 to 2099 are the numbers of


def _epoch(context: Context) -> dt.date:
    """Return the day of the number 0; from March 1900 on it makes every later day right."""
    return _EPOCH_1904 if context.date_1904 else _EPOCH


def _day_from_number(number: float, context: Context) -> Reading[dt.date]:
    return _day_from_text(as_text(number), replace(context, year=None))


def _day_from_serial(serial: int, context: Context) -> Reading[dt.date]:
    day = _epoch(context) + dt.timedelta(days=serial)
    reading = _in_century(day, f"单元格不是日期格式，按 {day} 理解")
    return reading if reading.value else Reading(None, fault="读不出日期")


def _day_from_text(text: str, context: Context) -> Reading[dt.date]:
    if len(text) > _LONGEST_DAY:
        return Reading(None, fault="读不出日期")
    if re.fullmatch("[0-9]{5}", text):
        return _day_from_serial(int(text), context)
    if re.fullmatch("[0-9]{8}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    text = _with_full_year(_arabic_date(text), context.year)
    match = _DAY.fullmatch(text)
    if match is None or (match["year"] is None and context.year is None):
        only_month = _MONTH.fullmatch(text)
        return Reading(None, fault="只写到月，没有写哪一天" if only_month else "读不出日期")
    try:
        day = dt.date(
            int(match["year"] or context.year or 0), int(match["month"]), int(match["day"])
        )
    except ValueError:
        return Reading(None, fault="日历上没有这一天")
    return _in_century(day, f"按 {day} 理解" + ("" if match["year"] else "（年份取自本年度）"))


def _with_full_year(text: str, year: int | None) -> str:
    """Return a date with its year in four digits, where two can mean only that.

    22年4月20日 is plain; 22.4.20 is taken so only beside a plan of 2021 to 2023.
    """
    short = _SHORT_YEAR.match(text)
    if short is None:
        return text
    full = 2000 + int(short[1])
    is_near = year is not None and abs(full - year) <= 1
    return f"20{text}" if is_near or text[short.end()] == "年" else text


def _arabic_date(text: str) -> str:
    """Return a date with its Chinese digits as Arabic ones.

    >>> _arabic_date("二〇二二年四月二十日")
    '2022年4月20日'
    """
    return _HAN_NUMBER.sub(_arabic, text)


_HAN_NUMBER = re.compile("[二三]?十[一二三四五六七八九]?|[〇零一二三四五六七八九]+")
_ARABIC = str.maketrans("〇零一二三四五六七八九", "00123456789")


def _arabic(match: "re.Match[str]") -> str:
    tens, ten, ones = match[0].translate(_ARABIC).partition("十")
    return f"{tens or 1}{ones or 0}" if ten else tens
