"""The grammar of 完成时限: what a clerk wrote as a deadline, read as dates. It never guesses.

Source: the 39 phrasings seen in real rectification plans (docs reference “Deadlines”, from plans of
2017–2025); row numbers in comments are those of that table. A phrase is cut into the words of
`_WORDS`; one unknown word makes the whole phrase unreadable, so that nothing is half understood.
"""

import calendar
import datetime as dt
import enum
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

_ONE_DAY = dt.timedelta(days=1)
_YEARS = range(1900, 2200)
_LONGEST = 200  # what is longer is a text, not a deadline


class MonthBefore(enum.Enum):
    """What “X月前” means; a township decides it once, in its sheet 参数."""

    STRICT = "上月末"  # 2022年10月前 is by 30 September
    INCLUSIVE = "当月末"  # 2022年10月前 is by 31 October


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline as written, and how it was understood.

    >>> print(Deadline("2022年10月底前", end=date(2022, 10, 31)).reading)
    2022-10-31 前
    """

    text: str
    """As written, untouched."""
    start: date | None = None
    """First day, where a range or a whole year was written."""
    end: date | None = None
    """Last day on which it is still in time."""
    standing: bool = False
    """长期坚持, 持续整改: to be kept up after the end, or without any."""
    immediate: bool = False
    """立行立改: at once, without a date."""
    recurring: bool = False
    """每月, 每年年底: again and again."""
    ambiguity: str = ""
    """Why it can be read in two ways, as a sentence for the clerk; empty if it cannot."""
    slips: tuple[str, ...] = ()
    """Typos read over, such as “低→底”."""
    stages: tuple[date, ...] = ()
    """Every end, in order, if there are several; the last of them is `end`."""
    duration_months: float | None = None
    """集中一个月, 1年半: a length of time; it yields no date, for nobody wrote when it begins."""

    @property
    def reading(self) -> str:
        """How it was understood, for a note of the form “按…理解”."""
        parts = [part for part in (self._days(), *self._manners()) if part]
        if self.standing:
            parts.append("并长期坚持" if parts else "长期坚持")
        endless = self.end is None and not self.immediate
        return "，".join(parts) + ("（无截止日期）" if endless else "")

    @property
    def note(self) -> str:
        """What a cell's note says where the phrase was understood and nothing else happened."""
        return f"按“{self.reading}”理解"

    def _days(self) -> str:
        """Return the dates as text."""
        if self.stages:
            since = f"{self.start} 起，" if self.start else ""
            return f"{since}分阶段 {'、'.join(map(str, self.stages))} 前"
        if self.start and self.end:
            return f"{self.start} 至 {self.end}"
        if self.end:
            return f"{self.end} 前"
        return f"{self.start} 起" if self.start else ""

    def _manners(self) -> tuple[str, str, str]:
        """Return what is said besides dates; empty where nothing is."""
        length = "" if self.duration_months is None else f"为期 {self.duration_months:g} 个月"
        return (
            length,
            "立行立改" if self.immediate else "",
            "定期开展" if self.recurring else "",
        )


def parse_deadline(
    text: str, year: int | None = None, month_before: MonthBefore = MonthBefore.STRICT
) -> Deadline | None:
    """Return the deadline that `text` states, or None if it cannot be read with certainty.

    `year` is the plan's year; it stands in where the phrase names none.

    >>> parse_deadline("2022年10月前及长期坚持").reading
    '2022-09-30 前，并长期坚持'
    >>> parse_deadline("2022年10月前").ambiguity
    '“2022年10月前”可理解为9月30日前或10月31日前'
    >>> parse_deadline("2022年10月前", month_before=MonthBefore.INCLUSIVE).reading
    '2022-10-31 前'
    >>> parse_deadline("2022年5月到9月低前").reading, parse_deadline("2022年5月到9月低前").slips
    ('2022-05-01 至 2022-09-30', ('低→底',))
    >>> parse_deadline("十月底前", year=2022).reading
    '2022-10-31 前'
    >>> for phrase in ("立行立改", "长期坚持", "每季度最后一个月底", "集中一个月"):
    ...     print(parse_deadline(phrase).reading)
    立行立改
    长期坚持（无截止日期）
    定期开展（无截止日期）
    为期 1 个月（无截止日期）
    >>> [parse_deadline(phrase, 2022) for phrase in ("10月分前", "尽快", "2月30日前", "已完成")]
    [None, None, None, None]
    """
    return _parsed(text, year, month_before)


@lru_cache(maxsize=4096)
def _parsed(text: str, year: int | None, month_before: MonthBefore) -> Deadline | None:
    """Return what `parse_deadline` promises, computed once per phrase."""
    try:
        return _Reader(text, year, month_before).deadline()
    except ValueError:  # an unknown word, words in no order we know, or a day no calendar has
        return None


# --- words ------------------------------------------------------------------------------------

_WORDS: tuple[tuple[str, str], ...] = (  # the first that fits wins, so order matters
    ("placeholder", r"(?=[\d年月]*[xX×*_])(?:[\dxX×*_]+[年月日号])+[底末初]?"),
    (
        "recurring",
        (
            r"每1?个?半?(?:年度?|季度?|个?月|周|星期|旬|天|日)"
            r"(?:[年月]?[初底末]|最后1个(?:月|周|星期)[底末]?|\d{1,2}月(?:\d{1,2}[日号]|[初底末])?"
            r"|\d{1,2}[日号]|[1-7日天]?(?:[上下]午|晚上)|[1-6日天](?!\d|[次个天日号])"
            r"|(?:召开|开展|报告|上报|调度)?(?:至少|不少于)?\d{1,2}(?:次|个?半天|天))?(?:[之以]?前)?"
            r"|1?(?:半个?月|月|周|季度?|年)1(?:次|报告|汇报|上报|调度|研判|研究|通报|小结|总结)"
        ),
    ),
    ("within", r"[之以]?内|为止|止|截止(?=$|[,;、。)及并])"),
    ("to", r"截[止至][到至]?|(?:直|延续|(?:长期|持续)(?:坚持|整改|推进|开展)?)?(?:至|到(?!位))"),
    (
        "standing",
        (
            r"(?:长期|持续|常态化?|长效)+(?:坚持|整改|推进|推动|巩固|保持|落实|开展|用力|抓好)*"
            r"|常抓不懈|(?:当下改[与和、,]?)?长久立"
        ),
    ),
    ("immediate", r"(?P<pair>[立即边随])[一-龥](?P=pair)[改行整]|立即(?:整改|完成)?|马上整改"),
    ("limited", r"限期(?:整改|完成)?"),
    (
        "noise",  # says nothing about when
        (
            r"完成|整改|到位|全部|能够|退出|销号|摘帽|计划|预计|力争|争取|确保|实现|落实|任务|工作"
            r"|(?:时限|期限):?|时间|结束|竣工|峻工|建成|验收|整顿|转化|提升|集中|利用|经过|为期|继续"
            r"|跟踪问效|开展|报告|上报|挂牌|延长|今后|最迟|最晚|不[晚迟]于|在|于|将"
        ),
    ),
    ("half", r"[上下]半年"),
    ("years", r"\d{4}(?:[、,和及]\d{4})+(?: ?\d{1,2})?年"),
    (
        "date",
        r"\d{4}(?P<mark>[-./])\d{1,2}(?P=mark)\d{1,2}(?![\d月])[日号]?|\d{8}(?!\d)[日号]?",
    ),
    ("yearmonth", r"\d{4}[-./](?:0?[1-9]|1[0-2])(?!\d)(?:月份?)?"),
    ("year", r"\d{4}年度?|\d\d年(?=\d{1,2}月|[底末低终初])"),
    ("relative", r"今年|本年度?|当年|明年|次年|翌年"),
    ("bareyear", r"全年|年(?=[底末低终初中内])"),
    ("duration", r"\d{1,2}(?:\.\d)?年半?|\d{1,2}(?:\.\d)?个月|\d{1,2}个半月|半年|半个?月"),
    ("quarter", r"第?\d季度?"),
    ("month", r"\d{1,2}月份?"),
    ("day", r"\d{1,2}[日号]|(?<=月)\d{1,2}(?=(?:[之以]?前)?$)"),
    ("monthday", r"\d{1,2}[./]\d{1,2}(?![\d./])[日号]?"),
    (
        "time",
        (
            r" ?(?:[上中下]午|晚上?)?(?:0?[1-9]|1\d|2[0-4])"
            r"(?:[时点](?:\d{1,2}分|半|整)?|:\d\d(?::\d\d)?)| ?00:00:00|[上中下]午|下班"
        ),
    ),
    ("number", r"\d{1,4}(?!\d)"),
    ("part", r"月?[底末]|低|终|[上中下]旬|初|中"),
    ("before", r"[之以]?前"),
    ("begin", r"开始|启动|起"),
    ("from", r"从|自"),
    ("dash", r"[-—–―─‐−~〜]+"),
    ("sep", r"以及|及|并且|并|且|和|[,;:、。()]"),
)
_WORD = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _WORDS), re.ASCII)
_SLIPS = {"低": "低→底", "峻工": "峻→竣"}  # rows 4 and 38

_DIGITS = {char: str(value) for value, char in enumerate("〇一二三四五六七八九")}
_DIGITS |= {"零": "0", "○": "0", "O": "0"}  # three ways to type a 〇
_NUMERAL = re.compile(r"[〇零○O一二三四五六七八九十两]+")
_TENS = re.compile(r"([一二三四五六七八九]?)十([一二三四五六七八九]?)")
_CUT_YEAR, _FULL_YEAR, _TWO = 3, 4, 2  # 〇二二, 二〇二二, 一〇


class _Word(NamedTuple):
    """A word of the phrase: what it is, how it is spelled, the whole numbers in it."""

    kind: str
    text: str
    numbers: tuple[int, ...]


def _numeral(run: str) -> str | None:
    """Return a Chinese numeral up to 99, or a year spelled digit by digit, in digits.

    >>> [_numeral(run) for run in ("十", "二十一", "二〇二二", "一〇", "〇二二", "两", "一二")]
    ['10', '21', '2022', '10', '2022', '2', None]
    """
    if run == "两":
        return "2"
    if tens := _TENS.fullmatch(run):
        return _DIGITS.get(tens[1], "1") + _DIGITS.get(tens[2], "0")
    if any(char not in _DIGITS for char in run):
        return None
    digits = "".join(_DIGITS[char] for char in run)
    if len(run) == _CUT_YEAR and digits[0] == "0":
        return f"2{digits}"
    if len(run) in {1, _FULL_YEAR} or (len(run) == _TWO and "0" in digits):
        return digits
    return None  # “三四月” may be March and April


def _plain(text: str) -> str:
    """Return the phrase in half-width digits and marks, without quotes and idle spaces.

    A space between two digits stays: “10 12月” must not turn into 1012.

    >>> _plain("到 ２０１８ 年底…到二〇一九年十二月，“长久立”")
    '到2018年底;到2019年12月,长久立'
    """

    def digits(match: re.Match[str]) -> str:
        number = _numeral(match[0]) or match[0]
        start, end = match.span()
        before, after = match.string[max(start - 1, 0) : start], match.string[end : end + 1]
        return f"{' ' * before.isdigit()}{number}{' ' * after.isdigit()}"

    text = re.sub("[…⋯]+", ";", text)  # NFKC would make dots of it
    text = unicodedata.normalize("NFKC", text)
    text = re.sub("[“”‘’\"'「」]", "", text).replace("两月", "两个月")
    text = re.sub(r"(?<!\d)\s+|\s+(?!\d)", "", text)
    return _NUMERAL.sub(digits, text)


def _words(plain: str) -> list[_Word]:
    """Return the words of a phrase; raises ValueError at the first one unknown."""
    if len(plain) > _LONGEST:
        raise ValueError("too long for a deadline")
    words, at = [], 0
    while at < len(plain):
        match = _WORD.match(plain, at)
        if match is None:
            raise ValueError("unknown word")
        numbers = tuple(map(int, re.findall(r"\d+", match[0])))
        words.append(_Word(str(match.lastgroup), match[0], numbers))
        at = match.end()
    return words


def _slips(text: str, words: list[_Word]) -> tuple[str, ...]:
    """Return the typos read over in the phrase, in order, each once."""
    cut = [run for run in _NUMERAL.findall(text) if len(run) == _CUT_YEAR and _numeral(run)]
    years = [f"{run}→二{run}" for run in cut if "十" not in run]
    known = [_SLIPS[word.text] for word in words if word.text in _SLIPS]
    return tuple(dict.fromkeys(years + known))


# --- points and periods -----------------------------------------------------------------------

_MONTHS = {"year": 12, "half": 6, "quarter": 3, "month": 1}
_LAST_DAY = frozenset({"底", "末", "月底", "月末", "低"})
_PARTS = {  # (months of the whole, part): months from its beginning, first day, last day
    (12, "初"): (0, 1, 31),
    (12, "中"): (5, 30, 30),
    (12, "终"): (11, 31, 31),
    (1, "初"): (0, 1, 10),
    (1, "上旬"): (0, 1, 10),
    (1, "中旬"): (0, 11, 20),
    (1, "下旬"): (0, 21, 31),
}


@dataclass(frozen=True, slots=True)
class _Point:
    """A point in time as written: the `index`-th stretch of so many months, or a day in it."""

    words: str
    lead: str  # the unit it begins with; a bare number before it takes the same: 9至10月
    year: int | None = None
    later: int = 0  # 1 in 次年
    own_year: bool = False
    months: int = 0
    index: int = 1
    day: int | None = None
    part: str = ""
    bare: int | None = None  # the 3 of 3-4月

    @property
    def whole(self) -> bool:
        """Whether a whole stretch is meant, not a day or a part of it."""
        return self.day is None and not self.part


@dataclass(frozen=True, slots=True)
class _Period:
    """The days a point stands for."""

    first: date
    last: date


def _completed(point: _Point, following: _Point) -> _Point:
    """Return the point with its bare number, if any, read in the unit of what follows it."""
    if point.bare is None:
        return point
    unit, given = following.lead, point.months
    if unit == "year" and not point.own_year and not given:
        return replace(point, year=point.bare, own_year=True, months=12, bare=None)
    if unit in {"month", "quarter"} and given in {0, 12}:
        return replace(point, months=_MONTHS[unit], index=point.bare, bare=None)
    if unit == "day" and given == 1:
        return replace(point, day=point.bare, bare=None)
    raise ValueError("a number without a unit")


def _month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def _period(point: _Point, year: int) -> _Period:
    """Return the days of a point in that year; raises ValueError if there are none."""
    if year not in _YEARS:
        raise ValueError("no plan is of that year")
    if point.day is not None:
        day = date(year, point.index, point.day)
        return _Period(day, day)
    first = date(year, point.months * (point.index - 1) + 1, 1)
    last = _month_end(year, point.months * point.index)
    if not point.part:
        return _Period(first, last)
    if point.part in _LAST_DAY:
        return _Period(last, last)
    if (point.months, point.part) not in _PARTS:
        raise ValueError("a part that such a stretch does not have")
    later, low, high = _PARTS[point.months, point.part]
    last = _month_end(year, first.month + later)
    return _Period(last.replace(day=low), last.replace(day=min(high, last.day)))


def _chinese(day: date) -> str:
    """Return a day as 9月30日."""
    return f"{day.month}月{day.day}日"


def _either(words: str, one: date, other: date) -> str:
    """Return the sentence that a phrase may mean either day."""
    years = (f"{one.year}年", f"{other.year}年") if one.year != other.year else ("", "")
    return f"“{words}”可理解为{years[0]}{_chinese(one)}前或{years[1]}{_chinese(other)}前"


# --- phrases ----------------------------------------------------------------------------------


def _duration(text: str) -> float:
    """Return the months of a length of time.

    >>> [_duration(text) for text in ("1年半", "半年", "3个月", "1个半月", "半月", "1.5年")]
    [18.0, 6.0, 3.0, 1.5, 0.5, 18.0]
    """
    number = re.match(r"[\d.]+", text)
    count = float(number[0]) if number else 0
    return (count + 0.5 * ("半" in text)) * (12 if "年" in text else 1)


class _Reader:
    """Reads one phrase from left to right.

    phrase = piece {separator piece}
    piece  = 长期坚持 | 立行立改 | 每月 | 一个月 | x月x日前 | [到] point [前] | range
    range  = point 至 point [前] | [从] point 开始
    point  = [year] [quarter | half | month [part | day [time]]]
    """

    def __init__(self, text: str, year: int | None, month_before: MonthBefore) -> None:
        self._text = text
        self._words = _words(_plain(text))
        self._at = 0
        self._year = year
        self._month_before = month_before
        self._earlier: _Period | None = None
        self._kinds: set[str] = set()
        self._starts: list[date] = []
        self._ends: list[date] = []
        self._months: float | None = None
        self._doubts: list[str] = []

    def deadline(self) -> Deadline:
        """Return what the phrase states; raises ValueError if it cannot be read."""
        while self._at < len(self._words):
            self._piece()
        kinds, ends = self._kinds, self._ends
        dated = bool(self._starts or ends)
        if "limited" in kinds and not ends:
            kinds.add("immediate")
            self._doubts.append("“限期整改”没有写明期限")
        open_ended = bool(kinds & {"standing", "immediate", "recurring"})
        if "annual" in kinds and dated:
            raise ValueError("每年3月、9月 has no one end")
        if "placeholder" in kinds and (dated or not open_ended):
            raise ValueError("the date is not filled in")
        if not dated and not open_ended and self._months is None:
            raise ValueError("no deadline in it")
        if ends != sorted(ends) or (ends and self._starts and ends[0] < self._starts[0]):
            raise ValueError("time runs backwards")
        return Deadline(
            self._text,
            start=min(self._starts, default=None),
            end=ends[-1] if ends else None,
            standing="standing" in kinds,
            immediate="immediate" in kinds,
            recurring="recurring" in kinds,
            ambiguity="；".join(dict.fromkeys(self._doubts)),
            slips=_slips(self._text, self._words),
            stages=tuple(ends) if len(ends) > 1 else (),
            duration_months=self._months,
        )

    def _next(self) -> str:
        """Return the kind of the next word; empty at the end."""
        return self._words[self._at].kind if self._at < len(self._words) else ""

    def _take(self, *kinds: str) -> _Word | None:
        """Return the next word and step over it, if it is of one of the kinds."""
        if self._next() not in kinds:
            return None
        self._at += 1
        return self._words[self._at - 1]

    def _skip(self) -> None:
        """Step over words that say nothing about when."""
        while self._take("noise"):
            pass

    def _piece(self) -> None:
        """Read one piece of the phrase."""
        if self._take("sep", "noise"):
            return
        if word := self._take("standing", "immediate", "limited"):
            self._kinds.add(word.kind)
        elif word := self._take("recurring"):
            self._kinds.add("recurring")
            if re.search(r"年\d+月", word.text):
                self._kinds.add("annual")
            if self._next() in {"to", "dash"}:
                raise ValueError("每年3月至5月 has no one end")
        elif word := self._take("placeholder"):
            self._kinds.add("placeholder")
            self._doubts.append(f"“{word.text}”还是占位符，没有填写日期")
            self._take("before", "within")
        elif word := self._take("duration"):
            if self._months is not None:
                raise ValueError("two lengths of time")
            self._months = _duration(word.text)
            self._take("within")
        elif word := self._take("years"):
            self._whole_years(word)
        else:
            self._dates()

    def _whole_years(self, word: _Word) -> None:
        """Read 2018、2019两年 (row 15)."""
        years = [number for number in word.numbers if number in _YEARS]
        if word.numbers not in {tuple(years), (*years, len(years))}:
            raise ValueError("not as many years as it says")
        if years != list(range(years[0], years[0] + len(years))):
            raise ValueError("years with a gap")
        self._take("within")
        self._apart()
        self._starts.append(date(years[0], 1, 1))
        self._ends.append(date(years[-1], 12, 31))
        self._earlier = _Period(self._starts[-1], self._ends[-1])

    def _apart(self) -> None:
        """Demand that the next piece, if any, does not begin with a date: 7月20日8月20日."""
        self._skip()
        joined = {"sep", "standing", "recurring", "immediate", "limited", "duration", ""}
        if self._next() not in joined:
            raise ValueError("two dates and nothing between them")

    def _dates(self) -> None:
        """Read a point, a range or a start."""
        since, until = self._take("from"), self._take("to")
        self._skip()
        point = self._point()
        if self._take("begin"):
            self._starts.append(self._resolved(point).first)
            return
        here = self._at
        self._skip()
        if not until and self._take("to", "dash"):
            self._skip()
            self._range(point)
        elif since:
            self._starts.append(self._resolved(point).first)
        else:
            self._at = here
            period = self._resolved(point)
            bounded = until or self._next() in {"before", "within"}
            if point.whole and point.months == _MONTHS["year"] and not bounded:
                self._starts.append(period.first)  # 2027年 (row 31)
            self._ends.append(self._closed(point, period))
        self._apart()

    def _range(self, point: _Point) -> None:
        """Read the second point of a range."""
        second = self._point()
        first = self._resolved(_completed(point, second))
        end = self._closed(second, self._resolved(second))
        if end < first.first:
            raise ValueError("the range runs backwards")
        self._starts.append(first.first)
        self._ends.append(end)
        self._earlier = _Period(first.first, end)

    def _point(self) -> _Point:
        """Read a point in time; raises ValueError if there is none."""
        begin = self._at
        point = self._digital() or self._spelled()
        if point.bare is None and point.day is None and (part := self._take("part")):
            point = replace(point, part=part.text)
        if point.day is not None:
            self._take("time")
        if self._at == begin:
            raise ValueError("no date where one must stand")
        return replace(point, words="".join(word.text for word in self._words[begin : self._at]))

    def _digital(self) -> _Point | None:
        """Read 2022-10-31, 20221031, 2022.10 or 10.31, if one of them stands here."""
        if word := self._take("date"):
            numbers = word.numbers
            if len(numbers) == 1:
                numbers = (numbers[0] // 10000, numbers[0] // 100 % 100, numbers[0] % 100)
            year, month, day = numbers
            return _Point("", "year", year, own_year=True, months=1, index=month, day=day)
        if word := self._take("yearmonth"):
            year, month = word.numbers
            return _Point("", "year", year, own_year=True, months=1, index=month)
        if word := self._take("monthday"):
            month, day = word.numbers
            return _Point("", "month", months=1, index=month, day=day)
        return None

    def _spelled(self) -> _Point:
        """Read 2022年10月31日 or as much of it as stands here."""
        point = self._spelled_year()
        if word := self._take("half"):
            point = replace(point, months=6, index=1 + (word.text[0] == "下"))
        elif word := self._take("quarter", "month"):
            lead = point.lead or word.kind
            point = replace(point, lead=lead, months=_MONTHS[word.kind], index=word.numbers[0])
        if point.months <= 1 and (word := self._take("day")):
            point = replace(point, lead=point.lead or "day", day=word.numbers[0])
        elif word := self._take("number"):
            point = replace(point, bare=word.numbers[0])
        return point

    def _spelled_year(self) -> _Point:
        """Read 2022年, 22年, 今年, 次年 or the 年 of 年底, if one of them stands here."""
        if word := self._take("year"):
            year = word.numbers[0]
            if year < _YEARS.start and len(word.text) < len("2022年"):
                year += 2000
                self._doubts.append(f"“{word.text}”按{year}年理解")
            self._take("bareyear")  # 2019年年底
            return _Point("", "year", year, own_year=True, months=12)
        if word := self._take("relative"):
            self._take("bareyear")
            later = int(word.text[0] in "明次翌")
            return _Point("", "year", later=later, own_year=True, months=12)
        if self._take("bareyear"):
            return _Point("", "year", months=12)
        return _Point("", "")

    def _resolved(self, point: _Point) -> _Period:
        """Return the days of a point, with the year, and if need be the month, of what precedes."""
        earlier = self._earlier
        if point.bare is not None:
            raise ValueError("a number without a unit")
        if point.months == 0:
            if earlier is None:
                raise ValueError("a day without a month")
            point = replace(point, months=1, index=earlier.last.month)
        year = point.year
        if year is None:
            base = earlier.last.year if earlier else self._year
            if base is None:
                raise ValueError("no year")
            year = base + point.later
        period = _period(point, year)
        if earlier and period.last < earlier.first:
            if point.own_year or period.last.month >= earlier.first.month:
                raise ValueError("time runs backwards")
            period = _period(point, year + 1)
            self._doubts.append(
                f"“{point.words}”没有写明年份，又早于前面的日期，按{year + 1}年理解"
            )
        if point.part in {"初", "中"}:
            self._doubts.append(f"“{point.words}”没有确切日期，按{_chinese(period.last)}理解")
        self._earlier = period
        return period

    def _closed(self, point: _Point, period: _Period) -> date:
        """Return the last day in time, after reading 前 or 内 behind the point."""
        if word := self._take("before"):
            before = period.first - _ONE_DAY
            if point.whole or "旬" in point.part:
                self._doubts.append(_either(point.words + word.text, before, period.last))
            if point.whole and self._month_before is MonthBefore.STRICT:
                return before
            return period.last
        word = self._take("within")
        month_or_months = point.whole and point.months == 1 and not point.own_year
        if word and word.text.endswith("内") and month_or_months:
            by = _chinese(period.last)
            self._doubts.append(f"“{point.words}{word.text}”可理解为{by}前或{point.index}个月内")
        return period.last
