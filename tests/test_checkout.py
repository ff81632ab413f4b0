"""What only a checkout has, links between its pages and the Makefile; not run on the wheel."""

import re
from pathlib import Path

import pytest
from paths import CHECKOUT


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md"])
def test_each_link_of_a_page_leads_somewhere(name):
    links = re.findall(r"\]\(([^)#]+)\)", (CHECKOUT / name).read_text("utf-8"))
    assert [
        link for link in links if not link.startswith("http") and not Path(CHECKOUT, link).exists()
    ] == []


def test_each_target_of_the_makefile_is_explained():
    text = (CHECKOUT / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony is not None
    explained = re.findall(r"^([a-z]+):.*## \S", text, re.MULTILINE)
    assert sorted(explained) == sorted(phony[1].split())
