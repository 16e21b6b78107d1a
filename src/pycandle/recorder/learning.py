"""What `record` learns of a model's numbers: other configurations, recorded within a budget."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec
import torch

from pycandle.formulas import parse
from pycandle.learning.checked import find_refuted
from pycandle.learning.guards import Condition
from pycandle.learning.layer_kinds import find_kinds
from pycandle.learning.lesson import Lesson, learn
from pycandle.learning.numbers import Recording, lengths_of, numbers_of
from pycandle.learning.structure import structure_of
from pycandle.learning.transfer import Whole
from pycandle.learning.trials import (
    Trials,
    run_trials,
    try_boundaries,
    try_equalities,
    try_flags,
    try_more,
    try_values,
)
from pycandle.learning.values import candidates, is_number
from pycandle.manifest.learned import Configuration, LayerKinds
from pycandle.manifest.schema import Entry, Module, StateTensor
from pycandle.recorder.asked import Asked, asked_of
from pycandle.recorder.constructors import construction_of
from pycandle.recorder.export import first_line
from pycandle.recorder.json_settings import json_settings
from pycandle.recorder.recipes import unlike_recipes, without_recipes
from pycandle.recorder.settings import Settings, Value
from pycandle.recorder.variants import EntryCall, Variants

FEW = 3
"""Models with more layers are recorded with fewer."""
MOST_ROUNDS = 12
"""So often formulas are refuted before what they round is held for unclear."""
BUDGET_VARIABLE = "PYCANDLE_BUDGET"
"""Holds the seconds that `pycandle record` gives to learning."""


def budget_of_process() -> float:
    """Returns the seconds for learning that the command line asked for; 0 without one."""
    text = os.environ.get(BUDGET_VARIABLE, "")
    try:
        return max(float(text), 0.0)
    except ValueError:
        return 0.0


@dataclass(frozen=True)
class Subject:
    """A recorded model that is to be understood."""

    model: torch.nn.Module
    dtype: torch.dtype
    calls: list[EntryCall]
    state: list[StateTensor]
    modules: list[Module]
    recipes: Entry
    """How it computes tensors while it is built."""


def settings_of(model: torch.nn.Module) -> Settings | None:
    """Returns the settings of a model; None where it is not known how it was built."""
    construction = construction_of(model)
    if construction is None:
        return None
    found = Settings(construction)
    return found if found.values else None


def configuration_of(model: torch.nn.Module) -> Configuration | None:
    """Returns the row of the manifest that says what a model was built from."""
    found = settings_of(model)
    return None if found is None else found.configuration()


def learn_numbers(subject: Subject, budget: float) -> Lesson | str:
    """Returns how the numbers of a recording follow from its settings, or why that is not known."""
    settings = settings_of(subject.model)
    if settings is None:
        return "it is not known from which settings the model was built"
    deadline = time.process_time() + budget
    variants = Variants(settings, subject.calls, subject.dtype, deadline, _Progress(budget))
    try:
        again, read = variants.record_first()
    except Exception as error:
        return f"the model cannot be built again from its settings: {first_line(error)}"
    # What was changed after the model was built has a recipe that its class does not have.
    *others, recipes = again.entries
    variants.without_recipe = unlike_recipes(subject.recipes, recipes)
    again = replace(again, entries=(*others, without_recipes(recipes, variants.without_recipe)))
    kept = without_recipes(subject.recipes, variants.without_recipe)
    entries = (*(call.entry for call in subject.calls), kept)
    given = Recording(entries, tuple(subject.state), tuple(subject.modules))
    if structure_of(again) != structure_of(given) or numbers_of(again) != numbers_of(given):
        return "the model, built again from its settings, is another program"
    full = replace(again, entries=given.entries, state=given.state, modules=given.modules)
    order = [path for path in settings.values if path in read]
    first = _make_shallow(variants, full, order)
    values = {**settings.values, **variants.shallow}
    tried = [path for path in order if candidates(values[path])]
    numbers = [path for path in tried if is_number(values[path])]
    asked, further = _asked_of(variants, values)
    trials = run_trials(variants, first, values, numbers, asked.conditions)
    trials.asked_of_further, trials.rounded = further, asked.rounded
    whole = Whole(full, settings.values)
    kinds = find_kinds(variants, trials, values, whole)
    untried = _untried(order, tried, kinds)

    unproved: dict[str, str] = {}

    def lesson() -> Lesson:
        left = unproved | {
            path: reason for path, reason in untried.items() if not trials.has_tried(path)
        }
        left |= dict.fromkeys(asked.as_text & set(order), "the model's code reads its text")
        return learn(trials, values, left, whole, kinds)

    unproved |= dict.fromkeys(_prove(variants, trials, values, lesson), "what it rounds is unclear")
    try_equalities(variants, trials, values, lesson().learned.excluded)
    try_flags(variants, trials, values, [path for path in tried if path not in numbers])
    variants.progress("")
    found = lesson()
    written = json_settings(settings, found.learned)
    learned = msgspec.structs.replace(found.learned, json=written)
    return replace(found, learned=learned, without_recipe=variants.without_recipe)


def _untried(
    order: Sequence[str], tried: Sequence[str], kinds: Sequence[LayerKinds]
) -> dict[str, str]:
    """Returns why nothing is known of settings of which no other value is recorded."""
    known = {*tried, *(item.setting for item in kinds)}
    found = {path: "it is read, and was not varied" for path in order if path not in known}
    # What is no number is required in any case where it was not tried: it comes last.
    return found | {path: "there was no time to try another value" for path in tried}


def _prove(
    variants: Variants,
    trials: Trials,
    values: Mapping[str, Value],
    lesson: Callable[[], Lesson],
) -> list[str]:
    """Records values that may refute what was found, until nothing does.

    Returns the settings of formulas that are refuted at the end all the same.
    """
    proved: list[str] | None = None
    learned = lesson().learned
    lengths = set(lengths_of(trials.first.modules).values())
    unknown = dict.fromkeys(path for number in learned.unknown for path in number.settings)
    if try_more(variants, trials, values, unknown, lengths):
        learned = lesson().learned
    for _ in range(MOST_ROUNDS):
        if not variants.has_time():
            break
        if learned.formulas != proved:
            # What a recording refutes gives way to other formulas, with boundaries of their own.
            proved = learned.formulas
            try_boundaries(variants, trials, values, map(parse, proved))
        elif not (refuted := list(find_refuted(variants, learned, values))):
            return []
        elif not try_values(variants, trials, refuted):
            break
        learned = lesson().learned
    # Where the time is over, models that are built tell what no recording did.
    return [path for changes in find_refuted(variants, learned, values) for path in changes]


def _asked_of(variants: Variants, values: Mapping[str, Value]) -> tuple[Asked, list[Condition]]:
    """Returns what the model's code asks, and what of that it asks for further layers alone.

    That no recording of few layers answers.
    """
    few = asked_of(variants.settings, values, variants.run)
    asked = asked_of(variants.settings) | few
    deep = variants.shallow.keys()
    further = [
        item
        for item in asked.conditions
        if item not in few.conditions and deep.isdisjoint(item.settings())
    ]
    return asked, further


def _make_shallow(variants: Variants, full: Recording, order: Sequence[str]) -> Recording:
    """Takes few layers for all further recordings, if the program is the same; returns that one."""
    lengths = set(lengths_of(full.modules).values())
    values = variants.settings.values
    deep = [
        path
        for path in order
        if type(value := values[path]) is int and value > FEW and value in lengths
    ]
    structure = structure_of(full)
    for chosen in dict.fromkeys([tuple(deep), *((path,) for path in deep)]):
        least = max((_fewest_of_all_kinds(values, values[path]) for path in chosen), default=0)
        for few in sorted({2, 4, 6, least}):
            if few < least:
                continue
            less = {path: few for path in chosen if few < int(str(values[path]))}
            if not less or not variants.has_time():
                continue
            found = variants.record(less)
            if found is not None and structure_of(found) == structure:
                variants.shallow = dict(less)
                return found
    return full


def _fewest_of_all_kinds(values: Mapping[str, Value], layers: Value) -> int:
    """Returns how many of some layers have each text of the lists with a text for each."""
    lists = [item for item in values.values() if isinstance(item, list) and len(item) == layers]
    texts = (items for items in lists if all(isinstance(one, str) for one in items))
    return max((items.index(one) + 1 for items in texts for one in items), default=2)


class _Progress:
    """A bar on a terminal, and nothing elsewhere."""

    def __init__(self, budget: float) -> None:
        self.begun = time.process_time()
        self.budget = budget
        self.count = 0

    def __call__(self, text: str) -> None:
        if not sys.stderr.isatty():
            return
        if not text:
            sys.stderr.write("\r\x1b[K")
            return
        self.count += 1
        done = min((time.process_time() - self.begun) / max(self.budget, 1e-9), 1.0)
        bar = "#" * round(20 * done)
        sys.stderr.write(f"\r\x1b[K[{bar:<20}] learning, recording {self.count}: {text[:60]}")
        sys.stderr.flush()
