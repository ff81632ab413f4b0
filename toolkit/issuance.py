"""Workbooks handed out: one for each village on the roster, none that is filled in touched.

Law: a village has one workbook a year. What lies in the folder already is told by its content, not
by its name; only one that nobody has written in is ever written anew.
"""

from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from toolkit import results
from toolkit.errors import OtherFormError, OutputError, ToolkitError, UnreadableError, UsageError
from toolkit.excel.folder import find_workbooks
from toolkit.excel.opened import open_workbook
from toolkit.forms import carrying, issuing, township, village
from toolkit.forms.issuing import Fate, Order, Receipt, Roster
from toolkit.outputs import admit_folder, backup_of
from toolkit.report import Outcome, Track, Written
from toolkit.schema.form import Filling, Identity
from toolkit.schema.workbook import Workbook


def hand_out(book: Workbook, folder: Path, order: Order, track: Track) -> Outcome:
    """Return what was issued by a township's workbook; exit code 4 where rows got none.

    Raises UsageError where the order or the workbook cannot be followed, and OutputError where
    the results have no place; nothing is written then.
    """
    from toolkit.excel.stencil import Stencils  # noqa: PLC0415 -- only here workbooks are built

    roster = issuing.roster_of(book, order.year)
    asked = issuing.chosen(roster.entries, order.villages)
    place = order.receipts or usual_place(Path(book.path), folder)
    results.spare(place, results.RECEIPTS)
    admit_folder(folder)
    build = Stencils(village.FORM, roster.local).build
    desk = _Desk(roster, folder, _last_year(order, roster), _standing(folder, roster), build)
    unfit = issuing.unfit(roster.entries)
    for entry in roster.entries:
        if entry in unfit:
            line = f"{book.name} › {entry.sheet_title} › 第 {entry.line} 行："
            desk.give_none(entry, unfit[entry], line if entry in asked else "")
        elif entry not in asked:
            desk.pass_by(entry)
    fit = {
        folder / issuing.village_file(entry, roster.year): entry
        for entry in asked
        if entry not in unfit
    }
    for path in track(list(fit)):
        desk.serve(fit[path], path)
    receipts = [desk.receipts[entry] for entry in roster.entries]
    desk.register(place, receipts)
    return desk.outcome(*desk.standing.remarks(fit), *issuing.strange_types(book))


def usual_place(township_file: Path, folder: Path) -> Path:
    """Return where the list of receipts stands: beside the township's workbook in a work folder."""
    home = township_file.resolve().parent
    beside = folder.resolve().parent == home
    return (folder.parent if beside else folder) / issuing.RECEIPTS_FILE


# -- what there is already ------------------------------------------------------------------------


@dataclass(frozen=True)
class _Standing:
    """What lies in the folder: villages' workbooks of the year, and what every file is."""

    books: Mapping[township.Village, Sequence[Workbook]]
    told: Mapping[Path, str]
    unread: Sequence[Path] = ()

    def remarks(self, named: Container[Path]) -> Iterator[str]:
        """Yield what is to be said of unread files, but for those that are named already."""
        for path in self.unread:
            if path not in named:
                yield f"读不了 {path}，不知道是哪个村的：{self.told[path]}"


def _standing(folder: Path, roster: Roster) -> _Standing:
    """Return what lies in the folder itself; folders in it hold copies and other years."""
    books: dict[township.Village, list[Workbook]] = {}
    told: dict[Path, str] = {}
    unread: list[Path] = []
    found = find_workbooks([folder]).files if folder.is_dir() else ()
    for path in (path for path in found if path.parent == folder):
        try:
            book = open_workbook(path, (village.FORM,)).read()
        except UnreadableError as error:
            told[path] = error.reason
            unread += [path] * (not isinstance(error, OtherFormError))
            continue
        entry = township.match(book, roster.entries)
        year = village.plan_year(book)
        if entry is not None and year in {roster.year, None}:
            books.setdefault(entry, []).append(book)
        whose = f"{village.village_code(book)} {village.village_name(book)}".strip()
        told[path] = f"里面是{whose or '别的村'} {year or '不明'}年度的工作簿。"
    return _Standing(books, told, unread)


@dataclass(frozen=True)
class _LastYear:
    """What is carried over, if anything is, and what is to be said of the other files."""

    found: Mapping[township.Village, carrying.Forerunner]
    troubles: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()


def _last_year(order: Order, roster: Roster) -> _LastYear:
    """Return each village's forerunner; raises UsageError where none can be among the files."""
    if order.last_year is None:
        return _LastYear({})
    if not order.last_year.exists():
        raise UsageError(f"--from {order.last_year}：找不到这个文件或文件夹。请核对路径。")
    books, troubles, passed_over = _read_all(order.last_year)
    years = [year for book in books if (year := village.plan_year(book))]
    if years and min(years) >= roster.year:
        raise UsageError(
            f"--from {order.last_year}：里面是 {min(years)} 年度的工作簿，"
            f"不早于要发放的 {roster.year} 年度，不能沿用。请改成上一年度的文件夹。"
        )
    if not books:
        why = "".join(troubles) or "里面没有村级工作簿。"
        raise UsageError(f"--from {order.last_year}：{why}请核对文件夹，或去掉 --from 再发放。")
    for book in books:
        year = village.plan_year(book)
        if year is None:
            troubles.append(f"{book.path}：看不出是哪一年度的，没有沿用。请填好年度后再发放。")
        elif year >= roster.year:
            passed_over.append(f"没有沿用 {book.path}：是 {year} 年度的工作簿。")
    found = carrying.forerunners(_originals(books), roster.entries, roster.year)
    return _LastYear(found, tuple(troubles), tuple(passed_over))


def _read_all(place: Path) -> tuple[list[Workbook], list[str], list[str]]:
    """Return the village workbooks of a file or folder, and what is to be said of other files."""
    books: list[Workbook] = []
    troubles: list[str] = []
    passed_over: list[str] = []
    for path in sorted(find_workbooks([place]).files):
        try:
            books.append(open_workbook(path, (village.FORM,)).read())
        except OtherFormError:
            passed_over.append(f"已跳过 {path}：不是村级工作簿。")
        except UnreadableError as error:
            troubles.append(f"{path}：没有沿用。{error.reason}")
    return books, troubles, passed_over


def _originals(books: Sequence[Workbook]) -> Iterator[Workbook]:
    """Yield the workbooks but those return copies whose original lies among them."""
    copies = {book.path for book in books if results.kind_of(Path(book.path)) == results.COPY}
    originals = {book.name for book in books if book.path not in copies}
    yield from (book for book in books if book.path not in copies or book.name not in originals)


# -- handing out ----------------------------------------------------------------------------------


@dataclass
class _Desk:
    """Where the workbooks are handed out, with what it knows and what it has done so far."""

    roster: Roster
    folder: Path
    last_year: _LastYear
    standing: _Standing
    build: Callable[[Identity, Filling, str], bytes]
    receipts: dict[township.Village, Receipt] = field(default_factory=dict)
    written: list[Written] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    code: int = 0

    def give_none(self, entry: township.Village, why: str, place: str = "") -> None:
        """Note that a row gets no workbook; it is a trouble only where its `place` is told."""
        name = entry.field(township.Village.village).seen.strip()
        code = entry.field(township.Village.code).seen.strip()
        self.receipts[entry] = Receipt(code, name, Fate.NONE, why=why)
        if place:
            self.troubles.append(f"{place}{why}")
            self.code = 4

    def pass_by(self, entry: township.Village) -> None:
        """Note what a village has that nobody asked for in this run."""
        books = self.standing.books.get(entry, ())
        self._note(
            entry, Fate.UNASKED, *((books[0].name, books[0].identity.version) if books else ())
        )

    def serve(self, entry: township.Village, path: Path) -> None:
        """Hand out a village's workbook, if it is to have one."""
        try:
            fate, done, version = self._serve(entry, path)
        except ToolkitError as error:
            self.give_none(entry, error.reason.removeprefix(f"{path}："), f"{path}：")
            return
        self._note(entry, fate, done.path.name, version)
        self.written.append(done)

    def _note(self, entry: township.Village, fate: Fate, file: str = "", version: str = "") -> None:
        self.receipts[entry] = Receipt(entry.code or "", entry.village or "", fate, file, version)

    def _serve(self, entry: township.Village, path: Path) -> tuple[Fate, Written, str]:
        """Return what became of a village, and where its workbook of which version stands."""
        books = self.standing.books.get(entry, ())
        if not books:
            return self._first(entry, path)
        filled = [book for book in books if not issuing.untouched(book)]
        named = [book for book in books if book.name == path.name]
        book = (*filled, *named, *books)[0]
        there = path.with_name(book.name)
        remarks = tuple(_remarks_on(book, books, path))
        if filled:
            note = "已经填写，没有覆盖"
            return Fate.FILLED, Written(there, (note, *remarks)), book.identity.version
        known = self._known(entry, book)
        meant = self._identity(entry)
        if issuing.is_current(book, meant, issuing.issued_line(known.filling, self.roster.local)):
            return Fate.SAME, Written(there, ("没有变化", *remarks)), meant.version
        note = f"还没有填写，已按现在的名册和表样更新，原来的留作 {backup_of(there).name}"
        notes = (note, *self._remarks(entry), *known.notes, *remarks)
        done = results.renew(there, self._built(entry, known), book.facts.sha256, *notes)
        return Fate.RENEWED, done, meant.version

    def _first(self, entry: township.Village, path: Path) -> tuple[Fate, Written, str]:
        if path.exists():
            why = self.standing.told.get(path, "这个文件名已经被占用。")
            raise OutputError(f"同名的文件不是这个村的，没有覆盖，没有发放。{why}")
        known = self._known(entry)
        notes = (*self._remarks(entry), *known.notes)
        done = results.create(path, self._built(entry, known), *notes)
        return Fate.NEW, done, village.FORM.version

    def _remarks(self, entry: township.Village) -> Iterator[str]:
        return issuing.remarks(entry, self.roster.entries)

    def _identity(self, entry: township.Village) -> Identity:
        return issuing.identity(entry.code or "", str(self.roster.year))

    def _built(self, entry: township.Village, known: carrying.Carried) -> bytes:
        """Return the bytes of a village's workbook."""
        line = issuing.issued_line(known.filling, self.roster.local)
        return self.build(self._identity(entry), known.filling, line)

    def _known(self, entry: township.Village, present: Workbook | None = None) -> carrying.Carried:
        """Return what is known of a village: by its last workbook, by the present one, the roster.

        What the present one was issued with stays in it, also when no --from is given any more.
        """
        roster = self.roster
        last = self.last_year.found.get(entry, carrying.Forerunner())
        why = [last.why] if last.why else []
        if last.book is not None:
            return carrying.carried(last.book, entry, roster.town, roster.year)
        if present is not None:
            made = carrying.renewed(present, entry, roster.town, roster.year)
            return carrying.Carried(made.filling, [*made.notes, *why])
        return carrying.Carried(issuing.prefilled(entry, roster.town, roster.year), why)

    def register(self, place: Path, receipts: Sequence[Receipt]) -> None:
        """Write the list of receipts; where that cannot be done, the workbooks stand."""
        from toolkit.excel.receipts import build_receipts, signatures  # noqa: PLC0415 -- as above

        try:
            signed = signatures(place) if place.exists() else {}
            town = self.roster.town.town or ""
            data = build_receipts(town, self.roster.year, receipts, signed)
            counts = Counter(receipt.fate for receipt in receipts)
            told = "，".join(f"{fate.value} {counts[fate]} 份" for fate in Fate if counts[fate])
            done = results.replace(place, data, results.RECEIPTS, f"{told}。")
            self.written.append(done)
        except ToolkitError as error:
            self.troubles.append(str(error))
            self.code = self.code or error.exit_code

    def outcome(self, *remarks: str) -> Outcome:
        """Return what is to be told of the run."""
        troubles = (*self.last_year.troubles, *self.troubles)
        code = self.code or (3 if self.last_year.troubles else 0)
        passed_over = (*self.last_year.passed_over, *remarks)
        return Outcome(tuple(self.written), troubles, code, passed_over)


def _remarks_on(book: Workbook, books: Sequence[Workbook], path: Path) -> Iterator[str]:
    """Yield what is odd about the workbook that a village has already."""
    if book.name != path.name:
        yield f"文件名与名册不同（按名册是 {path.name}），按内容认出是这个村的，没有另发"
    others = "、".join(sorted(other.name for other in books if other is not book))
    if others:
        yield f"{others} 也是这个村的工作簿，请核对后只留一份"
