"""Which sizes of the inputs are free: the attempts, from the most general to the recorded sizes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

Shapes = dict[str, list[int]]


@dataclass(frozen=True)
class Attempt:
    """Shapes to export with, and whether which of their dims are free."""

    shapes: Shapes
    free: dict[str, tuple[int, ...]]
    note: str | None = None
    """What an export by this attempt gives up."""


def attempts(recorded: Shapes) -> Iterator[Attempt]:
    """Yields what to try, in order.

    A size of 1 would be fixed by torch, so sizes that are 1 become distinct primes; then one prime
    for the same dim of every input (a batch); then one at a time; then the recorded sizes.
    """
    every = {path: tuple(range(len(shape))) for path, shape in recorded.items()}
    ones = [(path, dim) for path in recorded for dim in every[path] if recorded[path][dim] == 1]
    if ones:
        yield Attempt(_replaced(recorded, {place: n for n, place in enumerate(ones)}), every)
        dims = sorted({dim for _, dim in ones})
        if len(dims) < len(ones):
            shared = {place: dims.index(place[1]) for place in ones}
            yield Attempt(_replaced(recorded, shared), every)
        yield from _one_at_a_time(recorded, every, ones)
    yield Attempt(recorded, every, _fixed_ones(ones))
    first = {path: dims[:1] for path, dims in every.items()}
    if first != every:
        yield Attempt(recorded, first, "only the first dim of each input is free")
    yield Attempt(recorded, {path: () for path in recorded}, "every size is fixed as recorded")


def _one_at_a_time(
    recorded: Shapes, every: dict[str, tuple[int, ...]], ones: list[tuple[str, int]]
) -> Iterator[Attempt]:
    if len(ones) < 2:
        return
    for place in ones:
        others = [other for other in ones if other != place]
        yield Attempt(_replaced(recorded, {place: 0}), every, _fixed_ones(others))


def _fixed_ones(ones: list[tuple[str, int]]) -> str | None:
    if not ones:
        return None
    named = ", ".join(f"dim {dim} of `{path}`" for path, dim in ones)
    return f"the size 1 is fixed of {named}"


def _replaced(recorded: Shapes, primes: dict[tuple[str, int], int]) -> Shapes:
    """Returns the shapes with primes that are no other size, by index."""
    taken = {size for shape in recorded.values() for size in shape}
    unused = [prime for prime in _primes(len(taken) + len(primes) + 1) if prime not in taken]
    return {
        path: [
            unused[primes[path, dim]] if (path, dim) in primes else size
            for dim, size in enumerate(shape)
        ]
        for path, shape in recorded.items()
    }


def _primes(count: int) -> list[int]:
    found: list[int] = []
    candidate = 2
    while len(found) < count:
        if all(candidate % prime for prime in found):
            found.append(candidate)
        candidate += 1
    return found
