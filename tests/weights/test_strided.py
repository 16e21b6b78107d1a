"""Every strategy for strided tensors gives the contiguous tensor, in any size of block."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest

from pycandle.weights import strided
from pycandle.weights.strided import strided_blocks


def contiguous(source: np.ndarray, shape: Sequence[int], strides: Sequence[int]) -> bytes:
    """Puts the blocks together, and checks that they are neither too large nor overlapping."""
    itemsize = source.itemsize
    data = source.tobytes()

    def read(offset: int, count: int) -> bytes:
        assert 0 <= offset <= offset + count <= len(data)
        assert count <= max(strided.BLOCK, itemsize)
        return data[offset : offset + count]

    result = bytearray(int(np.prod(shape)) * itemsize)
    seen = 0
    for offset, block in strided_blocks(read, shape, strides, itemsize):
        result[offset : offset + len(block)] = block
        seen += len(block)
    assert seen == len(result)
    return bytes(result)


@pytest.mark.parametrize("read_cost", [0, 1, 64, 1 << 20])
@pytest.mark.parametrize("block", [8, 64, 1024, 1 << 22])
@pytest.mark.parametrize("tile", [1, 3, 1024])
def test_any_strides_give_the_contiguous_tensor(
    block: int, tile: int, read_cost: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strided, "BLOCK", block)
    monkeypatch.setattr(strided, "TILE", tile)
    monkeypatch.setattr(strided, "READ_COST", read_cost)
    rng = random.Random(block * tile + read_cost)
    for _ in range(25):
        dtype = np.dtype(rng.choice(["u1", "<u2", "<u4", "<u8"]))
        shape = [rng.choice([1, 2, 3, 5, 9]) for _ in range(rng.randint(0, 4))]
        strides = [rng.choice([0, 1, 1, 2, 3, 7, 20]) for _ in shape]
        reach = 1 + sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))
        source = np.arange(reach).astype(dtype)
        view = np.lib.stride_tricks.as_strided(
            source, shape, [stride * dtype.itemsize for stride in strides]
        )

        assert contiguous(source, shape, strides) == view.tobytes()


@pytest.mark.parametrize(
    ("shape", "strides"),
    [
        pytest.param((3000, 2000), (1, 3000), id="transposed"),
        pytest.param((64, 64, 300), (64 * 300, 1, 64), id="channels last"),
        pytest.param((2, 3_000_000), (3_000_001, 1), id="long rows"),
        pytest.param((5_000_000,), (2,), id="every other element"),
        pytest.param((700, 4), (5000, 1), id="few columns of a wide matrix"),
        pytest.param((3, 1_500_000), (0, 1), id="expanded rows"),
        pytest.param((1_500_000, 3), (1, 0), id="expanded columns"),
    ],
)
def test_large_tensors_are_rearranged_in_few_reads(
    shape: tuple[int, ...], strides: tuple[int, ...]
) -> None:
    reach = 1 + sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))
    data = np.arange(reach, dtype="<u4")
    reads = 0

    def read(offset: int, count: int) -> bytes:
        nonlocal reads
        reads += 1
        return data[offset // 4 : (offset + count) // 4].tobytes()

    result = bytearray(int(np.prod(shape)) * 4)
    for offset, block in strided_blocks(read, shape, strides, 4):
        result[offset : offset + len(block)] = block

    view = np.lib.stride_tricks.as_strided(data, shape, [4 * stride for stride in strides])
    assert bytes(result) == view.tobytes()
    assert reads < 10_000
