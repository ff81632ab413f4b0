"""A work folder made ready to use: blank workbook, folders, wording, launchers, instructions."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from toolkit.errors import OutputError
from toolkit.forms import township
from toolkit.outputs import admit_folder, write_output
from toolkit.report import Outcome, Written
from toolkit.schema.form import Filling, Identity
from toolkit.word.sorts import SORTS
from toolkit.workfolder.launchers import launchers
from toolkit.workfolder.places import WorkFolder

INSTRUCTIONS = "使用说明.txt"
_TEXT = """软弱涣散党组织整顿工作文件夹　使用说明
1. 打开“镇级工作簿.xlsx”，填好“镇情”“村名册”“参数”（年度必填），保存并关闭。
2. 发放：双击“发放.cmd”。每村一份工作簿，放在“村级工作簿”里，发给各村填写。填过的不会覆盖。
3. 收回：村里填好的工作簿放回“村级工作簿”，换下原来那一份，文件名不用改。
4. 核对：双击“核对.cmd”，结果在“核对结果.xlsx”，标好问题的工作簿在“回传件”里，发回村里改。
   只核对几个村的，把它们的工作簿拖到“核对.cmd”上。文件名里有 & 的，请先改名。
   自己开着表改的，双击“边填边核对.cmd”，每次保存以后自动核对；不看了按 Ctrl+C。
   用 Excel 的，表开着双击“标出问题.cmd”，问题直接标在表里；“下一处.cmd”逐处看，改完“清除标记.cmd”。
5. 每月：过了截止日，双击“月度汇总.cmd”，镇汇总、催办通知等都在“汇总”里当月的文件夹，可以重做。
6. 公文：双击“生成方案.cmd”，整顿方案放在“公文”里，改过的不会覆盖；通用的话在“文稿模板”里改。
   还有必改项的村不生成正式稿；要先看样子，双击“征求意见稿.cmd”。
   红头、文号、抄送等填在镇级工作簿的“公文要素”里，不填的不印。
   模板改好以后，运行 zhengdun template check 加文件名，看能不能用。
7. 其他：在本文件夹的地址栏输入 cmd 后回车，运行 zhengdun 看做到哪一步，zhengdun --help 看全部命令。
   常用的：zhengdun plan --issued 镇党委印发的整顿方案，minutes 会议纪要，summary 整改情况报告，
   verify 核对公文和工作簿是不是还一致；plan、summary 加 --redact 出公开版，加 --pdf 同时出 PDF。
8. 提示没有安装的，请技术人员先装 Python 3.11 以上版本和 zhengdun。苹果电脑和 Linux 用同名的 .sh。
"""


def make(folder: Path, year: int | None = None) -> Outcome:
    """Make a work folder, or add what one lacks; whatever stands there is kept as it is.

    Raises OutputError where a file is in a folder's way, or something cannot be written.
    """
    place = WorkFolder(folder)
    made: list[Path] = []
    kept: list[Path] = []
    for path in (place.books, place.rollups, place.papers, place.templates):
        (made if _make_folder(path) else kept).append(path)
    begun = place.township.exists()
    for path, content in _files(place, year).items():
        if path.exists() or path.is_symlink():
            kept.append(path)
        else:
            _write(path, content())
            made.append(path)
    notes = [
        f"{words}{len(paths)} 项：{'、'.join(_names(folder, paths))}。"
        for words, paths in (("新建 ", made), ("已有的保留原样，", kept))
        if paths
    ]
    return Outcome((Written(folder, (*notes, *(_GO_ON if begun else _BEGIN))),))


_BEGIN = (
    "下一步：打开里面的“镇级工作簿.xlsx”，填好“镇情”“村名册”“参数”，保存并关闭；",
    f"再双击“发放.cmd”，或在里面运行 zhengdun issue。以后各步见“{INSTRUCTIONS}”。",
)
_GO_ON = ("下一步：在里面运行 zhengdun，看做到哪一步了。",)


def _names(folder: Path, paths: Iterable[Path]) -> Iterator[str]:
    return (path.relative_to(folder).as_posix() for path in paths)


def _files(place: WorkFolder, year: int | None) -> Mapping[Path, Callable[[], bytes]]:
    """Return what makes each file."""
    return {
        place.township: partial(township_workbook, year),
        place.root / INSTRUCTIONS: instructions,
        **{place.templates / f"{s.name}.docx": partial(template, s.name) for s in SORTS},
        **{place.root / name: partial(bytes, data) for name, data in launchers().items()},
    }


def _make_folder(path: Path) -> bool:
    """Make a folder; return whether there was none."""
    try:
        admit_folder(path)
        if path.is_dir():
            return False
        path.mkdir(parents=True)
    except OSError:
        raise OutputError(f"{path}：文件夹建不了。请检查磁盘和权限，或换一个地方。") from None
    return True


def _write(path: Path, data: bytes) -> None:
    write_output(path, data)
    if path.suffix == ".sh":
        with contextlib.suppress(OSError):  # a share may know no modes
            path.chmod(0o755)


def township_workbook(year: int | None = None) -> bytes:
    """Return a township's workbook to be filled in: the national types stand there, and a year."""
    from toolkit.excel.blank import build_workbook  # noqa: PLC0415 -- XlsxWriter loads slowly

    form = township.FORM
    identity = Identity(form.id, form.version, year=str(year or ""))
    settings: Filling = {township.Settings: [{"year": year}]} if year else {}
    return build_workbook(form, identity, {**township.NATIONAL, **settings})


def template(name: str) -> bytes:
    """Return the standing wording of a paper, for the office to edit."""
    from toolkit.word.wording import template_docx  # noqa: PLC0415 -- python-docx loads slowly

    return template_docx(name)


def instructions() -> bytes:
    """Return what an officer reads first, as Windows' own editor has it."""
    return _TEXT.replace("\n", "\r\n").encode("utf-8-sig")
