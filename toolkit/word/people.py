"""Names as people enter them: with titles, joined by 和, with the reason why somebody was absent.

What a column of names holds is read into names, and into what could not be read as one, so that a
version for the public can tell of the latter instead of leaving it in clear without a word.
"""

import re
from collections.abc import Iterator
from enum import Enum
from typing import Any, NamedTuple

from toolkit.forms import village
from toolkit.schema.columns import Column, Row
from toolkit.schema.kinds import Names
from toolkit.schema.texts import has_mask, is_mask, names

HAN = "⺀-⿟㐀-䶿一-鿿豈-\ufaff\U00020000-\U000323af"
"""The ranges of Han characters of Unicode 15: radicals, all extensions, compatibility."""
_DASHES = "－—–‐‑−"
_FOLDED = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys(map(ord, _DASHES), "-")
    | dict.fromkeys(map(ord, "•‧・･"), "·")
    | {0x3000: " ", 0xA0: " "}
)


def folded(text: str) -> str:
    """Return a text of the same length in half width, with one sort of dash, dot and blank.

    >>> folded("１３９．１２３４　阿里•买买提")
    '139.1234 阿里·买买提'
    """
    return text if text.isascii() else text.translate(_FOLDED)


# -- which columns name people --------------------------------------------------------------------


class Trust(Enum):
    """How surely an entry is a person: by the column alone, most likely, or among other words."""

    SURE = 1
    LISTED = 2
    TOLD = 3


_SURE = frozenset(
    {"支部书记姓名", "文书姓名", "主持人", "记录人", "联系人", "支部书记", "村文书", "党组织书记"}
)
"""The headers of columns that name one person; 支部书记 with a number in it names nobody."""
_UNIT_ROLE = "结对帮扶单位"


def trust(row: Row, column: Column[Any]) -> Trust | None:
    """Return how surely what stands under a column of a row names people, None if it does not."""
    if column is village.Person.name:
        role = row.field(village.Person.role).value
        return None if role == _UNIT_ROLE else Trust.SURE if role else Trust.LISTED
    if column is village.Meeting.absent:
        return Trust.TOLD
    if isinstance(column.kind, Names) and "单位" not in column.header:
        return Trust.LISTED
    is_number = isinstance(row.field(column).value, int)
    return Trust.SURE if column.header in _SURE and not is_number else None


# -- an entry -------------------------------------------------------------------------------------

_OFFICE = (
    "第一书记|副书记|书记|副支书|支书|副主任|主任|副组长|组长|副镇长|镇长|副乡长|乡长|副县长|县长"
    "|副局长|局长|村长|社长|队长|站长|所长|部长|科长|主席|常委|委员|支委|监委|村委|指导员|队员|成员|干事|专干|会计|出纳"
    "|文书|网格员|监督员|联络员|党员|干部|村民|老师|医生|同志|先生|女士"
)
_BESIDE = (
    "具体负责|共同负责|负责人|负责|牵头|包抓|落实|主持|记录|责任人|参加|列席|缺席|请假|病假|事假|未到|未参加"
    "|迟到|外出务工|务工|外出|住院|生病|出差|开会|值班|因病|因事|因公|等人|等"
)
_BEFORE = re.compile(rf"^(?:由|请|.*(?:{_OFFICE}))[:：]?(?=.{{2,}})")
_BEHIND = re.compile(
    rf"(?:{_OFFICE}|{_BESIDE}|(?:[两二三四五六七八九十]|[0-9]+)(?:人|位|名)(?:同志)?)$"
)
_REASON = re.compile(r"(?<=..)(?:因|在|去|到|赴).+$")
_REASONS = re.compile(
    "病|假|在外|外地|外出|参加|会议|开会|值守|值班|务工|打工|培训|学习|住院|照顾|陪护|探亲|有事|公务"
)
_ASIDE = re.compile(r"[（(\[【]([^（()）\[\]【】]*)[)）\]】]")
_MANY = re.compile(r"等[^、，,；;。]*")
_BETWEEN = re.compile(r"[:：+＋&|｜]|以及")
_JOINT = re.compile("[和与及]")
_ORDINAL = re.compile(r"(?<![0-9])[0-9]{1,2}[.)](?![0-9])")
_SPREAD = re.compile(
    f"(?<![{HAN}])([{HAN}]) +([{HAN}])[和与及](?=[{HAN}](?: |[{HAN}]))"  # 李 明和王 强
)
_LONG_NUMBER = re.compile(r"[0-9][-0-9 ]{5,}[0-9Xx]")
_NOBODY = re.compile(
    rf"(?:无|没有|兼|包村|驻村|联村|空缺|缺配|暂缺|待定|未定|全勤|全部到会|全部到齐|{_OFFICE}|{_BESIDE}"
    r"|[0-9]+[人名]?|[-/—＿_])*+"
)
_NO_PERSON = re.compile(
    "^各|支部|党委|党总支|两委|委员会|班子|全体|党员|干部|群众|代表|小组|专班|工作队|合作社|公司|政府|银行"
    "|学校|中心|单位|部门|办公室|领导|人员|成员|村民|各村|各组|镇党|县委|镇委"
)
_UNIT_ENDS = {
    3: "局厅办委校站队组室处厂所部",
    4: "局厅办委校站队组室处厂所部会社院店行司村镇乡县",
}
_MOST_ENDS = 4
_NAME = re.compile(f"[{HAN}〇]{{2,10}}")
_DOTTED = re.compile(f"[{HAN}]+(?:·[{HAN}]+)+")
_USUAL = 4  # characters of a name at most, of those that are no transcription
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛"
    "奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康"
    "伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵"
    "席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫房裘缪干解应宗丁"
    "宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊甄曲封芮储靳段富巫乌焦巴弓牧隗山谷车侯"
    "宓蓬全班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶黎薄印宿白怀蒲台从鄂索咸籍赖卓蔺"
    "屠蒙池乔阴胥苍双闻莘党翟谭贡劳姬申扶堵冉宰雍璩桑桂濮牛寿通边扈燕冀浦尚农温庄晏柴瞿阎充慕"
    "连茹习艾鱼容向古易慎戈廖终居衡步都耿满弘匡国文寇广东欧沃利师巩聂关荆肖闫付游覃仝敖揭丛岳鞠"
    "代战佟鹿苑迟原辛路亓信盖阳海哈官司上诸夏皇尉公令宇长慕端百呼南独"
)


class Entries(NamedTuple):
    """What a cell of names says: the names, and the entries that are none or may be none."""

    names: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def people_in(text: str, trust: Trust) -> Entries:
    """Return whom a cell names, and what in it could not be read as a name.

    >>> people_in("支书宋江红、卢俊义书记", Trust.LISTED).names
    ('宋江红', '卢俊义')
    >>> people_in("林冲和秦明亮、村党支部", Trust.LISTED)
    Entries(names=('林冲', '秦明亮'), unread=('村党支部',))
    """
    flat = _SPREAD.sub(r"\1\2、", _ORDINAL.sub("、", _LONG_NUMBER.sub("、", folded(text))))
    found: list[str] = []
    unread: list[str] = []
    entries = names(_BETWEEN.sub("、", _MANY.sub("、", _ASIDE.sub("、", flat))))
    told = [(each, trust) for entry in entries for each in _apart(entry)]
    aside = names("、".join(_ASIDE.findall(flat)))  # 2人（王明、李强请假）
    reasons = [(each, Trust.TOLD) for each in aside if not _is_reason(each)]
    for entry, how in (*told, *reasons):
        name = _bare(entry)
        if has_mask(entry) or is_mask(entry) or _NOBODY.fullmatch(name):
            continue
        (found if _is_person(name, how) else unread).append(name)
    return Entries(tuple(dict.fromkeys(found)), tuple(dict.fromkeys(unread)))


def _is_reason(aside: str) -> bool:
    """Say whether what stands in brackets tells why somebody was absent, and names nobody.

    >>> [_is_reason(each) for each in ("陪护病人", "李大明请假", "小名狗娃")]
    [True, False, False]
    """
    return aside[0] not in _SURNAMES and _REASONS.search(aside) is not None


def _apart(entry: str) -> Iterator[str]:
    """Yield the names that 和, 与 or 及 joins; 李和平 and 和志强 are one each.

    >>> [tuple(_apart(each)) for each in ("王和平和李明", "李和平", "卢俊书记与李明")]
    [('王和平', '李明'), ('李和平',), ('卢俊书记', '李明')]
    """
    start = 0
    for match in _JOINT.finditer(entry):
        here, rest = entry[start : match.start()], entry[match.end() :]
        if min(len(_bare(here)), len(_bare(rest))) > 1:
            yield from _offices(here)
            start = match.end()
    yield from _offices(entry[start:])


def _offices(entry: str) -> Iterator[str]:
    """Yield an entry; before it the name that stands before an office within it, if any does.

    >>> [tuple(_offices(each)) for each in ("李明书记王强", "上河村支书王强")]
    [('李明', '李明书记王强'), ('上河村支书王强',)]
    """
    match = _BEFORE.match(entry)
    head = _shortened(match[0]) if match else ""
    if len(head) <= _USUAL and _is_person(head, Trust.TOLD):
        yield head
    yield entry


def _bare(entry: str) -> str:
    """Return an entry without offices and other words at its ends, so that a name remains.

    >>> [_bare(each) for each in ("镇党委副书记李明同志负责", "李文书", "王强因病请假", "王自在")]
    ['李明', '李文书', '王强', '王自在']
    """
    long = len(entry) > _USUAL
    return _BEFORE.sub("", _shortened(_REASON.sub("", entry) if long else entry), count=1)


def _shortened(entry: str) -> str:
    """Return an entry without the offices and other words behind a name."""
    bare, last = entry, ""
    while bare != last:
        last = bare
        shorter = _BEHIND.sub("", bare)
        bare = shorter if len(shorter) > 1 else bare
    return bare


def _is_person(name: str, trust: Trust) -> bool:
    """Say whether what remains of an entry is a person's name.

    >>> [_is_person(each, Trust.LISTED) for each in ("李会", "文化局", "阿卜杜拉·买买提", "王建校")]
    [True, False, True, False]
    >>> _is_person("王建校", Trust.SURE), _is_person("外出探亲", Trust.TOLD)
    (True, False)
    """
    if _DOTTED.fullmatch(name):
        return True
    if not _NAME.fullmatch(name) or _NO_PERSON.search(name):
        return False
    is_unit = name[-1] in _UNIT_ENDS.get(min(len(name), _MOST_ENDS), "")
    if len(name) > _USUAL:
        return trust is not Trust.TOLD and not is_unit
    if trust is Trust.TOLD:
        return name[0] in _SURNAMES and name[-1] not in _UNIT_ENDS[_MOST_ENDS]
    return trust is Trust.SURE or not is_unit


def may_be_two(name: str) -> bool:
    """Say whether a name is so long that it may be two names, or other words.

    >>> may_be_two("王志远李明"), may_be_two("阿卜杜拉·买买提"), may_be_two("欧阳明月")
    (True, False, False)
    """
    return len(name) > _USUAL and "·" not in name
