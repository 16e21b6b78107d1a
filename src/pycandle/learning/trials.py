"""Other configurations that are recorded, and what came out."""

from __future__ import annotations

import random
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pycandle.formulas import Formula, settings_of
from pycandle.learning.answers import FACTORS, answers, numbers_in, tied_changes
from pycandle.learning.guards import Condition
from pycandle.learning.numbers import (
    LengthPlace,
    NodePlace,
    Number,
    Place,
    Recording,
    lengths_of,
    numbers_of,
)
from pycandle.learning.structure import structure_of
from pycandle.learning.values import (
    Value,
    boundaries,
    candidates,
    is_near,
    is_number,
    other_answers,
)
from pycandle.manifest.learned import Excluded

WANTED_TOGETHER = 5
"""Recordings in which many settings change at once."""
MOST_TOGETHER = 14
MOST_DRAWS = 300
"""So many changes of many settings are drawn to find one that keeps what the code asks."""
WANTED_VALUES = 3
"""So many values of a setting that moves a number without a formula."""
LARGE = 32


class Subject(Protocol):
    """A model that can be recorded with other settings."""

    def record(self, changes: Mapping[str, Value]) -> Recording | None:
        """Returns the recording with some settings changed; None where that cannot be recorded."""
        ...

    def has_time(self) -> bool:
        """Whether there is time for another recording."""
        ...

    @property
    def is_built(self) -> bool:
        """Whether there is a model with the settings of the last `record`."""
        ...


@dataclass(frozen=True)
class Trial:
    """A recording with other settings."""

    changes: dict[str, Value]
    numbers: dict[Place, Number]
    recording: Recording


@dataclass
class Outcome:
    """What one setting does when it alone is changed."""

    is_numeric: bool = False
    """Whether a change of it was recorded as the same program."""
    moves: set[Place] = field(default_factory=set[Place])
    """Numbers that changed with it."""
    data: set[str] = field(default_factory=set[str])
    """Tensors computed while the model is built whose values changed with it."""
    values: list[Value] = field(default_factory=list[Value])
    """The values with which the program was the same."""
    others: list[Value] = field(default_factory=list[Value])
    """The values with which it was another program, or none."""
    is_unclear: bool = False
    """Whether there is a model with another value that could not be recorded."""

    @property
    def is_inert(self) -> bool:
        """Whether it was changed, and nothing changed with it."""
        return self.is_numeric and not self.moves and not self.data


@dataclass
class Trials:
    """All recordings of one structure, and what each setting does."""

    first: Recording
    numbers: dict[Place, Number] = field(default_factory=dict[Place, "Number"])
    done: list[Trial] = field(default_factory=list[Trial])
    outcomes: dict[str, Outcome] = field(default_factory=dict[str, Outcome])
    others: list[Trial] = field(default_factory=list[Trial])
    """Changes that were recorded as another program."""
    asked: list[Condition] = field(default_factory=list[Condition])
    """What the model's code asks about its settings."""
    asked_of_further: list[Condition] = field(default_factory=list[Condition])
    """What of that it asks for layers alone that no recording has: of few layers are all."""
    rounded: tuple[Formula, ...] = ()
    """What the model's code makes integers of."""
    absent: list[dict[str, Value]] = field(default_factory=list["dict[str, Value]"])
    """Changes for which there is no model, or one of tensors without elements."""
    tied: dict[tuple[str, ...], None] = field(default_factory=dict["tuple[str, ...]", None])
    """Settings that change by a factor together, so that the answers of the code stay the same."""
    together: int = 0
    """How many of the recordings change many settings at once."""

    def has_tried(self, path: str) -> bool:
        """Whether another value of a setting was recorded, or could not be."""
        outcome = self.outcomes.get(path)
        return outcome is not None and bool(outcome.values or outcome.others)


def run_trials(
    subject: Subject,
    first: Recording,
    settings: Mapping[str, Value],
    read: Sequence[str],
    asked: Sequence[Condition] = (),
) -> Trials:
    """Records other configurations: each setting alone, then many at once.

    `asked`: what the model's code asks about its settings. A setting that cannot be another one
    without another answer is changed together with those that keep the answers.
    """
    trials = Trials(first, numbers_of(first), asked=list(asked))
    structure = structure_of(first)
    lengths = set(lengths_of(first.modules).values())
    for path in read:
        trials.outcomes.setdefault(path, Outcome())
        is_kept = is_kept_near = False
        for value in candidates(settings[path], lengths):
            if is_kept or not subject.has_time():
                break
            found = _try_alone(subject, trials, structure, path, {path: value})
            is_kept = found and _keeps_answers(trials, settings, {path: value})
            if is_kept and is_near(value, settings[path]) and _is_alike(trials, trials.done[-1]):
                # What is rounded is the same for one more, and not for twice as many.
                is_kept, is_kept_near = False, True
        is_kept |= is_kept_near
        for changes in () if is_kept else tied_changes(asked, settings, path):
            if is_kept or not subject.has_time():
                break
            is_kept = _try_alone(subject, trials, structure, path, changes)
            if is_kept:
                trials.tied[tuple(sorted(changes))] = None
    _try_together(subject, trials, structure, settings)
    return trials


def _is_alike(trials: Trials, trial: Trial) -> bool:
    """Whether a recording has the numbers and the data of the first."""
    numbers = trials.numbers
    same = all(trial.numbers.get(place, value) == value for place, value in numbers.items())
    return same and trial.recording.data == trials.first.data


def _keeps_answers(
    trials: Trials, settings: Mapping[str, Value], changes: Mapping[str, Value]
) -> bool:
    before = answers(trials.asked, settings)
    return answers(trials.asked, {**settings, **changes}) == before


def _try_alone(
    subject: Subject, trials: Trials, structure: int, path: str, changes: dict[str, Value]
) -> bool:
    """Records another value of a setting, with those that go with it; whether it is the program."""
    outcome = trials.outcomes[path]
    others = len(trials.others)
    trial = _trial(subject, trials, structure, changes)
    value = changes[path]
    if trial is None:
        outcome.others.append(value)
        outcome.is_unclear |= subject.is_built and len(trials.others) == others
        return False
    outcome.is_numeric = True
    outcome.values.append(value)
    outcome.moves |= {
        place
        for place, number in trial.numbers.items()
        if place in trials.numbers and number != trials.numbers[place]
    }
    before, after = trials.first.data, trial.recording.data
    outcome.data |= {name for name in before if before[name] != after.get(name)}
    trials.done.append(trial)
    return True


def _trial(
    subject: Subject, trials: Trials, structure: int, changes: dict[str, Value]
) -> Trial | None:
    recording = subject.record(changes)
    if recording is None:
        trials.absent += [] if subject.is_built else [changes]
        return None
    numbers = numbers_of(recording)
    if any(
        value == 0 and place.place.startswith("value") and trials.numbers.get(place) != 0
        for place, value in numbers.items()
        if isinstance(place, NodePlace)
    ):
        # A tensor without elements: PyTorch computes it, and no model means it.
        trials.absent.append(changes)
        return None
    if structure_of(recording) != structure:
        trials.others.append(Trial(changes, numbers, recording))
        return None
    return Trial(changes, numbers, recording)


def _try_together(
    subject: Subject, trials: Trials, structure: int, settings: Mapping[str, Value]
) -> None:
    """Records changes of many settings at once; of what is refused, a half the next time."""
    draw = random.Random(0)
    able = [
        path
        for path, outcome in trials.outcomes.items()
        if outcome.is_numeric and is_number(settings[path])
    ]
    chosen = list(able)
    for _ in range(MOST_TOGETHER):
        if trials.together == WANTED_TOGETHER or len(chosen) < 2 or not subject.has_time():
            return
        changes = _drawn(draw, trials, settings, chosen)
        if len(changes) < 2:
            return
        trial = _trial(subject, trials, structure, changes)
        if trial is None:
            chosen = sorted(draw.sample(able, max(len(chosen) * 2 // 3, 2)), key=able.index)
            continue
        trials.done.append(trial)
        trials.together += 1
        chosen = list(able)


def _drawn(
    draw: random.Random, trials: Trials, settings: Mapping[str, Value], chosen: Sequence[str]
) -> dict[str, Value]:
    """Returns other values for settings, such that what the code asks has the same answers.

    Those that it asks about are changed by factors where no values do, or are left as they are.
    """
    choices = {path: list(_multiples(settings[path], trials.outcomes[path])) for path in chosen}
    changes: dict[str, Value] = {}
    for _ in range(MOST_DRAWS):
        changes = {path: draw.choice(values) for path, values in choices.items()}
        if _keeps_answers(trials, settings, changes):
            return changes
    sides = [side for item in trials.asked for side in (item.left, item.right)]
    named = {path for side in sides for path in settings_of(side)}
    others = {path: value for path, value in changes.items() if path not in named}
    for _ in range(MOST_DRAWS):
        changes = {**others, **_scaled(draw, trials, settings)}
        if _keeps_answers(trials, settings, changes):
            return changes
    return others


def _scaled(draw: random.Random, trials: Trials, settings: Mapping[str, Value]) -> dict[str, Value]:
    factors: dict[str, int] = {}
    for paths in trials.tied:
        factor = draw.choice((1, *FACTORS))
        for path in paths:
            factors[path] = factors.get(path, 1) * factor
    numbers = numbers_in(settings)
    return {path: numbers[path] * factor for path, factor in factors.items() if factor > 1}


def try_boundaries(
    subject: Subject, trials: Trials, settings: Mapping[str, Value], formulas: Iterable[Formula]
) -> None:
    """Records other answers to what code asks, quotients that are 1 or rounded, settings of 1."""

    def tried(path: str) -> list[Value]:
        outcome = trials.outcomes.get(path)
        return [] if outcome is None else [*outcome.values, *outcome.others]

    near = boundaries(settings, formulas, trials.rounded, tried)
    try_values(subject, trials, (*other_answers(settings, trials.asked), *near))


def try_more(
    subject: Subject,
    trials: Trials,
    settings: Mapping[str, Value],
    paths: Iterable[str],
    lengths: Container[int] = (),
) -> bool:
    """Records further values of settings that move numbers without a formula; whether any.

    A formula of more parts than a number has values is not taken for its own.
    """
    begun = len(trials.done)
    for path in paths:
        for value in candidates(settings[path], lengths):
            outcome = trials.outcomes.get(path)
            if outcome is not None and len(outcome.values) < WANTED_VALUES:
                try_values(subject, trials, [{path: value}])
    return len(trials.done) > begun


def try_values(subject: Subject, trials: Trials, wanted: Iterable[dict[str, Value]]) -> bool:
    """Records changes of one setting each that were not tried; whether there were any."""
    structure = structure_of(trials.first)
    is_new = False
    for changes in wanted:
        path, value = next(iter(changes.items()))
        outcome = trials.outcomes.get(path)
        if outcome is None or value in outcome.values or value in outcome.others:
            continue
        if not subject.has_time():
            break
        is_new = True
        trial = _trial(subject, trials, structure, changes)
        (outcome.others if trial is None else outcome.values).append(value)
        if trial is not None:
            trials.done.append(trial)
    return is_new


def try_equalities(
    subject: Subject, trials: Trials, settings: Mapping[str, Value], excluded: Iterable[Excluded]
) -> None:
    """Records two settings that are equal at another value, where that was said to be special.

    A setting may be special at a number that another setting has by chance.
    """
    structure = structure_of(trials.first)
    for item in excluded:
        pair = [path for path in (item.left, item.right) if path in trials.outcomes]
        if item.relation != "==" or len(pair) < 2 or not subject.has_time():
            continue
        known = [settings[path] for path in pair]
        tried = [value for path in pair for value in trials.outcomes[path].values]
        value = next((value for value in tried if value not in known), None)
        if value is not None:
            trial = _trial(subject, trials, structure, dict.fromkeys(pair, value))
            trials.done += [] if trial is None else [trial]


def try_flags(
    subject: Subject, trials: Trials, settings: Mapping[str, Value], paths: Iterable[str]
) -> None:
    """Records another value of settings that are no numbers: those that change nothing are free."""
    structure = structure_of(trials.first)
    for path in paths:
        trials.outcomes.setdefault(path, Outcome())
        for value in candidates(settings[path]):
            if subject.has_time():
                _try_alone(subject, trials, structure, path, {path: value})


def _multiples(value: Value, outcome: Outcome) -> Iterator[Value]:
    """Yields values for a change together with others: multiples keep what must divide."""
    yield from outcome.values
    if any(isinstance(place, LengthPlace) for place in outcome.moves):
        return
    if isinstance(value, float):
        yield from (value * factor for factor in (0.5, 1.5, 3.0, 7.0))
    elif isinstance(value, int) and any(v == 2 * value for v in outcome.values):
        # What is large is often to be divided by what is small.
        yield from (value * factor for factor in ((2, 6, 12, 18) if value >= LARGE else (2, 3)))
    elif isinstance(value, int):
        yield from (v + (v - value) for v in outcome.values if isinstance(v, int) and v > value)
