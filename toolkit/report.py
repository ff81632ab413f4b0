"""What a run reports: files seen, findings, results written; how people and programs read it."""

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal

from toolkit.findings import Finding, Level


@dataclass(frozen=True, slots=True)
class FileStatus:
    """One file of the input: read, unreadable (the reason is a whole sentence) or passed over."""

    path: str
    status: Literal["read", "unreadable", "skipped"]
    village: str = ""
    editor: str = ""
    reason: str = ""
    sha256: str = ""  # of the content that was read


Track = Callable[[Sequence[Path]], Iterable[Path]]
"""Passes paths through, showing on the way how far the run has come."""


@dataclass(frozen=True, slots=True)
class Written:
    """One result: where it stands, and what the person should know of it."""

    path: Path
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What a run that writes has written, and what went wrong on the way."""

    written: tuple[Written, ...]
    troubles: tuple[str, ...] = ()
    exit_code: int = 0
    passed_over: tuple[str, ...] = ()  # files that nobody meant to hand in


@dataclass(frozen=True)
class CheckReport:
    """What a check found."""

    files: tuple[FileStatus, ...]
    findings: tuple[Finding, ...]
    as_of: dt.date

    @property
    def unreadable(self) -> tuple[FileStatus, ...]:
        """The files that could not be read."""
        return tuple(file for file in self.files if file.status == "unreadable")

    def exit_code(self, *, strict: bool = False) -> int:
        """Return 3 where a file could not be read, 1 where something must be mended, else 0.

        A warning answered in 情况说明 never counts.
        """
        if self.unreadable:
            return 3
        grave = tuple(Level) if strict else (Level.ERROR,)
        return int(any(f.level in grave and not f.accepted for f in self.findings))


_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


def counts(findings: Sequence[Finding]) -> str:
    """Return the number of findings by level, in words.

    >>> counts(())
    '必改 0 条，提醒 0 条，提示 0 条'
    """
    levels = Counter(finding.level for finding in findings)
    return "，".join(f"{level.label} {levels[level]} 条" for level in Level)


def as_text(report: CheckReport) -> str:
    """Return the findings, one a line, and what they add up to."""
    names = [PurePath(file.path).name for file in report.files if file.status == "read"]
    ambiguous = len(set(names)) < len(names)
    lines = [finding.line(with_path=ambiguous) for finding in report.findings]
    read = sum(file.status == "read" for file in report.files)
    total = f"共核对 {read} 个工作簿：{counts(report.findings)}。"
    if report.unreadable:
        total += f"另有 {len(report.unreadable)} 个文件读不了。"
    return _HALF_CHARACTER.sub("\ufffd", "\n".join([*lines, total]))


def as_json(report: CheckReport) -> str:
    r"""Return the report as version 1 of the JSON contract.

    What no file can hold, such as a name in old bytes, is spelled as JSON spells it (\udcd6).
    """
    text = json.dumps(
        {
            "version": 1,
            "as_of": report.as_of.isoformat(),
            "files": [
                {
                    "path": file.path,
                    "village": file.village,
                    "status": file.status,
                    "editor": file.editor,
                }
                for file in report.files
                if file.status != "skipped"
            ],
            "findings": [_finding(finding) for finding in report.findings],
        },
        ensure_ascii=False,
        indent=1,
    )
    return _HALF_CHARACTER.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "file": finding.file,
        "village": finding.village,
        "sheet": finding.sheet,
        "cells": list(finding.cells),
        "header": finding.header,
        "level": finding.level.value,
        "rule": finding.rule,
        "seen": finding.seen,
        "message": finding.message,
        "fix": finding.fix,
        "accepted": finding.accepted,
    }
