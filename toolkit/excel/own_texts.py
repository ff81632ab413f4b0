"""The texts that a form itself puts on its sheets: told from what people wrote there.

One notion for all who must tell the two apart: the reader, which lists what nobody reads, and the
upgrade, which parks it. Of an older form it is what the old file's own 填写说明 repeats.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from toolkit.cells import Filled
from toolkit.schema.columns import Column, Row
from toolkit.schema.form import VERTICAL_HEADERS, Form
from toolkit.schema.kinds import as_text
from toolkit.schema.texts import header_form

_SHEETS, _COLUMNS = ("工作表", "已填"), ("工作表", "栏目")
"""How the headers of the two tables of 填写说明 begin; every version has had them."""

_SHEET, _HEADER, _EXPLAINED, _EXAMPLE = 0, 1, 3, 4
_UNIT = re.compile(r"单位：([^。]*)。")
_CHOICES = "可选："
_ROUND_A_TITLE = re.compile(
    r"(?:附件|附表|表)?[(]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})?[)]?[.、:_-]?"
    r"(?P<title>.+?)(?:一览)?表?(?:[(]?续[表0-9一二三四五]?[)]?)?"
)

Texts = frozenset[str]
"""Texts as they are compared: without blanks, width and marks of the required."""


@dataclass(frozen=True, slots=True)
class OwnTexts:
    """What a form writes on its sheets; sheets go by their titles as they are compared."""

    headings: Mapping[str, Texts]  # of each sheet: its title and its hint
    labels: Mapping[str, Mapping[str, Texts]]  # of each sheet: headers, and the texts beside them

    def headings_of(self, titles: Sequence[str]) -> Texts:
        """Return title and hint of a sheet that goes, or went, by these titles."""
        return _texts(*titles).union(*(self.headings.get(header_form(t), ()) for t in titles))

    def labels_of(self, titles: Iterable[str]) -> Mapping[str, Texts]:
        """Return the headers of such a sheet, with the texts that stand beside their fields."""
        found: dict[str, Texts] = {}
        for title in titles:
            for label, beside in self.labels.get(header_form(title), {}).items():
                found[label] = found.get(label, frozenset()) | beside
        return found


def names_of(row: type[Row], title: str) -> tuple[str, ...]:
    """Return what a sheet goes by: in its file, in its form, among staff, in earlier versions."""
    return (title, row.sheet, *row.sheet_aliases)


@cache
def bands_of(columns: tuple[Column[Any], ...]) -> Texts:
    """Return what else stands on a vertical sheet: the headers of its columns, its sections."""
    sections = (column.section for column in columns)
    return _texts(*VERTICAL_HEADERS.values(), *sections)


def is_heading(text: str, headings: Texts) -> bool:
    """Say whether a text is one of those headings, be it numbered or marked as going on.

    >>> texts = "一、存在问题", "附件2：存 在 问 题 表", "存在问题（续）", "存在问题还有一条：塌方"
    >>> [is_heading(text, frozenset({"存在问题"})) for text in texts]
    [True, True, True, False]
    """
    form = header_form(text)
    if form in headings:
        return True
    core = _ROUND_A_TITLE.fullmatch(form)
    return core is not None and core["title"] in headings


def own_texts(form: Form, instructions: Iterable[Filled] = ()) -> OwnTexts:
    """Return what a form says of itself, joined with what an older one's 填写说明 says.

    Where that sheet is lost, only the present form speaks.
    """
    present = _present(form)
    headings, labels = dict(present.headings), {**present.labels}
    for title, told in _told(instructions):
        sheet = header_form(title)
        if isinstance(told, str):
            headings[sheet] = headings.get(sheet, frozenset()) | _texts(title, told)
        else:
            known = dict(labels.get(sheet, {}))
            for label in _headers(told[0], told[1]):
                known[label] = known.get(label, frozenset()) | _beside(*told[1:])
            labels[sheet] = known
    return OwnTexts(headings, labels)


@cache
def _present(form: Form) -> OwnTexts:
    return OwnTexts(
        {header_form(row.sheet): _texts(row.sheet, row.hint) for row in form.rows},
        {
            header_form(row.sheet): {
                header_form(header): _texts(column.unit, column.guide)
                for column in row.columns
                for header in (column.header, column.headed)
            }
            for row in form.rows
        },
    )


def _told(instructions: Iterable[Filled]) -> Iterator[tuple[str, str | tuple[str, str, str]]]:
    """Yield of each sheet its hint, then of each column header, explanation and example."""
    table, title = ("", ""), ""
    for cells in instructions:
        line = {at: as_text(raw) for at, raw in cells.items()}
        start = (line.get(_SHEET, ""), line.get(_HEADER, ""))
        if start in {_SHEETS, _COLUMNS}:
            table = start
        elif table == _SHEETS and start[0]:
            yield start[0], line.get(_EXPLAINED, "")
        elif table == _COLUMNS and start[1]:
            title = start[0] or title
            yield title, (start[1], line.get(_EXPLAINED, ""), line.get(_EXAMPLE, ""))


def _texts(*texts: str) -> Texts:
    return frozenset(map(header_form, texts)) - {""}


def _headers(header: str, explained: str) -> Iterator[str]:
    """Yield a header bare, and with the unit that its explanation names."""
    yield header_form(header)
    unit = _UNIT.match(explained)
    if unit:
        yield header_form(f"{header}（{unit[1]}）")


def _beside(explained: str, example: str) -> Texts:
    """Return what stood beside a field: its unit, and its advice or else its example."""
    unit = _UNIT.match(explained)
    advice = explained[unit.end() :] if unit else explained
    ends = [match.start() for match in re.finditer(_CHOICES, advice)]
    return _texts(
        unit[1] if unit else "", advice, *(advice[:end] for end in ends), f"例：{example}"
    )
