"""Each page `CODE.md` draws workbooks and lists, cell by cell, what its rule finds in them."""

import pytest
from rule_pages import PAGES, Page

from toolkit.findings import Level
from toolkit.rules.catalogue import RULES
from toolkit.rules.rule import Stage

_BY_CODE = {rule.code: rule for rule in RULES}
EXAMPLES = [
    pytest.param(example, id=f"{page.path.stem}-{number}")
    for page in PAGES
    for number, example in enumerate(page.examples, 1)
]
EVERY_PAGE = [pytest.param(page, id=page.path.stem) for page in PAGES]


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_rule_finds_exactly_what_its_page_lists(example) -> None:
    assert example.lines() == example.expected


def test_every_rule_has_a_page() -> None:
    assert [page.path.stem for page in PAGES] == sorted(_BY_CODE)


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_a_page_is_headed_by_its_rule(page: Page) -> None:
    rule = _BY_CODE[page.path.stem]
    assert page.heading == f"{rule.code} {rule.name}（{rule.level.label}）"


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_a_page_trips_its_rule(page: Page) -> None:
    tripped = [line for example in page.examples for line in example.expected]
    assert tripped
    assert all(f" {page.path.stem} " in line for line in tripped)


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_a_page_shows_something_alike_that_is_not_found(page: Page) -> None:
    assert "近似而不报：" in page.text


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_a_page_draws_something_that_is_rightly_not_found(page: Page) -> None:
    assert any(example.spares() for example in page.examples)


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_a_page_s_findings_have_the_level_of_its_rule_and_on_trial_are_information(
    page: Page,
) -> None:
    rule = _BY_CODE[page.path.stem]
    levels = {
        finding.level
        for example in page.examples
        for finding in example.findings()
        if finding.rule == rule.code
    }
    if rule.stage is Stage.TRIAL:
        assert levels == {Level.INFO}
    else:
        assert rule.level in levels
