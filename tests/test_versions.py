"""A form's texts belong to its version: who changes one must raise the other.

A workbook issued with other texts is known by its version; only then does the reader look up in
its own 填写说明 what the form had written, and takes nothing of it for people's words.
"""

import hashlib

import pytest

from toolkit.forms import township, village
from toolkit.schema.form import Form

PINNED = {
    "village-workbook 1.0.2": "37beaa2e66ce362b",
    "township-workbook 1.3.0": "28e1c08b048c4e90",
}


def texts(form: Form) -> str:
    """All that the form writes on the sheets that people fill in, a line each."""
    lines = []
    for row in form.rows:
        lines += [row.sheet, row.hint]
        lines += [f"{c.section}\t{c.header}\t{c.unit}\t{c.guide}" for c in row.columns]
    return "\n".join(lines)


@pytest.mark.parametrize("form", [village.FORM, township.FORM], ids=lambda form: form.id)
def test_a_form_s_texts_are_those_of_its_version(form):
    digest = hashlib.sha256(texts(form).encode()).hexdigest()[:16]
    pinned = PINNED.get(f"{form.id} {form.version}")
    assert digest == pinned, "raise the form's version (Z for texts, Y for columns), then pin it"
