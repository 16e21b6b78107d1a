"""Every invariant of a graph, broken once."""

from collections.abc import Callable

import pytest

from pycandle.ir.graph import Graph, ModuleCall, Node, Value
from pycandle.ir.parser import parse_graph
from pycandle.ir.types import TensorType
from pycandle.ir.verifier import BrokenGraph, verify

TEXT = """
    graph(x: f32[2]):
      state w: f32[2] = w
      a: f32[2] = aten.add.Tensor(x, w) @ m#1 in f#0
      b: f32[2] = aten.cat.default([a, x]) in g#1
      return b

      call 0: ""#0 Net
      call 1: m#0 M of 0 (x=x) -> a
      function 0: f of 1 at "net.py":3
      function 1: g of 0 at "net.py":4
"""


def stranger() -> Value:
    return Value("y", TensorType("float32", (2,)))


def swap_nodes(graph: Graph) -> None:
    graph.nodes.reverse()


def read_a_stranger(graph: Graph) -> None:
    graph.nodes[1].args = [[stranger()]]


def read_a_stranger_by_name(graph: Graph) -> None:
    graph.nodes[1].kwargs = {"other": stranger()}


def read_itself(graph: Graph) -> None:
    graph.nodes[0].args = [graph.nodes[0].result]


def return_a_stranger(graph: Graph) -> None:
    graph.outputs[0].value = stranger()


def repeat_a_name(graph: Graph) -> None:
    graph.nodes[1].result.name = "x"


def compute_twice(graph: Graph) -> None:
    first = graph.nodes[0]
    graph.nodes.append(Node(first.target, first.args, {}, first.result))


def forget_the_node(graph: Graph) -> None:
    graph.nodes[0].result.node = None


def know_another_node(graph: Graph) -> None:
    graph.nodes[0].result.node = graph.nodes[1]


def compute_an_input(graph: Graph) -> None:
    graph.inputs[0].node = graph.nodes[0]


def stand_in_no_call(graph: Graph) -> None:
    graph.nodes[0].call = 2


def stand_in_a_negative_call(graph: Graph) -> None:
    graph.nodes[0].call = -1


def stand_in_no_function(graph: Graph) -> None:
    graph.nodes[0].function = 2


def have_a_later_parent(graph: Graph) -> None:
    graph.calls[1].parent = 1


def have_a_second_root(graph: Graph) -> None:
    graph.calls.append(ModuleCall("n", "N", 0, None))


def be_called_by_no_function(graph: Graph) -> None:
    graph.calls[1].function = 7


def be_a_function_of_no_call(graph: Graph) -> None:
    graph.functions[0].call = 7


def be_a_function_in_itself(graph: Graph) -> None:
    graph.functions[0].parent = 0


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (swap_nodes, "`b` reads `a` before it is computed"),
        (read_a_stranger, "`b` reads `y` before it is computed"),
        (read_a_stranger_by_name, "`b` reads `y` before it is computed"),
        (read_itself, "`a` reads `a` before it is computed"),
        (return_a_stranger, "the output `output` reads `y`, which nothing computes"),
        (repeat_a_name, "two values are called `x`"),
        (compute_twice, "`a` does not know the node that computes it"),
        (forget_the_node, "`a` does not know the node that computes it"),
        (know_another_node, "`a` does not know the node that computes it"),
        (compute_an_input, "`x` is given, and a node computes it"),
        (stand_in_no_call, "`a` belongs to module call 2, which does not exist"),
        (stand_in_a_negative_call, "`a` belongs to module call -1, which does not exist"),
        (stand_in_no_function, "`a` belongs to function 2, which does not exist"),
        (have_a_later_parent, "module call 1 has the parent 1"),
        (have_a_second_root, "module call 2 has no parent"),
        (be_called_by_no_function, "module call 1 has the function 7"),
        (be_a_function_of_no_call, "function 0 belongs to module call 7, which does not exist"),
        (be_a_function_in_itself, "function 0 has the parent 0"),
    ],
)
def test_a_broken_graph_is_named_with_the_pass_that_broke_it(
    damage: Callable[[Graph], None], problem: str
):
    graph = parse_graph(TEXT)
    damage(graph)

    with pytest.raises(BrokenGraph) as caught:
        verify(graph, after="some-pass")

    assert str(caught.value).startswith("after `some-pass`: ")
    assert problem in str(caught.value)


def test_a_well_formed_graph_passes():
    verify(parse_graph(TEXT))
