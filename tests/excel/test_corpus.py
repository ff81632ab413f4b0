"""Three hundred workbooks of all the world: each is read or refused in words, none ends the run."""

import csv
from collections.abc import Mapping

import pytest
from paths import SHARED

from toolkit.errors import UnreadableError
from toolkit.excel.gate.preflight import ODD_KINDS, preflight
from toolkit.excel.gate.refusal import Refusal
from toolkit.excel.opened import open_workbook
from toolkit.forms import township, village
from toolkit.schema.workbook import FileFacts

CORPUS = SHARED / "corpus"
READ = "不是本工具发放的工作簿，认不出是哪种表。"  # which is said once all its cells are at hand

UNLIKE_CALAMINE = {
    "a89d81163b3c.xlsx": "文件内部的 xl/worksheets/sheet1.xml 有重名，",
    "e8b99584a069.xls": "工作表“Sheet1”有 65536 行、256 列，大得无法读取。",  # 4 cells in 1.2 GB
    "aa9a9b80477b.ods": READ,  # an .xlsx by its bytes
}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus beside the repository")
def test_every_corpus_file_is_read_or_refused_in_words_as_calamine_fares_with_it() -> None:
    with (CORPUS / "MANIFEST.tsv").open(encoding="utf-8", newline="") as table:
        known = {line["file"]: line for line in csv.DictReader(table, delimiter="\t")}
    assert len(known) == 310
    said = {name: sentence_on(name) for name in known}
    odd = {
        name: sentence
        for name, sentence in said.items()
        if sentence.startswith(READ) != (known[name]["calamine"] == "ok")
    }
    assert odd.keys() == UNLIKE_CALAMINE.keys()
    assert all(odd[name].startswith(start) for name, start in UNLIKE_CALAMINE.items())
    encrypted = [name for name, line in known.items() if "password" in line["expected"]]
    assert len(encrypted) > 30
    assert [name for name in encrypted if "设有打开密码" not in said[name]] == []


def sentence_on(name: str) -> str:
    """What is said of a file, none of which is one of ours."""
    with pytest.raises(UnreadableError) as caught:
        open_workbook(CORPUS / name, (village.FORM, township.FORM))
    sentence = str(caught.value)
    assert sentence.startswith(f"{name}：")
    return sentence.removeprefix(f"{name}：")


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus beside the repository")
def test_what_the_gate_tells_of_corpus_files_is_what_they_hold() -> None:
    facts = dict(facts_of_all())
    assert {each.kind for each in facts.values()} > ODD_KINDS
    assert facts["a0df13f07248.xlsx"].phantom[0].text == "第 2 至 1048576 行只有格式没有内容"
    assert "第 R 至 X 列" in {spot.text for spot in facts["8441c10f79b6.xlsx"].hidden}
    assert facts["8d384026913c.xlsx"].hidden[0].text == "隐藏"


def facts_of_all() -> Mapping[str, FileFacts]:
    facts = {}
    for path in sorted(CORPUS.glob("*.*")):
        try:
            facts[path.name] = preflight(path.read_bytes(), path.suffix).facts()
        except Refusal:
            continue
    return facts
