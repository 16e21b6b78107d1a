"""What a model's code asks about its settings, and which settings give the same answers.

A formula holds for the settings with which the code goes the recorded way: where `min` chooses the
other operand, another formula holds, though the program looks the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import TypeAlias

from pycandle.formulas import settings_of
from pycandle.learning.guards import Condition
from pycandle.manifest.learned import Plain

Value: TypeAlias = "Plain | list[Plain]"

MOST_TIED = 3
"""Settings that are changed with another one to keep the answers."""
FACTORS = (2, 3)


def numbers_in(settings: Mapping[str, Value]) -> dict[str, int | float]:
    """Returns the settings that are integers or floats."""
    return {
        path: value
        for path, value in settings.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }


def answers(asked: Sequence[Condition], settings: Mapping[str, Value]) -> tuple[bool, ...]:
    """Returns whether each condition holds."""
    numbers = numbers_in(settings)
    return tuple(item.holds(numbers) for item in asked)


def tied_changes(
    asked: Sequence[Condition], settings: Mapping[str, Value], path: str
) -> Iterator[dict[str, Value]]:
    """Yields changes of a setting by a factor, and of the fewest others that keep all answers.

    A window twice as large goes with an image twice as large.
    """
    first = answers(asked, settings)
    others = _connected(asked, path)
    for factor in FACTORS:
        for chosen in _few(others):
            changes = _scaled(settings, (path, *chosen), factor)
            if changes and answers(asked, {**settings, **changes}) == first:
                yield changes
                break


def _few(paths: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for count in range(1, MOST_TIED + 1):
        yield from combinations(paths, count)


def _scaled(settings: Mapping[str, Value], paths: Sequence[str], factor: int) -> dict[str, Value]:
    """Returns settings multiplied; nothing where one of them is no integer above 0."""
    found: dict[str, Value] = {}
    for path in paths:
        value = settings.get(path)
        if type(value) is not int or value < 1:
            return {}
        found[path] = value * factor
    return found


def _connected(asked: Sequence[Condition], path: str) -> list[str]:
    """Returns the other settings that conditions name together with one, or with such another."""
    groups = [dict.fromkeys([*settings_of(a.left), *settings_of(a.right)]) for a in asked]
    found = {path: None}
    before = 0
    while before < len(found):
        before = len(found)
        for group in groups:
            if not found.keys().isdisjoint(group):
                found |= group
    return [other for other in found if other != path]
