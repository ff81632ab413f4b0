"""The lines of a title (7.3.1): words whole, the shape a trapezoid or a rhombus."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from toolkit.word.lines import CLOSING, OPENING, lines_of, spaced_width, width_of
from toolkit.word.page import TITLE_CELLS

_WORDS = """
软弱涣散基层党组织 软弱涣散村党组织 软弱涣散党组织 软弱涣散村 软弱涣散 后进村党组织 后进党组织
村级党组织 基层党组织 村党组织 党组织 村党支部委员会 党支部委员会 村党支部 党支部 党总支 党委 党员
村民委员会 村委会 委员会 人民政府 办公室 组织部 领导小组 工作专班 村级集体经济 集体经济 村干部
集中整顿 整顿提升 整顿转化 整顿 整改落实 整改 排查 专题研究 民主测评 考核验收 验收 销号 攻坚 行动
实施方案 整顿方案 整改方案 工作方案 方案 情况报告 情况汇报 情况通报 工作报告 工作汇报 工作总结
工作计划 工作台账 工作要点 任务清单 问题清单 措施清单 责任清单 会议纪要 实施意见 指导意见
报告 汇报 通报 通知 请示 批复 意见 决定 总结 计划 清单 台账 工作 情况 有关 问题 进展 年度
关于 印发 转发 报送 开展 做好 加强 推进 进一步 全面 扎实 建立 成立 调整 召开 申请 同意
基层党建 党建引领 党建 乡村振兴 乡村治理 基层治理 全面从严治党 主题教育 中共 征求意见稿
"""
_LEADING = "开展 做好 加强 推进 进一步 全面 扎实 建立 成立 调整 召开 中共"
_TRAILING = """
工作 情况 有关 问题 进展 报告 汇报 通报 通知 请示 批复 意见 决定 总结 计划 清单 台账 方案
情况报告 情况汇报 情况通报 委员会 领导小组 党支部 党委 办公室 年度 印发 转发 报送
"""
_WHOLE_WORDS = sorted(_WORDS.split(), key=len, reverse=True)
_LEADING_WORDS = frozenset(_LEADING.split())  # not the last word of a line
_TRAILING_WORDS = frozenset(_TRAILING.split())  # not the first word of a line
_NO_LINE_STARTS = frozenset(f"{CLOSING}的和与及等 \u3000—～-")
_NO_LINE_ENDS = frozenset(OPENING)
_TOKEN = re.compile(
    "|".join(
        (
            r"(?P<name>《[^《》]*》)",
            r"〔\d+〕\d*号?",
            r"[\d〇一二三四五六七八九十]+(?:[—～至-]\d+)*年度?(?:\d+月(?:\d+日|份)?)?",
            r"[A-Za-z0-9.%]+[个项条名月季]?",
            *_WHOLE_WORDS,
            r"(?P<other>.)",
        )
    ),
    re.DOTALL,
)
_MOST_BALANCED = 4  # lines; a longer title is filled line by line
# What a break costs, against the difference of the lines' lengths in 字.
_FREE, _BETWEEN_WORDS, _WITHIN_NAME, _AFTER_ABOUT, _PHRASE, _WITHIN_UNKNOWN = 0, 1, 3, 2, 4, 9
_EXTRA_LINE, _WAIST, _RECTANGLE, _STUB = 10, 12, 2, 8
_SHORT_LINE = 4  # 字
_AFTER_NAME = 3  # 字 that a name leaves on its line: 的通知 shall not stand alone below it


@lru_cache(maxsize=4096)
def title_lines(text: str) -> tuple[str, ...]:
    """Return the lines of a title: words whole, the shape a trapezoid or a rhombus (7.3.1).

    Line breaks in the text are kept. No other character is added or lost.

    >>> title_lines("关于印发《青山镇软弱涣散基层党组织集中整顿实施方案》的通知")
    ('关于印发《青山镇软弱涣散基层党组织', '集中整顿实施方案》的通知')
    """
    return tuple(line for part in lines_of(text) for line in _balanced(part))


def _balanced(text: str) -> tuple[str, ...]:
    if spaced_width(text) <= TITLE_CELLS:
        return (text,)
    breaks = _title_breaks(text)
    least = math.ceil(spaced_width(text) / TITLE_CELLS)
    costs: dict[tuple[int, ...], float] = {}
    for count in range(least, min(least + 2, _MOST_BALANCED + 1)):
        for cuts in _cuts(text, 0, tuple(breaks), count):
            ends = (0, *cuts, len(text))
            shape = _shape_cost([spaced_width(text[a:b]) for a, b in pairwise(ends)])
            costs[ends] = shape + sum(breaks[cut] for cut in cuts) + _EXTRA_LINE * (count - least)
    ends = min(costs, key=lambda key: costs[key]) if costs else _filled(text, breaks)
    return tuple(text[a:b] for a, b in pairwise(ends))


def _title_breaks(text: str) -> dict[int, int]:
    """Return what a line break would cost before each character that may begin a line."""
    tokens = list(_title_tokens(text))
    breaks: dict[int, int] = {}
    for start, token, is_known in tokens:
        if not is_known:
            inner = range(start + 2, start + len(token) - 1)
            breaks.update(dict.fromkeys(inner, _WITHIN_UNKNOWN))
    for (_, before, _), (start, after, _) in pairwise(tokens):
        cost = _BETWEEN_WORDS
        if after in _TRAILING_WORDS or before in _LEADING_WORDS:
            cost = _PHRASE
        elif before == "关于":
            cost = _AFTER_ABOUT
        breaks[start] = cost + (_WITHIN_NAME if text.count("《", 0, start) else 0)
    for at in range(1, len(text)):
        if text[at] in _NO_LINE_STARTS or text[at - 1] in _NO_LINE_ENDS:
            breaks.pop(at, None)
        elif text[at] == "《" or text[at - 1] in f"{CLOSING} \u3000":
            breaks[at] = _FREE
    return dict(sorted(breaks.items()))


def _title_tokens(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield (start, word, is it known); characters of no known word stay together."""
    start, unknown = 0, ""
    for match in _TOKEN.finditer(text):
        if match["other"]:
            unknown += match[0]
            continue
        if unknown:
            yield start, unknown, False
        start, unknown = match.end(), ""
        if match["name"] and width_of(match[0]) > TITLE_CELLS - _AFTER_NAME:
            yield match.start(), "《", True
            for at, token, is_known in _title_tokens(match[0][1:-1]):
                yield match.start() + 1 + at, token, is_known
            yield match.end() - 1, "》", True
        else:
            yield match.start(), match[0], True
    if unknown:
        yield start, unknown, False


def _cuts(text: str, start: int, breaks: Sequence[int], count: int) -> Iterator[tuple[int, ...]]:
    """Yield each way to break text[start:] into `count` lines that fit."""
    if count == 1:
        if spaced_width(text[start:]) <= TITLE_CELLS:
            yield ()
        return
    for index, cut in enumerate(breaks):
        if spaced_width(text[start:cut]) > TITLE_CELLS:
            return
        if spaced_width(text[cut:]) <= TITLE_CELLS * (count - 1):
            for rest in _cuts(text, cut, breaks[index + 1 :], count - 1):
                yield (cut, *rest)


def _shape_cost(widths: Sequence[float]) -> float:
    """Return how far lines of these lengths are from a trapezoid or a rhombus."""
    spread = max(widths) - min(widths)
    cost = spread or _RECTANGLE
    if widths[-1] < _SHORT_LINE:
        cost += _STUB
    for before, middle, after in zip(widths, widths[1:], widths[2:], strict=False):
        if middle < before and middle < after:
            cost += _WAIST
    return cost


def _filled(text: str, breaks: Mapping[int, int]) -> tuple[int, ...]:
    """Return the ends of lines filled one by one: too long, or too odd, to be balanced."""
    ends = [0]
    last = 0  # the last place where a line may end
    for at in range(1, len(text)):
        if at in breaks:
            last = at
        if spaced_width(text[ends[-1] : at + 1]) > TITLE_CELLS:
            ends.append(last if last > ends[-1] else at)
    return (*ends, len(text))
