"""What a cell shows because it is merged with the one above is told once, and as what it is."""

import datetime as dt

from drawn import NAME, drawn_grids
from rule_pages import line

from toolkit.excel.read import understand
from toolkit.forms import village
from toolkit.rules.cases import case_of
from toolkit.rules.catalogue import select_rules
from toolkit.rules.rule import apply_rules
from toolkit.schema.form import Identity


def test_a_number_lent_by_a_merged_cell_is_understood_not_converted() -> None:
    drawing = """
        # 整改措施
        | 措施编号 | 计划资金 |
        | P01-M01  | 5        |
        | P01-M02  |          |
    """
    book = understand(
        drawn_grids(drawing),
        village.FORM,
        Identity(village.FORM.id, village.FORM.version),
        path=NAME,
        merged={"整改措施": [((1, 1), (2, 1))]},
    )
    findings = apply_rules(select_rules(["C203", "C21"]), case_of([book], dt.date(2022, 10, 31)))
    assert list(map(line, findings)) == ["整改措施!B3 C203 合并单元格，按“5”理解"]
