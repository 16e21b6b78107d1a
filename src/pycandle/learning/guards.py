"""Where a free setting makes another program: a condition that tells those values from the others.

What is found is the simplest condition that holds in each recording of another program, and in none
of the same. It is asked of every `Config`, so that code is not run where it was seen not to hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pycandle.formulas import Constant, Formula, Operation, Setting, constant, render
from pycandle.learning.solving import Number
from pycandle.manifest.schema import Excluded

Row = Mapping[str, Number]
"""The numeric settings of one recording."""


@dataclass(frozen=True)
class _Condition:
    left: Formula
    relation: str
    right: Formula

    def holds(self, row: Row) -> bool:
        """Whether a recording has such settings."""
        one, other = _value(self.left, row), _value(self.right, row)
        match self.relation:
            case "==":
                return one == other
            case "!=":
                return one != other
            case "<":
                return one < other
            case _:
                return one > other


def find_excluded(
    same: Sequence[Row], others: Sequence[tuple[Row, Sequence[str]]]
) -> tuple[list[Excluded], set[str]]:
    """Returns conditions under which the program is another one, and settings that have none.

    `same`: the settings of each recording of the program; `others`: those of each recording that
    was another program, with the settings that had been changed for it.
    """
    found: list[_Condition] = []
    fixed: set[str] = set()
    # What one setting does alone tells most.
    for row, changed in sorted(others, key=lambda item: len(item[1])):
        if fixed.intersection(changed) or any(item.holds(row) for item in found):
            continue
        fitting = (
            item
            for item in _conditions(row, changed, same)
            if item.holds(row) and not any(item.holds(other) for other in same)
        )
        chosen = next(fitting, None)
        if chosen is None:
            fixed.update(changed)
        else:
            found.append(chosen)
    rows = [Excluded(render(item.left), item.relation, render(item.right)) for item in found]
    return rows, fixed


def _conditions(row: Row, changed: Sequence[str], same: Sequence[Row]) -> Iterator[_Condition]:
    """Yields conditions: a setting is 1, two are equal; bounds of what was seen; one value.

    That one setting is below another, or divides it, holds by chance too often.
    """
    for path in changed:
        if row[path] == 1:
            yield _Condition(Setting(path), "==", constant(1))
    whole = [path for path, value in row.items() if isinstance(value, int)]
    pairs = [(a, b) for a in changed for b in whole if a != b and a in whole]
    for a, b in pairs:
        yield _Condition(Setting(a), "==", Setting(b))
    for path in changed:
        values = sorted(item[path] for item in same)
        yield _Condition(Setting(path), ">", constant(values[-1]))
        yield _Condition(Setting(path), "<", constant(values[0]))
    for path in changed:
        yield _Condition(Setting(path), "==", constant(row[path]))


def _value(formula: Formula, row: Row) -> Number:
    match formula:
        case Setting(path):
            return row[path]
        case Constant(value):
            return value
        case Operation("neg", (Constant(value),)):
            return -value
        case _:
            raise ValueError(formula)
