"""The catalogue of placeholders: every name that a template can use, from the vocabularies' own.

Nothing is listed by hand: names and examples are a specimen's, descriptions a glossary's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from toolkit.word.content import BETWEEN, CHAPTER, CONTROL_STYLE, ELSE, END
from toolkit.word.naming import LOOP, WHEN
from toolkit.word.scope import Path, walk
from toolkit.word.sorts import SORTS, Sort

STYLES_ABOUT: Mapping[str, str] = {
    "公文标题": "标题，2 号小标宋，居中；长标题自动分行。",
    "主送机关": "主送机关，顶格，末尾写冒号。",
    "公文正文": "正文，3 号仿宋，首行空两字。",
    "一级标题": "一、……，黑体。",
    "二级标题": "（一）……，楷体；第一个句号以后的文字按正文排。",
    "三级标题": "1.……，仿宋；第一个句号以后的文字按正文排。",
    "四级标题": "（1）……，仿宋；第一个句号以后的文字按正文排。",
    "出席人员": "纪要里的出席、请假、列席：冒号前面是黑体，几行的名单对齐。",
    "附注": "附注，写在成文日期下面，用括号。",
    "附件说明": "附件的名称，一个附件一段，写在落款前面；“附件：”和序号由程序加。",
    "公文落款": "署名；几个单位的一段一个。",
    "成文日期": "成文日期，写在署名后面。",
    "附件标题": "另起一页的附件，写附件的标题；后面的段落是附件的内容。",
    "横排附件标题": "同上，附件的纸横放，放宽表格用。",
    "表头": "表格的表头，各格用“｜”或制表符隔开；格宽写在后面，如“措施（宽5）”，数越大越宽。",
    "表格行": "表格的一行，格数与表头相同；在它前后写【逐行：…】和【结束】，一条数据一行。",
    "抄送": "版记里的抄送机关，不写“抄送：”。",
    CONTROL_STYLE: "只写【逐行：…】【如有：…】【否则】【结束】的段落，不印出来；用别的样式也可以。",
}
"""What each style of a template is for."""
CONTROLS: Mapping[str, str] = {
    "【名称】": "印出这一项的内容；没有填的印“＿＿”。",
    f"【{LOOP}：表名】…【{END}】": "表里每一行印一次；写在一段里，或者单独成段，把几段围起来。",
    f"【{BETWEEN}：；】": f"写在【{LOOP}：…】和【{END}】之间：两行之间印“；”，最后一行后面不印。",
    f"【{WHEN}：名称】…【{ELSE}】…【{END}】": f"有内容的印前面，没有的印后面；【{ELSE}】可以不写。"
    "数字 0 算有。",
    f"【{CHAPTER}】": "一、二、三……，按印出来的章依次编号。",
}
"""What can be written in brackets besides a name."""
BRACKETS_ABOUT = (
    "括号写【】；写成[ ]、［］、{ }的，里面是本目录里的名称也认。〔2022〕这样的仍是普通文字。"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A name that a template can use: in which loop, what it holds, an example of it."""

    path: Path
    name: str
    is_table: bool
    about: str
    example: str = ""

    @property
    def written(self) -> str:
        """How the name is written in a template."""
        return f"【{LOOP}：{self.name}】" if self.is_table else f"【{self.name}】"

    @property
    def place(self) -> str:
        """In which loops it can be used, "" where in none."""
        return "".join(f"【{LOOP}：{table}】" for table in self.path)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The sorts of paper that share their names, and these."""

    sorts: tuple[Sort, ...]
    entries: tuple[Entry, ...]

    @property
    def title(self) -> str:
        """The names of the sorts."""
        return "、".join(sort.name for sort in self.sorts)


def vocabularies(sorts: Iterable[Sort] = SORTS) -> tuple[Vocabulary, ...]:
    """Return the names that each sort of paper can use; sorts that share them come together."""
    grouped: dict[object, list[Sort]] = {}
    for sort in sorts:
        grouped.setdefault(sort.specimen, []).append(sort)
    return tuple(Vocabulary(tuple(of), entries(of[0])) for of in grouped.values())


def entries(sort: Sort) -> tuple[Entry, ...]:
    """Return the names that a sort of paper can use: values first, then each table and its own."""
    glossary = sort.glossary()
    found: list[Entry] = []
    for path, scope in walk(sort.specimen()):
        if path:
            *outer, name = path
            about = glossary.of_table(name)
            found.append(Entry(tuple(outer), name, is_table=True, about=about))
        for name, value in scope.values.items():
            about, example = glossary.of_value(path, name), value.replace("\n", "／")
            found.append(Entry(path, name, is_table=False, about=about, example=example))
    return tuple(found)


# -- as text --------------------------------------------------------------------------------------


def screen(groups: Iterable[Vocabulary]) -> Iterator[str]:
    """Yield the lines of the catalogue as a terminal shows it, and a person searches it."""
    for group in groups:
        yield f"■ {group.title}"
        for entry in group.entries:
            example = f"　例：{entry.example}" if entry.example else ""
            yield f"{'' if entry.is_table else entry.place}{entry.written}　{entry.about}{example}"


def page(groups: Iterable[Vocabulary]) -> Iterator[str]:
    """Yield the lines of the catalogue as a page of Markdown."""
    yield "# 文稿模板和占位符\n"
    yield (
        "文稿模板是普通的 Word 文件：段落的样式说明它是公文的哪一部分，"
        "文字里用占位符取工作簿的内容。在“文稿模板”文件夹里用 Word 或 WPS 改，"
        "改好后用 `zhengdun template check 文件` 核对。\n"
    )
    yield "## 写法\n"
    yield from _table(("写法", "印出什么"), CONTROLS.items())
    yield f"{BRACKETS_ABOUT}\n"
    yield "## 样式\n"
    yield from _table(("样式", "用在哪里"), STYLES_ABOUT.items())
    told: list[Vocabulary] = []
    for group in groups:
        yield f"## {group.title}\n"
        for sort in group.sorts:
            yield f"- {sort.name}：{sort.about}"
        yield ""
        base = next((other for other in told if _keys(other) <= _keys(group)), None)
        if base:
            yield f"“{base.title}”的占位符都可以用，另外还有：\n"
        yield from _names(_besides(group, base) if base else group.entries)
        told.append(group)


def _keys(group: Vocabulary) -> set[tuple[str, ...]]:
    return {_key(entry) for entry in group.entries}


def _key(entry: Entry) -> tuple[str, ...]:
    return *entry.path, entry.written, entry.about


def _besides(group: Vocabulary, base: Vocabulary) -> list[Entry]:
    """Return the entries that another vocabulary lacks, and the tables that such are in."""
    known = _keys(base)
    new = [entry for entry in group.entries if _key(entry) not in known]
    inside = {entry.path for entry in new}
    return [
        entry
        for entry in group.entries
        if entry in new or (entry.is_table and (*entry.path, entry.name) in inside)
    ]


def _names(found: Sequence[Entry]) -> Iterator[str]:
    """Yield a table of the values, then one of each loop's; loops that hold the same share one."""
    values = [entry for entry in found if not entry.path and not entry.is_table]
    if values:
        yield "### 单项\n"
        yield from _listed(values)
    tables = [entry for entry in found if entry.is_table]
    held = [_held(table, found) for table in tables]
    for _, run in groupby(zip(tables, held, strict=True), key=lambda pair: _told(pair[1])):
        together = list(run)
        names = [f"{table.place}{table.written}" for table, _ in together]
        yield f"### {'、'.join(names)}\n"
        for table, _ in together:
            yield f"- {table.written}：{table.about}"
        yield ""
        yield from _listed(together[0][1])


def _held(table: Entry, found: Iterable[Entry]) -> list[Entry]:
    inside = (*table.path, table.name)
    return [entry for entry in found if entry.path == inside and not entry.is_table]


def _told(found: Iterable[Entry]) -> list[tuple[str, str]]:
    return [(entry.name, entry.about) for entry in found]


def _listed(found: Iterable[Entry]) -> Iterator[str]:
    rows = ((entry.written, entry.about, entry.example) for entry in found)
    return _table(("占位符", "内容", "示例"), rows)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for cells in (header, ["---"] * len(header), *rows):
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
    yield ""
