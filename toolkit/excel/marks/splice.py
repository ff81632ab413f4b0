"""XML changed where it must be and left, byte for byte, everywhere else.

A part is never parsed and written anew: it is read for the places of its elements, and pieces are
cut out of its bytes or set in. So what we set in can be cut out again without a trace.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from toolkit.errors import OutputError

RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

_DAMAGED = "这个工作簿内部有残缺，做不了回传件。请用 Excel 或 WPS 打开，另存为 .xlsx 后再核对。"
_TAG = re.compile(rb"<[^\s>/]+((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_ROWS = re.compile(rb"<((?:[\w.-]+:)?sheetData)(?:\s[^>]*)?(?<!/)>")
_DECLARED = re.compile(r"^(<\?xml[^>]*?)\s+encoding=(\"[^\"]*\"|'[^']*')")


@dataclass(slots=True)
class Element:
    """An element by its name without prefix, and where its bytes stand.

    It starts at `start`; its content runs from `inner` to `close`; it ends before `end`.
    """

    name: str
    prefix: str
    attributes: dict[str, str]
    start: int
    inner: int
    close: int = 0
    end: int = 0
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def child(self, name: str) -> "Element | None":
        """Return the first child of a name."""
        return next((child for child in self.children if child.name == name), None)

    def all(self, *path: str) -> list["Element"]:
        """Return the children at the end of a path of names."""
        found = [self]
        for name in path:
            found = [child for each in found for child in each.children if child.name == name]
        return found

    def walk(self) -> Iterator["Element"]:
        """Yield it and all below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def get(self, name: str, default: str = "") -> str:
        """Return an attribute by its name without prefix."""
        for key, value in self.attributes.items():
            if key == name or key.endswith(f":{name}"):
                return value
        return default


@dataclass
class Part:
    """A part with its elements, and the changes that are to be made in its bytes."""

    data: bytes
    root: Element
    changes: list[tuple[int, int, bytes]] = field(default_factory=list)

    def replace(self, start: int, end: int, new: str) -> None:
        """Put a text in the place of some bytes."""
        self.changes.append((start, end, new.encode()))

    def insert(self, at: int, fragment: str, prefix: str) -> None:
        """Set in elements, spelled without prefix, at a place where elements have a prefix."""
        self.replace(at, at, prefixed(fragment, prefix))

    def remove(self, element: Element) -> None:
        """Cut an element out."""
        self.changes.append((element.start, element.end, b""))

    def set(self, element: Element, name: str, value: str) -> None:
        """Give an attribute that is there another value; nothing else in the tag moves."""
        tag = self.data[element.start : element.inner]
        match = re.search(
            rb"\s(?:[\w.-]+:)?%b\s*=\s*([\"'])(.*?)\1" % name.encode(), tag, re.DOTALL
        )
        if match is not None and match[2] != value.encode():
            self.replace(element.start + match.start(2), element.start + match.end(2), value)

    def count(self, element: Element, by: int) -> None:
        """Change the number of children that a tag announces, if it announces one."""
        if by and element.get("count").isdecimal():
            self.set(element, "count", str(int(element.get("count")) + by))

    def append(self, element: Element, fragment: str) -> None:
        """Add elements, spelled without prefix, at the end of an element.

        A line feed at the end of its tag remembers that an element was spelled as an empty one.
        """
        fragment = prefixed(fragment, element.prefix)
        if element.inner < element.end:
            self.replace(element.close, element.close, fragment)
        else:
            self.replace(element.inner - 2, element.end, f"\n>{fragment}</{tag_of(element)}>")

    def emptied(self, element: Element, start: int) -> None:
        """Cut off the end of an element's content, undoing `append`."""
        if start == element.inner and self.was_empty(element):
            self.replace(element.inner - 2, element.end, "/>")
        else:
            self.replace(start, element.close, "")

    def was_empty(self, element: Element) -> bool:
        """Whether an element was spelled as an empty one before something was appended."""
        return self.data[element.inner - 2 : element.inner] == b"\n>"

    def created(self, element: Element) -> bool:
        """Whether we set in an element, spelled with a tab at the end of its tag, as a whole."""
        return self.data[element.inner - 2 : element.inner] == b"\t>"

    def insert_child(self, name: str, fragment: str, order: tuple[str, ...]) -> None:
        """Add a child to the root where the schema's order has it, the first of its name."""
        rank = order.index(name)
        at = self.root.inner
        for child in self.root.children:
            known = child.children if child.name == "AlternateContent" else (child,)
            names = [each.name for each in known]
            names += [each.name for branch in known for each in branch.children]
            place = next((order.index(each) for each in names if each in order), len(order))
            if place < rank:
                at = child.end
        self.replace(at, at, prefixed(fragment, self.root.prefix))

    def result(self) -> bytes:
        """Return the bytes with all changes made."""
        if not self.changes:
            return self.data
        pieces: list[bytes] = []
        at = 0
        for start, end, new in sorted(self.changes, key=lambda change: change[:2]):
            pieces += (self.data[at:start], new)
            at = end
        return b"".join((*pieces, self.data[at:]))


def tag_of(element: Element) -> str:
    """Return the name of an element as its part spells it."""
    return f"{element.prefix}{element.name}"


def prefixed(fragment: str, prefix: str) -> str:
    """Return elements that are spelled without prefix in the spelling of a part.

    >>> prefixed('<r><t a="1">x</t></r>', "x:")
    '<x:r><x:t a="1">x</x:t></x:r>'
    """
    return re.sub(r"<(/?)(?=\w)", rf"<\1{prefix}", fragment) if prefix else fragment


def read_part(data: bytes, *, whole: bool = False) -> Part:
    """Return a part with its elements, the rows of a sheet only if `whole`.

    Raises OutputError where it is not well-formed or declares a document type.
    """
    data = as_utf8(data)
    first = last = len(data)
    rows = None if whole else _ROWS.search(data)
    if rows is not None:
        first = rows.end()
        last = max(first, data.rfind(b"</" + rows[1]))
    return Part(data, _elements(data, first, last))


def as_utf8(data: bytes) -> bytes:
    """Return a part in the encoding that its pieces are cut in."""
    if data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return data
    text = data.decode("utf-16", errors="replace")
    return _DECLARED.sub(r'\1 encoding="UTF-8"', text).encode()


def _elements(data: bytes, first: int, last: int) -> Element:
    """Return the root of a part, what stands between two places passed over."""
    top = Element("", "", {}, 0, 0)
    open_ = [top]
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def place() -> int:
        at = parser.CurrentByteIndex
        return at if at < first else at + last - first

    def start(tag: str, attributes: dict[str, str]) -> None:
        at = place()
        inner = _after_tag(data, at)
        prefix, colon, name = tag.rpartition(":")
        element = Element(name, prefix + colon, attributes, at, inner)
        open_[-1].children.append(element)
        open_.append(element)

    def end(_: str) -> None:
        element = open_.pop()
        if data[element.inner - 2 : element.inner] == b"/>":
            element.close = element.end = element.inner
        else:
            element.close = place()
            element.end = data.index(b">", element.close) + 1

    def text(piece: str) -> None:
        open_[-1].text += piece

    def doctype(*_: object) -> None:
        raise OutputError(_DAMAGED)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data[:first], False)  # noqa: FBT003 -- expat takes no keyword
        parser.Parse(data[last:], True)  # noqa: FBT003 -- as above
    except (expat.ExpatError, ValueError, LookupError):
        raise OutputError(_DAMAGED) from None
    return top.children[0]


def opened(part: Part) -> Part:
    """Return a part whose root can take children; undone by `closed`."""
    if part.root.inner < part.root.end:
        return part
    part.append(part.root, "")
    return read_part(part.result())


def closed(part: Part) -> bytes:
    """Return a changed part, its root an empty tag again if it was one when it was opened."""
    data = part.result()
    if not part.was_empty(part.root):
        return data
    again = read_part(data)
    if again.root.inner == again.root.close:
        again.emptied(again.root, again.root.inner)
    return again.result()


def _after_tag(data: bytes, at: int) -> int:
    """Return where a start tag ends."""
    inner = data.find(b">", at) + 1
    if data.count(b'"', at, inner) % 2 == 0 and data.find(b"'", at, inner) < 0:
        return inner
    match = _TAG.match(data, at)
    return match.end() if match else inner


def relationship_prefix(part: Part) -> tuple[str, str]:
    """Return the prefix by which a part refers to others, and its declaration if there is none."""
    for key, value in part.root.attributes.items():
        if value == RELATIONSHIPS and key.startswith("xmlns:"):
            return key.removeprefix("xmlns:"), ""
    return "r", f' xmlns:r="{RELATIONSHIPS}"'


_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LIKE_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def escaped(text: str) -> str:
    """Return a text as it stands in an attribute or between tags.

    >>> escaped('<a> & "b"')
    '&lt;a&gt; &amp; &quot;b&quot;'
    """
    text = _UNWRITABLE.sub("\ufffd", text)
    for plain, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(plain, entity)
    return text


def cell_text(text: str) -> str:
    r"""Return a text as a cell or a note holds it; what only looks like an escape stays as it is.

    >>> cell_text("a_x000D_b")
    'a_x005F_x000D_b'
    """
    return escaped(_LIKE_ESCAPE.sub("_x005F_", text.replace("\r\n", "\n").replace("\r", "\n")))
