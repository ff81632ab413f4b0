"""The command line: one call down each; answers on stdout, trouble on stderr, exit codes as agreed.

Law: its docstrings are the help that clerks read, and no command does more than call and print.
Commands load the composer when they run, so that `--help` stays quick.
"""

import datetime as dt
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from functools import reduce, wraps
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from toolkit import __version__
from toolkit.console import Group, admit_any_console, internal_fault, run, say
from toolkit.errors import UsageError
from toolkit.garbage import leave_to_the_system
from toolkit.report import FORMS, Outcome, Track, form_of, one_line, rule_list
from toolkit.schema.texts import tidy
from toolkit.turns import turn
from toolkit.workfolder.places import WorkFolder, find, half_made

F = TypeVar("F", bound=Callable[..., object])
T = TypeVar("T")

_EPILOG = (
    "退出码：0 正常；1 核对出必改项；2 命令或设置不对；3 有文件读不了，或开着的表连不上；"
    "4 有内容没有收进结果；5 程序出错。"
)
_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def _track(label: str, *, quiet: bool) -> Track:
    """Return what passes paths through and, on a terminal, shows how far the run has come."""

    def track(paths: Sequence[Path]) -> Iterable[Path]:
        if quiet or len(paths) < _LONG_RUN or not sys.stderr.isatty():
            yield from paths
            return
        with click.progressbar(paths, label=label, file=sys.stderr) as bar:
            yield from bar

    return track


_LONG_RUN = 10  # files: below that a run is over before a bar is read


_paths = click.argument(
    "paths", nargs=-1, type=click.Path(path_type=Path), metavar="工作簿或文件夹…"
)
_quiet = click.option("-q", "--quiet", is_flag=True, help="只输出结果，不输出说明。")
_as_of = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    default=lambda: _today().isoformat(),
    metavar="YYYY-MM-DD",
    help="按哪一天计算逾期和缺会，默认今天。",
)
_template = click.option(
    "--template",
    type=click.Path(path_type=Path),
    metavar="模板.docx",
    help="本单位改过的文稿模板；不写则用工作文件夹“文稿模板”里的，没有的用自带的。",
)

_Manner = Any
"""A `toolkit.papers.Manner`, which is loaded when a command runs."""
_pdf = click.option("--pdf", is_flag=True, help="同时生成 PDF；电脑上要有 LibreOffice 或 Word。")
_IN_WHICH_MANNER = (
    click.option(
        "--draft",
        is_flag=True,
        help="生成征求意见稿：标题下注明，文件名另起；工作簿还有必改项的也生成。",
    ),
    _pdf,
    click.option("--redact", is_flag=True, help="生成公开版：姓名和电话号码遮去，文件名另起。"),
)


def _manner(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options of a paper to a command, which gets them as its `manner`."""

    @wraps(command)
    def called(*given: object, draft: bool, pdf: bool, redact: bool, **named: object) -> int:
        from toolkit.papers import Manner

        return command(*given, manner=Manner(draft, pdf, redact), **named)

    return reduce(lambda made, option: option(made), reversed(_IN_WHICH_MANNER), called)


def _out(what: str, usual: str = "") -> Callable[[F], F]:
    """Return `-o`; `usual` is where the result goes within a work folder unless it is told."""
    return click.option(
        "-o",
        "--out",
        required=not usual,
        type=click.Path(path_type=Path),
        metavar=what,
        help=f"结果放在哪里；在工作文件夹里不写则是 {usual}。" if usual else "结果放在哪里。",
    )


def _given(name: str, told: T | None, usual: Callable[[WorkFolder], T]) -> T:
    """Return what was told of a parameter, else what is usual in the work folder we are in.

    Raises MissingParameter where we are in none.
    """
    if told:
        return told
    home = find(Path())
    if home is None:
        context = click.get_current_context()
        parameter = next(each for each in context.command.params if each.name == name)
        raise click.MissingParameter(ctx=context, param=parameter)
    return usual(home)


def _home(folder: Path | None = None) -> WorkFolder:
    """Return the work folder meant; raises UsageError where it is none, and we are in none."""
    home = find(folder or Path())
    if home is None:
        raise UsageError(
            f"{folder}：不是工作文件夹。请核对路径，或先运行 zhengdun init。"
            if folder
            else "这里不是工作文件夹。请到工作文件夹里运行；还没有的，先运行 zhengdun init。"
        )
    return home


def _books(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    return _given("paths", paths, lambda home: (home.books,))


def _wording(template: Path | None, name: str, paths: Iterable[Path] = ()) -> Path | None:
    """Return the office's own template of a paper: the one told, or its work folder's.

    That is the one in which we are, else the one in which the workbooks lie.
    """
    if template:
        return template
    home = next(filter(None, map(find, (Path(), *paths))), None)
    return home.template(name) if home else None


@click.group(cls=Group, context_settings=_SETTINGS, epilog=_EPILOG, invoke_without_command=True)
@click.version_option(
    __version__, "-V", "--version", message="zhengdun %(version)s", help="显示版本。"
)
@click.option("--debug", is_flag=True, expose_value=False, help="出错时显示技术细节。")
@click.pass_context
def cli(context: click.Context) -> None:  # main looks for --debug itself, whatever goes wrong
    """软弱涣散党组织整顿工具：发放、核对、汇总工作簿，生成方案和报告。

    在工作文件夹（zhengdun init 建的）里运行，文件和文件夹可以不写；什么都不写，就说做到哪一步了。

    例：zhengdun month 2022-10
    """
    if context.invoked_subcommand is not None:
        return
    home = find(Path())
    if home is None:
        for line in half_made(Path()):
            say(line)
        click.echo(context.get_help())
        return
    from toolkit.workfolder.status import status

    for line in status(home, _today()):
        click.echo(one_line(line))


def _today() -> dt.date:
    return dt.date.today()  # noqa: DTZ011 -- the clerk's own calendar day


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="文件夹")
@click.option(
    "--year", type=click.IntRange(2000, 2099), metavar="年度", help="不写则留给“参数”表填。"
)
@_quiet
def init(folder: Path, year: int | None, quiet: bool) -> int:
    """建工作文件夹：镇级工作簿、文稿模板、启动文件、使用说明；已有的文件保留原样。

    例：zhengdun init 青石镇 --year 2022
    """
    from toolkit.workfolder import kit

    return _finish(kit.make(folder, year), quiet=quiet)


@cli.command()
@click.argument("township", type=click.Path(path_type=Path), required=False, metavar="镇级工作簿")
@_out("文件夹", "村级工作簿")
@click.option("--year", type=click.IntRange(2000, 2099), help="年度；不写则取“参数”表。")
@click.option(
    "--village",
    "villages",
    multiple=True,
    metavar="村代码或村名",
    help="只发这个村；几个村就写几次。",
)
@click.option(
    "--from",
    "last_year",
    type=click.Path(path_type=Path),
    metavar="上年文件夹",
    help="沿用上一年度工作簿里的基本情况和工作力量；上年的文件不动。",
)
@_quiet
def issue(  # noqa: PLR0913, PLR0917 -- the options of the contract
    township: Path | None,
    out: Path | None,
    year: int | None,
    villages: tuple[str, ...],
    last_year: Path | None,
    quiet: bool,
) -> int:
    """按村名册发放村级工作簿，一村一份，并生成发放登记；填过的不覆盖。

    例：zhengdun issue 镇级工作簿.xlsx -o 村级工作簿 --from 2021年/村级工作簿
    """
    from toolkit import flow
    from toolkit.forms.issuing import Order

    here = find(Path()) or WorkFolder(Path())
    out = _given("out", out, lambda home: home.books)
    order = Order(year, villages, last_year)
    track = _track("发放", quiet=quiet)
    return _finish(flow.issue(township or here.township, out, order, track), quiet=quiet)


@cli.command()
@_paths
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMS),
    help="输出形式；不写则看 -o 的文件名结尾，都没有就是 text。",
)
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="文件", help="结果写入文件。")
@click.option(
    "--mark",
    type=click.Path(path_type=Path),
    metavar="文件夹",
    help="另存标好问题的回传件，一个工作簿一份；原件不动。",
)
@click.option("--select", default="", metavar="编号,…", help="只核对这些规则，如 C2,X401。")
@click.option("--ignore", default="", metavar="编号,…", help="不核对这些规则。")
@click.option("--save", is_flag=True, help="在工作文件夹里存成 核对结果.xlsx 和 回传件。")
@click.option("--strict", is_flag=True, help="还有未说明的提醒或提示时，也返回 1。")
@_as_of
@_quiet
def check(  # noqa: PLR0913, PLR0917 -- the options of the contract
    paths: tuple[Path, ...],
    form: str | None,
    out: Path | None,
    mark: Path | None,
    select: str,
    ignore: str,
    save: bool,
    strict: bool,
    as_of: dt.datetime,
    quiet: bool,
) -> int:
    """核对工作簿，逐条列出要改的单元格；在工作文件夹里不写工作簿就是全部。

    例：zhengdun check 村级工作簿 --as-of 2022-10-31
    """
    from toolkit import flow
    from toolkit.rules.catalogue import select_rules

    if save:
        home = _home()
        out, mark = out or home.report, mark or home.copies
    paths = _books(paths)
    wanted = flow.Wanted(form_of(form, out), out, mark, strict)
    chosen = select_rules(_codes(select), _codes(ignore))
    track = _track("核对", quiet=quiet)
    done = flow.check_into(wanted, paths, as_of.date(), chosen, track)
    _say(done.troubles)
    _say(() if quiet else done.report.remarks)
    if done.shown:
        click.echo(done.shown)
    _say(() if quiet else done.written)  # beside the findings, which a program may be reading
    return done.exit_code


def _codes(text: str) -> tuple[str, ...]:
    """Return the codes in a text, however they stand there: [D505]、Ｘ４０１，c2."""
    codes = tuple(code.upper() for code in re.findall(r"[A-Za-z0-9]+", tidy(text)))
    if text.strip() and not codes:
        raise UsageError(f"“{text}”里没有规则编号。写规则编号或它的开头，如 X401、C2。")
    return codes


@cli.command()
@_paths
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="按哪一天计算逾期和缺会；不写则每次核对都按当天。",
)
@_out("核对结果.xlsx", "核对结果.xlsx")
@_quiet
def watch(paths: tuple[Path, ...], as_of: dt.datetime | None, out: Path | None, quiet: bool) -> int:
    """边填边核对：看着文件夹，谁保存了工作簿就核对谁，改好几条、新出几条马上说一行。

    在 Excel、WPS、LibreOffice 里照常填写、保存就行；工作簿不动，也不占用。按 Ctrl+C 结束。

    核对结果.xlsx 每次保存后更新，点里面的链接就到要改的单元格。

    例：zhengdun watch 村级工作簿
    """
    note: Callable[[str], None] = (lambda _: None) if quiet else say
    try:
        from toolkit.watching.rounds import Voice, report_place
        from toolkit.watching.rounds import watch as watching

        paths = _books(paths)
        home = find(paths[0])
        target = out or report_place(paths, home.report.parent if home else None)
        voice = Voice(lambda line: click.echo(one_line(line)), say, note, _ring, internal_fault)
        day = as_of.date() if as_of else None
        return watching(paths, target, day, voice, today=_today)
    except KeyboardInterrupt:  # at whatever moment, also while this is still loading
        note("已停止。")
        return 0


def _ring() -> None:
    """Sound the terminal's bell, where somebody sits at one."""
    if sys.stdout.isatty():
        click.echo("\a", nl=False)


@cli.command()
@_paths
@_out("汇总表.xlsx", "汇总/月份/镇汇总.xlsx")
@click.option(
    "--month", default="", metavar="YYYY-MM", help="汇总月份；不写则取 --as-of 或今天的月份。"
)
@click.option(
    "--previous",
    type=click.Path(path_type=Path),
    metavar="上月汇总.xlsx",
    help="和它对比，并接着写历月进度；在工作文件夹里不写则找上一个月的。",
)
@click.option(
    "--level",
    type=click.Choice(["township", "county"]),
    default="township",
    help="township 汇总各村工作簿；county 汇总各镇的汇总表。",
)
@click.option(
    "--workers", type=click.IntRange(min=1), metavar="个数", help="几个进程同时读；不写自动。"
)
@click.option(
    "--cluster", default="", metavar="地址", help="在 Dask 集群上读，如 tcp://主机:8786。"
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="按哪一天计算逾期和缺会，默认当月最后一天，没过完的今天；汇总全县按各镇的。",
)
@_quiet
def consolidate(  # noqa: PLR0913, PLR0917 -- the options of the contract
    paths: tuple[Path, ...],
    out: Path | None,
    month: str,
    previous: Path | None,
    level: str,
    workers: int | None,
    cluster: str,
    as_of: dt.datetime | None,
    quiet: bool,
) -> int:
    """把各村工作簿汇总成全镇一本账，或把各镇汇总成全县一本账。

    例：zhengdun consolidate 村级工作簿 -o 汇总/2022-10/镇汇总.xlsx --as-of 2022-10-31

    例：zhengdun consolidate 各镇汇总 -o 全县汇总.xlsx --level county --month 2022-10
    """
    from toolkit import flow
    from toolkit.forms.rollup import Level
    from toolkit.workfolder.calendar import last_day, month_name
    from toolkit.workfolder.places import spare_history

    of, home = Level(level), find(Path())
    if of is Level.TOWNSHIP:
        paths = _books(paths)
    elif not (paths and out):
        raise UsageError("汇总全县要写明各镇汇总表或所在的文件夹，并用 -o 写明结果放在哪里。")
    name = month_name(month) if month else f"{as_of or _today():%Y-%m}"
    day = as_of.date() if as_of else last_day(name, _today())
    target = _given("out", out, lambda home: home.rollup(name))
    if home and out is None:
        spare_history(home, name)
    if previous is None and home and of is Level.TOWNSHIP and home.holds(target):
        previous = home.rollup_before(name)
    track, scale = _track("汇总", quiet=quiet), flow.Scale(of, workers, cluster)
    with turn(home.root) if home and home.holds(target) else nullcontext():
        done = flow.consolidate(paths, target, day, name, track, previous=previous, scale=scale)
    return _finish(done, quiet=quiet)


@cli.command()
@click.argument("name", default="", metavar="[YYYY-MM]")
@click.option(
    "--folder", type=click.Path(path_type=Path), metavar="文件夹", help="工作文件夹，默认所在的。"
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="按哪一天计算逾期和缺会，默认当月最后一天；当月还没过完的，今天。",
)
@click.option("--again", is_flag=True, help="这个月之后已做过别的月份，也用现在的工作簿重做。")
@_quiet
def month(
    name: str, folder: Path | None, as_of: dt.datetime | None, again: bool, quiet: bool
) -> int:
    """做一个月的全套，放在 汇总/YYYY-MM；再做一次不会弄乱。

    有核对结果、回传件、镇汇总、工作情况汇报、催办通知、整顿台账、报送指纹。

    不写月份，就是每月截止日已到的最近一个月。

    几样都有的，退出码依次取：2 有结果没写成；4 有村没收进、改过的没覆盖；3 有文件读不了；1 有必改。

    例：zhengdun month 2022-10
    """
    from toolkit.workfolder import month as monthly

    home = _home(folder)
    day = as_of.date() if as_of else None
    track = _track("汇总", quiet=quiet)
    done = monthly.run(home, name, day, today=_today(), again=again, track=track)
    if quiet:
        _say(done.needs)
        for each in done.written:
            click.echo(one_line(str(each.path)))
        return done.exit_code
    _say(done.passed_over)
    for line in monthly.screen(done):
        click.echo(one_line(line))
    return done.exit_code


@cli.command()
@_paths
@_out("文件或文件夹", "公文")
@_template
@click.option(
    "--issued",
    is_flag=True,
    help="镇党委印发：加通知和红头，文号等取自“公文要素”；--template 用印发通知的。",
)
@_manner
@_as_of
@_quiet
def plan(  # noqa: PLR0913, PLR0917 -- the options of the contract
    paths: tuple[Path, ...],
    out: Path | None,
    template: Path | None,
    issued: bool,
    manner: _Manner,
    as_of: dt.datetime,
    quiet: bool,
) -> int:
    """生成整顿实施方案（Word，公文格式），一村一份。

    例：zhengdun plan 村级工作簿/0203-上河村-2022.xlsx -o 公文

    例：zhengdun plan 村级工作簿 -o 公文 --issued
    """
    from toolkit import issued as issuing
    from toolkit import papers
    from toolkit.forms.township import ISSUED
    from toolkit.word.document import PLAN

    paths, out = _books(paths), _given("out", out, lambda home: home.papers)
    track = _track("生成方案", quiet=quiet)
    if issued:
        wording = issuing.Templates(_wording(template, ISSUED, paths), _wording(None, PLAN, paths))
        done = issuing.write_issued(paths, out, as_of.date(), wording, track, manner)
    else:
        paper = papers.Paper(PLAN, _wording(template, PLAN, paths), as_of.date())
        done = papers.write_papers(paper, paths, out, track, manner)
    return _finish(done, quiet=quiet)


@cli.command()
@_paths
@_out("文件或文件夹", "公文")
@_template
@_manner
@_as_of
@_quiet
def summary(  # noqa: PLR0913, PLR0917 -- the options of the contract
    paths: tuple[Path, ...],
    out: Path | None,
    template: Path | None,
    manner: _Manner,
    as_of: dt.datetime,
    quiet: bool,
) -> int:
    """生成整改情况报告（Word，公文格式），一村一份；给的是汇总表，生成全镇（全县）的工作情况汇报。

    汇报的数字都取自汇总表，截至它的数据截止日。

    例：zhengdun summary 村级工作簿 -o 公文 --as-of 2022-10-31

    例：zhengdun summary 汇总/2022-10/镇汇总.xlsx -o 公文
    """
    from toolkit import papers, reporting
    from toolkit.word.document import SUMMARY
    from toolkit.word.town_vocabulary import TOWN_REPORT

    paths, out = _books(paths), _given("out", out, lambda home: home.papers)
    paper = papers.Paper(SUMMARY, _wording(template, SUMMARY, paths), as_of.date())
    wording, track = _wording(template, TOWN_REPORT, paths), _track("生成报告", quiet=quiet)
    done = reporting.summarise(paper, wording, paths, out, track, manner)
    given = click.get_current_context().get_parameter_source("as_of")
    if given is ParameterSource.COMMANDLINE and any(map(reporting.is_rollup, paths)):
        _say(() if quiet else ("汇报截至汇总表自己的数据截止日；--as-of 只用于村级工作簿。",))
    return _finish(done, quiet=quiet)


@cli.command()
@_paths
@_out("文件或文件夹", "公文")
@click.option("--month", default="", metavar="YYYY-MM", help="只要这个月的会议；不写则全部。")
@_template
@_manner
@_as_of
@_quiet
def minutes(  # noqa: PLR0913, PLR0917 -- the options of the contract
    paths: tuple[Path, ...],
    out: Path | None,
    month: str,
    template: Path | None,
    manner: _Manner,
    as_of: dt.datetime,
    quiet: bool,
) -> int:
    """生成专题研究的会议纪要（Word，公文格式），一次会议一份；还没有到日子的会议不生成。

    例：zhengdun minutes 村级工作簿 -o 公文 --month 2022-10
    """
    from toolkit import minutes as meetings
    from toolkit.forms.township import MINUTES
    from toolkit.workfolder.calendar import month_name

    paths, out = _books(paths), _given("out", out, lambda home: home.papers)
    name = month_name(month) if month else ""
    wording, track = _wording(template, MINUTES, paths), _track("生成纪要", quiet=quiet)
    done = meetings.minutes(paths, out, as_of.date(), name, wording, track, manner)
    return _finish(done, quiet=quiet)


@cli.command()
@_paths
@_out("文件夹", "汇总/月份/催办通知")
@_template
@_pdf
@_as_of
@_quiet
def remind(  # noqa: PLR0913, PLR0917 -- the options of the contract
    paths: tuple[Path, ...],
    out: Path | None,
    template: Path | None,
    pdf: bool,
    as_of: dt.datetime,
    quiet: bool,
) -> int:
    """生成催办通知（Word，公文格式），一村一份，另有可以粘贴到微信的文字。

    催办逾期和临期的措施、回头看反弹的问题、缺的专题研究、没改的必改项、没报没填或报了几份不同的工作簿；
    没有事项的村不生成。

    例：zhengdun remind 村级工作簿 -o 催办通知 --as-of 2022-10-31
    """
    from toolkit.notices import remind as reminding
    from toolkit.word.notice_vocabulary import NOTICE
    from toolkit.workfolder import places

    paths, month = _books(paths), f"{as_of:%Y-%m}"
    out = _given("out", out, lambda home: home.month(month) / places.NOTICES)
    track = _track("催办", quiet=quiet)
    wording = _wording(template, NOTICE, paths)
    return _finish(reminding(paths, out, as_of.date(), track, wording, pdf=pdf), quiet=quiet)


@cli.command()
@_paths
@_out("台账.xlsx、台账.docx 或文件夹", "汇总/月份/整顿台账")
@_as_of
@_quiet
def ledger(paths: tuple[Path, ...], out: Path | None, as_of: dt.datetime, quiet: bool) -> int:
    """生成整顿台账：问题、措施、责任三个清单和销号台账（Excel），以及横排的附件（Word）。

    -o 写文件夹就两样都有；写 .xlsx 或 .docx 就只有那一样。

    例：zhengdun ledger 村级工作簿 -o 整顿台账 --as-of 2022-10-31
    """
    from toolkit.ledgers import ledger as listing
    from toolkit.workfolder import places

    paths, month = _books(paths), f"{as_of:%Y-%m}"
    out = _given("out", out, lambda home: home.month(month) / places.LEDGERS)
    track = _track("生成台账", quiet=quiet)
    return _finish(listing(paths, out, as_of.date(), track), quiet=quiet)


@cli.command()
@click.argument(
    "paths", nargs=-1, type=click.Path(path_type=Path), metavar="文稿.docx… 工作簿或文件夹…"
)
@_quiet
def verify(paths: tuple[Path, ...], quiet: bool) -> int:
    """核对文稿和工作簿是不是还一致；不一致的，说明哪个工作表哪一格改了、现在是什么。

    在工作文件夹里什么都不写，就核对“公文”里的全部文稿、各月的工作情况汇报，以及最近一个月的催办通知和台账。

    镇级工作簿里的文号、抄送等改了，也说明。文稿生成以后被人改过的，先说明。

    退出码：0 一致；1 不一致；3 读不了或没有指纹。

    例：zhengdun verify 公文/0203-上河村-整顿方案.docx 村级工作簿/0203-上河村-2022.xlsx
    """
    from toolkit.verification import verify as verifying
    from toolkit.workfolder.verifying import everything, sources

    home = find(Path())
    if not paths:
        paths = everything(_home())
    elif home and all(path.suffix.lower() == ".docx" for path in paths):
        paths = (*paths, *sources(home))
    done = verifying(paths, lambda name: _wording(None, name, paths))
    _say(done.troubles)
    for verdict in done.verdicts:
        for line in verdict.lines[:1] if quiet else verdict.lines:
            click.echo(one_line(line))
    return done.exit_code


@cli.command()
@click.argument("plan_file", type=click.Path(path_type=Path), metavar="方案.docx或.txt")
@_out("工作簿.xlsx", "村级工作簿/村代码-村名-年度.xlsx")
@click.option(
    "--code", default="", metavar="村代码", help="写入工作簿的村代码；不写按方案里的村名找。"
)
@_quiet
def intake(plan_file: Path, out: Path | None, code: str, quiet: bool) -> int:
    """把已有的方案读进工作簿，数字和文字都照原样。

    那里发放的工作簿还没有填的，由它替下，原来的留作 .bak；填过的不覆盖。

    例：zhengdun intake 整顿方案.docx --code 0203
    """
    from toolkit import flow

    home = find(out.parent if out else Path())
    _given("out", out, lambda home: home.books)  # without -o only a work folder will do
    return _finish(flow.take_in(plan_file, out, code, home.root if home else None), quiet=quiet)


@cli.command()
@click.argument("old", type=click.Path(path_type=Path), metavar="旧.xlsx")
@click.argument("new", type=click.Path(path_type=Path), metavar="新.xlsx")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    metavar="对比.xlsx",
    help="写成可以打印的对比表；不写则逐条显示。",
)
@_quiet
def diff(old: Path, new: Path, out: Path | None, quiet: bool) -> int:
    """对比两个工作簿：同一个村、同一个镇的新旧两份，或者两个月的汇总表；原件不动。

    按编号逐条比较，说明哪一格从什么改成什么；只是写法不同（如“2022.10”和“2022年10月”）不算。

    例：zhengdun diff 旧/0203-上河村-2022.xlsx 村级工作簿/0203-上河村-2022.xlsx -o 对比.xlsx
    """
    from toolkit.comparison import compare_into

    found, outcome = compare_into(old, new, out)
    if out is None:
        click.echo("\n".join(map(one_line, found.lines)))
    _say(() if quiet else found.remarks)
    return _finish(outcome, quiet=quiet)


@cli.command()
@_paths
@_out("文件或文件夹", "新版工作簿")
@_quiet
def upgrade(paths: tuple[Path, ...], out: Path | None, quiet: bool) -> int:
    """把旧版工作簿升为现用版本，内容、编号和批注都保留；原件不动。

    没有对应栏目的内容放在“待迁移”表里。

    例：zhengdun upgrade 村级工作簿 -o 新版工作簿
    """
    from toolkit import flow

    paths, out = _books(paths), _given("out", out, lambda home: home.upgraded)
    return _finish(flow.upgrade(paths, out, _track("升级", quiet=quiet)), quiet=quiet)


@cli.command()
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    metavar="规则手册.docx",
    help="写成可以打印的规则手册。",
)
@_quiet
def rules(out: Path | None, quiet: bool) -> int:
    """列出全部核对规则，或写成规则手册。

    例：zhengdun rules -o 规则手册.docx
    """
    from toolkit import flow

    if out is not None:
        return _finish(flow.write_rule_book(out), quiet=quiet)
    click.echo(rule_list(flow.rule_families()))
    return 0


@cli.command()
@click.argument("codes", nargs=-1, required=True, metavar="规则编号…")
def explain(codes: tuple[str, ...]) -> None:
    """说明规则：查什么、为什么、怎么改；可写几个编号，或编号的开头。

    例：zhengdun explain X401　　zhengdun explain X4 D501
    """
    from toolkit.rules.catalogue import select_rules

    click.echo("\n".join(rule.page for rule in select_rules(_codes(",".join(codes)))).rstrip())


@cli.command()
@_out("字段表.xlsx")
@_quiet
def fields(out: Path, quiet: bool) -> int:
    """把全部栏目和下拉选项写成字段表，供党建办审阅、提意见。

    例：zhengdun fields -o 字段表.xlsx
    """
    from toolkit import flow

    return _finish(flow.write_field_book(out), quiet=quiet)


@cli.group(cls=Group)
def template() -> None:
    """文稿模板：核对改过的模板能不能用，列出可以用的占位符。

    例：zhengdun template check 文稿模板/整顿方案.docx
    """


@template.command("check")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[模板.docx]...")
@click.option("--as", "sort", default="", metavar="文稿", help="按哪一种文稿核对；不写则看文件名。")
def check_template(files: tuple[Path, ...], sort: str) -> int:
    """核对文稿模板，把要改的地方一次列全；不写就核对“文稿模板”里的每一份。

    可以使用的返回 0，要改的返回 1。

    例：zhengdun template check 我镇方案.docx --as 整顿方案
    """
    from toolkit.templates import examine_all

    home = find(Path())
    found = examine_all(files, home.templates if home else None, sort)
    for line in found.lines:
        click.echo(one_line(line))
    return found.exit_code


@template.command("list")
@click.argument("sort", default="", metavar="[文稿]")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    metavar="目录.xlsx或.md",
    help="写成可以筛选的表格，或者网页文字；不写则逐条显示。",
)
@_quiet
def list_placeholders(sort: str, out: Path | None, quiet: bool) -> int:
    """列出可以用的占位符：写在哪里，取什么内容，举一个例子；不写文稿就是全部。

    例：zhengdun template list 整顿方案 -o 占位符目录.xlsx
    """
    from toolkit.templates import listing, write_catalogue

    if out is not None:
        return _finish(write_catalogue(out, sort), quiet=quiet)
    for line in listing(sort):
        click.echo(one_line(line))
    return 0


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("示范"), metavar="[文件夹]")
@_quiet
def demo(folder: Path, quiet: bool) -> None:
    """用示范乡镇走一遍：建工作文件夹、发放、做一个月的汇总、生成公文。

    例：zhengdun demo 示范
    """
    from toolkit.workfolder.demonstration import demonstrate

    for line in demonstrate(folder):
        if not quiet:
            click.echo(line)


@cli.command()
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), metavar="文件.txt", help="另存为文字文件。"
)
@_quiet
def doctor(out: Path | None, quiet: bool) -> int:
    """检查这台电脑能用什么：Python 和各个组件、PDF、公文字体、临时文件夹、工作文件夹、连接 Excel。

    √ 可以用；－ 没有，不影响其余的；× 必须先修好（返回 2）。

    例：zhengdun doctor
    """
    from toolkit.workfolder.doctor import diagnosis, write

    found = diagnosis(Path(), find(Path()))
    if out is not None:
        return max(found.exit_code, _finish(write(found.lines, out), quiet=quiet))
    for line in found.lines[-1:] if quiet else found.lines:
        click.echo(one_line(line))
    return found.exit_code


# -- beside the open workbook ---------------------------------------------------------------------


@cli.group(cls=Group)
def live() -> None:
    """连着正打开的 Excel 或 WPS 表格：核对、标出问题、逐处去看；只能在 Windows 上用。

    读的是这一刻的内容，没有保存的修改也在内；不替您保存，也不关闭。

    WPS 按 Ket.Application 试着连接，能不能用因版本而异；用 live doctor 记录。

    其他系统请用 zhengdun watch。

    例：zhengdun live check
    """


_book = click.option(
    "--book", "name", default="", metavar="名", help="打开了几个工作簿时写明哪一个；默认正在用的。"
)


def _beside_excel(command: Callable[..., int]) -> Callable[..., int]:
    """Let a command run only where Excel or WPS can be got at; a LiveError says why not."""

    @wraps(command)
    def called(*given: object, **named: object) -> int:
        from toolkit.live.states import require_windows

        require_windows()
        return command(*given, **named)

    return called


@live.command("check")
@click.option("--mark", is_flag=True, help="同时在打开的表里标出问题；标记以前的操作不能再撤销。")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    metavar="文件",
    help="结果写入文件；不写则是工作簿旁边的 核对结果.xlsx，在工作文件夹里的放在它下面。",
)
@_book
@_as_of
@_quiet
@_beside_excel
def live_check(  # the options of the contract
    mark: bool, out: Path | None, name: str, as_of: dt.datetime, quiet: bool
) -> int:
    """核对打开的工作簿，逐条列出，并写 核对结果.xlsx；不加 --mark 不改动打开的表。

    例：zhengdun live check --mark
    """
    return _checked_live(name, as_of.date(), out, mark=mark, quiet=quiet)


@live.command("mark")
@_book
@_as_of
@_quiet
@_beside_excel
def live_mark(name: str, as_of: dt.datetime, quiet: bool) -> int:
    """核对，并在打开的表里标出问题：填色，加批注；原来的批注保留。再标一次，只更新变了的。

    不保存；标记以前的操作不能再撤销。受保护而有密码的工作表不标。

    例：zhengdun live mark
    """
    return _checked_live(name, as_of.date(), None, mark=True, quiet=quiet)


def _checked_live(name: str, as_of: dt.date, out: Path | None, *, mark: bool, quiet: bool) -> int:
    from toolkit.live import commands

    seen = commands.see(name)
    _say((seen.head("核对"),))
    done = commands.check(seen, as_of, out, mark=mark)
    _say(done.troubles)
    _say(() if quiet else done.report.remarks)
    click.echo(done.shown)
    _say(() if quiet else done.written)
    return done.exit_code


@live.command("unmark")
@_book
@_quiet
@_beside_excel
def live_unmark(name: str, quiet: bool) -> int:
    """清除打开的表里我们的标记，恢复原来的底色和批注；不保存。

    例：zhengdun live unmark
    """
    from toolkit.live import commands

    seen = commands.see(name)
    told = commands.unmark(seen)
    _say(() if quiet else (seen.head("清除标记"), *told.lines))
    return told.exit_code


@live.command("next")
@_book
@_beside_excel
def live_next(name: str) -> int:
    """选中下一处标记，说明问题；到末尾再从头来。

    例：zhengdun live next
    """
    return _stepped(name, forward=True)


@live.command("prev")
@_book
@_beside_excel
def live_prev(name: str) -> int:
    """选中上一处标记，说明问题；到开头再从末尾来。

    例：zhengdun live prev
    """
    return _stepped(name, forward=False)


def _stepped(name: str, *, forward: bool) -> int:
    from toolkit.live import commands

    for line in commands.step(commands.see(name), forward=forward):
        click.echo(one_line(line))
    return 0


@live.command("plan")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    metavar="文件或文件夹",
    help="结果放在哪里；不写则是工作文件夹的 公文，不在工作文件夹里的放在工作簿旁边。",
)
@_template
@_manner
@_book
@_as_of
@_quiet
@_beside_excel
def live_plan(  # noqa: PLR0913, PLR0917 -- the options of the contract
    out: Path | None,
    template: Path | None,
    manner: _Manner,
    name: str,
    as_of: dt.datetime,
    quiet: bool,
) -> int:
    """用打开的工作簿此刻的内容生成整顿实施方案（Word，公文格式）；还有必改项的不生成正式稿。

    例：zhengdun live plan --draft
    """
    from toolkit import papers
    from toolkit.live import commands
    from toolkit.word.document import PLAN

    seen = commands.see(name)
    _say((seen.head("生成方案"),))
    path = seen.path
    home = find(path.parent)
    place = out or (home.papers if home else path.parent)
    paper = papers.Paper(PLAN, _wording(template, PLAN, (path,)), as_of.date())
    track = _track("生成方案", quiet=quiet)
    return _finish(commands.plan(seen, paper, place, track, manner), quiet=quiet)


@live.command("rollup")
@_paths
@click.option("--sheet", default="", metavar="表", help="写入哪张工作表；默认正在看的那张。")
@_book
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="按哪一天计算，默认当月最后一天，没过完的今天。",
)
@_quiet
@_beside_excel
def live_rollup(
    paths: tuple[Path, ...], sheet: str, name: str, as_of: dt.datetime | None, quiet: bool
) -> int:
    """汇总各村工作簿，把镇汇总里的一张台账写到打开的表的表头下面；表头要和镇汇总的一样。

    各村工作簿从磁盘读。写以前先在旁边另存一份“…-备份”；写好不保存，以前的操作不能再撤销。

    例：zhengdun live rollup 村级工作簿 --sheet 措施台账
    """
    from toolkit.live import block, commands
    from toolkit.workfolder.calendar import last_day

    home, paths = find(Path()), _books(paths)
    month = f"{as_of or _today():%Y-%m}"
    day = as_of.date() if as_of else last_day(month, _today())
    seen = commands.see(name)
    _say((seen.head("写入"),))
    before = home.rollup_before(month) if home else None
    track = _track("汇总", quiet=quiet)
    return _finish(block.write(seen, paths, sheet, day, track, before), quiet=quiet)


@live.command("doctor")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), metavar="文件.txt", help="另存为文字文件。"
)
@_book
@_quiet
@_beside_excel
def live_doctor(out: Path | None, name: str, quiet: bool) -> int:
    """在一个空白工作簿上逐项试连接 Excel 或 WPS 要用的功能，写成记录。

    请先新建一个空白工作簿；有内容的不试。试完和原来一样空白，不保存。

    例：zhengdun live doctor -o 实机核对记录.txt
    """
    from toolkit.live.doctor import record
    from toolkit.workfolder.doctor import write

    lines = record(name)
    if out is not None:
        return _finish(write(lines, out), quiet=quiet)
    for line in lines:
        click.echo(one_line(line))
    return 0


def _finish(outcome: Outcome, *, quiet: bool) -> int:
    """Say what was written and what went wrong; return the exit code."""
    _say(outcome.troubles)
    _say(() if quiet else outcome.passed_over)
    for each in outcome.written:
        click.echo(one_line(str(each.path)))
        if not quiet:
            for note in each.notes:
                say(f"  {note}")
    return outcome.exit_code


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        say(line)


def main() -> None:
    """Run the command line."""
    admit_any_console()
    if "live" not in sys.argv:  # objects of Excel's in cycles are garbage too: they must be let go
        leave_to_the_system()
    sys.exit(run(cli, debug=lambda: "--debug" in sys.argv))
