"""Plans of any length, drawn by lot and the same in every run."""

import datetime as dt
from collections.abc import Iterator
from random import Random

from toolkit.word.document import (
    Addressee,
    Attachment,
    AttachmentNote,
    Block,
    Head,
    Imprint,
    Paragraph,
    Role,
    Seal,
    Signature,
    Table,
    Title,
)

ORGAN, DAY = "中共青山镇委员会", dt.date(2026, 8, 22)
_TITLES = (
    "上河村集中整顿实施方案",
    "中共青山镇委员会关于2026年度软弱涣散基层党组织集中整顿的实施方案",
)
_CLAUSES = (  # no letter or point: fonts that stand in for 仿宋 have other widths for them
    "聚焦“班子不团结”等突出问题",
    "按照“一村一策”的要求逐村研究、逐条整改",
    "集体经济收入由3万元增加到5万元以上（含5万元）",
    "于2026年10月底前完成整改",
    "清查集体山林、水面和门面",
    "按照《村级财务公开办法》按季度公开收支明细",
    "群众满意率达到百分之九十",
    "（责任人：孙立；完成时限：2026年9月底前）",
    "组织党员带头入股",
    "制定“三会一课”年度计划，每月5日为主题党日",
    "甲类问题12个、乙类问题7个",
)
_LINE = 27  # characters, or so


def plans(count: int) -> list[tuple[Block, ...]]:
    """Return so many plans, each of another length and make-up."""
    lot = Random(20260822)  # noqa: S311 -- a lot that falls alike in every run
    return [tuple(_plan(lot)) for _ in range(count)]


def _plan(lot: Random) -> Iterator[Block]:
    if lot.random() < 0.3:
        urgency = lot.choice(("", "特急"))
        yield Head(("青山镇人民政府文件",), "青政发〔2026〕8号", urgency=urgency)
    if lot.random() < 0.9:
        yield Title(lot.choice(_TITLES), lot.choice(("", "", "（征求意见稿）")))
    if lot.random() < 0.6:
        yield Addressee("各村党组织，镇直各单位：")
    yield from _body(lot, lot.choice((8, 15, 30, 60, 120)))
    if lot.random() < 0.25:
        names = ("上河村问题清单", "上河村整改措施清单和责任清单一览表（分问题、分责任人）", "名单")
        yield AttachmentNote(names[: lot.randint(1, 3)])
    yield Signature(ORGAN, DAY, Seal(lot.random() < 0.7, lot.choice((40, 42, 42, 45, 60))))
    for number in range(1, lot.choice((0, 0, 0, 1, 2)) + 1):
        is_turned = lot.random() < 0.4
        yield Attachment("上河村整改措施清单", number, landscape=is_turned)
        yield _table(lot)
        if not is_turned:
            yield from _body(lot, lot.choice((3, 20)))
    if lot.random() < 0.25:
        yield Imprint("县委组织部，县民政局", "青山镇党政办公室", DAY)


def _body(lot: Random, lines: int) -> Iterator[Block]:
    """Yield paragraphs of 1 to 12 lines, headings and tables, so many lines together at most."""
    left = lot.randint(1, lines)
    while left > 0:
        kind = lot.random()
        if kind < 0.1:
            yield Paragraph("一、总体要求", Role.LEVEL1)
        elif kind < 0.2:
            yield Paragraph("摸清底数，逐户走访。", Role.LEVEL2, lead="（一）加强领导。")
        elif kind < 0.3:
            yield Paragraph("（二）压实责任", Role.LEVEL2)
        if kind > 0.9:
            yield _table(lot)
            left -= 6
            continue
        count = lot.randint(1, 12)
        left -= count
        yield Paragraph(_text(lot, count * _LINE - lot.randint(0, _LINE)))


def _text(lot: Random, length: int) -> str:
    """Return a text of about that length."""
    clauses = []
    while sum(map(len, clauses)) + len(clauses) < length:
        clauses.append(lot.choice(_CLAUSES))
    return f"{'，'.join(clauses)[: max(length, 2) - 1]}。"


def _table(lot: Random) -> Table:
    count = lot.choice((1, 2, 3, 5, 8, 13, 30))
    rows = tuple((str(n), _text(lot, lot.choice((10, 10, 25, 60)))) for n in range(1, count + 1))
    return Table(("序号", "整改措施"), rows, lot.choice(((1, 1), (1, 6), (1, 11))))
