"""Tensors of a few numbers, computed in Python: what a graph makes of its sizes alone."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

Number: TypeAlias = bool | int | float


class Unknown(Exception):
    """An op, or an argument of one, that is not computed here."""


@dataclass(frozen=True)
class Small:
    """A tensor: its shape, and its numbers in row-major order."""

    shape: tuple[int, ...]
    numbers: tuple[Number, ...]

    def at(self, index: Sequence[int]) -> Number:
        """Returns the number at an index, dims of size 1 repeated."""
        place = 0
        for size, position in zip(self.shape, index[len(index) - len(self.shape) :], strict=True):
            place = place * size + (position if size > 1 else 0)
        return self.numbers[place]

    def indices(self) -> Iterator[tuple[int, ...]]:
        """Yields all indices in row-major order."""
        return itertools.product(*map(range, self.shape))


_MOST_NUMBERS = 20_000
"""A tensor of more is not small."""


def made(shape: Iterable[int], number: Callable[[tuple[int, ...]], Number]) -> Small:
    """Returns a tensor from a function of the index. Raises Unknown for one that is not small."""
    sizes = tuple(shape)
    if math.prod(sizes) > _MOST_NUMBERS:
        raise Unknown
    return Small(sizes, tuple(number(index) for index in itertools.product(*map(range, sizes))))


def broadcast(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    """Returns the shape that all shapes broadcast to. Raises Unknown."""
    found: list[int] = []
    for sizes in itertools.zip_longest(*(shape[::-1] for shape in shapes), fillvalue=1):
        large = {size for size in sizes if size != 1}
        if len(large) > 1:
            raise Unknown
        found.append(large.pop() if large else 1)
    return tuple(found[::-1])


def pointwise(function: Callable[..., Number], *operands: Any) -> Small:
    """Applies a function to each number of operands that broadcast."""
    smalls = [item if isinstance(item, Small) else Small((), (item,)) for item in operands]
    shape = broadcast(*(item.shape for item in smalls))
    return made(shape, lambda index: function(*(item.at(index) for item in smalls)))
