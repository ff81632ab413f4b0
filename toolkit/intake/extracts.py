"""Facts that a paragraph mentions while its text stays as it is: documents, people, types."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.forms import codes
from toolkit.forms.village import Basis, Person
from toolkit.intake.pieces import Cells
from toolkit.schema.kinds import Context, Day
from toolkit.schema.texts import names

# ---- documents of higher organs

_TITLE = r"《(?P<title>(?:[^《》]|《[^《》]*》)*)》"
_NUMBER = (
    r"[（(](?P<number>[^（）()〔〕\[\]【】《》，。；]{1,20}"
    r"[〔\[［【（(]\s*(?:\d{4}|[*×]+)\s*[〕\]］】）)]\s*第?[\d*×]+\s*号)[）)]"
)
_DOCUMENT = re.compile(
    r"(?:(?P<organ>[^，。；、：“”《》（）()\s]{2,20}?)(?:关于)?(?P<issued>印发|下发|转发)(?:的)?)?"
    rf"{_TITLE}(?:\s*{_NUMBER})?"
)
_LEADING = re.compile("^(?:.*?(?:按照|根据|依据|遵照|贯彻落实|贯彻|落实|为|和|及|与))?")
_WITHIN = re.compile(r"^(?P<organ>[^《》〈〉]{2,20}?)关于")
_JOINT = re.compile(
    r"(?:(?P<day>\d{4}年\d{1,2}月\d{1,2}日))?[^，。；、“”\d]{0,4}?(?P<level>村级|镇级|乡级|县级)"
    r"(?P<way>[^，。；、“”]{0,16}?(?:评议|评定|研判|评价|测评))"
)


def bases(text: str) -> tuple[list[Cells], list[str]]:
    """Return rows for the documents and assessments that a preamble rests on, and remarks.

    A document counts with its number or with the organ that issued it; other titles are talk.
    """
    rows: list[Cells] = []
    notes: list[str] = []
    for match in _DOCUMENT.finditer(text):
        if not (match["number"] or match["issued"]):
            continue
        organ = _LEADING.sub("", match["organ"] or "")
        within = _WITHIN.match(match["title"])
        if not organ and within:
            organ = within["organ"]
            notes.append(f"发文机关“{organ}”取自文件标题《{match['title']}》，请核对")
        rows.append(
            {
                Basis.kind: "上级文件",
                Basis.organ: organ,
                Basis.title: match["title"],
                Basis.number: match["number"] or "",
            }
        )
    if "三级联评" in text:
        joint: list[Cells] = [
            {
                Basis.kind: "三级联评",
                Basis.day: Day().read(match["day"], Context()).value if match["day"] else "",
                Basis.level: match["level"],
                Basis.way: match["way"],
            }
            for match in _JOINT.finditer(text)
        ]
        rows += joint
        if not joint:
            notes.append(
                "前言提到“三级联评”，没有写明层级、方式和日期，“依据文件”未填三级联评，请补充"
            )
    return rows, notes


# ---- the leading group

_ROLE = r"(?P<role>(?:常务)?副组长|组长|成员|办公室主任)"
_APPOINTED = re.compile(
    rf"(?:由|[，,、；;：:]由?)(?P<who>[^，,；;。：:（）()]{{1,80}}?)(?:同志)?(?:担任|任|为){_ROLE}"
)
_BY_ROLE = re.compile(
    rf"(?<!副){_ROLE}由(?P<who>[^，,；;。：:（）()]{{1,80}}?)(?:同志)?(?:担任|兼任|组成)"
)
_LISTED = re.compile(r"(?P<role>副\s*组\s*长|组\s*长|成\s*员)\s*[：:]\s*(?P<who>.+)")
_UNIT = (
    "(?P<unit>[^*＊×]{0,12}?(?:党支部|支部|党委|党总支|村委会|监委会|居委会|政府|人大"
    "|镇|乡|县|村|社区|局|办|中心|公司))?"
)
_POST = (
    "(?P<post>(?:第一|副|常务)*(?:书记|主任|镇长|乡长|县长|支书|文书|部长|局长"
    "|站长|组织委员|纪检委员|宣传委员|委员|指导员|工作队员|队员|会计))?"
)
_NAME = r"(?P<name>[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]?[*＊×某]+[\u4e00-\u9fff]?|[XxＸ]{2,})"
_WHO = re.compile(rf"{_UNIT}{_POST}\s*{_NAME}(?:同志)?(?:[（(](?P<note>[^（）()]+)[）)])?")
_NO_NAME = re.compile(
    "成员|干部|班子|同志|负责|委员|书记|主任|党员|代表|全体|其他|支部|两委|镇长|人员|小组"
)


def people(text: str) -> tuple[list[Cells], list[str]]:
    """Return rows for those whom a paragraph names to the leading group, and remarks."""
    listed = _LISTED.fullmatch(text.strip())
    matches = [listed] if listed else [*_APPOINTED.finditer(text), *_BY_ROLE.finditer(text)]
    rows: list[Cells] = []
    notes: list[str] = []
    for match in matches:
        role = re.sub(r"\s|常务", "", match["role"])
        for word in names(match["who"].rstrip("。")):
            who = _WHO.fullmatch(word)
            if who is None or _NO_NAME.search(who["name"]):
                notes.append(f"“{word}”（{role}）不像一个人的姓名，“工作力量”未填，请核对")
                continue
            rows.append(
                {
                    Person.role: role,
                    Person.name: who["name"],
                    Person.post: who["post"] or who["note"] or "",
                    Person.unit: who["unit"] or "",
                }
            )
    return rows, notes


# ---- types of weak branch

_KEYWORDS = (  # the first that fits decides
    ("L06", "换届遗留|换届后"),
    ("R05", "拉票|贿选"),
    ("R01", "配备不齐|缺配|缺职|空缺|停滞"),
    ("R02", "不胜任|书记.*不在状态|带头人.*不强"),
    ("R03", "不团结|内耗"),
    ("R06", "宗族|宗教|黑恶|村霸"),
    ("L02", "监督委员会|监委会|村民代表会议"),
    ("L03", "惠农"),
    ("R07", "财务|村务.*公开|民主管理|账目"),
    ("R08", "治安|信访|矛盾纠纷"),
    ("R09", "场所|阵地"),
    ("L04", "发展党员.*(?:停滞|不力)|(?:未|没有|无)发展党员"),
    ("L05", "末位|满意度"),
    ("L01", "集体经济|发展思路|经营性收入"),
    ("R04", "形同虚设|虚设|组织生活|三会一课|制度.*不(?:严|落实|健全)"),
    ("R10", "组织动员|致富|带富|带领|威信|作用发挥|服务|凝聚|战斗力|联系群众|群众意见|党员教育"),
)
_STATED = re.compile(r"(?<!具体)表现[为在][：:]?(?P<types>[^。；：:]+)[。；]")


def stated_types(text: str) -> str:
    """Return the types that a lead-in states, as written, "" where it states none.

    >>> stated_types("软弱涣散问题表现为：集体经济薄弱、组织动员力弱。具体表现为以下方面：")
    '集体经济薄弱、组织动员力弱'
    """
    match = _STATED.search(text)
    return match["types"].strip() if match else ""


@dataclass(frozen=True, slots=True)
class Typed:
    """Codes found for some wording, the main one first, with a remark on each phrase."""

    codes: str
    notes: tuple[str, ...]


def type_codes(text: str, of: str = "") -> Typed:
    """Return the codes that a wording stands for; what stands for none is said, not guessed."""
    found: list[str] = []
    notes: list[str] = []
    for phrase in _phrases(text):
        code = _code(phrase)
        if code:
            found.append(code)
            notes.append(f"{of}类型“{phrase}”暂归 {code}，请核对")
        else:
            notes.append(f"{of}类型“{phrase}”没有相当的类型代码，未归类，请核对")
    return Typed("、".join(dict.fromkeys(found)), tuple(notes))


def _phrases(text: str) -> Iterator[str]:
    for phrase in re.split("[、，,；;]", text):
        if phrase.strip():
            yield phrase.strip()


def _code(phrase: str) -> str:
    term = codes.TYPES.find(phrase)
    if term is not None:
        return term.code
    return next((code for code, words in _KEYWORDS if re.search(words, phrase)), "")
