"""The pipeline as a whole."""

import itertools

import pytest

from pycandle.ir.graph import Graph
from pycandle.ir.parser import parse_graph
from pycandle.ir.printer import print_graph
from pycandle.ir.verifier import BrokenGraph
from pycandle.passes import PIPELINE, pipeline, run_passes
from pycandle.passes.interface import Pass

TEXT = """
    graph(x: f32[2, 3]):
      state w: f32[3] = w
      check: () = aten._assert_tensor_metadata.default(w)
      a: f32[2, 3] = aten.clone.default(x)
      b: f32[3] = aten.select.int(a, 0, 0)
      c: f32[3] = aten.relu_.default(b)
      d: f32[3] = aten.relu.default(b)
      e: f32[3] = aten.relu.default(b)
      f: f32[2, 3] = aten.add.Tensor(a, d)
      g: f32[2, 3] = aten.mul.Tensor(f, e)
      h: f32[2, 3] = aten.dropout.default(g, 0.5, False)
      return h
"""

EXPECTED = """\
graph(x: f32[2, 3]):
  b: f32[3] = aten.select.int(x, 0, 0)
  c: f32[3] = aten.relu.default(b)
  b_after_1: f32[2, 3] = aten.select_scatter.default(x, c, 0, 0)
  d: f32[3] = aten.relu.default(c)
  f: f32[2, 3] = aten.add.Tensor(b_after_1, d)
  g: f32[2, 3] = aten.mul.Tensor(f, d)
  return g
"""


def test_the_pipeline_leaves_what_inference_needs():
    graph = parse_graph(TEXT)

    run_passes(graph)

    assert print_graph(graph) == EXPECTED


def test_running_the_pipeline_again_changes_nothing():
    graph = parse_graph(TEXT)
    run_passes(graph)
    once = print_graph(graph)

    run_passes(graph)

    assert print_graph(graph) == once


OPTIONAL = [item for item in PIPELINE if item.name not in pipeline.REQUIRED]


@pytest.mark.parametrize(
    "order",
    list(itertools.permutations(OPTIONAL)),
    ids=lambda order: ",".join(item.name for item in order),
)
def test_the_order_of_optional_passes_changes_nothing_once_they_have_settled(
    order: tuple[Pass, ...],
):
    expected = parse_graph(TEXT)
    run_passes(expected)
    graph = parse_graph(TEXT)
    run_passes(graph, disabled=frozenset(item.name for item in OPTIONAL))

    while any([item.run(graph) for item in order]):
        pass

    assert print_graph(graph) == print_graph(expected)


def test_required_passes_run_although_they_are_disabled():
    graph = parse_graph(TEXT)

    run_passes(graph, disabled=frozenset(item.name for item in PIPELINE))

    targets = [node.target for node in graph.nodes]
    assert "aten.relu_.default" not in targets
    assert "aten._assert_tensor_metadata.default" not in targets
    assert "aten.clone.default" in targets


def test_a_pass_that_breaks_the_graph_is_named(monkeypatch: pytest.MonkeyPatch):
    class Break:
        name = "break-it"

        def run(self, graph: Graph) -> bool:
            graph.nodes.reverse()
            return True

    monkeypatch.setattr(pipeline, "PIPELINE", (Break(),))

    with pytest.raises(BrokenGraph, match="after `break-it`"):
        run_passes(parse_graph(TEXT))
