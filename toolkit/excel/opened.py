"""A file opened: its bytes through the gate, its cells by calamine, its form by its marks."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from toolkit.errors import OtherFormError, UnreadableError
from toolkit.excel.preflight import Preflight, preflight
from toolkit.excel.read import Area, Grid, understand
from toolkit.schema.deadlines import MonthBefore
from toolkit.schema.form import FORM_PROPERTY, INSTRUCTIONS_SHEET, META_SHEET, Form, Identity
from toolkit.schema.texts import tidy
from toolkit.schema.workbook import FileFacts, Spot, Workbook


@dataclass(frozen=True)
class Opened:
    """A file whose cells are at hand and whose form is known, not yet understood."""

    path: Path
    form: Form
    identity: Identity
    facts: FileFacts
    grids: Mapping[str, Grid]
    merged: Mapping[str, Sequence[Area]]

    def read(self, month_before: MonthBefore = MonthBefore.STRICT) -> Workbook:
        """Return the workbook, its deadlines read as the township means them."""
        return understand(
            self.grids,
            self.form,
            self.identity,
            path=str(self.path),
            facts=self.facts,
            month_before=month_before,
            merged=self.merged,
        )


def open_workbook(path: Path, forms: Sequence[Form]) -> Opened:
    """Return a file's cells and whichever of the forms it is filled from.

    Raises UnreadableError where it cannot be read or is no standard workbook, OtherFormError
    where it is a standard workbook of another kind.
    """
    data = read_bytes(path)
    gate = preflight(data, path.name)
    mark = Identity.parse(gate.properties.get(FORM_PROPERTY, ""))
    form = next((form for form in forms if mark and form.id == mark.form), None)
    # A form's own sheets hold no answers; they are looked at only where the file's mark is lost.
    own = form.generated_sheets() if form else frozenset[str]()
    grids, merged = _grids(data, path.name, own)
    if form is None or mark is None:
        form, mark = _recognise(path.name, mark, grids, forms)
    return Opened(path, form, mark, _facts(gate, form), grids, merged)


def _facts(gate: Preflight, form: Form) -> FileFacts:
    """Return what the gate saw, less what stands on sheets that the form itself generates."""
    own = form.generated_sheets()
    return FileFacts(
        sha256=gate.sha256,
        editor=gate.editor,
        macros=gate.macros,
        external_links=gate.external_links,
        errors=tuple(Spot(*spot) for spot in gate.error_cells if spot[0] not in own),
    )


def read_workbook(path: Path, forms: Sequence[Form]) -> Workbook:
    """Return a file read against whichever of the forms it is filled from; raises as above."""
    return open_workbook(path, forms).read()


def read_bytes(path: Path) -> bytes:
    """Return a file's content; raises UnreadableError in words for the person at the desk."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableError(f"{path.name}：找不到这个文件。请核对路径和文件名。") from None
    except IsADirectoryError:
        raise UnreadableError(f"{path.name}：这是文件夹，不是工作簿。") from None
    except PermissionError:
        raise UnreadableError(
            f"{path.name}：文件打不开，可能正被占用或没有读取权限。请先关闭打开它的程序再试。"
        ) from None
    except OSError as error:
        raise UnreadableError(
            f"{path.name}：读取文件出错（代码 {error.errno}）。请检查磁盘或网络后再试。"
        ) from None


def _grids(
    data: bytes, name: str, own: Container[str]
) -> tuple[dict[str, Grid], dict[str, Sequence[Area]]]:
    """Return the cells of each sheet but the form's own, and which of them are merged."""
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 -- its one home

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        sheets = {
            title: book.get_sheet_by_name(title) for title in book.sheet_names if title not in own
        }
        # Never the default, which trims leading blanks and so moves every address.
        grids: dict[str, Grid] = {
            title: sheet.to_python(skip_empty_area=False) for title, sheet in sheets.items()
        }
        return grids, {title: sheet.merged_cell_ranges or () for title, sheet in sheets.items()}
    except CalamineError:
        pass
    except BaseException as error:
        # A Rust panic is no Exception; by this name, and only here, it is a damaged file.
        if type(error).__name__ != "PanicException":
            raise
    raise UnreadableError(
        f"{name}：工作簿内容损坏，读不了。请用 Excel 或 WPS 打开后另存为 .xlsx 再交。"
    )


# -- which form it is ---------------------------------------------------------------------------


def _recognise(
    name: str, mark: Identity | None, grids: Mapping[str, Grid], forms: Sequence[Form]
) -> tuple[Form, Identity]:
    """Return form and identity; the marks stand in three places, any one is enough."""
    by_id = {form.id: form for form in forms}
    marks = [mark] if mark else []
    marks += [each for line in _identity_lines(grids) if (each := Identity.parse(line))]
    for found in marks:
        if found.form in by_id:
            return by_id[found.form], found
    if marks:
        raise OtherFormError(
            f"{name}：这是另一种标准工作簿，不能用在这里。请换成{_titles(forms)}。"
        )
    titles = {tidy(title) for title in grids}
    best = max(forms, key=lambda form: len(titles & set(form.sheets())))
    if len(titles & set(best.sheets())) >= 2:  # noqa: PLR2004 -- one title may be chance
        return best, Identity(best.id, "")
    raise UnreadableError(
        f"{name}：不是本工具发放的工作簿，认不出表格。请用{_titles(forms)}填写后再交。"
    )


def _titles(forms: Sequence[Form]) -> str:
    return "或".join(f"《{form.title}》" for form in forms)


def _identity_lines(grids: Mapping[str, Grid]) -> Iterator[str]:
    for title in (META_SHEET, INSTRUCTIONS_SHEET):
        for row in grids.get(title, ()):
            yield from (raw for raw in row if isinstance(raw, str) and "/" in raw)
