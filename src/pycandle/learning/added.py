"""Layers that a longer recording adds: they are to be as the last one of the first recording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from pycandle.learning.numbers import LengthPlace, Number, Place, StatePlace


def unlike_the_last(
    first: Mapping[Place, Number],
    others: Iterable[Mapping[Place, Number]],
    periods: Mapping[str, int],
) -> set[str]:
    """Returns the containers in which a layer is added that has other numbers than the last one.

    `first` has the numbers of the recording that speaks for all lengths, `others` those of
    recordings of the same structure. Where layers take turns, `periods` says after how many the
    kinds come again, and the last one of the same kind is meant.
    """
    lengths = {place.module: int(n) for place, n in first.items() if isinstance(place, LengthPlace)}
    found: set[str] = set()
    for numbers in others:
        for place, value in numbers.items():
            if place in first:
                continue
            for container, last in _last(place, lengths, periods):
                if numbers.get(last) != value:
                    found.add(container)
    return found


def _last(
    place: Place, lengths: Mapping[str, int], periods: Mapping[str, int]
) -> Iterable[tuple[str, Place]]:
    """Yields the container that a layer is added to, and the same place in its last layer."""
    parts = _path(place).split(".")
    for at, part in enumerate(parts):
        container = ".".join(parts[:at])
        length = lengths.get(container)
        if part.isdigit() and length is not None and int(part) >= length:
            period = periods.get(container, 1)
            last = length - 1 - (length - 1 - int(part)) % period
            moved = ".".join([*parts[:at], str(last), *parts[at + 1 :]])
            yield container, _moved(place, moved)
            return


def _path(place: Place) -> str:
    return place.name if isinstance(place, StatePlace) else place.module


def _moved(place: Place, path: str) -> Place:
    if isinstance(place, StatePlace):
        return replace(place, name=path)
    return replace(place, module=path)
