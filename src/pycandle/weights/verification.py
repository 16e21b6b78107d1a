"""Reading again what was written, and comparing it with what it was made of."""

from __future__ import annotations

import os
import zlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from io import FileIO
from pathlib import Path

from pycandle.errors import Diagnostic, Place, PyCandleError
from pycandle.weights.checkpoint import Checksum, StoredTensor
from pycandle.weights.conversions import make_converter
from pycandle.weights.location import Location
from pycandle.weights.output_parts import Part
from pycandle.weights.planning import Plan, PlannedTensor
from pycandle.weights.reading import TensorReader
from pycandle.weights.safetensors_file import read_header


def check_sources(planned: Plan, reader: TensorReader) -> None:
    """Checks the sums that archives have for the storages that are read.

    torch does not; it can also save without them, and has zeros then. Raises PyCandleError with
    every storage that is damaged.
    """
    problems: list[Diagnostic] = []
    for location, checksums in planned.checksums.items():
        read = (item.source for item in planned.tensors if item.source.file == location)
        starts = sorted({_start(source) for source in read})
        needed = [item for item in checksums if item.crc and _holds(item, starts)]
        problems += _find_damage(location, needed, reader)
    if problems:
        raise PyCandleError(problems)


def check_written(path: Path, part: Part, reader: TensorReader) -> None:
    """Checks that a file is, tensor by tensor, what its sources become; raises PyCandleError."""
    _forget(path)
    header = read_header(path)
    if header.tensors != part.layout.tensors or header.file_size != part.layout.file_size:
        raise PyCandleError(Diagnostic("verify-failed", "the header is not what was written"))
    with FileIO(path) as file:
        differing = [
            copy.tensor.name
            for copy in part.copies()
            if not _is_equal(copy.tensor, copy.offset, file, reader)
        ]
    if differing:
        raise PyCandleError(
            Diagnostic(
                "verify-failed",
                f"`{name}` is not what was written",
                label="the output was not replaced",
            )
            for name in differing
        )


def _is_equal(item: PlannedTensor, start: int, file: FileIO, reader: TensorReader) -> bool:
    conversion = item.conversion
    converter = None if conversion is None else make_converter(conversion)
    for at, block in reader.blocks(item.source):
        expected = block if converter is None else converter.convert(block)
        file.seek(start + (at if conversion is None else conversion.scale(at)))
        if file.read(len(expected)) != expected:
            return False
    return True


def _forget(path: Path) -> None:
    """Lets the system read the file from the disk again, where it can be told so."""
    advise = getattr(os, "posix_fadvise", None)
    if advise is None:
        return
    with FileIO(path) as file:
        advise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _start(tensor: StoredTensor) -> int:
    return tensor.offset if tensor.deflated is None else tensor.deflated.offset


def _holds(checksum: Checksum, starts: Sequence[int]) -> bool:
    """Returns whether one of the sorted positions is in the part."""
    first = bisect_left(starts, checksum.offset)
    return first < len(starts) and starts[first] < checksum.offset + checksum.nbytes


def _find_damage(
    location: Location, checksums: Iterable[Checksum], reader: TensorReader
) -> Iterator[Diagnostic]:
    for item in checksums:
        crc = 0
        stored = StoredTensor(location, item.offset, "U8", (item.nbytes,))
        if item.deflated is not None:
            stored = StoredTensor(location, 0, "U8", (item.deflated.size,), deflated=item.deflated)
        for _, block in reader.blocks(stored):
            crc = zlib.crc32(block, crc)
        if crc != item.crc:
            place = Place(str(location), detail=f"entry `{item.name}`")
            title = "a storage is damaged: its checksum is another one"
            yield Diagnostic("checksum-mismatch", title, place)
