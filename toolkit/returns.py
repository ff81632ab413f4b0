"""What a check gives back: its report as a file, and the return copies."""

import hashlib
from collections.abc import Container, Mapping, Sequence
from pathlib import Path

from toolkit.errors import OutputError, ToolkitError, UnreadableError
from toolkit.excel.opened import read_bytes
from toolkit.findings import Finding
from toolkit.report import (
    READABLE,
    CheckReport,
    FileStatus,
    Outcome,
    RulePage,
    Written,
    counts,
)
from toolkit.results import COPY, PAPER, REPORT, free_name, replace, way_to
from toolkit.schema.kinds import Day


def report_kind(form: str) -> str:
    """Return what kind of result a report in some form is."""
    return REPORT if form == "xlsx" else PAPER


def report_file(
    report: CheckReport, form: str, folder: Path, pages: Mapping[str, RulePage]
) -> bytes:
    """Return a report as a file of a form; a workbook's links lead from a folder."""
    if form != "xlsx":
        return f"{READABLE[form](report)}\n".encode()
    from toolkit.excel.report_book import build_report  # noqa: PLC0415 -- XlsxWriter loads slowly

    ways = {
        file.path: way_to(folder, Path(file.path))
        for file in report.files
        if file.status != "skipped" and Path(file.path).exists()
    }
    return build_report(report, pages, ways)


def return_copies(report: CheckReport, folder: Path, but: Container[str] = ()) -> Outcome:
    """Every workbook that was checked to a copy with its findings marked; no original is touched.

    `but` are files of which nobody needs one. A workbook of which no copy can be made stops no
    other, and makes exit code 4.
    """
    written: list[Written] = []
    troubles: list[str] = []
    taken: set[str] = set()
    for file in report.checked:
        if file.path in but:
            continue
        findings = [finding for finding in report.findings if finding.file == file.path]
        target = folder / free_name(file.name, Path(file.path), taken)
        try:
            copy = _return_copy(file, findings, Day().text(report.as_of))
            written.append(replace(target, copy, COPY, counts(findings)))
        except ToolkitError as error:
            troubles.append(str(error))
    return Outcome(tuple(written), tuple(troubles), 4 if troubles else 0)


def _return_copy(file: FileStatus, findings: Sequence[Finding], day: str) -> bytes:
    """Return the copy of a file that was just checked; raises an OutputError that names it."""
    from toolkit.excel.marks.mark import marked  # noqa: PLC0415 -- only --mark pays for it

    whose = "　".join(filter(None, (file.village, file.name)))
    try:
        data = read_bytes(Path(file.path))
        if hashlib.sha256(data).hexdigest() != file.sha256:
            raise UnreadableError("核对后又有改动，没有做回传件。请重新核对。")
        return marked(data, findings, day, whose)
    except ToolkitError as error:
        raise OutputError(f"{file.path}：{error.reason}") from None
