"""A seeded part of PyTorch's own samples is right or refused; `make conformance` takes all."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from conformance.exporting import export
from conformance.exports import Exports
from conformance.samples import samples_of
from conformance.sweep import DTYPES, GOOD, Verdict, chosen, sweep
from pycandle.ir.printer import print_graph

PART = 0.1
"""A tenth of the samples of each dtype."""


@pytest.fixture(scope="module")
def verdicts() -> list[Verdict]:
    return list(sweep(chosen(DTYPES, part=PART), crate="conformance-part"))


def test_no_sample_is_wrong_or_fails(verdicts: list[Verdict]) -> None:
    assert [verdict for verdict in verdicts if verdict.status not in GOOD] == []


def test_most_samples_are_right(verdicts: list[Verdict]) -> None:
    counts = Counter(verdict.status for verdict in verdicts)

    assert counts["right"] > 1500
    assert counts["right"] > counts["refused"]


def test_a_refusal_has_a_reason(verdicts: list[Verdict]) -> None:
    assert [
        verdict for verdict in verdicts if verdict.status == "refused" and not verdict.reason
    ] == []


def test_the_samples_of_an_op_are_the_same_every_time() -> None:
    first, second = (list(samples_of("add", "float32")) for _ in range(2))

    assert len(first) == len(second) > 0
    pairs = [
        (a, b)
        for x, y in zip(first, second, strict=True)
        for a, b in zip(x.tensors, y.tensors, strict=True)
    ]
    assert all(a.equal(b) for a, b in pairs)


def test_an_export_is_kept_for_the_call_that_it_is_of(tmp_path: Path) -> None:
    one, other = list(samples_of("meshgrid.list_of_tensors", "float32"))[:2]
    kept = replace(other, index=one.index)

    with Exports(tmp_path) as exports:
        exports.graph(one)
    with Exports(tmp_path) as exports:
        graph, _ = exports.graph(kept)

    assert print_graph(graph) == print_graph(export(kept)[0])
    assert print_graph(graph) != print_graph(export(one)[0])
