"""Constants of models that are built on the meta device."""

import pytest
import torch

from pycandle.recorder import install
from pycandle.recorder.shadow import shadow_of, suspended

from .samples import Constants, Reordered


@pytest.fixture(autouse=True)
def shadows():
    install()


def test_constants_have_the_values_that_they_have_on_a_cpu(record):
    with torch.device("meta"):
        model = Constants().eval()
    expected = Constants()

    trace = record(model, torch.zeros(4, 3, device="meta")).trace

    assert set(trace) == {
        "state/frequency",
        "state/table",
        "state/scale",
        "constant/offset",
        "constant/lifted_tensor_0",
    }
    assert torch.equal(trace["state/frequency"], expected.frequency)
    assert torch.equal(trace["state/table"], expected.table)
    assert torch.equal(trace["state/scale"], expected.scale)
    assert torch.equal(trace["constant/offset"], expected.offset)
    assert torch.equal(trace["constant/lifted_tensor_0"], torch.tensor([0.5, 0.25, 0.125]))


def test_lists_as_indices_have_data(record):
    trace = record(Reordered().eval(), torch.zeros(4, 3, device="meta")).trace

    assert torch.equal(trace["constant/lifted_tensor_0"], torch.tensor([2, 0, 1]))
    assert torch.equal(trace["constant/lifted_tensor_1"], torch.tensor([1]))


@pytest.mark.parametrize(
    "make",
    [
        lambda: torch.randn(3),
        lambda: torch.empty(3),
        lambda: torch.arange(3.0) + torch.rand(3),
        lambda: torch.zeros(3).normal_(),
        lambda: torch.zeros(3).copy_(torch.rand(3)),
        lambda: torch.zeros(1 << 24, 2),
    ],
)
def test_what_is_random_or_large_or_uninitialised_has_no_shadow(make):
    with torch.device("meta"):
        tensor = make()

    assert shadow_of(tensor) is None


def test_a_view_forgets_what_its_base_forgets():
    with torch.device("meta"):
        base = torch.arange(6.0)
        view = base[2:4]
        known = shadow_of(view)
        base.normal_()

    assert known.tolist() == [2.0, 3.0]
    assert shadow_of(view) is None


def test_a_view_that_is_overwritten_changes_its_base():
    with torch.device("meta"):
        base = torch.zeros(2, 2)
        base[:, 1] = torch.tensor([5.0, 7.0])

    assert shadow_of(base).tolist() == [[0.0, 5.0], [0.0, 7.0]]


def test_a_cast_of_the_model_keeps_the_data():
    with torch.device("meta"):
        model = Constants()
    model.to(torch.bfloat16)

    assert torch.equal(shadow_of(model.table), torch.tensor([1.0, 4.0, 9.0]).bfloat16())


def test_suspended_shadows_follow_nothing():
    with suspended():
        tensor = torch.arange(3, device="meta")

    assert shadow_of(tensor) is None
    assert shadow_of(torch.arange(3, device="meta")).tolist() == [0, 1, 2]


def test_a_choice_between_two_functions_runs_while_shadows_are_kept():
    found = torch.cond(torch.tensor(True), torch.sin, torch.cos, (torch.ones(3),))

    assert found.equal(torch.ones(3).sin())
