"""The sizes that a model is compared at: others than the recorded ones, and not too expensive."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from pycandle.manifest.schema import Entry
from pycandle.verify.input_sets import CHEAP, Sizes, choices, recorded_symbols, shapes_of


def sizes_to_compare(entry: Entry) -> list[list[Sizes]]:
    """Returns one list per set: what to try, until PyTorch accepts one.

    Small inputs have the sets of `pycandle verify`. Of images there is one of another size, where
    that is free, and the smallest; where no size is free, the recorded batch.
    """
    found = [list(options) for options in choices(entry)]
    shapes = shapes_of(entry, recorded_symbols(entry))
    if not entry.symbols or all(math.prod(shape) <= CHEAP for shape in shapes.values()):
        return found
    single = list(_one_of(entry))
    tried = [item.shapes for item in single]
    smallest = [item for options in found[2:] for item in options if item.shapes not in tried]
    return [single, smallest or found[0]]


def _one_of(entry: Entry) -> Iterator[Sizes]:
    """Yields a batch of one, with larger sizes and with the recorded ones."""
    recorded = recorded_symbols(entry)
    shapes = [item.value.shape for item in entry.inputs if item.value.shape]
    batch = {shape[0] for shape in shapes}
    # Channels may look free where torch could not solve for them.
    kept = batch | {shape[1] for shape in shapes if len(shape) == 4}
    single = {name: 1 if name in batch else size for name, size in recorded.items()}
    if single.keys() - kept:
        for step in (32, 8):
            larger = {n: size if n in kept else size + step for n, size in single.items()}
            yield Sizes(f"batch 1, larger by {step}", shapes_of(entry, larger))
    yield Sizes("batch 1", shapes_of(entry, single))


def describe(name: str, shapes: Mapping[str, tuple[int, ...]]) -> str:
    """Returns a set for the page: its name and its shapes."""
    sizes = ", ".join(f"{path} {list(shape)}" for path, shape in shapes.items())
    return f"{name.removesuffix('.safetensors')}: {sizes}"
