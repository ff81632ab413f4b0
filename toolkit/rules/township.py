"""T7xx: the villages of a township together: roster, duplicates, year, versions, copied text."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from toolkit.findings import Level
from toolkit.forms import village
from toolkit.forms.township import MONTHLY, Formality, Village, line_key, match, year_of
from toolkit.forms.village import Person, Problem, Profile, plan_year, village_code, village_name
from toolkit.rules.rule import (
    Case,
    Objections,
    Place,
    SheetRef,
    Stage,
    quoted,
    rule,
    shortened,
    version,
)
from toolkit.schema.columns import Column, Row
from toolkit.schema.workbook import Workbook

_FILE_NAME = re.compile(r"([0-9]{2,12})-[^-0-9][^-]*(?:-(20[0-9]{2})(?![0-9]))?")
"""A file's name as issued, with anything behind it: 0203-上河村-2022 (1).xlsx."""
_MOBILE = re.compile("1[0-9]{10}")  # a landline may well serve two offices
_COPIED = 30
"""Characters from which two villages hardly hit on the same words."""


def _villages(case: Case) -> Iterator[Workbook]:
    """Yield the village workbooks of a case."""
    for book in case.books:
        if book.form.id == village.FORM.id:
            yield book


def _at(book: Workbook, column: Column[Any]) -> Place:
    """Return a cell of the profile, the file where it has none."""
    profile = village.profile(book)
    if profile is None or not profile.field(column).column:
        return SheetRef(book.path)
    return profile.cell(column)


def _roster(case: Case) -> list[Village]:
    return [row for row in case.roster if isinstance(row, Village) and (row.code or row.village)]


def _code(book: Workbook, roster: Sequence[Village]) -> str:
    """Return the code a village goes by: the roster's, else its own."""
    row = match(book, roster)
    return (row.code if row else "") or village_code(book)


@rule("T701", Level.WARNING)
def village_not_handed_in(case: Case) -> Objections:
    """村名册上的村没有报送工作簿。

    原因：缺少一个村，汇总数就不完整。

    改法：催报后重新核对；已报送但打不开的，换成能打开的；不再列为整顿对象的，从村名册里删去。
    """
    roster = _roster(case)
    handed_in = {line_key(row) for book in _villages(case) if (row := match(book, roster))}
    for key, row in {line_key(row): row for row in roster}.items():
        if key not in handed_in:
            yield (
                [row.cell(Village.code if row.code else Village.village)],
                f"没有读到{shortened(row.village or row.code or '')}的工作簿",
            )


@rule("T702", Level.WARNING)
def village_not_on_roster(case: Case) -> Objections:
    """报送工作簿的村不在村名册上。

    原因：村名册上没有的村不在清点范围内，也可能是村代码填错。

    改法：核对村代码；确属整顿对象的，在镇级工作簿的村名册里补上。
    """
    roster = _roster(case)
    for book in _villages(case) if roster else ():
        code = village_code(book)
        if code and match(book, roster) is None:
            yield [_at(book, Profile.code)], f"村代码 {code} 不在村名册里"


@rule("T703", Level.ERROR)
def village_handed_in_twice(case: Case) -> Objections:
    """同一个村报送了两份工作簿。

    原因：两份都汇总会重复统计，只汇总一份又无法确定以哪份为准。

    改法：只留最新的一份，其余移到别的文件夹。
    """
    roster = _roster(case)
    by_village = defaultdict(list)
    for book in _villages(case):
        row = match(book, roster)
        by_village[line_key(row) if row else (village_code(book), "")].append(book)
    for (code, name), same in by_village.items():
        prints = {same[0].facts.sha256}
        for book in same[1:] if code or name else ():
            if book.facts.sha256 and book.facts.sha256 in prints:
                continue  # T707 speaks of the very same file
            prints.add(book.facts.sha256)
            other = same[0].name if same[0].name != book.name else same[0].path
            alike = village_code(book) == village_code(same[0])
            words = f"村代码都是 {code}" if alike and code else f"都是村名册上 {code or name} 的"
            yield [_at(book, Profile.code)], f"与 {other} 重复，{words}"


@rule("T704", Level.ERROR)
def another_year(case: Case) -> Objections:
    """工作簿不是本年度的。

    原因：往年的数会混入本年度的汇总。

    改法：换成本年度的工作簿；只是年度填错的，改正年度。
    """
    year = year_of(_villages(case), case.parameters.year, case.as_of.year)
    for book in _villages(case):
        own = plan_year(book)
        if own and own != year:
            yield [_at(book, Profile.year)], f"年度是{own}年，本轮整顿是{year}年"


@rule("T705", Level.WARNING)
def older_than_the_others(case: Case) -> Objections:
    """工作簿的版本比其他村旧。

    原因：版本不一致，各村填报的栏目不同，汇总会有空白。

    改法：由镇党建办用 upgrade 命令升级，内容原样保留。
    """
    books = list(_villages(case))
    newest = max((version(book.identity.version) for book in books), default=())
    for book in books:
        if () < version(book.identity.version) < newest:
            spelled = ".".join(map(str, newest))
            words = f"版本 {book.identity.version}，其他村已用 {spelled}"
            yield [SheetRef(book.path)], words


@rule("T706", Level.ERROR)
def issued_to_another_village(case: Case) -> Objections:
    """工作簿是发给其他村的。

    原因：填报的村代码与发放时写在文件里的、或村名册上的不同，可能用错了工作簿。

    改法：换用发给本村的工作簿；村代码填错的，改正村代码。
    """
    roster = _roster(case)
    for book in _villages(case):
        profile, issued = village.profile(book), book.identity.code
        if not profile or not profile.code:
            continue
        listed = _code(book, roster)
        if issued and profile.code != issued:
            words = f"这份工作簿是发给 {issued} 的"
        elif profile.code != listed:
            words = f"村名册上是 {listed}"
        else:
            continue
        filled = f"{village_name(book)}填的村代码是 {profile.code}"
        yield [_at(book, Profile.code)], f"{filled}，{words}"


@rule("T707", Level.ERROR)
def same_file_twice(case: Case) -> Objections:
    """同一份工作簿报送了两遍。

    原因：两份内容完全一样，都汇总会重复统计。

    改法：删去其中一份，留哪一份都可以。
    """
    first: dict[str, Workbook] = {}
    for book in _villages(case):
        same = first.setdefault(book.facts.sha256 or book.path, book)
        if same is not book:
            other = same.name if same.name != book.name else same.path
            yield [SheetRef(book.path)], f"与 {other} 完全相同"


@rule("T708", Level.INFO)
def phone_of_another_person(case: Case) -> Objections:
    """同一个手机号在两个村是不同的人。

    原因：号码填错，催办和核实时会打给别人。

    改法：核对号码是谁的，改正填错的一处；确实共用的可以不改。
    """
    first: dict[str, tuple[Workbook, str]] = {}
    for book in _villages(case):
        for row, phone, person in _mobiles(book):
            number, name = row.fields[phone.name].value, _name(row, person)
            other, namesake = first.setdefault(str(number), (book, name))
            if other is not book and namesake != name:
                yield (
                    [row.cell(phone)],
                    f"{other.name} 里这个号码是{shortened(namesake)}的，这里是{shortened(name)}的",
                )


@rule("T709", Level.INFO)
def name_unlike_the_roster(case: Case) -> Objections:
    """村党组织书记或文书的姓名与村名册不一致。

    原因：换了人而名册没有更新，或者姓名写错，催办通知会发错人。

    改法：姓名写错的改正；换了人的，在镇级工作簿的村名册里更新。
    """
    roster = _roster(case)
    asked = ((Profile.secretary, Village.secretary), (Profile.clerk, Village.clerk))
    for book in _villages(case) if roster else ():
        profile, listed = village.profile(book), match(book, roster)
        if profile is None or listed is None:
            continue
        for own, known in asked:
            name, on_roster = _name(profile, own), _name(listed, known)
            if name and on_roster and name != on_roster:
                yield [profile.cell(own)], f"村名册上是{shortened(on_roster)}"


@rule("T710", Level.INFO, Stage.TRIAL)
def text_copied_between_villages(case: Case) -> Objections:
    """两个村的问题写得一字不差。

    原因：各村情况不同，照抄的问题查摆容易在检查中被退回。

    改法：按本村的实际情况改写，写明本村的现象、数字和原因；确属共性问题的可以不改。
    """
    roster = _roster(case)
    first: dict[str, tuple[str, Workbook]] = {}
    for book in _villages(case):
        code = _code(book, roster) or book.path
        for problem in book.rows(Problem):
            text = "".join((problem.description or "").split())
            if len(text) < _COPIED:
                continue
            other, copied = first.setdefault(text, (code, book))
            if other != code:
                yield [problem.cell(Problem.description)], f"与 {copied.name} 里的一字不差"


@rule("T711", Level.WARNING)
def issued_for_another_year(case: Case) -> Objections:
    """工作簿是往年发放的，年度改成了本年度。

    原因：在往年的工作簿上改填，往年的问题、会议和数字容易混进来。

    改法：换用本年度发放的工作簿；确认没有往年内容的，在“情况说明”表里写明。
    """
    year = year_of(_villages(case), case.parameters.year, case.as_of.year)
    for book in _villages(case):
        issued = book.identity.year
        if issued.isdecimal() and plan_year(book) == year != int(issued):  # else T704 speaks
            yield [_at(book, Profile.year)], f"年度填的是{year}年，发放时是{issued}年"


@rule("T712", Level.WARNING, Stage.TRIAL)
def file_name_unlike_the_content(case: Case) -> Objections:
    """文件名与工作簿里填的村代码或年度不一致。

    原因：可能存错了文件名，也可能在别的村、往年的工作簿上填报。

    改法：核对村代码和年度；内容无误的，按“村代码-村名-年度”改文件名。
    """
    for book in _villages(case):
        named, profile = _FILE_NAME.match(book.name), village.profile(book)
        if named is None:
            continue
        codes = [code for code in (profile and profile.code, book.identity.code) if code]
        years = [year for year in (profile and profile.year, book.identity.year) if year]
        code, year = named.groups()
        # 01-上河村.xlsx is numbered in an order of somebody's own.
        if codes and code not in codes and len(code) == len(codes[0]):
            yield [SheetRef(book.path)], f"文件名上是 {code}，里面填的村代码是 {codes[0]}"
        if years and year and year not in map(str, years):
            yield [SheetRef(book.path)], f"文件名上是{year}年，里面填的是{years[0]}年"


@rule("T713", Level.ERROR)
def formality_that_no_paper_bears(case: Case) -> Objections:
    """公文要素里有一行用不上。

    原因：同一种文稿、同一个村（每月都要出的，同一个月）只用第一行，村名册里没有的村没有文稿，这一行的文号、抄送等不会印上公文。

    改法：重复的合成一行，发文字号以登记的为准；村名写错的，照村名册改正。
    """
    for book in case.books:
        listed = {name for row in book.rows(Village) for name in (row.village, row.code)}
        first: dict[tuple[str, ...], Formality] = {}
        for row in book.rows(Formality):
            if not row.sort:
                continue
            name = row.village or ""
            month = (row.month or "") if row.sort in MONTHLY else ""
            same = first.setdefault((row.sort, name, month), row)
            if same is not row:
                whose = f"{shortened(name)}的" if name else "各村共用的"
                what = f"{row.sort}（{month}）" if month else row.sort
                yield [row.cell(Formality.sort)], f"{whose}{what}在第 {same.line} 行已有一行"
            elif name and name not in listed:
                yield [row.cell(Formality.village)], f"村名册里没有{quoted(name)}"


@rule("T714", Level.ERROR)
def document_number_of_two_papers(case: Case) -> Objections:
    """同一个发文字号填在公文要素的两行里。

    原因：一份公文一个号；两行同号，两份公文就印成同一个号，登记簿上查不清是哪一份。

    改法：对照发文登记簿，把用错的一行改成它自己的号；还没有登记的先空着。
    """
    for book in case.books:
        first: dict[str, Formality] = {}
        for row in book.rows(Formality):
            same = first.setdefault(row.number, row) if row.number else row
            if same is not row:
                yield [row.cell(Formality.number)], f"{row.number}在第 {same.line} 行已用过"


_PHONES = ((Profile.secretary_phone, Profile.secretary), (Profile.clerk_phone, Profile.clerk))


def _mobiles(book: Workbook) -> Iterator[tuple[Row, Column[str], Column[str]]]:
    """Yield each person's row with the columns of mobile number and name, where both are told."""
    rows: list[tuple[Row, Column[str], Column[str]]] = [
        (profile, *columns) for profile in book.rows(Profile) for columns in _PHONES
    ]
    rows += [(person, Person.phone, Person.name) for person in book.rows(Person)]
    for row, phone, person in rows:
        held = row.field(phone)
        if not held.masked and _MOBILE.fullmatch(str(held.value)) and _name(row, person):
            yield row, phone, person


def _name(row: Row, column: Column[str]) -> str:
    """Return a name as it is compared, "" where it is masked or not told."""
    held = row.field(column)
    return "" if held.masked or held.value is None else "".join(str(held.value).split())
