"""Old formats read in a process of their own, whose death harms nobody.

On .xls, .et, .xlsb and .ods calamine can loop, take all memory or end the process, and no gate
tells beforehand (reliability rule 1). So one such file a call goes to another interpreter, with
limits, and plain cells come back.
"""

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from toolkit.excel.gate.refusal import SAVE_AS, Refusal
from toolkit.excel.values import MOST_SLOTS, Values, read_values

_MOST_MEMORY = 2 << 30
_MOST_SECONDS = 30
_MOST_ANSWER = 128 << 20
_TRACEBACK = b"Traceback (most recent call last)"
_TOO_LARGE = "内容大得无法读取。请删除不需要报送的行和列，另存为 .xlsx 后重新报送。"


def read_apart(data: bytes, kind: str) -> Values:
    """Return the cells of an old workbook, read by another process.

    Raises Refusal where that process refuses, dies or does not answer in time, RuntimeError where
    an error of our own ended it.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "toolkit.excel.worker"],
            input=data,
            capture_output=True,
            timeout=_MOST_SECONDS,
            check=False,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        if _TRACEBACK in done.stderr:
            raise RuntimeError(done.stderr.decode(errors="replace"))
        answer = json.loads(done.stdout, object_hook=_cell)
    except subprocess.TimeoutExpired:
        raise Refusal(f"{_MOST_SECONDS} 秒还没有读完，文件可能已损坏。{SAVE_AS}") from None
    except (OSError, ValueError):  # no process at all, or one that died before it answered
        raise Refusal(f"是老格式工作簿（{kind}），内容读不出来，可能已损坏。{SAVE_AS}") from None
    if isinstance(answer, str):
        raise Refusal(answer)
    grids, merged, states = answer
    return Values(
        dict(grids),
        {title: [((a, b), (c, d)) for (a, b), (c, d) in areas] for title, areas in merged},
        dict(states),
    )


def main() -> None:
    """Read the workbook on standard input; write its cells, or why not, to standard output."""
    _limit()
    try:
        answer = _spelled(read_values(sys.stdin.buffer.read(), most_slots=MOST_SLOTS))
    except Refusal as refused:
        answer = json.dumps(str(refused))
    except MemoryError:
        answer = json.dumps(_TOO_LARGE)
    sys.stdout.buffer.write(answer.encode("ascii"))


def _limit() -> None:
    """Set a limit to this process's memory, where the platform has one and lets us."""
    try:
        import resource  # noqa: PLC0415 -- unknown to Windows
    except ImportError:
        return
    for limit, most in ((resource.RLIMIT_AS, _MOST_MEMORY), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(limit)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(OSError, ValueError):  # a limit set from outside holds all the same
            resource.setrlimit(limit, (least, least))


# -- cells on their way through the pipe; objects stand for what JSON does not know ---------------


def _spelled(values: Values) -> str:
    sheets: list[str] = []
    size = 0
    for sheet in values.grids.items():
        rows = [_json(row) for row in sheet[1]]
        size += sum(map(len, rows))
        if size > _MOST_ANSWER:
            raise Refusal(_TOO_LARGE)
        sheets.append(f"[{_json(sheet[0])},[{','.join(rows)}]]")
    merged, states = _json(list(values.merged.items())), _json(list(values.states.items()))
    return f"[[{','.join(sheets)}],{merged},{states}]"


def _json(value: object) -> str:
    return json.dumps(value, default=_object, separators=(",", ":"))


def _object(raw: object) -> dict[str, Sequence[float] | str]:
    match raw:
        case dt.timedelta():
            return {"span": [raw.days, raw.seconds, raw.microseconds]}
        case dt.datetime():
            return {"moment": raw.isoformat()}
        case dt.date():
            return {"date": raw.isoformat()}
        case dt.time():
            return {"time": raw.isoformat()}
    message = f"no cell holds a {type(raw).__name__}"
    raise TypeError(message)


def _cell(spelled: dict[str, Any]) -> dt.date | dt.time | dt.timedelta:
    ((kind, value),) = spelled.items()
    match kind:
        case "span":
            return dt.timedelta(*value)
        case "moment":
            return dt.datetime.fromisoformat(value)
        case "date":
            return dt.date.fromisoformat(value)
    return dt.time.fromisoformat(value)


if __name__ == "__main__":
    main()
