"""The parts of a .docx package, written so that equal parts are equal bytes."""

import io
import zipfile
from collections.abc import Mapping

import docx
from docx.document import Document as DocxDocument

# Parts of python-docx's template that are another document's; its second set of styles even
# disagrees with the first, which Word may call damage.
_UNWANTED = ("/stylesWithEffects", "/numbering", "/customXml", "/webSettings", "/thumbnail")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date a zip archive can hold


def bare_document() -> DocxDocument:
    """Return python-docx's template without the parts that are not ours."""
    document = docx.Document()
    for owner in (document.part.package, document.part):
        for name in [n for n, rel in owner.rels.items() if rel.reltype.endswith(_UNWANTED)]:
            del owner.rels[name]
    return document


def saved(document: DocxDocument) -> dict[str, bytes]:
    """Return the parts of a document by name, in the order they are saved."""
    stream = io.BytesIO()
    document.save(stream)
    with zipfile.ZipFile(stream) as package:
        return {name: package.read(name) for name in package.namelist()}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Return the package that the parts make."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # the same on every system
            package.writestr(entry, data)
    return stream.getvalue()
