"""Copying tensors into a file at the places that its layout has for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import FileIO
from typing import NamedTuple, TypeAlias

from pycandle.weights.atomic_file import start_writeback, write_all
from pycandle.weights.conversions import make_converter
from pycandle.weights.planning import PlannedTensor
from pycandle.weights.reading import CHUNK, TensorReader

Progress: TypeAlias = Callable[[int, int], None]
"""Called with the bytes written so far and their total."""

_SMALL = 64 << 10
"""In bytes: blocks below this are gathered before they are written."""

_WRITEBACK = 16 << 20
"""In bytes: after so many in order, the disk begins with them. The `fsync` at the end then waits
for less, a quarter of the whole time where the source is in memory.
"""


class Copy(NamedTuple):
    """A tensor and where it goes."""

    tensor: PlannedTensor
    offset: int
    """In bytes, from the start of the file."""


class CastLosses(NamedTuple):
    """What a cast has made of some values."""

    tensor: str
    target: str
    """The tag of the dtype."""
    overflows: int
    """Finite values that became infinite."""
    underflows: int
    """Values other than zero that became zero."""


def copy_tensors(
    reader: TensorReader, copies: Iterable[Copy], output: OutputFile
) -> list[CastLosses]:
    """Writes tensors; returns where casts have lost values."""
    losses: list[CastLosses] = []
    for copy in copies:
        found = _copy(reader, copy, output)
        if found is not None:
            losses.append(found)
    output.flush()
    return losses


def _copy(reader: TensorReader, copy: Copy, output: OutputFile) -> CastLosses | None:
    item, start = copy.tensor, copy.offset
    if item.conversion is None:
        for at, block in reader.blocks(item.source):
            output.put(start + at, block)
        return None
    converter = make_converter(item.conversion)
    for at, block in reader.blocks(item.source):
        output.put(start + item.conversion.scale(at), converter.convert(block))
    if converter.overflows or converter.underflows:
        target = item.conversion.target
        return CastLosses(item.name, target, converter.overflows, converter.underflows)
    return None


class OutputFile:
    """A file to write, with a buffer for what is small and in order."""

    def __init__(self, file: FileIO, advance: Callable[[int], None]) -> None:
        """`advance` is called with the number of bytes that were written."""
        self._file = file
        self._advance = advance
        self._buffer = bytearray()
        self._start = 0
        """Where the buffer goes."""
        self._position = file.tell()
        self._begun = self._position
        """Up to where the disk has begun, or where the last jump went."""

    def put(self, offset: int, data: bytes | bytearray | memoryview) -> None:
        """Writes `data` at `offset`, now or later."""
        size = len(data)
        in_order = offset == self._start + len(self._buffer)
        if not in_order or size >= _SMALL or len(self._buffer) + size > CHUNK:
            self.flush()
            self._start = offset
        if size >= _SMALL:
            self._write(offset, data)
            self._start = offset + size
        else:
            self._buffer += data

    def flush(self) -> None:
        """Writes the buffer."""
        if self._buffer:
            self._write(self._start, self._buffer)
            self._start += len(self._buffer)
            self._buffer.clear()

    def _write(self, offset: int, data: bytes | bytearray | memoryview) -> None:
        if offset != self._position:
            self._file.seek(offset)
            self._begun = offset
        write_all(self._file, data)
        self._position = offset + len(data)
        if self._position - self._begun >= _WRITEBACK:
            start_writeback(self._file, self._begun, self._position)
            self._begun = self._position
        self._advance(len(data))
