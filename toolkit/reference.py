"""Everything that is generated: templates, examples, the book of forms and rules.

`python -m toolkit.reference .` rewrites it; a test compares what is committed with what the code
gives.
"""

import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from toolkit import flow
from toolkit.excel.blank import build_workbook
from toolkit.findings import Level
from toolkit.forms import township, village
from toolkit.outputs import write_output
from toolkit.rules.catalogue import RULES
from toolkit.schema.columns import Row
from toolkit.schema.form import Filling, Form, Identity
from toolkit.word.document import PAPERS
from toolkit.word.wording import template_docx

_FORMS = (village.FORM, township.FORM)
_BLANKS: Mapping[str, tuple[Form, Filling]] = {
    "村级工作簿.xlsx": (village.FORM, {}),
    "镇级工作簿.xlsx": (township.FORM, township.NATIONAL),
}
_EXAMPLE = "青石镇"


def generated() -> Mapping[str, bytes]:
    """Return every generated file by its path in the checkout."""
    files: dict[str, bytes] = {}
    for name, (form, filling) in _BLANKS.items():
        files[f"templates/{name}"] = build_workbook(form, Identity(form.id, form.version), filling)
    for name in PAPERS:
        files[f"toolkit/word/templates/{name}.docx"] = template_docx(name)
        files[f"templates/文稿模板/{name}.docx"] = template_docx(name)
    for form in _FORMS:
        files[f"docs/reference/{form.id}.md"] = "\n".join(form_page(form)).encode()
    files["docs/reference/rules.md"] = "\n".join(rules_page()).encode()
    return files | _examples()


def _examples() -> dict[str, bytes]:
    """Return what `demo` writes."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for _ in flow.demo(folder / _EXAMPLE):
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
    for row in form.rows:
        yield from _sheet(row)
    yield "## 下拉选项\n"
    for codelist in form.codelists():
        yield f"- **{codelist.name}**：{'、'.join(codelist.shown)}"
    yield ""


def _sheet(row: type[Row]) -> Iterator[str]:
    yield f"## {row.sheet}\n"
    yield f"{row.hint}\n"
    yield "| 栏目 | 必填 | 单位 | 填写说明 | 示例 | 也认作 |"
    yield "|---|---|---|---|---|---|"
    for column in row.columns:
        required = "是" if column.required else ""
        cells = (
            *(column.header, required, column.unit, column.advice, column.example),
            "、".join(column.aliases),
        )
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
    yield ""


def rules_page() -> Iterator[str]:
    """Yield the lines of the book of rules."""
    yield "# 核对规则\n"
    levels = "、".join(level.label for level in Level)
    yield f"共 {len(RULES)} 条，分{levels}三级；“试行”的规则一律按提示报告。\n"
    for rule in RULES:
        yield f"## {rule.code} {rule.fault}\n"
        yield f"{rule.level.label}·{rule.stage.value}（{rule.name}）\n"
        yield f"原因：{rule.why}\n"
        yield f"改法：{rule.remedy}\n"


def refresh(checkout: Path) -> None:
    """Rewrite the generated files of a checkout; the diff is for people to read."""
    for name, data in generated().items():
        if write_output(checkout / name, data):
            print(name)  # noqa: T201 -- what changed
            (checkout / f"{name}.bak").unlink(missing_ok=True)


if __name__ == "__main__":
    refresh(Path(sys.argv[1]))
