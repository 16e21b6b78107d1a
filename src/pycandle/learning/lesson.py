"""What trials teach: a formula for each number that settings change, or why there is none."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pycandle.formulas import (
    Formula,
    Setting,
    parse,
    render,
    settings_of,
    with_values,
)
from pycandle.learning.added import unlike_the_last
from pycandle.learning.apart import fix_unvaried, near_and_far, with_far
from pycandle.learning.exclusion import exclude, with_fixed
from pycandle.learning.found import Found, describe
from pycandle.learning.numbers import (
    LengthPlace,
    NodePlace,
    Number,
    Place,
    Recording,
    StatePlace,
    entry_numbers,
    numbers_of,
)
from pycandle.learning.requirements import required_rows
from pycandle.learning.solving import Candidate, Solver, Vector
from pycandle.learning.structure import periods_of
from pycandle.learning.transfer import Whole, transfer
from pycandle.learning.trials import Trials
from pycandle.learning.values import Value, is_number
from pycandle.manifest.learned import LayerKinds, Learned, UnknownNumber
from pycandle.manifest.schema import NodeFormulas


@dataclass
class Lesson:
    """The learned part of a manifest, and of each of its entries."""

    learned: Learned
    numbers: dict[str, list[NodeFormulas]]
    """By entry."""
    without_recipe: set[str] = field(default_factory=set[str])
    """Patterns of the names of tensors whose recipes hold for this model alone."""


def learn(
    trials: Trials,
    settings: Mapping[str, Value],
    untried: Mapping[str, str],
    whole: Whole,
    kinds: Sequence[LayerKinds] = (),
) -> Lesson:
    """Returns what trials teach of the whole model, of which they may have recorded few layers.

    `settings`: those of the first of the trials; `untried`: settings that may matter, and why they
    were not tried; `kinds`: the lists that are proved to say of what kind layers are. A setting is
    free if all numbers that it changes have formulas; any other is fixed.
    """
    found = Found(fixed=dict(untried))
    counts = {item.count for item in kinds}
    for path, outcome in trials.outcomes.items():
        if path in counts:
            continue
        if outcome.is_inert:
            if outcome.is_unclear:
                found.fixed.setdefault(path, "some of its values could not be recorded")
            continue
        if not outcome.is_numeric:
            found.fixed.setdefault(path, "another value gives another program, or none")
        elif not is_number(settings[path]):
            found.fixed.setdefault(path, "another value changes what the program computes")
    # What a flag or a text changes as well follows from numbers where these are as recorded.
    alone = [t for t in trials.done if all(is_number(settings[path]) for path in t.changes)]
    trials = replace(trials, done=alone)
    near, far = near_and_far(trials, settings)
    _solve(replace(trials, done=near), settings, found)
    trials = with_far(trials, settings, found, near, far)
    fix_unvaried(trials, settings, found, counts)
    _fix_unlike_layers(trials, found, {item.module for item in kinds})
    formulas = {place: candidate.formula for place, candidate in found.formulas.items()}
    moved = transfer(trials.numbers, formulas, settings, whole, periods_of(trials.first))
    found.unknown |= moved.unknown
    for item in kinds:
        place = LengthPlace(item.module)
        found.unknown.pop(place, None)
        moved.formulas[place] = Setting(item.count)
    _fix_unproved(trials, found)
    exclude(trials, settings, found, whole)
    for item in kinds:
        if item.count in found.fixed:
            found.fixed.setdefault(
                item.setting,
                "it has an item for each layer, of which there are as many as recorded",
            )
    return _lesson(trials, settings, found, moved.formulas, whole, kinds)


def _vectors(trials: Trials) -> dict[Place, Vector]:
    """Returns the values of each number that varies."""
    found: dict[Place, Vector] = {}
    for place, value in trials.numbers.items():
        row = (value, *(trial.numbers.get(place) for trial in trials.done))
        if any(item is not None and item != value for item in row):
            found[place] = row
    return found


def _solve(trials: Trials, settings: Mapping[str, Value], found: Found) -> None:
    rows: dict[str, tuple[Number, ...]] = {}
    for path, outcome in trials.outcomes.items():
        value = settings[path]
        if outcome.is_numeric and isinstance(value, int | float) and is_number(value):
            row = (value, *(trial.changes.get(path, value) for trial in trials.done))
            rows[path] = tuple(item for item in row if isinstance(item, int | float))
    if not rows:
        return
    solver = Solver(rows, rounded=trials.rounded)
    left: list[tuple[Place, Vector, tuple[str, ...]]] = []
    solved: dict[tuple[Vector, tuple[str, ...]], Candidate | None] = {}
    for place, vector in sorted(_vectors(trials).items(), key=lambda item: _effort(trials, item)):
        support = _support(trials, place, rows)
        key = vector, support
        if key not in solved:
            solved[key] = solver.solve(vector, support)
        candidate = solved[key]
        if candidate is None:
            left.append((place, vector, support))
        else:
            found.formulas[place] = candidate
    _solve_of_parts(solver, left, found)


def _solve_of_parts(
    solver: Solver, left: Sequence[tuple[Place, Vector, tuple[str, ...]]], found: Found
) -> None:
    """Tries what has no formula again, as long as there are new formulas to make one of."""
    keys = dict.fromkeys((vector, support) for _, vector, support in left)
    solved: dict[tuple[Vector, tuple[str, ...]], Candidate] = {}
    before = -1
    while before < len(solved):
        before = len(solved)
        for key in [key for key in keys if key not in solved]:
            candidate = solver.solve_of_parts(*key)
            if candidate is not None:
                solved[key] = candidate
    for place, vector, support in left:
        candidate = solved.get((vector, support))
        if candidate is None:
            found.unknown[place] = list(support)
        else:
            found.formulas[place] = candidate


def _effort(trials: Trials, item: tuple[Place, Vector]) -> int:
    """Numbers that few settings move come first: the others are made of them."""
    return sum(item[0] in outcome.moves for outcome in trials.outcomes.values())


def _support(trials: Trials, place: Place, rows: Mapping[str, object]) -> tuple[str, ...]:
    """Returns the settings that move a number alone; all, where only several at once move it."""
    moving = [path for path in rows if place in trials.outcomes[path].moves]
    return tuple(moving or [path for path in rows if trials.outcomes[path].moves])


def _fix_unproved(trials: Trials, found: Found) -> None:
    """Fixes the settings of numbers without formula; they are literals then."""
    for place, support in found.unknown.items():
        where = describe(place)
        for path in support:
            found.fixed.setdefault(path, f"it changes a number without a formula: {where}")
    several = {
        path
        for candidate in found.formulas.values()
        if len(used := set(settings_of(candidate.formula))) > 1
        for path in used
    }
    if not trials.together:
        for path in several:
            found.fixed.setdefault(path, "no recording changes it together with others")


def _fix_unlike_layers(trials: Trials, found: Found, proved: Container[str]) -> None:
    """Fixes numbers of layers where one more layer is not as the last one.

    `proved`: containers of which it is known what each layer is.
    """
    others = (trial.numbers for trial in trials.done)
    for container in unlike_the_last(trials.numbers, others, periods_of(trials.first)):
        if container in proved:
            continue
        candidate = found.formulas.get(LengthPlace(container))
        for path in settings_of(candidate.formula) if candidate is not None else ():
            found.fixed.setdefault(path, f"a layer that it adds to `{container}` is unlike others")


def _lesson(
    trials: Trials,
    settings: Mapping[str, Value],
    found: Found,
    formulas: Mapping[Place, Formula],
    whole: Whole,
    kinds: Sequence[LayerKinds],
) -> Lesson:
    fixed = {
        path: value
        for path in found.fixed
        if isinstance(value := whole.settings[path], int | float) and is_number(value)
    }
    table: dict[str, int] = {}
    chosen: dict[Place, int] = {}
    for place, formula in formulas.items():
        if place in found.unknown:
            continue
        free = with_values(formula, fixed)
        if any(True for _ in settings_of(free)):
            chosen[place] = table.setdefault(render(free), len(table))
    excluded = list(with_fixed(found.excluded, fixed))
    texts = [*table, *(text for item in excluded for text in (item.left, item.right))]
    used = {path for text in texts for path in settings_of(parse(text))}
    order = [path for path in whole.settings if path in used]
    learned = Learned(
        settings=order,
        samples=_samples(trials, settings, found.fixed, order, whole),
        formulas=list(table),
        state=_state(whole.recording, chosen),
        lengths={p.module: index for p, index in chosen.items() if isinstance(p, LengthPlace)},
        attributes=_attributes(trials, found, table, fixed),
        computed=_computed(trials),
        kinds=[item for item in kinds if item.setting not in found.fixed],
        required=list(required_rows(found.fixed, formulas, whole)),
        excluded=excluded,
        unknown=_unknown(found, whole),
    )
    return Lesson(learned, _numbers(whole.recording, chosen))


def _samples(
    trials: Trials,
    settings: Mapping[str, Value],
    fixed: Mapping[str, str],
    used: Sequence[str],
    whole: Whole,
) -> list[list[Number]]:
    """Returns the used settings of each recording that leaves the fixed ones alone."""
    found: list[list[Number]] = []
    recorded = [whole.settings[path] for path in used]
    for changes in ({}, *(trial.changes for trial in trials.done)):
        if any(path in fixed and value != settings[path] for path, value in changes.items()):
            continue
        row = [changes.get(path, settings[path]) for path in used]
        numbers = [value for value in row if isinstance(value, int | float)]
        if numbers not in found and numbers != recorded:
            found.append(numbers)
    return found


def _state(recording: Recording, chosen: Mapping[Place, int]) -> dict[str, list[int | None]]:
    found: dict[str, list[int | None]] = {}
    for tensor in recording.state:
        row = [chosen.get(StatePlace(tensor.name, dim)) for dim in range(len(tensor.shape))]
        if any(index is not None for index in row):
            found[tensor.name] = row
    return found


def _numbers(recording: Recording, chosen: Mapping[Place, int]) -> dict[str, list[NodeFormulas]]:
    """Groups the nodes that have the same formulas in the same places."""
    found: dict[str, list[NodeFormulas]] = {}
    for entry in recording.entries:
        of_node: dict[str, dict[str, int]] = {}
        for where, node, _ in entry_numbers(entry):
            if where in chosen:
                of_node.setdefault(node, {})[where.place] = chosen[where]
        groups: dict[tuple[tuple[str, int], ...], list[str]] = {}
        for node, formulas in of_node.items():
            groups.setdefault(tuple(formulas.items()), []).append(node)
        found[entry.name] = [NodeFormulas(nodes, dict(key)) for key, nodes in groups.items()]
    return found


def _attributes(
    trials: Trials, found: Found, table: Mapping[str, int], fixed: Mapping[str, Number]
) -> dict[str, dict[str, int]]:
    """Returns the attributes of each class that are formulas, in every instance the same."""
    by_values = {
        candidate.values: index
        for candidate in sorted(found.formulas.values(), key=lambda item: len(item.values))
        if (index := table.get(render(with_values(candidate.formula, fixed)))) is not None
    }
    classes = {module.path: module.cls for module in trials.first.modules}
    rows: dict[tuple[str, str], set[int | None]] = {}
    for path, attributes in trials.first.attributes.items():
        for name, value in attributes.items():
            others = [trial.recording.attributes.get(path, {}).get(name) for trial in trials.done]
            row = (value, *(value if other is None else other for other in others))
            if path in classes:
                rows.setdefault((classes[path], name), set()).add(by_values.get(row))
    result: dict[str, dict[str, int]] = {}
    for (cls, name), indices in rows.items():
        index = indices.pop()
        if not indices and index is not None:
            result.setdefault(cls, {})[name] = index
    return result


def _computed(trials: Trials) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path, outcome in trials.outcomes.items():
        for name in sorted(outcome.data):
            found.setdefault(name, []).append(path)
    return found


def _unknown(found: Found, whole: Whole) -> list[UnknownNumber]:
    names = {
        where: (node, value)
        for entry in whole.recording.entries
        for where, node, value in entry_numbers(entry)
    }
    values = numbers_of(whole.recording)
    return [
        UnknownNumber(
            support,
            values[place],
            describe(place),
            place.entry if isinstance(place, NodePlace) else None,
            names[place][0] if isinstance(place, NodePlace) else None,
        )
        for place, support in found.unknown.items()
        if place in values
    ]
