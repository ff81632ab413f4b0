"""What the live commands do: an open workbook's copy through the checks, the marks back to it.

Law: a command knows the workbook from a copy, unsaved edits included. Only `mark`, `unmark` and
the rollup's block write to it, and nothing ever saves or closes it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit import flow, papers, results
from toolkit.errors import LiveError, ToolkitError
from toolkit.excel.folder import REPORT_FILE
from toolkit.excel.marks.live import mark_lines, marked_cells, marking, unmarking
from toolkit.findings import Finding
from toolkit.inbox import Opener, Sight, holding, open_all
from toolkit.live import marks, program, states
from toolkit.live.program import OpenBook
from toolkit.live.walking import walk
from toolkit.report import CheckReport, Outcome, Track, as_text, form_of, gravest
from toolkit.returns import report_kind


@dataclass(frozen=True)
class Seen:
    """A workbook that is open, and what it holds at this moment."""

    book: OpenBook
    data: bytes

    @property
    def path(self) -> Path:
        """The path that findings name: where it lies, else its own name."""
        return self.book.path or Path(self.book.name)

    @property
    def opener(self) -> Opener:
        """What opens it as it is now, and every other file as the disk has it."""
        return holding({self.path: self.data})

    def head(self, done: str) -> str:
        """Return the line that says what is being done to which workbook."""
        return f"{done}的是：{self.book.name}（{self.book.program}，含未保存的修改）。"

    def lying(self, what: str) -> Path:
        """Return where it lies; raises LiveError where it lies nowhere, and `what` needs that."""
        if self.book.path is None:
            raise LiveError(
                f"{self.book.name} {states.NEVER_SAVED}，{what}。请先另存到工作文件夹里再试。"
            )
        return self.book.path


def see(name: str = "") -> Seen:
    """Return the open workbook meant; raises LiveError, and UsageError where it may be several."""
    book = program.attach(name)
    return Seen(book, program.content(book))


# -- check and mark -------------------------------------------------------------------------------


def check(seen: Seen, as_of: dt.date, out: Path | None, *, mark: bool) -> flow.Checked:
    """An open workbook to findings, beside it as a workbook, and where asked for as marks in it.

    What cannot be written beside it takes no finding from the screen. Raises as a check does where
    a place was told that the report must not take.
    """
    if out:
        results.spare(out, report_kind(form_of(None, out)), (seen.path,))
    report = _report(seen, as_of)
    written: list[str] = []
    troubles: list[str] = []
    codes = [report.exit_code()]
    place = out or _beside(seen)
    if place is None:
        written.append(
            f"{seen.book.name} {states.NEVER_SAVED}，没有写 {REPORT_FILE}；要写请用 -o。"
        )
    elif report.checked:
        try:
            flow.write_report(report, form_of(None, place), place)
            written.append(f"已写入 {place}")
        except ToolkitError as error:
            troubles.append(str(error))
            codes.append(error.exit_code)
    if mark and report.checked:
        try:
            written += _mark(seen, report.findings)
        except ToolkitError as error:
            troubles.append(str(error))
            codes.append(error.exit_code)
    shown = as_text(report)
    said = (*report.troubles, *troubles)
    return flow.Checked(report, shown, said, tuple(written), gravest(codes))


def _report(seen: Seen, as_of: dt.date) -> CheckReport:
    """Return what is found, by the township workbook of the place where the workbook lies.

    One that lies nowhere is judged by itself.
    """
    if seen.book.path is not None:
        return flow.check((seen.path,), as_of, opener=seen.opener)
    alone = Sight((seen.path,), (seen.path,), (), None, opener=seen.opener)
    return flow.report_of(flow.judged(open_all(alone), as_of, whole=False))


_MOST_REPORTS = 9


def _beside(seen: Seen) -> Path | None:
    """Return where the report goes: a numbered name where one is open, or is none of ours."""
    if seen.book.path is None:
        return None
    first = seen.book.path.with_name(REPORT_FILE)
    others = range(2, _MOST_REPORTS + 1)
    places = (first, *(first.with_stem(f"{first.stem}-{number}") for number in others))
    return next(filter(_is_free, places), first)


def _is_free(place: Path) -> bool:
    try:
        results.spare(place, results.REPORT)
    except ToolkitError:
        return False
    return not results.is_open(place)


def _mark(seen: Seen, findings: Sequence[Finding]) -> Sequence[str]:
    """Mark the findings in the open workbook; return what is to be said of it."""
    if seen.book.read_only:
        return (states.READ_ONLY,)
    own = [finding for finding in findings if finding.file == str(seen.path)]
    wanted = marking(seen.data, own)
    if not wanted.sheets:
        told = f"标记没有变化，共 {wanted.marked} 处。" if wanted.marked else "没有要标记的单元格。"
        return (told, *wanted.notes)
    said = marks.write(seen.book, wanted)
    told = f"已标出 {wanted.marked} 处，没有保存；标记以前的操作不能再撤销。"
    return (told, *wanted.notes, *said)


def unmark(seen: Seen) -> Sequence[str]:
    """Take our marks from an open workbook; return what is to be said of it.

    Raises LiveError where the program does not let us.
    """
    if seen.book.read_only:
        raise LiveError("这个工作簿是以只读方式打开的，没有清除标记。请正常打开后再试。")
    wanted = unmarking(seen.data)
    if not wanted.sheets:
        return ("没有标记，工作簿没有改动。", *wanted.notes)
    said = marks.write(seen.book, wanted)
    cells = sum(len(sheet.edits) for sheet in wanted.sheets)
    told = f"已清除 {cells} 处标记，没有保存；清除以前的操作不能再撤销。"
    return (told, *wanted.notes, *said)


def step(seen: Seen, *, forward: bool) -> Sequence[str]:
    """Select the next marked cell, or the one before; return the place and what its mark says."""
    place = walk(seen.book, marked_cells(seen.data), forward=forward)
    if place is None:
        return ("没有标记。请先运行 zhengdun live mark。",)
    sheet, cell = place
    first, *more = mark_lines(seen.data).get(place) or ("",)
    return (f"{sheet}!{cell}：{first}", *more)


# -- plan -----------------------------------------------------------------------------------------


def plan(
    seen: Seen, paper: papers.Paper, target: Path, track: Track, manner: papers.Manner
) -> Outcome:
    """An open workbook to its village's plan, as `plan` does; raises as it, and LiveError."""
    path = seen.lying("还不知道它属于哪个镇，不能生成方案")
    return papers.write_papers(paper, (path,), target, track, manner, opener=seen.opener)
