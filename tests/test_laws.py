"""Laws that hold between the trades."""

import datetime as dt

from toolkit import flow
from toolkit.excel.blank import build_workbook
from toolkit.forms import township, village
from toolkit.forms.parameters import Parameters
from toolkit.inbox import open_inbox
from toolkit.rules.catalogue import RULES
from toolkit.rules.rule import Case, apply_rules
from toolkit.schema.form import Identity

AS_OF = dt.date(2022, 6, 16)  # the day after the examples' meeting


JUNE = Parameters(first_month=6)  # one meeting is example enough


def example_book(form, folder):
    identity = Identity(form.id, form.version, "0203", "2022")
    filling = {row: [{column.name: column.example for column in row.columns}] for row in form.rows}
    path = folder / "0203-上河村-2022.xlsx"
    path.write_bytes(build_workbook(form, identity, filling))
    return open_inbox([path])


def test_a_village_workbook_filled_with_its_own_examples_has_no_findings(tmp_path):
    inbox = example_book(village.FORM, tmp_path)
    rules = [rule for rule in RULES if rule.code != "C203"]  # every example is text here
    findings = apply_rules(rules, Case(inbox.villages, AS_OF, parameters=JUNE))
    assert [finding.line() for finding in findings] == []


def test_a_township_workbook_filled_with_its_own_examples_has_no_findings(tmp_path):
    inbox = example_book(township.FORM, tmp_path)
    rules = [rule for rule in RULES if rule.code != "C203"]
    findings = flow.judge(inbox, AS_OF, rules)
    assert [f.line() for f in findings if f.rule != "T701"] == []


def test_every_example_is_read_without_a_fault(tmp_path):
    for form in (village.FORM, township.FORM):
        inbox = example_book(form, tmp_path)
        book = inbox.town_book if form is township.FORM else inbox.villages[0]
        for row in form.rows:
            for record in book.rows(row):
                for column, field in record.filled():
                    assert not field.fault, (column.header, field)
                    assert field.value is not None
