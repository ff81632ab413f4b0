"""Links that lead out of a workbook: to another file, and to a place within it."""

from toolkit.excel.sheets import safe_text

MOST_LINKS = 65_530
"""As many links as Excel lets one sheet have."""

_LONGEST_TARGET = 255  # of the file's name, and of the place within it


def link_to(way: str, place: str = "") -> str:
    """Return the link to a file and a place in it, "" where Excel would not take it.

    >>> link_to("村级工作簿/上河村 #1.xlsx", "'整改措施'!F7")
    "external:村级工作簿/上河村%20%231.xlsx#'整改措施'!F7"
    >>> link_to("村级工作簿/下河村.xlsx")
    'external:村级工作簿/下河村.xlsx'
    """
    # A name in old bytes, such as an archive's in GBK, has no spelling that a link could hold.
    spelled = safe_text(way, "") == way and safe_text(place, "") == place
    if not way or not spelled or max(len(way), len(place)) > _LONGEST_TARGET:
        return ""
    return f"external:{_escaped(way)}{'#' if place else ''}{place}"


def _escaped(way: str) -> str:
    r"""Return a file's name as a link spells it: what would end or change the address is escaped.

    >>> _escaped("汇总 #1/100%.xlsx"), _escaped("上河\n村.xlsx")  # such a name is one on Linux
    ('汇总%20%231/100%25.xlsx', '上河%0A村.xlsx')
    """
    return "".join(f"%{ord(char):02X}" if char in '%# "<>[]^`{}\n\t' else char for char in way)
