"""A document laid out after GB/T 9704-2012, to the millimetre and to the character.

python-docx makes the package once for each typography; a document is then one string of XML
set into it, so that thousands of documents cost little, and equal documents are equal bytes.
Clause numbers, here and in the modules below, are those of the standard.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from toolkit.package import zipped
from toolkit.word.attachments import (
    ended,
    names_of,
    note_notes,
    note_xml,
    opening_xml,
    sections,
)
from toolkit.word.document import (
    STANDARD,
    Addressee,
    Attachment,
    AttachmentNote,
    Block,
    Document,
    Head,
    Imprint,
    Paragraph,
    Role,
    Signature,
    Table,
    Title,
    Typography,
    opens_attendance,
)
from toolkit.word.fit import Fit, fit_notes, fitting, is_open
from toolkit.word.head import head_notes, head_xml
from toolkit.word.imprint import imprint_notes, imprint_xml, is_blank
from toolkit.word.lines import (
    ATTENDANCE_INDENT,
    NEWLINE,
    attendance_indent,
    lines_of,
    sanitize,
)
from toolkit.word.markup import LINE_BREAK, indent_xml, last_bound, paragraph_xml, run_xml
from toolkit.word.page import LEAST_ROW
from toolkit.word.properties import CORE, CUSTOM, TEXT, core_xml, custom_xml, text_digest
from toolkit.word.shell import Shell, shell
from toolkit.word.signature import signature_notes, signature_xml
from toolkit.word.styles import LEAD_STYLES, STYLES
from toolkit.word.tables import AFTER_TABLE, table_xml
from toolkit.word.titles import title_lines


@dataclass(frozen=True, slots=True)
class Rendered:
    """A .docx, the line pitch it was given, and what the person at the desk should know."""

    data: bytes
    pitch: int
    notes: tuple[str, ...] = ()


def render(document: Document, typography: Typography = STANDARD) -> Rendered:
    """Return the document as a .docx.

    The pitch is changed throughout (7.3.5.5) when the page of the signature would else
    carry no text; `notes` then says so.
    """
    blocks = [block for block in document.blocks if not _is_void(block)]
    fit = fitting(blocks, typography.pitch)
    pages = list(sections(blocks))
    has_turned = any(is_turned for is_turned, _ in pages)
    package = shell(typography.latin_font, fit.pitch, bool(document.properties), has_turned)
    body = _body(pages, package, fit).encode()
    parts = {
        **package.parts,
        package.main: package.before + body + package.after,
        CORE: core_xml(document.title, document.author).encode(),
    }
    if document.properties:
        text = {TEXT: text_digest(parts[package.main])}
        parts[CUSTOM] = custom_xml({**document.properties, **text}).encode()
    notes = (
        *fit_notes(typography.pitch, fit),
        *head_notes(blocks),
        *note_notes(blocks),
        *signature_notes(blocks),
        *imprint_notes(blocks),
    )
    return Rendered(zipped(parts), fit.pitch, notes)


def _is_void(block: Block) -> bool:
    """Say whether a block has no text and so leaves no paragraph."""
    match block:
        case Paragraph():
            return not lines_of(block.lead + block.text)
        case Addressee():
            return not lines_of(block.text)
        case AttachmentNote():
            return not names_of(block)
        case Imprint():
            return is_blank(block)
        case _:
            return False


def _body(pages: Sequence[tuple[bool, Sequence[Block]]], package: Shell, fit: Fit) -> str:
    """Return the text, each section with the properties of its pages at its end."""
    parts: list[str] = []
    for number, (is_turned, blocks) in enumerate(pages, 1):
        text = _section(blocks, fit, is_turned=is_turned)
        properties = package.turned if is_turned else package.upright
        parts.append(text + properties if number == len(pages) else ended(text, properties))
    return "".join(parts)


def _section(blocks: Sequence[Block], fit: Fit, *, is_turned: bool) -> str:
    parts: list[str] = []
    for index, block in enumerate(blocks):
        following = blocks[index + 1 : index + 3]
        if opens_attendance(blocks, index):
            parts.append(paragraph_xml("GWTo", keep=True))
        bound = _is_bound(block, following, fit)
        match block:
            case Head():
                parts.append(head_xml(block, fit.pitch))
            case Table():
                least = fit.least_row if _ends_text(following) else LEAST_ROW
                parts.append(table_xml(block, bound=bound, is_turned=is_turned, least_row=least))
                parts.append(_after_table(following))
            case AttachmentNote():
                parts.append(note_xml(block, bound=bound))
            case Signature():
                parts.append(signature_xml(block, fit.pitch, _notes_from(blocks[index + 1 :])))
            case Attachment():
                above = isinstance(next(iter(following), None), Table)
                parts.append(opening_xml(block, opens_section=not index, above_table=above))
            case Imprint():
                parts.append(imprint_xml(block))
            case _:
                parts += _text(block, bound=bound)
    return "".join(parts)


def _text(block: Title | Addressee | Paragraph, *, bound: bool) -> Iterable[str]:
    match block:
        case Title():
            return (_title(block, bound=bound),)
        case Addressee():
            lines = last_bound(lines_of(block.text), bound=bound)
            return (paragraph_xml("GWTo", run_xml(line), keep=keep) for line, keep in lines)
        case Paragraph():
            return _paragraph(block, bound=bound)


def _after_table(following: Sequence[Block]) -> str:
    """Return the paragraph that parts a table from another, or ends the section."""
    if not following:
        return AFTER_TABLE
    return paragraph_xml("GWTo") if isinstance(following[0], Table) else ""


def _is_bound(block: Block, following: Sequence[Block], fit: Fit) -> bool:
    """Say whether a block's last lines stay on the page of what follows.

    They do before a signature, with or without 附件说明, and before a table they lead to; long
    ones only before a signature, and where it must be.
    """
    if _ends_text(following):
        return fit.is_bound or not is_open(block)
    return isinstance(following[0], Table) and not is_open(block) if following else False


def _ends_text(following: Sequence[Block]) -> bool:
    """Say whether what follows a block is a signature, or the 附件说明 above one."""
    match following:
        case [Signature(), *_] | [AttachmentNote(), Signature(), *_]:
            return True
        case _:
            return False


def _notes_from(blocks: Iterable[Block]) -> int:
    """Return how many paragraphs of 附注 (7.3.6) come first."""
    count = 0
    for block in blocks:
        if not isinstance(block, Paragraph) or block.role is not Role.NOTE:
            break
        count += len(_paragraph_runs(block))
    return count


def _title(title: Title, *, bound: bool) -> str:
    lines = title_lines(title.text)
    marks = lines_of(title.subtitle)
    return "".join(
        (
            paragraph_xml("GWTitle", LINE_BREAK.join(map(run_xml, lines))) if lines else "",
            *(paragraph_xml("GWSubtitle", run_xml(mark)) for mark in marks),
            paragraph_xml("GWTo", keep=bound),  # 7.3.2: one blank line below the title
        )
    )


def _paragraph(block: Paragraph, *, bound: bool) -> Iterator[str]:
    is_led = block.lead and block.role is not Role.ATTENDANCE
    style, hanging = STYLES[Role.BODY if is_led else block.role], ""
    if block.role is Role.ATTENDANCE:  # 10.3: names hang after the label's colon
        left = attendance_indent(block.lead)
        hanging = indent_xml(left=left, hanging=left - ATTENDANCE_INDENT)
    for runs, keep in last_bound(_paragraph_runs(block), bound=bound):
        text = "".join(run_xml(said, face) for said, face in runs)
        yield paragraph_xml(style, text, hanging, keep=keep)


def _paragraph_runs(block: Paragraph) -> list[list[tuple[str, str]]]:
    """Return the paragraphs of a block, each as its runs: (text, character style)."""
    paragraphs: list[list[tuple[str, str]]] = [[]]
    for text, face in ((block.lead, LEAD_STYLES.get(block.role, "")), (block.text, "")):
        first, *others = NEWLINE.split(sanitize(text))
        paragraphs[-1].append((first, face))
        paragraphs += [[(other, face)] for other in others]
    filled = [[run for run in runs if run[0]] for runs in paragraphs]
    return [runs for runs in filled if runs]
