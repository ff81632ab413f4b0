"""The pictures in docs/pictures show the workbooks as they are in the checkout."""

import io
import json
import re

import pictures
import pytest
from PIL import Image

from toolkit.package import unzipped, zipped

DRAWN = sorted(path.name for path in pictures.FOLDER.glob("*.png"))


def test_the_pictures_are_of_the_workbooks_as_they_are():
    told = json.loads((pictures.FOLDER / pictures.SOURCES_FILE).read_text(encoding="utf-8"))
    are = {
        source.file: pictures.digest((pictures.CHECKOUT / source.file).read_bytes())
        for source in pictures.SOURCES
    }
    assert told == are, "run `make pictures` and look at them"


def test_a_digest_changes_with_any_part_but_not_with_the_packing():
    parts = {"甲.xml": b"<a/>", "乙.xml": b"<b/>"}
    same = pictures.digest(zipped(parts))
    assert pictures.digest(zipped(dict(reversed(parts.items())))) == same
    assert pictures.digest(zipped(parts | {"乙.xml": b"<c/>"})) != same
    assert pictures.digest(zipped(parts | {"丙.xml": b""})) != same
    assert unzipped(zipped(parts)) == parts


def test_the_index_shows_every_picture_once_and_nothing_else_lies_there():
    index = (pictures.FOLDER / pictures.INDEX).read_text(encoding="utf-8")
    shown = re.findall(r"^!\[.+\]\((.+)\)$", index, re.MULTILINE)
    assert sorted(shown) == DRAWN
    found = {path.name for path in pictures.FOLDER.iterdir()}
    assert found == {*DRAWN, pictures.INDEX, pictures.SOURCES_FILE}


@pytest.mark.parametrize("source", pictures.SOURCES, ids=lambda source: source.name)
def test_every_sheet_wanted_is_drawn_with_its_pages_counted(source):
    for sheet in source.sheets:
        own = [name for name in DRAWN if name.startswith(f"{source.name}-{sheet}-")]
        assert own == [f"{source.name}-{sheet}-{n}.png" for n in range(1, len(own) + 1)] != []


def test_no_sheet_is_drawn_that_people_do_not_see():
    sheets = {name.split("-")[1] for name in DRAWN if name.startswith("村级工作簿-")}
    assert "字典" not in sheets
    assert not any("下拉选项" in name or "_meta" in name for name in DRAWN)


def test_the_pictures_are_small_and_whole():
    sizes = {name: (pictures.FOLDER / name).stat().st_size for name in DRAWN}
    assert max(sizes.values()) <= 120_000
    assert sum(sizes.values()) <= 2_500_000
    for name in DRAWN:
        with Image.open(pictures.FOLDER / name) as image:
            image.load()
            assert (image.format, image.mode) == ("PNG", "P")
            assert sorted(image.size) == [1241, 1754]  # A4 at 150 dots an inch


def test_a_page_whose_foot_does_not_tell_its_sheet_is_refused():
    empty = pictures.pymupdf.open()
    empty.new_page()
    with pytest.raises(ValueError, match="no footer"):
        list(pictures._leaves(empty.tobytes()))  # noqa: SLF001 -- else only a broken print shows it


def test_a_picture_keeps_the_fills_that_mean_something():
    yellow, red = (255, 244, 194), (248, 207, 207)
    page = pictures.pymupdf.open().new_page(width=40, height=40)
    for at, fill in enumerate((yellow, red)):
        page.draw_rect((10 * at, 0, 10 * at + 10, 10), fill=[part / 255 for part in fill], width=0)
    image = Image.open(io.BytesIO(pictures._picture(page))).convert("RGB")  # noqa: SLF001 -- as above
    assert [image.getpixel((10 + 22 * at, 10)) for at in range(2)] == [yellow, red]
