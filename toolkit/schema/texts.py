"""Small truths about typed text: width, stray characters, masks, numerals, lists of names."""

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_INVISIBLES = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad\u00a0]")
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_MASK = re.compile(r"[*＊×✕]+|[XxＸｘ]{2,}|某+|[○〇●□]{2,}")
_MASK_WITHIN = re.compile(r"[*＊×✕]+|[XＸ]{2,}|某(?=[县镇乡村某])")
_BETWEEN_NAMES = re.compile(r"[、，,；;/\n]+")


@lru_cache(maxsize=4096)
def tidy(text: str) -> str:
    """Return the text in half width, without invisible characters or blanks at its ends.

    >>> tidy(" Ｐ０１－Ｍ０３\u200b ")
    'P01-M03'
    """
    if text.isascii():
        return text.strip()
    return text.translate(_INVISIBLE).translate(_HALF).strip()


def header_form(label: str) -> str:
    """Return a header without required marks, blanks and width: what a column is found by.

    >>> header_form("责 任人 *")
    '责任人'
    """
    return re.sub(r"[\s*＊]+", "", tidy(label))


def clean(text: str) -> str:
    """Return a text as written, but for invisible characters and blanks at its ends."""
    if _INVISIBLES.search(text) is None:  # nearly always, and far cheaper than translating
        return text.strip()
    return text.translate(_INVISIBLE).replace("\xa0", " ").strip()


def is_mask(text: str) -> bool:
    """Say whether a text is nothing but a mask laid over a name or number.

    >>> is_mask("***"), is_mask("＊＊ ＊＊"), is_mask("X"), is_mask("**村")
    (True, True, False, False)
    """
    return bool(text) and _MASK.fullmatch(re.sub(r"[\s、，,]+", "", text)) is not None


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
    if not text or any(char not in "零〇一二两三四五六七八九十百千万亿点半" for char in text):
        return None
    import cn2an  # noqa: PLC0415 -- only a cell that spells its number pays for loading it

    try:
        value = cn2an.cn2an(text.replace("〇", "零"), "smart")
    except ValueError:
        return None
    return int(value) if value == int(value) else float(value)


def names(text: str) -> tuple[str, ...]:
    """Return the names in a list, whatever stands between them; masks stay masks.

    A blank divides names, unless it only widens names of two characters to three places.

    >>> names("王志远、李 明，赵国强")
    ('王志远', '李明', '赵国强')
    >>> names("*** ***、***")
    ('***', '***', '***')
    """
    found: list[str] = []
    for part in _BETWEEN_NAMES.split(text):
        words = part.split()
        while words:
            word = words.pop(0)
            if _is_single(word) and words and _is_single(words[0]):
                word += words.pop(0)
            found.append(word)
    return tuple(found)


def _is_single(word: str) -> bool:
    return len(word) == 1 and word.isalpha()


def display_width(text: str) -> int:
    """Return the width of a text in half-width characters, as column widths count it.

    >>> display_width("P01 组织")
    8
    """
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
