"""What `record` learns of a model's numbers: other configurations, recorded within a budget."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass

import torch

from pycandle.learning.lesson import Lesson, learn
from pycandle.learning.numbers import Recording, numbers_of
from pycandle.learning.structure import structure_of
from pycandle.learning.trials import candidates, run_trials
from pycandle.manifest.schema import Configuration, Module, StateTensor
from pycandle.recorder.constructors import construction_of
from pycandle.recorder.export import first_line
from pycandle.recorder.settings import Settings
from pycandle.recorder.variants import EntryCall, Variants

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
    deadline = time.monotonic() + budget
    variants = Variants(settings, subject.calls, subject.dtype, deadline, _Progress(budget))
    entries = tuple(call.entry for call in subject.calls)
    given = Recording(entries, tuple(subject.state), tuple(subject.modules))
    try:
        again, read = variants.record_first()
    except Exception as error:
        return f"the model cannot be built again from its settings: {first_line(error)}"
    if structure_of(again) != structure_of(given) or numbers_of(again) != numbers_of(given):
        return "the model, built again from its settings, is another program"
    first = Recording(given.entries, given.state, given.modules, again.data, again.attributes)
    order = [path for path in settings.values if path in read]
    tried = [path for path in order if candidates(settings.values[path])]
    trials = run_trials(variants, first, settings.values, tried)
    untried = {path: "it is read, and was not varied" for path in order if path not in tried}
    for path, outcome in trials.outcomes.items():
        if not outcome.values and not outcome.others:
            untried[path] = "there was no time to try another value"
    variants.progress("")
    return learn(trials, settings.values, untried)


class _Progress:
    """A bar on a terminal, and nothing elsewhere."""

    def __init__(self, budget: float) -> None:
        self.begun = time.monotonic()
        self.budget = budget
        self.count = 0

    def __call__(self, text: str) -> None:
        if not sys.stderr.isatty():
            return
        if not text:
            sys.stderr.write("\r\x1b[K")
            return
        self.count += 1
        done = min((time.monotonic() - self.begun) / max(self.budget, 1e-9), 1.0)
        bar = "#" * round(20 * done)
        sys.stderr.write(f"\r\x1b[K[{bar:<20}] learning, recording {self.count}: {text[:60]}")
        sys.stderr.flush()
