"""Copies that belong together: what is read in one go, and what one machine of many does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from io import FileIO
from pathlib import Path
from typing import NamedTuple

from pycandle.weights.byte_file import MAX_GAP
from pycandle.weights.checkpoint import FileStamp
from pycandle.weights.copying import CastLosses, Copy, OutputFile, copy_tensors
from pycandle.weights.location import Location
from pycandle.weights.reading import TensorReader

MAX_BYTES = 64 << 20
"""In bytes of tensors: more are another batch, for another connection or machine."""


class Batch(NamedTuple):
    """Copies from one file."""

    file: Location
    copies: tuple[Copy, ...]
    start: int
    """In bytes, from the start of the file."""
    end: int


def make_batches(copies: Iterable[Copy], max_bytes: int = MAX_BYTES) -> Iterator[Batch]:
    """Yields batches in the order of the sources, so that each is read from front to back."""
    pending: list[Copy] = []
    start = end = 0
    for copy in sorted(copies, key=_place):
        source = copy.tensor.source
        joins = (
            pending
            and _is_plain(copy)
            and _is_plain(pending[-1])
            and source.file == pending[-1].tensor.source.file
            and end <= source.offset <= end + MAX_GAP
            and source.offset + source.nbytes - start <= max_bytes
        )
        if pending and not joins:
            yield Batch(pending[-1].tensor.source.file, tuple(pending), start, end)
            pending = []
        start = start if pending else source.offset
        end = source.offset + source.nbytes
        pending.append(copy)
    if pending:
        yield Batch(pending[-1].tensor.source.file, tuple(pending), start, end)


def run_batch(
    batch: Batch,
    stamps: Mapping[Location, FileStamp],
    target: Path,
    advance: Callable[[int], None],
) -> list[CastLosses]:
    """Copies a batch into a file that is there; returns where casts have lost values."""
    with TensorReader(stamps) as reader, FileIO(target, "r+") as file:
        if _is_plain(batch.copies[0]):
            reader.announce(batch.copies[0].tensor.source, batch.end)
        return copy_tensors(reader, batch.copies, OutputFile(file, advance))


def _place(copy: Copy) -> tuple[str, int]:
    return str(copy.tensor.source.file), copy.tensor.source.offset


def _is_plain(copy: Copy) -> bool:
    """Returns whether a tensor is read in one go."""
    return copy.tensor.source.strides is None and copy.tensor.source.deflated is None
