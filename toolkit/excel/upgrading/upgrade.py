"""A filled workbook of an older version of its form, made into one of the present version.

Law: nothing is lost. Every value and note of the old file stands in its place in the new one or on
the sheet 待迁移; both files are counted by an independent scan, and where the counts differ there
is no new file. A cell's look is not kept: its colour, its row's height, whether it was hidden.
"""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from toolkit.cells import Raw, a1, fold
from toolkit.errors import OutputError, ToolkitError, UnreadableError
from toolkit.excel.blank import build_workbook
from toolkit.excel.marks.beside import Beside
from toolkit.excel.marks.mark import cleared, written_beside
from toolkit.excel.opened import open_bytes, read_bytes
from toolkit.excel.parking import CONTENT, Parked
from toolkit.excel.upgrading.inventory import Address, Inventory, Item, take_inventory
from toolkit.excel.upgrading.moving import Move, plan_move
from toolkit.schema.form import FIRST_ROW, INSTRUCTIONS_SHEET, PARKING_SHEET, Form, Identity
from toolkit.schema.kinds import as_text
from toolkit.schema.workbook import Workbook

_NOTHING = Item(None)
_MOST_SHOWN = 20
_NEW_KINDS = {".xlsx", ".xlsm"}  # openpyxl reads no others
_UNSEEN = re.compile(r"[\s\u00ad\u200b-\u200f\u2028\u2029\ufeff\ufffd\x00-\x1f]|_x[0-9A-Fa-f]{4}_")


@dataclass(frozen=True, slots=True)
class Proof:
    """What was counted before and after; `split` cells speak for those once merged above them."""

    values_before: int
    carried: int
    parked: int
    split: int
    values_after: int
    notes_before: int
    notes_carried: int
    notes_parked: int
    notes_after: int

    @property
    def balances(self) -> bool:
        """Whether nothing was lost and nothing came from nowhere."""
        values = self.values_before == self.carried + self.parked
        notes = self.notes_before == self.notes_carried + self.notes_parked
        after = self.values_after == self.values_before + self.split + self.notes_parked
        return values and notes and after and self.notes_after == self.notes_carried

    @property
    def line(self) -> str:
        """The counts in one sentence."""
        parked_notes = f"、批注 {self.notes_parked} 条" if self.notes_parked else ""
        more = [f"合并单元格拆开多出 {self.split} 格"] * bool(self.split)
        more += [f"待迁移的批注占 {self.notes_parked} 格"] * bool(self.notes_parked)
        why = f"（{'，'.join(more)}）" if more else ""
        verdict = "数目一致" if self.balances else "数目不一致"
        return (
            f"迁移 {self.carried} 格，批注 {self.notes_carried} 条；"
            f"待迁移 {self.parked} 格{parked_notes}；"
            f"旧工作簿 {self.values_before} 格，新工作簿 {self.values_after} 格{why}，{verdict}。"
        )


@dataclass(frozen=True)
class Upgraded:
    """The new workbook and what is to be said of it; without data there was nothing to do."""

    data: bytes
    notes: tuple[str, ...]
    proof: Proof | None = None
    parked: tuple[Parked, ...] = ()


def upgrade(path: Path, forms: Sequence[Form]) -> Upgraded:
    """Return a filled workbook as one of the present version of whichever form it is filled from.

    Raises UnreadableError where it cannot be read or is newer than the form, OtherFormError where
    it is of another kind, and ToolkitError where old and new do not come to the same.
    """
    data = read_bytes(path)
    opened = open_bytes(data, path, forms)
    form = opened.form
    have, want = _version(opened.identity.version), _version(form.version)
    if have == want:
        return Upgraded(b"", (f"已是现用版本 {form.version}，不用升级。",))
    if have > want:
        raise UnreadableError(
            f"工作簿版本 {opened.identity.version}，新于本程序的 {form.version}。"
            "请先更新程序再试。",
            path.name,
        )
    if opened.facts.kind not in _NEW_KINDS:
        raise UnreadableError(
            f"是 {opened.facts.kind} 格式，不能直接升级。"
            "请用 Excel 或 WPS 打开，另存为 .xlsx 再试。",
            path.name,
        )
    book = opened.read()
    data, beside = _without_marks(data)
    old = take_inventory(data, path.name)
    move = plan_move(book, old, beside)
    identity = _identity(book)
    made = build_workbook(form, identity, move.filling, notes=move.notes, parked=move.parked)
    new = take_inventory(made, path.name)
    proof = _proof(move, old, new, len(beside), form)
    changed = list(_changed(move, old, new))
    if changed or not proof.balances:
        where = f"{'、'.join(changed[:_MOST_SHOWN])}等 {len(changed)} 处前后不同。" * bool(changed)
        raise ToolkitError(f"{path.name}：没有升级。{proof.line}{where}请把这个文件交给技术人员。")
    return Upgraded(made, tuple(_remarks(book, old, move, proof)), proof, tuple(move.parked))


def _without_marks(data: bytes) -> tuple[bytes, tuple[Beside, ...]]:
    """Return a file without our list, colours and notes, and what people wrote beside the list."""
    try:
        return cleared(data), written_beside(data)
    except OutputError:  # what cannot be marked has no marks
        return data, ()


def _version(text: str) -> tuple[int, ...]:
    """Return a version as numbers; one that is lost is older than any."""
    return tuple(map(int, text.split("."))) if text else ()


def _identity(book: Workbook) -> Identity:
    """Return the present identity; a lost code or year is taken from the sheets of one record."""
    told: dict[str, str] = {}
    for row in (row for kind in book.form.rows if kind.vertical for row in book.rows(kind)):
        for column, cell in row.filled():
            if column.name in {"code", "year"} and cell.value is not None:
                told.setdefault(column.name, str(cell.value))
    code = book.identity.code or told.get("code", "")
    year = book.identity.year or told.get("year", "")
    return Identity(book.form.id, book.form.version, code, year)


# -- the proof ----------------------------------------------------------------------------------


def _proof(move: Move, old: Inventory, new: Inventory, beside: int, form: Form) -> Proof:
    """Return what the scans of both files count, what stood beside our list included."""
    own = form.generated_sheets()
    parking = new.cells.get(PARKING_SHEET, {})
    lines = sum(row >= FIRST_ROW and column == CONTENT for row, column in parking)
    return Proof(
        values_before=_count(old) + beside - move.furniture,
        carried=len(move.carried),
        parked=move.parked_cells,
        split=len(move.split),
        values_after=_count(new, own | {PARKING_SHEET}) - _own_texts(form) + lines,
        notes_before=len(old.notes),
        notes_carried=len(move.notes),
        notes_parked=move.parked_notes,
        notes_after=len(new.notes),
    )


@cache
def _own_texts(form: Form) -> int:
    """Return how many cells the form fills by itself on the sheets that people fill in."""
    empty = build_workbook(form, Identity(form.id, form.version))
    return _count(take_inventory(empty, form.title), form.generated_sheets())


def _count(inventory: Inventory, without: Container[str] = ()) -> int:
    return sum(len(cells) for title, cells in inventory.cells.items() if title not in without)


def _changed(move: Move, old: Inventory, new: Inventory) -> Iterator[str]:
    """Yield each cell and note that does not say in the new file what it said in the old one."""
    for sheet, row, column in move.carried:
        title, line, at = move.targets[sheet, row, column]
        there = new.cells[title].get((line, at), _NOTHING)
        if not _same(old.cells[sheet][row, column], there.raw, old):
            yield f"{sheet}!{a1(row, column)}"
    for row, parked in enumerate(move.parked, FIRST_ROW):
        there = new.cells[PARKING_SHEET].get((row, CONTENT), _NOTHING)
        if not _same(there, parked.content, new):
            yield f"{parked.sheet}!{parked.cell}"
    hung = {note[:3]: (_bare(note.text), _bare(note.author)) for note in new.notes}
    for note in move.notes:
        if hung.get(note[:3]) != (_bare(note.text), _bare(note.author)):
            yield f"{note.sheet}!{a1(note.row, note.column)} 的批注"


def _same(item: Item, raw: Raw, inventory: Inventory) -> bool:
    """Say whether a cell holds what another program read elsewhere."""
    kept = inventory.keeps(item, raw)
    return _bare(as_text(item.raw)) == _bare(as_text(raw)) if kept is None else kept


def _bare(text: str) -> str:
    """Return a text without what readers and writers spell each in their own way."""
    return _UNSEEN.sub("", text)


# -- what is to be said -------------------------------------------------------------------------


def _remarks(book: Workbook, old: Inventory, move: Move, proof: Proof) -> Iterator[str]:
    """Yield what the person at the desk should know."""
    was = book.identity.version or "不明"
    yield f"版本 {was} 升为 {book.form.version}。{proof.line}"
    if move.parked:
        yield (
            f"没有对应栏目的内容在“{PARKING_SHEET}”表里，共 {len(move.parked)} 行，"
            "请逐行处理，全部处理完后删除这张表。"
        )
    reckoned = [at for at in move.carried if old.cells[at[0]][at[1:]].formula]
    if reckoned:
        yield f"公式改成了算好的数：{_places(reckoned)}。"
    if move.split:
        yield f"合并的单元格拆开填写：{_places(move.split)}。"
    links = [at for at in old.links if (at[0], at[2]) != (INSTRUCTIONS_SHEET, 1)]  # these are ours
    if links:
        yield f"链接共 {len(links)} 处没有搬过来，文字已保留：{_places(links)}。"
    if old.boxes:
        yield f"文本框和图形共 {old.boxes} 个没有搬过来，请从旧工作簿里复制。"
    if old.loose:
        yield f"图片、图表和附件共 {old.loose} 个没有搬过来，请从旧工作簿里复制。"
    if book.facts.macros:
        yield "宏没有搬过来。"


def _places(addresses: Iterable[Address]) -> str:
    """Return addresses by sheet, as people spell them."""
    by_sheet: dict[str, list[str]] = {}
    for sheet, row, column in addresses:
        by_sheet.setdefault(sheet, []).append(a1(row, column))
    return "；".join(f"{sheet}!{fold(cells)}" for sheet, cells in by_sheet.items())
