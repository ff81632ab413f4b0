"""Small truths about typed text: width, stray characters, masks, numerals, lists of names."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import groupby, product

_ZERO_WIDTH = r"\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_HALF_CHARACTER = r"\ud800-\udfff\ufffe\uffff"  # no file can hold them
_ESCAPED_HALF = "_xD[89A-F][0-9A-F]{2}_"  # a spreadsheet's file spells them so
_UNSEEN = re.compile(f"[{_ZERO_WIDTH}{_CONTROL}]+")
_BROKEN = re.compile(f"[{_HALF_CHARACTER}]|{_ESCAPED_HALF}")
_ODD = re.compile(f"[{_ZERO_WIDTH}{_CONTROL}{_HALF_CHARACTER}]|{_ESCAPED_HALF}")
_COMPATIBLE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")
_BLANK = re.compile(rf"[\s{_ZERO_WIDTH}{_CONTROL}]*")
_LINE_END = re.compile(r"\r\n?|[\u2028\u2029]")
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_MASK = re.compile(r"[*＊×✕]+|[XxＸｘ]{2,}|某+|[○〇●□]{2,}")
_MASK_SIGN = re.compile("[*＊×✕XxＸｘ某○〇●□]")
_MASK_WITHIN = re.compile(r"[*＊×✕]+|[XＸ]{2,}|某(?=[县镇乡村某])")
_BETWEEN_MASKS = re.compile(r"[\s、，,]+")
_BETWEEN_NAMES = re.compile(r"[、，,；;。/]+")
_NAME_DOTS = re.compile("[•‧・･]")
_LONGEST_NUMERAL = 20
_TWO_DIGITS = re.compile("[一二两三四五六七八九]{2,3}")  # 七八个 is seven or eight
_ORDINAL = re.compile(r"[(]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[)]?[.、)]")
_BRACKETED = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]$")
_REQUIRED_MARKS = "*＊★●▲"


@lru_cache(maxsize=4096)
def tidy(text: str) -> str:
    r"""Return the text in half width, without invisible characters or blanks at its ends.

    >>> tidy(" Ｐ０１－Ｍ０３\u200b ")
    'P01-M03'
    """
    if text.isascii():
        return text.strip()
    return _UNSEEN.sub("", text).translate(_HALF).strip("\ufe0e\ufe0f \t\r\n")


@lru_cache(maxsize=4096)
def header_form(label: str) -> str:
    """Return a header without required marks, blanks and width: what a column is found by.

    >>> header_form("责 任人 *")
    '责任人'
    """
    return re.sub(r"[\s*＊]+", "", tidy(label))


@lru_cache(maxsize=4096)
def header_core(label: str) -> tuple[str, str]:
    """Return a header without what is put round its words, and the last remark in brackets.

    >>> header_core("3.计划资金（万元）："), header_core("★责任人"), header_core("县（市、区）")
    (('计划资金', '万元'), ('责任人', ''), ('县', '市、区'))
    """
    text = header_form(label).strip(_REQUIRED_MARKS).rstrip(":")
    ordinal = _ORDINAL.match(text)
    text = text[ordinal.end() :] if ordinal else text
    remark = _BRACKETED.search(text)
    if remark is None:
        return text, ""
    return text[: remark.start()].rstrip(":"), remark[1]


def spaced(text: str) -> str:
    """Return a text as it stands within Chinese words: a blank beside what is no Han character.

    >>> spaced("25 日"), spaced("上月末"), spaced("50%")
    (' 25 日', '上月末', ' 50% ')
    """
    return " " * text[0].isascii() + text + " " * text[-1].isascii()


def clean(text: str) -> str:
    r"""Return a text as written, without invisible characters and blanks at its ends.

    A half character, which no file can hold, becomes the sign for one that is lost.

    >>> clean(" 上河\u200b村\xa0 "), clean("甲\ud800")
    ('上河村', '甲\ufffd')
    """
    if text.isprintable() and "_xD" not in text:  # nearly always, and far cheaper than the rest
        return text.strip()
    text = _UNSEEN.sub("", _LINE_END.sub("\n", text)).replace("\xa0", " ")
    return _BROKEN.sub("\ufffd", text).strip()


def has_odd_characters(text: str) -> bool:
    """Say whether `clean` removes or replaces a character that is no blank."""
    return _ODD.search(text) is not None


def compatibility_characters(text: str) -> str:
    r"""Return those characters of a text that only look like others, each once.

    Unicode keeps them for old code pages: U+F9BA looks like 了, yet no search for 了 finds it.

    >>> compatibility_characters("\uf9ba解\uf9ba、\ufa0e") == "\uf9ba"
    True
    """
    if _COMPATIBLE.search(text) is None:
        return ""
    found = dict.fromkeys(_COMPATIBLE.findall(text))
    return "".join(char for char in found if unicodedata.normalize("NFKC", char) != char)


def is_blank(text: str) -> bool:
    r"""Say whether a text shows nothing.

    >>> is_blank(" \u3000\u200b\n"), is_blank("0")
    (True, False)
    """
    return _BLANK.fullmatch(text) is not None


def is_mask(text: str) -> bool:
    """Say whether a text is nothing but a mask laid over a name or number.

    >>> is_mask("***"), is_mask("＊＊ ＊＊"), is_mask("X"), is_mask("**村")
    (True, True, False, False)
    """
    if _MASK_SIGN.search(text) is None:
        return False
    return _MASK.fullmatch(_BETWEEN_MASKS.sub("", text)) is not None


def has_mask(text: str) -> bool:
    """Say whether part of a text is masked.

    >>> has_mask("**村"), has_mask("上河村")
    (True, False)
    """
    return _MASK_WITHIN.search(text) is not None


def chinese_number(text: str) -> int | float | None:
    """Return the number that Chinese numerals spell, None if they spell none.

    >>> chinese_number("三十六"), chinese_number("两千"), chinese_number("村")
    (36, 2000, None)
    """
    if not 0 < len(text) <= _LONGEST_NUMERAL:
        return None
    if any(char not in "零〇一二两三四五六七八九十百千万亿点半" for char in text):
        return None
    if _TWO_DIGITS.fullmatch(text):
        return None
    if text in _usual_numerals():
        return _usual_numerals()[text]
    import cn2an  # noqa: PLC0415 -- takes as long to load as six workbooks: for unusual ones only

    try:
        value = cn2an.cn2an(text.replace("〇", "零"), "smart")
    except (ValueError, KeyError):  # it stumbles over some that are none, such as 零十一
        return None
    return int(value) if value == int(value) else float(value)


@cache
def _usual_numerals() -> Mapping[str, int]:
    """Return the numbers from 1 to 999 by their usual spelling, which cn2an reads alike."""
    digits = ["", *"一二三四五六七八九"]
    spelled: dict[str, int] = {}
    for hundreds, tens, ones in product(range(len(digits)), repeat=3):
        text = f"{digits[hundreds]}百" if hundreds else ""
        text += "零" if hundreds and ones and not tens else ""
        text += f"{digits[tens] if hundreds or tens > 1 else ''}十" if tens else ""
        spelled[f"{text}{digits[ones]}"] = 100 * hundreds + 10 * tens + ones
    del spelled[""]
    return spelled


@lru_cache(maxsize=4096)
def names(text: str) -> tuple[str, ...]:
    r"""Return the names in a list, whatever stands between them; masks stay masks.

    A blank or new line divides names, unless it only spreads the characters of one.

    >>> names("王志远、李 明，赵国强"), names("王 志 远"), names("阿卜杜拉•买买提")
    (('王志远', '李明', '赵国强'), ('王志远',), ('阿卜杜拉·买买提',))
    >>> names("王\n志远"), names("王志\n远"), names("李 明明 王强")
    (('王志远',), ('王志远',), ('李明明', '王强'))
    >>> names("*** ***、***")
    ('***', '***', '***')
    """
    parts = _BETWEEN_NAMES.split(_NAME_DOTS.sub("·", text))
    return tuple(name for part in parts for name in _gathered(part.split()))


def _gathered(words: Sequence[str]) -> Iterator[str]:
    """Yield words, single characters put together: three in a row make a name, else two.

    No name is a single character: one left over belongs to the two characters beside it.
    """
    if len(words) == 2 and sum(map(len, words)) == 3 and any(map(_is_single, words)):  # noqa: PLR2004 -- 王志 远
        yield "".join(words)
        return
    left_over = ""
    for single, run in groupby(words, _is_single):
        here = list(run)
        if single and len(here) == 1:
            left_over = here[0]
            continue
        if single:
            characters = "".join(here)
            size = 3 if len(characters) == 3 else 2  # noqa: PLR2004 -- 王 志 远
            here = [characters[start : start + size] for start in range(0, len(characters), size)]
        elif left_over:
            joined = left_over + here[0]
            here[:1] = [joined] if len(joined) == 3 else [left_over, here[0]]  # noqa: PLR2004 -- 王 志远
            left_over = ""
        yield from here
    if left_over:
        yield left_over


def _is_single(word: str) -> bool:
    return len(word) == 1 and word >= "一"


def display_width(text: str) -> int:
    """Return the width of a text in half-width characters, as column widths count it.

    >>> display_width("P01 组织")
    8
    """
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
