"""The records that a pickle becomes, and the state of the machine that reads it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

_MAX_LINE = 1024
"""In bytes: a name of a module or a class, or the digits of a number."""

_AHEAD = 2 * _MAX_LINE + 16
"""In bytes: any opcode with its operands, but for what has its length before it."""

More: TypeAlias = Callable[[int], bytes]
"""Returns the data from their start again, at least so many bytes or all that there are."""


class PickleError(Exception):
    """A pickle that is malformed, or that uses what no checkpoint needs."""


class PickleTruncatedError(PickleError):
    """The data end before the pickle does."""


@dataclass(slots=True, eq=False)
class Global:
    """A name that loading would import."""

    module: str
    name: str

    @property
    def qualified(self) -> str:
        """Returns `module.name`."""
        return f"{self.module}.{self.name}"


@dataclass(slots=True, eq=False)
class Call:
    """A call that loading would make, and what it would then put into the result."""

    function: Any
    args: Any
    kwargs: Any = None
    items: dict[Any, Any] | None = None
    """Set by key, as in a dict."""
    state: Any = None
    """Handed to `__setstate__`, or to `__dict__`."""


@dataclass(slots=True, eq=False)
class PersistentId:
    """A reference to something outside the pickle; of torch, a storage."""

    value: Any


class Machine:
    """The state of the pickle machine."""

    __slots__ = (
        "_more",
        "data",
        "globals",
        "memo",
        "outer",
        "persistent_ids",
        "position",
        "stack",
    )

    def __init__(self, data: bytes, position: int, more: More | None) -> None:
        self.data = data
        self.position = position
        self.stack: list[Any] = []
        self.outer: list[list[Any]] = []
        """The stacks below each open mark, so that nothing pops past a mark."""
        # A dict: a list would have to be as long as the largest index that the file names.
        self.memo: dict[int, Any] = {}
        self.globals: list[Global] = []
        self.persistent_ids: list[PersistentId] = []
        self._more = more

    def place(self) -> str:
        return f"before byte {self.position} of the pickle"

    def read_ahead(self) -> int:
        """Reads on, so that the next opcode is there; returns the position to do so again from."""
        end = self.position + _AHEAD
        self._extend(end)
        return len(self.data) - _AHEAD + 1 if end <= len(self.data) else sys.maxsize

    def _extend(self, end: int) -> None:
        """Reads on until there are `end` bytes, or all."""
        if end > len(self.data) and self._more is not None:
            self.data = self._more(end)

    def take(self, count: int) -> bytes:
        """Returns the next `count` bytes."""
        start = self.position
        end = start + count
        if end > len(self.data):
            self._extend(end)
            if end > len(self.data):
                self.position = len(self.data)
                raise PickleTruncatedError("the pickle is truncated")
        self.position = end
        return self.data[start:end]

    def take_int(self, count: int) -> int:
        """Returns the next `count` bytes as an unsigned integer."""
        return int.from_bytes(self.take(count), "little")

    def take_line(self) -> str:
        """Returns the text up to the next newline."""
        end = self.data.find(b"\n", self.position, self.position + _MAX_LINE)
        if end < 0:
            if self.position + _MAX_LINE > len(self.data):
                raise PickleTruncatedError("the pickle is truncated")
            raise PickleError(f"a line without end {self.place()}")
        return self.take(end - self.position + 1)[:-1].decode()

    def pop_mark(self) -> list[Any]:
        """Returns what was pushed since the last mark, and takes it and the mark away."""
        items = self.stack
        self.stack = self.outer.pop()
        return items
