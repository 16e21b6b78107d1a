"""Files that are read at any position, here or elsewhere."""

from __future__ import annotations

import os
from collections.abc import Sequence
from io import BufferedReader, FileIO
from typing import Protocol, TypeAlias

from pycandle.errors import Place, PyCandleError, refusal
from pycandle.weights.checkpoint import FileStamp
from pycandle.weights.location import Location, Url

CONNECTIONS = 4
"""To a server: more do not help where a request takes 20 ms, and hardly where it takes 100."""

MAX_GAP = 1 << 20
"""In bytes: fetching these for nothing costs less than another request."""

_BUFFER = 8 << 10
"""In bytes: what is read where a few are wanted. More cost more where tensors are large."""

Span: TypeAlias = tuple[int, int]
"""Offset and bytes."""


class OutOfReachError(PyCandleError):
    """A refusal that may be another one's or none later: a server does not answer any more."""


class ByteFile(Protocol):
    """An open file. Failures are an `OSError` or a PyCandleError."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Moves to an offset, or with `whence` 2 to the end; returns the new position."""
        ...

    def read(self, size: int, /) -> bytes | None:
        """Returns up to `size` bytes, none at the end."""
        ...

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Fills the start of a buffer, and returns how much of it; 0 at the end."""
        ...

    def prefetch(self, spans: Sequence[Span], /) -> None:
        """Says what will be read: small pieces all over the file."""
        ...

    def announce(self, start: int, end: int, /) -> None:
        """Says that the bytes from `start` up to `end` will be read in order."""
        ...

    def stamp(self) -> FileStamp:
        """Returns by what a change of the file is recognised."""
        ...

    def close(self) -> None:
        """Closes the file."""
        ...


class _Local:
    """What files of this machine have in common."""

    def prefetch(self, spans: Sequence[Span], /) -> None:
        """Does nothing: the system reads ahead."""

    def announce(self, start: int, end: int, /) -> None:
        """Does nothing: the system reads ahead."""


class LocalFile(FileIO, _Local):
    """A file of this machine, unbuffered: tensors are copied once."""

    def stamp(self) -> FileStamp:
        """Returns size, time and inode."""
        return _stamp(os.fstat(self.fileno()))


class LocalMetadata(BufferedReader, _Local):
    """A file of this machine with a buffer: small pieces close together are read together."""

    def stamp(self) -> FileStamp:
        """Returns size, time and inode."""
        return _stamp(os.fstat(self.fileno()))


def open_file(location: Location) -> ByteFile:
    """Returns an open file; raises PyCandleError."""
    if isinstance(location, Url):
        from pycandle.weights.remote.remote_file import open_remote

        return open_remote(location)
    try:
        return LocalFile(location)
    except OSError as error:
        raise unreadable(location, error) from None


def open_metadata(location: Location) -> ByteFile:
    """Returns an open file of which many small pieces will be read; raises PyCandleError."""
    if isinstance(location, Url):
        return open_file(location)
    try:
        return LocalMetadata(FileIO(location), _BUFFER)
    except OSError as error:
        raise unreadable(location, error) from None


def stamp_file(location: Location) -> FileStamp:
    """Returns the stamp of a file; raises PyCandleError if it is not there."""
    if isinstance(location, Url):
        from pycandle.weights.remote.remote_file import stamp_remote

        return stamp_remote(location)
    try:
        status = os.stat(location)
    except OSError as error:
        raise unreadable(location, error) from None
    return _stamp(status)


def _stamp(status: os.stat_result) -> FileStamp:
    return FileStamp(status.st_size, (status.st_mtime_ns, status.st_ino))


def read_at(file: ByteFile, offset: int, count: int) -> bytes:
    """Returns `count` bytes at an offset, fewer only at the end of the file."""
    file.seek(offset)
    data = file.read(min(count, 1 << 24))
    if data is not None and len(data) == count:
        return data
    parts = [data or b""]
    missing = count - len(parts[0])
    while missing > 0 and (part := file.read(min(missing, 1 << 24))):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def unreadable(location: Location, error: OSError) -> PyCandleError:
    """Returns the refusal of a file that the operating system does not hand over."""
    title = f"cannot read `{location.name}`: {error.strerror}"
    return refusal("unreadable-file", title, place=Place(str(location)))
