"""Formulas that round are held against models that are built, but not recorded, for many values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from pycandle.formulas import FormulaError, evaluate, parse
from pycandle.learning.answers import numbers_in
from pycandle.learning.guards import Condition
from pycandle.learning.values import Value, rounding
from pycandle.manifest.learned import Learned

VALUES = 32
"""So many values of each setting, from a half of the recorded one to one and a half."""
MOST = 2
"""So many values that refute a formula are named at once."""


class Builder(Protocol):
    """A model that can be built with other settings, which takes a part of a recording's time."""

    def shapes(self, changes: Mapping[str, Value]) -> Mapping[str, Sequence[int]] | None:
        """Returns the shapes of the state tensors by name; None where there is no such model."""
        ...

    def runs(self, changes: Mapping[str, Value]) -> bool:
        """Whether the model, built with other settings, takes inputs; true where it is unknown."""
        ...


def rounded_settings(learned: Learned) -> list[str]:
    """Returns the settings that formulas divide by a constant."""
    found = (path for text in learned.formulas for path in rounding(parse(text)))
    return [path for path in dict.fromkeys(found) if path in learned.settings]


def find_refuted(
    builder: Builder, learned: Learned, settings: Mapping[str, Value]
) -> Iterator[dict[str, Value]]:
    """Yields changes of one setting with which state tensors have other shapes than formulas say.

    `settings`: those that the model is built with, but for the change.
    """
    for path in rounded_settings(learned):
        left = MOST
        for value in _spread(settings[path]):
            if left < 1:
                break
            changes: dict[str, Value] = {path: value}
            if _is_excluded(learned, {**settings, **changes}):
                continue
            shapes = builder.shapes(changes)
            if shapes is None or _gives(learned, {**settings, **changes}, shapes):
                continue
            # Half of a head of 15 is 7 or 8 to a model that can be built, and does not run.
            if builder.runs(changes):
                left -= 1
                yield changes


def _spread(value: Value) -> Iterator[int]:
    if isinstance(value, int) and value > 1:
        step = max(value // VALUES, 1)
        # Not the multiples of the step alone, which a divisor may divide.
        yield from (at + step * (at % 2) // 2 for at in range(value // 2, value * 3 // 2, step))


def _is_excluded(learned: Learned, settings: Mapping[str, Value]) -> bool:
    numbers = numbers_in(settings)
    conditions = (
        Condition(parse(row.left), row.relation, parse(row.right)) for row in learned.excluded
    )
    return any(item.holds(numbers) for item in conditions)


def _gives(
    learned: Learned, settings: Mapping[str, Value], shapes: Mapping[str, Sequence[int]]
) -> bool:
    numbers = numbers_in(settings)
    formulas = [parse(text) for text in learned.formulas]
    for name, row in learned.state.items():
        for index, size in zip(row, shapes.get(name, ()), strict=False):
            try:
                if index is not None and evaluate(formulas[index], numbers) != size:
                    return False
            except FormulaError:
                return False
    return True
