"""A township of four villages, drawn: two busy ones, one with nothing, one that sent no file."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from drawn import drawn

from toolkit.findings import Finding, Level
from toolkit.forms import township
from toolkit.forms.ledgers import Contribution
from toolkit.forms.parameters import Parameters
from toolkit.forms.rollup import Rollup, Source
from toolkit.rollup.contributions import contribution_of
from toolkit.rollup.figures import Terms, consolidate
from toolkit.schema.form import Identity
from toolkit.schema.workbook import FileFacts, Workbook

AS_OF = dt.date(2022, 10, 31)
FILES = {
    "0201": "0201-下河村-2022.xlsx",
    "0203": "0203-上河村-2022.xlsx",
    "0205": "0205-石门村-2022.xlsx",
}

UPPER = """
# 基本情况
| 年度         | 2022             |
| 村代码       | '0203            |
| 乡镇         | 青石镇           |
| 村名         | 上河村           |
| 支部书记姓名 | 王志远           |
| 主要类型     | R10、L01         |

# 工作力量
| 工作角色     | 姓名或单位   |
| 联村县级领导 | 陈建国       |
| 包村镇领导   | 刘芳         |
| 第一书记     | 赵国强       |
| 结对帮扶单位 | 县农业农村局 |
| 结对帮扶单位 | 县供销社     |

# 存在问题
| 问题编号 | 问题简述           | 类型代码 | 销号日期   |
| P01      | 村级集体经济薄弱   | L01      |            |
| P02      | 组织动员力弱       | R10、R04 |            |
| P03      | 村务公开不及时     | R07      | 2022-09-20 |
| P03      | =1+1               | R10      |            |
| P04      | 党员教育管理不严   | R04      |            |

# 整改措施
| 措施编号 | 问题编号 | 措施内容 | 责任人 | 完成时限 | 办理状态 | 计划资金 | 实际完成日期 |
| P01-M01 | P01 | 入股合作社 | 王志远 | 2022年9月底前 | 推进中 | 50 | |
| P01-M02 | P01 | 流转闲置土地 | 李明 | 2022年12月底前 | 未启动 | | |
| P02-M01 | P02 | 健全三会一课 | 王志远 | 2022年6月底前并长期坚持 | 长期坚持 | | |
| P02-M02 | P02 | 培训村干部 | 刘芳 | 2022年8月底前 | 已完成 | | 2022-08-20 |
| P03-M01 | P03 | 公开栏每月更新 | 李明 | 立行立改 | 已销号 | | 2022-07-01 |
| P04-M01 | P04 | 党员积分管理 | 王志远 | 2022年7月底前，并长期坚持 | 基本完成 | | |

# 专题研究会议
| 会议日期   | 会议类型 | 议题             |
| 2022-05-12 | 支委会   | 研究方案         |
| 2022-06-08 | 党员大会 | 通报进展         |
| 2022-06-28 | 支委会   | 研究入股         |
| 2022-10-09 | 支委会   | 研究销号         |
| 2021-10-09 | 支委会   | 上年度的一次会议 |

# 测评验收
| 测评日期 | 组织层级 | 测评方式 | 发出票数 | 收回 | 有效 | 满意 | 基本满意 | 不满意 | 不了解 |
| 2022-10-20 | 镇级 | 会议测评 | 40 | 39 | 38 | 30 | 6 | 1 | 1 |
| 2022-10-25 | 县级 | 综合验收 | | | | | | | |
"""

LOWER = """
# 基本情况
| 年度     | 2022   |
| 村代码   | '0201  |
| 乡镇     | 青石镇 |
| 村名     | 下河村 |
| 主要类型 | R01    |

# 存在问题
| 问题编号 | 问题简述     | 类型代码 |
| P01      | 班子配备不齐 | R01、L07 |
| P02      | 制度执行不严 | R04      |

# 整改措施
| 措施编号 | 问题编号 | 措施内容     | 完成时限   | 办理状态 |
| P01-M01  | P01      | 选配支部委员 | 2022-05-31 | 已完成   |
| P01-M02  | P01      | 培训新任委员 | 2022-06-30 | 待验收   |
| P02-M01  | P02      | 修订议事规则 | 2022-05-31 | 不清楚   |

# 专题研究会议
| 会议日期   | 会议类型 | 议题     |
| 2022-07-05 | 支委会   | 研究选配 |
"""

EMPTY = """
# 基本情况
| 年度   | 2022   |
| 村代码 | '0205  |
| 乡镇   | 青石镇 |
| 村名   | 石门村 |

# 存在问题
| 问题编号 | 问题简述 |

# 整改措施
| 措施编号 | 问题编号 |
"""

ROSTER = """
# 村名册
| 村代码 | 村名   | 支部书记 |
| '0201  | 下河村 | 孙立新   |
| '0203  | 上河村 | 王志远   |
| '0204  | 柳树村 | 周平     |
| '0205  | 石门村 | 吴敏     |
"""


def book(text: str, code: str) -> Workbook:
    """Return a drawn village workbook under its village's file name."""
    return drawn(
        text, name=FILES[code], identity=Identity("village-workbook", "1.0.0", code, "2022")
    )


def called(workbook: Workbook, path: str, sha256: str = "") -> Workbook:
    """Return a workbook as one that lies elsewhere, with the content that a hash tells."""
    facts = FileFacts(sha256=sha256)
    return replace(workbook, path=path, name=path.rpartition("/")[2], facts=facts)


def three_books() -> list[Workbook]:
    """Return the workbooks that came in."""
    return [book(UPPER, "0203"), book(LOWER, "0201"), book(EMPTY, "0205")]


def sources() -> list[Source]:
    """Return every file that was seen and brought nothing."""
    return [Source("0204-柳树村-2022.xlsx", "未汇总：文件有密码", code="0204", village="柳树村")]


def roster() -> Sequence[township.Village]:
    """Return the four villages that must report."""
    return township.roster(drawn(ROSTER, form=township.FORM, name="镇级工作簿.xlsx"))


def finding(code: str, level: Level, rule: str, *, accepted: bool = False) -> Finding:
    """Return a finding on a village's measures."""
    return Finding(
        file=FILES[code],
        village="",
        sheet="存在问题",
        cells=("A4", "A5"),
        header="问题编号",
        level=level,
        rule=rule,
        seen="P03",
        message="编号重复",
        fix="改成没有用过的编号。",
        accepted=accepted,
    )


def findings() -> list[Finding]:
    """Return findings in no order."""
    return [
        finding("0203", Level.INFO, "W601"),
        finding("0203", Level.ERROR, "C205"),
        finding("0203", Level.WARNING, "X404", accepted=True),
        finding("0201", Level.WARNING, "D502"),
        Finding("", "", "", (), "", Level.INFO, "T701", "", "全镇的提示", ""),
    ]


def brought(
    books: Sequence[Workbook], found: Sequence[Finding] = (), as_of: dt.date = AS_OF
) -> tuple[list[Contribution], list[Finding]]:
    """Return what workbooks bring with the findings in them, and the findings that are in none."""
    own = [
        contribution_of(each, [one for one in found if one.file == each.path], as_of)
        for each in books
    ]
    paths = {each.path for each in books}
    return own, [one for one in found if one.file not in paths]


def rolled(  # noqa: PLR0913, PLR0917 -- as consolidate, in the order of work
    books: Sequence[Workbook],
    found: Sequence[Finding] = (),
    seen: Sequence[Source] = (),
    listed: Sequence[township.Village] = (),
    as_of: dt.date = AS_OF,
    month: str = "2022-10",
    **more: Any,
) -> Rollup:
    """Return a rollup, by the usual terms and parameters where the test names no others."""
    own, others = brought(books, found, as_of)
    told = {name: more.pop(name) for name in ("past", "way") if name in more}
    terms = terms_of(as_of, month, tuple(listed), **more)
    return consolidate(own, seen, terms, findings=others, **told)


_TERMS = frozenset({"level", "county", "town", "types"})


def terms_of(
    as_of: dt.date = AS_OF,
    month: str = "2022-10",
    listed: Sequence[township.Village] = (),
    **more: Any,
) -> Terms:
    """Return terms: what is not one of their own is a parameter of the township's."""
    own = {name: value for name, value in more.items() if name in _TERMS}
    others = {name: value for name, value in more.items() if name not in _TERMS}
    parameters = Parameters(**({"first_month": 5, "cutoff_day": 25} | others))
    return Terms(as_of, month, roster=tuple(listed), parameters=parameters, **own)


def made(
    books: Sequence[Workbook] | None = None,
    found: Sequence[Finding] | None = None,
    seen: Sequence[Source] | None = None,
    **more: Any,
) -> Rollup:
    """Return the township's rollup of October 2022."""
    return rolled(
        three_books() if books is None else books,
        findings() if found is None else found,
        sources() if seen is None else seen,
        roster(),
        **more,
    )
