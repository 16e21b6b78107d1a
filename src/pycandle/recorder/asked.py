"""What a model's code asks about its settings: `if patch_size == 2`.

The model is built, and exported, with numbers that note each comparison. Such conditions say which
values to record, and which are refused where no other answer was recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import torch

from pycandle.formulas import Formula, Setting
from pycandle.learning.guards import Condition
from pycandle.recorder.number_functions import formulas_kept
from pycandle.recorder.settings import Settings, Value
from pycandle.recorder.shadow import shadowed
from pycandle.recorder.tracked import AS_TEXT, LOG, ROUNDED, tracked

Run = Callable[[torch.nn.Module], object]
"""Runs the entries of a model."""


@dataclass(frozen=True)
class Asked:
    """What a model's code asks about its settings."""

    conditions: list[Condition] = field(default_factory=list[Condition])
    as_text: frozenset[str] = frozenset()
    """The settings whose text it reads."""
    rounded: tuple[Formula, ...] = ()
    """What it makes integers of, `int(width * 0.5)`: formulas of numbers that have none."""

    def __or__(self, other: Asked) -> Asked:
        """Returns what is asked in either of two runs."""
        conditions = dict.fromkeys([*self.conditions, *other.conditions])
        rounded = dict.fromkeys((*self.rounded, *other.rounded))
        return Asked(list(conditions), self.as_text | other.as_text, tuple(rounded))


def asked_of(
    settings: Settings, values: Mapping[str, Value] | None = None, run: Run | None = None
) -> Asked:
    """Returns what is asked while the model is built on meta, and while it is run.

    `values`: the settings to build it from; those of the model without. Where the model takes no
    such numbers, or not all of them, each setting is tracked alone.
    """
    values = settings.values if values is None else values
    numbers = {path: value for path, value in values.items() if type(value) in (int, float)}
    whole = {path: value for path, value in numbers.items() if type(value) is int}
    for chosen in (numbers, whole):
        for functions in (formulas_kept, _as_they_are):
            with functions(settings.construction.cls.__module__):
                found = _asked(settings, values, chosen, run)
            if found is not None:
                return found
    alone = [_asked(settings, values, {path: value}, run) for path, value in numbers.items()]
    return reduce(Asked.__or__, (item for item in alone if item is not None), Asked())


def _as_they_are(_: str) -> AbstractContextManager[None]:
    """Code that takes `int` for nothing else is run with Python's own."""
    return nullcontext()


def _asked(
    settings: Settings, values: Mapping[str, Value], chosen: Mapping[str, Any], run: Run | None
) -> Asked | None:
    """Returns what is asked about the chosen settings; None where the model cannot be built."""
    LOG.clear()
    AS_TEXT.clear()
    ROUNDED.clear()
    changes = {path: value for path, value in values.items() if value != settings.values[path]}
    changes |= {path: tracked(value, Setting(path)) for path, value in chosen.items()}
    try:
        with torch.device("meta"), shadowed():
            model = settings.build(changes)
    except Exception:
        # Code that takes no other kind of number.
        return None
    if run is not None:
        # Where it does not end, what was asked before is known.
        with suppress(Exception):
            run(model.eval())
    return Asked(list(dict.fromkeys(LOG)), frozenset(AS_TEXT), tuple(dict.fromkeys(ROUNDED)))
