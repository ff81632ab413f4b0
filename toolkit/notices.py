"""催办通知 of a township: a letter to each village that has something to see to, and one text."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from toolkit import results
from toolkit.errors import ToolkitError
from toolkit.findings import Finding
from toolkit.flow import Judged, judged
from toolkit.forms import reminding, township, village
from toolkit.forms.parameters import Parameters
from toolkit.forms.reminding import Reminder
from toolkit.garbage import uncollected
from toolkit.inbox import Inbox, look, open_governed, untracked
from toolkit.outputs import admit_folder, safe_name
from toolkit.papers import USUAL, Manner, in_print, office_style, printed, put
from toolkit.report import Outcome, Track, Written, gravest
from toolkit.rules.cases import parameters_of
from toolkit.schema.columns import BLANK_IN_PRINT
from toolkit.schema.kinds import Day
from toolkit.schema.workbook import Workbook
from toolkit.taking import Doubled, Held, Taken, take
from toolkit.word.content import Content
from toolkit.word.fingerprint import digest_of, governing
from toolkit.word.formalities import head_of, imprint_of, notes_of
from toolkit.word.hygiene import for_print
from toolkit.word.notice_vocabulary import NOTICE

TEXTS = "催办通知.txt"
"""The file with every village's text to be pasted into a chat."""


def remind(  # noqa: PLR0913 -- what letters are made from, and how
    paths: Sequence[Path],
    folder: Path,
    as_of: dt.date,
    track: Track = untracked,
    template: Path | None = None,
    *,
    pdf: bool = False,
) -> Outcome:
    """Workbooks to the letters of a township; exit code 4 where one is left out, or was edited.

    Of a folder only those are reminded of that the rollup takes; a workbook named by hand always.
    The office's own `template` words the letters, the package's where it has none.
    """
    admit_folder(folder)
    content = _wording(template)
    sight = look(paths)
    with uncollected():
        inbox = open_governed(sight, track)
        done = judged(inbox, as_of, whole=sight.whole)
    taken = take(inbox, as_of, {str(path) for path in sight.asked})
    told = (*inbox.troubles, *taken.left_out)
    every = reminders(done, taken)
    if not every:
        told = (*told, "没有读到村级工作簿，催办通知没有生成。")
        return Outcome((), told, 4 if taken.left_out else 3, inbox.passed_over)
    made = _write(done, every, folder, content)
    more = (4 if taken.left_out else 0, 3 if inbox.troubles else 0)
    code = gravest((made.exit_code, *more))
    whole = Outcome(made.written, (*told, *made.troubles), code, inbox.passed_over)
    return printed(whole, Manner(pdf=pdf))


def write_notices(done: Judged, folder: Path, template: Callable[[str], Path | None]) -> Outcome:
    """What was handed in to letters and their texts; a letter that somebody has edited stays.

    Exit code 4 where one does. What is left out is the rollup's to tell.
    """
    every = reminders(done, take(done.inbox, done.as_of))
    return _write(done, every, folder, _wording(template(NOTICE))) if every else Outcome(())


def _wording(template: Path | None) -> Content:
    from toolkit.word.wording import template_from  # noqa: PLC0415 -- python-docx loads slowly

    return template_from(NOTICE, template)


# -- what there is to remind of -------------------------------------------------------------------


def reminders(done: Judged, taken: Taken) -> tuple[Reminder, ...]:
    """Return what each village is reminded of, the roster's first; also those with nothing."""
    parameters, lost = parameters_of(done.inbox.settings), _lost(done.inbox)
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in done.findings:
        found[finding.file].append(finding)
    made = [_of_book(held, found[held.book.path], done.as_of, parameters) for held in taken.books]
    made += [_of_blank(held, done.as_of, parameters) for held in taken.blank]
    made += [_of_doubled(each, done.as_of, parameters) for each in taken.doubled]
    if done.whole:
        made += [
            _of_line(name, line, lost.get(line, reminding.NOTHING_CAME), done.as_of, parameters)
            for name, line in taken.absent
        ]
    codes = [line.code for line in done.inbox.roster]
    places = {code: at for at, code in enumerate(codes)}
    return tuple(sorted(made, key=lambda each: places.get(each.code, len(places))))


def _of_book(
    held: Held, found: Sequence[Finding], as_of: dt.date, parameters: Parameters
) -> Reminder:
    """Return what a village that has filled in its workbook is reminded of."""
    book, _ = for_print(held.book)
    return Reminder(
        held.village,
        as_of,
        reminding.next_cutoff(as_of, parameters.cutoff_day),
        *_whom(held),
        relapses=reminding.relapses(book, as_of),
        late=reminding.late_measures(book, found, as_of),
        soon=reminding.soon_measures(book, as_of, parameters.due_soon),
        gaps=reminding.missing_months(found),
        errors=reminding.errors_of(found),
        warnings=reminding.unanswered(found),
        source=book.facts.sha256,
    )


def _of_blank(held: Held, as_of: dt.date, parameters: Parameters) -> Reminder:
    by = reminding.next_cutoff(as_of, parameters.cutoff_day)
    told = reminding.STILL_BLANK
    source = held.book.facts.sha256
    return Reminder(held.village, as_of, by, *_whom(held), absent=told, source=source)


def _of_doubled(each: Doubled, as_of: dt.date, parameters: Parameters) -> Reminder:
    """Return that a village is asked which of its workbooks counts."""
    by = reminding.next_cutoff(as_of, parameters.cutoff_day)
    whom = _whom(Held(each.village, each.books[0], each.line))
    names = tuple(sorted(book.name for book in each.books))
    source = digest_of(each.books)
    return Reminder(each.village, as_of, by, *whom, several=names, source=source)


def _of_line(
    name: str, line: township.Village, why: str, as_of: dt.date, parameters: Parameters
) -> Reminder:
    """Return what a village is reminded of, of which the roster alone tells."""
    by = reminding.next_cutoff(as_of, parameters.cutoff_day)
    return Reminder(name, as_of, by, *_listed(line), absent=why)


def _whom(held: Held) -> tuple[str, str, str, str]:
    """Return a village's code, its clerk, the clerk's phone and its branch's full name.

    As the roster has them, else as the village's own workbook does.
    """
    own = village.profile(held.book)
    code, clerk, phone, branch = _listed(held.line) if held.line else ("", "", "", "")
    return (
        code or village.village_code(held.book),
        clerk or (own.clerk if own else "") or "",
        phone or (own.clerk_phone if own else "") or "",
        branch or (own.branch if own else "") or "",
    )


def _listed(line: township.Village) -> tuple[str, str, str, str]:
    return line.code or "", line.clerk or "", line.clerk_phone or "", line.branch or ""


def _lost(inbox: Inbox) -> Mapping[township.Village, str]:
    """Return what is said of villages whose file, known by its name as issued, cannot be read."""
    lost: dict[township.Village, str] = {}
    for file in inbox.files:
        if file.status != "unreadable":
            continue
        code, name = township.issued_as(file.name)
        line = township.find(inbox.roster, [code], name)
        if line:
            lost[line] = f"收到的“{file.name}”{file.reason.rstrip('。')}"
    return lost


# -- the letters ----------------------------------------------------------------------------------


def _write(done: Judged, every: Sequence[Reminder], folder: Path, content: Content) -> Outcome:
    """Write a letter for each village that needs one, and the texts; what fails stops no other."""
    from toolkit.word.making import source_of  # noqa: PLC0415 -- python-docx loads slowly
    from toolkit.word.notice import (  # noqa: PLC0415 -- as above
        chat_file,
        chat_text,
        write_notice,
    )
    from toolkit.word.notice_vocabulary import Sender  # noqa: PLC0415 -- as above
    from toolkit.word.papers import Setting  # noqa: PLC0415 -- as above

    admit_folder(folder)
    books = {book.facts.sha256: book for book in done.inbox.villages}
    town, printable = done.inbox.town_book, in_print(done.inbox.town_book)
    sender, style = Sender(*_sender(printable)), office_style(done.inbox.settings)
    needed = [each for each in every if each.needed]
    written: list[Written] = []
    troubles: list[str] = []
    codes: list[int] = []
    taken_names: set[str] = set()
    for each in needed:
        whose = safe_name("-".join(filter(None, (each.code, each.village, NOTICE))))
        name = results.free_name(f"{whose}.docx", Path(whose), taken_names)
        whose_row = (NOTICE, each.village, each.code, f"{each.as_of:%Y-%m}")
        row = township.formality(printable, *whose_row)
        setting = Setting(*style, head_of(row), imprint_of(row))
        told = (f"{_summary(each)}。", *notes_of(row))
        try:
            book = books.get(each.source)
            told_by = governing(town, township.formality(town, *whose_row))
            source = source_of(each.as_of, book, town=told_by) if book else None
            made = write_notice(each, sender, setting, content, source)
            written.append(put(folder / name, made, USUAL, *told))
        except ToolkitError as error:
            troubles.append(str(error))
            codes.append(error.exit_code)
    heading = f"{sender.town}催办通知（截至{Day().text(done.as_of)}）"
    quiet = [_quiet(each) for each in every if not each.needed]
    texts = chat_file([chat_text(each, sender) for each in needed], quiet, heading)
    note = f"{len(needed)} 个村，可粘贴到微信。"
    try:
        written.append(results.replace(folder / TEXTS, texts, results.PAPER, note))
    except ToolkitError as error:
        troubles.append(str(error))
        codes.append(error.exit_code)
    return Outcome(tuple(written), tuple(troubles), gravest(codes))


def _quiet(reminder: Reminder) -> str:
    """Return a village that need not be reminded, with the warnings that it may look at."""
    warnings = f"（提醒 {reminder.warnings} 条，见回传件）" if reminder.warnings else ""
    return f"{reminder.village}{warnings}"


def _summary(reminder: Reminder) -> str:
    """Return in a few words what a letter is about."""
    if reminder.several:
        return f"收到 {len(reminder.several)} 份内容不同的工作簿"
    counted = (
        ("反弹", len(reminder.relapses)),
        ("逾期", len(reminder.late)),
        ("临期", len(reminder.soon)),
        ("缺会", len(reminder.gaps)),
        ("必改", len(reminder.errors)),
        ("提醒", reminder.warnings),
    )
    told = "，".join(f"{word} {count} 条" for word, count in counted if count)
    return reminder.absent or told


def _sender(book: Workbook | None) -> tuple[str, str, str, str]:
    """Return the township, its office, whom to ask and that person's phone, blanks where untold."""
    rows = book.rows(township.Township) if book else ()
    own = next(iter(rows), None)
    town = (own.town if own else "") or BLANK_IN_PRINT
    office = (own.office if own else "") or f"{town}党建办"
    return town, office, (own.contact if own else "") or "", (own.phone if own else "") or ""
