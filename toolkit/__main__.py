"""Lets `python -m toolkit` stand for `zhengdun`, and Ctrl-C end it calmly while it still loads."""

import contextlib
import os
import signal
import sys
from types import FrameType


def main() -> None:
    """Run the command line; a Ctrl-C that comes before it is ready ends it with a sentence.

    A watch ends by nothing else: a further Ctrl-C, while it stops, changes nothing.
    """
    watches = sys.argv[1:2] == ["watch"]
    if watches:
        signal.signal(signal.SIGINT, _stop)
    try:
        from toolkit.cli import main as run  # noqa: PLC0415 -- loading it takes a moment

        run()
    except KeyboardInterrupt:
        if hasattr(sys.stderr, "reconfigure"):
            sys.stderr.reconfigure(errors="replace")
        sys.stderr.write("已停止。\n")
        _end(0 if watches else 2)
    except SystemExit as ended:
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            raise
        _end(ended.code if isinstance(ended.code, int) else 0)


def _stop(number: int, _: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _end(code: int) -> None:
    """End at once: Python itself would die of a Ctrl-C that has met it while it made a class."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
