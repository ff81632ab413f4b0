"""整顿方案 as the township issues it: a notice under the red head, the plan on the pages behind."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit.errors import UsageError
from toolkit.forms import village
from toolkit.forms.township import ISSUED, Township, formality
from toolkit.inbox import Inbox, untracked
from toolkit.papers import USUAL, Manner, Paper, Worded, Wording, write_papers
from toolkit.report import Outcome, Track
from toolkit.schema.workbook import Workbook
from toolkit.word.document import PLAN


@dataclass(frozen=True, slots=True)
class Templates:
    """The office's own wording of the notice and of the plan; None where it has none."""

    notice: Path | None = None
    plan: Path | None = None


STANDARD = Templates()
"""The package's own wording."""


def write_issued(  # noqa: PLR0913, PLR0917 -- what `write_papers` takes, and two templates
    paths: Sequence[Path],
    target: Path,
    as_of: dt.date,
    templates: Templates = STANDARD,
    track: Track = untracked,
    manner: Manner = USUAL,
) -> Outcome:
    """Village workbooks to the plans as the township issues them, a file each.

    Raises TemplateError where the office's wording is of no use. Where there is no township
    workbook, or it does not say what the committee is called, none is made: nobody would issue it.
    """
    worded = issued_wording(as_of, templates)
    return write_papers(
        Paper(ISSUED, templates.notice, as_of), paths, target, track, manner, worded
    )


def issued_wording(as_of: dt.date, templates: Templates = STANDARD) -> Wording:
    """Return what words the plan of a village as the township issues it.

    Raises TemplateError where the office's wording is of no use; what it returns, a UsageError
    where nobody is told who issues papers.
    """
    from toolkit.word.issued_vocabulary import issued_vocabulary  # noqa: PLC0415 -- python-docx loads slowly
    from toolkit.word.issued_wording import joined  # noqa: PLC0415 -- as above
    from toolkit.word.vocabulary import vocabulary  # noqa: PLC0415 -- as above
    from toolkit.word.wording import template_from  # noqa: PLC0415 -- as above

    plan = template_from(PLAN, templates.plan)
    content = joined(template_from(ISSUED, templates.notice), plan)

    def worded(inbox: Inbox, book: Workbook) -> Iterator[Worded]:
        town = _require_issuer(inbox)
        name, code = village.village_name(book), village.village_code(book)
        row = formality(town, ISSUED, name, code)
        scope = issued_vocabulary(vocabulary(book, as_of), town, row, plan)
        yield Worded(ISSUED, scope, content)

    return worded


def _require_issuer(inbox: Inbox) -> Workbook:
    """Return the township's workbook; a UsageError where it does not say who issues papers."""
    town = inbox.town_book
    if town is None:
        raise UsageError("没有找到镇级工作簿，不知道由谁印发。请把它放在村级工作簿旁边再试。")
    if not any(row.committee for row in town.rows(Township)):
        raise UsageError("镇级工作簿的“镇情”表没有填镇党委全称，不知道由谁印发。请填好再试。")
    return town
