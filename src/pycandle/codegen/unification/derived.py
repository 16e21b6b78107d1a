"""Arguments that follow from others: settings that a function takes, multiples in a `new`."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from typing import TypeAlias

from pycandle.codegen.config.settings import ConfigFields, rust_formula
from pycandle.formulas import Constant, Formula, Operation, Setting
from pycandle.ir.configured import configured, exact, is_configured
from pycandle.rust import tree as t

Column: TypeAlias = tuple[str, tuple[Hashable, ...]]
"""A Rust type, and what tells the number that each instance has in one place from others."""
Numbers: TypeAlias = dict[Column, tuple[t.Number, ...]]


def take_settings(numbers: Numbers, config: ConfigFields) -> tuple[Numbers, dict[Column, Formula]]:
    """Returns the arguments of a function, and the formulas of numbers that it computes of them.

    `numbers`: what its body reads and its instances are given. Where several of them follow from
    fewer settings, the settings are arguments in their place.
    """
    formulas = {
        key: value.formula
        for key, column in numbers.items()
        if len(set(key[1])) == 1 and is_configured(value := column[0].value)
    }
    paths = list(dict.fromkeys(path for key in formulas for path in _paths(numbers[key][0])))
    if len(paths) >= len(formulas):
        return numbers, {}
    rows = len(next(iter(numbers.values())))
    columns: Numbers = {}
    for path in paths:
        number = _setting(path, config)
        if number is None:
            return numbers, {}
        columns[number.type, (exact(number.value),) * rows] = (number,) * rows
    first = next(iter(formulas))
    found: Numbers = {}
    for key, column in numbers.items():
        if key == first:
            found |= columns
        if key not in formulas:
            found[key] = column
    return found, {key: formula for key, formula in formulas.items() if key not in found}


def compute(
    formula: Formula,
    kind: str,
    names: Mapping[Column, str],
    numbers: Numbers,
    config: ConfigFields,
) -> t.Expr:
    """Returns Rust for a number of type `kind` that follows from arguments, which are settings."""
    by_path = {
        value.formula.path: names[key]
        for key, column in numbers.items()
        if is_configured(value := column[0].value)
        and isinstance(value.formula, Setting)
        and key[0] == _kind(value.formula.path, config)
        and len(set(key[1])) == 1
    }
    return rust_formula(
        formula, kind, lambda path: t.Local(by_path[path], copy=True), config.is_float
    )


def find_multiples(numbers: Numbers, kept: Collection[Column]) -> dict[Column, tuple[Column, int]]:
    """Returns the arguments of `new` that are the same multiple of another one in all instances.

    Multiples by their formulas, never by their values. `kept`: those that are fields anyway.
    """
    found: dict[Column, tuple[Column, int]] = {}
    for key, column in numbers.items():
        for other, base in numbers.items():
            if key in kept or other in found or key == other or (key[0], other[0]) != _SIZES:
                continue
            factors = {_factor(one, two) for one, two in zip(column, base, strict=True)}
            factor = factors.pop()
            if not factors and factor:
                found[key] = other, factor
                break
    return found


_SIZES = ("usize", "usize")


def _factor(number: t.Number, base: t.Number) -> int:
    """Returns what `base` is multiplied by to give `number`; 0 where that is not known."""
    if not (is_configured(number.value) and is_configured(base.value)):
        return 0
    match number.value.formula:
        case Operation("*", (left, Constant(int() as factor))) if left == base.value.formula:
            return factor
        case _:
            return 0


def _paths(number: t.Number) -> list[str]:
    return sorted(number.value.settings) if is_configured(number.value) else []


def _kind(path: str, config: ConfigFields) -> str:
    return "f64" if config.is_float(path) else "usize"


def _setting(path: str, config: ConfigFields) -> t.Number | None:
    """Returns a setting as a number; None for one that no sample has another value of."""
    origins = config.origins
    place = list(origins.settings).index(path)
    samples = tuple(sample[place] for sample in origins.samples)
    value = configured(origins.settings[path], Setting(path), samples)
    return t.Number(value, _kind(path, config)) if is_configured(value) else None
