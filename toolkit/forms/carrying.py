"""What a village's workbook of last year hands on to the new one: its profile and its people.

Law: nothing is reinterpreted. What stands there is copied as it stands, or as what it was read as
where the same words would mean something else in the new year; what is left out is said.
"""

import datetime as dt
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from toolkit.cells import Raw
from toolkit.forms import issuing, township, village
from toolkit.forms.village import Person, Profile
from toolkit.schema.columns import Column, Field
from toolkit.schema.form import Filling
from toolkit.schema.kinds import Context
from toolkit.schema.workbook import Workbook

OF_THE_YEAR: Mapping[Column[Any], str] = {
    Profile.year: "新工作簿是新一年的",
    Profile.plan_day: "方案每年重新制定，日期决定阶段和缺会从何时算起",
    Profile.cutoff: "每次填报的截止日期",
    Profile.income: "“上年”指的是另一年",
    Profile.operating: "是上年收入的一部分",
    Profile.debt: "年末的余额，旧数会被当成新数写进方案",
    Profile.main_types: "每年重新认定，上年的类型不能当作今年的",
    Profile.types_text: "同上，是上级当年认定时的原话",
    Profile.vacant: "说的是当年年初",
    Profile.appointed: "说的是当年",
    Profile.to_replace: "说的是当年年初",
    Profile.replaced: "说的是当年",
    Profile.trainings: "当年累计数，从零算起",
    Profile.county_trainings: "当年累计数，从零算起",
    Profile.campaigns: "当年累计数，从零算起",
    Profile.offences: "当年累计数，从零算起",
}
"""What belongs to its year and is never handed on, with the reason.

All else on the sheet describes the village: it may be out of date, and the village is told so.
"""


# -- whose workbook of which year -----------------------------------------------------------------


@dataclass(frozen=True)
class Forerunner:
    """A village's workbook of an earlier year, or the reason why there is none to go by."""

    book: Workbook | None = None
    why: str = ""


def forerunners(
    books: Iterable[Workbook], entries: Sequence[township.Village], year: int
) -> dict[township.Village, Forerunner]:
    """Return what each village on the roster is carried over from: the latest before the year."""
    found: dict[township.Village, list[Workbook]] = {}
    for book in books:
        entry = township.match(book, entries)
        if entry is not None and (village.plan_year(book) or year) < year:
            found.setdefault(entry, []).append(book)
    return {entry: _latest(found.get(entry, ())) for entry in entries}


def _latest(books: Sequence[Workbook]) -> Forerunner:
    if not books:
        return Forerunner(why="没有找到这个村以前年度的工作簿，只填了名册里的内容")
    last = max(village.plan_year(book) or 0 for book in books)
    latest = [book for book in books if village.plan_year(book) == last]
    if len(latest) > 1:
        alike = len({book.name for book in latest}) < len(latest)
        names = "、".join(sorted(book.path if alike else book.name for book in latest))
        return Forerunner(
            why=f"{last}年度的工作簿有 {len(latest)} 份（{names}），不知道以哪份为准，"
            "没有沿用。请只留一份后再发放"
        )
    return Forerunner(latest[0])


# -- what is handed on ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Carried:
    """What goes into a village's new workbook, and what is to be said of it."""

    filling: Filling
    notes: Sequence[str] = ()


def carried(last: Workbook, entry: township.Village, town: township.Township, year: int) -> Carried:
    """Return what the roster and the village's last workbook know; the roster is the newer."""
    made = _joined(last, entry, town, year, left_out=OF_THE_YEAR)
    what = f"沿用 {last.name} 的基本情况和工作力量 {len(made.filling[Person])} 行"
    return Carried(made.filling, [f"{what}，人口、党员等数字请村里核对更新", *made.notes])


def renewed(
    present: Workbook, entry: township.Village, town: township.Township, year: int
) -> Carried:
    """Return what a workbook of this year was issued with, as the roster has it by now."""
    return _joined(present, entry, town, year, left_out={})


def _joined(
    book: Workbook,
    entry: township.Village,
    town: township.Township,
    year: int,
    *,
    left_out: Container[Column[Any]],
) -> Carried:
    known = issuing.prefilled(entry, town, year)
    own = village.profile(book)
    profile = dict(known[Profile][0])
    notes: list[str] = []
    if own is not None:
        profile = {**_profile(own, profile, year, left_out), **profile}
        notes += _overruled(own, known[Profile][0])
    return Carried({Profile: [profile], Person: _persons(book, entry, year, notes)}, notes)


_PHONES = {Profile.secretary: Profile.secretary_phone, Profile.clerk: Profile.clerk_phone}


def _profile(
    own: Profile, known: Mapping[str, Raw], year: int, left_out: Container[Column[Any]]
) -> dict[str, Raw]:
    """Return what is handed on of a profile; nobody is given a predecessor's telephone."""
    kept = {
        column.name: as_meant(column, cell, year)
        for column, cell in own.filled()
        if column not in left_out
    }
    for person, phone in _PHONES.items():
        if _is_successor(own, person, known):
            kept.pop(phone.name, None)
    return kept


def _is_successor(own: Profile, person: Column[Any], known: Mapping[str, Raw]) -> bool:
    """Say whether the roster names another person than last year's workbook."""
    return person.name in known and not _alike(known[person.name], own.field(person))


def _overruled(own: Profile, known: Mapping[str, Raw]) -> Iterator[str]:
    """Yield what the roster says otherwise than last year's workbook."""
    places = (Profile.code, Profile.county, Profile.town, Profile.village, Profile.branch)
    for column in (*places, *_PHONES, *_PHONES.values()):
        cell = own.field(column)
        if column.name in known and not cell.empty and not _alike(known[column.name], cell):
            yield f"{column.header}由“{cell.seen.strip()}”改为“{known[column.name]}”，以名册为准"
    for person, phone in _PHONES.items():
        cell = own.field(phone)
        if _is_successor(own, person, known) and phone.name not in known and not cell.empty:
            yield f"{phone.header}“{cell.seen.strip()}”是前任的，没有带入"


def _alike(text: Raw, cell: Field) -> bool:
    """Say whether a cell holds a name, however its characters are spread."""
    return _bare(str(text)) == _bare(str(cell.value if cell.value is not None else cell.seen))


def _bare(text: str) -> str:
    return "".join(text.split())


def _persons(
    last: Workbook, entry: township.Village, year: int, notes: list[str]
) -> list[dict[str, Raw]]:
    """Return who is still at work on the first day of the year, the roster's posts as it says."""
    new_year = dt.date(year, 1, 1)
    people = last.rows(Person)
    stay = [person for person in people if village.in_office(person, new_year)]
    gone = [_called(person) for person in people if person not in stay]
    if gone:
        notes.append(f"{'、'.join(gone)}任职到上年为止，没有带入工作力量")
    records = {person: _record(person, year) for person in stay}
    phones = dict(
        zip(dict(issuing.posts(entry)), (entry.secretary_phone, entry.clerk_phone), strict=True)
    )
    added: list[dict[str, Raw]] = []
    for role, name in issuing.posts(entry):
        holders = [person for person in stay if person.role == role]
        same = [person for person in holders if _alike(name, person.field(Person.name))]
        for person in same:
            told, phone = phones[role], person.field(Person.phone)
            if told and not phone.empty and not _alike(told, phone):
                records[person]["phone"] = told
                notes.append(
                    f"工作力量里{name}的电话由“{phone.seen.strip()}”改为“{told}”，以名册为准"
                )
        if not name or same:
            continue
        fresh: dict[str, Raw] = {"role": role, "name": name}
        if len(holders) == 1:
            before = holders[0].field(Person.name).seen.strip()
            more = "，那一行的职务等没有带入" if len(records[holders[0]]) > len(fresh) else ""
            notes.append(f"工作力量里的{role}由“{before}”换成“{name}”，以名册为准{more}")
            records[holders[0]] = fresh
            continue
        if holders:
            notes.append(f"工作力量里的{role}有 {len(holders)} 人，都不是名册上的“{name}”，请核对")
        added.append(fresh)
    return [*records.values(), *added]


def _called(person: Person) -> str:
    """Return the name of a person, or what there is instead of one."""
    return person.field(Person.name).seen.strip() or f"第 {person.line} 行（没有姓名）"


def _record(person: Person, year: int) -> dict[str, Raw]:
    return {column.name: as_meant(column, cell, year) for column, cell in person.filled()}


def as_meant(column: Column[Any], cell: Field, year: int) -> Raw:
    """Return what stands in a cell, or what it meant where it would be read otherwise.

    “3月1日” is a day of its own year, and a number under “（元）” another number under “万元”.
    """
    value = cell.value
    if value is None or column.kind.read(cell.raw, Context(year)).value == value:
        return cell.raw
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, str | int | dt.date) else column.kind.text(value)
