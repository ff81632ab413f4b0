"""Tools that look at a document from outside; a test that needs one is skipped without it."""

import os
import subprocess
import warnings
from collections.abc import Callable, Mapping

import pytest
from measured import Printed, printed
from paths import office, tool


@pytest.fixture(scope="session")
def schemas():
    """The validator of the standard for office files."""
    return tool("ooxml_validate").Validator()


@pytest.fixture(scope="session")
def measure(tmp_path_factory) -> Callable[[Mapping[str, bytes]], dict[str, dict]]:
    """What sets documents in one run of LibreOffice and measures each."""
    gauge = tool("measure_gongwen")
    office()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SWIG's types, not ours
        gauge.load_pymupdf()

    def measured(documents: Mapping[str, bytes]) -> dict[str, dict]:
        folder = tmp_path_factory.mktemp("office")
        fonts = folder / "fonts.conf"
        fonts.write_text(gauge.fontconfig_xml([]), encoding="utf-8")
        files = {name: folder / f"{number}.docx" for number, name in enumerate(documents)}
        for name, path in files.items():
            path.write_bytes(documents[name])
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        options = ["--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(folder)]
        subprocess.run(
            [gauge.find_soffice(), profile, *options, *map(str, files.values())],
            env=os.environ | {"FONTCONFIG_FILE": str(fonts), "SAL_USE_VCLPLUGIN": "svp"},
            check=True,
            capture_output=True,
            timeout=120,
        )
        return {
            name: gauge.measure_pdf(path, path.with_suffix(".pdf")) for name, path in files.items()
        }

    return measured


@pytest.fixture(scope="session")
def on_paper(tmp_path_factory) -> Callable[[Mapping[str, bytes]], dict[str, Printed]]:
    """What prints documents in one run of LibreOffice."""
    return lambda documents: printed(documents, tmp_path_factory.mktemp("paper"))
