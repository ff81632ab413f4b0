"""What a console shows that lacks our characters."""

import io
import sys

import click
import pytest

from toolkit import console


def shown(monkeypatch, encoding: str, text: str) -> str:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding, errors="strict"))
    console.admit_any_console()
    sys.stdout.write(text)
    sys.stdout.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize(
    ("encoding", "text", "seen"),
    [
        ("gbk", "册.xlsx › 整改措施", "册.xlsx > 整改措施"),
        ("gbk", "𠮷村", "\\U00020bb7村"),
        ("ascii", "B7", "B7"),
        ("utf-8", "册 › 𠮷", "册 › 𠮷"),
    ],
)
def test_a_mark_that_a_console_lacks_is_shown_plainly(monkeypatch, encoding, text, seen):
    assert shown(monkeypatch, encoding, text) == seen


def test_bytes_that_are_no_text_are_not_made_into_some():
    console.admit_any_console()
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("utf-8", "zhengdun")


def test_a_console_that_cannot_be_set_is_left_as_it_is(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)  # a program started without a window has none
    console.admit_any_console()
    assert sys.stdout is None


def test_what_is_said_is_one_line_whatever_stands_in_a_files_name(capsys):
    console.say("册\n已写入 假的.xlsx\x1b[2J：是空文件。")
    assert capsys.readouterr().err == "册 已写入 假的.xlsx\ufffd[2J：是空文件。\n"


def test_a_usage_error_without_a_command_names_the_program():
    wrong = console.usage_error(click.UsageError("odd"))
    assert wrong == "命令写得不对，多了或少了内容。用 zhengdun --help 查看用法。"


# -- what stops a run


def ended(fault: Exception) -> int:
    @click.command()
    def stopping() -> None:
        raise fault

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "argv", ["zhengdun"])
        return console.run(stopping, debug=lambda: False)


@pytest.mark.parametrize(
    ("error", "place"),
    [(OSError(5, "Input/output error", "村级工作簿"), "村级工作簿："), (OSError(5, "gone"), "")],
)
def test_what_the_disk_refuses_in_the_midst_is_one_plain_line(capsys, error, place):
    assert ended(error) == 3
    assert capsys.readouterr().err == (
        f"{place}读写出错（代码 5），没有做完；报送的工作簿没有改动。"
        "请检查磁盘、网络和权限后再试。\n"
    )


def test_a_bug_without_room_for_its_report_is_told_all_the_same(capsys, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(console.tempfile, "NamedTemporaryFile", full)
    assert ended(ValueError("bug")) == 5
    assert capsys.readouterr().err == (
        "程序出错，没有做完；报送的工作簿没有改动。"
        "请用 --debug 再做一次，把显示的内容发给技术人员。\n"
    )
