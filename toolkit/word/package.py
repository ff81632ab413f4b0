"""python-docx's document, bare, and as the parts of its package."""

import io

import docx
from docx.document import Document as DocxDocument

from toolkit.package import unzipped

# Parts of python-docx's template that are another document's; its second set of styles even
# disagrees with the first, which Word may call damage.
_UNWANTED = ("/stylesWithEffects", "/numbering", "/customXml", "/webSettings", "/thumbnail")


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
    return unzipped(stream.getvalue())
