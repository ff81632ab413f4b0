"""The chapter 基本情况: its numbers go into the profile, its wording stays, with placeholders.

“党员34名” becomes “党员【党员总数】名”. What does not print back to the character stays literal.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.cells import Raw
from toolkit.forms.village import Profile
from toolkit.intake.pieces import Cells
from toolkit.schema.columns import Column
from toolkit.schema.kinds import Context, YesNo, as_text
from toolkit.schema.texts import is_mask

_N = r"(?P<v>\d+(?:,\d{3})*(?:\.\d+)?|[*＊×]+|[Xx]{2,}|[零〇一二两三四五六七八九十百千万]+)"
_UNIT = r"(?:余|多)?\s*"
_FILL = r"(?:约|大约|近|共有|共计|现有|共|有|为|是|达到?|[：:])*\s*"
_TEXT = r"[^，。、；：“”《》（）()\s]"
_HEADS = r"(?:名|人|位)"


def _amount(words: str, units: str) -> re.Pattern[str]:
    return re.compile(rf"{words}{_FILL}{_N}{_UNIT}(?P<u>{units})")


_PLACE = rf"(?P<county>[^，。、；：\s]{{1,6}}?[县市区旗])?(?P<town>{_TEXT}{{1,8}}?(?:镇|乡|街道))?"
_NOT_TOTAL = "女性备动职老式展少轻困务预"  # 女性党员, 预备党员, 流动党员 … are part of all members
_PATTERNS: tuple[tuple[Column[Any], re.Pattern[str]], ...] = (
    (Profile.location, re.compile(rf"(?:位于|坐落于|坐落在)(?!距)(?P<v>{_TEXT}{{1,25}})")),
    (
        Profile.location,
        re.compile(rf"地处(?P<v>{_TEXT}{{1,20}}?(?:[东南西北中]{{1,2}}部|[东南西北]侧|方向))"),
    ),
    (
        Profile.distance,
        _amount(r"距(?:离)?(?:县城|县政府|县委|城区|县)(?:所在地)?", "公里|千米|km|KM|里|米"),
    ),
    (
        Profile.town,
        re.compile(
            r"(?:^|[，。；、]|[是为系])(?P<v>[^，。；、\s是为系距]{1,10}?(?:镇|乡))"
            r"(?=(?:镇|乡)?(?:人民)?政府(?:所在|驻))"
        ),
    ),
    (
        Profile.terrain,
        re.compile(
            rf"(?:地处|地形(?:地貌)?[为属以]|属于?)(?P<v>{_TEXT}{{1,16}}?"
            r"(?:地带|山区|丘陵区|川区|沟壑区|平原|高原|盆地|谷地|河谷|地形|地貌)(?!地带|地形))"
        ),
    ),
    (Profile.elevation, _amount("海拔(?:高度)?(?:在)?", "米|m")),
    (
        Profile.area,
        _amount("(?<![地园])(?:总面积|国土面积|区域面积|幅员面积)", "万?亩|平方公里|平方千米|公顷"),
    ),
    (Profile.farmland, _amount("耕地(?:总?面积)?", "万?亩")),
    (Profile.forest, _amount("林地(?:总?面积)?", "万?亩")),
    (Profile.groups, re.compile(rf"{_N}\s*(?P<u>个)(?:村民小组|村民组|小组|社(?![会区]))")),
    (Profile.groups, _amount("村民小组", "个")),
    (Profile.households, re.compile(rf"{_N}{_UNIT}(?P<u>户)")),
    (
        Profile.population,
        re.compile(rf"户[，、]?{_FILL}(?:总?人口)?{_FILL}{_N}{_UNIT}(?P<u>人|口)"),
    ),
    (Profile.population, _amount("总人口", "人|口")),
    (Profile.workers, _amount("外出务工(?:人员|人数|劳动力)?", _HEADS)),
    (Profile.committee, _amount("“?两委”?(?:班子)?(?:成员)?", _HEADS)),
    (Profile.secretaries, _amount("(?<!副)(?:支部书记|党组织书记|支书)", _HEADS)),
    (Profile.deputies, _amount("(?:副支书|支部副书记|党组织副书记|副书记)", _HEADS)),
    (Profile.vice_directors, _amount("(?<!监委会)副主任", _HEADS)),
    (Profile.clerks, _amount("文书", _HEADS)),
    (Profile.cross_posts, _amount("交叉任职的?(?:“?两委”?)?(?:委员|成员|干部)?", _HEADS)),
    (Profile.reserves, _amount("后备干部", _HEADS)),
    (Profile.members, _amount(f"(?<![{_NOT_TOTAL}])党员(?:总数|人数)?", _HEADS)),
    (Profile.members, re.compile(rf"(?<![发展])(?:现有|共有){_N}(?P<u>名)(?:中共)?党员")),
    (Profile.women, _amount("女性?(?:中共)?党员", _HEADS)),
    (Profile.probationary, _amount("预备党员", _HEADS)),
    (Profile.college, _amount("大专及?以上(?:学历|文化程度)?的?(?:党员)?", _HEADS)),
    (Profile.away, _amount("流出党员", _HEADS)),
    (Profile.recruited, _amount("近三年(?:来)?发展党员", _HEADS)),
    (Profile.income, _amount("上年(?:度)?村?(?:级)?集体(?:经济)?总?收入", "万?元")),
    (Profile.operating, _amount("其中经营性收入", "万?元")),
    (Profile.debt, _amount("(?:集体|村级)负债", "万?元")),
)
_NAMED = re.compile(
    rf"^(?:目前，)?{_PLACE}(?P<village>(?![本我该全])[^，。、；：“”《》（）()\s]{{1,10}}?(?:村|社区))"
    r"(?=(?:村民委员会)?(?:位于|地处|坐落|地理位置|距|是|为|系|属|现有|共有|总面积|辖|下辖))"
)
_ONLY_SOME = re.compile("脱贫|贫困|低保|五保|监测|搬迁|易地|培养|发展|其中[^，]*$")
_TOTALS: tuple[Column[Any], ...] = (Profile.households, Profile.population, Profile.members)
_SEAT = re.compile("政府(?:所在(?:村|地)|驻地|驻村)")
_NOT_SEAT = re.compile("距|离|非|不是|不属")
_BOTH_POSTS = re.compile("(?:一肩挑|一人兼)")
_NOT_BOTH = re.compile("(?:未|没有|不是|非|不)[^，。]{0,6}$")
_AGES = re.compile(
    r"(?:(?P<low>\d{2})(?:周岁|岁)?\s*(?:至|到|-|—|－|~|～)\s*)?(?P<high>\d{2})(?:周岁|岁)"
    rf"(?P<open>及以下|及以上|以下|以上)?的?(?:党员)?(?:有|共)?{_N}\s*{_HEADS}"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A paragraph of the profile: the fields found, the text with placeholders, and remarks."""

    fields: Cells
    text: str
    notes: tuple[str, ...]


def read_profile(text: str, known: Cells, year: int | None = None) -> Reading:
    """Return what a paragraph says of the village; `known` is what earlier paragraphs said."""
    fields: dict[Column[Any], Raw] = {}
    spans: list[tuple[int, int, Column[Any]]] = []
    notes: list[str] = []
    for column, start, end, unit in _found(text):
        taken = any(start < stop and begin < end for begin, stop, _ in spans)
        if taken or column in fields:
            continue
        written = text[start:end]
        raw = _content(column, written, unit)
        if isinstance(raw, str) and column.kind.read(raw, Context(year)).fault:
            notes.append(f"“{written}{unit}”不能折成“{column.header}”的单位，未填，请核对")
            continue
        before = known.get(column)
        if before is not None and before != raw:
            notes.append(
                f"“{column.header}”前后两处不同：{as_text(before)}、{as_text(raw)}，"
                f"按前一处填，后一处照原文保留"
            )
            continue
        fields[column] = raw
        if printed(column, raw) == written:
            spans.append((start, end, column))
        else:
            notes.append(f"“{written}{unit}”填入“{column.header}”，“方案文字”里照原文保留")
    pattern = _placeholders(text, spans)
    if spelled_out(pattern, {**known, **fields}) != text:
        pattern = text
        notes.append("这一段里有【】，不便换成占位符，照原文保留")
    notes += [_other_band(match) for match in _AGES.finditer(text) if _band(match) is None]
    answers = _answers(text)
    notes += [f"“{column.header}”按原文填“{as_text(raw)}”" for column, raw in answers.items()]
    return Reading({**fields, **answers}, pattern, tuple(notes))


def age_bands(text: str) -> tuple[Cells, tuple[str, ...]]:
    """Return the ages of members that a text counts in the profile's own bands, and remarks.

    >>> {column.header: raw for column, raw in age_bands("30岁及以下的3人，35岁以下8人")[0].items()}
    {'30岁及以下': 3}
    """
    fields: dict[Column[Any], Raw] = {}
    notes: list[str] = []
    for match in _AGES.finditer(text):
        band = _band(match)
        if band is None:
            notes.append(_other_band(match))
        else:
            fields[band] = _content(band, match["v"], "人")
            notes.append(f"“{match[0]}”填入“基本情况”的“{band.header}”")
    return fields, tuple(notes)


def printed(column: Column[Any], raw: Raw) -> str:
    """Return a profile field as a document prints it."""
    value = column.kind.read(raw, Context()).value
    return as_text(raw).strip() if value is None else column.kind.text(value)


def spelled_out(text: str, fields: Cells) -> str:
    """Return a text with the placeholders of filled fields replaced by what they print."""
    if "【" not in text:
        return text
    by_header = {column.header: printed(column, raw) for column, raw in fields.items()}
    return re.sub("【([^【】]+)】", lambda match: by_header.get(match[1], match[0]), text)


def _found(text: str) -> Iterator[tuple[Column[Any], int, int, str]]:
    """Yield column, start, end and unit of each thing said, the village's own name first."""
    if named := _NAMED.search(text):
        for column, group in (
            (Profile.county, "county"),
            (Profile.town, "town"),
            (Profile.village, "village"),
        ):
            if named[group]:
                yield column, *named.span(group), ""
    for match in _AGES.finditer(text):
        if band := _band(match):
            yield band, *match.span("v"), "人"
    for column, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            clause = re.split("[，。；]", text[: match.start("v")])[-1]
            if column in _TOTALS and _ONLY_SOME.search(clause):
                continue
            yield column, *match.span("v"), match.groupdict().get("u") or ""


def _content(column: Column[Any], written: str, unit: str) -> Raw:
    """Return what goes into the cell: a plain number as one, all else as written."""
    if re.fullmatch(r"\d+", written) and unit in {*_SAME_UNIT, column.unit}:
        return int(written)
    if re.fullmatch(r"\d+\.\d+", written) and unit == column.unit:
        return float(written)
    if is_mask(written) or unit in {*_SAME_UNIT, column.unit}:
        return written
    return written + unit


_SAME_UNIT = frozenset({"", "人", "名", "位", "口", "个", "户", "m", "km", "KM", "千米"})


def _placeholders(text: str, spans: list[tuple[int, int, Column[Any]]]) -> str:
    for start, end, column in sorted(spans, key=lambda span: span[0], reverse=True):
        text = f"{text[:start]}【{column.header}】{text[end:]}"
    return text


def _answers(text: str) -> Mapping[Column[Any], Raw]:
    """Return what is said by words alone: seat of the township, both posts in one hand."""
    answers: dict[Column[Any], Raw] = {}
    clauses = re.split("[，。；]", text)
    if any(_SEAT.search(clause) and not _NOT_SEAT.search(clause) for clause in clauses):
        answers[Profile.seat] = _YES
    if both := _BOTH_POSTS.search(text):
        negated = _NOT_BOTH.search(text[: both.start()])
        answers[Profile.both_posts] = YesNo().text(not negated)
    return answers


_YES = YesNo().text(True)  # noqa: FBT003 -- the value itself


def _other_band(match: re.Match[str]) -> str:
    return f"年龄段“{match[0]}”与“基本情况”表的七段不同，未填"


def _band(match: re.Match[str]) -> Column[Any] | None:
    return _BANDS.get((match["low"], match["high"], match["open"] or ""))


def _bands() -> Iterator[tuple[tuple[str | None, str, str], Column[Any]]]:
    for column in Profile.columns:
        match = re.fullmatch(r"(?:(\d{2})至)?(\d{2})岁(及以下|及以上)?", column.header)
        if match:
            yield (match[1], match[2], match[3] or ""), column


_BANDS = dict(_bands())
