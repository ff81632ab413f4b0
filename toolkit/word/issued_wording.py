"""The wording of 印发通知 with that of the plan which follows the notice in the same paper."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from toolkit.forms.township import ISSUED
from toolkit.word.content import COPIES, DAY, ENCLOSED, ORGAN, TITLE, TO, Content, Line
from toolkit.word.document import PLAN
from toolkit.word.scope import Scope
from toolkit.word.wording import template_from

_OF_THE_NOTICE = frozenset({TO, ORGAN, DAY, COPIES})
"""What the notice says for both: an issued text is not addressed, signed and dated again."""


@dataclass(frozen=True)
class IssuedContent(Content):
    """The template of a notice, with that of the plan which follows it on a page of its own."""

    notice: Content
    plan: Content

    def fill(self, scope: Scope) -> tuple[Line, ...]:
        """Return the paragraphs of both; the plan without addressee, signature and date."""
        return (*self.notice.fill(scope), *_enclosed(self.plan.fill(scope)))


def joined(notice: Content, plan: Content) -> IssuedContent:
    """Return the wording of a notice and of the plan that it issues."""
    return IssuedContent(notice.name, (*notice.nodes, *plan.nodes), notice, plan)


def _enclosed(lines: tuple[Line, ...]) -> Iterator[Line]:
    for line in lines:
        if line.style == TITLE:
            yield replace(line, style=ENCLOSED)
        elif line.style not in _OF_THE_NOTICE:
            yield line


def wording_of(name: str, own: Callable[[str], Path | None]) -> Content:
    """Return what words a paper of some sort: one template, or those of notice and plan.

    Raises TemplateError where one of the office's own is of no use.
    """
    content = template_from(name, own(name))
    return joined(content, template_from(PLAN, own(PLAN))) if name == ISSUED else content
