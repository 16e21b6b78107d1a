"""A seeded part of PyTorch's own samples is right or refused; `make conformance` takes all."""

from collections import Counter

import pytest

from conformance.samples import samples_of
from conformance.sweep import GOOD, Verdict, chosen, sweep

PART = 0.05
"""A twentieth: from nothing, exports and Rust take less than three minutes on two cores."""


@pytest.fixture(scope="module")
def verdicts() -> list[Verdict]:
    return list(sweep(chosen(["float32"], part=PART), crate="conformance-part"))


def test_no_sample_is_wrong_or_fails(verdicts: list[Verdict]) -> None:
    assert [verdict for verdict in verdicts if verdict.status not in GOOD] == []


def test_most_samples_are_right(verdicts: list[Verdict]) -> None:
    counts = Counter(verdict.status for verdict in verdicts)

    assert counts["right"] > 500
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
