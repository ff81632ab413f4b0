"""Small truths about typed text: width, stray characters, masks, numerals, lists of names."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby

_ZERO_WIDTH = r"\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_HALF_CHARACTER = r"\ud800-\udfff\ufffe\uffff"  # no file can hold them
_UNSEEN = re.compile(f"[{_ZERO_WIDTH}{_CONTROL}]+")
_BROKEN = re.compile(f"[{_HALF_CHARACTER}]")
_ODD = re.compile(f"[{_ZERO_WIDTH}{_CONTROL}{_HALF_CHARACTER}]")
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


def clean(text: str) -> str:
    r"""Return a text as written, without invisible characters and blanks at its ends.

    A half character, which no file can hold, becomes the sign for one that is lost.

    >>> clean(" 上河\u200b村\xa0 "), clean("甲\ud800")
    ('上河村', '甲\ufffd')
    """
    if text.isprintable():  # nearly always, and far cheaper than what follows
        return text.strip()
    text = _UNSEEN.sub("", _LINE_END.sub("\n", text)).replace("\xa0", " ")
    return _BROKEN.sub("\ufffd", text).strip()


def has_odd_characters(text: str) -> bool:
    """Say whether `clean` removes or replaces a character that is no blank."""
    return _ODD.search(text) is not None


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
    import cn2an  # noqa: PLC0415 -- only a cell that spells its number pays for loading it

    try:
        value = cn2an.cn2an(text.replace("〇", "零"), "smart")
    except (ValueError, KeyError):  # it stumbles over some that are none, such as 零十一
        return None
    return int(value) if value == int(value) else float(value)


@lru_cache(maxsize=4096)
def names(text: str) -> tuple[str, ...]:
    """Return the names in a list, whatever stands between them; masks stay masks.

    A blank or new line divides names, unless it only spreads the characters of one.

    >>> names("王志远、李 明，赵国强"), names("王 志 远"), names("阿卜杜拉•买买提")
    (('王志远', '李明', '赵国强'), ('王志远',), ('阿卜杜拉·买买提',))
    >>> names("*** ***、***")
    ('***', '***', '***')
    """
    parts = _BETWEEN_NAMES.split(_NAME_DOTS.sub("·", text))
    return tuple(name for part in parts for name in _gathered(part.split()))


def _gathered(words: Iterable[str]) -> Iterator[str]:
    """Yield words, single characters put together: three in a row make a name, else two."""
    for single, run in groupby(words, _is_single):
        if not single:
            yield from run
            continue
        characters = "".join(run)
        size = 3 if len(characters) == 3 else 2  # noqa: PLR2004 -- 王 志 远
        for start in range(0, len(characters), size):
            yield characters[start : start + size]


def _is_single(word: str) -> bool:
    return len(word) == 1 and word >= "一"


def display_width(text: str) -> int:
    """Return the width of a text in half-width characters, as column widths count it.

    >>> display_width("P01 组织")
    8
    """
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
