"""Reading the elements of stored tensors, in order and in bounded memory."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from io import FileIO
from pathlib import Path
from types import TracebackType

from pycandle.errors import Place, PyCandleError, refusal
from pycandle.weights.checkpoint import FileStamp, StoredTensor
from pycandle.weights.safetensors_file import unreadable
from pycandle.weights.strided import strided_blocks

CHUNK = 256 << 10
"""In bytes. Measured: larger reads are slower, as the kernel then allocates large pages."""

_MAX_OPEN = 16


def stamp_file(path: Path) -> FileStamp:
    """Returns the stamp of a file; raises PyCandleError if it is not there."""
    try:
        return _stamp(os.stat(path))
    except OSError as error:
        raise unreadable(path, error) from None


class TensorReader:
    """Open source files, which must still be those of the plan."""

    def __init__(self, stamps: Mapping[Path, FileStamp]) -> None:
        self._stamps = stamps
        self._open: dict[Path, FileIO] = {}
        self._buffer = memoryview(bytearray(CHUNK))

    def __enter__(self) -> TensorReader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with ExitStack() as stack:
            for file in self._open.values():
                stack.callback(file.close)
        self._open.clear()

    def check_unchanged(self) -> None:
        """Raises PyCandleError if a file is not what it was when the plan was made."""
        for path in self._stamps:
            if stamp_file(path) != self._stamps[path]:
                raise _changed(path)

    def blocks(self, tensor: StoredTensor) -> Iterator[tuple[int, bytes | memoryview]]:
        """Yields (offset in the contiguous tensor, bytes); a block is valid until the next one."""
        if tensor.strides is None:
            return self._contiguous(tensor)
        return strided_blocks(
            lambda offset, count: self._read(tensor, offset, count),
            tensor.shape,
            tensor.strides,
            tensor.itemsize,
        )

    def is_equal(self, left: StoredTensor, right: StoredTensor) -> bool:
        """Returns whether two tensors have the same dtype, shape and bytes."""
        if left == right:
            return True
        if (left.dtype, left.shape) != (right.dtype, right.shape):
            return False
        if left.strides is None:
            left, right = right, left
        if right.strides is None:
            return all(
                self._read(right, offset, len(block)) == block
                for offset, block in self.blocks(left)
            )
        with tempfile.TemporaryFile(buffering=0) as copy:
            for offset, block in self.blocks(left):
                copy.seek(offset)
                copy.write(block)
            return all(
                _read_at(copy, offset, len(block)) == block for offset, block in self.blocks(right)
            )

    def _contiguous(self, tensor: StoredTensor) -> Iterator[tuple[int, memoryview]]:
        done, total = 0, tensor.nbytes
        while done < total:
            # Anything may have been read since the last block.
            file = self._get(tensor.file)
            with _as_refusal(tensor.file):
                file.seek(tensor.offset + done)
                count = file.readinto(self._buffer[: min(CHUNK, total - done)])
            if not count:
                raise _changed(tensor.file)
            yield done, self._buffer[:count]
            done += count

    def _read(self, tensor: StoredTensor, offset: int, count: int) -> bytes:
        file = self._get(tensor.file)
        with _as_refusal(tensor.file):
            data = _read_at(file, tensor.offset + offset, count)
        if len(data) != count:
            raise _changed(tensor.file)
        return data

    def _get(self, path: Path) -> FileIO:
        if path not in self._open:
            if len(self._open) >= _MAX_OPEN:
                self._open.pop(next(iter(self._open))).close()
            with _as_refusal(path):
                file = FileIO(path)
            self._open[path] = file
            if _stamp(os.fstat(file.fileno())) != self._stamps[path]:
                raise _changed(path)
        return self._open[path]


@contextmanager
def _as_refusal(path: Path) -> Iterator[None]:
    """Turns an `OSError` of reading a file into a refusal."""
    try:
        yield
    except OSError as error:
        raise unreadable(path, error) from None


def _read_at(file: FileIO, offset: int, count: int) -> bytes:
    """Returns `count` bytes at an offset, fewer only at the end of the file."""
    file.seek(offset)
    data = file.read(count)
    if data is not None and len(data) == count:
        return data
    parts = [data or b""]
    missing = count - len(parts[0])
    while missing > 0 and (part := file.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _stamp(status: os.stat_result) -> FileStamp:
    return FileStamp(status.st_size, status.st_mtime_ns, status.st_ino)


def _changed(path: Path) -> PyCandleError:
    return refusal(
        "checkpoint-changed",
        f"`{path.name}` changed while it was read",
        place=Place(str(path)),
        hint="run the extraction again once the file is complete",
    )
