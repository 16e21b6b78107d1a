"""Reading a compressed part of a file as if it were a file."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Sequence
from typing import IO

from pycandle.weights.byte_file import ByteFile, Span, read_at
from pycandle.weights.checkpoint import Deflated, FileStamp

_CHUNK = 256 << 10
"""In bytes: what is read, and what is inflated, at a time."""


class InflatedFile:
    """The inflated bytes of a part of a file.

    Reading on costs no more than inflating; who jumps back makes all of the part be inflated into
    a temporary file, once.
    """

    def __init__(self, file: ByteFile, part: Deflated) -> None:
        self._file = file
        self._part = part
        self._position = 0
        self._whole: IO[bytes] | None = None
        self._restart()

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Moves to an offset, or with `whence` 2 to the end."""
        self._position = self._part.size if whence == 2 else offset
        return self._position

    def read(self, size: int, /) -> bytes:
        """Returns up to `size` bytes, none at the end."""
        if self._position < self._inflated and self._whole is None:
            self._whole = self._inflate_all()
        if self._whole is not None:
            self._whole.seek(self._position)
            data = self._whole.read(size)
        else:
            while self._inflated < self._position:
                self._inflate(min(self._position - self._inflated, _CHUNK))
            data = self._inflate(min(size, _CHUNK))
        self._position += len(data)
        return data

    def readinto(self, buffer: memoryview, /) -> int:
        """Fills the start of a buffer, and returns how much of it; 0 at the end."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def prefetch(self, spans: Sequence[Span], /) -> None:
        """Does nothing: what is wanted is not known before it is inflated."""

    def announce(self, start: int, end: int, /) -> None:
        """Passes on that all of the part will be read."""
        self._file.announce(self._part.offset, self._part.offset + self._part.nbytes)

    def stamp(self) -> FileStamp:
        """Returns that of the file."""
        return self._file.stamp()

    def close(self) -> None:
        """Closes the file, and deletes what was inflated."""
        self._file.close()
        if self._whole is not None:
            self._whole.close()

    def _restart(self) -> None:
        self._inflater = zlib.decompressobj(-15)
        self._pending = b""
        self._consumed = 0
        self._inflated = 0

    def _inflate(self, size: int) -> bytes:
        """Returns the next bytes, at most `size` and none only at the end.

        Raises OSError where the data are not deflated, or not as many as they should be.
        """
        while self._inflated < self._part.size:
            if not self._pending:
                self._pending = self._read_more()
            try:
                data = self._inflater.decompress(self._pending, size)
            except zlib.error:
                raise OSError(None, "its compressed data are damaged") from None
            ended = self._inflater.eof or not self._pending
            self._pending = self._inflater.unconsumed_tail
            self._inflated += len(data)
            if self._inflated > self._part.size or (ended and self._inflated < self._part.size):
                raise OSError(None, "its compressed data have another size than the archive says")
            if data:
                return data
        return b""

    def _read_more(self) -> bytes:
        count = min(_CHUNK, self._part.nbytes - self._consumed)
        data = read_at(self._file, self._part.offset + self._consumed, count)
        self._consumed += len(data)
        return data

    def _inflate_all(self) -> IO[bytes]:
        whole = tempfile.TemporaryFile()  # noqa: SIM115
        try:
            self._restart()
            while data := self._inflate(_CHUNK):
                whole.write(data)
        except BaseException:
            whole.close()
            raise
        return whole
