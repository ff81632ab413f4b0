"""Prose read for figures: which numbers count the whole village, which shares are reckoned."""

import re
from collections.abc import Iterator
from decimal import Decimal

from toolkit.findings import Level
from toolkit.forms.village import Profile
from toolkit.schema.columns import Column

_VILLAGE = ("全村", "本村", "我村", "村里")
_TOTALS = ("党员总数", "现有党员", "共有", "总户数", "总人口", "下辖")
IN_ALL = (*_VILLAGE, *_TOTALS)
"""The words by which a text speaks of the whole village."""
_ALL = f"(?P<all>{'|'.join(_VILLAGE)})"
_HOW = r"(?P<how>(?:目前|在册|下辖|[现共总计有辖])*)\s*"
_IS = r"[现共有为是达计]*\s*"
_ENDING = r"中(?!心)|[，。；;（(\n]|,(?!\d)|、?其中|$"
_END = rf"(?=\s*(?:{_ENDING}))"
_PEOPLE = r"[，,、]?\s*共?\s*\d+\s*口?人"
COUNTED: tuple[tuple[Column[int], str, str, re.Pattern[str]], ...] = (
    (
        Profile.members,
        "名",
        "党员",
        re.compile(
            rf"(?:{_ALL}|(?=党员总数|[现共]有)){_HOW}"
            rf"(?:党员(?:总数|人数)?{_IS}(\d+)\s*[名人个位]|(\d+)\s*[名个位]?(?:中共)?党员){_END}"
        ),
    ),
    (
        Profile.households,
        "户",
        "户",
        re.compile(
            rf"(?:{_ALL}|(?=总户数)){_HOW}(?:农户|户数)?{_IS}(\d+)\s*户"
            rf"(?=(?:{_PEOPLE})?\s*(?:{_ENDING}))(?!{_PEOPLE}\s*(?!{_ENDING}))"
        ),
    ),
    (
        Profile.population,
        "人",
        "人",
        re.compile(
            rf"(?:{_ALL}|(?=总人口)){_HOW}(?:人口)?{_IS}(?:\d+\s*户[，,、]?\s*共?\s*)?"
            rf"(\d+)\s*口?人{_END}"
        ),
    ),
    (
        Profile.groups,
        "个",
        "个",
        re.compile(
            rf"(?:{_ALL}|(?=下辖)){_HOW}(?:\d+\s*个自然村[，,、]?)?\s*(\d+)\s*个(?:村民小组|社(?!区))"
            rf"(?=\s*(?:{_ENDING}|[、\d]))"
        ),
    ),
)
CLAIM = re.compile(rf"(?:{'|'.join(IN_ALL)})[^\d，。；]{{0,10}}\d")
_CLAUSE = re.compile(r"[。；;，,：:！？!?\n]")
_SENTENCE = re.compile(r"[。！？!?\n]")
_YEAR = re.compile(r"(\d+)\s*年")
_OTHER_TIME = re.compile(
    r"[上去前往历次明]年|上届|[近前]\s*[\d一二两三四五几]+年|[一二两三四五几]年来|过去|当时"
    r"|力争|预计|计划|届时|今后"
)
_OTHER_BODY = re.compile(
    r"[镇县]|乡(?!村)|市(?!场)|社(?![区会])|(?<!个村民小)组(?!织)|[邻外他两各]村|联合党委|片区"
)
_PLAIN_LEAD = re.compile(
    r"\s|[（(“、]|目前|当前|截至|截止|现阶段|经?(?:核实|统计|摸排|排查)|据|我们|其中|覆盖|走遍"
    r"|[一二三四五六七八九十]是|\d+(?:年|月|日)|今年|[初底末]|村民委员会|党支部|支部委员会|支部"
    r"|党组织|[该本我全]?村"
)
_WOMEN = re.compile(
    r"\s*(?:[，,、]?\s*其中|[（(]\s*(?:其中)?)\s*[：:，,]?\s*"
    r"(女性?(?:党员)?\s*(\d+)\s*[名人个位])(?=\s*(?:[，,。；;、）)\n]|$))"
)
_OF_THEM = re.compile(r"\s*[，,、（(]?\s*其中")


def counts(
    pattern: re.Pattern[str], column: Column[int], text: str, profile: Profile
) -> Iterator[tuple[str, int, Column[int], Level]]:
    """Yield each number that a text tells: totals and the women named right after one."""
    for total in pattern.finditer(text):
        if not _is_of_the_village(total, profile):
            continue
        number = next(each for each in total.groups()[2:] if each)
        party = column is Profile.members
        certain = party and (
            (total["all"] and total[0].endswith("党员")) or _OF_THEM.match(text, total.end())
        )
        yield total[0].strip(), int(number), column, Level.ERROR if certain else Level.WARNING
        women = _WOMEN.match(text, total.end()) if party else None
        if women:
            yield women[1], int(women[2]), Profile.women, Level.WARNING


def _is_of_the_village(total: "re.Match[str]", profile: Profile) -> bool:
    """Say whether a number counts the whole village, now: not a part, another body or year."""
    text, start, end = total.string, total.start(), total.end()
    sentence = _SENTENCE.split(text[:start])[-1]
    clause = _CLAUSE.split(sentence)[-1].replace(profile.village or "全村", "")
    after = text[end : end + 1]
    aside = text[end:].partition("）")[0].partition(")")[0] if after in {"（", "("} else ""
    year = profile.year
    if any(int(each) not in (year, (year or 0) % 100) for each in _YEAR.findall(sentence + aside)):
        return False
    if _OTHER_TIME.search(sentence + aside):
        return False
    if _OTHER_BODY.search(clause if total["all"] else sentence):
        return False
    if not total["all"]:
        return not _PLAIN_LEAD.sub("", clause)
    if total["how"] in {"有", "目前有"}:
        return bool(_OF_THEM.match(text, end))
    return bool(total["how"]) or after == "中" or not _PLAIN_LEAD.sub("", clause)


_SHARE = re.compile(
    r"(?P<stop>。(?!其中))"
    r"|(?P<base>\d+)\s*(?P<of>[名位个户人])[一-龥]{0,5}?中(?!心)"
    r"|(?P<above>\d+)\s*/\s*(?P<below>\d+)[^\d。；;%％/]{0,10}?(?P<share>\d+(?:\.\d+)?)\s*[%％]"
    r"|(?P<few>\d+)\s*(?P<one>[名位个户人])[^\d。；;%％]{0,4}?占[^\d。；;%％中]{0,6}?"
    r"(?P<all>\d+)\s*(?P<same>[名位个户人])的?\s*(?P<rate>\d+(?:\.\d+)?)\s*[%％]"
    r"|(?P<part>\d+)\s*(?P<unit>[名位个户人])[^\d。；;%％]{0,10}?占[^\d。；;%％]{0,10}?"
    r"(?P<percent>\d+(?:\.\d+)?)\s*[%％]"
)


def shares(text: str) -> Iterator[tuple[int, int, Decimal]]:
    """Yield part, base and printed percentage; the base is the nearest “N名…中” before.

    >>> list(shares("全村36名党员中，30岁及以下的3人占比8.3%"))
    [(3, 36, Decimal('8.3'))]
    """
    base, of_households = 0, False
    for match in _SHARE.finditer(text):
        if match["stop"]:
            base = 0
        elif match["base"]:
            base, of_households = int(match["base"]), match["of"] == "户"
        elif match["above"]:
            if 0 < int(match["above"]) <= int(match["below"]):
                yield int(match["above"]), int(match["below"]), Decimal(match["share"])
        elif match["few"]:
            alike = (match["one"] == "户") == (match["same"] == "户")
            if alike and 0 < int(match["few"]) <= int(match["all"]):
                yield int(match["few"]), int(match["all"]), Decimal(match["rate"])
        elif int(match["part"]) <= base and (match["unit"] == "户") == of_households:
            yield int(match["part"]), base, Decimal(match["percent"])
