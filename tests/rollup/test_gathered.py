"""The same whoever reads: one process or two, files in any order, judged together or one by one."""

import shutil
from pathlib import Path

import pytest
from worked import write, write_village

from toolkit import flow
from toolkit.demo import DAY, example_township
from toolkit.errors import UsageError
from toolkit.flow import Scale
from toolkit.gathering import gather, gathered
from toolkit.inbox import look, open_all


def both(sight):
    """Return what is gathered file by file, and from an inbox that is read and judged at once."""
    inbox = open_all(sight, counted=True)
    done = flow.judged(inbox, DAY)
    return gather(sight, DAY, workers=1), gathered(inbox, done.findings, DAY)


def comparable(found):
    """Return what was gathered, findings without their order."""
    return {
        "brought": sorted(
            (
                each.path,
                {
                    title: sorted(lines, key=repr) if title == "核查明细" else list(lines)
                    for title, lines in each.lines.items()
                },
                dict(each.traits),
                dict(each.counts),
                each.tallies,
                (each.sha256, each.code, each.issued, each.village, each.town, each.year),
                (each.plan_day, each.saved, each.editor, each.version),
            )
            for each in found.brought
        ),
        "findings": sorted(map(repr, found.findings)),
        "files": sorted(map(repr, found.files)),
        "town": found.town_book.path if found.town_book else None,
    }


def require_same(sight):
    apart, at_once = both(sight)
    assert comparable(apart) == comparable(at_once)
    return apart


def test_with_the_township_workbook_beside(work):
    found = require_same(look([work / "村级工作簿"]))
    assert len(found.brought) == 3
    assert sum(len(each.lines["核查明细"]) for each in found.brought) > 0


def test_with_the_township_workbook_among_them(work):
    (work / "村级工作簿").rename(work / "各村")
    (work / "镇级工作簿.xlsx").rename(work / "各村" / "镇级工作簿.xlsx")
    found = require_same(look([work / "各村"]))
    assert found.town_book is not None


def test_under_another_name_and_with_other_parameters(work):
    (work / "村级工作簿").rename(work / "各村")
    (work / "镇级工作簿.xlsx").unlink()
    write(
        work / "各村" / "青石镇（党建办）.xlsx",
        example_township().township,
        month_before="当月末",
        cutoff_day=20,
    )
    found = require_same(look([work / "各村"]))
    assert found.town_book is not None
    assert found.town_book.name == "青石镇（党建办）.xlsx"


def test_what_the_township_means_reaches_every_file_wherever_its_workbook_lies(work):
    (work / "村级工作簿").rename(work / "各村")
    (work / "镇级工作簿.xlsx").unlink()

    def due():
        (upper, *_) = sorted(gather(look([work / "各村"]), DAY).brought, key=lambda b: b.code)
        first = upper.lines["措施台账"][0]
        assert "2022年10月前及长期坚持" in first
        return [str(cell) for cell in first if str(cell) in {"2022-09-30", "2022-10-31"}]

    assert due() == ["2022-09-30"]
    write(work / "各村" / "别名.xlsx", example_township().township, month_before="当月末")
    assert due() == ["2022-10-31"]


def test_without_a_township_workbook(work):
    (work / "村级工作簿").rename(work / "各村")
    (work / "镇级工作簿.xlsx").unlink()
    found = require_same(look([work / "各村"]))
    assert found.town_book is None


def test_with_broken_foreign_old_and_doubled_files_beside_them(work):
    books = work / "村级工作簿"
    (books / "残缺.xlsx").write_bytes(b"PK\x03\x04")
    (books / "方案.docx").write_bytes(b"x")
    shutil.copy(books / "0205-柳湾村-2022.xlsx", books / "又一份.xlsx")
    write_village(books / "0203-上河村-2021.xlsx", code="0203", village="上河村", year=2021)
    write_village(books / "0901-远山村-2022.xlsx", code="0901", village="远山村")
    found = require_same(look([books]))
    assert len(found.brought) == 6


def test_a_single_file_is_the_same_too(work):
    sight = look([work / "村级工作簿" / "0203-上河村-2022.xlsx"])
    found = require_same(sight)
    assert [each.village for each in found.brought] == ["上河村"]


def test_two_township_workbooks_are_refused_either_way(work):
    shutil.copy(work / "镇级工作簿.xlsx", work / "村级工作簿" / "副本.xlsx")
    (work / "村级工作簿").rename(work / "各村")
    for way in (lambda sight: gather(sight, DAY), open_all):
        with pytest.raises(UsageError, match="找到两个镇级工作簿"):
            way(look([work]))


# -- bytes --------------------------------------------------------------------------------------


def rollup_bytes(paths: list[Path], target: Path, workers: int) -> bytes:
    flow.consolidate(paths, target, DAY, scale=Scale(workers=workers))
    return target.read_bytes()


def test_any_order_and_any_number_of_workers_give_the_same_bytes(work):
    books = work / "村级工作簿"
    shutil.copy(books / "0205-柳湾村-2022.xlsx", books / "又一份.xlsx")
    (books / "残缺.xlsx").write_bytes(b"PK\x03\x04")
    for code in range(901, 909):  # more than a chunk, so that two have something to do
        write_village(books / f"{code}.xlsx", code=f"0{code}", village=f"{code}村")
    paths = [*sorted(books.iterdir()), work / "镇级工作簿.xlsx"]
    target = work / "镇汇总.xlsx"
    first = rollup_bytes(paths, target, 1)
    for order, workers in ((paths, 2), (paths[::-1], 1), (paths[5:] + paths[:5], 2)):
        target.unlink()
        assert rollup_bytes(order, target, workers) == first
