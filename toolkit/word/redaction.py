"""The version for the public: people's names and numbers masked, alike in every run.

Only people whom a workbook names as such are known: who leads, answers, chairs, writes. Such a name
is masked wherever it stands, also in running text, but not within the name of a place, nor where a
name of two characters seems to be part of other words; of those places the person is told, and of
each entry of a column of names that could not be read as one.
"""

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from toolkit.forms import township, village
from toolkit.schema.kinds import Digits, Phone
from toolkit.schema.workbook import Workbook
from toolkit.word.document import Block, Signature
from toolkit.word.people import HAN, folded, may_be_two, people_in, trust
from toolkit.word.words import reworded

# -- who and what is known ------------------------------------------------------------------------

_OF_PLACES = (
    *(village.Profile.county, village.Profile.town, village.Profile.village),
    *(township.Township.county, township.Township.town, township.Village.village),
)
_COMPOUND = frozenset(
    re.findall(
        "..",
        "欧阳上官司马诸葛夏侯东方皇甫尉迟公孙令狐宇文长孙慕容司徒司空端木百里呼延南宫轩辕独孤申屠"
        "太史澹台闻人鲜于万俟赫连钟离濮阳淳于单于公羊公冶宗政仲孙拓跋西门",
    )
)
_ORDER = "甲乙丙丁戊己庚辛壬癸"


class _Known(NamedTuple):
    """Whom one workbook names, and which entries of its columns of names are no names."""

    path: str
    is_town: bool
    people: frozenset[str]
    unread: tuple[str, ...]


@dataclass(frozen=True)
class Masks:
    """What stands for each name in a paper, and what is known not to be a person's name."""

    people: Mapping[str, str] = field(default_factory=dict)
    places: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    unread: tuple[str, ...] = ()
    known: tuple[_Known, ...] = ()

    def within(self, paths: Iterable[str]) -> "Masks":
        """Return the masks for a paper made of the workbooks at these paths.

        Namesakes are told apart within those workbooks alone, then within the township's; whoever
        is known from other workbooks only has no sign. So nobody's mask depends on which other
        files were read in the same run.
        """
        own_paths = frozenset(paths)
        own = [each for each in self.known if each.path in own_paths]
        town = [each for each in self.known if each.is_town and each.path not in own_paths]
        others = frozenset[str]().union(*(each.people for each in self.known))
        people = _masked(_people(own))
        people = {**_masked(_people(town) - people.keys(), people.values()), **people}
        unsigned = {name: _unsigned(name) for name in others - people.keys()}
        unread = dict.fromkeys(entry for each in (*own, *town) for entry in each.unread)
        return replace(self, people={**unsigned, **people}, unread=tuple(unread))

    @cached_property
    def index(self) -> Mapping[str, list[str]]:
        """The names by their first two characters, the longest first."""
        found: dict[str, list[str]] = defaultdict(list)
        for name in sorted(self.people, key=len, reverse=True):
            found[name[:2]].append(name)
        return found

    @cached_property
    def ground(self) -> "re.Pattern[str] | None":
        """What finds the name of a place, the longest first; None where none is known."""
        told = sorted(self.places, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, told))) if told else None

    @cached_property
    def digits(self) -> frozenset[str]:
        """The telephone numbers that are known, without what stands between their digits."""
        return frozenset(re.sub("[^0-9]", "", folded(number)) for number in self.numbers)


def masks_of(books: Iterable[Workbook]) -> Masks:
    """Return the masks for all whom the workbooks of a batch name, as for one paper made of all."""
    known: list[_Known] = []
    places: set[str] = set()
    numbers: set[str] = set()
    codes: set[str] = set()
    for book in books:
        people: dict[str, None] = {}
        unread: dict[str, None] = {}
        for row in (row for sheet in book.sheets.values() for row in sheet.rows):
            for column, _ in row.filled():
                text = row.printed(column)
                how = trust(row, column)
                if how is not None:
                    entries = people_in(text, how)
                    people.update(dict.fromkeys(entries.names))
                    unread.update(dict.fromkeys(entries.unread))
                elif column in _OF_PLACES:
                    places.add(text)
                elif isinstance(column.kind, Phone):
                    numbers.add(text)
                elif isinstance(column.kind, Digits):
                    codes.add(text)
        is_town = book.form is township.FORM
        known.append(_Known(book.path, is_town, frozenset(people), tuple(unread)))
    everyone = _people(known)
    sure = [each._replace(unread=_never(each.unread, everyone)) for each in known]
    return Masks(
        places=frozenset(place for place in places if len(place) > 1),
        numbers=frozenset(numbers),
        codes=frozenset(codes),
        known=tuple(sure),
    ).within([each.path for each in sure])


def _never(unread: Iterable[str], everyone: frozenset[str]) -> tuple[str, ...]:
    """Return the entries that no other cell says are people: 王建校 may be one elsewhere."""
    return tuple(entry for entry in unread if entry not in everyone)


def _people(known: Iterable[_Known]) -> frozenset[str]:
    return frozenset[str]().union(*(each.people for each in known))


def _masked(people: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """Return what stands for each name: of people of one surname each has a sign of their own.

    >>> _masked(["王志远", "李强", "李国", "欧阳明"])
    {'李国': '李某甲', '李强': '李某乙', '欧阳明': '欧阳某', '王志远': '王某某'}
    >>> _masked(["李大海"], ["李某某", "李某甲"])
    {'李大海': '李某乙'}
    """
    masks: dict[str, str] = {}
    used = set(taken)
    for surname, of in itertools.groupby(sorted(people, key=_by_surname), key=_surname):
        alike = list(of)
        signs = (sign for at in itertools.count() if (sign := surname + _sign(at)) not in used)
        alone = _unsigned(alike[0])
        if len(alike) == 1 and alone not in used:
            masks[alike[0]] = alone
        else:
            masks.update(zip(alike, signs, strict=False))  # there is no end of signs
    return masks


def _by_surname(name: str) -> tuple[str, str]:
    return _surname(name), name


def _surname(name: str) -> str:
    return name[:2] if name[:2] in _COMPOUND and len(name) > 2 else name[0]  # noqa: PLR2004 -- 欧阳明


def _unsigned(name: str) -> str:
    surname = _surname(name)
    return surname + "某" * min(len(name) - len(surname), 2)


def _sign(at: int) -> str:
    return f"某{_ORDER[at]}" if at < len(_ORDER) else f"某{at + 1}"


# -- a text ---------------------------------------------------------------------------------------

_TWO = re.compile(f"(?=([{HAN}〇]) ?([{HAN}〇·]))")
_WORD = re.compile(f"[{HAN}]")
_BEFORE = frozenset("记任长员导师书事干部人由与和及向请给对为是让同到找被副志委")
"""What a name may follow within a sentence: the end of an office, or a word such as 由."""
_AFTER = re.compile(
    "同志|书记|主任|委员|[副镇村乡县组]长|等|负责|牵头|担任|[任为兼包带说的在和与于将已到驻联挂]"
    "|主持|具体|作|介绍|汇报|传达|记录|表示|提出|参加|走访|带领|及"
)
_PLACE_ENDS = re.compile("[村镇乡县区市屯寨庄](?![长主支书干委])")
_WORDS = frozenset(
    re.findall(
        "..",
        "高兴高度高效高质方便方法方案方向方面安全安排安置安心和平和谐成立成效成果成员成熟万一马上"
        "白天文明文化文件文字时间时代任务任何党员党委党组党支关心关于关键关注向前常年常态平安平时"
        "平台富裕解决解放严格严肃严重温暖路线金额项目明确明显强化强调连续全部全体全面全村应当应急"
        "支持支部支出车辆石头水平水利田间田地江河祝贺项链石材元旦周末周边周期单位单独易懂古迹管理"
        "管护曾经温度程序程度计划计算经济经验宣传宣讲干部从严从此公开公示公平公正公共广泛广大都是"
        "都有终于终身巩固习惯相关相互查找查看后续红色游客权利权力国家利用力量宗旨宗族阳光东部西部"
        "南部北部简单简化包括包村班子仇恨暴力谈话谈心米面满意满足贺信赖以能力能够越来荣誉双方相当"
        "令人施工施行燕子",
    )
)
"""Ordinary words that are spelled as a name could be."""
_AROUND = 2  # characters on either side that are told of a place


class Redactor:
    """Masks the texts of one paper, and counts what was masked."""

    def __init__(self, masks: Masks) -> None:
        self.masks = masks
        self.index = masks.index
        self.found: list[str] = []  # each name masked, as often as it was
        self.numbers = 0
        self.left: dict[str, None] = {}  # the words around what may be a name, or not

    def text(self, text: str) -> str:
        """Return a text with names and numbers masked."""
        return self._numbers(self._names(text))

    # -- names

    def _names(self, text: str) -> str:
        flat = folded(text)
        ground = self.masks.ground
        places = [match.span() for match in ground.finditer(flat)] if ground else []
        parts: list[str] = []
        done = 0
        for match in _TWO.finditer(flat):
            start = match.start()
            if start < done or (two := match[1] + match[2]) not in self.index:
                continue
            for name in self.index[two]:
                end = _end(flat, start, name)
                if end and self._is_meant(text, name, (start, end), places):
                    self.found.append(name)
                    parts += (text[done:start], self.masks.people[name])
                    done = end
                    break
        return "".join((*parts, text[done:]))

    def _is_meant(
        self, text: str, name: str, span: tuple[int, int], places: Iterable[tuple[int, int]]
    ) -> bool:
        """Say whether a name is a person where it stands; remember where it may be one."""
        start, end = span
        is_long = len(name) > 2  # noqa: PLR2004 -- 王志远
        if any(low <= start and end <= high for low, high in places):
            meant, doubted = False, is_long
        elif is_long:
            meant, doubted = True, False
        else:
            meant = self._stands_alone(text, name, start, end)
            doubted = not meant
        if doubted:
            around = f"{text[max(start - _AROUND, 0) : start]}{name}{text[end : end + _AROUND]}"
            self.left[around] = None
        return meant

    def _stands_alone(self, text: str, name: str, start: int, end: int) -> bool:
        """Say whether a name of two characters is one where it stands, not part of other words."""
        before, after = text[:start], text[end:]
        free = [not _WORD.match(before[-1:]), not _WORD.match(after[:1])]  # no word goes on there
        if _PLACE_ENDS.match(after):
            return False
        if end - start > len(name) or all(free):  # 王　强
            return True
        office = before[-1:] in _BEFORE or _AFTER.match(after) is not None
        return office or (any(free) and name not in _WORDS)

    # -- numbers

    def _numbers(self, text: str) -> str:
        for pattern, cover in (
            (_ACCOUNT, _starred),
            (_IDENTITY, _identity),
            (_MOBILE, _mobile),
            (_LANDLINE, _landline),
            (_DIGITS, self._run),
        ):
            text = self._covered(text, pattern, cover)
        return text

    def _covered(
        self, text: str, pattern: "re.Pattern[str]", cover: "Callable[[re.Match[str]], str]"
    ) -> str:
        """Return a text with what a pattern finds in its half width covered."""
        parts: list[str] = []
        done = 0
        for match in pattern.finditer(folded(text)):
            covered = cover(match)
            if covered != match[0]:
                self.numbers += 1
                parts += (text[done : match.start()], _as_written(text, match, covered))
                done = match.end()
        return "".join((*parts, text[done:]))

    def _run(self, match: "re.Match[str]") -> str:
        """Return a run of digits, covered unless it is known to tell of something else."""
        digits = re.sub("[^0-9]", "", match[0])
        is_known = digits in self.masks.digits
        if not is_known and (match[0] in self.masks.codes or _tells_other(match)):
            return match[0]
        return re.sub("[0-9Xx]", "*", match[0])

    @property
    def notes(self) -> Iterator[str]:
        """What is to be said of a paper that was masked."""
        people = len(set(self.found))
        yield (
            f"公开版：遮去 {people} 人的姓名 {len(self.found)} 处、号码 {self.numbers} 处。"
            "只认得工作簿里登记过的姓名，号码也可能认不全，公开前请通读一遍。"
        )
        if self.left:
            yield (f"下列字词里的姓名像是别的词的一部分，没有遮，请核对：{_quoted(self.left)}。")
        if self.masks.unread:
            yield (
                "下列内容填在姓名栏里，不像姓名，没有遮；是人名的请自行遮去："
                f"{_quoted(self.masks.unread)}。"
            )
        long = dict.fromkeys(filter(may_be_two, self.found))
        if long:
            yield f"下列内容按一个人的姓名遮去，如不是一个人的姓名，请核对：{_quoted(long)}。"


def _quoted(told: Iterable[str]) -> str:
    return "、".join(f"“{each}”" for each in told)


def _end(text: str, start: int, name: str) -> int:
    """Return where a name ends that begins there, its characters set apart or not; 0 for none.

    >>> _end("由王 志 远负责", 1, "王志远"), _end("王志", 0, "王志远")
    (6, 0)
    """
    at = start
    for character in name:
        if at > start and text[at : at + 1] == " ":
            at += 1
        if text[at : at + 1] != character:
            return 0
        at += 1
    return at


# -- a number -------------------------------------------------------------------------------------
#
# All patterns are for texts in half width.

_ACCOUNT = re.compile(
    r"(?:QQ|微信|wechat)(?:号码?|账号)?[:： ]*((?:[a-z][-_a-z0-9]{5,19}|[0-9]{5,})(?![0-9]))",
    re.IGNORECASE,
)
_IDENTITY = re.compile(
    r"(?<![0-9])([1-9](?:[- ]?[0-9]){5})[- ]?(?:1[- ]?9|2[- ]?0)(?:[- ]?[0-9]){6}"
    r"([- ]?[0-9][- ]?[0-9][- ]?[0-9][- ]?[0-9Xx])(?![0-9])"
)
_MOBILE = re.compile(r"(?<![0-9*])(?:(\+?86[- ]?))?(1[0-9]{2})(?:[-. ·]?[0-9]){8}(?![0-9])")
_LANDLINE = re.compile(r"(?<![0-9])([(]?0[0-9]{2,3}[)]?[- ]?)([0-9]{7,8})(?![0-9])")
_DIGITS = re.compile(r"(?<![0-9*])(?<![0-9]\.)[0-9]{3,}(?:[- ][0-9]{3,})*[Xx]?(?![0-9*])")
_LEAST, _LEAST_APART = 7, 11
_LOCAL = re.compile("[2-8][0-9]{2,3}[- ][0-9]{4}")
_YEAR = "(?:19|20)[0-9]{2}"
_DAY = f"{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_DATES = re.compile(f"(?:{_YEAR}|{_DAY})(?:[- ](?:{_YEAR}|{_DAY}))*")
_UNIT = re.compile(
    r"(?:\.[0-9]+)? ?(?:多|余|来)?(?:元|圆|万|亿|千|百|亩|公顷|平方|立方|米|公里|里|吨|斤|公斤"
    r"|克|升|度|人|户|个|名|位|次|株|棵|头|只|羽|尾|张|份|件|册|块|条|台|辆|套|场|项|票|分|kg|km|m|t|%|‰|°)"
)
_MONEY = re.compile("(?:[￥¥$]|人民币|RMB) ?$")
_NUMBERED = re.compile(r"[〕\])第字][ ]?$")


def _as_written(text: str, match: "re.Match[str]", covered: str) -> str:
    """Return what covers a match, in the width of the text itself where nothing was left out."""
    if len(covered) != len(match[0]):
        return covered
    written = zip(text[match.start() : match.end()], match[0], covered, strict=True)
    return "".join(here if after == flat else after for here, flat, after in written)


def _starred(match: "re.Match[str]") -> str:
    return match[0][: match.start(1) - match.start()] + "*" * len(match[1])


def _identity(match: "re.Match[str]") -> str:
    area, last = (re.sub("[- ]", "", match[group]) for group in (1, 2))
    return f"{area}{'*' * 8}{last}"


def _mobile(match: "re.Match[str]") -> str:
    """Return a mobile number with its middle covered; where groups are too short it is none."""
    told = match[0][len(match[1] or "") :]
    groups = re.split("[-. ·]", told)
    if min(map(len, groups)) < 3:  # noqa: PLR2004 -- 139.1234.5678, not 2022.10.31
        return match[0]
    return f"{match[1] or ''}{match[2]}****{''.join(groups)[-4:]}"


def _landline(match: "re.Match[str]") -> str:
    return match[1] + "*" * len(match[2])


def _tells_other(match: "re.Match[str]") -> bool:
    """Say whether a run of digits is short, a date, an amount, or the number of a document."""
    run, before, after = match[0], match.string[: match.start()], match.string[match.end() :]
    count = sum(map(str.isdigit, run))
    least = _LEAST if run.isalnum() or _LOCAL.fullmatch(run) else _LEAST_APART
    is_document = _NUMBERED.search(before) is not None and after.startswith("号")
    return (
        count < least
        or _DATES.fullmatch(run) is not None
        or _UNIT.match(after) is not None
        or _MONEY.search(before) is not None
        or is_document
    )


# -- a paper --------------------------------------------------------------------------------------


def redacted(blocks: Iterable[Block], masks: Masks) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """Return the blocks of a paper for the public, and what is to be said of it.

    Who signs it and when stays.
    """
    redactor = Redactor(masks)
    masked = tuple(
        block if isinstance(block, Signature) else reworded(block, redactor.text)
        for block in blocks
    )
    return masked, tuple(redactor.notes)
