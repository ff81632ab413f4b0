"""X4xx: between rows and sheets: what refers to what, and figures given in two places."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any, cast

from toolkit.cells import CellRef
from toolkit.findings import Level
from toolkit.forms.village import Basis, Measure, Meeting, Person, Problem, Profile, Waiver
from toolkit.rules.rule import Case, Objections, Spoken, rule
from toolkit.schema.columns import Column, Row
from toolkit.schema.texts import has_mask, is_mask, names

_P, _M = len("P00"), len("P00-M")

# -- problems and measures ----------------------------------------------------------------------


@rule("X401", Level.ERROR)
def problem_without_measure(case: Case) -> Objections:
    """问题没有对应的整改措施。

    原因：问题没有措施，就没有责任人和时限，无法销号。

    改法：在“整改措施”表里补写措施，“问题编号”填这个问题的编号。
    """
    for book in case.books:
        if not (book.has(Measure.problem, Measure) or book.has(Measure.number, Measure)):
            continue
        measures = book.rows(Measure)
        answered = {row.problem for row in measures} | {(row.number or "")[:_P] for row in measures}
        for problem in book.rows(Problem):
            if problem.number and problem.number not in answered:
                yield [problem.cell(Problem.number)], f"问题 {problem.number} 没有整改措施"


@rule("X402", Level.ERROR)
def reference_to_no_problem(case: Case) -> Objections:
    """引用的问题编号不存在。

    原因：“存在问题”表里没有这个编号，措施或会议就找不到对应的问题。

    改法：改成“存在问题”表里已有的编号；漏填问题的，先补填问题。
    """
    for book in case.books:
        known = {problem.number for problem in book.rows(Problem)}
        if None in known or not book.has(Problem.number, Problem):
            continue  # an unreadable number may be the one meant
        for measure in book.rows(Measure):
            if measure.problem and measure.problem not in known:
                yield [measure.cell(Measure.problem)], f"“存在问题”表里没有 {measure.problem}"
        for meeting in book.rows(Meeting):
            for number in meeting.problems or ():
                if number not in known:
                    yield [meeting.cell(Meeting.problems)], f"“存在问题”表里没有 {number}"


@rule("X403", Level.ERROR)
def number_under_another_problem(case: Case) -> Objections:
    """措施编号与问题编号不一致。

    原因：措施编号由问题编号加序号组成，两处不一致，无法判断措施属于哪个问题。

    改法：核对措施针对的问题，改正填错的编号。
    """
    for measure in case.rows(Measure):
        number, problem = measure.number, measure.problem
        if number and problem and number[:_P] != problem:
            cells = [measure.cell(Measure.number), measure.cell(Measure.problem)]
            yield cells, f"措施编号 {number} 属于 {number[:_P]}，问题编号填的是 {problem}"


@rule("X404", Level.WARNING)
def numbering_gap(case: Case) -> Objections:
    """编号不连续。

    原因：编号中断，多为漏填或编错。

    改法：漏填的补填；没有漏填的，依次重新编号。
    """
    for book in case.books:
        problems = {row.number: row for row in reversed(book.rows(Problem)) if row.number}
        yield from _gaps("", problems, Problem.number)
        measures: dict[str, dict[str, Row]] = defaultdict(dict)
        for row in book.rows(Measure):
            if row.number:
                measures[row.number[:_M]].setdefault(row.number, row)
        for prefix, same in measures.items():
            yield from _gaps(prefix, same, Measure.number)


def _gaps(prefix: str, rows: dict[str, Any], column: Column[str]) -> Objections:
    """Yield the row behind each gap in numbers that end in two digits."""
    numbers = sorted(rows)
    before = [f"{prefix or 'P'}00", *numbers]
    for last, number in pairwise(before):
        at, to = int(last[-2:]), int(number[-2:])
        if to > at + 1:
            lead = prefix or "P"
            lost = (
                f"{lead}{at + 1:02}" if to == at + 2 else f"{lead}{at + 1:02} 至 {lead}{to - 1:02}"
            )
            yield [rows[number].cell(column)], f"{number} 之前缺 {lost}"


# -- figures in words ---------------------------------------------------------------------------

_VILLAGE = ("全村", "本村", "我村", "村里")
_IN_ALL = ("党员总数", "现有党员", "共有", "总户数", "总人口", "下辖")
_ALL = f"(?P<all>{'|'.join(_VILLAGE)})"
_HOW = r"(?P<how>(?:目前|在册|下辖|[现共总计有辖])*)\s*"
_IS = r"[现共有为是达计]*\s*"
_ENDING = r"中(?!心)|[，。；;（(\n]|,(?!\d)|、?其中|$"
_END = rf"(?=\s*(?:{_ENDING}))"
_PEOPLE = r"[，,、]?\s*共?\s*\d+\s*口?人"
_COUNTED: tuple[tuple[Column[int], str, str, re.Pattern[str]], ...] = (
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
_CLAIM = re.compile(rf"(?:{'|'.join((*_VILLAGE, *_IN_ALL))})[^\d，。；]{{0,10}}\d")
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


@rule("X405", Level.ERROR)
def count_unlike_the_profile(case: Case) -> Objections:
    """文字里的人数、户数与“基本情况”表不一致。

    原因：同一份材料里的数应当一致，以“基本情况”表为准。

    改法：改正文字；表里的数有误的，改表。“方案文字”表里可以用【党员总数】引用。
    """
    for book in case.books:
        profile = next(iter(book.rows(Profile)), None)
        if profile is None:
            continue
        for spoken in _essays(case, *_VILLAGE, *_IN_ALL):
            if not _CLAIM.search(spoken.value):
                continue
            for column, unit, word, pattern in _COUNTED:
                if word not in spoken.value:
                    continue
                for quote, said, told, level in _told(pattern, column, spoken.value, profile):
                    count = profile.fields[told.name].value
                    if count is not None and said != count:
                        cells = [spoken.cell, profile.cell(told)]
                        yield cells, f"“{quote}”与“{told.header}”{count} {unit}不一致", level


def _told(
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
    r"|(?P<part>\d+)\s*(?P<unit>[名位个户人])[^\d。；;%％]{0,10}?占[^\d。；;%％]{0,10}?"
    r"(?P<percent>\d+(?:\.\d+)?)\s*[%％]"
)


@rule("X406", Level.ERROR)
def percentage_that_does_not_recompute(case: Case) -> Objections:
    """文字里的百分比与人数、户数的计算结果不符。

    原因：百分比与人数、户数不符，必有一处有误；只差末位的，多为截断而没有四舍五入。

    改法：按人数重新计算，四舍五入；人数写错的，改人数。
    """
    for spoken in _essays(case, "%", "％"):
        for part, base, printed in _shares(spoken.value):
            exact = Decimal(part) * 100 / base
            digit = Decimal(1).scaleb(int(printed.as_tuple().exponent))
            if abs(exact - printed) <= digit * case.parameters.tolerance:
                continue
            right = exact.quantize(digit, ROUND_HALF_UP)
            ratio = f"{part}/{base} 是 {right}%"
            if exact.quantize(digit, ROUND_DOWN) == printed:
                yield [spoken.cell], f"{ratio}，“{printed}%”似为截断而非四舍五入", Level.WARNING
            else:
                yield [spoken.cell], f"{ratio}，写的是“{printed}%”"


def _shares(text: str) -> Iterator[tuple[int, int, Decimal]]:
    """Yield part, base and printed percentage; the base is the nearest “N名…中” before.

    >>> list(_shares("全村36名党员中，30岁及以下的3人占比8.3%"))
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
        elif int(match["part"]) <= base and (match["unit"] == "户") == of_households:
            yield int(match["part"]), base, Decimal(match["percent"])


def _essays(case: Case, *words: str) -> Iterator[Spoken]:
    """Yield the village's own long texts that hold one of the words."""
    for spoken in case.mentioning(*words):
        if spoken.column.kind.long and not isinstance(spoken.row, Basis | Waiver):
            yield spoken


# -- figures of the profile ---------------------------------------------------------------------

_BANDS = (
    Profile.age_30,
    Profile.age_40,
    Profile.age_45,
    Profile.age_50,
    Profile.age_60,
    Profile.age_70,
    Profile.age_over,
)


@rule("X407", Level.ERROR)
def age_bands_not_adding_up(case: Case) -> Objections:
    """各年龄段党员合计与党员总数不符。

    原因：七个年龄段合计应当等于党员总数；只填其中几段，公文里的占比没有依据。

    改法：对照党员花名册改正，没有人的年龄段填 0；一时查不清的，七个年龄段都不填。
    """
    for profile in case.rows(Profile):
        held = [(band, profile.fields[band.name]) for band in _BANDS]
        filled = [(band, cell.value) for band, cell in held if isinstance(cell.value, int)]
        unread = any(cell.raw is not None and cell.value is None for _, cell in held)
        if not filled or unread or profile.members is None:
            continue
        total, left = sum(count for _, count in filled), len(_BANDS) - len(filled)
        if total != profile.members:
            cells = [profile.cell(band) for band, _ in filled] + [profile.cell(Profile.members)]
            more = f"，还有 {left} 个年龄段没填" if left else ""
            sums = f"各年龄段合计 {total} 人，党员总数 {profile.members} 名{more}"
            yield cells, sums


_PARTS: tuple[tuple[Column[Any], Column[Any]], ...] = (
    (Profile.women, Profile.members),
    (Profile.probationary, Profile.members),
    (Profile.college, Profile.members),
    (Profile.away, Profile.members),
    (Profile.recruited, Profile.members),
    (Profile.members, Profile.population),
    (Profile.households, Profile.population),
    (Profile.workers, Profile.population),
    (Profile.secretaries, Profile.committee),
    (Profile.deputies, Profile.committee),
    (Profile.vice_directors, Profile.committee),
    (Profile.cross_posts, Profile.committee),
    (Profile.farmland, Profile.area),
    (Profile.forest, Profile.area),
    (Profile.operating, Profile.income),
    (Profile.county_trainings, Profile.trainings),
)


@rule("X408", Level.ERROR)
def part_greater_than_whole(case: Case) -> Objections:
    """分项数大于总数。

    原因：分项数不会大于总数，两个数至少有一个填错。

    改法：核对这两个数，改正填错的一个；注意计量单位。
    """
    for profile in case.rows(Profile):
        for part, whole in _PARTS:
            many: Any = profile.fields[part.name].value
            few: Any = profile.fields[whole.name].value
            if many is not None and few is not None and many > few:
                said = f"{part.header} {part.kind.text(many)} {part.unit}"
                total = f"{whole.header}只有 {whole.kind.text(few)} {whole.unit}"
                yield [profile.cell(part), profile.cell(whole)], f"{said}，{total}"


# -- people -------------------------------------------------------------------------------------

_POSTS = (
    (Profile.secretary, "村党组织书记"),
    (Profile.clerk, "村文书"),
)


@rule("X409", Level.WARNING)
def name_told_two_ways(case: Case) -> Objections:
    """村党组织书记、文书的姓名在两张表里不一致。

    原因：“基本情况”和“工作力量”填的是同一个人，姓名应当一致。

    改法：以现任为准改正；已经换人的，前任在“工作力量”里填“任职止”。
    """
    for profile in case.rows(Profile):
        for column, role in _POSTS:
            name = cast("str | None", profile.fields[column.name].value)
            people = [
                row for row in case.rows(Person) if row.role == role and row.name and not row.end
            ]
            listed = {each for person in people for each in names(person.name or "")}
            if not name or _masked(name, *listed):
                continue
            if listed and _solid(name) not in map(_solid, listed):
                cells: list[CellRef] = [profile.cell(column)]
                yield cells, f"“工作力量”里的{role}是{'、'.join(sorted(listed))}"


@rule("X410", Level.WARNING)
def owner_not_at_work(case: Case) -> Objections:
    """责任人不在“工作力量”表里。

    原因：登记了责任人的职务和电话，才便于督办。

    改法：姓名写错的请改正；漏登记的，在“工作力量”表里补一行。
    """
    listed = {each for row in case.rows(Person) if row.name for each in names(row.name)}
    if not listed:
        return
    owners: tuple[tuple[Sequence[Row], Column[tuple[str, ...]]], ...] = (
        (case.rows(Problem), Problem.owner),
        (case.rows(Measure), Measure.owner),
        (case.rows(Meeting), Meeting.owner),
    )
    for rows, column in owners:
        for row in rows:
            for name in cast("tuple[str, ...]", row.fields[column.name].value or ()):
                if name not in listed and not _masked(name):
                    yield [row.cell(column)], f"“{name}”不在“工作力量”表里"


def _solid(name: str) -> str:
    """Return a name without the blanks that spread it."""
    return "".join(name.split())


def _masked(*found: str) -> bool:
    """Say whether a mask lies over any of the names."""
    return any(is_mask(name) or has_mask(name) for name in found)


@rule("X411", Level.WARNING)
def main_type_without_problem(case: Case) -> Objections:
    """认定的主要类型没有对应的问题。

    原因：认定的类型要落到具体问题上，整改措施才有针对性。

    改法：在“存在问题”表里补填类型代码，或者改正主要类型。
    """
    problems = case.rows(Problem)
    kinds = [problem.types for problem in problems]
    if not kinds or None in kinds:
        return
    seen = {code for types in kinds for code in types or ()}
    for profile in case.rows(Profile):
        for code in profile.main_types or ():
            if code not in seen:
                yield [profile.cell(Profile.main_types)], f"“存在问题”表里没有类型为 {code} 的问题"
