"""Generated files lie in the checkout as the code gives them."""

import pytest
from paths import CHECKOUT

from toolkit.package import unzipped
from toolkit.reference import generated, refresh


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return dict(generated())


def test_everything_generated_is_committed_as_the_code_gives_it(files):
    stale = [
        name
        for name, data in files.items()
        if name.startswith(("templates/", "examples/", "docs/"))
        and (
            not (CHECKOUT / name).is_file() or parts((CHECKOUT / name).read_bytes()) != parts(data)
        )
    ]
    assert stale == [], "run `make refresh` and read the diff"


def committed(name: str) -> bytes:
    return (CHECKOUT / name).read_bytes()


def parts(data: bytes) -> dict[str, bytes]:
    """Return a package part by part: another zlib packs the same parts otherwise."""
    return unzipped(data) if data.startswith(b"PK") else {"": data}


def test_nothing_else_lies_among_the_generated_files(files):
    found = {
        path.relative_to(CHECKOUT).as_posix()
        for folder in ("templates", "examples", "docs/reference")
        for path in (CHECKOUT / folder).rglob("*")
        if path.is_file()
    }
    assert found - set(files) == set()


def test_generating_twice_gives_the_same_bytes(files):
    assert dict(generated()) == files


def test_the_package_ships_the_content_templates_it_generates(files):
    from importlib.resources import files as resources  # noqa: PLC0415 -- the name is taken

    for name, data in files.items():
        if name.startswith("toolkit/word/templates/"):
            shipped = resources("toolkit.word").joinpath("templates", name.rpartition("/")[2])
            assert parts(shipped.read_bytes()) == parts(data)


def test_refresh_writes_what_is_missing_and_says_so(tmp_path, capsys):
    refresh(tmp_path)
    first = capsys.readouterr().out.split()
    assert "templates/村级工作簿.xlsx" in first
    assert "docs/reference/rules.md" in first
    refresh(tmp_path)
    assert capsys.readouterr().out == ""
