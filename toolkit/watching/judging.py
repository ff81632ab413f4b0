"""A township judged again and again: each workbook by itself once, the villages each time.

Law: what is found is the very same as `check` finds, in the same order.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from toolkit import flow
from toolkit.findings import Finding
from toolkit.forms.parameters import Parameters
from toolkit.garbage import uncollected
from toolkit.inbox import Inbox, Sight, open_all
from toolkit.report import CheckReport
from toolkit.rules.cases import case_of, parameters_of
from toolkit.rules.catalogue import ALONE, OF_TOWNSHIP, TOGETHER
from toolkit.rules.rule import Waiver, apply_rules, order_in
from toolkit.schema.workbook import Workbook


@dataclass(frozen=True, slots=True)
class _Judged:
    """A workbook judged by itself: what it was judged by, its answers, what was found."""

    book: Workbook
    as_of: dt.date
    parameters: Parameters
    waivers: tuple[Waiver, ...]
    findings: tuple[Finding, ...]

    def holds(self, book: Workbook, as_of: dt.date, parameters: Parameters) -> bool:
        """Say whether it would be judged alike again."""
        return self.book is book and (self.as_of, self.parameters) == (as_of, parameters)


class Judge:
    """Judges what lies there as `check` does, and remembers what each workbook was found to be."""

    def __init__(self) -> None:
        self._known: dict[str, _Judged] = {}

    def check(self, sight: Sight, as_of: dt.date) -> CheckReport:
        """Return what is found in what lies there, unlike `check` also where that is nothing.

        Raises UsageError where there are two township workbooks.
        """
        with uncollected():
            inbox = open_all(sight)
            whole = flow.is_whole(sight, inbox)
            findings = self._found(inbox, as_of, whole=whole)
            return flow.report_of(flow.Judged(inbox, findings, as_of, whole))

    def _found(self, inbox: Inbox, as_of: dt.date, *, whole: bool) -> tuple[Finding, ...]:
        """Return the findings on an inbox, its township workbook's own among them."""
        parameters = parameters_of(inbox.settings)
        own = [self._by_itself(book, as_of, parameters) for book in inbox.villages]
        self._known = {each.book.path: each for each in own}
        case = case_of(
            inbox.villages,
            as_of,
            inbox.roster if whole else (),
            parameters,
            waivers=tuple(chain.from_iterable(each.waivers for each in own)),
        )
        together: dict[str, list[Finding]] = defaultdict(list)
        for finding in apply_rules(TOGETHER, case):
            together[finding.file].append(finding)
        found: dict[str, Sequence[Finding]] = {
            each.book.path: _merged(each, together.pop(each.book.path, ())) for each in own
        }
        found |= together  # on the roster
        on_town = flow.judge(replace(inbox, villages=()), as_of, OF_TOWNSHIP, whole=whole)
        return (*chain.from_iterable(found[file] for file in sorted(found)), *on_town)

    def _by_itself(self, book: Workbook, as_of: dt.date, parameters: Parameters) -> _Judged:
        known = self._known.get(book.path)
        if known and known.holds(book, as_of, parameters):
            return known
        case = case_of((book,), as_of, (), parameters)
        return _Judged(book, as_of, parameters, case.waivers, apply_rules(ALONE, case))


def _merged(own: _Judged, together: Sequence[Finding]) -> Sequence[Finding]:
    """Return what is found in a workbook by either sort of rules, as people read a file."""
    if not together:
        return own.findings
    return sorted((*own.findings, *together), key=order_in(own.book))
