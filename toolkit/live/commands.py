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
from toolkit.excel.marks.live import (
    hidden_marks,
    mark_lines,
    marked_cells,
    marking,
    unmarking,
)
from toolkit.findings import Finding
from toolkit.forms import is_work_folder
from toolkit.inbox import Opener, Sight, holding, open_all
from toolkit.live import marks, program, states
from toolkit.live.program import OpenBook
from toolkit.live.walking import walk
from toolkit.report import CheckReport, Outcome, Track, as_text, form_of, gravest
from toolkit.returns import report_kind


@dataclass(frozen=True)
class Told:
    """What a command says in the end, and its exit code: 3 where it could not do all."""

    lines: tuple[str, ...]
    exit_code: int


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
            raise LiveError(f"{self.nowhere}，{what}。请先另存到工作文件夹里再试。")
        return self.book.path

    @property
    def nowhere(self) -> str:
        """What is said of one that lies in no folder of this computer."""
        where = states.IN_CLOUD if self.book.in_cloud else states.NEVER_SAVED
        return f"{self.book.name} {where}"


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
        written.append(f"{seen.nowhere}，没有写 {REPORT_FILE}；要写请用 -o。")
    elif report.checked:
        try:
            flow.write_report(report, form_of(None, place), place)
            written.append(f"已写入 {place}")
        except ToolkitError as error:
            troubles.append(str(error))
            codes.append(error.exit_code)
    if _is_judged_alone(report, seen):
        written.insert(0, states.NO_TOWNSHIP)
    if mark and report.checked:
        try:
            told = _mark(seen, report.findings)
            written += told.lines
            codes.append(told.exit_code)
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


def _is_judged_alone(report: CheckReport, seen: Seen) -> bool:
    """Say whether a village's workbook was judged without any township's."""
    alone = len(report.files) == 1 and report.files[0].path == str(seen.path)
    return alone and bool(report.files[0].village) and not report.judged_by


def _beside(seen: Seen) -> Path | None:
    """Return where the report goes: a numbered name where one is open, or is none of ours.

    In a work folder that is its root, where no report lies among the villages' workbooks.
    """
    path = seen.book.path
    if path is None:
        return None
    report = Path(REPORT_FILE)
    home = next(filter(is_work_folder, path.parents), None)
    first = (
        home / f"{report.stem}-{path.stem}{report.suffix}" if home else path.with_name(REPORT_FILE)
    )
    return next(filter(_is_free, results.numbered(first)), first)


def _is_free(place: Path) -> bool:
    try:
        results.spare(place, results.REPORT)
    except ToolkitError:
        return False
    return not results.is_open(place)


def _mark(seen: Seen, findings: Sequence[Finding]) -> Told:
    """Mark the findings in the open workbook; return what is to be said of it."""
    if seen.book.read_only:
        return Told((states.READ_ONLY,), _NOT_ALL)
    own = [finding for finding in findings if finding.file == str(seen.path)]
    wanted = marking(seen.data, own)
    code = _NOT_ALL if any(map(states.is_protected, wanted.notes)) else 0
    if not wanted.sheets:
        told = f"标记没有变化，共 {wanted.marked} 处。" if wanted.marked else "没有要标记的单元格。"
        return Told((told, *wanted.notes), code)
    done = marks.write(seen.book, wanted)
    refused = [edit.marks for edit in done.refused]
    lacking = refused.count(True) + sum(each.marks for sheet in done.locked for each in sheet.edits)
    kept = states.MARKS_SAVED if program.saves_itself(seen.book) else states.NOT_SAVED
    return Told(
        (
            f"已标出 {wanted.marked - lacking} 处，{kept}；标记以前的操作不能再撤销。",
            *_refused(refused.count(True), "没有标记"),
            *_refused(refused.count(False), "旧标记没有清除"),
            *wanted.notes,
            *(states.protected(sheet.sheet) for sheet in done.locked),
        ),
        code if done.is_whole else _NOT_ALL,
    )


_NOT_ALL = LiveError.exit_code


def _refused(cells: int, undone: str) -> Sequence[str]:
    return (f"另有 {cells} 处 Excel 没有接受，{undone}。",) if cells else ()


def unmark(seen: Seen) -> Told:
    """Take our marks from an open workbook; return what is to be said of it.

    Raises LiveError where the program does not let us.
    """
    if seen.book.read_only:
        raise LiveError("这个工作簿是以只读方式打开的，没有清除标记。请正常打开后再试。")
    wanted = unmarking(seen.data)
    code = _NOT_ALL if any(map(states.is_protected, wanted.notes)) else 0
    if not wanted.sheets:
        return Told(("没有标记，工作簿没有改动。", *wanted.notes), code)
    done = marks.write(seen.book, wanted)
    kept = states.CLEARING_SAVED if program.saves_itself(seen.book) else states.NOT_SAVED
    return Told(
        (
            f"已清除 {done.made} 处标记，{kept}；清除以前的操作不能再撤销。",
            *_refused(len(done.refused), "没有清除"),
            *wanted.notes,
            *(states.still_marked(sheet.sheet) for sheet in done.locked),
        ),
        code if done.is_whole else _NOT_ALL,
    )


def step(seen: Seen, *, forward: bool) -> Sequence[str]:
    """Select the next marked cell, or the one before; return the place and what its mark says.

    Raises LiveError where there is no mark, or the program does not let us.
    """
    place = walk(seen.book, marked_cells(seen.data), forward=forward)
    if place is None:
        raise LiveError(_no_mark(seen.data))
    sheet, cell = place
    first, *more = mark_lines(seen.data).get(place) or ("",)
    return (f"{sheet}!{cell}：{first}", *more)


def _no_mark(data: bytes) -> str:
    hidden = hidden_marks(data)
    return states.all_hidden(hidden) if hidden else states.NO_MARKS


# -- plan -----------------------------------------------------------------------------------------


def plan(
    seen: Seen, paper: papers.Paper, target: Path, track: Track, manner: papers.Manner
) -> Outcome:
    """An open workbook to its village's plan, as `plan` does; raises as it, and LiveError."""
    path = seen.lying("还不知道它属于哪个镇，不能生成方案")
    return papers.write_papers(paper, (path,), target, track, manner, opener=seen.opener)
