"""Which other values of settings are tried."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from pycandle.formulas import Constant, Formula, Operation, Setting, settings_of
from pycandle.learning.answers import numbers_in
from pycandle.learning.guards import Condition, rests
from pycandle.manifest.learned import Plain

Value: TypeAlias = "Plain | list[Plain]"

FARTHEST = 64
"""So far at least another answer to what code asks is looked for."""


def is_number(value: object) -> bool:
    """Whether a value is an integer or a float, and no truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def candidates(value: Value, lengths: Container[int] = ()) -> Sequence[Value]:
    """Returns the values to try for a setting alone, in order.

    What may be a number of layers is made little larger: the time of a recording grows with it.
    """
    match value:
        case bool():
            return (not value,)
        case None:
            return (1,)
        case int() if value <= 0:
            return (1, 2)
        case int():
            tried = (2 * value, 3 * value, value + 1, value // 2, value - 1, 3 * value // 4)
            if value in lengths:
                tried = (value + 1, value - 1, 2 * value)
            return tuple(dict.fromkeys(item for item in tried if item > 0 and item != value))
        case float():
            return (2 * value, value / 2) if value else (0.5,)
        case _:
            return ()


def is_near(value: Value, recorded: Value) -> bool:
    """Whether a number is less than a half away from the recorded one."""
    return (
        isinstance(value, int)
        and isinstance(recorded, int)
        and 2 * abs(value - recorded) < abs(recorded)
    )


def other_answers(
    settings: Mapping[str, Value], asked: Iterable[Condition]
) -> Iterator[dict[str, Value]]:
    """Yields the nearest value of a setting for which what is asked has another answer.

    One setting of each condition: it stands for the others, as the condition is what is refused.
    """
    numbers = numbers_in(settings)
    conditions = list(asked)
    for item in (*conditions, *rests(conditions)):
        holds = item.holds(numbers)
        for path in _paths(item):
            value = numbers[path]
            if not isinstance(value, int):
                continue
            near = sorted(range(max(FARTHEST, 4 * value)), key=lambda v: abs(v - value))
            other = (v for v in near if item.holds({**numbers, path: v}) != holds)
            if (found := next(other, None)) is not None:
                yield {path: found}
                break


def _paths(item: Condition) -> list[str]:
    return list(dict.fromkeys([*settings_of(item.left), *settings_of(item.right)]))


def boundaries(
    settings: Mapping[str, Value],
    formulas: Iterable[Formula],
    rounded: Iterable[Formula],
    tried: Callable[[str], Container[Value]],
) -> Iterator[dict[str, Value]]:
    """Yields changes of one setting each.

    `rounded`: what the model's code makes integers of; `tried`: the values that a setting had
    already.
    """
    used: dict[str, None] = {}
    # `int(width * ratio)` is seen as it is; of one setting alone, more is made: `// 8 * 8`.
    single = (paths for formula in rounded if len(paths := {*settings_of(formula)}) == 1)
    for path in dict.fromkeys(path for paths in single for path in paths):
        value = settings[path]
        if isinstance(value, int):
            for other in _rounded(value, 2, tried(path)):
                yield {path: other}
    for formula in formulas:
        used |= dict.fromkeys(settings_of(formula))
        for one, other in _quotients(formula):
            yield {other: settings[one]}
        for path, divisor in _divided(formula):
            value = settings[path]
            if isinstance(value, int):
                for other in _rounded(value, divisor, tried(path)):
                    yield {path: other}
    for path in used:
        if isinstance(settings[path], int) and settings[path] != 1:
            yield {path: 1}


def _rounded(value: int, divisor: int, tried: Container[Value]) -> Iterator[int]:
    """Yields values that may be rounded in another way, and some that were not tried before.

    Formulas that round are many: one that was found of some values has to give others as well.
    """
    near = [other for other in (value - divisor // 2, value - divisor + 1) if other > 0][:1]
    yield from near
    spread = (value * part // 16 for part in _SIXTEENTHS)
    fresh = [other for other in spread if other > 0 and other not in tried and other not in near]
    yield from fresh[:_FRESH]


_SIXTEENTHS = (21, 11, 27, 13, 19, 23, 9, 29, 25, 15, 17, 7, 31, 5)
"""Of the recorded value: odd, so that few divisors divide the product."""
_FRESH = 2
"""So many values that were not tried before a formula that rounds has to give."""


def _quotients(formula: Formula) -> Iterator[tuple[str, str]]:
    match formula:
        case Operation("//", (Setting(one), Setting(other))):
            yield one, other
        case Operation(_, args):
            for arg in args:
                yield from _quotients(arg)
        case _:
            return


def rounding(formula: Formula) -> Iterator[str]:
    """Yields the settings that a formula divides by a constant."""
    yield from dict.fromkeys(path for path, _ in _divided(formula))


def _divided(formula: Formula) -> Iterator[tuple[str, int]]:
    """Yields the settings that are divided by a constant, which may round them in several ways."""
    match formula:
        case Operation("//", (inner, Constant(int() as divisor))) if divisor > 1:
            yield from ((path, divisor) for path in dict.fromkeys(settings_of(inner)))
            yield from _divided(inner)
        case Operation(_, args):
            for arg in args:
                yield from _divided(arg)
        case _:
            return
