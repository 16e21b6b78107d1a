"""Writing a model's weights file from a checkpoint."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import TypeAlias

from pycandle.errors import PyCandleError
from pycandle.weights.atomic_file import find_output_problem, replacing, write_all
from pycandle.weights.planning import Plan, PlannedTensor, plan
from pycandle.weights.reading import CHUNK, TensorReader

Progress: TypeAlias = Callable[[int, int], None]
"""Called with the bytes written so far and their total."""

_SMALL = 64 << 10
"""In bytes: blocks below this are gathered before they are written."""


@dataclass(frozen=True)
class Report:
    """What an extraction did, or would do."""

    format: str
    tensors: int
    nbytes: int
    """Of the tensors as written."""
    file_size: int
    """In bytes, with the header."""
    conversions: dict[str, int]
    """`BOOL to U8` and so on, with the number of tensors."""
    renamed: dict[str, str]
    """Canonical name to the checkpoint's, where an alias or a prefix makes them differ."""
    from_trace: int
    """How many tensors came from the trace."""
    subtree: str
    rule: str | None
    unexpected: tuple[str, ...]
    """The checkpoint's names that are none of the model's."""
    ignored_globals: tuple[str, ...]
    """What loading the pickle would have imported; it was not."""


def extract(
    checkpoint: Path,
    manifest: Path,
    out: Path,
    *,
    progress: Progress | None = None,
    subtree: str | None = None,
) -> Report:
    """Writes the state that `manifest` requires from `checkpoint` to the safetensors file `out`.

    Either the whole file is written or, with a PyCandleError that names every reason, nothing is.
    """
    planned = plan(Path(checkpoint), Path(manifest), subtree=subtree)
    write(planned, Path(out), progress=progress)
    return summarize(planned)


def check_output(planned: Plan, out: Path) -> None:
    """Raises PyCandleError if the plan's result must not be written to `out`."""
    problem = find_output_problem(out, planned.inputs)
    if problem is not None:
        raise PyCandleError(problem)


def write(planned: Plan, out: Path, *, progress: Progress | None = None) -> None:
    """Carries out a plan."""
    check_output(planned, out)
    layout = planned.layout
    by_name = {item.name: item for item in planned.tensors}
    with TensorReader(planned.stamps) as reader, replacing(out, layout.file_size) as file:
        output = _Output(file, layout.file_size, progress)
        output.put(0, layout.prefix)
        for name, entry in layout.tensors.items():
            _copy(reader, by_name[name], entry.offset, output)
        output.finish()
        reader.check_unchanged()


def summarize(planned: Plan) -> Report:
    """Returns the report of a plan."""
    conversions = Counter(
        f"{item.conversion.source} to {item.conversion.target}"
        for item in planned.tensors
        if item.conversion is not None
    )
    opened = [item for item in planned.tensors if not _is_from_trace(planned, item)]
    return Report(
        format=planned.format,
        tensors=len(planned.tensors),
        nbytes=planned.layout.file_size - len(planned.layout.prefix),
        file_size=planned.layout.file_size,
        conversions=dict(sorted(conversions.items())),
        renamed={item.name: item.source_name for item in opened if item.source_name != item.name},
        from_trace=len(planned.tensors) - len(opened),
        subtree=planned.subtree,
        rule=planned.rule,
        unexpected=planned.unexpected,
        ignored_globals=planned.ignored_globals,
    )


def _is_from_trace(planned: Plan, item: PlannedTensor) -> bool:
    return item.source.file == planned.inputs[-1]


def _copy(reader: TensorReader, item: PlannedTensor, offset: int, output: _Output) -> None:
    """Writes one tensor at an offset of the file."""
    conversion = item.conversion
    for at, block in reader.blocks(item.source):
        if conversion is None:
            output.put(offset + at, block)
        else:
            output.put(offset + at * conversion.factor, conversion.convert(block))


class _Output:
    """The file to write, with a buffer for what is small and in order."""

    def __init__(self, file: FileIO, total: int, progress: Progress | None) -> None:
        self._file = file
        self._total = total
        self._progress = progress
        self._buffer = bytearray()
        self._start = 0
        """Where the buffer goes."""
        self._done = 0

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

    def finish(self) -> None:
        """Writes what is left, and checks that every byte of the layout was written."""
        self.flush()
        size = os.fstat(self._file.fileno()).st_size
        if not self._done == self._total == size:
            raise AssertionError(f"wrote {self._done} of {self._total} bytes to a file of {size}")

    def _write(self, offset: int, data: bytes | bytearray | memoryview) -> None:
        self._file.seek(offset)
        write_all(self._file, data)
        self._done += len(data)
        if self._progress is not None:
            self._progress(self._done, self._total)
