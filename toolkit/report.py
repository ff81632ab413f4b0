"""What a run reports: files seen, findings, results written; how people and programs read it.

With them the pages of the rules, as far as whoever reads or prints a report needs them.
"""

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from pathlib import Path, PurePath
from typing import Literal

from toolkit.errors import UsageError
from toolkit.findings import Finding, Level


@dataclass(frozen=True, slots=True)
class FileStatus:
    """One file of the input: read, unreadable (the reason is a whole sentence) or passed over.

    The reason never names the file.
    """

    path: str
    status: Literal["read", "unreadable", "skipped"]
    village: str = ""
    editor: str = ""
    reason: str = ""
    sha256: str = ""  # of the content that was read

    @property
    def name(self) -> str:
        """The file's own name, without its folder."""
        return PurePath(self.path).name

    @property
    def state(self) -> str:
        """The word for its status that people read."""
        return {"read": "已读取", "unreadable": "读不了", "skipped": "跳过"}[self.status]

    def line(self, *, with_path: bool = False) -> str:
        """Return what became of a file that was not read, as one sentence.

        >>> print(FileStatus("村/下河村.xlsx", "unreadable", reason="是空文件。").line())
        下河村.xlsx：是空文件。
        """
        if self.status == "skipped":
            return f"已跳过 {self.path}：{self.reason}。"
        return f"{self.path if with_path else self.name}：{self.reason}"


def unreadable_lines(files: Sequence[FileStatus]) -> tuple[str, ...]:
    """Return a sentence for each file that could not be read."""
    shared = share_names(files)
    return tuple(file.line(with_path=shared) for file in files if file.status == "unreadable")


def skipped_lines(files: Iterable[FileStatus]) -> tuple[str, ...]:
    """Return a sentence for each file that was passed over."""
    return tuple(file.line() for file in files if file.status == "skipped")


def share_names(files: Iterable[FileStatus]) -> bool:
    """Say whether two files handed in have one name, so that only their paths tell them apart."""
    names = [file.name for file in files if file.status != "skipped"]
    return len(set(names)) < len(names)


REPORT_FORM = "check-report"
"""What a report that is a workbook says it is."""

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


_RANKS = (5, 2, 4, 3, 1)
"""Which exit code tells where several would: something was not written, a village was left out, a
file could not be read, something must be mended."""


def gravest(codes: Iterable[int]) -> int:
    """Return which exit code tells where several would.

    >>> gravest([0, 3, 4]), gravest([])
    (4, 0)
    """
    found = set(codes)
    return next((code for code in _RANKS if code in found), 0)


@dataclass(frozen=True, slots=True)
class RulePage:
    """What people read of a rule: what it objects to, why, and how to put it right."""

    code: str
    name: str
    level: Level
    stage: str
    fault: str
    why: str
    remedy: str


@dataclass(frozen=True, slots=True)
class RuleFamily:
    """The rules whose codes begin with one letter, under what they have in common."""

    letter: str
    title: str
    pages: tuple[RulePage, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """A file with the number of its findings by level, and how many of them are answered."""

    file: FileStatus
    levels: Mapping[Level, int]
    accepted: int


@dataclass(frozen=True)
class CheckReport:
    """What a check found."""

    files: tuple[FileStatus, ...]
    findings: tuple[Finding, ...]
    as_of: dt.date
    judged_by: str = ""  # the township workbook whose settings hold, where it was not asked for

    @property
    def checked(self) -> tuple[FileStatus, ...]:
        """The files that were asked for and read."""
        own = self.judged_by
        return tuple(file for file in self.files if file.status == "read" and file.path != own)

    @property
    def troubles(self) -> tuple[str, ...]:
        """What could not be read, and why."""
        return unreadable_lines(self.files)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the person should know besides: whose settings hold, what was passed over."""
        by = (f"按 {self.judged_by} 的参数核对。",) if self.judged_by else ()
        return (*by, *skipped_lines(self.files))

    @property
    def unreadable(self) -> tuple[FileStatus, ...]:
        """The files that could not be read."""
        return tuple(file for file in self.files if file.status == "unreadable")

    @cached_property
    def shares_names(self) -> bool:
        """Whether two files handed in have one name, so that only their paths tell them."""
        return share_names(self.files)

    def tallies(self) -> tuple[Tally, ...]:
        """Return every file with what was found in it."""
        levels = Counter((finding.file, finding.level) for finding in self.findings)
        accepted = Counter(finding.file for finding in self.findings if finding.accepted)
        return tuple(
            Tally(file, {each: levels[file.path, each] for each in Level}, accepted[file.path])
            for file in self.files
        )

    def exit_code(self, *, strict: bool = False) -> int:
        """Return 3 where a file could not be read, 1 where something must be mended, else 0.

        A warning answered in 情况说明 never counts.
        """
        if self.unreadable:
            return 3
        grave = tuple(Level) if strict else (Level.ERROR,)
        return int(any(f.level in grave and not f.accepted for f in self.findings))


# What a terminal or a reader obeys, or turns the direction of writing with; half characters.
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def one_line(text: str) -> str:
    r"""Return a text as a single line that no terminal obeys, whatever stands in a file's name.

    >>> one_line("上河村\n【必改】\x1b[2J.xlsx")
    '上河村 【必改】�[2J.xlsx'
    """
    return _UNSHOWN.sub("\ufffd", " ".join(text.replace("\t", " ").splitlines()))


def counts(findings: Sequence[Finding]) -> str:
    """Return the number of findings by level, in words, and how many of them are answered.

    >>> counts(())
    '必改 0 条，提醒 0 条，提示 0 条'
    """
    told = level_counts(finding.level.label for finding in findings)
    answered = sum(finding.accepted for finding in findings)
    return f"{told}，其中已说明 {answered} 条" if answered else told


def level_counts(labels: Iterable[object]) -> str:
    """Return how many findings there are of each level, by the levels' words."""
    found = Counter(labels)
    return "，".join(f"{level.label} {found[level.label]} 条" for level in Level)


def as_text(report: CheckReport) -> str:
    """Return the findings, one a line, and what they add up to."""
    lines = [finding.line(with_path=report.shares_names) for finding in report.findings]
    return "\n".join(map(one_line, (*lines, _total(report))))


def _total(report: CheckReport) -> str:
    read = sum(file.status == "read" for file in report.files)
    total = f"共核对 {read} 个工作簿：{counts(report.findings)}。"
    if report.unreadable:
        total += f"另有 {len(report.unreadable)} 个文件读不了。"
    return total


def as_json(report: CheckReport) -> str:
    r"""Return the report as version 1 of the JSON contract.

    What no file can hold, such as a name in old bytes, or a terminal would obey is spelled as JSON
    spells it (\udcd6).
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
    return "\n".join(
        _UNSHOWN.sub(lambda found: f"\\u{ord(found[0]):04x}", line) for line in text.split("\n")
    )


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "file": finding.file,
        "village": finding.village,
        "sheet": finding.sheet,
        "cells": list(finding.every_cell),
        "header": finding.header,
        "level": finding.level.value,
        "rule": finding.rule,
        "seen": finding.seen,
        "message": finding.message,
        "fix": finding.fix,
        "accepted": finding.accepted,
    }


_MARKUP = re.compile(r"[\\`*_\[\]<>|~#&]")
_TALLY_HEADERS = ("村名", "文件", "状态", *(level.label for level in Level), "已说明")


def as_markdown(report: CheckReport) -> str:
    """Return the report as Markdown: a table of counts, then the findings by file and sheet."""
    return "\n".join(_markdown(report))


def _markdown(report: CheckReport) -> Iterator[str]:
    day = report.as_of
    yield f"# 核对结果（核对日期：{day.year}年{day.month}月{day.day}日）\n"
    yield f"{_total(report)}\n"
    yield _table_line(_TALLY_HEADERS)
    numbers = len(Level) + 1
    yield _table_line(("---",) * (len(_TALLY_HEADERS) - numbers) + ("---:",) * numbers)
    names = {file.path: file.path if report.shares_names else file.name for file in report.files}
    for tally in report.tallies():
        file = tally.file
        state = f"{file.state}：{file.reason}" if file.reason else file.state
        said = (file.village, names[file.path], state)
        figures = (*tally.levels.values(), tally.accepted)
        read = file.status == "read"
        yield _table_line((*map(_plain, said), *(str(n) if read else "" for n in figures)))
    for path, of_file in groupby(report.findings, key=lambda finding: finding.file):
        found = tuple(of_file)
        name = names.get(path, path)
        village = found[0].village
        yield f"\n## {_plain(f'{village}（{name}）' if village else name)}"
        for sheet, of_sheet in groupby(found, key=lambda finding: finding.sheet):
            yield f"\n### {_plain(sheet)}\n" if sheet else ""
            yield from map(_item, of_sheet)


def _table_line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _item(finding: Finding) -> str:
    within = replace(finding, file="", sheet="").place()
    spots = f" {_plain(within)}" if within else ""
    answered = "（已在情况说明中说明）" if finding.accepted else ""
    said = _plain(f"{finding.said}。{finding.fix}")
    return f"- **{finding.level.label}**{spots}：{said}{answered}（{finding.rule}）"


def _plain(text: str) -> str:
    r"""Return a text on one line, with what Markdown takes for markup escaped.

    >>> print(_plain("第一行\n[二]|*三*"))
    第一行 \[二\]\|\*三\*
    """
    return _MARKUP.sub(r"\\\g<0>", one_line(" ".join(text.split())))


READABLE: Mapping[str, Callable[[CheckReport], str]] = {
    "text": as_text,
    "json": as_json,
    "md": as_markdown,
}
"""The forms of a report that can be printed on a screen as well."""
FORMS = (*READABLE, "xlsx")
"""The forms that a report can take."""
_ENDINGS = {".json": "json", ".md": "md", ".xlsx": "xlsx"}


def form_of(form: str | None, target: Path | None) -> str:
    """Return the form that is meant: the one asked for, else the one that the file's name tells.

    Raises UsageError where the two disagree, or where a workbook has no file to go to.
    """
    told = _ENDINGS.get(target.suffix.lower()) if target else None
    if form is None and told is None and target and target.suffix.lower() not in {"", ".txt"}:
        raise UsageError(f"{target}：结果文件名要以 .txt、.md、.json 或 .xlsx 结尾。请改正 -o。")
    meant = form or told or "text"
    if meant == "xlsx" and target is None:
        raise UsageError("核对结果要做成工作簿，请用 -o 写明文件名，如 -o 核对结果.xlsx。")
    if (told or meant) != meant or (meant == "xlsx" and told is None):
        ending = next((each for each, known in _ENDINGS.items() if known == meant), ".txt")
        raise UsageError(
            f"{target}：文件名的结尾与 --format {meant} 不一致。"
            f"请把文件名改成以 {ending} 结尾，或去掉 --format。"
        )
    return meant


def rule_list(families: Iterable[RuleFamily]) -> str:
    """Return the rules, one a line, each family under its heading."""
    return "\n\n".join(
        "\n".join(
            (
                f"{family.letter} {family.title}",
                *(f"{p.code}  {p.level.label}  {p.stage}  {p.fault}" for p in family.pages),
            )
        )
        for family in families
    )
