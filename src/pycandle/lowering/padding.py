"""Padding of convolutions that is given by name."""

from __future__ import annotations

from pycandle.lowering.operand import Unsupported
from pycandle.rust import tree as t


def per_dim(value: list[int] | int, dims: int) -> list[int]:
    """Returns one number for each dim; a single number holds for all."""
    numbers = [value] if isinstance(value, int) else list(value)
    return numbers * dims if len(numbers) == 1 else numbers


def same_pads(
    kernel: tuple[int, ...], stride: list[int] | int, dilation: list[int] | int
) -> list[tuple[int, int]]:
    """Returns what `padding="same"` adds before and after each dim: an odd rest goes behind."""
    if any(step != 1 for step in per_dim(stride, len(kernel))):
        raise Unsupported("stride", stride, supported='1, with `padding="same"`')
    totals = [
        spread * (size - 1)
        for size, spread in zip(kernel, per_dim(dilation, len(kernel)), strict=True)
    ]
    return [(total // 2, total - total // 2) for total in totals]


def same_padding(
    padding: str, kernel: tuple[int, ...], stride: list[int] | int, dilation: list[int] | int
) -> list[int] | None:
    """Returns the padding of each dim by its name; None where the two sides would differ."""
    if padding == "valid":
        return [0] * len(kernel)
    if padding != "same":
        raise Unsupported("padding", repr(padding), supported='"valid", "same"')
    pads = same_pads(kernel, stride, dilation)
    if any(before != after for before, after in pads):
        return None
    return [before for before, _ in pads]


def padding_of(sides: tuple[int, int]) -> tuple[t.Expr, t.Expr]:
    """Returns what is added before and after."""
    return (t.usize(sides[0], "padding"), t.usize(sides[1], "padding"))
