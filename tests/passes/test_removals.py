"""What the passes that drop nodes drop, and what they leave alone."""

import textwrap

import pytest

from passes.check import check, leaves_alone
from pycandle.ir.graph import Value
from pycandle.ir.parser import parse_graph
from pycandle.passes.remove_assertions import RemoveAssertions
from pycandle.passes.remove_dead_code import RemoveDeadCode
from pycandle.passes.remove_no_ops import RemoveNoOps


def test_assertions_disappear():
    check(
        RemoveAssertions(),
        before="""
            graph(x: f32[2, s0]):
              a: () = aten._assert_tensor_metadata.default(x, None, None, dtype(float32))
              b: () = aten._assert_scalar.default(None, "s0 is positive")
              c: f32[2, s0] = aten.relu.default(x)
              return c
        """,
        after="""
            graph(x: f32[2, s0]):
              c: f32[2, s0] = aten.relu.default(x)
              return c
        """,
    )


def test_a_graph_without_assertions_is_left_alone():
    leaves_alone(RemoveAssertions(), "graph(x: f32[2]):\na: f32[2] = f.g(x)\nreturn x")


def test_nodes_and_state_that_reach_no_output_disappear():
    check(
        RemoveDeadCode(),
        before="""
            graph(x: f32[2]):
              state v: f32[2] = v
              state w: f32[2] = w
              a: f32[2] = aten.relu.default(x)
              b: f32[2] = aten.add.Tensor(a, v)
              c: f32[2] = aten.mul.Tensor(a, w)
              return c
        """,
        after="""
            graph(x: f32[2]):
              state w: f32[2] = w
              a: f32[2] = aten.relu.default(x)
              c: f32[2] = aten.mul.Tensor(a, w)
              return c
        """,
    )


def test_state_that_no_node_reads_disappears_though_every_node_is_live():
    check(
        RemoveDeadCode(),
        before="graph(x: f32[2]):\nstate w: f32[2] = w\na: f32[2] = f.g(x)\nreturn a",
        after="graph(x: f32[2]):\na: f32[2] = f.g(x)\nreturn a",
    )


def test_unread_inputs_and_state_that_is_an_output_stay():
    leaves_alone(
        RemoveDeadCode(),
        "graph(x: f32[2], y: f32[2]):\nstate w: f32[2] = w\na: f32[2] = f.g(x)\nreturn a, w=w",
    )


REMOVED = [
    ("f32*[2, s0]", "aten.alias.default(x)"),
    ("f32*[2, s0]", "aten.clone.default(x, memory_format=memory_format(contiguous_format))"),
    ("f32*[2, s0]", "aten.contiguous.default(x)"),
    ("f32*[2, s0]", "aten.detach.default(x)"),
    ("f32*[2, s0]", "aten.lift_fresh_copy.default(x)"),
    ("f32*[2, s0]", "aten.dropout.default(x, 0.1, False)"),
    ("f32*[2, s0]", "aten.feature_dropout.default(x, 0.1, train=False)"),
    ("f32*[2, s0]", "aten.to.dtype(x, dtype(float32)) cast input_dtype"),
    ("f32*[2, s0]", "aten.type_as.default(x, x)"),
    ("f32*[2, s0]", "aten.expand.default(x, [-1, s0])"),
    ("f32*[2, s0]", "aten.view.default(x, [2, s0])"),
    ("f32*[2, s0]", "aten.reshape.default(x, [2, -1])"),
    ("f32*[2, s0]", "aten.flatten.using_ints(x, 1, -1)"),
    ("f32*[2, s0]", "aten.squeeze.dim(x, 0)"),
    ("f32*[2, s0]", "aten.slice.Tensor(x, 1, 0, 9223372036854775807)"),
    ("f32*[2, s0]", "aten.slice.Tensor(x, 0, None, 2)"),
    ("f32*[2, s0]", "aten.mul.Tensor(x, 1)"),
    ("f32*[2, s0]", "aten.mul.Tensor(x, 1.0)"),
    ("f32*[2, s0]", "aten.div.Tensor(x, 1)"),
    ("i64[2]", "aten.add.Tensor(i, 0)"),
    ("i64[2]", "aten.sub.Tensor(i, 0)"),
    ("bool[2]", "aten.logical_and.default(true, m)"),
    ("bool[2]", "aten.__and__.Tensor(m, true)"),
]

KEPT = [
    ("f32[2, s0]", "aten.to.dtype(x, dtype(float32)) cast fixed"),
    ("f64[2, s0]", "aten.to.dtype(x, dtype(float64)) cast fixed"),
    ("f32*[2, s0]", "aten.dropout.default(x, 0.1, True)"),
    ("f32*[2, s0]", "aten.dropout.default(x, 0.1, None)"),
    ("f32*[3, 2, s0]", "aten.expand.default(x, [3, 2, s0])"),
    ("f32*[s0, 2]", "aten.view.default(x, [s0, 2])"),
    ("f32*[2, s0]", "aten.transpose.int(x, 0, 0)"),
    ("f32*[1, s0]", "aten.slice.Tensor(x, 0, 0, 1)"),
    ("f32*[2, s0 - 1]", "aten.slice.Tensor(x, 1, 1, 9223372036854775807)"),
    ("f32*[2, s0]", "aten.add.Tensor(x, 0)"),
    ("f32*[2, s0]", "aten.add.Tensor(x, 0.0)"),
    ("f32*[2, s0]", "aten.mul.Tensor(x, 2)"),
    ("f32*[2, s0]", "aten.mul.Tensor(x, -1)"),
    ("i64[2]", "aten.add.Tensor(i, 1)"),
    ("f32[2]", "aten.div.Tensor(i, 1)"),
    ("i64[2]", "aten.mul.Tensor(m, 1)"),
    ("bool[2]", "aten.logical_or.default(true, m)"),
    ("bool[2]", "aten.logical_and.default(i, true)"),
    ("bool[3, 2]", "aten.__and__.Tensor(ones, m)"),
]

HEADER = """\
graph(x: f32*[2, s0], i: i64[2], m: bool[2]):
  true: bool[2] = aten.new_ones.default(m, [2], dtype=dtype(bool))
  ones: bool[3, 2] = aten.ones.default([3, 2], dtype=dtype(bool))
"""


def around(kind: str, op: str) -> str:
    return f"{HEADER}  a: {kind} = {op}\n  b: {kind} = aten.neg.default(a)\n  return b, again=a\n"


@pytest.mark.parametrize(("kind", "op"), REMOVED)
def test_an_op_that_returns_its_operand_disappears(kind: str, op: str):
    graph = parse_graph(around(kind, op))
    (operand,) = {v for v in graph.nodes[2].inputs() if v.type == graph.nodes[2].result.type} - {
        graph.nodes[0].result
    }

    assert RemoveNoOps().run(graph)

    assert [node.target for node in graph.nodes[2:]] == ["aten.neg.default"]
    assert graph.nodes[2].args == [operand]
    assert graph.outputs[1].value is operand


@pytest.mark.parametrize(("kind", "op"), KEPT)
def test_an_op_that_may_change_something_stays(kind: str, op: str):
    leaves_alone(RemoveNoOps(), around(kind, op))


def test_a_chain_of_no_ops_leaves_the_first_value_and_the_last_name():
    graph = parse_graph(
        textwrap.dedent("""
            graph(x: f32[2]):
              a: f32[2] = aten.relu.default(x)
              b: f32[2] = aten.alias.default(a) as "h"
              c: f32[2] = aten.clone.default(b) as "y"
              return c

              call 0: ""#0 Net (x=x) -> c
        """)
    )
    first: Value = graph.nodes[0].result

    RemoveNoOps().run(graph)

    assert graph.outputs[0].value is first
    assert graph.calls[0].outputs == [first]
    assert first.variable == "h"
