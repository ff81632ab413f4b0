"""What is said of a file that nobody should open: why, and which file it was."""

import hashlib
import os
from pathlib import Path

from toolkit.inbox import open_one
from toolkit.report import FileStatus


def test_a_file_too_large_to_be_opened_has_its_print_all_the_same(tmp_path, monkeypatch):
    path = tmp_path / "甲村.xlsx"
    path.write_bytes(b"PK")
    os.truncate(path, (256 << 20) + 1)
    with path.open("rb") as file:
        due = hashlib.sha256()
        while piece := file.read(1 << 24):
            due.update(piece)
    monkeypatch.setattr(Path, "read_bytes", None)  # it would have to fit into the memory
    found = open_one(path, ())
    assert isinstance(found, FileStatus)
    assert (found.status, found.sha256) == ("unreadable", due.hexdigest())
    assert found.reason.startswith("文件有 257 MB，超过 256 MB。")
