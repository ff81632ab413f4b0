"""Code lists: the agreed terms of a dropdown, and the other words people write for them."""

from dataclasses import dataclass
from functools import cached_property

from toolkit.schema.texts import tidy


@dataclass(frozen=True, slots=True)
class Term:
    """One agreed term; `code` is what records hold, `label` what people read."""

    code: str
    label: str = ""
    synonyms: tuple[str, ...] = ()
    text: str = ""

    @property
    def shown(self) -> str:
        """The entry as the dropdown shows it.

        >>> Term("R01", "班子缺配").shown, Term("已完成").shown
        ('R01 班子缺配', '已完成')
        """
        return f"{self.code} {self.label}" if self.label else self.code


@dataclass(frozen=True)
class CodeList:
    """A dropdown's terms under the name that its dictionary column carries."""

    name: str
    terms: tuple[Term, ...]

    @cached_property
    def _known(self) -> dict[str, Term]:
        known: dict[str, Term] = {}
        for term in self.terms:
            text = term.text.removesuffix("的")
            for word in (*term.synonyms, term.label, term.text, text, term.code, term.shown):
                if word:
                    known[word] = known[_folded(word)] = term
        return known

    def find(self, text: str) -> Term | None:
        """Return the term that a text names by code, label, full wording or synonym."""
        return self._known.get(text) or self._known.get(_folded(text))

    @property
    def shown(self) -> tuple[str, ...]:
        """The entries in dropdown order."""
        return tuple(term.shown for term in self.terms)


def _folded(word: str) -> str:
    r"""Return a word without what does not count: width, case, blanks, marks at its ends.

    >>> _folded("“已 完\n成”。"), _folded("Ｒ０１")
    ('已完成', 'r01')
    """
    return "".join(tidy(word).split()).strip("。.,;:、“”\"'").casefold()
