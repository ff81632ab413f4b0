"""How a thing that was looked at is: the mark before it, and the line that people read."""

import enum
import importlib.metadata
from dataclasses import dataclass


class State(enum.Enum):
    """How a thing is; the value is the mark that people see, which every Chinese console knows."""

    FINE = "√"
    LACKING = "－"  # one can do without it, or it could not be tried
    BROKEN = "×"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that was looked at.

    >>> print(Part(State.FINE, "临时文件夹可以写"))
    √ 临时文件夹可以写
    """

    state: State
    said: str

    def __str__(self) -> str:
        return f"{self.state.value} {self.said}"


def version_of(library: str) -> str:
    """Return the version of a library that is installed, "" where it is not.

    >>> version_of("no-such-library")
    ''
    """
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return ""
