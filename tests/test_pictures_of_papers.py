"""The pictures in docs/papers show the formal papers as the example gives them now."""

import json
import re

import papers
from pictures import INDEX, SOURCES_FILE, digest
from PIL import Image

DRAWN = sorted(path.name for path in papers.FOLDER.glob("*.png"))


def test_the_pictures_are_of_the_papers_as_they_are():
    told = json.loads((papers.FOLDER / SOURCES_FILE).read_text(encoding="utf-8"))
    are = {name: digest(data) for name, data in papers.papers().items()}
    assert told == are, "run `make pictures` and look at them"


def test_every_page_wanted_is_drawn_and_shown_once_and_nothing_else_lies_there():
    index = (papers.FOLDER / INDEX).read_text(encoding="utf-8")
    shown = re.findall(r"^!\[.+\]\((.+)\)$", index, re.MULTILINE)
    assert sorted(shown) == DRAWN
    assert {path.name for path in papers.FOLDER.iterdir()} == {*DRAWN, INDEX, SOURCES_FILE}
    for each in papers.PICTURES:
        own = [name for name in DRAWN if name.startswith(f"{each.name}-")]
        assert len(own) == len(each.pages)


def test_the_pictures_are_small_and_whole():
    for name in DRAWN:
        assert (papers.FOLDER / name).stat().st_size <= 80_000
        with Image.open(papers.FOLDER / name) as image:
            image.load()
            assert sorted(image.size) in ([744, 1052], [744, 1053], [745, 1053])  # A4 at 90 dots
