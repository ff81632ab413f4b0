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
from toolkit.outputs import admit_folder, backup_of, sweep
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
    place = order.receipts or usual_place(Path(book.path), folder, roster.year)
    results.spare(place, results.RECEIPTS)
    admit_folder(folder)
    sweep(folder)
    build = Stencils(village.FORM, roster.local).build
    held = villages_in(folder, roster)
    desk = _Desk(roster, folder, _last_year(order, roster), held, build)
    desk.troubles += issuing.faulty_figures(book)
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
    lacking = ((entry, path) for path, entry in fit.items() if entry not in held.books)
    named = [held.in_the_way(entry, path) for entry, path in lacking]
    return desk.outcome(*_opened(book), *held.remarks(named), *issuing.strange_types(book))


def usual_place(township_file: Path, folder: Path, year: int) -> Path:
    """Return where the list of receipts stands: beside the township's workbook in a work folder."""
    home = township_file.resolve().parent
    beside = folder.resolve().parent == home
    return (folder.parent if beside else folder) / issuing.receipts_file(year)


def _opened(book: Workbook) -> Iterator[str]:
    """Yield what is to be said where somebody has the township's workbook open."""
    if results.is_open(Path(book.path)):
        yield f"{Path(book.name).stem}正被打开，按最后一次保存的内容发放。"


# -- what there is already ------------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """What a folder holds: the villages' workbooks of the year, and what the other files are.

    `taken` says of a file why no workbook can have its name, `unread` what is wrong with it.
    """

    books: Mapping[township.Village, Sequence[Workbook]]
    taken: Mapping[Path, str]
    unread: Mapping[Path, str]
    year: int

    def in_the_way(self, entry: township.Village, path: Path) -> Path:
        """Return the file that may be a village's workbook, though it cannot be read.

        That is one of its own name, wherever it lies; else the place of the workbook itself.
        """
        if path in self.taken:
            return path
        stem = Path(issuing.village_file(entry, self.year)).stem
        return next((each for each in self.unread if each.stem.startswith(stem)), path)

    def why_taken(self, entry: township.Village, path: Path) -> str:
        """Return why a village cannot be given a workbook in a place, "" where it can."""
        known = self.in_the_way(entry, path)
        if known == path:
            return self.taken.get(path, _TAKEN if _is_there(path) else "")
        return f"{known} {self.taken[known].removeprefix('同名的文件')}"

    def remarks(self, named: Container[Path]) -> Iterator[str]:
        """Yield what is to be said of unread files, but for those that are named already."""
        for path, why in self.unread.items():
            if path not in named:
                yield f"读不了 {path}，不知道是哪个村的：{why}"


_FREE_IT = "请改名或移走后再试。"
_TAKEN = f"这个文件名已经被占用。{_FREE_IT}"


def villages_in(folder: Path, roster: Roster) -> Held:
    """Return what a folder and those in it hold of the villages on a roster.

    Of several workbooks of a village, return copies come last.
    """
    books: dict[township.Village, list[Workbook]] = {}
    taken: dict[Path, str] = {}
    unread: dict[Path, str] = {}
    for path in find_workbooks([folder]).files if folder.is_dir() else ():
        try:
            book = open_workbook(path, (village.FORM,)).read()
        except OtherFormError:
            taken[path] = f"同名的文件不是村级工作簿，没有覆盖。{_FREE_IT}"
            continue
        except UnreadableError as error:
            unread[path] = error.reason
            told = f"同名的文件读不了，没有覆盖。{error.reason}"
            taken[path] = f"{told}已经没有用的，{_FREE_IT}"
            continue
        entry = township.match(book, roster.entries)
        year = village.plan_year(book)
        if entry is not None and year in {roster.year, None}:
            books.setdefault(entry, []).append(book)
        whose = f"{village.village_code(book)} {village.village_name(book)}".strip()
        told = f"{whose or '别的村'} {year or '不明'}年度的工作簿"
        taken[path] = f"同名的文件里面是{told}，没有覆盖。{_FREE_IT}"
    return Held(
        {entry: _copies_last(found) for entry, found in books.items()}, taken, unread, roster.year
    )


def _copies_last(books: Sequence[Workbook]) -> Sequence[Workbook]:
    return sorted(books, key=_is_copy) if len(books) > 1 else books


def _is_copy(book: Workbook) -> bool:
    return results.kind_of(Path(book.path)) == results.COPY


def present(books: Sequence[Workbook], name: str) -> Workbook:
    """Return the workbook of a village that counts: filled in, else as it is named, else any.

    One that nobody can tell to be blank counts only where no other is.
    """
    filled = [book for book in books if not issuing.is_blank(book)]
    blank = [book for book in books if issuing.untouched(book)]
    named = [book for book in blank if book.name == name]
    return (*filled, *named, *blank, *books)[0]


@dataclass(frozen=True)
class _LastYear:
    """What is carried over, if anything is, and what is to be said of the other files."""

    found: Mapping[township.Village, carrying.Forerunner]
    troubles: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()


def _is_there(path: Path) -> bool:
    """Say whether something stands in a place; where nobody may look, writing will tell."""
    try:
        return path.exists()
    except OSError:
        return False


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
    copies = {book.path for book in books if _is_copy(book)}
    originals = {book.name for book in books if book.path not in copies}
    yield from (book for book in books if book.path not in copies or book.name not in originals)


# -- where a plan goes that is taken in -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """Where a village's workbook is to stand, and the untouched one whose place it takes."""

    path: Path
    code: str = ""  # of the village, where that is known
    village: str = ""
    year: int | None = None
    instead_of: str = ""  # the digest of its bytes

    def take(self, data: bytes, *notes: str) -> Written:
        """Write the workbook; raises OutputError where another stands there by now."""
        if not self.instead_of:
            return results.create(self.path, data, *notes)
        kept = f"发放的那份还没有填写，留作 {backup_of(self.path).name}"
        more = f"{kept}；方案里没有而那里预填了的（如联系电话），请补上"
        return results.renew(self.path, data, self.instead_of, more, *notes)


def place_told(target: Path, code: str = "") -> Place:
    """Return a place that somebody has told, which an untouched workbook may have.

    Raises OutputError where anything else stands there, or another village's workbook.
    """
    book = _untouched_at(target)
    if book is None:
        results.unused(target)
        return Place(target, code)
    own, name = village.village_code(book), village.village_name(book)
    if code not in {"", own}:
        whose = f"里面是 {own} {name} 的工作簿，不是 {code} 的"
        raise OutputError(f"{target}：{whose}，没有覆盖。请核对 -o 和 --code。")
    return Place(target, own, name, village.plan_year(book), book.facts.sha256)


def _untouched_at(target: Path) -> Workbook | None:
    try:
        book = open_workbook(target, (village.FORM,)).read() if target.is_file() else None
    except UnreadableError:
        return None
    return book if book and issuing.untouched(book) else None


def place_known(roster: Roster, books: Path, entry: township.Village) -> Place:
    """Return the place of a village's workbook: where the one issued to it lies, else its own.

    Raises OutputError where a workbook of the village may have been filled in.
    """
    held = villages_in(books, roster)
    path = books / issuing.village_file(entry, roster.year)
    code, name = entry.code or "", entry.village or ""
    if entry not in held.books:
        why = held.why_taken(entry, path)
        if why:
            raise OutputError(f"{path}：{why}")
        return Place(path, code, name, roster.year)
    book = present(held.books[entry], path.name)
    if not issuing.untouched(book):
        state = "看不出是否填过" if issuing.is_blank(book) else "已经填写"
        raise OutputError(f"{book.path}：{name}的工作簿{state}，没有覆盖。请用 -o 另指定文件名。")
    return Place(Path(book.path), code, name, roster.year, book.facts.sha256)


# -- handing out ----------------------------------------------------------------------------------


@dataclass
class _Desk:
    """Where the workbooks are handed out, with what it knows and what it has done so far."""

    roster: Roster
    folder: Path
    last_year: _LastYear
    held: Held
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
        books = self.held.books.get(entry, ())
        if not books:
            self._note(entry, Fate.UNASKED)
            return
        book = present(books, issuing.village_file(entry, self.roster.year))
        self._note(entry, Fate.UNASKED, Path(book.path), book.identity.version)

    def serve(self, entry: township.Village, path: Path) -> None:
        """Hand out a village's workbook, if it is to have one."""
        try:
            fate, done, version = self._serve(entry, path)
        except ToolkitError as error:
            self.give_none(entry, error.reason.removeprefix(f"{path}："), f"{path}：")
            return
        self._note(entry, fate, done.path, version)
        self.written.append(done)

    def _note(
        self, entry: township.Village, fate: Fate, path: Path | None = None, version: str = ""
    ) -> None:
        file = path.relative_to(self.folder).as_posix() if path else ""
        self.receipts[entry] = Receipt(entry.code or "", entry.village or "", fate, file, version)

    def _serve(self, entry: township.Village, path: Path) -> tuple[Fate, Written, str]:
        """Return what became of a village, and where its workbook of which version stands."""
        books = self.held.books.get(entry, ())
        if not books:
            return self._first(entry, path)
        book = present(books, path.name)
        there = Path(book.path)
        remarks = tuple(_remarks_on(book, books, path))
        if not issuing.untouched(book):
            notes = (*self._spared(book), *remarks)
            fate = Fate.UNCLEAR if issuing.is_blank(book) else Fate.FILLED
            return fate, Written(there, notes), book.identity.version
        known = self._known(entry, book)
        meant = self._identity(entry)
        if issuing.is_current(book, meant, issuing.issued_line(known.filling, self.roster.local)):
            return Fate.SAME, Written(there, ("没有变化", *remarks)), meant.version
        note = f"还没有填写，已按现在的名册和表样更新，原来的留作 {backup_of(there).name}"
        notes = (note, *self._remarks(entry), *known.notes, *remarks)
        done = results.renew(there, self._built(entry, known), book.facts.sha256, *notes)
        return Fate.RENEWED, done, meant.version

    def _spared(self, book: Workbook) -> Iterator[str]:
        """Yield why a workbook is not written anew, and what it therefore lacks."""
        unclear = issuing.is_blank(book)
        why = f"看不出是否填过（{book.facts.kind}）" if unclear else "已经填写"
        yield f"{why}，没有覆盖"
        if issuing.is_decided_otherwise(book, self.roster.local):
            yield "里面的类型和参数还是发放时的"

    def _first(self, entry: township.Village, path: Path) -> tuple[Fate, Written, str]:
        why = self.held.why_taken(entry, path)
        if why:
            raise OutputError(why)
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
        from toolkit.excel.receipts import Earlier, build_receipts, earlier_list  # noqa: PLC0415 -- as above

        year = self.roster.year
        try:
            earlier = earlier_list(place, year) if place.exists() else Earlier()
            lines, unsigned = issuing.signed(receipts, earlier.signed)
            data = build_receipts(self.roster.town.town or "", year, lines)
            counts = Counter(line.fate for line in lines)
            told = "，".join(f"{fate.value} {counts[fate]} 份" for fate in Fate if counts[fate])
            notes = (*earlier.notes, *unsigned)
            kept = (f"原来的登记留作 {backup_of(place).name}",) if notes else ()
            done = results.replace(place, data, results.RECEIPTS, f"{told}。", *notes, *kept)
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
    if Path(book.name).stem != path.stem:
        yield f"文件名与名册不同（按名册是 {path.name}），按内容认出是这个村的，没有另发"
    others = [other for other in books if other is not book and not _is_copy(other)]
    if others:
        alike = any(other.name == book.name for other in others)
        names = "、".join(sorted(other.path if alike else other.name for other in others))
        yield f"{names} 也是这个村的工作簿，请核对后只留一份"
