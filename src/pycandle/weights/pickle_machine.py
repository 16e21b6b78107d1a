"""The records that a pickle becomes, and the state of the machine that reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_MAX_LINE = 1024


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

    __slots__ = ("data", "globals", "memo", "outer", "persistent_ids", "position", "stack")

    def __init__(self, data: bytes, position: int) -> None:
        self.data = data
        self.position = position
        self.stack: list[Any] = []
        self.outer: list[list[Any]] = []
        """The stacks below each open mark, so that nothing pops past a mark."""
        # A dict: a list would have to be as long as the largest index that the file names.
        self.memo: dict[int, Any] = {}
        self.globals: list[Global] = []
        self.persistent_ids: list[PersistentId] = []

    def place(self) -> str:
        return f"before byte {self.position} of the pickle"

    def take(self, count: int) -> bytes:
        """Returns the next `count` bytes."""
        start = self.position
        end = start + count
        if end > len(self.data):
            self.position = len(self.data)
            raise PickleTruncatedError("the pickle is truncated")
        self.position = end
        return self.data[start:end]

    def take_int(self, count: int) -> int:
        """Returns the next `count` bytes as an unsigned integer."""
        if count == 1:  # By far the most frequent.
            self.position += 1
            return self.data[self.position - 1]
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
