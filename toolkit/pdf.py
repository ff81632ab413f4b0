"""PDF of finished papers, by LibreOffice or by Word, whichever this computer has.

Law: no program of the person's is touched. LibreOffice runs in a profile of its own, Word in an
instance of its own, which alone is quit; both see copies in a temporary folder, under plain names.
"""

import contextlib
import hashlib
import importlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from toolkit.errors import ToolkitError

Program = Callable[[Path, Sequence[str]], None]
"""Makes, in a folder, a PDF beside each of the .docx that are named; one that fails is missing."""

_PLACES = (  # where LibreOffice is put when it is not on the PATH
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/usr/lib/libreoffice/program/soffice",
    "/usr/lib64/libreoffice/program/soffice",
    "/opt/libreoffice*/program/soffice",
    "/snap/bin/libreoffice",
)
_ON_WINDOWS = ("LibreOffice/program/soffice.com", "LibreOffice/program/soffice.exe")
_FOLDERS_ON_WINDOWS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
_NAMES = ("soffice", "libreoffice")

_TO_START, _TO_CONVERT = 60, 10  # seconds: to start for the first time; for each paper
_AT_ONCE = 100  # papers in a call, so that a command line is never too long


class NoOfficeError(ToolkitError):
    """Nothing on this computer makes a PDF."""

    exit_code = 4


NO_OFFICE = (
    "这台电脑没有找到 LibreOffice 或 Word，PDF 没有生成；Word 文稿已经写好，"
    "可以用 WPS 或 Word 打开，另存为 PDF。"
)


def pdfs(papers: Sequence[bytes]) -> list[bytes | None]:
    """Return the PDF of each paper, None where the program made none of it.

    Raises NoOfficeError where there is no program.
    """
    program = find_program()
    if program is None:
        raise NoOfficeError(NO_OFFICE)
    made: list[bytes | None] = []
    for start in range(0, len(papers), _AT_ONCE):
        made += _converted(program, papers[start : start + _AT_ONCE])
    return made


def _converted(program: Program, papers: Sequence[bytes]) -> list[bytes | None]:
    """Return the PDFs of a few papers; what fails among others is tried once more by itself."""
    made = _run(program, papers)
    if len(papers) > 1:
        for at, found in enumerate(made):
            if found is None:
                made[at] = _run(program, papers[at : at + 1])[0]
    return made


def _run(program: Program, papers: Sequence[bytes]) -> list[bytes | None]:
    with tempfile.TemporaryDirectory(prefix="zhengdun-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        names = [f"{number}.docx" for number in range(1, len(papers) + 1)]
        for each, data in zip(names, papers, strict=True):
            (folder / each).write_bytes(data)
        program(folder, names)
        return [_whole((folder / each).with_suffix(".pdf")) for each in names]


def _whole(path: Path) -> bytes | None:
    """Return a PDF that was written to its end, None where there is none."""
    with contextlib.suppress(OSError):
        data = path.read_bytes()
        if data.startswith(b"%PDF-") and b"%%EOF" in data[-1024:]:
            return data
    return None


# -- the programs ---------------------------------------------------------------------------------


def find_program() -> Program | None:
    """Return what makes a PDF on this computer: LibreOffice, else Word; None where neither is."""
    office = next(_offices(), None)
    if office is not None:
        return lambda folder, names: _by_libreoffice(office, folder, names)
    return _by_word if _has_word() else None


def _offices() -> Iterator[str]:
    """Yield where LibreOffice is, what the PATH says first."""
    yield from filter(None, map(shutil.which, _NAMES))
    for variable in _FOLDERS_ON_WINDOWS:
        folder = os.environ.get(variable)
        yield from _files([f"{folder}/{each}" for each in _ON_WINDOWS] if folder else [])
    yield from _files(_PLACES)


def _files(patterns: Sequence[str]) -> Iterator[str]:
    for pattern in patterns:
        place = Path(pattern)
        root = Path(place.anchor)
        found = sorted(root.glob(str(place.relative_to(root))))
        yield from (str(path) for path in found if path.is_file())


def _by_libreoffice(office: str, folder: Path, names: Sequence[str]) -> None:
    """Let LibreOffice convert; it is ended, with all it has started, where it takes too long."""
    profile = (folder / "profile").as_uri()
    command = [office, f"-env:UserInstallation={profile}", "--headless", "--norestore"]
    command += ["--convert-to", "pdf", "--outdir", str(folder), *names]
    with contextlib.suppress(OSError):  # it cannot be started: no PDF comes of it
        process = subprocess.Popen(  # noqa: S603 -- a program of this computer, names of ours
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        try:
            process.wait(_TO_START + _TO_CONVERT * len(names))
        except subprocess.TimeoutExpired:
            _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a process and those it has started."""
    if sys.platform == "win32":  # pragma: no cover -- Windows only
        taskkill = shutil.which("taskkill")
        if taskkill:
            ending = [taskkill, "/T", "/F", "/PID", str(process.pid)]
            subprocess.run(ending, check=False)  # noqa: S603 -- as above
    else:
        with contextlib.suppress(ProcessLookupError):  # it has just ended
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


_WORD = "Word.Application"
_AS_PDF, _NO_ALERTS, _WITHOUT_SAVING = 17, 0, 0  # Word's own numbers


def _has_word() -> bool:
    """Say whether Word can be asked: on Windows, through pywin32; it is not started for that."""
    with contextlib.suppress(ImportError, OSError):
        registry: Any = importlib.import_module("winreg")
        importlib.import_module("win32com.client")
        registry.CloseKey(registry.OpenKey(registry.HKEY_CLASSES_ROOT, _WORD))
        return True
    return False


def _by_word(folder: Path, names: Sequence[str]) -> None:
    """Let an instance of Word convert that is ours alone; one with anybody's papers is left be."""
    com: Any = importlib.import_module("pythoncom")
    client: Any = importlib.import_module("win32com.client")
    com.CoInitialize()
    try:
        with contextlib.suppress(com.com_error):  # it does not start, or does not let itself be led
            word = client.DispatchEx(_WORD)
            if word.Visible or word.Documents.Count:
                return
            try:
                word.DisplayAlerts = _NO_ALERTS
                for name in names:
                    _one_by_word(word, com.com_error, folder / name)
            finally:
                word.Quit(_WITHOUT_SAVING)
    finally:
        com.CoUninitialize()


def _one_by_word(word: Any, fault: type[Exception], paper: Path) -> None:  # noqa: ANN401 -- a COM object
    with contextlib.suppress(fault):
        opened = word.Documents.Open(
            str(paper), ConfirmConversions=False, ReadOnly=True, AddToRecentFiles=False
        )
        try:
            opened.ExportAsFixedFormat(str(paper.with_suffix(".pdf")), _AS_PDF)
        finally:
            opened.Close(_WITHOUT_SAVING)


# -- what a PDF says of itself --------------------------------------------------------------------

_STAMP = re.compile(rb"\n%zhengdun ([0-9a-f]{64}) ([0-9a-f]{64})\n\Z")


def stamped(pdf: bytes, paper: bytes) -> bytes:
    """Return a PDF with the digests of its paper and of itself behind its end, for us alone.

    A PDF bears the time at which it was made; by these two an unchanged one is known all the same.
    """
    digests = (hashlib.sha256(each).hexdigest().encode() for each in (paper, pdf))
    return pdf + b"\n%zhengdun " + b" ".join(digests) + b"\n"


def is_ours(pdf: bytes) -> bool:
    """Say whether a PDF was made by us, and is as it was made."""
    told = _STAMP.search(pdf)
    return told is not None and hashlib.sha256(pdf[: told.start()]).hexdigest().encode() == told[2]


def is_of(pdf: bytes, paper: bytes) -> bool:
    """Say whether a PDF is, as it was made, the one of a paper."""
    told = _STAMP.search(pdf)
    digest = hashlib.sha256(paper).hexdigest().encode()
    return told is not None and told[1] == digest and is_ours(pdf)


_FANGSONG = re.compile(
    rb"/BaseFont\s*/(?:[A-Z]{6}\+)?[^/\s>]*(?:FangSong|#E4#BB#BF#E5#AE#8B)", re.IGNORECASE
)


def has_official_type(pdf: bytes) -> bool:
    """Say whether a PDF is set in 仿宋, as papers are, and not in what stands in for it."""
    return _FANGSONG.search(pdf) is not None
