"""What a checkpoint holds, whatever its format.

Records of which there is one per tensor are named tuples: they are made in half the time of a
dataclass, and so are their classes at the start of a program.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from pycandle.dtypes import BY_SAFETENSORS, DTYPES, DType
from pycandle.weights.location import Location

NamePath: TypeAlias = tuple[str, ...]
"""The keys that lead to a tensor; one key for all of a flat state dict's dotted name."""


class Deflated(NamedTuple):
    """A compressed part of a file."""

    offset: int
    """In bytes, from the start of the file."""
    nbytes: int
    """As it is stored."""
    size: int
    """In bytes, once it is inflated."""


class Checksum(NamedTuple):
    """The CRC-32 that an archive has for a part of a file."""

    name: str
    offset: int
    """In bytes, from the start of the file."""
    nbytes: int
    crc: int
    deflated: Deflated | None = None
    """The part, where it is compressed: the sum is that of the inflated bytes."""


class StoredTensor(NamedTuple):
    """Where a tensor's elements lie, and how they are to be read."""

    file: Location
    offset: int
    """Of the first element, in bytes from the start of the file or of the inflated part."""
    dtype: str
    """The safetensors tag, or torch's name where the format has none."""
    shape: tuple[int, ...]
    strides: tuple[int, ...] | None = None
    """In elements; None where the tensor is contiguous."""
    problem: str | None = None
    """Why this tensor cannot be read, in words that follow "is"."""
    deflated: Deflated | None = None
    """The compressed part of the file in which it lies."""

    @property
    def itemsize(self) -> int:
        """Bytes of one element."""
        return item_size(self.dtype)

    @property
    def nbytes(self) -> int:
        """Bytes of the contiguous tensor."""
        return math.prod(self.shape) * self.itemsize


class ShardTensor(NamedTuple):
    """A tensor that an index promises; its shard is not open yet."""

    shard: Location
    name: str


TensorRef: TypeAlias = StoredTensor | ShardTensor


class FileStamp(NamedTuple):
    """By which a file that changes during an extraction is recognised."""

    size: int
    version: tuple[int | str, ...]
    """Of a local file the time in nanoseconds and the inode, of another one its ETag."""


class Checkpoint(NamedTuple):
    """The names of a checkpoint's tensors, and where each of them is."""

    path: Location
    format: str
    files: tuple[Location, ...]
    """Every file that belongs to it, read or not."""
    tensors: Mapping[NamePath, TensorRef]
    ignored_globals: tuple[str, ...] = ()
    """What loading a pickle would have imported beside the classes of tensors."""
    checksums: tuple[Checksum, ...] = ()
    stamp: FileStamp | None = None
    """Of the one file that holds the tensors, from before its metadata were read."""
    open_shard: Callable[[Location], Checkpoint] | None = None


class Format(NamedTuple):
    """A format of one file."""

    name: str
    recognises: Callable[[bytes, int], bool]
    """Tells from a file's first 512 bytes and its size; two formats never recognise one file."""
    read: Callable[[Location], Checkpoint]
    """Returns the tensors; only metadata is read. Raises PyCandleError."""


def item_size(dtype: str) -> int:
    """Returns the bytes of one element of a safetensors tag or of torch's name; 0 if unknown."""
    return _ITEM_SIZES.get(dtype, 0)


def find_dtype(dtype: str) -> DType | None:
    """Returns the dtype with a safetensors tag or, where the format has none, torch's name."""
    return BY_SAFETENSORS.get(dtype) or DTYPES.get(dtype)


def is_contiguous(shape: Sequence[int], strides: Sequence[int]) -> bool:
    """Returns whether the elements lie one after another in row-major order."""
    step = 1
    for size, stride in zip(reversed(shape), reversed(strides), strict=True):
        if size != 1 and stride != step:
            return math.prod(shape) == 0
        step *= size
    return True


_ITEM_SIZES = {name: row.itemsize for name, row in (DTYPES | BY_SAFETENSORS).items()}
