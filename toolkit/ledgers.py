"""整顿台账 of a township or of single villages: as a workbook, and as a Word annex in landscape."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from toolkit import results
from toolkit.errors import ToolkitError, UsageError
from toolkit.flow import Judged
from toolkit.forms import lists, township, village
from toolkit.forms.lists import Part
from toolkit.garbage import uncollected
from toolkit.inbox import Inbox, look, open_governed, untracked
from toolkit.outputs import admit_folder
from toolkit.papers import office_style
from toolkit.report import Outcome, Track, Written, gravest
from toolkit.taking import Taken, take

BOOK, ANNEX = "整顿台账.xlsx", "整顿台账（附件）.docx"
"""The two files, where a folder is asked for."""
_MOST_REMEMBERED = 60  # villages whose cells an annex remembers, two or three kilobytes each


def ledger(
    paths: Sequence[Path], target: Path, as_of: dt.date, track: Track = untracked
) -> Outcome:
    """Workbooks to both ledgers in a folder, or to the one that a name asks for.

    A workbook named by hand is always taken; of a folder only those that the rollup takes and
    somebody has filled in. Exit code 4 where one is left out, or an annex was edited by hand.
    """
    sight = look(paths)
    single = not target.is_dir() and bool(target.suffix)
    if single:
        _admit(target, sight.inputs)
    else:
        admit_folder(target)
    named = {str(path) for path in sight.asked}
    with uncollected():
        inbox = open_governed(sight, track)
        taken = take(inbox, as_of, named)
        made = _write(inbox, taken, as_of, target, named=named, single=single)
    unfilled = [
        f"{each.book.name}：还没有填，没有收进台账。"
        for each in taken.blank
        if each.book.path not in named
    ]
    left_out = (*taken.left_out, *unfilled)
    more = (4 if left_out else 0, 3 if inbox.troubles else 0)
    code = gravest((made.exit_code, *more))
    troubles = (*inbox.troubles, *left_out, *made.troubles)
    return Outcome(made.written, troubles, code, inbox.passed_over)


def write_ledgers(done: Judged, folder: Path) -> Outcome:
    """What was handed in to both ledgers in a folder; an annex that somebody has edited stays.

    Exit code 4 where one does. What is left out is the rollup's to tell.
    """
    taken = take(done.inbox, done.as_of)
    if not taken.books:
        return Outcome(())
    return _write(done.inbox, taken, done.as_of, folder)


def _admit(target: Path, inputs: Sequence[Path]) -> None:
    """Refuse, by a UsageError or OutputError, a file that is neither of the two."""
    kinds = {".xlsx": lists.FORM_ID, ".docx": results.PAPER}
    kind = kinds.get(target.suffix.lower())
    if kind is None:
        raise UsageError(
            f"{target}：结果文件名要以 .xlsx 或 .docx 结尾，或者写文件夹的名字。请改正 -o。"
        )
    results.spare(target, kind, inputs)


def _write(  # noqa: PLR0913 -- what was handed in, and where it goes
    inbox: Inbox,
    taken: Taken,
    as_of: dt.date,
    target: Path,
    *,
    named: frozenset[str] | set[str] = frozenset(),
    single: bool = False,
) -> Outcome:
    """Write what is asked for; one that cannot be written does not stop the other."""
    held = [each for each in taken.blank if each.book.path in named]
    parts = [Part(each.village, each.book) for each in (*taken.books, *held)]
    if not parts:
        return Outcome((), ("没有读到填过的村级工作簿，台账没有生成。",), 3)
    places = (target,) if single else (target / BOOK, target / ANNEX)
    written: list[Written] = []
    troubles: list[str] = []
    codes: list[int] = []
    for place in places:
        try:
            written.append(_one(inbox, parts, as_of, place))
        except ToolkitError as error:
            troubles.append(str(error))
            codes.append(error.exit_code)
    return Outcome(tuple(written), tuple(troubles), gravest(codes))


def _one(inbox: Inbox, parts: Sequence[Part], as_of: dt.date, place: Path) -> Written:
    """Write the ledger that a file's name asks for."""
    if place.suffix.lower() == ".xlsx":
        return _book(inbox, parts, as_of, place)
    return _annex(inbox, parts, as_of, place)


def _book(inbox: Inbox, parts: Sequence[Part], as_of: dt.date, place: Path) -> Written:
    from toolkit.excel.ledger_book import build_lists  # noqa: PLC0415 -- XlsxWriter loads slowly

    ways = {part.book.path: results.way_to(place.parent, Path(part.book.path)) for part in parts}
    views = lists.views(parts, as_of)
    data = build_lists(views, _whose(inbox, parts), as_of, ways)
    problems, measures, *_ = (len(view.lines) for view in views)
    note = f"{len(parts)} 个村，问题 {problems} 个，措施 {measures} 条。"
    return results.replace(place, data, lists.FORM_ID, note)


def _annex(inbox: Inbox, parts: Sequence[Part], as_of: dt.date, place: Path) -> Written:
    from toolkit.word.annex import write_annex  # noqa: PLC0415 -- python-docx loads slowly

    _, typography = office_style(inbox.settings)
    year = village.plan_year(parts[0].book)
    title = f"{_whose(inbox, parts)}{f'{year}年度' if year else ''}整顿台账"
    answers = list(lists.answers(parts, as_of))
    data = write_annex(title, answers, as_of, _marks(parts, as_of), typography)
    return results.rewrite(place, data, f"{len(answers)} 行。")


def _marks(parts: Sequence[Part], as_of: dt.date) -> Mapping[str, str]:
    """Return the properties that remember the workbooks; of many villages only their files."""
    from toolkit.word.fingerprint import AS_OF, SOURCE, digest_of  # noqa: PLC0415 -- with the annex only
    from toolkit.word.making import source_of  # noqa: PLC0415 -- as above

    if len(parts) <= _MOST_REMEMBERED:
        return source_of(as_of, *(part.book for part in parts)).marks
    return {SOURCE: digest_of(part.book for part in parts), AS_OF: as_of.isoformat()}


def _whose(inbox: Inbox, parts: Sequence[Part]) -> str:
    """Return whose ledger it is: the township's, or the only village's."""
    rows = inbox.town_book.rows(township.Township) if inbox.town_book else ()
    own = next((row.town for row in rows if row.town), "") or _town_of(parts)
    return f"{own}{parts[0].village}" if len(parts) == 1 else own


def _town_of(parts: Sequence[Part]) -> str:
    """Return the township as its villages name it, "" where they do not agree."""
    found = {profile.town for part in parts if (profile := village.profile(part.book))}
    return (found.pop() or "") if len(found) == 1 else ""
