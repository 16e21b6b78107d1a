"""The safetensors format: reading and checking a header, and laying out a file to write."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from typing import Any, NamedTuple

from pycandle.dtypes import BY_SAFETENSORS
from pycandle.errors import Place, PyCandleError, refusal
from pycandle.weights.byte_file import open_file, read_at, unreadable
from pycandle.weights.location import Location

MAX_HEADER = 100_000_000
"""In bytes, as the reference implementation has it."""

# fmt: off
ORDER = (
    "U64", "I64", "F64", "C64", "F32", "U32", "I32", "BF16", "F16", "U16", "I16", "F8_E5M2FNUZ",
    "F8_E4M3FNUZ", "F8_E8M0", "F8_E4M3", "F8_E5M2", "I8", "U8", "F4", "BOOL",
)
# fmt: on
"""The order in which safetensors 0.8 writes dtypes; tensors of one dtype follow by name."""

# The sub-byte dtypes have no counterpart among those of torch that PyCandle knows.
BITS = {tag: row.bits for tag, row in BY_SAFETENSORS.items()} | {
    "F4": 4,
    "F6_E2M3": 6,
    "F6_E3M2": 6,
}
"""Bits of one element, by tag."""


class TensorEntry(NamedTuple):
    """Where a tensor lies in a safetensors file."""

    dtype: str
    """The format's tag, `F32`."""
    shape: tuple[int, ...]
    offset: int
    """In bytes, from the start of the file."""
    nbytes: int


class Header(NamedTuple):
    """What a safetensors file holds."""

    tensors: dict[str, TensorEntry]
    metadata: dict[str, str]
    data_offset: int
    """Where the tensors start, in bytes from the start of the file."""
    file_size: int


class Layout(NamedTuple):
    """A file to write: its first bytes, and the place of each tensor in file order."""

    prefix: bytes
    tensors: dict[str, TensorEntry]
    file_size: int


class _Malformed(Exception):
    """A rule of the format that a file breaks, and the tensor that breaks it."""

    def __init__(self, reason: str, tensor: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.tensor = tensor


def read_header(path: Location) -> Header:
    """Returns the checked header of a safetensors file; no tensor is read.

    Raises PyCandleError where the file breaks the format: whoever reads the data afterwards needs
    no check of offsets, sizes or overlaps.
    """
    try:
        with closing(open_file(path)) as file:
            size = file.seek(0, 2)
            return _parse(lambda offset, count: read_at(file, offset, count), size)
    except OSError as error:
        raise unreadable(path, error) from None
    except _Malformed as error:
        detail = None if error.tensor is None else f"tensor `{error.tensor}`"
        raise malformed(path, error.reason, detail=detail) from None


def read_tensor(path: Location, entry: TensorEntry) -> bytes:
    """Returns the bytes of one tensor, little-endian and in row-major order."""
    try:
        with closing(open_file(path)) as file:
            data = read_at(file, entry.offset, entry.nbytes)
    except OSError as error:
        raise unreadable(path, error) from None
    if len(data) != entry.nbytes:
        raise malformed(path, "the file became shorter while it was read")
    return data


def plan_layout(
    tensors: Iterable[tuple[str, str, tuple[int, ...]]],
    metadata: Mapping[str, str] | None = None,
) -> Layout:
    """Returns the layout of `(name, tag, shape)` tensors, byte for byte as safetensors has it."""
    ordered = sorted(tensors, key=lambda item: (ORDER.index(item[1]), item[0].encode()))
    header: dict[str, Any] = (
        {} if not metadata else {"__metadata__": dict(sorted(metadata.items()))}
    )
    begin = 0
    for name, tag, shape in ordered:
        if name in header or name == "__metadata__":
            raise ValueError(f"`{name}` cannot be written twice, or is reserved")
        end = begin + _nbytes(tag, shape)
        header[name] = {"dtype": tag, "shape": list(shape), "data_offsets": [begin, end]}
        begin = end
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    start = 8 + len(text)
    entries = {
        name: TensorEntry(tag, shape, start + header[name]["data_offsets"][0], _nbytes(tag, shape))
        for name, tag, shape in ordered
    }
    return Layout(len(text).to_bytes(8, "little") + text, entries, start + begin)


def malformed(path: Location, reason: str, *, detail: str | None = None) -> PyCandleError:
    """Returns the refusal of a file that breaks its format."""
    return refusal("malformed-checkpoint", reason, place=Place(str(path), detail=detail))


def _parse(read: Callable[[int, int], bytes], file_size: int) -> Header:
    """Returns the header at the start of `file_size` bytes."""
    if file_size < 8:
        raise _Malformed("the file is shorter than the 8 bytes of a header length")
    length = int.from_bytes(read(0, 8), "little")
    if length > MAX_HEADER:
        raise _Malformed(f"the header of {length} bytes is larger than the format allows")
    if length > file_size - 8:
        raise _Malformed(f"the header of {length} bytes goes past the end of the file")
    raw = read(8, length)
    if not raw.startswith(b"{"):
        raise _Malformed("the header does not start with `{`")
    content = _load_json(raw)
    metadata = _check_metadata(content.pop("__metadata__", None))
    start = 8 + length
    tensors = {name: _check_entry(name, item, start) for name, item in content.items()}
    _check_coverage(tensors, start, file_size)
    return Header(tensors, metadata, start, file_size)


def _load_json(raw: bytes) -> dict[str, Any]:
    try:
        content = json.loads(
            raw.decode(), object_pairs_hook=_unique_keys, parse_constant=_refuse_constant
        )
    except UnicodeDecodeError:
        raise _Malformed("the header is not UTF-8") from None
    except RecursionError:
        raise _Malformed("the header is nested too deep") from None
    except ValueError as error:
        # Also a number of more digits than Python converts.
        raise _Malformed(f"the header is not JSON: {error}") from None
    if not isinstance(content, dict):
        raise _Malformed("the header is not a JSON object")
    return content


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Malformed("the header has the same key twice", key)
        if not key.isprintable():  # Nor can a lone surrogate be written again.
            raise _Malformed("a name holds control characters", ascii(key))
        found[key] = value
    return found


def _refuse_constant(constant: str) -> None:
    raise _Malformed(f"the header holds `{constant}`, which is not JSON")


def _check_metadata(value: object) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(type(item) is str for item in value.values()):
        raise _Malformed("`__metadata__` is not an object of strings")
    return value


def _check_entry(name: str, item: object, start: int) -> TensorEntry:
    if not isinstance(item, dict):
        raise _Malformed("an entry is not an object", name)
    tag, shape, offsets = item.get("dtype"), item.get("shape"), item.get("data_offsets")
    if not isinstance(tag, str) or tag not in BITS:
        raise _Malformed(f"unknown dtype `{tag}`", name)
    shape, offsets = _sizes(shape, name), _sizes(offsets, name)
    if len(offsets) != 2:
        raise _Malformed("`data_offsets` is not a pair", name)
    begin, end = offsets
    bits = math.prod(shape) * BITS[tag]
    if bits % 8 != 0 or end - begin != bits // 8:
        reason = f"{tag} of shape {list(shape)} does not fill the bytes {begin} to {end}"
        raise _Malformed(reason, name)
    return TensorEntry(tag, shape, start + begin, end - begin)


def _sizes(value: object, name: str) -> tuple[int, ...]:
    if not isinstance(value, list) or not all(type(item) is int and item >= 0 for item in value):
        raise _Malformed("`shape` or `data_offsets` is not a list of non-negative integers", name)
    return tuple(value)


def _check_coverage(tensors: Mapping[str, TensorEntry], start: int, file_size: int) -> None:
    """Checks that the tensors fill the file: without hole, overlap, or byte left over."""
    reached = start
    for name, entry in sorted(tensors.items(), key=lambda item: (item[1].offset, item[1].nbytes)):
        if entry.offset != reached:
            what = "leaves a hole before it" if entry.offset > reached else "overlaps another one"
            raise _Malformed(f"a tensor {what}", name)
        reached += entry.nbytes
        if reached > file_size:
            raise _Malformed("a tensor goes past the end of the file", name)
    if reached != file_size:
        raise _Malformed(f"{file_size - reached} bytes after the last tensor belong to none")


def _nbytes(tag: str, shape: tuple[int, ...]) -> int:
    return math.prod(shape) * BITS[tag] // 8
