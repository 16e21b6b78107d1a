"""Rearranging the elements of a strided tensor, in bounded memory and without NumPy.

Elements are copied with strided slices of typed memoryviews, which is a loop in C.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

BLOCK = 4 << 20
"""In bytes: what is read, and what is handed on, at a time."""

TILE = 1024
"""Elements of a side of a tile."""

READ_COST = 4096
"""A read or a write costs as much as copying so many bytes, about."""

_FORMATS: dict[int, Literal["B", "H", "I", "Q"]] = {1: "B", 2: "H", 4: "I", 8: "Q"}

Read: TypeAlias = Callable[[int, int], bytes]
"""Returns so many bytes at an offset, in bytes from the tensor's first element."""


class _Dim(NamedTuple):
    size: int
    stride: int
    """In elements of the source."""
    step: int
    """In elements of the result."""


def strided_blocks(
    read: Read, shape: Sequence[int], strides: Sequence[int], itemsize: int
) -> Iterator[tuple[int, bytes | memoryview]]:
    """Yields (offset in the contiguous tensor, bytes) blocks that make up the whole tensor.

    Sizes and strides count elements; offsets are in bytes. Blocks come in no order.
    """
    if math.prod(shape) == 0:
        return
    dims = _merge_dims(shape, strides)
    inner, chunk = _fit_block(dims, itemsize)
    chunked_cost = _runs_cost(dims, inner, chunk, itemsize)
    plain_cost = _runs_cost(dims, inner, 1, itemsize)
    if len(dims) > 1 and _tiles_cost(dims, itemsize) < min(chunked_cost, plain_cost):
        yield from _tiles(read, dims, itemsize)
    else:
        chunk = chunk if chunked_cost <= plain_cost else 1
        yield from _runs(read, dims, inner, chunk, itemsize)


def _merge_dims(shape: Sequence[int], strides: Sequence[int]) -> list[_Dim]:
    """Returns the dims without those of size 1, and with those joined that are really one."""
    merged: list[tuple[int, int]] = []
    for size, stride in zip(shape, strides, strict=True):
        if size == 1:
            continue
        if merged and merged[-1][1] == stride * size:
            merged[-1] = (merged[-1][0] * size, stride)
        else:
            merged.append((size, stride))
    steps = [math.prod(size for size, _ in merged[dim + 1 :]) for dim in range(len(merged))]
    dims = [_Dim(size, stride, step) for (size, stride), step in zip(merged, steps, strict=True)]
    return dims or [_Dim(1, 1, 1)]


def _span(dims: Sequence[_Dim]) -> int:
    """Returns the source's elements from the first to the last that these dims reach."""
    return 1 + sum((dim.size - 1) * dim.stride for dim in dims)


def _count(dims: Sequence[_Dim]) -> int:
    return math.prod(dim.size for dim in dims)


def _fit_block(dims: Sequence[_Dim], itemsize: int) -> tuple[int, int]:
    """Returns the first dim from which on all fit into a block, and how often that fits.

    The latter counts indices of the dim before it.
    """
    limit = BLOCK // itemsize
    inner = len(dims)
    while inner > 0 and max(_span(dims[inner - 1 :]), _count(dims[inner - 1 :])) <= limit:
        inner -= 1
    if inner == 0:
        return 0, 1
    outer = dims[inner - 1]
    fitting = (limit - _span(dims[inner:])) // max(outer.stride, 1) + 1
    return inner, max(1, min(fitting, limit // _count(dims[inner:]), outer.size))


def _runs_cost(dims: Sequence[_Dim], inner: int, chunk: int, itemsize: int) -> int:
    if inner == 0:
        return READ_COST + _span(dims) * itemsize
    outer = dims[inner - 1]
    reads = _count(dims[: inner - 1]) * math.ceil(outer.size / chunk)
    return reads * (READ_COST + ((chunk - 1) * outer.stride + _span(dims[inner:])) * itemsize)


def _tiles_cost(dims: Sequence[_Dim], itemsize: int) -> int:
    row, column = _tile_dims(dims)
    height, width = _tile_size(row, column, itemsize)
    elements = _count(dims)
    reads = elements // height + 1
    writes = elements // width + 1
    return (reads + writes) * READ_COST + reads * height * row.stride * itemsize


def _runs(
    read: Read, dims: Sequence[_Dim], inner: int, chunk: int, itemsize: int
) -> Iterator[tuple[int, bytes | memoryview]]:
    """Yields blocks of the inner dims, and of `chunk` indices of the dim before them."""
    if inner == 0:
        yield 0, _gather(read(0, _span(dims) * itemsize), dims, itemsize)
        return
    outer = dims[inner - 1]
    for source, result in _starts(dims[: inner - 1]):
        for first in range(0, outer.size, chunk):
            count = min(chunk, outer.size - first)
            block = [_Dim(count, outer.stride, outer.step), *dims[inner:]]
            data = read((source + first * outer.stride) * itemsize, _span(block) * itemsize)
            yield (result + first * outer.step) * itemsize, _gather(data, block, itemsize)


def _starts(dims: Sequence[_Dim]) -> Iterator[tuple[int, int]]:
    """Yields the position in source and result of each index of these dims, in elements."""
    for index in itertools.product(*(range(dim.size) for dim in dims)):
        pairs = list(zip(index, dims, strict=True))
        yield sum(i * dim.stride for i, dim in pairs), sum(i * dim.step for i, dim in pairs)


def _tile_dims(dims: Sequence[_Dim]) -> tuple[_Dim, _Dim]:
    """Returns the dim of a tile's rows, the densest in the source, and that of its columns."""
    return min(dims[:-1], key=lambda dim: (dim.stride == 0, dim.stride)), dims[-1]


def _tile_size(row: _Dim, column: _Dim, itemsize: int) -> tuple[int, int]:
    """Returns height and width; a column of a tile fits into a block."""
    fitting = BLOCK // (max(row.stride, 1) * itemsize)
    return max(1, min(TILE, row.size, fitting)), min(TILE, column.size)


def _tiles(
    read: Read, dims: Sequence[_Dim], itemsize: int
) -> Iterator[tuple[int, bytes | memoryview]]:
    """Yields the rows of tiles, whose columns are read: a transposed matrix is read just once."""
    row, column = _tile_dims(dims)
    tall, wide = _tile_size(row, column, itemsize)
    others = [dim for dim in dims if dim is not row and dim is not column]
    corners = itertools.product(range(0, row.size, tall), range(0, column.size, wide))
    for (source, result), (top, left) in itertools.product(_starts(others), list(corners)):
        height, width = min(tall, row.size - top), min(wide, column.size - left)
        start = source + top * row.stride + left * column.stride
        tile = bytearray(height * width * itemsize)
        target = memoryview(tile).cast(_FORMATS[itemsize])
        for index in range(width):
            at = start + index * column.stride
            data = read(at * itemsize, ((height - 1) * row.stride + 1) * itemsize)
            target[index::width] = _spread(_typed(data, itemsize), height, row.stride)
        for index in range(height):
            at = result + (top + index) * row.step + left
            line = memoryview(tile)[index * width * itemsize : (index + 1) * width * itemsize]
            yield at * itemsize, line


def _gather(data: bytes, dims: Sequence[_Dim], itemsize: int) -> bytes | memoryview:
    """Returns the elements of these dims in row-major order, given all bytes of their span."""
    if len(dims) == 1 and dims[0].stride == 1:
        return data
    source = _typed(data, itemsize)
    result = bytearray(_count(dims) * itemsize)
    target = memoryview(result).cast(_FORMATS[itemsize])
    # The longest dim is the one that runs in C.
    longest = max(dims, key=lambda dim: dim.size)
    reach = (longest.size - 1) * longest.step + 1
    for at, to in _starts([dim for dim in dims if dim is not longest]):
        elements = _spread(source[at:], longest.size, longest.stride)
        target[to : to + reach : longest.step] = elements
    return memoryview(result)


def _spread(source: memoryview, count: int, stride: int) -> memoryview:
    """Returns `count` elements of `source`, `stride` apart; a stride of 0 repeats the first."""
    if stride == 0:
        return _typed(source[:1].tobytes() * count, source.itemsize)
    return source[: (count - 1) * stride + 1 : stride]


def _typed(data: bytes, itemsize: int) -> memoryview:
    return memoryview(data).cast(_FORMATS[itemsize])
