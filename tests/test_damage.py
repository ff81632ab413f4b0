"""Damaged workbooks: refused in words, or read as they were; never a traceback, a hang, a guess."""

import dataclasses
import datetime as dt
import itertools
import json
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from damaged import BYTES, MUTATIONS, mutated
from hypothesis import given, settings
from hypothesis import strategies as st
from paths import CHECKOUT, EXAMPLES
from said import said

from toolkit import flow
from toolkit.cli import cli
from toolkit.errors import UnreadableError
from toolkit.excel.opened import read_workbook
from toolkit.forms import township, village

FORMS = (village.FORM, township.FORM)
AS_OF = dt.date(2022, 10, 31)
BOOKS = sorted((EXAMPLES / "村级工作簿").glob("*.xlsx"))
COPIES = 10  # of each workbook, for each sort of damage: 300


def chance(seed: int | str) -> random.Random:
    return random.Random(seed)  # noqa: S311 -- repeatable, not secret


def told(path: Path) -> object:
    """All that a file says, besides the fingerprint that any change must change."""
    book = read_workbook(path, FORMS)
    return said(book), dataclasses.replace(book.facts, sha256="")


def is_sentence(text: str) -> bool:
    return re.fullmatch(".*[\u4e00-\u9fff].*。", text) is not None


@pytest.mark.parametrize("damage", BYTES, ids=lambda damage: damage.__name__)
def test_a_damaged_copy_is_refused_in_words_or_says_what_it_said(damage, tmp_path):
    refused = 0
    for path in BOOKS:
        data, truth = path.read_bytes(), told(path)
        copy = tmp_path / path.name
        for number in range(COPIES):
            copy.write_bytes(damage(data, chance(number)))
            try:
                assert told(copy) == truth, (path.name, number)
            except UnreadableError as error:
                assert is_sentence(error.reason)  # noqa: PT017 -- one of two good ends
                assert str(error) == f"{path.name}：{error.reason}"  # noqa: PT017 -- as above
                refused += 1
    assert refused > 0  # the damage does harm


edits = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.integers(0, 600),
        st.one_of(
            st.binary(max_size=8), st.sampled_from([bytes(200), b"PK\1\2", b"PK\5\6", b"<c"])
        ),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=150, deadline=None)
@given(book=st.sampled_from(BOOKS), edits=edits)
def test_any_run_of_bytes_replaced_gives_a_sentence_or_the_same_records(
    book, edits, tmp_path_factory
):
    data = book.read_bytes()
    for place, length, new in edits:
        at = int(place * len(data))
        data = data[:at] + new + data[at + length :]
    copy = tmp_path_factory.getbasetemp() / book.name
    copy.write_bytes(data)
    report = flow.check([copy], AS_OF)
    if report.unreadable:
        assert is_sentence(report.unreadable[0].reason)
        assert report.exit_code() == 3
    else:
        assert told(copy) == told(book)


def test_a_part_that_goes_by_two_names_is_refused(tmp_path):
    # One bit less in the directory, and nobody finds the styles: days would turn to numbers.
    data = BOOKS[0].read_bytes()
    at = data.rfind(b"xl/styles.xml")
    copy = tmp_path / BOOKS[0].name
    copy.write_bytes(data[:at] + b"xl/stxles.xml" + data[at + 13 :])
    with pytest.raises(UnreadableError, match="没有传完或已损坏"):
        told(copy)


def test_a_damaged_file_among_others_costs_exit_code_3_and_only_itself(tmp_path):
    for path in BOOKS:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    broken = tmp_path / BOOKS[1].name
    broken.write_bytes(broken.read_bytes()[:-100])
    arguments = ["check", str(tmp_path), "--as-of", "2022-10-31", "--format", "json"]
    result = CliRunner().invoke(cli, arguments, standalone_mode=False)
    assert result.return_value == 3
    report = json.loads(result.stdout)
    assert [file["status"] for file in report["files"]].count("read") == 2
    assert {finding["file"] for finding in report["findings"]} >= {
        str(tmp_path / BOOKS[0].name),
        str(tmp_path / BOOKS[2].name),
    }


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the peak of memory plainly")
def test_no_change_to_the_xml_of_a_part_ends_in_a_traceback_a_hang_or_half_a_gigabyte(tmp_path):
    copies = 0
    for path, mutate, number in itertools.product(BOOKS, MUTATIONS, range(6)):
        folder = tmp_path / f"{mutate.__name__}-{number}"
        folder.mkdir(exist_ok=True)
        copy = mutated(path.read_bytes(), mutate, chance(f"{path.name} {number}"))
        (folder / path.name).write_bytes(copy)
        copies += 1
    done = subprocess.run(
        [sys.executable, "-c", CHECK_ALL, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=CHECKOUT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)
    assert len(answers["codes"]) == copies == 108
    assert set(answers["codes"]) <= {0, 1, 3}
    assert 3 in answers["codes"]
    assert answers["megabytes"] <= 500
    assert [reason for reason in answers["reasons"] if not is_sentence(reason)] == []


# A file of which nothing is heard for ten seconds ends the process, with a traceback.
CHECK_ALL = """
import datetime as dt, faulthandler, json, pathlib, sys
from toolkit import flow

codes, reasons = [], []
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.xlsx")):
    faulthandler.dump_traceback_later(10, exit=True)
    report = flow.check([path], dt.date(2022, 10, 31))
    codes.append(report.exit_code())
    reasons += [file.reason for file in report.unreadable]
faulthandler.cancel_dump_traceback_later()
status = pathlib.Path("/proc/self/status")  # ru_maxrss would count the memory of our parent
peaks = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")]
megabytes = int(peaks[0]) / 1024
print(json.dumps({"codes": codes, "reasons": reasons, "megabytes": megabytes}))
"""
