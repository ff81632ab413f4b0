"""Everything that is generated: templates, examples, the book of forms and rules.

`python -m toolkit.reference .` rewrites it; a test compares what is committed with what the code
gives.
"""

import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from toolkit import flow
from toolkit.excel.blank import build_workbook
from toolkit.excel.contents import content_of
from toolkit.findings import Level
from toolkit.forms import township, village
from toolkit.outputs import write_output
from toolkit.rules.catalogue import RULES
from toolkit.schema.codelists import CodeList
from toolkit.schema.columns import Row
from toolkit.schema.form import Filling, Form, Identity
from toolkit.templates import catalogue_page
from toolkit.word.rule_book import rule_book
from toolkit.word.sorts import SORTS
from toolkit.word.wording import template_docx
from toolkit.workfolder import kit
from toolkit.workfolder.demonstration import demonstrate

_FORMS = (village.FORM, township.FORM)
_BLANKS: Mapping[str, tuple[Form, Filling]] = {
    "村级工作簿.xlsx": (village.FORM, {}),
}
_EXAMPLE = "青石镇"


def generated() -> Mapping[str, bytes]:
    """Return every generated file by its path in the checkout."""
    files: dict[str, bytes] = {}
    for name, (form, filling) in _BLANKS.items():
        files[f"templates/{name}"] = build_workbook(form, Identity(form.id, form.version), filling)
    files["templates/镇级工作簿.xlsx"] = kit.township_workbook()
    for name in (sort.name for sort in SORTS):
        files[f"toolkit/word/templates/{name}.docx"] = template_docx(name)
        files[f"templates/文稿模板/{name}.docx"] = template_docx(name)
    for form in _FORMS:
        files[f"docs/reference/{form.id}.md"] = "\n".join(form_page(form)).encode()
    files["docs/reference/字段表.xlsx"] = flow.field_book()
    files["docs/reference/rules.md"] = "\n".join(rules_page()).encode()
    files["docs/reference/规则手册.docx"] = rule_book(flow.rule_families())
    files["docs/reference/占位符目录.md"] = catalogue_page()
    return files | _examples()


def _examples() -> dict[str, bytes]:
    """Return what `demo` writes."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for _ in demonstrate(folder / _EXAMPLE):
            pass
        return {
            f"examples/{path.relative_to(folder).as_posix()}": path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }


def form_page(form: Form) -> Iterator[str]:
    """Yield the lines of a form's data dictionary."""
    yield f"# {form.title}（{form.id} {form.version}）\n"
    yield f"{form.purpose}\n"
    yield "“也认作”里的写法，表头写成那样也能读出来。带“*”的栏目是这张表的编号。\n"
    for row in form.rows:
        yield from _sheet(row)
    yield "## 下拉选项\n"
    for codelist in form.codelists():
        yield from _codelist(codelist)


def _sheet(row: type[Row]) -> Iterator[str]:
    yield f"## {row.sheet}\n"
    yield f"{row.hint}\n"
    if row.sheet_aliases:
        yield f"表名也认作：{'、'.join(row.sheet_aliases)}。\n"
    yield from _table(
        ("栏目", "必填", "内容", "单位", "填写说明", "示例", "也认作"),
        (
            (
                f"{column.header}*" if column is row.key else column.header,
                "是" if column.required else "",
                content_of(column.kind),
                column.unit,
                column.advice,
                column.example,
                "、".join(column.aliases),
            )
            for column in row.columns
        ),
    )


def _codelist(codelist: CodeList) -> Iterator[str]:
    yield f"### {codelist.name}\n"
    yield from _table(
        ("选项", "全称", "也认作"),
        ((term.shown, term.text, "、".join(term.synonyms)) for term in codelist.terms),
    )


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a table without the columns in which nothing stands."""
    filled = list(rows)
    used = [at for at, _ in enumerate(header) if any(row[at] for row in filled)]
    for cells in (header, ["---"] * len(header), *filled):
        yield f"| {' | '.join(cells[at].replace('|', chr(92) + '|') for at in used)} |"
    yield ""


def rules_page() -> Iterator[str]:
    """Yield the lines of the book of rules."""
    yield "# 核对规则\n"
    levels = "、".join(level.label for level in Level)
    yield f"共 {len(RULES)} 条，分{levels}三级；“试行”的规则一律按提示报告。\n"
    for family in flow.rule_families():
        yield f"## {family.letter} {family.title}\n"
        for page in family.pages:
            yield f"### {page.code} {page.fault}\n"
            yield f"{page.level.label}·{page.stage}（{page.name}）\n"
            yield f"原因：{page.why}\n"
            yield f"改法：{page.remedy}\n"


def refresh(checkout: Path) -> None:
    """Rewrite the generated files of a checkout; the diff is for people to read."""
    for name, data in generated().items():
        if write_output(checkout / name, data):
            print(name)  # noqa: T201 -- what changed
            (checkout / f"{name}.bak").unlink(missing_ok=True)
        if name.endswith(".sh"):
            (checkout / name).chmod(0o755)


if __name__ == "__main__":
    refresh(Path(sys.argv[1]))
