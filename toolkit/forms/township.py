"""The township workbook (镇级工作簿): the organs, the roster of villages, the parameters."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from toolkit.forms import codes, village
from toolkit.forms.parameters import CUTOFF_DAY, FIRST_MONTH, Parameters
from toolkit.forms.parameters import MONTH_BEFORE as MONTH_BEFORE_FIGURE
from toolkit.schema.codelists import CodeList, Term
from toolkit.schema.columns import ABSENT, Column, Field, Row
from toolkit.schema.form import Filling, Form
from toolkit.schema.kinds import (
    Choice,
    Day,
    Digits,
    DocumentNumber,
    Month,
    Names,
    Number,
    Percent,
    Phone,
    Text,
    Whole,
    YesNo,
)
from toolkit.schema.workbook import Workbook

MONTH_BEFORE = CodeList(
    MONTH_BEFORE_FIGURE,
    (Term("上月末", synonyms=("不含当月",)), Term("当月末", synonyms=("含当月",))),
)
LATIN_FONTS = CodeList("数字字体", (Term("仿宋_GB2312"), Term("Times New Roman")))
PAPERS = CodeList(
    "文稿",
    (
        Term("整顿方案", synonyms=("方案", "实施方案", "整顿实施方案")),
        Term("整改情况报告", synonyms=("报告", "整改报告")),
        Term("整顿工作情况汇报", synonyms=("汇报", "工作情况汇报", "全镇汇报")),
        Term("会议纪要", synonyms=("纪要",)),
        Term("催办通知", synonyms=("催办",)),
        Term("印发通知", synonyms=("印发", "印发方案", "红头文件")),
    ),
)
"""The sorts of paper that are printed, by the names of their templates."""
MINUTES, ISSUED = "会议纪要", "印发通知"
"""Two of them: a village's, and what the township issues under its own red head."""
UPWARD = frozenset({"整改情况报告", "整顿工作情况汇报"})
"""Papers to a higher organ (上行文): they alone name who signs them off (7.2.6)."""
MONTHLY = UPWARD | {"催办通知"}
"""Papers that come every month: a number is that of one month's."""
URGENCY = CodeList("紧急程度", (Term("特急"), Term("加急")))


class Township(Row, sheet="镇情", vertical=True, hint="一行一项，填在“填写内容”一列。"):
    """The township and the names of its organs."""

    code = Column("镇代码", Digits(example="02"), section="名称")
    county = Column("县（市、区）", Text(example="清河县"), required=True, section="名称")
    town = Column("乡镇", Text(example="青石镇"), required=True, section="名称")
    committee = Column(
        "镇党委全称",
        Text(example="中共青石镇委员会", width=30),
        required=True,
        section="名称",
        help="用作镇级公文落款。",
    )
    office = Column("党建办名称", Text(example="青石镇党建工作办公室", width=30), section="名称")
    contact = Column("联系人", Text(example="周敏"), section="联系")
    phone = Column("联系电话", Phone(), section="联系")


class Village(
    Row,
    sheet="村名册",
    key="code",
    hint="一村一行；按名册发放村级工作簿，汇总时按名册清点。",
    blank_rows=20,
):
    """One village under rectification, as the township knows it."""

    code = Column("村代码", Digits(), required=True)
    village = Column("村名", Text(example="上河村"), required=True)
    branch = Column("党组织全称", Text(example="中共青石镇上河村支部委员会"), width=34)
    secretary = Column("支部书记", Text(example="王志远"))
    secretary_phone = Column("书记电话", Phone())
    clerk = Column("村文书", Text(example="李明"))
    clerk_phone = Column("文书电话", Phone())


class Settings(
    Row,
    sheet="参数",
    vertical=True,
    hint="用来定核对的松紧和公文的版式；不填的按右侧写明的默认值执行。",
):
    """What a township may decide for itself; every value but the year has a default."""

    year = Column(
        "年度",
        Whole("年", low=2000, high=2099, example="2022"),
        required=True,
        section="整顿年度",
        help="本轮整顿的年度；发放的工作簿和各项核对都以它为准。",
    )
    cutoff_day = Column(
        CUTOFF_DAY,
        Whole("日", low=1, high=31, example="25"),
        default=Parameters.cutoff_day,
        section="整顿年度",
        help="过了这一天才查当月有没有开会、催当月的数据；当月没有这一天的，以月末为准。",
    )
    first_month = Column(
        FIRST_MONTH,
        Whole("月", low=1, high=12, example="5"),
        default=Parameters.first_month,
        section="专题研究",
        help="从这个月起，每月没有专题研究的就提醒；方案定得更晚的，从方案当月起。",
    )
    quorum = Column(
        "会议到会比例",
        Percent(example="50"),
        default=Parameters.quorum,
        section="专题研究",
        help="实到人数没有超过应到人数这个比例的，提醒会议无效。",
    )
    month_before = Column(
        "“X月前”的含义",
        Choice(MONTH_BEFORE),
        default=Parameters.month_before.value,
        section="时限",
        help="“10月前”按上月末算到9月30日，按当月末算到10月31日；决定何时算逾期。",
    )
    due_soon = Column(
        "临期提醒天数",
        Whole("天", low=0, high=90, example="15"),
        default=Parameters.due_soon,
        section="时限",
        help="离时限还有这么多天以内、没有办结的措施，提示临期。",
    )
    immediate_days = Column(
        "立行立改天数",
        Whole("天", low=1, high=365, example="30"),
        default=Parameters.immediate_days,
        section="时限",
        help="立行立改的措施，方案日期以后这么多天还没有办结的，就提醒。",
    )
    pass_score = Column(
        "验收合格分数",
        Number("分", high=100, example="70"),
        default=Parameters.pass_score,
        section="验收",
        help="综合得分低于这个数、结论却是合格的，就提醒。",
    )
    satisfaction = Column(
        "满意度合格线",
        Percent(example="90"),
        default=Parameters.satisfaction,
        section="验收",
        help="满意率低于这个数、结论却是合格的，就提醒。",
    )
    dissatisfied = Column(
        "不满意票上限",
        Percent(example="50"),
        default=Parameters.dissatisfied,
        section="验收",
        help="不满意票超过有效票的这个比例，结论却是合格或基本合格的，就提醒。",
    )
    lookback_days = Column(
        "回头看期限",
        Whole("天", low=1, high=1000, example="365"),
        default=Parameters.lookback_days,
        section="验收",
        help="销号以后这么多天还没有“回头看”的，就提示。",
    )
    tolerance = Column(
        "百分数容差",
        Number("", high=10, example="0.5"),
        default=Parameters.tolerance,
        section="数字",
        help="文字里的百分数与算出的数最多可以差几个末位；0.5 就是四舍五入以内。",
    )
    sealed = Column(
        "公文是否加盖印章",
        YesNo(),
        default=True,
        section="公文",
        help="盖章的，落款给印章留出位置；不盖章的，落款右空两字。",
    )
    seal_mm = Column(
        "印章直径",
        Whole("毫米", low=30, high=50, example="42"),
        default=42,
        section="公文",
        help="落款处按这个尺寸留白。",
    )
    latin_font = Column(
        "数字字体",
        Choice(LATIN_FONTS, width=18),
        default="仿宋_GB2312",
        section="公文",
        help="公文里数字和字母用的字体。",
    )


class Formality(
    Row,
    sheet="公文要素",
    hint="一种文稿一行，填了的印在公文的版头和版记，不填的不印；各村共用的不写村名。",
    blank_rows=20,
):
    """What a sort of paper bears above and below its text: 版头 and 版记 of GB/T 9704-2012."""

    sort = Column(
        "文稿", Choice(PAPERS, width=18), required=True, help="这一行的内容印在哪一种文稿上。"
    )
    village = Column(
        "村名",
        Text(example="上河村", width=12),
        offers=Village.village,
        help="只用于一个村的写村名，村名相同的写村代码；没填的栏目用不写村名的那一行。",
    )
    month = Column(
        "月份",
        Month(width=9),
        help="每月都要出的文稿写明是哪个月的；不写的，文号、份号、印发日期不印。",
    )
    copy = Column(
        "份号",
        Digits(low=6, high=6, example="000001", how="写六位数字，如 000001。"),
        help="涉密公文才编。",
        width=9,
    )
    secrecy = Column(
        "密级和保密期限", Text(example="机密★1年"), help="涉密公文才写，如“机密★1年”。"
    )
    urgency = Column("紧急程度", Choice(URGENCY), help="紧急公文才选。", width=10)
    mark = Column(
        "发文机关标志",
        Text(example="中共青石镇委员会文件", width=22),
        help="机关全称或规范化简称加“文件”；联合行文的用“、”隔开，主办机关写在最前。",
    )
    number = Column(
        "发文字号",
        DocumentNumber(example="青委发〔2022〕8号", width=20),
        help="一份公文一个号；发给各村的公文要分村各写一行。",
    )
    signers = Column("签发人", Names(), help="报告、汇报等上行文才写。", width=12)
    copies = Column(
        "抄送",
        Text(long=True, example="县委组织部，县农业农村局"),
        width=19,
        help="写机关名称，不写“抄送”二字。",
    )
    printer = Column(
        "印发机关", Text(example="青石镇党建工作办公室", width=21), help="写印发公文的部门。"
    )
    day = Column("印发日期", Day(), help="公文送印的日期；印发通知的成文日期也用它。")


class TypeCode(
    Row,
    sheet="字典",
    key="code",
    hint="R 开头的是全国统一类型，不要改；本地类型用 L 开头接着往下加。",
    blank_rows=20,
):
    """One type of weak branch in use here."""

    code = Column("类型代码", Text(example="L01"), required=True, help="本地类型从 L01 起编。")
    label = Column("简称", Text(example="集体经济薄弱"), required=True, width=18)
    text = Column("全称", Text(long=True, example="发展思路不清、集体经济薄弱的"), width=60)


FORM = Form(
    id="township-workbook",
    title="软弱涣散党组织整顿镇级工作簿",
    version="1.3.0",
    rows=(Township, Village, Settings, Formality, TypeCode),
    purpose="本工作簿由镇党建办填写，一年一份：发放、核对、汇总和公文都以这里的名册和参数为准。",
    steps=(
        "先填“镇情”和“村名册”，再看“参数”是否合用。",
        "按名册发放村级工作簿；汇总时未交、多交、错交的村按名册清点。",
        "公文要印红头、文号、抄送机关的，在“公文要素”里填；不填的不印。",
        "本地另有软弱涣散类型的，在“字典”里接着往下加。",
    ),
    dictionary="下拉选项",
)


NATIONAL: Filling = {
    TypeCode: [
        {"code": term.code, "label": term.label, "text": term.text} for term in codes.TYPES.terms
    ]
}
"""What a township's blank workbook holds from the start: the types, for it to add its own."""


def roster(book: Workbook) -> tuple[Village, ...]:
    """Return the villages that must report, in the roster's order: each has a code or a name."""
    return tuple(row for row in book.rows(Village) if row.code or row.village)


# -- what a paper bears above and below its text --------------------------------------------------

OF_ONE_PAPER = (Formality.number, Formality.copy)
"""What two papers never share."""
OF_ONE_MONTH = (*OF_ONE_PAPER, Formality.day)
"""What the papers of two months never share."""
OF_A_FINAL_PAPER = (Formality.number, Formality.day)
"""What a paper bears when it is issued, not before."""


def formality(
    book: Workbook | None, sort: str, village: str = "", code: str = "", month: str = ""
) -> Formality | None:
    """Return what a sort of paper bears, of a village or the township itself; None if nothing.

    A village's own row goes before the one of all villages, cell by cell, and of a sort that comes
    every month the row of that `month` (2022-10) before one without. A number that is meant for one
    paper is taken from no row of several: the cell is empty then, and its note says why. The first
    of two rows for the same paper counts. What the township issues bears its own mark where none is
    told.
    """
    rows = [row for row in book.rows(Formality) if row.sort == sort] if book else []
    whose = {village, code} - {""}
    months = (month, None) if month and sort in MONTHLY else ()
    fitting = [
        *_fitting([row for row in rows if row.village in whose], months),
        *_fitting([row for row in rows if row.field(Formality.village).empty], months),
    ]
    found: Formality | None = None
    if fitting:
        shared = {
            id(row): _shared(row, is_of_a_village=bool(whose), is_monthly=bool(months))
            for row in fitting
        }
        held = {column.name: _held(column, fitting, shared) for column in Formality.columns}
        found = Formality(fitting[0].workbook, fitting[0].sheet_title, held)
    return _with_mark(found, book) if book and sort == ISSUED else found


def _fitting(rows: Sequence[Formality], months: Sequence[str | None]) -> Iterator[Formality]:
    """Yield the first row of the month and the first of none; where months are no matter, one."""
    if not months:
        yield from rows[:1]
    for month in months:
        yield from [row for row in rows if row.month == month][:1]


def _shared(
    row: Formality, *, is_of_a_village: bool, is_monthly: bool
) -> Mapping[Column[Any], str]:
    """Return which cells of a row are meant for one of several papers, and what makes it serve all.

    A row without a village serves many papers of villages, one without a month those of all months.
    """
    where = f"{Formality.sheet}第 {row.line} 行"
    told: dict[Column[Any], str] = {}
    if is_monthly and row.month is None:
        why = "没有写月份" if row.field(Formality.month).empty else "月份读不出"
        told |= dict.fromkeys(OF_ONE_MONTH, f"{where}{why}")
    if is_of_a_village and row.field(Formality.village).empty:
        told |= dict.fromkeys(OF_ONE_PAPER, f"{where}没有写村名")
    return told


def _held(
    column: Column[Any],
    rows: Sequence[Formality],
    shared: Mapping[int, Mapping[Column[Any], str]],
) -> Field:
    """Return the first cell that is filled and serves; else an empty one that says why."""
    withheld = ABSENT
    for row in rows:
        field = row.field(column)
        why = _blanked(field) if field.empty else shared[id(row)].get(column, "")
        if not field.empty and not why:
            return field
        if why and not withheld.note:
            withheld = Field(note=why)
    return withheld


def _blanked(field: Field) -> str:
    """Return why an empty cell was made so, "" where nothing stood there or a mask."""
    return "" if field.masked else field.note


def as_draft(book: Workbook) -> Workbook:
    """Return a township's workbook as a draft is made from it: nothing is numbered or dated yet."""
    if Formality not in book.sheets:
        return book
    sheet, blank = book.sheets[Formality], Field(note=DRAFTED)
    rows = []
    for row in book.rows(Formality):
        filled = (column for column in OF_A_FINAL_PAPER if not row.field(column).empty)
        held = {**row.fields, **{column.name: blank for column in filled}}
        rows.append(Formality(row.workbook, row.sheet_title, held))
    return replace(book, sheets={**book.sheets, Formality: replace(sheet, rows=tuple(rows))})


DRAFTED = "征求意见稿"
"""Why a draft bears no number."""


def _with_mark(row: Formality | None, book: Workbook) -> Formality | None:
    """Return a row with the township's full name and 文件 as its mark (7.2.4) where it has none."""
    town = next(iter(book.rows(Township)), None)
    if (row and not row.field(Formality.mark).empty) or town is None or not town.committee:
        return row
    told = row.fields if row else {column.name: ABSENT for column in Formality.columns}
    mark, sort = f"{town.committee}文件", Field(ISSUED, ISSUED)
    held = {**told, "mark": Field(mark, mark), "sort": sort}
    return Formality(book.path, Formality.sheet, held)


# -- whose workbook is it, and of which year ------------------------------------------------------
#
# One answer for rules and rollup.


def match(book: Workbook, listed: Sequence[Village]) -> Village | None:
    """Return the roster's line of a village's workbook, None where the roster does not know it."""
    own = village.profile(book)
    codes_told = (own.code if own else "", book.identity.code)
    return whose(book.name, codes_told, village.village_name(book), listed)


def whose(
    file: str, told: Iterable[str | None], name: str, listed: Sequence[Village]
) -> Village | None:
    """Return the roster's line of the village that a workbook says it is of, None if of none.

    The code filled in tells, else the one issued with the file, else the name; the file's own
    name only where nothing else does. Where both code and name are another's than of the village
    that the file was issued to, that village's file was copied.
    """
    known = [code for code in told if code]
    if known or name:
        line = find(listed, known, name)
        return None if line and _is_anothers(line, known[0] if known else "", name) else line
    code, name = issued_as(file)
    return find(listed, [code], name)


def _is_anothers(line: Village, code: str, name: str) -> bool:
    """Say whether a code and a name that are both told are both not a line's; 203 is like 0203."""
    other_name = bool(name and line.village) and name != line.village
    return other_name and bool(code) and code.lstrip("0") != (line.code or "").lstrip("0")


def find(listed: Sequence[Village], told: Iterable[str], name: str) -> Village | None:
    """Return the roster's line that has one of the codes, else the only one of that name.

    Of two lines that have one of the codes, the one whose village bears the name is meant.
    """
    by_code, by_name = _index(tuple(listed))
    found = [row for code in told for row in by_code.get(code, ())]
    if found:
        return next((row for row in found if name and row.village == name), found[0])
    namesakes = by_name.get(name, ())
    return namesakes[0] if len(namesakes) == 1 else None


@lru_cache(maxsize=4)
def _index(
    listed: tuple[Village, ...],
) -> tuple[Mapping[str, Sequence[Village]], Mapping[str, Sequence[Village]]]:
    """Return a roster's lines by code and by name; of two that say the same, the first alone."""
    rows: dict[tuple[str, str], Village] = {}
    by_code: dict[str, list[Village]] = {}
    by_name: dict[str, list[Village]] = {}
    for row in listed:
        if rows.setdefault(line_key(row), row) is not row:
            continue
        if row.code:
            by_code.setdefault(row.code, []).append(row)
        if row.village:
            by_name.setdefault(row.village, []).append(row)
    return by_code, by_name


def line_key(line: Village) -> tuple[str, str]:
    """Return what tells a line of the roster from others: code and name, as either may be amiss."""
    return line.code or "", line.village or ""


def issued_as(file: str) -> tuple[str, str]:
    """Return the code and the name in a file's name as issued, "" where it is named otherwise.

    >>> issued_as("0204-柳树村-2022.xlsx"), issued_as("柳树村.xlsx")
    (('0204', '柳树村'), ('', ''))
    """
    issued = re.match(r"(\d{2,12})-([^-]+)-", file)
    return (issued[1], issued[2]) if issued else ("", "")


def file_order(file: str) -> tuple[bool, int, str]:
    """Return what files of the same content are sorted by: one that is named as issued first.

    >>> sorted(["0203-上河村-2022 (1).xlsx", "新建.xlsx", "0203-上河村-2022.xlsx"], key=file_order)
    ['0203-上河村-2022.xlsx', '0203-上河村-2022 (1).xlsx', '新建.xlsx']
    """
    return not any(issued_as(file)), len(file), file


def year_of(books: Iterable[Workbook], told: int | None, otherwise: int) -> int:
    """Return the year of the rectification: as the township has set it, else most books'."""
    return most_years(map(village.plan_year, books), told, otherwise)


def most_years(found: Iterable[int | None], told: int | None, otherwise: int) -> int:
    """Return the year that was told, else the one found most often.

    Where as many are of one year as of another, or none says its year, `otherwise` decides.
    """
    years = Counter(filter(None, found))
    most = [year for year, count in years.items() if count == max(years.values())]
    return told or (otherwise if otherwise in most or not most else max(most))
