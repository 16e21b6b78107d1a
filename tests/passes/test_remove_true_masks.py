"""Attention with a mask that is true everywhere has none; any other mask stays."""

import pytest
import torch

from passes.check import leaves_alone
from passes.interpreter import run
from pycandle.ir.parser import parse_graph
from pycandle.ir.verifier import verify
from pycandle.passes.recognize_bands import RecognizeBands
from pycandle.passes.remove_true_masks import RemoveTrueMasks

ATTENTION = """\
graph(q: f32[s0, 2, s1, 4], k: f32[s0, 2, s2, 4], p: bool[s1, s2]):
  o: bool[s1, s2] = {mask}
  m: bool[s0, 1, s1, s2] = aten.expand.default(o, [s0, 1, s1, s2])
  a: f32[s0, 2, s1, 4] = aten.scaled_dot_product_attention.default(q, k, k, {rest})
  return a
"""
ONES = "aten.ones.default([s1, s2], dtype=dtype(bool))"


@pytest.mark.parametrize(
    ("rest", "left"),
    [
        ("m", []),
        ("m, scale=0.5", []),
        ("m, 0.0, False", [None, 0.0, False]),
        ("attn_mask=m", []),
    ],
)
def test_a_mask_that_is_true_is_left_out(rest: str, left: list[object]) -> None:
    text = ATTENTION.format(mask=ONES, rest=rest)
    before, after = parse_graph(text), parse_graph(text)

    assert RemoveTrueMasks().run(after)

    verify(after, after="remove-true-masks")
    node = after.nodes[-1]
    assert node.args[3:] == left
    assert "attn_mask" not in node.kwargs
    torch.manual_seed(1)
    inputs = [torch.randn(3, 2, 5, 4), torch.randn(3, 2, 7, 4), torch.ones(5, 7, dtype=torch.bool)]
    sizes = {"s0": 3, "s1": 5, "s2": 7}
    torch.testing.assert_close(run(before, inputs, sizes), run(after, inputs, sizes))


@pytest.mark.parametrize(
    ("mask", "rest"),
    [
        pytest.param("aten.zeros.default([s1, s2], dtype=dtype(bool))", "m", id="false"),
        pytest.param("aten.tril.default(p, 0)", "m", id="a band"),
        pytest.param("aten.logical_not.default(p)", "m", id="what a caller passes"),
        pytest.param(ONES, "p", id="an input"),
        pytest.param(ONES, "None", id="none"),
        pytest.param(ONES, "None, 0.0, True", id="causal"),
    ],
)
def test_another_mask_stays(mask: str, rest: str) -> None:
    leaves_alone(RemoveTrueMasks(), ATTENTION.format(mask=mask, rest=rest))


def test_a_mask_of_floats_stays() -> None:
    text = ATTENTION.format(mask=ONES.replace("bool", "float32"), rest="m")

    leaves_alone(RemoveTrueMasks(), text.replace("m: bool", "m: f32").replace("o: bool", "o: f32"))


def test_a_mask_that_gives_the_result_its_batch_stays() -> None:
    text = ATTENTION.format(mask=ONES, rest="m").replace("q: f32[s0, 2", "q: f32[1, 2")

    leaves_alone(RemoveTrueMasks(), text)


PATCHES = """\
graph(q: f32[s0, 2, s1 // 8 * (s1 // 8) + 1, 4]):
  a: i64[s1 // 8 * (s1 // 8) + 1] = aten.arange.default(s1 // 8 * (s1 // 8) + 1)
  b: i64[1, s1 // 8 * (s1 // 8) + 1] = aten.unsqueeze.default(a, 0)
  c: i64[1, s1 // 8 * (s1 // 8) + 1, 1] = aten.unsqueeze.default(b, 2)
  d: bool[1, s1 // 8 * (s1 // 8) + 1, 1] = {compared}
  m: bool[s0, s1 // 8 * (s1 // 8) + 1, s1 // 8 * (s1 // 8) + 1] = \
aten.expand.default(d, [s0, -1, s1 // 8 * (s1 // 8) + 1])
  n: f32[s0, s1 // 8 * (s1 // 8) + 1, s1 // 8 * (s1 // 8) + 1] = aten.to.dtype(m, dtype(float32))
  return n
"""


def targets(text: str) -> list[str]:
    graph = parse_graph(text)
    RecognizeBands().run(graph)
    return [node.target for node in graph.nodes]


def test_a_size_with_a_large_number_may_be_anything() -> None:
    assert "aten.ones.default" in targets(PATCHES.format(compared="aten.ge.Scalar(c, 0)"))


@pytest.mark.parametrize("compared", ["aten.ge.Scalar(c, 1)", "aten.lt.Scalar(c, 50)"])
def test_a_comparison_that_some_size_fails_stays(compared: str) -> None:
    assert "aten.ones.default" not in targets(PATCHES.format(compared=compared))


def test_a_number_that_may_be_negative_is_no_size() -> None:
    start = PATCHES.replace("aten.arange.default(", "aten.arange.start(s1 - 100, ")
    start = start.format(compared="aten.ge.Scalar(c, 0)")
    compared = PATCHES.format(compared="aten.ge.Scalar(c, s1 // 8 - s1)")

    assert "aten.ones.default" not in targets(start)
    assert "aten.ones.default" not in targets(compared)


def test_more_sizes_than_are_told_apart_are_left() -> None:
    text = PATCHES.format(compared="aten.ge.Scalar(c, 0)")
    shapes = "s2, s3, s4, s5, s6"
    text = text.replace("m: bool[s0, ", f"m: bool[s0, {shapes}, ")
    text = text.replace("n: f32[s0, ", f"n: f32[s0, {shapes}, ")
    text = text.replace("(d, [s0, -1", f"(d, [s0, {shapes}, -1")
    text = text.replace("(q: f32[s0, 2,", f"(r: f32[{shapes}], q: f32[s0, 2,")

    assert "aten.ones.default" not in targets(text)
