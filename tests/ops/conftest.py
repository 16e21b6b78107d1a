"""The suite's program: built once for the rows that were selected."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import pytest

from ops.case import OpCase
from ops.cases import CASES
from ops.crate import Outcome, Program, run_program
from ops.lowered import Body, lower
from ops.values import Run, runs_of


@dataclass(frozen=True)
class Ran:
    """A row with its Rust and the outcome of each of its runs."""

    body: Body
    runs: tuple[tuple[Run, Outcome], ...]


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
    lowered: list[tuple[OpCase, Body, int]] = []
    runs: list[tuple[int, Run]] = []
    for case in selected:
        try:
            ours = runs_of(case)
            body = lower(case, ours)
        except Exception as error:
            found[str(case)] = error
            continue
        lowered.append((case, body, len(runs)))
        runs += [(bodies.setdefault(body, len(bodies)), run) for run in ours]
    outcomes = run_program(Program(tuple(bodies), tuple(runs)), _name(selected))
    for case, body, start in lowered:
        count = len(case.models) * len(case.sizes)
        pairs = zip(runs[start : start + count], outcomes[start : start + count], strict=True)
        found[str(case)] = Ran(body, tuple((run, outcome) for (_, run), outcome in pairs))
    return found


def _name(selected: list[OpCase]) -> str:
    """Returns a crate's name: a selection has its own, so that it disturbs no other."""
    if len(selected) == sum(case.refused is None for case in CASES):
        return "ops-all"
    return f"ops-{hashlib.sha256(repr(list(map(str, selected))).encode()).hexdigest()[:8]}"
