"""What is said of a name that a template cannot use where it stands, and what it may use instead.

Each sentence begins with the placeholder as it was written and ends with what to do.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from toolkit.word.scope import Path, Scope, Scopes, find, table_names, value_names, walk

LOOP, WHEN = "逐行", "如有"
"""The words that begin a loop and a condition."""

_MOST_NAMES = 10  # offered in a message
_MOST_LOOPS = 3  # as well
_NEAR = 75  # per cent of likeness from which a text in brackets looks like a name


def no_value(name: str, scopes: Scopes, open_loops: Path) -> str:
    """Return what is said of 【name】 where it is no value."""
    written = f"【{name}】"
    rows = find(name, scopes)
    if rows is not None and not isinstance(rows, str):
        return f"{written}{_no_single(name, rows)}"
    return f"{written}{_elsewhere(name, scopes, open_loops, tables=False)}"


def no_table(name: str, scopes: Scopes, open_loops: Path) -> str:
    """Return what is said of 【逐行：name】 where it is no table."""
    written = f"【{LOOP}：{name}】"
    if isinstance(find(name, scopes), str):
        told = f"“{name}”是一项内容，不是表，请直接写【{name}】"
        return f"{written}里的{told}。{_offer(name, table_names(scopes), '可用的表有')}"
    return f"{written}{_elsewhere(name, scopes, open_loops, tables=True)}"


def nothing(name: str, scopes: Scopes, open_loops: Path) -> str:
    """Return what is said of 【如有：name】 where it is neither."""
    return f"【{WHEN}：{name}】{_elsewhere(name, scopes, open_loops)}"


def _no_single(name: str, rows: Sequence[Scope]) -> str:
    told = f"是一张表，不是一项内容。请写【{LOOP}：{name}】…【结束】"
    columns = tuple(rows[0].values) if rows else ()
    return f"{told}，里面可用的有：{_some(columns)}。" if columns else f"{told}。"


def _some(names: Sequence[str]) -> str:
    more = "等" if len(names) > _MOST_NAMES else ""
    return "、".join(names[:_MOST_NAMES]) + more


def _elsewhere(name: str, scopes: Scopes, open_loops: Path, *, tables: bool | None = None) -> str:
    """Return in which loops a name can be used, or, where it is unknown, which are near."""
    whole = scopes[-1]
    loops = [
        _way(path, open_loops)
        for path, scope in walk(whole)
        if path and _has(scope, name, tables=tables)
    ]
    if loops:
        found = tuple(dict.fromkeys(loops))
        more = "等" if len(found) > _MOST_LOOPS else ""
        return f"只能用在{'、'.join(found[:_MOST_LOOPS])}{more}里。请移到里面，或换一个名称。"
    names: list[str] = []
    if tables is not True:
        names += value_names(scopes)
    if tables is not False:
        names += table_names(scopes)
    return f"没有对应的内容。{_offer(name, names)}"


def _has(scope: Scope, name: str, *, tables: bool | None) -> bool:
    return (tables is not True and name in scope.values) or (
        tables is not False and name in scope.tables
    )


def _way(path: Path, open_loops: Path) -> str:
    """Return the loops that must still be opened to come to a table."""
    missing = [table for table in path if table not in open_loops] or path[-1:]
    return "里的".join(f"【{LOOP}：{table}】" for table in missing)


def _offer(name: str, names: Iterable[str], words: str = "可用的有") -> str:
    """Return the names that exist, of many the nearest."""
    known = tuple(dict.fromkeys(names))
    if len(known) <= _MOST_NAMES:
        return f"{words}：{'、'.join(known)}。" if known else "这里没有可用的名称。"
    from rapidfuzz import process  # noqa: PLC0415 -- only a slip in a template pays for it

    near = [hit[0] for hit in process.extract(name, known, limit=_MOST_NAMES)]
    return f"相近的有：{'、'.join(near)}（共 {len(known)} 个可用）。"


def near_miss(text: str, names: Collection[str]) -> str:
    """Return the name that a text in other brackets may have been meant for, "" for none."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 -- as above

    hit = process.extractOne(text, names, scorer=fuzz.ratio, score_cutoff=_NEAR)
    return str(hit[0]) if hit else ""


def every_name(specimen: Scope) -> Mapping[str, None]:
    """Return each name that a template can use somewhere, values and tables."""
    return dict.fromkeys(
        name for _, scope in walk(specimen) for name in (*scope.values, *scope.tables)
    )
