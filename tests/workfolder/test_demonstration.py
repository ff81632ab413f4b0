"""The example township's work folder."""

import shutil
from pathlib import Path

import openpyxl
import pytest
from worked import write

from toolkit.demo import DAY, example_township
from toolkit.errors import OutputError
from toolkit.word.sorts import SORTS
from toolkit.workfolder.demonstration import demonstrate
from toolkit.workfolder.places import find
from toolkit.workfolder.status import status


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("示范")
    for _ in demonstrate(folder):
        pass
    return folder


def held(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def test_it_is_a_small_work_folder_with_a_month_and_papers(made):
    villages = ("0203-上河村", "0205-柳湾村", "0207-石桥村")
    books = [f"{village}-2022.xlsx" for village in villages]
    assert held(made) == sorted(
        [
            "镇级工作簿.xlsx",
            "使用说明.txt",
            "发放登记-2022.xlsx",
            *(
                f"{name}.{end}"
                for name in ("发放", "核对", "边填边核对", "月度汇总", "生成方案", "征求意见稿")
                for end in ("cmd", "sh")
            ),
            *("标出问题.cmd", "下一处.cmd", "清除标记.cmd"),
            *(f"文稿模板/{sort.name}.docx" for sort in SORTS),
            *(f"村级工作簿/{book}" for book in books),
            *(f"汇总/2022-10/{name}" for name in ("报送指纹.txt", "核对结果.xlsx", "镇汇总.xlsx")),
            "汇总/2022-10/整顿工作情况汇报.docx",
            *(f"汇总/2022-10/回传件/{book}" for book in books),
            # 柳湾村 has nothing to be reminded of
            *(f"汇总/2022-10/催办通知/{villages[at]}-催办通知.docx" for at in (0, 2)),
            "汇总/2022-10/催办通知/催办通知.txt",
            *(f"汇总/2022-10/整顿台账/整顿台账{end}" for end in (".xlsx", "（附件）.docx")),
            # 柳湾村 alone has nothing to mend, and so papers for the seal; the others have drafts
            *(
                f"公文/{village}-{name}{draft}.docx"
                for village, draft in zip(villages, ("-征求意见稿", "", "-征求意见稿"), strict=True)
                for name in ("整改情况报告-2022-10", "整顿方案")
            ),
        ]
    )


def test_it_stands_as_a_township_that_has_faults_to_mend(made):
    place = find(made)
    assert place is not None
    *_, last, following = status(place, DAY)
    assert last.startswith("最近一次汇总：2022-10")
    assert "改好收回后运行 zhengdun month 2022-10" in following


def test_made_elsewhere_it_is_the_same_to_the_byte(made, tmp_path):
    folder = tmp_path / "别处" / "示范"
    for _ in demonstrate(folder):
        pass
    assert held(folder) == held(made)
    assert [name for name in held(made) if differ(folder / name, made / name)] == []


def differ(one: Path, other: Path) -> bool:
    return one.read_bytes() != other.read_bytes()


def test_it_never_writes_over_a_township(work):
    write(work / "镇级工作簿.xlsx", example_township().township, seal_mm=45)
    before = (work / "镇级工作簿.xlsx").read_bytes()
    with pytest.raises(OutputError, match=r"镇级工作簿\.xlsx：已经存在，没有覆盖"):
        list(demonstrate(work))
    assert (work / "镇级工作簿.xlsx").read_bytes() == before


def test_made_again_it_stays_as_it_is(made):
    before = {path: path.stat().st_mtime_ns for path in made.rglob("*")}
    for _ in demonstrate(made):
        pass
    assert {path: path.stat().st_mtime_ns for path in made.rglob("*")} == before


def test_it_never_writes_over_what_a_village_has_filled_in(made, tmp_path):
    folder = shutil.copytree(made, tmp_path / "示范")
    path = folder / "村级工作簿" / "0205-柳湾村-2022.xlsx"
    write(path, example_township().villages[0])
    before = path.read_bytes()
    with pytest.raises(OutputError, match=r"柳湾村-2022\.xlsx：已经存在，没有覆盖"):
        list(demonstrate(folder))
    assert path.read_bytes() == before


def test_its_villages_choose_from_the_types_that_their_township_has(made):
    book = openpyxl.load_workbook(made / "村级工作簿" / "0205-柳湾村-2022.xlsx")
    shown = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert any(str(cell).startswith("L02") for cell in shown)
