"""附件说明 (7.3.4), the first lines of an 附件 (7.3.7), and the sections its pages make."""

from collections.abc import Iterable, Iterator, Sequence

from toolkit.word.document import Attachment, AttachmentNote, Block, Imprint
from toolkit.word.lines import line_count, lines_of, width_of
from toolkit.word.markup import LINE_BREAK, indent_xml, paragraph_xml, run_xml
from toolkit.word.page import LINE_CELLS, TITLE_LINE
from toolkit.word.titles import title_lines

_LABEL = "附件"
_INDENT = 2  # 字 (7.3.4)
_ENDS = " \u3000。．.；;，,、：:！!"  # nothing of this stands after a name (7.3.4)
_BREAK = "<w:pageBreakBefore/>"


# -- 附件说明 -------------------------------------------------------------------------------------


def note_xml(note: AttachmentNote, *, bound: bool) -> str:
    """Return the 附件说明 below a blank line, each name's lines flush with its first character.

    With `bound` all of it stays on the page of what follows, the signature.
    """
    entries = _entries(note)
    parts = [paragraph_xml("GWTo", keep=True)]
    for number, (label, name) in enumerate(entries, 1):
        ind = indent_xml(left=_name_indent(entries), hanging=width_of(label))
        keep = bound or number < len(entries)
        parts.append(paragraph_xml("GWTo", run_xml(f"{label}{name}"), ind, keep=keep))
    return "".join(parts)


def note_lines(note: AttachmentNote, *, hang: bool) -> list[int]:
    """Return how many lines each name fills; the blank line above them is not among them."""
    entries = _entries(note)
    width = LINE_CELLS - _name_indent(entries)
    return [line_count(name, first=0, width=width, hang=hang) for _, name in entries]


def _entries(note: AttachmentNote) -> list[tuple[str, str]]:
    """Return the label and the name of each attachment."""
    names = [name.rstrip(_ENDS) for name in names_of(note)]
    if len(names) == 1:
        return [(f"{_LABEL}：", names[0])]
    firsts = (f"{_LABEL}：", *[""] * (len(names) - 1))
    return [
        (f"{first}{number}.", name)
        for number, (first, name) in enumerate(zip(firsts, names, strict=True), 1)
    ]


def names_of(note: AttachmentNote) -> list[str]:
    """Return the names, each on one line, without those that say nothing."""
    names = ("".join(lines_of(name)) for name in note.names)
    return [name for name in names if name.rstrip(_ENDS)]


def _name_indent(entries: Sequence[tuple[str, str]]) -> float:
    return _INDENT + width_of(entries[0][0])


def note_notes(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield which marks at the end of an attachment's name were left out."""
    for block in blocks:
        if not isinstance(block, AttachmentNote):
            continue
        for name in names_of(block):
            marks = name[len(name.rstrip(_ENDS)) :].strip()
            if marks:
                yield (
                    f"附件说明中“{name}”末尾的“{marks}”没有印出"
                    "（GB/T 9704—2012 第 7.3.4 条：附件名称后不加标点符号）。"
                )


# -- 附件 -----------------------------------------------------------------------------------------


def opening_xml(attachment: Attachment, *, opens_section: bool, above_table: bool) -> str:
    """Return the first lines of an 附件: its label on the first, its title on the third (7.3.7).

    A section begins a page of its own; a table stands right below a subtitle.
    """
    label = run_xml(f"{_LABEL}{attachment.number or ''}", "GWHei")
    lines = title_lines(attachment.title)
    title = LINE_BREAK.join(map(run_xml, lines))
    turn = "" if opens_section else _BREAK
    first = (
        (
            paragraph_xml("GWTo", label, turn, keep=True),
            paragraph_xml("GWTo", keep=True),
            paragraph_xml("GWTitle", title) if lines else "",
        )
        if attachment.labelled
        else (paragraph_xml("GWTitle", title, turn),)
    )
    return "".join(
        (
            *first,
            *(paragraph_xml("GWSubtitle", run_xml(line)) for line in lines_of(attachment.subtitle)),
            ""
            if _is_close(attachment, above_table=above_table)
            else paragraph_xml("GWTo", keep=above_table),
        )
    )


def opening_height(attachment: Attachment, pitch: int, *, above_table: bool) -> int:
    """Return the height of an attachment's first lines in twips."""
    lines = (
        2 * attachment.labelled
        + len(lines_of(attachment.subtitle))
        + (not _is_close(attachment, above_table=above_table))
    )
    return lines * pitch + len(title_lines(attachment.title)) * TITLE_LINE


def _is_close(attachment: Attachment, *, above_table: bool) -> bool:
    """Say whether no blank line follows the title."""
    return above_table and bool(lines_of(attachment.subtitle))


def sections(blocks: Iterable[Block]) -> Iterator[tuple[bool, list[Block]]]:
    """Yield the blocks of each section, and whether its pages are turned.

    An imprint stands on an upright page of its own after turned ones.
    """
    is_turned, held = False, list[Block]()
    for block in blocks:
        turns = is_turned
        if isinstance(block, Attachment):
            turns = block.landscape
        elif isinstance(block, Imprint):
            turns = False
        if turns != is_turned and held:
            yield is_turned, held
            held = []
        is_turned = turns
        held.append(block)
    yield is_turned, held


def ended(text: str, section: str) -> str:
    """Return a section's text with its properties in its last paragraph, as Word wants them."""
    at = text.index("</w:pPr>", text.rindex("<w:p><w:pPr>"))
    return f"{text[:at]}{section}{text[at:]}"
