"""The book of forms and rules says all that the declarations say."""

import re

import pytest

from toolkit.excel.contents import CONTENTS, content_of
from toolkit.forms import township, village
from toolkit.reference import form_page, rules_page
from toolkit.rules.catalogue import RULES
from toolkit.schema import kinds
from toolkit.schema.kinds import Kind

FORMS = (village.FORM, township.FORM)
COLUMNS = [(form, row, column) for form in FORMS for row in form.rows for column in row.columns]


def tables(form):
    """Return the tables of a form's page by heading, each a list of rows by column title."""
    found = {}
    for block in re.split(r"^#{2,3} ", "\n".join(form_page(form)), flags=re.MULTILINE)[1:]:
        title, *lines = block.splitlines()
        cells = [
            [cell.strip() for cell in line.strip("|").split(" | ")]
            for line in lines
            if line.startswith("|") and not line.startswith("| ---")
        ]
        if cells:
            found[title] = [dict(zip(cells[0], line, strict=True)) for line in cells[1:]]
    return found


@pytest.fixture(scope="module")
def pages():
    return {form.id: tables(form) for form in FORMS}


@pytest.mark.parametrize(
    ("form", "row", "column"), COLUMNS, ids=[f"{r.sheet}-{c.header}" for _, r, c in COLUMNS]
)
def test_the_dictionary_tells_every_column(pages, form, row, column):
    mark = "*" if column is row.key else ""
    (line,) = [
        line for line in pages[form.id][row.sheet] if line["栏目"] == f"{column.header}{mark}"
    ]
    told = [line.get(key, "") for key in ("必填", "单位", "填写说明", "示例", "也认作")]
    required = "是" if column.required else ""
    aliases = "、".join(column.aliases)
    assert told == [required, column.unit, column.advice, column.example, aliases]
    assert line["内容"]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_the_dictionary_tells_every_dropdown_with_the_words_it_takes(pages, form):
    for codelist in form.codelists():
        told = [
            (line["选项"], line.get("全称", ""), line.get("也认作", ""))
            for line in pages[form.id][codelist.name]
        ]
        assert told == [(t.shown, t.text, "、".join(t.synonyms)) for t in codelist.terms]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (kinds.Text(), "文字"),
        (kinds.Text(long=True), "文字，可以分段"),
        (kinds.Percent(), "百分数，0 至 100"),
        (kinds.Number("亩", low=None), "数字"),
        (kinds.Number("亩", low=None, high=5), "数字，不大于 5"),
        (kinds.Number("亩"), "数字，不小于 0"),
        (kinds.Digits(), "数字代码"),
        (kinds.Ref(kinds.Code("P00"), "存在问题"), "编号，见“存在问题”表"),
        (kinds.Refs(kinds.Code("P00"), "存在问题"), "编号，可填多个，见“存在问题”表"),
    ],
)
def test_a_kind_is_told_with_its_limits(kind, said):
    assert content_of(kind) == said


def test_every_kind_that_a_form_can_use_has_a_word():
    named = {
        kind
        for kind in vars(kinds).values()
        if isinstance(kind, type) and issubclass(kind, Kind) and not kind.__name__.startswith("_")
    }

    assert named - {Kind} == set(CONTENTS)


def test_every_rule_stands_under_its_family():
    lines = list(rules_page())
    letter, found = "", []
    for line in lines:
        if line.startswith("## "):
            letter = line[3]
        elif line.startswith("### "):
            assert line[4] == letter
            found.append(line[4:8])
    assert found == [rule.code for rule in RULES]
