"""The version for the public: people's names and numbers masked, alike through a whole batch.

Only people whom a workbook names as such are known: who leads, answers, chairs, writes. Such a name
is masked wherever it stands, also in running text, but not within the name of a place, nor where a
name of two characters seems to be part of other words; of those places the person is told.
"""

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from toolkit.forms import township, village
from toolkit.schema.columns import Column
from toolkit.schema.kinds import Names, Phone
from toolkit.schema.texts import has_mask, names
from toolkit.schema.workbook import Workbook
from toolkit.word.document import Block, Signature
from toolkit.word.words import reworded

# -- who and what is known ------------------------------------------------------------------------

_OF_PEOPLE = frozenset(
    {
        *("姓名或单位", "支部书记姓名", "文书姓名", "主持人", "记录人", "缺席人员及原因"),
        *("联系人", "支部书记", "村文书", "党组织书记", "联村县级领导", "包村镇领导", "第一书记"),
    }
)
"""The headers of columns that name people in other ways than a list of names."""
_OF_PLACES = (
    *(village.Profile.county, village.Profile.town, village.Profile.village),
    *(township.Township.county, township.Township.town, township.Village.village),
)
_ASIDE = re.compile(r"[（(][^（）()]*[）)]|等[^、，,；;]*")
_HAN = re.compile("[一-龥]{2,4}")
_UNIT_ENDS = {3: "局厅办委校站队组室处厂所部", 4: "局厅办委校站队组室处厂所部会社院店行司村镇乡县"}
_COMPOUND = frozenset(
    re.findall(
        "..",
        "欧阳上官司马诸葛夏侯东方皇甫尉迟公孙令狐宇文长孙慕容司徒司空端木百里呼延南宫轩辕独孤申屠"
        "太史澹台闻人鲜于万俟赫连钟离濮阳淳于单于公羊公冶宗政仲孙拓跋西门",
    )
)
_ORDER = "甲乙丙丁戊己庚辛壬癸"


@dataclass(frozen=True)
class Masks:
    """What stands for each name in a batch, and what is known not to be a person's name."""

    people: Mapping[str, str] = field(default_factory=dict)
    places: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()

    @cached_property
    def index(self) -> Mapping[str, list[str]]:
        """The names and places by their first two characters, the longest first."""
        found: dict[str, list[str]] = defaultdict(list)
        for known in sorted({*self.people, *self.places}, key=len, reverse=True):
            found[known[:2]].append(known)
        return found


NO_MASKS = Masks()


def masks_of(books: Iterable[Workbook]) -> Masks:
    """Return the masks for all whom the workbooks of a batch name."""
    people: set[str] = set()
    places: set[str] = set()
    numbers: set[str] = set()
    for book in books:
        for column, text in _told(book):
            if _names_people(column):
                people.update(filter(_is_person, names(_ASIDE.sub("、", text))))
            elif column in _OF_PLACES:
                places.add(text)
            elif isinstance(column.kind, Phone):
                numbers.add(text)
    return Masks(_masked(people), frozenset(p for p in places if len(p) > 1), frozenset(numbers))


def _told(book: Workbook) -> Iterator[tuple[Column[Any], str]]:
    for sheet in book.sheets.values():
        for row in sheet.rows:
            for column, _ in row.filled():
                yield column, row.printed(column)


def _names_people(column: Column[Any]) -> bool:
    listed = isinstance(column.kind, Names) and "单位" not in column.header
    return listed or column.header in _OF_PEOPLE


def _is_person(name: str) -> bool:
    """Say whether what stands among names is a person's, and not masked already.

    >>> [_is_person(each) for each in ("王志远", "李会", "文化局", "阿卜杜拉·买买提", "王**")]
    [True, True, False, True, False]
    """
    if has_mask(name):
        return False
    if "·" in name:
        return True
    return bool(_HAN.fullmatch(name)) and name[-1] not in _UNIT_ENDS.get(len(name), "")


def _masked(people: Iterable[str]) -> Mapping[str, str]:
    """Return what stands for each name: of people of one surname each has a sign of their own.

    >>> _masked(["王志远", "李强", "李国", "欧阳明"])
    {'李国': '李某甲', '李强': '李某乙', '欧阳明': '欧阳某', '王志远': '王某某'}
    """
    masks: dict[str, str] = {}
    for surname, of in itertools.groupby(sorted(people, key=_by_surname), key=_surname):
        alike = list(of)
        for at, name in enumerate(alike):
            masks[name] = surname + (_sign(at) if len(alike) > 1 else _blank(name, surname))
    return masks


def _by_surname(name: str) -> tuple[str, str]:
    return _surname(name), name


def _surname(name: str) -> str:
    return name[:2] if name[:2] in _COMPOUND and len(name) > 2 else name[0]  # noqa: PLR2004 -- 欧阳明


def _blank(name: str, surname: str) -> str:
    return "某" * min(len(name) - len(surname), 2)


def _sign(at: int) -> str:
    return f"某{_ORDER[at]}" if at < len(_ORDER) else f"某{at + 1}"


# -- a text ---------------------------------------------------------------------------------------

_TWO = re.compile("(?=([一-龥])[ \u3000]?([一-龥]))")
_GAP = " \u3000"
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
_MOBILE = re.compile(r"(?<![\d*])((?:\+?86[- ]?)?1\d\d)[- ]?\d{4}[- ]?(\d{4})(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)([(（]?0\d{2,3}[)）]?[-－—–‐ ]?)(\d{7,8})(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXxＸｘ])(?!\d)")
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

    def _names(self, text: str) -> str:
        parts: list[str] = []
        done = 0
        for match in _TWO.finditer(text):
            start = match.start()
            known, end = self._known(text, start, match[1] + match[2]) if start >= done else ("", 0)
            if not known:
                continue
            masked = known not in self.masks.places and self._stands_alone(text, known, start, end)
            if masked:
                self.found.append(known)
            parts += (text[done:start], self.masks.people[known] if masked else text[start:end])
            done = end
        return "".join((*parts, text[done:]))

    def _known(self, text: str, start: int, two: str) -> tuple[str, int]:
        """Return the longest name or place that stands there and its end, "" for none."""
        for known in self.index.get(two, ()):
            if text.startswith(known, start):
                return known, start + len(known)
            if known == two:  # set apart by a blank, as names in a list are
                return known, start + 3
        return "", start

    def _stands_alone(self, text: str, name: str, start: int, end: int) -> bool:
        """Say whether a name is one where it stands, and not part of other words."""
        before, after = text[:start], text[end:]
        free = [not _is_han(before[-1:]), not _is_han(after[:1])]  # no word goes on there
        if _PLACE_ENDS.match(after):
            alone = False
        elif len(name) > 2 or end - start > len(name) or all(free):  # noqa: PLR2004 -- 王志远; 王　强
            alone = True
        else:
            office = before[-1:] in _BEFORE or _AFTER.match(after) is not None
            alone = office or (any(free) and name not in _WORDS)
        if not alone:
            self.left[f"{before[-_AROUND:]}{name}{after[:_AROUND]}"] = None
        return alone

    def _numbers(self, text: str) -> str:
        def mask(cover: Callable[["re.Match[str]"], str]) -> Callable[["re.Match[str]"], str]:
            def masked(match: "re.Match[str]") -> str:
                self.numbers += 1
                return cover(match)

            return masked

        text = _IDENTITY.sub(mask(lambda m: f"{m[1]}{'*' * 8}{m[2]}"), text)
        text = _MOBILE.sub(mask(lambda m: f"{m[1]}****{m[2]}"), text)
        text = _LANDLINE.sub(mask(lambda m: m[1] + "*" * len(m[2])), text)
        for number in self.masks.numbers:
            if number in text:
                self.numbers += text.count(number)
                text = text.replace(number, "*" * len(number))
        return text

    @property
    def notes(self) -> Iterator[str]:
        """What is to be said of a paper that was masked."""
        people = len(set(self.found))
        yield (
            f"公开版：遮去 {people} 人的姓名 {len(self.found)} 处、号码 {self.numbers} 处。"
            "只认得工作簿里登记过的姓名，公开前请通读一遍。"
        )
        if self.left:
            told = "、".join(f"“{each}”" for each in self.left)
            yield f"下列字词里的姓名像是别的词的一部分，没有遮，请核对：{told}。"


def _is_han(character: str) -> bool:
    return "一" <= character <= "龥"


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
