"""PDF of papers: which program makes it, what is written, and what is said where there is none."""

import hashlib
import os
import stat
import sys
import types
from pathlib import Path

import pytest
from paths import office
from worked import write_village

from toolkit import pdf
from toolkit.demo import DAY
from toolkit.papers import Manner, Paper, printed, write_papers
from toolkit.report import Outcome, Written

DRAFT, BOTH = Manner(draft=True), Manner(draft=True, pdf=True)
PLAN = Paper("整顿方案", None, DAY)
END = b"\n%%EOF\n"
SET = b"/BaseFont/AAAAAA+FangSong_GB2312"


@pytest.fixture
def calls(monkeypatch) -> list[list[str]]:
    """Put a program in the office's place that makes a PDF of the paper's own bytes."""
    called: list[list[str]] = []

    def program(folder: Path, names) -> None:
        called.append(list(names))
        for name in names:
            data = (folder / name).read_bytes()
            (folder / name).with_suffix(".pdf").write_bytes(b"%PDF-1.6\n" + data + SET + END)

    monkeypatch.setattr(pdf, "find_program", lambda: program)
    return called


def made(work: Path, manner: Manner = BOTH) -> Outcome:
    return write_papers(PLAN, [work / "村级工作簿"], work / "公文", manner=manner)


# -- beside its paper -----------------------------------------------------------------------------


def test_each_paper_of_a_run_has_its_pdf_by_one_call(work, calls):
    done = made(work)
    assert [each.path.suffix for each in done.written] == [".docx", ".pdf"] * 3
    assert all(each.path.is_file() for each in done.written)
    assert calls == [["1.docx", "2.docx", "3.docx"]]
    paper, beside = done.written[0].path, done.written[1].path
    assert beside == paper.with_suffix(".pdf")
    assert paper.read_bytes() in beside.read_bytes()  # each the one of its own paper
    assert done.exit_code == 0


def test_without_the_wish_there_is_none(work, calls):
    made(work, DRAFT)
    assert calls == []
    assert not list(work.rglob("*.pdf"))


def test_made_again_of_the_same_papers_nothing_is_converted_or_written(work, calls):
    made(work)
    before = {path: path.stat().st_mtime_ns for path in work.rglob("*.pdf")}
    done = made(work)
    assert len(calls) == 1
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert done.written[1].notes == ("内容没有变化，没有重写",)


def test_a_pdf_of_other_words_takes_the_place_of_the_former_which_is_kept(work, calls):
    done = made(work)
    place = done.written[1].path
    old = place.read_bytes()
    (work / "公文" / "0203-上河村-整顿方案-征求意见稿.docx").unlink()
    other = Paper("整改情况报告", None, DAY)
    write_papers(
        other,
        [work / "村级工作簿" / "0203-上河村-2022.xlsx"],
        place.with_suffix(".docx"),
        manner=BOTH,
    )
    assert place.read_bytes() != old
    assert place.with_name(f"{place.name}.bak").read_bytes() == old
    assert len(calls) == 2


def test_a_pdf_that_is_not_ours_stays(work, calls):
    target = work / "公文" / "0203-上河村-整顿方案-征求意见稿.pdf"
    target.parent.mkdir()
    target.write_bytes(b"%PDF-1.4 scanned with the seal" + END)
    before = target.read_bytes()
    done = made(work)
    assert done.troubles == (f"{target}：不是由程序生成的，没有覆盖。请先移走或改名，再做一次。",)
    assert (target.read_bytes(), done.exit_code) == (before, 4)
    assert len(done.written) == 5  # three papers, the other two's PDF
    assert len(calls) == 1


def test_that_another_type_stands_in_is_said(work, calls, monkeypatch):
    assert not any("仿宋" in note for each in made(work).written for note in each.notes)
    monkeypatch.setattr(pdf, "has_official_type", lambda _: False)
    for path in work.rglob("*.pdf"):
        path.unlink()
    told = [note for each in made(work).written for note in each.notes if "仿宋" in note]
    assert (
        told
        == ["这台电脑没有仿宋字体，PDF 用了别的字体，版面会有出入；用印的以 Word 文稿为准。"] * 3
    )
    assert calls


def test_a_pdf_that_was_left_behind_by_its_paper_is_told(work, calls):
    books = work / "村级工作簿"
    made(work)
    assert not any("以前的" in note for each in made(work, DRAFT).written for note in each.notes)
    write_village(books / "0205-柳湾村-2022.xlsx", code="0205", village="柳湾村", location="别处")
    (work / "公文" / "0207-石桥村-整顿方案-征求意见稿.pdf").write_bytes(b"%PDF-1.4 by somebody")
    told = {each.path.name: each.notes[-1] for each in made(work, DRAFT).written}
    name = "0205-柳湾村-整顿方案-征求意见稿"
    assert told[f"{name}.docx"] == f"{name}.pdf 还是以前的，要更新请加 --pdf。"
    assert sum("以前的" in note for note in told.values()) == 1
    assert len(calls) == 1


def test_the_commands_of_papers_make_them_too(zhengdun, work, calls, monkeypatch):
    monkeypatch.chdir(work)
    day = ("--as-of", "2022-10-31")
    plan = zhengdun("plan", "--pdf", *day, "村级工作簿/0205-柳湾村-2022.xlsx")
    assert plan.out.splitlines() == [f"公文/0205-柳湾村-整顿方案.{end}" for end in ("docx", "pdf")]
    letters = zhengdun("remind", "--pdf", *day, "-o", "催办").out.splitlines()
    assert [line for line in letters if line.endswith(".pdf")] == [
        f"催办/{village}-催办通知.pdf" for village in ("0203-上河村", "0207-石桥村")
    ]
    monkeypatch.setattr(pdf, "find_program", lambda: None)
    told = zhengdun("summary", "--pdf", *day, "村级工作簿/0205-柳湾村-2022.xlsx")
    assert (told.code, told.out) == (4, "公文/0205-柳湾村-整改情况报告-2022-10.docx\n")
    assert told.err.startswith("这台电脑没有找到 LibreOffice 或 Word，PDF 没有生成；")
    assert len(calls) == 2


# -- where it fails -------------------------------------------------------------------------------


def test_without_a_program_the_papers_stand_and_one_sentence_is_said(work, monkeypatch):
    monkeypatch.setattr(pdf, "find_program", lambda: None)
    done = made(work)
    assert [each.path.suffix for each in done.written] == [".docx"] * 3
    (said,) = done.troubles
    assert said == (
        "这台电脑没有找到 LibreOffice 或 Word，PDF 没有生成；Word 文稿已经写好，"
        "可以用 WPS 或 Word 打开，另存为 PDF。"
    )
    assert done.exit_code == 4


def test_a_paper_that_fails_among_others_is_tried_once_more_by_itself(work, monkeypatch):
    calls: list[list[str]] = []

    def program(folder: Path, names) -> None:
        calls.append(list(names))
        for name in names:
            if name != "2.docx":  # the program went down on it, among others
                (folder / name).with_suffix(".pdf").write_bytes(b"%PDF-1.6" + SET + END)

    monkeypatch.setattr(pdf, "find_program", lambda: program)
    done = made(work)
    assert calls == [["1.docx", "2.docx", "3.docx"], ["1.docx"]]
    assert [each.path.suffix for each in done.written] == [".docx", ".pdf"] * 3


@pytest.mark.parametrize("written", [None, b"%PDF-1.6 broken off", b"no PDF" + END])
def test_a_paper_of_which_none_comes_is_named_and_the_others_have_theirs(
    work, monkeypatch, written
):
    def program(folder: Path, names) -> None:
        for name in names:
            sound = len(names) > 1 and name != "1.docx"
            data = b"%PDF-1.6" + SET + END if sound else written
            if data is not None:
                (folder / name).with_suffix(".pdf").write_bytes(data)

    monkeypatch.setattr(pdf, "find_program", lambda: program)
    done = made(work)
    paper = work / "公文" / "0203-上河村-整顿方案-征求意见稿.docx"
    assert done.troubles == (f"{paper}：没有转成 PDF。请用 Word 或 WPS 打开，另存为 PDF。",)
    assert [each.path.suffix for each in done.written] == [
        ".docx",
        ".docx",
        ".pdf",
        ".docx",
        ".pdf",
    ]
    assert done.exit_code == 4


def test_what_is_no_paper_has_no_pdf(tmp_path, calls):
    text = tmp_path / "催办通知.txt"
    text.write_text("甲")
    done = Outcome((Written(text),))
    assert printed(done, Manner(pdf=True)) is done
    assert calls == []


def test_many_papers_go_in_several_calls(calls, monkeypatch):
    monkeypatch.setattr(pdf, "_AT_ONCE", 2)
    found = pdf.pdfs([b"a", b"b", b"c"])
    assert [
        data is not None and name in data
        for data, name in zip(found, (b"a", b"b", b"c"), strict=True)
    ]
    assert calls == [["1.docx", "2.docx"], ["1.docx"]]


# -- a stamp --------------------------------------------------------------------------------------


def test_a_stamped_pdf_knows_its_paper_and_whether_it_is_as_it_was_made():
    made = pdf.stamped(b"%PDF-1.6 text" + END, b"paper")
    assert pdf.is_ours(made)
    assert pdf.is_of(made, b"paper")
    assert not pdf.is_of(made, b"another")
    touched = made.replace(b"text", b"ttxt")
    assert not pdf.is_ours(touched)
    assert not pdf.is_of(touched, b"paper")
    assert not pdf.is_ours(b"%PDF-1.6 text" + END)


@pytest.mark.parametrize(
    ("font", "official"),
    [
        (b"/BaseFont/AAAAAA+FangSong_GB2312", True),
        (b"/BaseFont /BAAAAA+FangSong", True),
        (b"/BaseFont/BAAAAA+NotoSansCJKjp-Regular", False),
        (b"/BaseFont/BAAAAA+FandolFang-Regular", False),
    ],
)
def test_the_type_of_papers_is_told_from_what_stands_in_for_it(font, official):
    assert pdf.has_official_type(b"%PDF " + font + b"\n>>") == official


# -- LibreOffice ----------------------------------------------------------------------------------

on_posix = pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")


def stand_in(folder: Path, script: str, name: str = "soffice") -> Path:
    """Write a program that stands in for LibreOffice."""
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / name
    place.write_text(f"#!/bin/sh\n{script}\n")
    place.chmod(place.stat().st_mode | stat.S_IXUSR)
    return place


@on_posix
def test_libreoffice_is_asked_once_in_a_profile_of_its_own_which_is_gone_afterwards(
    tmp_path, monkeypatch
):
    told = tmp_path / "told"
    convert = 'for f in *.docx; do printf "%%PDF-1.6\\n%%%%EOF\\n" > "${f%.docx}.pdf"; done'
    stand_in(tmp_path / "bin", f'echo "$@" > {told}; {convert}')
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    found = pdf.pdfs([b"a", b"b"])
    assert found == [b"%PDF-1.6\n%%EOF\n"] * 2
    words = told.read_text().split()
    assert words[0].startswith("-env:UserInstallation=file://")
    assert words[1:5] == ["--headless", "--norestore", "--convert-to", "pdf"]
    assert words[-2:] == ["1.docx", "2.docx"]
    assert not Path(words[6]).exists()


@on_posix
def test_a_program_that_takes_too_long_is_ended_with_all_it_has_started(tmp_path, monkeypatch):
    told = tmp_path / "child"
    stand_in(tmp_path / "bin", f"sleep 60 & echo $! > {told}; wait")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setattr(pdf, "_TO_START", 1)
    monkeypatch.setattr(pdf, "_TO_CONVERT", 0)
    assert pdf.pdfs([b"a"]) == [None]
    state = Path(f"/proc/{told.read_text().strip()}/stat")
    assert not state.exists() or state.read_text().split()[2] == "Z"


@on_posix
def test_a_program_that_cannot_be_started_makes_none(tmp_path, monkeypatch):
    place = stand_in(tmp_path / "bin", "")
    place.write_bytes(b"\x7fELF no program")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert pdf.pdfs([b"a"]) == [None]


def test_it_is_looked_for_on_the_path_then_where_it_is_usually_put(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(pdf, "_PLACES", (f"{tmp_path}/opt/libreoffice*/program/soffice",))
    for variable in pdf._FOLDERS_ON_WINDOWS:  # noqa: SLF001 -- what the machine has must not matter
        monkeypatch.delenv(variable, raising=False)
    assert pdf.find_program() is None
    put = stand_in(tmp_path / "opt" / "libreoffice7.6" / "program", "")
    assert next(pdf._offices()) == str(put)  # noqa: SLF001 -- which one is found
    monkeypatch.setenv("PROGRAMFILES", str(tmp_path / "Program Files"))
    windows = stand_in(tmp_path / "Program Files" / "LibreOffice" / "program", "", "soffice.com")
    assert next(pdf._offices()) == str(windows)  # noqa: SLF001 -- as above
    if os.name != "nt":
        first = stand_in(tmp_path / "bin", "")
        assert next(pdf._offices()) == str(first)  # noqa: SLF001 -- as above
    assert pdf.find_program() is not None


@pytest.mark.office
def test_libreoffice_makes_a_pdf_of_each_paper(work):
    office()
    done = made(work)
    pages = [each.path.read_bytes() for each in done.written if each.path.suffix == ".pdf"]
    assert len(pages) == 3
    assert len({hashlib.sha256(page).hexdigest() for page in pages}) == 3
    assert all(page.startswith(b"%PDF-") and pdf.is_ours(page) for page in pages)
    assert done.exit_code == 0


# -- Word -----------------------------------------------------------------------------------------


class ComError(Exception):
    """What Windows raises."""


class Opened:
    def __init__(self, word: "Word", path: str) -> None:
        self.word, self.path = word, path

    def ExportAsFixedFormat(self, place: str, form: int) -> None:  # noqa: N802 -- Word's own name
        assert form == 17
        if self.path.endswith("2.docx"):
            raise ComError
        Path(place).write_bytes(b"%PDF-1.7\n%%EOF\n")

    def Close(self, save: int) -> None:  # noqa: N802 -- Word's own name
        self.word.log.append(("close", Path(self.path).name, save))


class Word:
    """A Word that is asked through COM."""

    def __init__(self, log: list[object], visible: bool = False) -> None:
        self.log, self.Visible, self.Count = log, visible, 0
        self.Documents = self
        self.DisplayAlerts = 1

    def Open(self, path: str, **how: bool) -> Opened:  # noqa: N802 -- Word's own name
        assert how == {"ConfirmConversions": False, "ReadOnly": True, "AddToRecentFiles": False}
        return Opened(self, path)

    def Quit(self, save: int) -> None:  # noqa: N802 -- Word's own name
        self.log.append(("quit", save))


@pytest.fixture
def windows(monkeypatch):
    """Put a Word in place that is asked through COM, and no LibreOffice; return its log."""
    log: list[object] = []
    state = {"visible": False, "starts": True}

    def dispatch(name: str) -> Word:
        log.append(("started", name))
        if not state["starts"]:
            raise ComError
        return Word(log, state["visible"])

    com = types.ModuleType("pythoncom")
    com.com_error = ComError
    com.CoInitialize = lambda: log.append("in")
    com.CoUninitialize = lambda: log.append("out")
    client = types.ModuleType("win32com.client")
    client.DispatchEx = dispatch
    registry = types.ModuleType("winreg")
    registry.HKEY_CLASSES_ROOT = 0
    registry.OpenKey = lambda _, name: name
    registry.CloseKey = lambda _: None
    for module in (com, client, registry, types.ModuleType("win32com")):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(pdf, "_offices", lambda: iter(()))
    return types.SimpleNamespace(log=log, state=state, registry=registry)


def test_word_converts_in_an_instance_of_its_own_which_alone_is_quit(windows):
    found = pdf.pdfs([b"a", b"b"])
    assert found == [b"%PDF-1.7\n%%EOF\n"] * 2  # the second one when tried by itself
    assert windows.log[:2] == ["in", ("started", "Word.Application")]
    assert windows.log.count(("quit", 0)) == 2
    assert ("close", "2.docx", 0) in windows.log
    assert windows.log[-1] == "out"


def test_a_word_that_somebody_uses_is_left_be(windows):
    windows.state["visible"] = True
    assert pdf.pdfs([b"a"]) == [None]
    assert ("quit", 0) not in windows.log


def test_a_word_that_does_not_start_makes_none(windows):
    windows.state["starts"] = False
    assert pdf.pdfs([b"a"]) == [None]
    assert windows.log[-1] == "out"


def test_without_word_or_pywin32_there_is_no_program(windows, monkeypatch):
    def missing(*_: object) -> str:
        raise FileNotFoundError

    windows.registry.OpenKey = missing
    assert pdf.find_program() is None
    monkeypatch.setitem(sys.modules, "winreg", None)
    assert pdf.find_program() is None
    with pytest.raises(pdf.NoOfficeError) as told:
        pdf.pdfs([b"a"])
    assert (str(told.value), told.value.exit_code) == (pdf.NO_OFFICE, 4)
