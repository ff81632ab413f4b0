"""Content templates before they are used: whether one can be, and what each sort can name."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit import results
from toolkit.errors import (
    FaultyTemplateError,
    OutputError,
    TemplateError,
    ToolkitError,
    UsageError,
)
from toolkit.outputs import write_output
from toolkit.report import Outcome, Written, gravest
from toolkit.word.catalogue import Entry, Vocabulary, page, screen, vocabularies
from toolkit.word.content import names_used
from toolkit.word.sorts import SORTS, Sort, sort_named

TITLE = "占位符目录"


# -- check ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in a template: its faults, else what it uses; a line each."""

    lines: tuple[str, ...]
    exit_code: int


def examine(template: Path, sort: str = "") -> Examined:
    """Return whether a template can be used for a sort of paper, told or known by its file's name.

    Exit code 1 where it cannot. Raises TemplateError where the file is no template at all, and
    UsageError where nobody can tell for which sort it is.
    """
    from toolkit.word.wording import checked_template  # noqa: PLC0415 -- python-docx loads slowly

    meant = sort_named(sort) if sort else _sort_of(template)
    try:
        content = checked_template(template, meant)
    except FaultyTemplateError as faulty:
        count = f"共 {len(faulty.faults)} 处要改，按“{meant.name}”核对。"
        return Examined((*faulty.faults, count), 1)
    used = dict.fromkeys(names_used(content.nodes))
    values = [f"【{name}】" for name, is_table in used if not is_table]
    tables = [f"【逐行：{name}】" for name, is_table in used if is_table]
    told = [f"文稿模板《{content.name}》可以使用，按“{meant.name}”核对。"]
    if values:
        told.append(f"用到 {len(values)} 项内容：{'、'.join(values)}。")
    if tables:
        told.append(f"用到 {len(tables)} 张表：{'、'.join(tables)}。")
    return Examined(tuple(told), 0)


def examine_all(templates: Sequence[Path], folder: Path | None, sort: str = "") -> Examined:
    """Return what was found in each of several templates, in all those of `folder` by default.

    A name without a folder is looked for where we are, then in `folder`, the work folder's own.
    The exit code is the gravest. Raises what `examine` raises where there is one alone, and
    UsageError where there is none.
    """
    asked = [_placed(each, folder) for each in templates] or _templates_in(folder)
    if len(asked) == 1:
        return examine(asked[0], sort)
    found: list[Examined] = []
    for each in asked:
        try:
            found.append(examine(each, sort))
        except ToolkitError as error:
            found.append(Examined(tuple(str(error).splitlines()), error.exit_code))
    lines = tuple(line for each in found for line in each.lines)
    return Examined(lines, gravest(each.exit_code for each in found))


def _templates_in(folder: Path | None) -> list[Path]:
    held = sorted(folder.glob("*.docx")) if folder else []
    found = [path for path in held if not path.name.startswith("~$")]  # what Word has open
    if not found:
        where = f"{folder} 里没有 .docx 模板" if folder else "这里不是工作文件夹"
        raise UsageError(f"{where}。请写明要核对的文稿模板。")
    return found


def _placed(template: Path, folder: Path | None) -> Path:
    """Return a template where it lies; raises TemplateError where there is none."""
    if template.exists():
        return template
    beside = [folder / template.name, folder / f"{template.name}.docx"] if folder else []
    found = next((path for path in beside if path.is_file()), None)
    if found is None or template.parent != Path():
        raise TemplateError(f"没有“{template}”这个文件。请核对文件名和文件夹。")
    return found


def _sort_of(template: Path) -> Sort:
    """Return the sort whose name a file's name contains, the longest of several."""
    found = [sort for sort in SORTS if sort.name in template.stem]
    if found:
        return max(found, key=lambda sort: len(sort.name))
    known = "、".join(sort.name for sort in SORTS)
    raise UsageError(f"{template.name}：从文件名看不出是哪一种文稿。请用 --as 写明：{known}。")


# -- list -----------------------------------------------------------------------------------------


def listing(sort: str = "") -> tuple[str, ...]:
    """Return the catalogue of placeholders, of all sorts of paper or of one, a line a name."""
    return tuple(screen(_asked(sort)))


def write_catalogue(target: Path, sort: str = "") -> Outcome:
    """The catalogue to a workbook that can be filtered, or to a page of Markdown."""
    groups = _asked(sort)
    count = f"{sum(len(group.entries) for group in groups)} 个占位符。"
    if target.suffix.lower() == ".md":
        results.spare(target, results.PAPER)
        _admit_page(target)
        write_output(target, catalogue_page(groups))
        return Outcome((Written(target, (count,)),))
    if target.suffix.lower() != ".xlsx":
        raise UsageError(f"{target}：结果文件名要以 .xlsx 或 .md 结尾。请改正 -o。")
    results.unused(target)
    return Outcome((results.create(target, catalogue_book(groups), count),))


def _admit_page(target: Path) -> None:
    """Refuse, by an OutputError, a page that is no catalogue of an earlier run."""
    if target.exists() and not target.read_bytes().startswith(_HEADING):
        raise OutputError(
            f"{target}：已经存在，不是以前的{TITLE}，没有覆盖。请用 -o 另起一个名字。"
        )


_HEADING = next(page(())).strip().encode()


def _asked(sort: str) -> tuple[Vocabulary, ...]:
    return vocabularies([_meant(sort)] if sort else SORTS)


def _meant(sort: str) -> Sort:
    """Return the sort that is told by its name, or by a template's file."""
    return _sort_of(Path(sort)) if sort.lower().endswith(".docx") else sort_named(sort)


def catalogue_page(groups: Sequence[Vocabulary] = ()) -> bytes:
    """Return the catalogue as a page of Markdown, of all sorts unless some are told."""
    return "\n".join(page(groups or vocabularies())).encode()


def catalogue_book(groups: Sequence[Vocabulary]) -> bytes:
    """Return the catalogue as a workbook, a row a name."""
    from toolkit.excel.catalogue_book import (  # noqa: PLC0415 -- XlsxWriter loads slowly
        Heading,
        build_catalogue,
    )

    headings = (
        Heading("文稿", 18),
        Heading("占位符", 26),
        Heading("用在哪里", 30),
        Heading("内容", 50),
        Heading("示例", 30),
    )
    rows = [_row(group, entry) for group in groups for entry in group.entries]
    hint = "“用在哪里”空着的，写在哪里都可以；写着【逐行：…】的，只能写在它和【结束】之间。"
    return build_catalogue(TITLE, hint, headings, rows)


def _row(group: Vocabulary, entry: Entry) -> tuple[str, ...]:
    return group.title, entry.written, entry.place, entry.about, entry.example
