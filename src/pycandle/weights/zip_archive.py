"""The directory of a zip archive; what two readers could read differently is refused.

The standard library's reader takes the last of two entries of one name and believes a directory
that points into another entry; either gives wrong weights without an error.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pycandle.weights.byte_file import ByteFile, Span, read_at

MAX_ENTRIES = 500_000
MAX_DIRECTORY = 128 << 20

_END = struct.Struct("<4s4H2LH")
_END64_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
# Signature, CRC and sizes after the data, of 32 or of 64 bits. Without its signature, which zip
# makes optional, a descriptor could be taken for one whose data start four bytes later.
_DESCRIPTORS = {form.size: form for form in map(struct.Struct, ("<4s3L", "<4sL2Q"))}
_DESCRIPTOR = 0x8
_ENCRYPTED = 0x1
_MASK32 = 0xFFFFFFFF


class ZipError(Exception):
    """A zip archive that is malformed or ambiguous."""


class ZipEntry(NamedTuple):
    """A file in the archive."""

    name: str
    header_offset: int
    compressed_size: int
    size: int
    crc: int
    method: int
    """0 for stored, 8 for deflated."""
    following: int = 0
    """The offset of what follows: the next entry or the directory."""


def read_directory(file: ByteFile) -> dict[str, ZipEntry]:
    """Returns the entries by name; raises ZipError."""
    size = file.seek(0, 2)
    count, length, start = _find_directory(file, size)
    if count > MAX_ENTRIES or length > MAX_DIRECTORY:
        raise ZipError(f"the archive has {count} entries, more than {MAX_ENTRIES}")
    raw = _read(file, start, length)
    entries: dict[str, ZipEntry] = {}
    position = 0
    for _ in range(count):
        entry, position = _read_entry(raw, position)
        if entry.name in entries:
            raise ZipError(f"the archive has two entries `{entry.name}`")
        entries[entry.name] = entry
    if position != length:
        raise ZipError("the archive's directory has another length than its entries")
    return _with_ends(entries, start)


def list_header_spans(entries: Iterable[ZipEntry]) -> list[Span]:
    """Returns what `find_data` reads of these entries: their headers and descriptors."""
    most = max(_DESCRIPTORS)
    spans: list[Span] = []
    for entry in entries:
        spans.append((entry.header_offset, _LOCAL.size + len(entry.name.encode())))
        spans.append((max(entry.following - most, 0), most))
    return spans


def find_data(file: ByteFile, entry: ZipEntry) -> int:
    """Returns the offset of an entry's data, after checking that its own header agrees."""
    expected = entry.name.encode()
    raw = _read(file, entry.header_offset, _LOCAL.size + len(expected))
    signature, _, flags, method, *_, name_length, extra_length = _LOCAL.unpack_from(raw)
    name = raw[_LOCAL.size :] if name_length == len(expected) else b""
    if signature != b"PK\3\4" or name != expected or method != entry.method:
        raise ZipError(f"the entry `{entry.name}` and the archive's directory disagree")
    if flags & _ENCRYPTED:
        raise ZipError(f"the entry `{entry.name}` is encrypted")
    start = entry.header_offset + _LOCAL.size + name_length + extra_length
    _check_end(file, entry, start + entry.compressed_size, has_descriptor=flags & _DESCRIPTOR != 0)
    return start


def _check_end(file: ByteFile, entry: ZipEntry, end: int, *, has_descriptor: bool) -> None:
    """Checks that data end where the next entry starts, or a descriptor of their size before it.

    The length of the entry's own header decides where data start, and nothing else tells a wrong
    one: the tensor would be shifted by a few bytes.
    """
    agrees = not has_descriptor and entry.following == end
    form = _DESCRIPTORS.get(entry.following - end)
    if has_descriptor and form is not None:
        fields = form.unpack(_read(file, end, form.size))
        agrees = fields == (b"PK\7\x08", entry.crc, entry.compressed_size, entry.size)
    if not agrees:
        raise ZipError(f"the entry `{entry.name}` does not end where the next one starts")


def read_entry(file: ByteFile, entry: ZipEntry, limit: int) -> bytes:
    """Returns the content of an entry of at most `limit` bytes."""
    if max(entry.size, entry.compressed_size) > limit:
        raise ZipError(f"the entry `{entry.name}` is larger than {limit} bytes")
    raw = _read(file, find_data(file, entry), entry.compressed_size)
    if entry.method == 8:
        try:
            raw = zlib.decompressobj(-15).decompress(raw, entry.size + 1)
        except zlib.error:
            raise ZipError(f"the entry `{entry.name}` is not deflated data") from None
    if len(raw) != entry.size:
        raise ZipError(f"the entry `{entry.name}` has another size than the directory says")
    return raw


def _find_directory(file: ByteFile, size: int) -> tuple[int, int, int]:
    """Returns the number of entries, and the length and offset of the directory."""
    tail_start = max(0, size - _END.size - 0xFFFF)
    tail = _read(file, tail_start, size - tail_start)
    ends: list[int] = []
    at = tail.find(b"PK\5\6")
    while at >= 0:
        if at + _END.size <= len(tail):
            comment = _END.unpack_from(tail, at)[7]
            if at + _END.size + comment == len(tail):
                ends.append(at)
        at = tail.find(b"PK\5\6", at + 1)
    if len(ends) != 1:
        what = "no end: it is truncated" if not ends else "two ends"
        raise ZipError(f"the archive has {what}")
    _, disk, first_disk, here, count, length, start, _ = _END.unpack_from(tail, ends[0])
    if disk or first_disk or here != count:
        raise ZipError("the archive is split over several files")
    end = tail_start + ends[0]
    locator_at = end - _END64_LOCATOR.size
    if locator_at >= 0 and _read(file, locator_at, 4) == b"PK\6\7":
        count, length, start, end = _read_end64(file, locator_at)
    if start + length != end:
        raise ZipError("the archive's directory is not where its end says")
    return count, length, start


def _read_end64(file: ByteFile, locator_at: int) -> tuple[int, int, int, int]:
    _, _, end, disks = _END64_LOCATOR.unpack(_read(file, locator_at, _END64_LOCATOR.size))
    if end + _END64.size > locator_at or disks > 1:
        raise ZipError("the archive's zip64 end is malformed")
    fields = _END64.unpack(_read(file, end, _END64.size))
    if fields[0] != b"PK\6\6" or fields[6] != fields[7]:
        raise ZipError("the archive's zip64 end is malformed")
    return fields[7], fields[8], fields[9], end


def _read_entry(raw: bytes, position: int) -> tuple[ZipEntry, int]:
    """Returns the entry at a position of the directory, and the position of the next."""
    if position + _CENTRAL.size > len(raw):
        raise ZipError("the archive's directory is truncated")
    fields = _CENTRAL.unpack_from(raw, position)
    signature, flags, method = fields[0], fields[3], fields[4]
    crc, compressed, size, name_length, extra_length, comment_length = fields[7:13]
    header_offset = fields[16]
    at = position + _CENTRAL.size
    end = at + name_length + extra_length + comment_length
    if signature != b"PK\1\2" or end > len(raw):
        raise ZipError("the archive's directory is malformed")
    try:
        name = raw[at : at + name_length].decode()
    except UnicodeDecodeError:
        raise ZipError("the archive has a name that is not UTF-8") from None
    extra = raw[at + name_length : at + name_length + extra_length]
    size, compressed, header_offset = _widen(extra, size, compressed, header_offset)
    if flags & _ENCRYPTED:
        raise ZipError(f"the entry `{name}` is encrypted")
    if method not in (0, 8) or (method == 0 and size != compressed):
        raise ZipError(f"the entry `{name}` is compressed in a way that PyCandle does not read")
    return ZipEntry(name, header_offset, compressed, size, crc, method), end


def _widen(extra: bytes, *values: int) -> tuple[int, ...]:
    """Replaces the 32-bit values that are all ones by those of the zip64 field, in order."""
    if _MASK32 not in values:
        return values
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, position)
        field = extra[position + 4 : position + 4 + length]
        position += 4 + length
        if kind == 1:
            wide = list(struct.unpack(f"<{len(field) // 8}Q", field[: len(field) // 8 * 8]))
            if len(wide) >= values.count(_MASK32):
                return tuple(wide.pop(0) if value == _MASK32 else value for value in values)
    raise ZipError("the archive has a large entry without its zip64 field")


def _with_ends(entries: Mapping[str, ZipEntry], directory: int) -> dict[str, ZipEntry]:
    """Returns the entries with what follows each; none may lie in another or in the directory."""
    ordered = sorted(entries.values(), key=lambda entry: entry.header_offset)
    limits = [entry.header_offset for entry in ordered[1:]] + [directory]
    for entry, limit in zip(ordered, limits, strict=True):
        least = _LOCAL.size + len(entry.name.encode()) + entry.compressed_size
        if entry.header_offset + least > limit:
            raise ZipError(f"the entry `{entry.name}` overlaps what follows it")
    return {
        entry.name: entry._replace(following=limit)
        for entry, limit in zip(ordered, limits, strict=True)
    }


def _read(file: ByteFile, offset: int, count: int) -> bytes:
    data = read_at(file, offset, count)
    if len(data) != count:
        raise ZipError("the archive is truncated")
    return data
