"""Numerals as 公文 count and reckon with them."""

from decimal import ROUND_HALF_UP, Decimal
from functools import cache


@cache
def chinese_ordinal(number: int) -> str:
    """Return the numeral of a heading.

    >>> chinese_ordinal(4), chinese_ordinal(12), chinese_ordinal(110)
    ('四', '十二', '一百一十')
    """
    import cn2an  # noqa: PLC0415 -- only documents need it

    text: str = cn2an.an2cn(number)
    return text.removeprefix("一") if text.startswith("一十") else text


def percentage(part: int, whole: int) -> str:
    """Return a share with one decimal, rounded half up as people round; "" of nothing.

    >>> percentage(1, 16), percentage(2, 3), percentage(0, 0)
    ('6.3%', '66.7%', '')
    """
    if not whole:
        return ""
    return f"{(Decimal(100 * part) / whole).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"
