"""T7xx: the villages of a township together: roster, duplicates, year, versions."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from toolkit.findings import Level
from toolkit.forms import village
from toolkit.forms.township import Village, match, year_of
from toolkit.forms.village import Profile, plan_year, village_code, village_name
from toolkit.rules.rule import Case, Objections, Place, SheetRef, rule, version
from toolkit.schema.columns import Column
from toolkit.schema.workbook import Workbook


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
    return [row for row in case.roster if isinstance(row, Village) and row.code]


def _code(book: Workbook, roster: Sequence[Village]) -> str:
    """Return the code a village goes by: the roster's, else its own."""
    row = match(book, roster)
    return (row.code if row else "") or village_code(book)


@rule("T701", Level.WARNING)
def village_not_handed_in(case: Case) -> Objections:
    """村名册上的村没有交工作簿。

    原因：缺少一个村，汇总数就不完整。

    改法：催交后重新核对；交了但打不开的，换成能打开的；不再列为整顿对象的，从村名册里删去。
    """
    roster = _roster(case)
    handed_in = {_code(book, roster) for book in _villages(case)}
    for row in roster:
        if row.code not in handed_in:
            yield [row.cell(Village.code)], f"没有读到{row.village or row.code}的工作簿"


@rule("T702", Level.WARNING)
def village_not_on_roster(case: Case) -> Objections:
    """交工作簿的村不在村名册上。

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
    """同一个村交了两份工作簿。

    原因：两份都汇总会重复统计，只汇总一份又无法确定以哪份为准。

    改法：只留最新的一份，其余移到别的文件夹。
    """
    roster = _roster(case)
    by_code = defaultdict(list)
    for book in _villages(case):
        by_code[_code(book, roster)].append(book)
    for code, same in by_code.items():
        for book in same[1:] if code else ():
            other = same[0].name if same[0].name != book.name else same[0].path
            alike = village_code(book) == village_code(same[0])
            words = f"村代码都是 {code}" if alike else f"都是村名册上 {code} 的"
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
            yield [_at(book, Profile.year)], f"年度是 {own} 年，本轮整顿是 {year} 年"


@rule("T705", Level.WARNING)
def older_than_the_others(case: Case) -> Objections:
    """工作簿的版本比其他村旧。

    原因：版本不一致，各村填报的栏目不同，汇总会有空白。

    改法：请向镇党建办领取新版工作簿，把内容复制过去，再补填新增的栏目。
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
