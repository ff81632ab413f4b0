"""click, speaking Chinese: headings of the help, errors of usage, and what stops a run."""

import codecs
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable
from typing import Any

import click

from toolkit.errors import FaultyTemplateError, ToolkitError
from toolkit.report import one_line
from toolkit.schema.texts import display_width

_HEADINGS = {"Options": "选项", "Commands": "命令"}


class _Formatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:  # noqa: ARG002 -- ours is fixed
        super().write_usage(prog, args, prefix="用法：")

    def write_heading(self, heading: str) -> None:
        self.write(f"{_HEADINGS.get(heading, heading)}：\n")

    def write_dl(
        self,
        rows: Iterable[tuple[str, str]],
        col_max: int = 30,  # noqa: ARG002 -- click's signature
        col_spacing: int = 2,
    ) -> None:
        """Write terms and what they mean in two columns, a Han character two places wide."""
        pairs = list(rows)
        width = max(display_width(term) for term, _ in pairs) + col_spacing
        for term, meaning in pairs:
            self.write(f"  {term}{' ' * (width - display_width(term))}{meaning}\n")


class _Context(click.Context):
    formatter_class = _Formatter


# Looked for by `run` wherever it stands; a command must only let it pass.
_DEBUG = click.Option(["--debug"], is_flag=True, expose_value=False, hidden=True)


class Command(click.Command):
    """A command whose help is Chinese."""

    context_class = _Context

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the command's own parameters and `--debug`."""
        return [*super().get_params(ctx), _DEBUG]

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the pieces of the usage line."""
        return [piece.replace("[OPTIONS]", "[选项]") for piece in super().collect_usage_pieces(ctx)]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return `--help`."""
        return _in_chinese(super().get_help_option(ctx))


class Group(click.Group):
    """The group of all commands."""

    context_class = _Context
    command_class = Command

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """Return the commands in the order of the work."""
        return list(self.commands)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's
        """Return the pieces of the usage line."""
        return ["[选项]", "命令", "…"]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return `--help`."""
        return _in_chinese(super().get_help_option(ctx))


def _in_chinese(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.help = "显示这段说明。"
    return option


def run(command: click.Command, *, debug: Callable[[], bool]) -> int:
    """Run a command; return its exit code. The one place where trouble becomes a line.

    A ToolkitError is its own sentence, and so is what the disk or the network does; a bug is one
    sentence and a report file, and a traceback only where `debug` says so.
    """
    try:
        result: Any = command.main(prog_name="zhengdun", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "")
        return 0
    except click.UsageError as error:
        say(usage_error(error))
        return 2
    except click.Abort:
        say("已停止，没有写完的结果不会留下。")
        return 2
    except ToolkitError as error:
        for line in error.faults if isinstance(error, FaultyTemplateError) else (str(error),):
            say(line)
        return error.exit_code
    except Exception as error:
        if debug():
            raise
        return _disk_fault(error) if isinstance(error, OSError) else internal_fault(error)
    return result if isinstance(result, int) else 0


def usage_error(error: click.UsageError) -> str:
    """Return in Chinese what is wrong with a command line, and where its help is."""
    path = error.ctx.command_path if error.ctx else "zhengdun"
    return f"{_wrong(error)}用 {path} --help 查看用法。"


def _wrong(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        return f"没有“{error.option_name}”这个选项。"
    if isinstance(error, click.MissingParameter):
        usual = error.param is not None and not error.param.required  # a work folder tells it
        return f"{_NOT_AT_HOME if usual else ''}缺少“{_spelled(error.param)}”。"
    if isinstance(error, click.BadOptionUsage):
        return f"选项“{error.option_name}”后面要有内容。"
    if isinstance(error, click.BadParameter):
        return f"“{_spelled(error.param)}”写得不对。{_choices(error.param)}"
    if "No such command" in error.message:
        return "没有这个命令。"
    return "命令写得不对，多了或少了内容。"


_NOT_AT_HOME = "这里不是工作文件夹，"


def _choices(parameter: click.Parameter | None) -> str:
    """Return what may be written instead."""
    kind = parameter.type if parameter else None
    if isinstance(kind, click.Choice):
        return f"可以写：{'、'.join(kind.choices)}。"
    if isinstance(kind, click.DateTime):
        return "日期要写成 2022-10-31 的样子。"
    if isinstance(kind, click.IntRange):
        to = f"至 {kind.max} 之间" if kind.max is not None else "以上"
        return f"要写 {kind.min} {to}的整数。"
    return ""


def _spelled(parameter: click.Parameter | None) -> str:
    if isinstance(parameter, click.Option):
        return "、".join(parameter.opts)
    return parameter.make_metavar(click.Context(click.Command(""))) if parameter else ""


def _disk_fault(error: OSError) -> int:
    """Say what the system has refused in the midst of a run."""
    place = f"{error.filename}：" if isinstance(error.filename, str) else ""
    say(
        f"{place}读写出错（代码 {error.errno}），没有做完；报送的工作簿没有改动。"
        "请检查磁盘、网络和权限后再试。"
    )
    return 3


def internal_fault(error: Exception) -> int:
    """Write what a maintainer needs to a file, and say where it is; return the exit code."""
    stopped = "程序出错，没有做完；报送的工作簿没有改动。"
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="zhengdun-", suffix=".txt", delete=False, encoding="utf-8"
        ) as report:
            report.write("".join(traceback.format_exception(error)))
    except OSError:  # the disk is full, or there is no place for temporary files
        say(f"{stopped}请用 --debug 再做一次，把显示的内容发给技术人员。")
        return 5
    say(f"{stopped}请把这个文件发给技术人员：{report.name}")
    return 5


def say(text: str) -> None:
    """Print a line for the person beside the results; no file's name can make two of it."""
    click.echo(one_line(text), err=True)


_PLAIN = {"›": ">", "•": "·", "✓": "√", "—": "-"}
"""Marks of ours that an old console lacks, and what stands for them there."""


def _for_old_consoles(error: UnicodeError) -> tuple[str | bytes, int]:
    """Return what an old console shows for characters it lacks: a plain mark, or the code."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    shown = "".join(_PLAIN.get(c, c.encode("ascii", "backslashreplace").decode()) for c in text)
    return shown, error.end


def admit_any_console() -> None:
    """Let a console that lacks a character show a plain one, or its code, and never fail on it."""
    codecs.register_error("zhengdun", _for_old_consoles)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="zhengdun")
