"""Which settings make another program of the model: conditions that `Config` is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from pycandle.formulas import FormulaError, evaluate, parse, render, settings_of, with_values
from pycandle.learning.found import Found
from pycandle.learning.guards import Condition, find_excluded
from pycandle.learning.numbers import LengthPlace, Number
from pycandle.learning.reduced import compare
from pycandle.learning.transfer import Whole
from pycandle.learning.trials import Trial, Trials
from pycandle.learning.values import Value, is_number
from pycandle.manifest.learned import Excluded

MOST_SIZES = 1024
"""So many sizes are asked whether a condition holds for any of them."""


def exclude(trials: Trials, settings: Mapping[str, Value], found: Found, whole: Whole) -> None:
    """Finds where free settings make another program, or fixes them."""
    free = {
        path: value
        for path, outcome in trials.outcomes.items()
        if path not in found.fixed
        and outcome.is_numeric
        and isinstance(value := settings[path], int | float)
        and is_number(value)
    }

    def row(changes: Mapping[str, Value]) -> dict[str, Number]:
        values = {path: changes.get(path, value) for path, value in free.items()}
        return {path: value for path, value in values.items() if isinstance(value, int | float)}

    able = [t for t in trials.done if not any(path in found.fixed for path in t.changes)]
    same = [free, row(whole.settings), *(row(trial.changes) for trial in able)]
    others: list[tuple[dict[str, Number], list[str]]] = []
    for trial in trials.others:
        changed = [path for path in trial.changes if path in free]
        if not changed or any(path in found.fixed for path in trial.changes):
            continue
        match _compared(trials, settings, found, trial):
            case "same":
                same.append(row(trial.changes))
            case "other":
                others.append((row(trial.changes), changed))
            case _:
                continue
    known = {
        path: value
        for path, value in settings.items()
        if path not in free and isinstance(value, int | float) and is_number(value)
    }

    def named(asked: Sequence[Condition]) -> list[Condition]:
        return [
            Condition(with_values(item.left, known), item.relation, with_values(item.right, known))
            for item in asked
            if not item.settings().isdisjoint(free)
        ]

    asked, further = named(trials.asked), named(trials.asked_of_further)
    found.excluded, fixed = find_excluded(same, others, asked)
    for path in fixed:
        found.fixed[path] = "some of its values give another program"
    rows = [*same, *(row for row, _ in others)]
    unknown = [*unanswered(asked, rows, free), *unanswered(further, (), free)]
    kept = [item for item in unknown if not _is_of_no_model(item, free, trials.absent)]
    found.excluded += [item.row() for item in kept if item.row() not in found.excluded]


def unanswered(
    asked: Sequence[Condition],
    rows: Sequence[Mapping[str, Number]],
    settings: Mapping[str, Number],
) -> Iterator[Condition]:
    """Yields the answers to what the code asks that no recording gives: nothing is known there."""
    for item in asked:
        before = item.holds(settings)
        if all(item.holds(row) == before for row in rows):
            yield item.opposite() if before else item


def _is_of_no_model(
    item: Condition, settings: Mapping[str, Number], absent: Sequence[Mapping[str, Value]]
) -> bool:
    """Whether a condition on one size holds for 0 alone, for which there is no model, or below."""
    paths = item.settings()
    if len(paths) > 1 or not all(isinstance(settings[path], int) for path in paths):
        return False
    (path,) = paths
    if any(item.holds({path: value}) for value in range(1, MOST_SIZES)):
        return False
    return {path: 0} in absent or not item.holds({path: 0})


def _compared(
    trials: Trials, settings: Mapping[str, Value], found: Found, trial: Trial
) -> Literal["same", "other", "unfit"]:
    """Returns whether another structure computes the same, with the numbers of the formulas."""
    values = {
        path: value
        for path, value in {**settings, **trial.changes}.items()
        if isinstance(value, int | float) and is_number(value)
    }
    numbers = dict(trials.numbers)
    try:
        for place, candidate in found.formulas.items():
            numbers[place] = evaluate(candidate.formula, values)
    except FormulaError:
        return "other"
    lengths = [place for place in numbers if isinstance(place, LengthPlace)]
    if any(numbers[place] != trials.numbers[place] for place in lengths):
        # The layers that the first recording lacks cannot be compared.
        return "other"
    return compare(trials.first, numbers, trial.recording)


def with_fixed(rows: Sequence[Excluded], fixed: Mapping[str, Number]) -> Iterator[Excluded]:
    """Yields conditions on free settings, with the values of those that are fixed."""
    for item in rows:
        left, right = (with_values(parse(text), fixed) for text in (item.left, item.right))
        if any(True for side in (left, right) for _ in settings_of(side)):
            yield Excluded(render(left), item.relation, render(right))
