"""Where a work folder is found, and how the way to it is told."""

from pathlib import Path

import pytest

from toolkit.workfolder.places import WorkFolder, find, half_made


@pytest.fixture
def folder(tmp_path) -> Path:
    """An empty work folder: its two marks, and something deeper."""
    place = tmp_path / "青石镇"
    (place / "村级工作簿" / "旧").mkdir(parents=True)
    (place / "镇级工作簿.xlsx").touch()
    return place


@pytest.mark.parametrize(
    ("where", "way"), [("", "."), ("村级工作簿", ".."), ("村级工作簿/旧", "../..")]
)
def test_it_is_found_from_within_and_the_way_is_told_from_there(folder, monkeypatch, where, way):
    monkeypatch.chdir(folder / where)
    assert find(Path()) == WorkFolder(Path(way))


def test_outside_there_is_none_unless_it_is_named(folder, monkeypatch):
    monkeypatch.chdir(folder.parent)
    assert find(Path()) is None
    assert find(Path("青石镇")) == WorkFolder(Path("青石镇"))
    assert find(folder) == WorkFolder(folder)
    assert find(Path("青石镇/村级工作簿")) == WorkFolder(folder)
    assert find(Path("没有")) is None


def test_a_way_that_cannot_be_gone_leads_to_none(tmp_path):
    assert find(tmp_path / ("长" * 200)) is None


@pytest.mark.parametrize("missing", ["村级工作簿", "镇级工作簿.xlsx"])
def test_it_needs_both_marks(folder, monkeypatch, missing):
    (folder / missing).rename(folder / "别的")
    monkeypatch.chdir(folder)
    assert find(Path()) is None


def test_the_nearest_of_two_is_meant(folder, monkeypatch):
    inner = folder / "村级工作簿" / "分册"
    (inner / "村级工作簿").mkdir(parents=True)
    (inner / "镇级工作簿.xlsx").touch()
    monkeypatch.chdir(inner)
    assert find(Path()) == WorkFolder(Path())
    monkeypatch.chdir(inner.parent)
    assert find(Path()) == WorkFolder(Path(".."))


def test_everything_has_its_place():
    place = WorkFolder(Path("青石镇"))
    told = {
        place.township: "青石镇/镇级工作簿.xlsx",
        place.books: "青石镇/村级工作簿",
        place.papers: "青石镇/公文",
        place.templates: "青石镇/文稿模板",
        place.report: "青石镇/核对结果.xlsx",
        place.copies: "青石镇/回传件",
        place.upgraded: "青石镇/新版工作簿",
        place.month("2022-06"): "青石镇/汇总/2022-06",
        place.rollup("2022-06"): "青石镇/汇总/2022-06/镇汇总.xlsx",
    }
    assert [path.as_posix() for path in told] == list(told.values())


def test_the_last_month_is_the_latest_that_has_a_rollup(folder):
    place = WorkFolder(folder)
    assert place.last_month() == ""
    for name, rolled_up in (("2022-09", True), ("2022-10", False), ("9999-旧", True)):
        place.month(name).mkdir(parents=True)
        if rolled_up:
            place.rollup(name).touch()
    assert place.last_month() == "2022-09"
    assert (place.last_month(2022), place.last_month(2021)) == ("2022-09", "")


def test_a_later_month_is_one_that_was_made_not_one_with_letters_alone(folder):
    place = WorkFolder(folder)
    (place.month("2022-10") / "催办通知").mkdir(parents=True)
    assert place.later_month("2022-09") == ""
    for mark in ("报送指纹.txt", "镇汇总.xlsx"):
        (place.month("2022-10") / mark).touch()
        assert (place.later_month("2022-09"), place.later_month("2022-10")) == ("2022-10", "")
        (place.month("2022-10") / mark).unlink()


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (
            "村级工作簿",
            "这里缺村级工作簿文件夹，还不是工作文件夹。放回来，或运行 zhengdun init . 补齐。",
        ),
        (
            "镇级工作簿.xlsx",
            "这里缺镇级工作簿.xlsx，还不是工作文件夹。放回来，或运行 zhengdun init . 补齐。",
        ),
    ],
)
def test_of_two_marks_the_one_that_lacks_is_named(folder, missing, said):
    assert list(half_made(folder)) == []
    (folder / missing).rename(folder / "别的")
    assert list(half_made(folder)) == [said]
    assert list(half_made(folder.parent)) == []


def test_a_template_counts_where_it_is_there(folder):
    place = WorkFolder(folder)
    assert place.template("整顿方案") is None
    place.templates.mkdir()
    (place.templates / "整顿方案.docx").touch()
    assert place.template("整顿方案") == folder / "文稿模板" / "整顿方案.docx"
