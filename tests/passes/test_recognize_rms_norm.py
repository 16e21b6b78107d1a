"""Spelled-out RMS normalization is one op that rounds where it rounded, or is left as it is."""

import textwrap

import pytest
import torch

from passes.check import leaves_alone
from passes.interpreter import run
from pycandle.ir.graph import Graph
from pycandle.ir.parser import parse_graph
from pycandle.ir.printer import print_graph
from pycandle.ir.verifier import verify
from pycandle.passes.recognize_rms_norm import RecognizeRmsNorm
from pycandle.passes.remove_dead_code import RemoveDeadCode

NORMALIZED = """\
  b: f32[s0, 6] = aten.pow.Tensor_Scalar(a, 2)
  c: f32[s0, 1] = aten.mean.dim(b, [-1], True)
  d: f32[s0, 1] = aten.add.Tensor(c, 1e-06)
  e: f32[s0, 1] = aten.rsqrt.default(d)
  f: f32[s0, 6] = aten.mul.Tensor(a, e)
"""
HEAD = """\
graph(x: f32*[s0, 6], y: f32*[6]):
  state w: f32*[6] = norm.weight
  a: f32[s0, 6] = aten.to.dtype(x, dtype(float32)) cast fixed
"""
ROUNDED = f"""\
{HEAD}{NORMALIZED}\
  g: f32*[s0, 6] = aten.to.dtype(f, dtype(float32)) cast input_dtype
  h: f32*[s0, 6] = aten.mul.Tensor(w, g)
  return h
"""
OFFSET = f"""\
{HEAD}{NORMALIZED}\
  v: f32[6] = aten.to.dtype(w, dtype(float32)) cast fixed
  u: f32[6] = aten.add.Tensor(v, 1.0)
  g: f32[s0, 6] = aten.mul.Tensor(f, u)
  h: f32*[s0, 6] = aten.type_as.default(g, x)
  return h
"""
PLAIN = f"""\
graph(a: f32[s0, 6], y: f32[6]):
  state w: f32[6] = norm.weight
{NORMALIZED}\
  h: f32[s0, 6] = aten.mul.Tensor(w, f)
  return h
"""
FORMS = {
    "rounded": (ROUNDED, "pycandle.rms_norm.rounded(x, w, 1e-06)"),
    "offset": (OFFSET, "pycandle.rms_norm.offset(x, w, 1e-06)"),
    "plain": (PLAIN, "aten.rms_norm.default(a, [6], w, 1e-06)"),
}


def found(text: str) -> Graph:
    """Runs the pass on a graph that has the form, and drops what is not read any more."""
    graph = parse_graph(textwrap.dedent(text))
    assert RecognizeRmsNorm().run(graph)
    verify(graph, after="recognize-rms-norm")
    RemoveDeadCode().run(graph)
    return graph


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_one_op(form: str) -> None:
    text, op = FORMS[form]

    (node,) = found(text).nodes

    assert f" = {op}\n" in print_graph(found(text))
    assert node.result.name == "h"
    assert node.cast is None


@pytest.mark.parametrize("form", FORMS)
def test_the_op_gives_what_the_ops_gave(form: str) -> None:
    before, after = parse_graph(FORMS[form][0]), found(FORMS[form][0])
    torch.manual_seed(3)
    inputs = [torch.randn(4, 6), torch.ones(6)]
    weight = torch.randn(6)
    for graph in (before, after):
        graph.inputs += graph.state

    (one,) = run(before, [*inputs, weight], {"s0": 4})
    (other,) = run(after, [*inputs, weight], {"s0": 4})

    torch.testing.assert_close(one, other)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("aten.mul.Tensor(w, g)", "aten.mul.Tensor(g, w)"),
        ("aten.mul.Tensor(a, e)", "aten.mul.Tensor(e, a)"),
        ("aten.pow.Tensor_Scalar(a, 2)", "aten.pow.Tensor_Scalar(a, 2.0)"),
        ("aten.pow.Tensor_Scalar(a, 2)", "aten.square.default(a)"),
        ("aten.pow.Tensor_Scalar(a, 2)", "aten.mul.Tensor(a, a)"),
        ("[-1], True", "[1], True"),
        ("aten.add.Tensor(c", "aten.add.Scalar(c"),
    ],
)
def test_other_spellings_are_found_as_well(old: str, new: str) -> None:
    assert old in ROUNDED

    (node,) = found(ROUNDED.replace(old, new)).nodes

    assert node.target == "pycandle.rms_norm.rounded"


ANOTHER_READER = ("  return h", "  z: f32[s0, 6] = aten.neg.default(f)\n  return h, z=z")

MISSES = {
    "another power": ("rounded", "aten.pow.Tensor_Scalar(a, 2)", "aten.pow.Tensor_Scalar(a, 3)"),
    "a product with another": ("plain", "aten.pow.Tensor_Scalar(a, 2)", "aten.mul.Tensor(a, y)"),
    "a mean of the first dim": ("rounded", "[-1], True", "[0], True"),
    "a mean of both dims": ("rounded", "[-1], True", "[0, 1], True"),
    "a sum": ("rounded", "aten.mean.dim(b", "aten.sum.dim_IntList(b"),
    "a mean in another dtype": ("rounded", "[-1], True", "[-1], True, dtype=dtype(float64)"),
    "an epsilon that is a tensor": ("plain", "aten.add.Tensor(c, 1e-06)", "aten.add.Tensor(c, y)"),
    "an epsilon that is scaled": ("rounded", "(c, 1e-06)", "(c, 1e-06, alpha=2)"),
    "no root": ("rounded", "aten.rsqrt.default(d)", "aten.reciprocal.default(d)"),
    "a scale of another value": ("plain", "aten.mul.Tensor(a, e)", "aten.mul.Tensor(y, e)"),
    "a division": ("rounded", "aten.mul.Tensor(a, e)", "aten.div.Tensor(a, e)"),
    "another reader": ("rounded", *ANOTHER_READER),
    "an output on the way": ("rounded", "  return h", "  return h, d=d"),
    "a weight of two dims": ("rounded", "w: f32*[6]", "w: f32*[1, 6]"),
    "a weight of one number": ("rounded", "w: f32*[6]", "w: f32*[1]"),
    "a weight of a fixed dtype": ("rounded", "w: f32*[6]", "w: f32[6]"),
    "a weight added": ("rounded", "aten.mul.Tensor(w, g)", "aten.add.Tensor(w, g)"),
    "a result of a fixed dtype": (
        "rounded",
        "g: f32*[s0, 6] = aten.to.dtype(f, dtype(float32)) cast input_dtype",
        "g: f32[s0, 6] = aten.to.dtype(f, dtype(float32)) cast fixed",
    ),
    "two added to the weight": ("offset", "(v, 1.0)", "(v, 2.0)"),
    "a weight subtracted": ("offset", "aten.add.Tensor(v", "aten.sub.Tensor(v"),
    "a result that stays wide": ("offset", "h: f32*[s0, 6]", "h: f32[s0, 6]"),
    "a plain one of the model's dtype": ("plain", "f32[", "f32*["),
    "a plain one of half floats": ("plain", "f32[", "f16["),
}


@pytest.mark.parametrize("miss", MISSES)
def test_what_misses_one_condition_stays_as_it_is(miss: str) -> None:
    form, old, new = MISSES[miss]
    text = FORMS[form][0]
    assert old in text

    graph = parse_graph(text.replace(old, new))
    RecognizeRmsNorm().run(graph)

    whole = FORMS[form][1].partition("(")[0]
    assert whole not in {node.target for node in graph.nodes}
    if form != "offset":  # Within it stands a plain one, of a fixed dtype.
        leaves_alone(RecognizeRmsNorm(), text.replace(old, new))


def test_a_plain_one_of_the_models_dtype_is_found_where_that_is_the_only_one() -> None:
    graph = parse_graph(PLAIN.replace("f32[", "f32*["))
    graph.dtype_generic = False

    assert RecognizeRmsNorm().run(graph)


CALLS = """
  call 0: ""#0 Net (x=x) -> h
  call 1: norm#0 Norm of 0 (x=x) -> {outputs}
"""


def test_a_value_that_the_module_returns_as_well_keeps_its_ops() -> None:
    text = ROUNDED.replace("  return h", "  return h\n" + CALLS)
    shown = text.format(outputs="h, d")

    assert found(text.format(outputs="h")).nodes
    leaves_alone(RecognizeRmsNorm(), shown)


def test_steps_in_two_modules_keep_their_ops() -> None:
    inner = ROUNDED.replace("aten.rsqrt.default(d)", "aten.rsqrt.default(d) @ norm#1")
    text = inner.replace("  return h", "  return h\n" + CALLS.format(outputs="e"))

    leaves_alone(RecognizeRmsNorm(), text)
