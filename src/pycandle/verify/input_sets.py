"""Input sets: sizes for the symbols of an entry, and seeded values of those sizes."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pycandle.manifest.schema import Entry, Input
from pycandle.manifest.sizes import SizeError, evaluate, symbols_of
from pycandle.verify.draws import draw
from pycandle.verify.roles import Role
from pycandle.verify.tensor_file import Array

CHEAP = 2**16
"""Elements in an input. Up to this, sizes are doubled in the larger set; images cost too much."""

UNBOUNDED = 2**62


@dataclass(frozen=True)
class Sizes:
    """A choice of sizes: the shapes of all inputs."""

    name: str
    """`recorded sizes`, `larger sizes` ...; says what was chosen."""
    shapes: dict[str, tuple[int, ...]]
    """By the path of the input."""


def choices(entry: Entry) -> Iterator[list[Sizes]]:
    """Yields one list per set: the sizes to try, until PyTorch accepts one.

    Set 1 has the recorded sizes, set 2 larger ones, set 3 the smallest, mostly 1. An entry without
    symbols has set 1 only.
    """
    recorded = recorded_symbols(entry)
    yield [Sizes("recorded sizes", shapes_of(entry, recorded))]
    if not entry.symbols:
        return
    tried = [shapes_of(entry, recorded)]
    for candidates in (_larger(entry, recorded), _ones(entry, recorded)):
        kept: list[Sizes] = []
        for name, symbols in candidates:
            shapes = shapes_of(entry, symbols)
            if all(shapes != other.shapes for other in kept) and shapes not in tried:
                kept.append(Sizes(name, shapes))
        if kept:
            yield kept
            tried += [item.shapes for item in kept]


def recorded_symbols(entry: Entry) -> dict[str, int]:
    """Returns the value of each symbol in the first record."""
    found = {s.name: s.recorded for s in entry.symbols if s.recorded is not None}
    shapes = entry.records[0].sizes if entry.records else {}
    for item in entry.inputs:
        for size, extent in zip(item.value.shape, shapes.get(item.path, []), strict=False):
            if isinstance(size, str) and symbols_of(size) == (size,):
                found.setdefault(size, extent)
    return {s.name: found.get(s.name, max(2, s.lower)) for s in entry.symbols}


def shapes_of(entry: Entry, symbols: Mapping[str, int]) -> dict[str, tuple[int, ...]]:
    """Returns the shape of every input, by path."""
    return {
        item.path: tuple(evaluate(size, symbols) for size in item.value.shape)
        for item in entry.inputs
    }


def match_symbols(entry: Entry, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, int]:
    """Returns the symbols that stand alone as a size of an input, with their values."""
    found: dict[str, int] = {}
    for item in entry.inputs:
        for size, extent in zip(item.value.shape, shapes.get(item.path, ()), strict=False):
            if isinstance(size, str) and symbols_of(size) == (size,):
                found.setdefault(size, extent)
    return found


def draw_inputs(entry: Entry, seed: str, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Array]:
    """Returns seeded values for every input, by path."""
    symbols = recorded_symbols(entry) | match_symbols(entry, shapes)
    return {
        item.path: draw(
            f"{seed}/input/{item.path}", item.value.dtype, shapes[item.path], _role(item, symbols)
        )
        for item in entry.inputs
    }


def _role(item: Input, symbols: Mapping[str, int]) -> Role:
    if item.value.dtype.startswith(("float", "bfloat")):
        return Role("matrix")
    if item.index_below is None:
        return Role("flags")
    try:
        return Role("index", below=evaluate(item.index_below, symbols))
    except SizeError:
        return Role("flags")


def _larger(entry: Entry, recorded: Mapping[str, int]) -> Iterator[tuple[str, dict[str, int]]]:
    shapes = shapes_of(entry, recorded).values()
    cheap = all(math.prod(shape) <= CHEAP for shape in shapes)
    steps: dict[str, Callable[[int], int]] = {
        "larger sizes": lambda size: 2 * size + 1 if cheap else size + size // 8 + 1,
        "larger sizes, by 1": lambda size: size + 1,
    }
    if entry.conditions:
        # What must be a multiple of something stays one.
        steps["twice the sizes"] = lambda size: 2 * size
    grown = [
        (name, {s.name: min(grow(recorded[s.name]), s.upper or UNBOUNDED) for s in entry.symbols})
        for name, grow in steps.items()
    ]
    yield from grown
    yield "a larger batch", {**recorded, **{name: grown[0][1][name] for name in _batch(entry)}}


def _ones(entry: Entry, recorded: Mapping[str, int]) -> Iterator[tuple[str, dict[str, int]]]:
    # torch's lower bound of 2 is how export sees every size; the model itself may allow 1.
    apart = {item.left for item in entry.conditions if (item.relation, item.right) == ("!=", 1)}
    least = {s.name: 1 if s.lower <= 2 and s.name not in apart else s.lower for s in entry.symbols}
    yield "smallest sizes", least
    yield "batch 1", {**recorded, **{name: least[name] for name in _batch(entry)}}


def _batch(entry: Entry) -> set[str]:
    """Returns the symbols that are the first size of an input; a mask may have its own."""
    firsts = (item.value.shape[0] for item in entry.inputs if item.value.shape)
    return {size for size in firsts if isinstance(size, str) and symbols_of(size) == (size,)}
