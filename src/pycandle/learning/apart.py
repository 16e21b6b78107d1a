"""Recordings in which the model's code answered otherwise: the same formulas, or another program.

Formulas are found of recordings with the recorded answers. Those with others are asked afterwards:
where the numbers are not what the formulas give, the program is another one for such settings.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from pycandle.formulas import Formula, FormulaError, evaluate
from pycandle.learning.answers import answers, numbers_in
from pycandle.learning.found import Found
from pycandle.learning.guards import Condition
from pycandle.learning.numbers import Number
from pycandle.learning.solving import Candidate, agree
from pycandle.learning.trials import Trial, Trials
from pycandle.learning.values import Value, is_near, is_number


def near_and_far(trials: Trials, settings: Mapping[str, Value]) -> tuple[list[Trial], list[Trial]]:
    """Returns the recordings with the recorded answers, and those with others.

    A question that has another answer whenever some setting is changed tells nothing of them.
    """
    asked: Sequence[Condition] = trials.asked
    for path, outcome in trials.outcomes.items():
        mine = [trial for trial in trials.done if path in trial.changes]
        if outcome.is_numeric and mine and not any(_is_near(asked, settings, t) for t in mine):
            row = numbers_in({**settings, **mine[0].changes})
            before = numbers_in(settings)
            asked = [item for item in asked if item.holds(row) == item.holds(before)]
    near = [trial for trial in trials.done if _is_near(asked, settings, trial)]
    far = [trial for trial in trials.done if not _is_near(asked, settings, trial)]
    return near, far


def _is_near(asked: Sequence[Condition], settings: Mapping[str, Value], trial: Trial) -> bool:
    return answers(asked, settings) == answers(asked, {**settings, **trial.changes})


def with_far(
    trials: Trials,
    settings: Mapping[str, Value],
    found: Found,
    near: Sequence[Trial],
    far: Sequence[Trial],
) -> Trials:
    """Returns the trials with what the formulas do not give among the other programs.

    The candidates in `found`, which are of `near`, then have the values of what they do give too.
    """
    fitting: list[Trial] = []
    apart: list[Trial] = []
    for trial in far:
        (fitting if _fits(trials, settings, found, trial) else apart).append(trial)
    rows = [numbers_in({**settings, **trial.changes}) for trial in fitting]
    if rows:
        for place, candidate in found.formulas.items():
            more = tuple(evaluate(candidate.formula, row) for row in rows)
            found.formulas[place] = Candidate(candidate.formula, (*candidate.values, *more))
    return replace(trials, done=[*near, *fitting], others=[*trials.others, *apart])


def _fits(trials: Trials, settings: Mapping[str, Value], found: Found, trial: Trial) -> bool:
    row = numbers_in({**settings, **trial.changes})
    values: dict[Formula, Number] = {}
    for place, number in trial.numbers.items():
        if place not in trials.numbers or place in found.unknown:
            continue
        candidate = found.formulas.get(place)
        given = trials.numbers[place]
        if candidate is not None:
            if candidate.formula not in values:
                try:
                    values[candidate.formula] = evaluate(candidate.formula, row)
                except FormulaError:
                    return False
            given = values[candidate.formula]
        if type(given) is not type(number) or not agree(given, number):
            return False
    return True


def fix_unvaried(
    trials: Trials, settings: Mapping[str, Value], found: Found, counts: Container[str] = ()
) -> None:
    """Fixes the settings of which every other value, or every one that tells, made another program.

    A number that is rounded is the same for a setting of one more: that tells nothing of it.
    `counts`: numbers of layers of which it is known what each layer is.
    """
    for path, outcome in trials.outcomes.items():
        if path in counts or outcome.is_inert or not is_number(settings[path]):
            continue
        varied = [
            trial
            for trial in trials.done
            if trial.changes.get(path, settings[path]) != settings[path]
        ]
        if not varied:
            found.fixed.setdefault(path, "another value gives another program, or none")
        elif all(is_near(trial.changes[path], settings[path]) for trial in varied) and not any(
            trial.numbers.get(place, trials.numbers[place]) != trials.numbers[place]
            for trial in varied
            for place in outcome.moves
        ):
            found.fixed.setdefault(
                path, "values that change a number give another program, or none"
            )
