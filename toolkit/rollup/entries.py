"""The villages of a rollup: whom the roster expects, who came in, and what became of each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from toolkit.forms import rollup, township
from toolkit.forms.ledgers import NO, YES, Contribution, Record
from toolkit.forms.rollup import Source


@dataclass(frozen=True)
class Entry:
    """One village's line of the rollup; `brought` is None where it is left out."""

    number: int
    town: str
    code: str
    name: str
    label: str  # as people name the village, with its code where another is called the same
    listed: str  # whether the roster has it, "" where there is no roster
    fate: str
    brought: Contribution | None
    secretary: str  # as the roster has it
    aside: tuple[str, ...]  # paths of its workbooks that are not taken

    def stamp(self) -> Record:
        """Return what every ledger line says of its village."""
        return {
            "village_no": self.number,
            "town": self.town,
            "village_code": self.code,
            "village": self.name,
        }


@dataclass(frozen=True)
class Entries:
    """Every village in its order, and the fate of every contribution by its key."""

    villages: tuple[Entry, ...]
    fates: Mapping[str, str]

    @property
    def taken(self) -> tuple[Entry, ...]:
        """The villages whose workbooks are in the figures."""
        return tuple(entry for entry in self.villages if entry.brought)


@dataclass
class _Village:
    """What was found of one village."""

    line: township.Village | None = None
    brought: list[Contribution] = field(default_factory=list)
    aside: list[tuple[str, str]] = field(default_factory=list)  # path and fate
    told: Contribution | None = None  # whoever tells its name, where the roster does not

    @property
    def code(self) -> str:
        """Its code, the roster's if it is on it with one."""
        return (self.line and self.line.code) or (self.told.code if self.told else "") or ""

    @property
    def name(self) -> str:
        """Its name, the roster's if it is on it."""
        return (self.line.village if self.line else self.told.village if self.told else "") or ""


def entries_of(
    brought: Sequence[Contribution],
    sources: Sequence[Source],
    roster: Sequence[township.Village],
    year: int,
) -> Entries:
    """Return the villages in the roster's order, then those it does not know.

    Of workbooks with the same content one is taken; of a village with several that differ none is,
    for nobody can tell which one counts.
    """
    found: dict[tuple[str, ...], _Village] = {}
    for line in roster:
        found.setdefault(_line_key(line), _Village(line))
    fates: dict[str, str] = {}
    first: dict[tuple[tuple[str, ...], str], Contribution] = {}
    for each in sorted(brought, key=_file_order):
        first.setdefault((_key(each, roster), each.sha256 or each.key), each)
    for each in sorted(brought, key=contribution_order):
        key = _key(each, roster)
        own = found.setdefault(key, _Village())
        own.told = own.told or each
        same = first[key, each.sha256 or each.key]
        if each.year not in {None, year}:
            fates[each.key] = f"{rollup.REFUSED}年度是 {each.year}，本次汇总 {year} 年度"
            own.aside.append((each.key, fates[each.key]))
        elif same is not each:
            other = same.name if same.name != each.name else same.path
            fates[each.key] = f"{rollup.IGNORED}与 {other} 内容相同"
        else:
            own.brought.append(each)
    for source in sorted(sources, key=source_order):
        known = _line_of(source, roster)
        if known is not None:
            found[_line_key(known)].aside.append((source.file, source.fate))
    for own in found.values():
        _set_blank_ones_aside(own, fates)
    names = Counter((own.name, _town(own)) for own in found.values())
    made: list[Entry] = []
    for own in found.values():
        alone = names[own.name, _town(own)] == 1
        listed = _listed(own, has_roster=bool(roster))
        made.append(_entry(own, len(made) + 1, fates, listed, alone=alone))
    return Entries(tuple(made), fates)


def _town(each: _Village) -> str:
    return each.told.town if each.told else ""


def _set_blank_ones_aside(own: _Village, fates: dict[str, str]) -> None:
    """Let no workbook count that is as it was issued, where one lies beside it that is not."""
    kept = [each for each in own.brought if not each.blank] or own.brought[:1]
    for each in own.brought:
        if each not in kept:
            other = f"，以 {kept[0].name} 为准" if len(kept) == 1 else ""
            fates[each.key] = f"{rollup.IGNORED}还没有填{other}"
    own.brought = kept


def _listed(each: _Village, *, has_roster: bool) -> str:
    """Return whether a village is on the roster; of a county, as its township has told."""
    if each.told and each.told.part:
        return each.told.listed
    return YES if each.line else NO if has_roster else ""


def _entry(
    each: _Village, number: int, fates: dict[str, str], listed: str, *, alone: bool
) -> Entry:
    """Return a village's line, and tell the fates of its workbooks."""
    label = in_short(each.name or each.code) or f"第 {number} 个村"
    told = each.told
    if told and told.part:
        label = f"{in_short(told.town)}{label}"
    elif each.name and not alone:
        label = f"{label}（{in_short(each.code) or f'第 {number} 个村'}）"
    brought = each.brought[0] if len(each.brought) == 1 else None
    if brought:
        fate = brought.fate or _fate(brought)
        fates[brought.key] = fate
    elif each.brought:
        held = "、".join(sorted(other.name for other in each.brought))
        fate = f"{rollup.REFUSED}有 {len(each.brought)} 份内容不同的工作簿（{held}），请只留一份"
        fates |= dict.fromkeys((other.key for other in each.brought), fate)
    else:
        fate = each.aside[0][1] if each.aside else rollup.ABSENT_FATE
    if brought and brought.fate.startswith((rollup.REFUSED, rollup.ABSENT_FATE)):
        brought = None  # of a county: the township has left it out
    paths = [path for path, _ in each.aside]
    paths += [other.key for other in each.brought if other is not brought]
    return Entry(
        number=number,
        town=_town(each),
        code=each.code,
        name=each.name,
        label=label,
        listed=listed,
        fate=fate,
        brought=brought,
        secretary=(each.line.secretary if each.line else "") or "",
        aside=tuple(dict.fromkeys(paths)),
    )


_LONGEST_NAME = 40  # characters, which no village's name has


def in_short(name: str) -> str:
    """Return a name as sentences hold it, whatever somebody has written into its cell."""
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"


def _fate(brought: Contribution) -> str:
    return rollup.TAKEN_WITH_ERRORS if brought.has_errors else rollup.TAKEN


def _key(each: Contribution, roster: Sequence[township.Village]) -> tuple[str, ...]:
    """Return what a workbook's village is known by: its code, else its name, else its file.

    A village in a township's rollup is the one that the township has told from all others.
    """
    if each.part:
        return ("", "part", each.key)
    line = township.whose(each.name, (each.code, each.issued), each.village, roster)
    if line:
        return _line_key(line)
    told = (("code", each.code), ("name", each.village), ("file", each.path or each.name))
    return next(("", kind, text) for kind, text in told if text)


def _line_key(line: township.Village) -> tuple[str, ...]:
    return ("", "line", *township.line_key(line))


def _line_of(source: Source, roster: Sequence[township.Village]) -> township.Village | None:
    """Return the roster's line of a file that could not be read, None where nothing tells it."""
    if not source.fate.startswith(rollup.REFUSED):
        return None
    code, name = source.code, source.village
    if not code and not name:
        code, name = township.issued_as(source.file)
    return township.find(roster, [code], name)


def _file_order(each: Contribution) -> tuple[tuple[bool, int, str], tuple[str, ...]]:
    """Return what tells which of several with the same content counts."""
    return township.file_order(each.name), contribution_order(each)


def contribution_order(each: Contribution) -> tuple[str, ...]:
    """Return what contributions are sorted by, so that their order never matters.

    What a township's rollup brings keeps the order that it has there.
    """
    if each.part:
        return (each.town, each.path, f"{each.part:06}")
    return ("", each.code, each.village, each.name, each.sha256, each.path)


def source_order(source: Source) -> tuple[str, ...]:
    """Return what sources are sorted by, so that their order never matters."""
    return (source.file, source.path, source.sha256, source.code, source.fate)
