"""Where a free setting makes another program: a condition that tells those values from the others.

What is found is the simplest condition that holds in each recording of another program, and in none
of the same. It is asked of every `Config`, so that code is not run where it was seen not to hold.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pycandle.formulas import (
    Formula,
    FormulaError,
    Operation,
    Setting,
    constant,
    evaluate,
    render,
    settings_of,
)
from pycandle.learning.solving import Number
from pycandle.manifest.learned import Excluded

Row = Mapping[str, Number]
"""The numeric settings of one recording."""

_RELATIONS: dict[str, Callable[[Number, Number], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_OPPOSITES = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@dataclass(frozen=True)
class Condition:
    """Something that code asks about settings, or that holds where the program is another."""

    left: Formula
    relation: str
    right: Formula

    def holds(self, row: Row) -> bool:
        """Whether a recording has such settings; not where a side has no value."""
        try:
            return _RELATIONS[self.relation](evaluate(self.left, row), evaluate(self.right, row))
        except FormulaError:
            return False

    def opposite(self) -> Condition:
        """Returns the condition that holds where this one does not."""
        return Condition(self.left, _OPPOSITES[self.relation], self.right)

    def settings(self) -> frozenset[str]:
        """Returns the paths of the settings that both sides read."""
        return frozenset([*settings_of(self.left), *settings_of(self.right)])

    def row(self) -> Excluded:
        """Returns the row of the manifest."""
        return Excluded(render(self.left), self.relation, render(self.right))


def find_excluded(
    same: Sequence[Row],
    others: Sequence[tuple[Row, Sequence[str]]],
    asked: Sequence[Condition] = (),
) -> tuple[list[Excluded], set[str]]:
    """Returns conditions under which the program is another one, and settings that have none.

    `same`: the settings of each recording of the program; `others`: those of each recording that
    was another program, with the settings that had been changed for it; `asked`: what the model's
    code is known to ask.
    """
    found: list[Condition] = []
    fixed: set[str] = set()
    # What one setting does alone tells most.
    for row, changed in sorted(others, key=lambda item: len(item[1])):
        if fixed.intersection(changed) or any(item.holds(row) for item in found):
            continue
        fitting = (
            item
            for item in (
                *_reasons(asked, changed),
                *_reasons(list(rests(asked)), changed),
                *_conditions(row, changed, same),
            )
            if item.holds(row) and not any(item.holds(other) for other in same)
        )
        chosen = next(fitting, None)
        if chosen is None:
            fixed.update(changed)
        else:
            found.append(chosen)
    return [item.row() for item in found], fixed


def _reasons(asked: Sequence[Condition], changed: Sequence[str]) -> Iterator[Condition]:
    """Yields what the code asks about the settings that were changed, and the opposite."""
    for item in asked:
        if not {*settings_of(item.left), *settings_of(item.right)}.isdisjoint(changed):
            yield item
            yield item.opposite()


def rests(asked: Sequence[Condition]) -> Iterator[Condition]:
    """Yields that one size does not divide another that the code compares it with: it is padded."""
    for item in asked:
        sides = item.left, item.right
        if all(any(True for _ in settings_of(side)) for side in sides):
            yield Condition(Operation("%", sides), "!=", constant(0))


def _conditions(row: Row, changed: Sequence[str], same: Sequence[Row]) -> Iterator[Condition]:
    """Yields conditions: a setting is 1, two are equal; bounds of what was seen; one value.

    That one setting is below another, or divides it, holds by chance too often.
    """
    for path in changed:
        if row[path] == 1:
            yield Condition(Setting(path), "==", constant(1))
    whole = [path for path, value in row.items() if isinstance(value, int)]
    pairs = [(a, b) for a in changed for b in whole if a != b and a in whole]
    for a, b in pairs:
        yield Condition(Setting(a), "==", Setting(b))
    for path in changed:
        values = sorted(item[path] for item in same)
        yield Condition(Setting(path), ">", constant(values[-1]))
        yield Condition(Setting(path), "<", constant(values[0]))
    for path in changed:
        yield Condition(Setting(path), "==", constant(row[path]))
