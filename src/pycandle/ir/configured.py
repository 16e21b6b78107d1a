"""Numbers that know by which formula they follow from the model's settings.

They are integers and floats, so that lowerings compute with them as with any other; what comes out
knows its formula too. Two of them are equal where they agree for every sample of settings, and
none is equal to a plain number but for -1, 0 and 1, by which lowerings decide.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeGuard

from pycandle.formulas import (
    Formula,
    FormulaError,
    apply,
    constant,
    render,
    settings_of,
    simplified,
)

_DECISIVE = (-1, 0, 1)


def _operator(op: str, *, reflected: bool = False) -> Callable[[Any, Any], Any]:
    def method(self: Any, other: Any) -> Any:
        if isinstance(other, bool) or not isinstance(other, int | float):
            return NotImplemented
        pair = (other, self) if reflected else (self, other)
        return _computed(op, pair, apply(op, *map(plain, pair)))

    return method


class _Arithmetic:
    """What both kinds of numbers share: a formula, and operators that keep it."""

    formula: Formula
    samples: tuple[int | float, ...]

    @property
    def settings(self) -> frozenset[str]:
        """The paths of the settings that the formula reads."""
        return frozenset(settings_of(self.formula))

    __add__, __radd__ = _operator("+"), _operator("+", reflected=True)
    __sub__, __rsub__ = _operator("-"), _operator("-", reflected=True)
    __mul__, __rmul__ = _operator("*"), _operator("*", reflected=True)
    __truediv__, __rtruediv__ = _operator("/"), _operator("/", reflected=True)
    __floordiv__, __rfloordiv__ = _operator("//"), _operator("//", reflected=True)
    __mod__, __rmod__ = _operator("%"), _operator("%", reflected=True)
    __pow__, __rpow__ = _operator("**"), _operator("**", reflected=True)

    def __neg__(self: Any) -> Any:
        return _computed("neg", (self,), -plain(self))

    def __eq__(self: Any, other: object) -> bool:
        if not isinstance(other, int | float) or plain(self) != plain(other):
            return False
        return self.samples == other.samples if is_configured(other) else other in _DECISIVE

    def __hash__(self: Any) -> int:
        return hash(plain(self))

    def __repr__(self: Any) -> str:
        return f"{plain(self)}<{render(self.formula)}>"


class ConfiguredInt(_Arithmetic, int):  # pyright: ignore[reportIncompatibleMethodOverride]
    """An integer with a formula, and its values for the samples of settings."""


class ConfiguredFloat(_Arithmetic, float):  # pyright: ignore[reportIncompatibleMethodOverride]
    """A float with a formula, and its values for the samples of settings."""


Configured: TypeAlias = ConfiguredInt | ConfiguredFloat


def configured(
    value: int | float, formula: Formula, samples: tuple[int | float, ...]
) -> int | float:
    """Returns a number with its formula; a plain one where no sample has another value."""
    if all(sample == value for sample in samples):
        return value
    found = ConfiguredFloat(value) if isinstance(value, float) else ConfiguredInt(value)
    found.formula, found.samples = formula, samples
    return found


def elsewhere(number: Configured, sample: int) -> int | float:
    """Returns a number with the value that it has for a sample of settings."""
    value = number.samples[sample]
    found = ConfiguredFloat(value) if isinstance(value, float) else ConfiguredInt(value)
    found.formula, found.samples = number.formula, number.samples
    return found


def is_configured(value: object) -> TypeGuard[Configured]:
    """Whether a value is a number with a formula."""
    return isinstance(value, _Arithmetic)


def plain(value: Any) -> Any:
    """Returns a number without its formula; anything else as it is."""
    if isinstance(value, ConfiguredInt):
        return int(value)
    return float(value) if isinstance(value, ConfiguredFloat) else value


def to_int(value: int | float) -> int:
    """Returns a number without its fraction, with its formula where it has one."""
    if isinstance(value, ConfiguredFloat):
        return _computed("int", (value,), int(value))
    return value if isinstance(value, ConfiguredInt) else int(value)


def to_float(value: int | float) -> float:
    """Returns a number as a float, with its formula where it has one."""
    return value if isinstance(value, ConfiguredFloat) else value * 1.0


def exact(value: Any) -> Any:
    """Returns a hashable form of numbers, and of tuples of them, that tells each from all others.

    A number with a formula differs from a plain one of the same value.
    """
    if isinstance(value, tuple):
        return tuple(map(exact, value))  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if is_configured(value):
        return type(value).__name__, plain(value), value.samples
    return type(value).__name__, value


def _formula_of(value: int | float) -> Formula:
    return value.formula if is_configured(value) else constant(value)


def _computed(op: str, operands: tuple[int | float, ...], value: Any) -> Any:
    """Returns the number that an operation on numbers with formulas gives."""
    count = next(len(item.samples) for item in operands if is_configured(item))
    rows = [item.samples if is_configured(item) else (item,) * count for item in operands]
    samples: list[int | float] = []
    for row in zip(*rows, strict=True):
        try:
            samples.append(apply(op, *row))
        except FormulaError:
            # It is equal to none, and is found where it is printed.
            samples.append(float("nan"))
    return configured(value, simplified(op, *map(_formula_of, operands)), tuple(samples))
