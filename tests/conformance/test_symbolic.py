"""A seeded part of PyTorch's samples is right at free sizes, too; `make conformance` takes all."""

from collections import Counter

import pytest
import torch

from conformance.exporting import program_of
from conformance.other_sizes import at_another_size
from conformance.samples import Sample, samples_of
from conformance.sweep import Verdict, chosen
from conformance.symbolic import GOOD, sweep
from conformance.symbolic_page import page
from pycandle.ir.sizes import Symbol

PART = 0.01


@pytest.fixture(scope="module")
def verdicts() -> list[Verdict]:
    return list(sweep(chosen(["float32"], part=PART), "conformance-symbolic-part"))


def test_no_sample_is_wrong_or_fails_at_free_sizes(verdicts: list[Verdict]) -> None:
    assert [verdict for verdict in verdicts if verdict.status not in GOOD] == []


def test_most_samples_with_free_sizes_are_right(verdicts: list[Verdict]) -> None:
    counts = Counter(verdict.status for verdict in verdicts)

    assert counts["right"] > 40
    assert counts["right"] > counts["refused"]


def exported(sample: Sample) -> torch.export.ExportedProgram:
    return program_of(sample, {"tensors": ({0: torch.export.Dim.AUTO, 1: torch.export.Dim.AUTO},)})


def test_another_size_is_one_that_the_export_allows() -> None:
    sample = next(x for x in samples_of("tril", "float32") if x.tensors[0].dim() == 2)
    height, width = sample.tensors[0].shape
    shapes = [(Symbol("s0"), Symbol("s1"))]

    found = at_another_size(sample, exported(sample), shapes, {"s0": height, "s1": width})

    assert found is not None
    other, sizes = found
    assert other.tensors[0].shape == (sizes["s0"], sizes["s1"]) != (height, width)


def test_a_page_counts_what_became_of_an_op() -> None:
    statuses = ("right", "refused", "fixed", "wrong", "not exported")
    found = [Verdict(f"add/float32/{i}", status, "why") for i, status in enumerate(statuses)]

    assert "| `add` | 4 | 1 | 1 | 1 | 1 | why |" in page(found)
