"""From a model recorded with few layers to the same model with all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pycandle.formulas import Formula, FormulaError, evaluate, settings_of
from pycandle.learning.numbers import (
    LengthPlace,
    NodePlace,
    Number,
    Place,
    Recording,
    StatePlace,
    numbers_of,
)
from pycandle.learning.solving import agree
from pycandle.learning.structure import pattern_of
from pycandle.learning.trials import Value, is_number


@dataclass(frozen=True)
class Whole:
    """The recording that the manifest is of, and its settings."""

    recording: Recording
    settings: Mapping[str, Value]


@dataclass
class Transferred:
    """Formulas of the whole recording, and the numbers that the few layers say nothing of."""

    formulas: dict[Place, Formula] = field(default_factory=dict[Place, Formula])
    unknown: dict[Place, list[str]] = field(default_factory=dict[Place, "list[str]"])
    """With the settings that have to stay as they are for it."""


@dataclass
class _Alike:
    """Places of the recording with few layers that differ in indices only."""

    formulas: set[Formula | None] = field(default_factory=set["Formula | None"])
    values: set[Number] = field(default_factory=set[Number])


def transfer(
    numbers: Mapping[Place, Number],
    formulas: Mapping[Place, Formula],
    settings: Mapping[str, Value],
    whole: Whole,
) -> Transferred:
    """Returns the formulas of all layers. What they give there must be what was recorded.

    `numbers`, `formulas` and `settings` are those of the recording with few layers.
    """
    alike: dict[Place, _Alike] = {}
    for place, value in numbers.items():
        group = alike.setdefault(_pattern(place), _Alike())
        group.formulas.add(formulas.get(place))
        group.values.add(value)
    deep = [path for path, value in settings.items() if value != whole.settings[path]]
    known = {
        path: value
        for path, value in whole.settings.items()
        if isinstance(value, int | float) and is_number(value)
    }
    found = Transferred()
    for place, value in numbers_of(whole.recording).items():
        if place in numbers:
            own = _Alike({formulas.get(place)}, {numbers[place]})
        else:
            own = alike.get(_pattern(place), _Alike())
        formula = _formula(own, value, known)
        if isinstance(formula, str):
            used = {path for item in own.formulas if item for path in settings_of(item)}
            found.unknown[place] = sorted({*deep, *used})
        elif formula is not None:
            found.formulas[place] = formula
    return found


def _formula(own: _Alike, value: Number, settings: Mapping[str, Number]) -> Formula | str | None:
    """Returns the formula of a number, None for one that never varies; a text if it has none."""
    if len(own.formulas) != 1:
        return "the layers are not alike"
    (formula,) = own.formulas
    if formula is None:
        return None if own.values == {value} else "another number"
    try:
        given = evaluate(formula, settings)
    except FormulaError:
        return "no value"
    return formula if agree(given, value) and type(given) is type(value) else "another number"


def _pattern(place: Place) -> Place:
    match place:
        case NodePlace():
            return replace(place, module=pattern_of(place.module))
        case StatePlace(name, dim):
            return StatePlace(pattern_of(name), dim)
        case LengthPlace(module):
            return LengthPlace(pattern_of(module))
