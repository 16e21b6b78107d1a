"""Indexing by numbers from 0 on is a view, and any other is left as it is."""

import textwrap

import pytest
import torch

from passes.interpreter import run
from pycandle.ir.graph import Graph
from pycandle.ir.parser import parse_graph
from pycandle.ir.verifier import verify
from pycandle.passes.recognize_ordered_indices import RecognizeOrderedIndices
from pycandle.passes.remove_dead_code import RemoveDeadCode

HEAD = """
    graph(x: f32[s0, s1], y: f32[s2]):
      r: i64[s0] = aten.arange.default(s0, device=device(model), pin_memory=False)
      c: i64[s1] = aten.arange.start(0, s1, device=device(model), pin_memory=False)
      f: i64[s2] = aten.arange.default(s2, device=device(model), pin_memory=False)
      o: i64[2] = aten.arange.start(1, 3, device=device(model), pin_memory=False)
      e: i64[3] = aten.arange.start_step(0, 6, 2, device=device(model), pin_memory=False)
"""


def graph(body: str) -> Graph:
    text = HEAD + body
    return parse_graph("\n".join(line.strip() for line in text.splitlines() if line.strip()))


def names(found: Graph) -> list[str]:
    RemoveDeadCode().run(found)
    return [node.target.split(".")[1] for node in found.nodes]


@pytest.mark.parametrize(
    ("body", "views"),
    [
        (
            """
            a: i64[s0, 1] = aten.unsqueeze.default(r, 1)
            i: f32[s0, s1] = aten.index.Tensor(x, [a, c])
            """,
            [],
        ),
        (
            """
            a: i64[s0, 1] = aten.unsqueeze.default(r, -1)
            b: i64[s0, 1, 1] = aten.unsqueeze.default(a, 1)
            i: f32[s0, 1, s1] = aten.index.Tensor(x, [b, c])
            """,
            ["unsqueeze"],
        ),
        (
            """
            a: i64[s2, 1] = aten.unsqueeze.default(f, 1)
            d: i64[1, s1] = aten.unsqueeze.default(c, 0)
            g: i64[1, 1, s1] = aten.unsqueeze.default(d, 0)
            h: i64[1, s2, 1] = aten.unsqueeze.default(a, 0)
            i: f32[1, s2, s1] = aten.index.Tensor(x, [h, g])
            """,
            ["narrow", "unsqueeze"],
        ),
    ],
)
def test_rows_and_columns_in_order_are_views(body: str, views: list[str]) -> None:
    text = textwrap.dedent(body) + "\nm: f32[1] = aten.view.default(y, [-1])\nreturn i, m"
    text = text.replace("m: f32[1]", "m: f32[s2]")
    before, after = graph(text), graph(text)
    changed = RecognizeOrderedIndices().run(after)

    if not views:
        # All of it as it is: there is no view to make.
        assert not changed
        return
    verify(after, after="recognize-ordered-indices")
    assert names(after) == [*views, "view"]
    for rows, columns, first in ((3, 4, 2), (1, 1, 1), (5, 2, 5)):
        sizes = {"s0": rows, "s1": columns, "s2": first}
        inputs = [torch.randn(rows, columns), torch.randn(first)]
        assert torch.equal(run(before, inputs, sizes)[0], run(after, inputs, sizes)[0])


@pytest.mark.parametrize(
    "body",
    [
        # The same dim for both; the other order; not from 0; not each; one dim alone.
        "i: f32[s0] = aten.index.Tensor(x, [r, r])",
        """
        a: i64[s1, 1] = aten.unsqueeze.default(c, 1)
        i: f32[s1, s0] = aten.index.Tensor(x, [r, a])
        """,
        """
        a: i64[2, 1] = aten.unsqueeze.default(o, 1)
        i: f32[2, s1] = aten.index.Tensor(x, [a, c])
        """,
        """
        a: i64[3, 1] = aten.unsqueeze.default(e, 1)
        i: f32[3, s1] = aten.index.Tensor(x, [a, c])
        """,
        "i: f32[s0, s1] = aten.index.Tensor(x, [r])",
        "i: f32[s0, s1] = aten.index.Tensor(x, [None, c])",
    ],
)
def test_any_other_index_stays(body: str) -> None:
    made = graph(textwrap.dedent(body) + "\nreturn i")

    assert not RecognizeOrderedIndices().run(made)
