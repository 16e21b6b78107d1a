"""A file behind an address, read at any position."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from pycandle.weights.byte_file import CONNECTIONS, MAX_GAP, Span
from pycandle.weights.checkpoint import FileStamp
from pycandle.weights.location import Url
from pycandle.weights.remote.hub import find_resource
from pycandle.weights.remote.requests import (
    ATTEMPTS,
    Resource,
    TransientError,
    check_length,
    gave_up,
    open_range,
    wait_before_retry,
)

HEAD = 128 << 10
"""In bytes: what is fetched before anything is known, and holds the metadata of most files."""

PAGE = 64 << 10
"""In bytes: the least that is fetched where a small piece is wanted."""

_SMALL_GAP = 16 << 10
_KEPT_PAGES = 16
_KEPT_RESOURCES = 64
_PIECE = 256 << 10

_resources: OrderedDict[Url, tuple[Resource, bytes]] = OrderedDict()
"""What the last answers have said, with the first bytes of the file."""


def stamp_remote(url: Url) -> FileStamp:
    """Returns the size and the ETag of a file, as they are now; raises PyCandleError."""
    resource = find_resource(url)
    head = b"".join(fetch(resource, 0, HEAD))
    _resources[url] = (resource, head)
    _resources.move_to_end(url)
    while len(_resources) > _KEPT_RESOURCES:
        _resources.popitem(last=False)
    return _stamp(resource)


def open_remote(url: Url) -> RemoteFile:
    """Returns an open file; raises PyCandleError."""
    if url not in _resources:
        stamp_remote(url)
    resource, head = _resources[url]
    return RemoteFile(resource, head)


def fetch(resource: Resource, start: int, end: int) -> Iterator[bytes]:
    """Yields the bytes from `start` up to `end` or the end of the file, whatever happens between.

    A connection that breaks is opened again where it broke. Raises PyCandleError.
    """
    position, failures = start, 0
    while position < (end if resource.size is None else min(end, resource.size)):
        try:
            with open_range(resource, position, end) as response:
                for piece in response.iter_raw(_PIECE):
                    position += len(piece)
                    check_length(resource, position, end)
                    failures = 0
                    yield piece
            # A server may send less than it was asked for; but not nothing, again and again.
            raise TransientError("the server ended early", 0.0)
        except TransientError as error:
            if position >= min(end, resource.size or end):
                return
            failures += 1
            if failures >= ATTEMPTS:
                raise gave_up(resource, error) from None
            wait_before_retry(failures, error)


class RemoteFile:
    """An open file; see `ByteFile`."""

    def __init__(self, resource: Resource, head: bytes) -> None:
        self._resource = resource
        self._size = resource.size or 0
        self._position = 0
        self._pages: OrderedDict[int, bytes] = OrderedDict({0: head})
        self._pieces: dict[int, bytes] = {}
        """What was fetched ahead, by its offset."""
        self._announced = (0, 0)
        self._stream = _Stream(resource, 0, 0)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Moves to an offset, or with `whence` 2 to the end."""
        self._position = self._size if whence == 2 else offset
        return self._position

    def read(self, size: int, /) -> bytes:
        """Returns the next `size` bytes, fewer only at the end."""
        data = self._read(self._position, max(0, min(size, self._size - self._position)))
        self._position += len(data)
        return data

    def readinto(self, buffer: memoryview, /) -> int:
        """Fills a buffer, and returns how much of it; less than all only at the end."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def prefetch(self, spans: Sequence[Span], /) -> None:
        """Fetches small pieces from all over the file, with several connections."""
        groups = list(_merge(spans, self._size))
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            for pieces in pool.map(self._fetch_pieces, groups):
                self._pieces |= pieces

    def announce(self, start: int, end: int, /) -> None:
        """Says that these bytes will be read in order, so that one request may be for all."""
        first, last = self._announced
        if not first <= start <= end <= last:
            self._announced = (start, min(end, self._size))

    def stamp(self) -> FileStamp:
        """Returns size and ETag."""
        return _stamp(self._resource)

    def close(self) -> None:
        """Ends what is being fetched."""
        self._stream.close()

    def _read(self, start: int, size: int) -> bytes:
        piece = self._pieces.get(start)
        if piece is not None and len(piece) >= size:
            return piece[:size]
        for offset, page in self._pages.items():
            if offset <= start and start + size <= offset + len(page):
                return page[start - offset : start - offset + size]
        if self._announced[0] <= start and start + size <= self._announced[1]:
            return self._read_stream(start, size)
        end = min(start + max(size, PAGE), self._size)
        data = b"".join(fetch(self._resource, start, end))
        if len(data) <= PAGE:
            self._pages[start] = data
            if len(self._pages) > _KEPT_PAGES:
                self._pages.popitem(last=False)
        return data[:size]

    def _read_stream(self, start: int, size: int) -> bytes:
        """Returns bytes of the announced ones; small gaps are read over."""
        ahead = start - self._stream.position
        if not 0 <= ahead <= MAX_GAP or start + size > self._stream.end:
            self._stream.close()
            self._stream = _Stream(self._resource, start, self._announced[1])
        self._stream.skip(start - self._stream.position)
        return self._stream.take(size)

    def _fetch_pieces(self, group: list[Span]) -> dict[int, bytes]:
        start, end = group[0][0], max(offset + size for offset, size in group)
        stream = _Stream(self._resource, start, end)
        pieces: dict[int, bytes] = {}
        try:
            for offset, size in group:
                stream.skip(offset - stream.position)
                pieces[offset] = stream.take(size)
        finally:
            stream.close()
        return pieces


class _Stream:
    """Bytes that come in order."""

    def __init__(self, resource: Resource, start: int, end: int) -> None:
        self.position = start
        self.end = end
        self._pieces = fetch(resource, start, end)
        self._stack = ExitStack()
        self._stack.callback(self._pieces.close)  # type: ignore[attr-defined]
        self._rest = memoryview(b"")

    def skip(self, size: int) -> None:
        while size > 0 and (part := self._next(size)):
            size -= len(part)

    def take(self, size: int) -> bytes:
        """Returns so many bytes, fewer only at the end."""
        parts: list[bytes | memoryview] = []
        while size > 0 and (part := self._next(size)):
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def close(self) -> None:
        self._stack.close()

    def _next(self, size: int) -> memoryview:
        if not self._rest:
            self._rest = memoryview(next(self._pieces, b""))
        part = self._rest[:size]
        self._rest = self._rest[len(part) :]
        self.position += len(part)
        return part


def _merge(spans: Sequence[Span], size: int) -> Iterator[list[Span]]:
    """Yields groups of spans that are close together, without overlaps inside of one."""
    group: list[Span] = []
    end = 0
    for offset, count in sorted(set(spans)):
        count = min(count, size - offset)
        if count <= 0:
            continue
        if group and not end <= offset <= end + _SMALL_GAP:
            yield group
            group = []
        group.append((offset, count))
        end = offset + count
    if group:
        yield group


def _stamp(resource: Resource) -> FileStamp:
    return FileStamp(resource.size or 0, (resource.etag,))
