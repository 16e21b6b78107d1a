"""From a model recorded with few layers to the same model with all of them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
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
from pycandle.learning.values import Value, is_number


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


def transfer(
    numbers: Mapping[Place, Number],
    formulas: Mapping[Place, Formula],
    settings: Mapping[str, Value],
    whole: Whole,
    periods: Mapping[str, int],
) -> Transferred:
    """Returns the formulas of all layers. What they give there must be what was recorded.

    `numbers`, `formulas` and `settings` are those of the recording with few layers. A layer that it
    lacks is like the last one before it, of the same stage: both recordings have one structure.
    Where layers take turns, `periods` says after how many the kinds come again.
    """
    held = {prefix for place in numbers for prefix in _prefixes(_path(place))}
    deep = [path for path, value in settings.items() if value != whole.settings[path]]
    known = {
        path: value
        for path, value in whole.settings.items()
        if isinstance(value, int | float) and is_number(value)
    }
    found = Transferred()
    for place, value in numbers_of(whole.recording).items():
        like = (
            place if place in numbers else _with_path(place, _nearest(_path(place), held, periods))
        )
        formula = formulas.get(like)
        if formula is None:
            if numbers.get(like) != value:
                found.unknown[place] = deep
        elif _gives(formula, known, value):
            found.formulas[place] = formula
        else:
            found.unknown[place] = sorted({*deep, *settings_of(formula)})
    return found


def _gives(formula: Formula, settings: Mapping[str, Number], value: Number) -> bool:
    """Whether a formula has a value."""
    try:
        given = evaluate(formula, settings)
    except FormulaError:
        return False
    return agree(given, value) and type(given) is type(value)


def _path(place: Place) -> str:
    match place:
        case NodePlace() | LengthPlace():
            return place.module
        case StatePlace(name, _):
            return name


def _with_path(place: Place, path: str) -> Place:
    match place:
        case NodePlace() | LengthPlace():
            return replace(place, module=path)
        case StatePlace(_, dim):
            return StatePlace(path, dim)


def _prefixes(path: str) -> Iterator[str]:
    parts = path.split(".")
    return (".".join(parts[: end + 1]) for end in range(len(parts)))


def _nearest(path: str, held: Container[str], periods: Mapping[str, int]) -> str:
    """Returns a path with each index that there is none of replaced by the nearest before it."""
    found = ""
    for part in path.split("."):
        own = f"{found}.{part}" if found else part
        index = int(part) if part.isdigit() else 0
        while own not in held and index > 0:
            index -= periods.get(found, 1)
            own = f"{found}.{index}" if found else str(index)
        found = own
    return found
