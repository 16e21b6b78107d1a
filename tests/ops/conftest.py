"""The suite's program: built once for the rows that were selected."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import pytest

from ops.case import OpCase
from ops.cases import CASES
from ops.crate import Outcome, Program, run_program
from ops.lowered import FORMS, Body, lower
from ops.values import Run, runs_of


@dataclass(frozen=True)
class Ran:
    """A row with its Rust and the outcome of each of its runs."""

    body: Body
    """With its arguments as parameters."""
    runs: tuple[tuple[Body, Run, Outcome], ...]


@pytest.fixture(scope="session")
def ran(request: pytest.FixtureRequest) -> dict[str, Ran | Exception]:
    """Every selected row by its name; an exception where the lowering raised one."""
    selected = [
        item.callspec.params["case"]
        for item in request.session.items
        if isinstance(item, pytest.Function) and "ran" in item.fixturenames
    ]
    found: dict[str, Ran | Exception] = {}
    bodies: dict[Body, int] = {}
    spans: list[tuple[OpCase, Body, int, int]] = []
    runs: list[tuple[Body, Run]] = []
    for case in selected:
        try:
            ours = _pairs(case)
        except Exception as error:
            found[str(case)] = error
            continue
        spans.append((case, ours[0][0], len(runs), len(runs) + len(ours)))
        runs += ours
    indexed = tuple((bodies.setdefault(body, len(bodies)), run) for body, run in runs)
    outcomes = run_program(Program(tuple(bodies), indexed), _name(selected))
    triples = [(*pair, outcome) for pair, outcome in zip(runs, outcomes, strict=True)]
    for case, body, start, end in spans:
        found[str(case)] = Ran(body, tuple(triples[start:end]))
    return found


def _pairs(case: OpCase) -> list[tuple[Body, Run]]:
    """Returns the bodies and runs of a row: all with parameters, the first in each other form."""
    runs = runs_of(case)
    bodies = [lower(case, runs, form) for form in FORMS]
    return [(bodies[0], run) for run in runs] + [(body, runs[0]) for body in bodies[1:]]


def _name(selected: list[OpCase]) -> str:
    """Returns a crate's name: a selection has its own, so that it disturbs no other."""
    if len(selected) == sum(case.refused is None for case in CASES):
        return "ops-all"
    return f"ops-{hashlib.sha256(repr(list(map(str, selected))).encode()).hexdigest()[:8]}"
