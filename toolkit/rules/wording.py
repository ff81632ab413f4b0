"""W6xx: the wording of official text: document numbers, typos, placeholders, marks, numbering."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

from toolkit.findings import Level
from toolkit.forms.codes import ROLES
from toolkit.forms.village import Passage, Profile, Waiver
from toolkit.rules.rule import Case, Objections, Spoken, Stage, quoted, rule, shortened

TYPOS = {
    # ledgers and striking off
    "台帐": "台账",
    "帐目": "账目",
    "帐本": "账本",
    "帐户": "账户",
    "建帐": "建账",
    "销帐": "销账",
    "帐务": "账务",
    "帐号": "账号",
    "报帐": "报账",
    "欠帐": "欠账",
    "消号": "销号",
    # Party terms
    "中共特色社会主义": "中国特色社会主义",
    "支部委会": "支部委员会",
    "支部委员委": "支部委员会",
    "三会一科": "三会一课",
    "四议两工开": "四议两公开",
    "先进性和纯结性": "先进性和纯洁性",
    "两个确力": "两个确立",
    "软弱焕散": "软弱涣散",
    "软弱换散": "软弱涣散",
    "战斗堡磊": "战斗堡垒",
    "监督委员委": "监督委员会",
    "乡村震兴": "乡村振兴",
    "乡村振新": "乡村振兴",
    "脱贫攻艰": "脱贫攻坚",
    "扫黑除饿": "扫黑除恶",
    "烧黑除恶": "扫黑除恶",
    "镇将镇": "镇江镇",
    "党组识": "党组织",
    "积极份子": "积极分子",
    "三务工开": "三务公开",
    "党风廉正建设": "党风廉政建设",
    "先峰模范": "先锋模范",
    "先峰作用": "先锋作用",
    "帮挟": "帮扶",
    "专项整冶": "专项整治",
    "予盾": "矛盾",
    "矛盾纠份": "矛盾纠纷",
    # verbs and everyday words
    "走坊": "走访",
    "座淡": "座谈",
    "截止目前": "截至目前",
    "尽职尽则": "尽职尽责",
    "执行不位": "执行不到位",
    "落实不位": "落实不到位",
    "整改不位": "整改不到位",
    "召了开": "召开了",
    "认识抓好": "认真抓好",
    "峻工": "竣工",
    "峻功": "竣工",
    "布署": "部署",
    "按装": "安装",
    "松驰": "松弛",
    "贯彻落时": "贯彻落实",
    "贯切落实": "贯彻落实",
    "再接再励": "再接再厉",
    "一如继往": "一如既往",
    "既使": "即使",
    "迫不急待": "迫不及待",
    "防犯": "防范",
    "通迅": "通讯",
    "的的": "的",
    "了了": "了",
    "及及": "及",
    "并并": "并",
    # months
    "月低": "月底",
    "年低": "年底",
    "季低": "季底",
    "月底底": "月底",
}
"""Slips seen in real plans, ledgers and reports, each with the right word."""

_TYPO = re.compile("|".join(sorted(TYPOS, key=len, reverse=True)))

_LOOKALIKE = {  # a typo that is also part of a sound word: the sound words
    "消号": ("取消号", "撤消号", "消号码"),
    "建帐": ("建帐篷",),
    "按装": (
        "按装配",
        "按装机",
        "按装修",
        "按装订",
        "按装备",
        "按装置",
        "按装载",
        "按装卸",
        "按装饰",
    ),
    "镇将镇": ("乡镇将镇", "镇将镇级", "镇将镇里", "镇将镇域", "镇将镇区"),
    "党组识": ("党组识别", "党组识破", "党组识才", "党组识人"),
    "防犯": ("防犯罪",),
    "既使": ("既使用",),
    "的的": ("目的的", "的的确", "的的士"),
    "了了": ("不了了之", "了了解", "了了望", "一了了", "了了却", "了了结", "了了断"),
    "及及": ("以及及", "及及时", "普及及", "涉及及"),
    "并并": ("合并并", "并并非", "并并不"),
}
_SOUND_BEFORE = {"既使": re.compile("既使(?=[^。；！？]*?又)")}
"""What is sound where something follows: 既使…又…, but not 既使…也…."""
_TIME_ENDS = re.compile("[年月季]低(?=[前之以，。；、）完]|$)")  # but 低于, 低保, 低息, 低碳 …


@rule("W601", Level.WARNING)
def document_number_without_hexagonal_brackets(case: Case) -> Objections:
    """发文字号的年份没有用六角括号。

    原因：发文字号由发文机关代字、年份、发文顺序号组成，年份用六角括号〔〕括入。

    改法：按“清组发〔2022〕40号”的格式改写，年份写全四位。
    """
    for spoken in _ours(case, "号"):
        for match in _NUMBER.finditer(spoken.value):
            if match["ok"]:
                continue
            if match["year"]:
                right = f"{match['organ']}〔{match['year']}〕{match['serial']}号"
                yield [spoken.cell], f"{quoted(match[0])}应写成{quoted(right)}"
            else:
                yield [spoken.cell], f"{quoted(match[0])}没有年份"


_NUMBER = re.compile(
    r"(?P<organ>[一-龥]{1,6}[发办函字通组委])第?\s*"
    r"(?:(?P<ok>〔\d{4}〕\s*\d+号)"
    r"|[\[［【(（{〔]\s*(?P<year>\d{4})\s*年?\s*[\]］】)）}〕]\s*第?(?P<serial>\d+)\s*号"
    r"|(?<=[发函字])\d{1,4}号(?=文|）|\)|[，。；、]|$))"
)


@rule("W602", Level.WARNING)
def typo(case: Case) -> Objections:
    """文字里有错别字。

    原因：错别字影响公文的严肃性，这里核对的是常见的错写。

    改法：改成正确的字词；确实没有写错的，在“情况说明”表里写明。
    """
    for wrong in dict.fromkeys(_TYPO.findall(case.prose)):
        for spoken in _ours(case, wrong):
            if _misspelt(spoken.value, wrong):
                yield [spoken.cell], f"“{wrong}”应为“{TYPOS[wrong]}”"


def _misspelt(text: str, wrong: str) -> bool:
    """Say whether the typo stands in a text otherwise than within a sound word."""
    if wrong.endswith("低"):
        return any(match[0] == wrong for match in _TIME_ENDS.finditer(text))
    for sound in _LOOKALIKE.get(wrong, ()):
        text = text.replace(sound, "")
    if wrong in _SOUND_BEFORE:
        text = _SOUND_BEFORE[wrong].sub("", text)
    return wrong in text


_PLACEHOLDER = re.compile(
    r"[xX×✕\d]*[xX×✕]+\s*[年月日号时](?:[xX×✕\d]+[月日])*"
    r"|20[xX×✕]{2}|(?<![A-Za-z])[xX×✕]{2,}[一-龥]?|(?<![A-Za-z])[Xx](?=[县镇乡村组社名人户亩元个万])"
    r"|年\s+月(?:\s+日)?|(?<=[到至自于从])\s*(?:年\s*)?月\s*日(?=[止前起至])"
    r"|_{2,}|＿{2,}|某某|某(?=[县镇乡村])|待(?:补充?|定)(?=[。，；、）)\s]|$)|（按实际情况填写）|…{3,}|\.{4,}"
)
_SIGNS = (
    "月日",
    "年 月",
    "月 日",
    "x",
    "X",
    "×",
    "✕",
    "__",
    "＿＿",
    "某",
    "待补",
    "待定",
    "（按实际",
    "………",
    "....",
)


@rule("W603", Level.WARNING)
def placeholder_left(case: Case) -> Objections:
    """文字里留有占位符。

    原因：模板里的空白没有填写，打印出来就是漏项。

    改法：换成实际内容；没有的，删去这一句。
    """
    for spoken in _ours(case, *_SIGNS):
        match = _PLACEHOLDER.search(spoken.value)
        if match:
            yield [spoken.cell], f"{quoted(match[0])}还是占位符"


_HALF_WIDTH = re.compile(r"(?<=[一-龥”》）])[,;:?!](?=\D|$)|(?<=[一-龥])[()](?=[一-龥\d]|$)")
_DOUBLED = re.compile(r"。。+(?!。)|，，+|；；+|、、+|：：+|，。|。，|、。|；。")
_MARK_NAMES = {
    ",": "逗号",
    ";": "分号",
    ":": "冒号",
    "?": "问号",
    "!": "叹号",
    "(": "括号",
    ")": "括号",
}
_HALF_MARKS = tuple(_MARK_NAMES)
_BEFORE = re.compile(r"[^\s，。；：、]{0,4}$")
_AFTER = re.compile(r"[^\s，。；：、]{0,4}")
_DOUBLES = ("。。", "，，", "；；", "、、", "：：", "，。", "。，", "、。", "；。")


@rule("W604", Level.INFO)
def half_width_or_doubled_mark(case: Case) -> Objections:
    """标点用了半角，或者重复。

    原因：公文用全角标点；半角和重复的标点影响版面整齐。

    改法：改成全角标点，重复的删去一个。
    """
    for spoken in _ours(case, *_HALF_MARKS):
        for name, slips in _by_name(_HALF_WIDTH.finditer(spoken.value)).items():
            yield [spoken.cell], f"{_where(slips)}{name}是半角"
    for spoken in _ours(case, *_DOUBLES):
        slips = list(_DOUBLED.finditer(spoken.value))
        for marks in dict.fromkeys(slip[0] for slip in slips):
            alike = [slip for slip in slips if slip[0] == marks]
            yield [spoken.cell], f"{_where(alike)}标点“{marks}”重复"


def _by_name(slips: Iterable["re.Match[str]"]) -> dict[str, list["re.Match[str]"]]:
    """Return slips by the names of their marks."""
    found: dict[str, list[re.Match[str]]] = {}
    for slip in slips:
        found.setdefault(_MARK_NAMES[slip[0]], []).append(slip)
    return found


def _where(slips: Sequence["re.Match[str]"]) -> str:
    """Return the words round the first slip, and how many more there are."""
    first = slips[0]
    before = _BEFORE.search(first.string[: first.start()])
    after = _AFTER.match(first.string, first.end())
    words = f"{before[0] if before else ''}{first[0]}{after[0] if after else ''}"
    return f"“{words}”" + (f"等 {len(slips)} 处的" if len(slips) > 1 else "的")


_LABEL = re.compile(
    r"\s*(?:(?![一二三四五六七八九十]{1,3}、[一二三四五六七八九十]{1,3}[、社组村队户月年季期批轮层级])"
    r"[（(]?[一二三四五六七八九十]{1,3}[）)、．.]|[（(]?\d{1,2}[）)、．](?!\d)|\d{1,2}\.(?!\d)|[①-⑳]"
    r"|第[一二三四五六七八九十]+[，、]|问题[一二三四五六七八九十\d]+[：:、]|整改措施[：:])"
)


@rule("W605", Level.WARNING)
def number_typed_into_text(case: Case) -> Objections:
    """文字开头写了序号。

    原因：公文的序号由程序统一编排，文字里再写会重复或错号。

    改法：删去开头的序号，只留文字。
    """
    for spoken in case.survey.texts:
        if spoken.column.kind.long:
            match = _LABEL.match(spoken.value)
            if match:
                yield [spoken.cell], f"开头写了序号“{match[0].strip()}”"


_NAMES = {label: column.header for column in Profile.columns for label in column.labels}
_FILLED_IN = frozenset(
    [
        "认定类型",
        "一肩挑",
        "镇政府驻地",
        "班子构成",
        "党员构成",
        "集体经济",
        "帮扶力量",
        "数据截止日",
        "问题数",
        "销号数",
        "会议数",
        "有销号",
        "有完成",
        "有未完成",
        "措施状况",
        "责任齐全",
        "长期不止一条",
        "措施数",
        "完成数",
        "推进数",
        "长期数",
        "未启动数",
        "未填数",
        "有未填",
        "逾期数",
        "有逾期",
        "计算基数",
        "完成率",
        "办理统计",
        "无成效",
        "村委会副主任姓名",
    ]
)
"""Names that documents reckon for themselves; a test holds them against the documents' own."""
KNOWN_NAMES = (
    frozenset(column.header for column in Profile.columns)
    | frozenset(role.code for role in ROLES.terms)
    | _FILLED_IN
)
_SLOT = re.compile("【([^】\n]*)】")


@rule("W606", Level.ERROR)
def unknown_placeholder(case: Case) -> Objections:
    """方案文字里的占位符没有对应的内容。

    原因：程序按【】里的名称从“基本情况”等表取数或者统计，名称不对就取不到。

    改法：改成“基本情况”表的栏目名称，如【党员总数】；不是占位符的，不用【】。
    """
    for spoken in case.mentioning("【"):
        if not isinstance(spoken.row, Passage):
            continue
        for name in _SLOT.findall(spoken.value):
            if name.strip() not in KNOWN_NAMES:
                near = get_close_matches(name, _NAMES, 1)
                hint = f"，可能是【{_NAMES[near[0]]}】" if near else ""
                yield [spoken.cell], f"没有【{shortened(name)}】这个占位符{hint}"


_PAIRS = (("“", "”"), ("《", "》"), ("（", "）"), ("〔", "〕"), ("【", "】"))


@rule("W607", Level.WARNING)
def unpaired_mark(case: Case) -> Objections:
    """引号、书名号或括号不成对。

    原因：标点缺了一半，引用或注释的起止就会读错。

    改法：补上缺的一半，或者删去多余的一半。
    """
    opened = [pair for pair in _PAIRS if pair[0] in case.prose or pair[1] in case.prose]
    for spoken in case.survey.texts if opened else ():
        if spoken.value.isalnum():
            continue  # a name or a word: most texts
        for left, right in opened:
            if not _is_paired(spoken.value, left, right):
                yield [spoken.cell], f"{left}{right}不成对"


_LIST_MARK = re.compile(r"(?:^|(?<=[。；;：:，,、\s]))(?:\d{1,2}|[一二三四五六七八九十]{1,3})）")


def _is_paired(text: str, left: str, right: str) -> bool:
    """Say whether marks pair; that of 1）先做；2）后做 has no other half.

    >>> _is_paired("1）先做；2）后做", "（", "）"), _is_paired("（甲，1）乙）", "（", "）")
    (True, True)
    """
    if text.count(left) == text.count(right):
        return True
    kept = _LIST_MARK.sub("", text)
    return kept.count(left) == kept.count(right)


_LABELS = ("完成时限", "整改时限", "整改期限", "整顿时限", "转化时限")


@rule("W608", Level.INFO, Stage.TRIAL)
def labels_mixed(case: Case) -> Objections:
    """方案文字里同一件事用了几种叫法。

    原因：完成时限、整改时限、整改期限是一回事，一份公文里应当只用一种叫法。

    改法：统一成一种叫法。
    """
    usual = ""
    for spoken in case.mentioning(*_LABELS):
        if isinstance(spoken.row, Passage):
            used = [label for label in _LABELS if label in spoken.value]
            usual = usual or used[0]
            for label in used:
                if label != usual:
                    yield [spoken.cell], f"“{label}”与前面的“{usual}”叫法不一"


_MARKED = re.compile(r"(?<=.)（[一二三四五六七八九十]{1,3}）[、．.](?!（)", re.DOTALL)


@rule("W609", Level.INFO)
def mark_after_bracketed_number(case: Case) -> Objections:
    """带括号的序号后面多了标点。

    原因：公文第二层序号写成“（一）”，后面不加顿号和圆点。

    改法：删去括号后面的标点。
    """
    for spoken in _ours(case, "）、", "）．", "）."):
        match = _MARKED.search(spoken.value)
        if match:
            yield [spoken.cell], f"“{match[0]}”后面不用标点"


_MIXED = re.compile(
    r"(?<!\d)\d{1,3}[十百](?![九大强佳八分字货日年姓村]|[二三四五]五|二大)[余多]?[一-龥]?"
    r"|\d{4}年[一二三四五六七八九十]{1,3}月(?:\d+日)?"
    r"|二[0OoＯ○][一二三][一二三四五六七八九0OoＯ○]年?"
)


@rule("W610", Level.WARNING)
def numerals_mixed(case: Case) -> Objections:
    """一个数里阿拉伯数字和汉字数字混用。

    原因：公文里的一个数只用一种写法（“万”“亿”除外），混用容易看错。

    改法：统一用阿拉伯数字，如“30户”“2022年10月”。
    """
    half_spelt = dict.fromkeys(_HALF_SPELT.findall(case.prose))
    for spoken in _ours(case, "十", "百", *half_spelt):
        for mixed in dict.fromkeys(match[0] for match in _MIXED.finditer(spoken.value)):
            yield [spoken.cell], f"“{mixed}”混用了两种数字"


_HALF_SPELT = re.compile("年[一二三四五六七八九]月|二[0OoＯ○]")
_STRAIGHT = re.compile('(?<=[一-龥，。、；：（])"|"(?=[一-龥])')


@rule("W611", Level.INFO)
def straight_or_turned_quotes(case: Case) -> Objections:
    """引号用了直引号，或者前后方向颠倒。

    原因：公文用“ ”引号，前引号在前、后引号在后。

    改法：换成“ ”；方向颠倒的，对调过来。
    """
    for spoken in _ours(case, '"'):
        if _STRAIGHT.search(spoken.value):
            yield [spoken.cell], "中文里用了直引号"
    for spoken in _ours(case, "”"):
        text = spoken.value
        paired = text.count("“") == text.count("”")  # else W607 speaks of it
        if paired and text.index("”") < text.index("“"):
            yield [spoken.cell], "引号的方向颠倒"


def _ours(case: Case, *words: str) -> Iterator[Spoken]:
    """Yield the texts that may come to print and hold one of the words."""
    for spoken in case.mentioning(*words):
        if not isinstance(spoken.row, Waiver):
            yield spoken
