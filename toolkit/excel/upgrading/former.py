"""What an older workbook says of its own form: the texts of its 填写说明, read back as labels.

An upgrade needs them to tell what the older form wrote on its sheets from what people wrote.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from toolkit.excel.upgrading.inventory import Cells
from toolkit.schema.form import VERTICAL_HEADERS, Form
from toolkit.schema.kinds import as_text
from toolkit.schema.texts import header_form

_SHEETS, _COLUMNS = ("工作表", "已填"), ("工作表", "栏目")
"""How the headers of the two tables begin; every version of 填写说明 has had them."""

_SHEET, _HEADER, _EXPLAINED, _EXAMPLE = 1, 2, 4, 5
_UNIT = re.compile(r"单位：([^。]*)。")
_CHOICES = "可选："

Labels = Mapping[str, frozenset[str]]
"""Headers of one sheet, as they are compared, each with the texts that stand beside its field."""


@dataclass(frozen=True, slots=True)
class FormerTexts:
    """The texts of a form, the older one's and the present one's together, as they are compared."""

    headings: frozenset[str]  # titles, hints, headers of vertical sheets, section bands
    sheets: Mapping[str, Labels]  # by title

    def labels(self, titles: Iterable[str]) -> Labels:
        """Return the headers of a sheet that goes, or went, by these titles."""
        found: dict[str, frozenset[str]] = {}
        for title in titles:
            for label, beside in self.sheets.get(header_form(title), {}).items():
                found[label] = found.get(label, frozenset()) | beside
        return found


def former_texts(instructions: Cells, form: Form) -> FormerTexts:
    """Return what the older form says of itself, joined with what the present one says.

    Where the sheet 填写说明 is lost, only the present form speaks.
    """
    headings = {header_form(text) for text in VERTICAL_HEADERS.values()}
    sheets: dict[str, dict[str, frozenset[str]]] = {}
    for row in form.rows:
        headings |= {header_form(row.sheet), header_form(row.hint)}
        headings |= {header_form(column.section) for column in row.columns}
        sheets[header_form(row.sheet)] = {
            header_form(column.header): _texts(column.unit, column.guide) for column in row.columns
        }
    table, title = ("", ""), ""
    for line in _lines(instructions):
        start = (line.get(_SHEET, ""), line.get(_HEADER, ""))
        if start in {_SHEETS, _COLUMNS}:
            table = start
        elif table == _SHEETS:
            headings |= _texts(line.get(_SHEET, ""), line.get(_EXPLAINED, ""))
        elif table == _COLUMNS and _HEADER in line:
            title = line.get(_SHEET, title)
            labels = sheets.setdefault(header_form(title), {})
            label = header_form(line[_HEADER])
            beside = _beside(line.get(_EXPLAINED, ""), line.get(_EXAMPLE, ""))
            labels[label] = labels.get(label, frozenset()) | beside
    return FormerTexts(frozenset(headings - {""}), sheets)


def _lines(cells: Cells) -> Iterable[Mapping[int, str]]:
    """Return the texts of a sheet's lines by column."""
    lines: dict[int, dict[int, str]] = {}
    for (row, column), item in cells.items():
        lines.setdefault(row, {})[column] = as_text(item.raw)
    return lines.values()


def _texts(*texts: str) -> frozenset[str]:
    return frozenset(map(header_form, texts)) - {""}


def _beside(explained: str, example: str) -> frozenset[str]:
    """Return what stood beside a field: its unit, and its advice or else its example."""
    unit = _UNIT.match(explained)
    advice = explained[unit.end() :] if unit else explained
    ends = [match.start() for match in re.finditer(_CHOICES, advice)]
    return _texts(
        unit[1] if unit else "", advice, *(advice[:end] for end in ends), f"例：{example}"
    )
