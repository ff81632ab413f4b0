"""A document laid out after GB/T 9704-2012, to the millimetre and to the character.

python-docx makes the package once for each typography; a document is then one string of XML
set into it, so that thousands of documents cost little, and equal documents are equal bytes.
Clause numbers, here and in the modules below, are those of the standard.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from toolkit.package import zipped
from toolkit.word.document import (
    STANDARD,
    Addressee,
    Block,
    Document,
    Paragraph,
    Role,
    Signature,
    Table,
    Title,
    Typography,
)
from toolkit.word.fit import fitting_pitch, is_open, pitch_notes
from toolkit.word.lines import NEWLINE, lines_of, sanitize
from toolkit.word.markup import LINE_BREAK, last_bound, paragraph_xml, run_xml
from toolkit.word.properties import CORE, CUSTOM, TEXT, core_xml, custom_xml, text_digest
from toolkit.word.shell import shell
from toolkit.word.signature import signature_notes, signature_xml
from toolkit.word.styles import LEAD_STYLES, STYLES
from toolkit.word.tables import table_xml
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
    pitch, fits = fitting_pitch(blocks, typography.pitch)
    package = shell(typography.latin_font, pitch, bool(document.properties))
    parts = {
        **package.parts,
        package.main: package.before + _body(blocks, pitch, fits=fits).encode() + package.after,
        CORE: core_xml(document.title, document.author).encode(),
    }
    if document.properties:
        text = {TEXT: text_digest(parts[package.main])}
        parts[CUSTOM] = custom_xml({**document.properties, **text}).encode()
    notes = (*pitch_notes(typography.pitch, pitch, fits=fits), *signature_notes(blocks))
    return Rendered(zipped(parts), pitch, notes)


def _is_void(block: Block) -> bool:
    """Say whether a block has no text and so leaves no paragraph."""
    match block:
        case Paragraph():
            return not lines_of(block.lead + block.text)
        case Addressee():
            return not lines_of(block.text)
        case _:
            return False


def _body(blocks: Sequence[Block], pitch: int, *, fits: bool) -> str:
    parts: list[str] = []
    for index, block in enumerate(blocks):
        after = blocks[index + 1] if index + 1 < len(blocks) else None
        bound = isinstance(after, Signature) and not (fits and is_open(block))
        match block:
            case Title():
                parts.append(_title(block, bound=bound))
            case Addressee():
                lines = last_bound(lines_of(block.text), bound=bound)
                parts += [paragraph_xml("GWTo", run_xml(line), keep=keep) for line, keep in lines]
            case Paragraph():
                parts += _paragraph(block, bound=bound)
            case Table():
                parts.append(table_xml(block, bound=bound))
                if after is None or isinstance(after, Table):
                    parts.append(paragraph_xml("GWTo"))  # Word wants a paragraph there
            case Signature():
                parts.append(signature_xml(block, pitch, _notes_from(blocks[index + 1 :])))
    return "".join(parts)


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
    style = STYLES[Role.BODY if block.lead else block.role]
    for runs, keep in last_bound(_paragraph_runs(block), bound=bound):
        yield paragraph_xml(style, "".join(run_xml(text, face) for text, face in runs), keep=keep)


def _paragraph_runs(block: Paragraph) -> list[list[tuple[str, str]]]:
    """Return the paragraphs of a block, each as its runs: (text, character style)."""
    paragraphs: list[list[tuple[str, str]]] = [[]]
    for text, face in ((block.lead, LEAD_STYLES.get(block.role, "")), (block.text, "")):
        first, *others = NEWLINE.split(sanitize(text))
        paragraphs[-1].append((first, face))
        paragraphs += [[(other, face)] for other in others]
    filled = [[run for run in runs if run[0]] for runs in paragraphs]
    return [runs for runs in filled if runs]
