"""Numerals as 公文 count with them."""

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
