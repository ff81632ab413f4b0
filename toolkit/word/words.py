"""The words of a document: every text that its blocks hold, to be read or changed."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar, cast

from toolkit.word.document import Block

T = TypeVar("T")


def words(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield every text of blocks, in the order in which they hold them."""
    for block in blocks:
        yield from _texts(block)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts(each)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _texts(getattr(value, field.name))


def reworded(block: Block, change: Callable[[str], str]) -> Block:
    """Return a block with each of its texts as `change` returns it."""
    return cast("Block", _changed(block, change))


def _changed(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 -- of any field
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_changed(each, change) for each in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = (field.name for field in dataclasses.fields(value))
        return dataclasses.replace(
            value, **{name: _changed(getattr(value, name), change) for name in fields}
        )
    return value
