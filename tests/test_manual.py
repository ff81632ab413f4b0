"""The manual page on checking while somebody fills in shows and says what the product does."""

import json
import re

import manual
import pytest
from paths import CHECKOUT
from PIL import Image

from toolkit.cli import live
from toolkit.excel.marks.package import open_package
from toolkit.excel.marks.styles import LEVEL_FILLS
from toolkit.findings import Level
from toolkit.live import states
from toolkit.workfolder.launchers import CHORES, launchers

PAGE = (CHECKOUT / "docs" / "边填边核对.md").read_text(encoding="utf-8")
RECORDS = (CHECKOUT / "docs" / "实机核对记录.md").read_text(encoding="utf-8")
PICTURES = (manual.WINDOW, manual.MARKED, manual.LISTED)


@pytest.fixture(scope="module")
def shown():
    return manual.shown()


# ---- the pictures


def test_the_pictures_are_of_what_the_product_says_now(shown):
    told = json.loads((manual.FOLDER / manual.SOURCES_FILE).read_text(encoding="utf-8"))
    assert told == shown.digests(), "run `make pictures` and look at them"


def test_the_window_tells_of_each_save_at_its_time_and_of_the_slip_alone(shown):
    first, _, *lines, last = shown.window
    assert first.startswith("正在看 村级工作簿：3 个工作簿，必改 16 条、")
    assert last == "已停止。"
    upper, slip, spot, mended = lines
    assert upper.startswith("14:03:22 0203-上河村-2022.xlsx：改好 2 条，还有必改 1 条、")
    assert slip.startswith("14:20:05 0207-石桥村-2022.xlsx：改好 2 条，新出 1 条，还有必改 13 条、")
    assert spot.startswith(
        "  【必改】0207-石桥村-2022.xlsx › 整改措施 › M5（实际完成日期）：填的是“5月32日”"
    )
    assert mended.startswith("14:21:40 0207-石桥村-2022.xlsx：改好 1 条，还有必改 12 条、")


def test_the_marked_sheet_shows_each_level_and_the_note_that_the_page_explains(shown):
    fills = {edit.fill for edit in shown.marks.edits}
    assert fills == {*LEVEL_FILLS.values()}
    (note,) = (edit.note for edit in shown.marks.edits if edit.cell == "G6")
    heading, said, former = note.splitlines()
    assert heading == "—— 边填边核对 ——"
    assert said.startswith("【必改】填的是“10月分前”，读不出完成时限。")
    assert former == "〔原底色：无〕"


def test_a_simulated_save_types_into_cells_that_are_there_and_into_no_others(shown):
    typed = manual._typed(shown.book, "整改措施", {"G6": "甲"})  # noqa: SLF001 -- else a picture may lie
    before, after = open_package(shown.book).parts, open_package(typed).parts
    assert [name for name in before if before[name] != after[name]] == ["xl/worksheets/sheet7.xml"]
    with pytest.raises(ValueError, match="整改措施!G6000: 0 cells"):
        manual._typed(shown.book, "整改措施", {"G6000": "甲"})  # noqa: SLF001 -- as above


def test_the_page_shows_every_picture_once_and_nothing_else_lies_there():
    assert sorted(re.findall(r"\]\(manual/(.+?)\)", PAGE)) == sorted(PICTURES)
    found = {path.name for path in manual.FOLDER.iterdir()}
    assert found == {*PICTURES, manual.SOURCES_FILE}


def test_the_pictures_are_small_and_whole():
    for name in PICTURES:
        assert (manual.FOLDER / name).stat().st_size <= 120_000
        with Image.open(manual.FOLDER / name) as image:
            image.load()
            assert image.format == "PNG"
            assert 1100 <= image.width <= 1750


# ---- the words


def sentences() -> list[str]:
    """Return every sentence on a workbook that cannot be got at."""
    said = [each for name, each in vars(states).items() if name.isupper() and each != states.SYSTEM]
    return [
        *said,
        states.protected("整改措施"),
        states.still_marked("花名册"),
        states.all_hidden(["会议"]),
        states.unsupported("另存副本"),
        states.not_open("下河", ["0203-上河村-2022.xlsx"]),
        states.several("河村", ["上河村.xlsx", "下河村.xlsx"]),
    ]


@pytest.mark.parametrize("sentence", sentences())
def test_the_page_tells_what_to_do_on_each_sentence(sentence):
    assert sentence in PAGE


def test_the_page_names_the_launchers_and_the_commands_that_there_are():
    named = set(re.findall(r"([\u4e00-\u9fff]+\.(?:cmd|sh))", PAGE))
    beside = {f"{name}.cmd" for name, chore in CHORES.items() if chore.beside_excel}
    assert {*beside, "边填边核对.cmd"} <= named <= launchers().keys()
    assert set(re.findall(r"zhengdun live ([a-z]+)", PAGE)) == live.commands.keys()


@pytest.mark.parametrize("level", Level)
def test_the_page_tells_what_each_colour_means(level):
    words = {Level.ERROR: "浅红", Level.WARNING: "浅橙", Level.INFO: "浅蓝"}
    assert f"| {words[level]} | {level.label} |" in PAGE


def test_nothing_is_said_to_have_run_in_excel_or_wps_before_there_is_a_record():
    is_empty = RECORDS.rstrip().endswith("## 记录\n\n还没有。")
    assert is_empty == ("还没有在真正的 Excel、WPS 上试过" in PAGE)
