"""The report of a verification as text and as data."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from pycandle.verify.results import CallResult, SetResult, Verification
from pycandle.verify.tolerance import Comparison

SHOWN_CALLS = 5
"""Calls of modules that are listed when a set fails; `--json` and `--report` have all."""


def render_text(verifications: Sequence[Verification]) -> str:
    """Returns the report for a terminal, without a final newline."""
    return "\n\n".join("\n".join(_lines(item)) for item in verifications)


def to_data(verifications: Sequence[Verification]) -> dict[str, Any]:
    """Returns everything as values that JSON has; numbers that it lacks are strings."""
    items = [
        {
            "manifest": str(item.manifest),
            "model": item.model,
            "entry": item.entry,
            "weights": item.weights,
            "source": None if item.source is None else str(item.source),
            "passed": item.passed,
            "notes": list(item.notes),
            "sets": [_set_data(one) for one in item.sets],
        }
        for item in verifications
    ]
    return {"passed": all(item.passed for item in verifications), "verifications": items}


def describe_call(call: CallResult) -> Iterator[str]:
    """Yields the places of a call: its class, its Python line, its Rust line."""
    yield f"class {call.cls}"
    if call.python is not None:
        yield f"Python {call.python}"
    if call.rust is not None:
        yield f"Rust {call.rust}"


def _lines(item: Verification) -> Iterator[str]:
    title = item.manifest.name if item.entry == "forward" else f"{item.manifest.name}, {item.entry}"
    verdict = "agrees with PyTorch" if item.passed else "DIFFERS from PyTorch"
    code = "" if item.source is None else f"code: {item.source}, "
    yield f"{title}: {item.model} {verdict} ({code}weights: {item.weights})"
    for one in item.sets:
        yield from (f"  {line}" for line in _set_lines(one))
    yield from (f"  note: {note}" for note in item.notes)


def _set_lines(item: SetResult) -> Iterator[str]:
    shapes = ", ".join(f"{path} {list(shape)}" for path, shape in item.shapes.items())
    yield f"{'ok  ' if item.passed else 'FAIL'} {item.name}: {shapes}"
    yield from (f"       note: {note}" for note in item.notes)
    if item.failure is not None:
        yield from (f"       {line}" for line in ["Rust failed:", *item.failure.splitlines()])
    for one in item.golden:
        if not one.passed:
            yield f"       the recording's own {_comparison(one)}"
    for one in item.tables:
        if not one.passed:
            yield f"       computed by `new`: {_comparison(one)}"
    for one in item.outputs:
        yield f"       {_comparison(one)}"
    if item.calls:
        yield f"       {_count(item.calls)}"
    if not item.passed:
        yield from (f"       {line}" for line in _blame(item))


def _blame(item: SetResult) -> Iterator[str]:
    if (first := item.first_wrong) is not None:
        yield f"look at {first.name} first: the first module whose own error fails"
        yield from (f"    {line}" for line in describe_call(first))
        yield from (f"    {_comparison(one)}" for one in first.own if not one.passed)
        others = [call for call in item.calls if not call.passed_own and call is not first]
        for call in others[:SHOWN_CALLS]:
            yield f"also wrong by itself: {call.name} ({', '.join(describe_call(call))})"
        if len(others) > SHOWN_CALLS:
            yield f"and {len(others) - SHOWN_CALLS} more"
    elif (call := item.first_diverging) is not None:
        yield f"no module is wrong by itself; the first result that differs is that of {call.name}"
        yield from (f"    {line}" for line in describe_call(call))


def _count(calls: Sequence[CallResult]) -> str:
    compared = [call for call in calls if call.module and (call.accumulated or call.own)]
    good = sum(call.passed_own for call in compared)
    skipped = sum(call.skipped is not None for call in calls)
    text = f"{good} of {len(compared)} module calls right by themselves"
    return f"{text}; {skipped} others are checked as part of those around them" if skipped else text


def _comparison(item: Comparison) -> str:
    shape = ", ".join(str(extent) for extent in item.shape)
    text = f"{item.path} {item.dtype}[{shape}]"
    if item.reason is not None:
        place = f" at {list(item.where)}" if item.where is not None else ""
        return f"{text}: {item.reason}{place}"
    if item.bound == 0.0 and item.error == 0.0:
        return f"{text}: equal"
    return (
        f"{text}: {item.error:.2g} off, {item.bound:.2g} allowed (PyTorch itself {item.noise:.2g})"
    )


def _set_data(item: SetResult) -> dict[str, Any]:
    wrong, diverging = item.first_wrong, item.first_diverging
    return {
        "name": item.name,
        "passed": item.passed,
        "inputs": {path: list(shape) for path, shape in item.shapes.items()},
        "failure": item.failure,
        "notes": list(item.notes),
        "outputs": [_comparison_data(one) for one in item.outputs],
        "golden": [_comparison_data(one) for one in item.golden],
        "tables": [_comparison_data(one) for one in item.tables],
        "first_wrong": None if wrong is None else wrong.name,
        "first_diverging": None if diverging is None else diverging.name,
        "calls": [_call_data(call) for call in item.calls],
    }


def _call_data(call: CallResult) -> dict[str, Any]:
    return {
        "module": call.module,
        "index": call.index,
        "class": call.cls,
        "python": call.python,
        "rust": call.rust,
        "skipped": call.skipped,
        "accumulated": [_comparison_data(one) for one in call.accumulated],
        "own": [_comparison_data(one) for one in call.own],
    }


def _comparison_data(item: Comparison) -> dict[str, Any]:
    return {
        key: str(value) if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in asdict(item).items()
    }
