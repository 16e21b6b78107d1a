"""Masks that follow from sizes alone are bands, or are left as they are."""

import textwrap

import pytest
import torch

from passes.check import leaves_alone
from passes.interpreter import run
from pycandle.ir.graph import Graph
from pycandle.ir.parser import parse_graph
from pycandle.ir.verifier import verify
from pycandle.passes.recognize_bands import RecognizeBands
from pycandle.passes.remove_dead_code import RemoveDeadCode

HEAD = """
    graph(x: f32[s0, s1]):
      a: i64[s1] = aten.arange.default(s1, device=device(model), pin_memory=False)
      k: i64[1, s1] = aten.unsqueeze.default(a, 0)
      q: i64[s1, 1] = aten.unsqueeze.default(a, 1)
"""
CAUSAL = "c: bool[s1, s1] = aten.le.Tensor(k, q)"
SHIFTED = """
      w: i64[s1, 1] = aten.sub.Tensor(q, {width})
      l: bool[s1, s1] = aten.gt.Tensor(k, w)
"""
END = """
      e: bool[s0, 1, s1, s1] = aten.expand.default({mask}, [s0, 1, -1, -1])
      m: f32[s0, 1, s1, s1] = aten.to.dtype(e, dtype(float32))
      return m
"""
NAMES = ("aten.ones", "aten.tril", "aten.triu", "aten.expand", "aten.to")


def graph(body: str, mask: str) -> Graph:
    lines = textwrap.dedent(HEAD) + textwrap.indent(textwrap.dedent(body), "  ")
    text = lines + "\n" + textwrap.dedent(END.format(mask=mask))
    return parse_graph("\n".join(line.strip() for line in text.splitlines() if line.strip()))


def recognized(body: str, mask: str) -> list[str]:
    """Runs the pass; what it makes gives the same for sizes that it did not try."""
    before, after = graph(body, mask), graph(body, mask)
    assert RecognizeBands().run(after)
    RemoveDeadCode().run(after)
    verify(after, after="recognize-bands")
    for rows, columns in ((2, 13), (1, 1), (3, 40)):
        sizes = {"s0": rows, "s1": columns}
        inputs = [torch.zeros(rows, columns)]
        assert torch.equal(run(before, inputs, sizes)[0], run(after, inputs, sizes)[0])
    return [node.target.rpartition(".")[0] for node in after.nodes]


def test_a_causal_mask_is_the_lower_triangle() -> None:
    found = recognized(CAUSAL, "c")

    assert found == ["aten.ones", "aten.tril", "aten.expand", "aten.to"]


@pytest.mark.parametrize("width", [2, 3, 4, 7, 4096])
def test_a_sliding_window_is_cut_on_both_sides(width: int) -> None:
    body = (
        f"{CAUSAL}\n{SHIFTED.format(width=width)}\nb: bool[s1, s1] = aten.logical_and.default(c, l)"
    )

    assert recognized(body, "b") == [
        "aten.ones",
        "aten.tril",
        "aten.triu",
        "aten.expand",
        "aten.to",
    ]
    after = graph(body, "b")
    RecognizeBands().run(after)
    (cut,) = [node.args[1] for node in after.nodes if node.target == "aten.triu.default"]
    assert cut == 1 - width


def test_a_mask_of_packed_positions_is_all_there_is() -> None:
    body = """
      p: i64[s0, s1] = aten.expand.default(k, [s0, -1])
      f: i64[s0, 1] = aten.slice.Tensor(p, 1, 0, 1)
      g: i64[s0, 1] = aten.sub.Tensor(f, 1)
      d: i64[s0, s1] = aten.diff.default(p, 1, -1, g)
      n: bool[s0, s1] = aten.ne.Scalar(d, 1)
      t: i64[s0, s1] = aten.cumsum.default(n, -1)
      r: i64[s0] = aten.arange.default(s0, device=device(model), pin_memory=False)
      r1: i64[s0, 1] = aten.unsqueeze.default(r, 1)
      r2: i64[s0, 1, 1] = aten.unsqueeze.default(r1, 2)
      i: i64[s0, s1, 1] = aten.index.Tensor(t, [r2, q])
      j: i64[s0, 1, s1] = aten.index.Tensor(t, [r2, k])
      c: bool[s0, s1, s1] = aten.eq.Tensor(i, j)
      u: bool[s0, 1, s1, s1] = aten.unsqueeze.default(c, 1)
    """
    assert recognized(body, "u") == ["aten.ones", "aten.expand", "aten.to"]


@pytest.mark.parametrize(
    "body",
    [
        # Chunks: what is in one with the query, and not after it.
        "h: i64[1, s1] = aten.floor_divide.default(k, 3)\n"
        "i: i64[s1, 1] = aten.floor_divide.default(q, 3)\n"
        "c: bool[s1, s1] = aten.eq.Tensor(h, i)",
        # Every second key.
        "r: i64[1, s1] = aten.remainder.Scalar(k, 2)\n"
        "z: i64[s1, 1] = aten.mul.Tensor(q, 0)\n"
        "c: bool[s1, s1] = aten.le.Tensor(r, z)",
        # Chunks that are longer than any size that is tried.
        "h: i64[1, s1] = aten.floor_divide.default(k, 8192)\n"
        "i: i64[s1, 1] = aten.floor_divide.default(q, 8192)\n"
        "d: bool[s1, s1] = aten.eq.Tensor(h, i)\n"
        "e1: bool[s1, s1] = aten.le.Tensor(k, q)\n"
        "c: bool[s1, s1] = aten.logical_and.default(d, e1)",
        # The same by a factor, and a table that is cut.
        "h: f32[1, s1] = aten.mul.Tensor(k, 0.001)\nc: bool[s1, s1] = aten.le.Tensor(h, q)",
        "h: i64[1, s1] = aten.slice.Tensor(k, 1, -4096)\nc: bool[s1, s1] = aten.le.Tensor(h, q)",
        # What a caller passes.
        "y: i64[s0, s1] = aten.to.dtype(x, dtype(int64))\nc: bool[s0, s1] = aten.le.Tensor(y, k)",
    ],
)
def test_what_is_no_band_is_left_alone(body: str) -> None:
    mask = "c" if "s0" not in body else None
    if mask is None:
        text = textwrap.dedent(HEAD) + textwrap.dedent(body) + "\nreturn c"
        leaves_alone(RecognizeBands(), "\n".join(map(str.strip, text.splitlines())).strip())
        return
    assert not RecognizeBands().run(graph(body, mask))


def test_a_number_that_means_something_else_when_it_is_another_is_no_band() -> None:
    # Keys up to the 9th: with other sizes than the ones tried, no band around the diagonal.
    body = "z: i64[s1, 1] = aten.mul.Tensor(q, 0)\nv: i64[s1, 1] = aten.add.Tensor(z, 9)\n"
    assert not RecognizeBands().run(graph(body + "c: bool[s1, s1] = aten.le.Tensor(k, v)", "c"))


def test_a_mask_that_is_all_true_is_left_out_of_a_conjunction() -> None:
    body = """
      z: i64[s1, 1] = aten.mul.Tensor(q, 0)
      o: bool[s1, 1] = aten.ge.Scalar(z, 0)
      y: bool[s0, s1] = aten.to.dtype(x, dtype(bool))
      y1: bool[s0, 1, s1] = aten.unsqueeze.default(y, 1)
      b: bool[s0, s1, s1] = aten.logical_and.default(o, y1)
      u: bool[s0, 1, s1, s1] = aten.unsqueeze.default(b, 1)
    """
    before, after = graph(body, "u"), graph(body, "u")
    assert RecognizeBands().run(after)
    RemoveDeadCode().run(after)
    inputs, sizes = [torch.tensor([[0.0, 1.0, 2.0]] * 2)], {"s0": 2, "s1": 3}
    assert torch.equal(run(before, inputs, sizes)[0], run(after, inputs, sizes)[0])
    assert not any("logical_and" in node.target for node in after.nodes)
