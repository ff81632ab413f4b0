import io
import zipfile

import docx

from toolkit.package import zipped
from toolkit.word.package import bare_document, saved


def test_the_parts_that_are_another_documents_are_gone() -> None:
    parts = saved(bare_document())
    assert "word/document.xml" in parts
    assert not [name for name in parts if "Effects" in name or "numbering" in name]
    assert not [name for name in parts if "thumbnail" in name or "custom" in name]


def test_equal_parts_are_equal_bytes_dated_before_any_clock() -> None:
    parts = saved(bare_document())
    data = zipped(parts)
    assert data == zipped(dict(parts))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {name: package.read(name) for name in package.namelist()} == parts


def test_what_is_zipped_opens_again() -> None:
    document = bare_document()
    document.add_paragraph("甲")
    data = zipped(saved(document))
    assert [p.text for p in docx.Document(io.BytesIO(data)).paragraphs] == ["甲"]
