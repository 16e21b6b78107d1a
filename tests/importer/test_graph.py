"""From the forms of a manifest to a graph."""

import math
from typing import Any

import pytest

from importer.recorded import graph_of, node, recorded, tensor
from manifest.small import small_manifest
from pycandle.errors import PyCandleError
from pycandle.ir.graph import Argument
from pycandle.ir.printer import print_graph
from pycandle.ir.sizes import Operation, Symbol
from pycandle.ir.types import DTypeConstant, Keyword, TensorType, TupleType
from pycandle.ir.verifier import verify
from pycandle.manifest.schema import (
    Atom,
    Frame,
    Leaf,
    ListValue,
    Mapping,
    Opaque,
    ScalarValue,
    Sequence,
    StateTensor,
)

X = {"x": tensor("float32", "s0", 4)}


def test_the_small_manifest_keeps_values_modules_functions_and_lines():
    graph = graph_of(small_manifest())

    verify(graph)
    assert print_graph(graph) == (
        'graph(x: f32*[s0, 4] as "x"):\n'
        "  state p_weight: f32*[3, 4] = proj.weight\n"
        "  linear: () = aten.linear.default(x, p_weight) @ proj#1\n"
        "  relu: f32[2 * s0, 3] = aten.relu.default(linear) in Net.act#0\n"
        "  return relu\n\n"
        '  call 0: ""#0 net.Net (x=x) -> relu\n'
        "  call 1: proj#0 torch.nn.modules.linear.Linear of 0"
        ' at "project/net.py":9\n'
        '  function 0: Net.act of 0 at "project/net.py":4\n'
    )


@pytest.mark.parametrize(
    ("recorded_form", "argument"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (0.5, 0.5),
        ("mean", "mean"),
        ([1, None, 2.5], [1, None, 2.5]),
        ([], []),
        (Atom(size="2*s0 + 1"), Operation("+", Operation("*", 2, Symbol("s0")), 1)),
        (Atom(size="7"), 7),
        (Atom(dtype="bfloat16"), DTypeConstant("bfloat16")),
        (Atom(device="model"), Keyword("device", "model")),
        (Atom(layout="strided"), Keyword("layout", "strided")),
        (Atom(memory_format="channels_last"), Keyword("memory_format", "channels_last")),
        (Atom(nonfinite="inf"), math.inf),
        (Atom(nonfinite="-inf"), -math.inf),
        (Atom(complex=[1.0, -2.0]), complex(1.0, -2.0)),
        ([Atom(size="s0"), Atom(dtype="int64")], [Symbol("s0"), DTypeConstant("int64")]),
    ],
)
def test_every_form_of_an_argument_is_read(recorded_form: Any, argument: Argument):
    made = node("a", "aten.op.default", "%x", recorded_form, kwargs={"k": recorded_form})

    graph = graph_of(recorded([made], X))

    assert graph.nodes[0].args == [graph.inputs[0], argument]
    assert graph.nodes[0].kwargs == {"k": argument}
    assert type(graph.nodes[0].args[1]) is type(argument)


def test_not_a_number_is_read():
    made = node("a", "aten.op.default", Atom(nonfinite="nan"))

    (found,) = graph_of(recorded([made], X)).nodes[0].args

    assert isinstance(found, float)
    assert math.isnan(found)


def test_values_are_read_alone_and_in_lists():
    nodes = [node("a", "f.g", "%x"), node("b", "f.g", ["%a", "%x", None], kwargs={"k": "%a"})]

    graph = graph_of(recorded(nodes, X))

    a, x = graph.nodes[0].result, graph.inputs[0]
    assert graph.nodes[1].args == [[a, x, None]]
    assert graph.nodes[1].kwargs == {"k": a}


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, TupleType(())),
        (tensor("int64", "s0", 2), TensorType("int64", (Symbol("s0"), 2))),
        (
            ListValue([tensor("int64", 2), None]),
            TupleType((TensorType("int64", (2,)), None)),
        ),
    ],
)
def test_every_form_of_a_result_is_read(value: Any, kind: Any):
    graph = graph_of(recorded([node("a", "f.g", "%x", value=value)], X))

    assert graph.nodes[0].result.type == kind


def test_a_number_computed_from_sizes_is_an_expression_where_it_is_read():
    size = ScalarValue("int", "s0 // 2")
    nodes = [node("n", "operator.floordiv", value=size), node("a", "f.g", "%x", ["%n", 1])]

    graph = graph_of(recorded(nodes, X))

    (made,) = graph.nodes
    assert made.args == [graph.inputs[0], [Operation("//", Symbol("s0"), 2), 1]]


@pytest.mark.parametrize(
    "value", [ScalarValue("int"), ScalarValue("float"), ScalarValue("bool"), ScalarValue("bool", 1)]
)
def test_numbers_from_data_are_refused_all_at_once_with_their_lines(value: ScalarValue):
    nodes = [
        node("n", "aten.item.default", "%x", value=value, frames=0),
        node("a", "aten.add.Tensor", "%x", "%n", frames=0),
        node("b", "aten.view.default", "%a", ["%n", 2]),
    ]

    with pytest.raises(PyCandleError) as caught:
        graph_of(recorded(nodes, X))

    first, second = caught.value.diagnostics
    assert (first.code, second.code) == ("number-from-data", "number-from-data")
    assert "`aten.add.Tensor` reads a number that is not known" in first.title
    assert first.place is not None
    assert first.place.render() == "project/net.py:9"
    assert second.label == "the number is `n`"


def test_a_float_of_sizes_is_refused_as_what_it_is():
    nodes = [
        node("n", "operator.floordiv", value=ScalarValue("int", "s0 // 2")),
        node("third", "operator.truediv", "%n", 3, value=ScalarValue("float")),
        node("root", "operator.pow", "%third", 0.5, value=ScalarValue("float")),
        node("a", "aten.mul.Tensor", "%x", "%root", frames=0),
    ]

    with pytest.raises(PyCandleError) as caught:
        graph_of(recorded(nodes, X))

    (found,) = caught.value.diagnostics
    assert found.code == "number-from-sizes"
    assert "`aten.mul.Tensor` reads a number that is computed of sizes" in found.title
    assert found.place is not None


def test_a_number_from_data_that_only_assertions_read_is_fine():
    nodes = [
        node("n", "aten.item.default", "%x", value=ScalarValue("int")),
        node("m", "operator.ge", "%n", 0, value=ScalarValue("bool")),
        node("a", "aten._assert_scalar.default", "%m", "n is positive"),
        node("b", "aten.relu.default", "%x"),
    ]

    graph = graph_of(recorded(nodes, X))

    assert [made.target for made in graph.nodes] == [
        "aten._assert_scalar.default",
        "aten.relu.default",
    ]


def test_tied_state_is_one_value():
    state = (StateTensor("w", "parameter", "float32", [4, 4], aliases=["v"]),)
    nodes = [node("a", "f.g", "%p_w", "%p_v")]

    graph = graph_of(recorded(nodes, X, state, state={"p_w": "w", "p_v": "w"}))

    (value,) = graph.state
    assert graph.nodes[0].args == [value, value]
    assert (value.name, value.state) == ("p_w", "w")


def test_outputs_have_paths_and_constants_have_no_value():
    x = Leaf(Atom(node="x"))
    hidden = Sequence("tuple", [x, Leaf(Atom(node="a"))])
    output = Mapping({"logits": x, "hidden": hidden, "loss": Leaf(None)}, cls="net.Output")
    output.fields["config"] = Opaque("net.Config")

    graph = graph_of(recorded([node("a", "f.g", "%x")], X, output=output))

    found = [(item.path, item.value and item.value.name) for item in graph.outputs]
    assert found == [("logits", "x"), ("hidden.0", "x"), ("hidden.1", "a"), ("loss", None)]
    assert graph.output_class == "net.Output"


def test_lines_of_nodes_are_innermost_first():
    manifest = recorded([node("a", "f.g", "%x", frames=0)], X)
    manifest.frames.append(Frame("project/outer.py", 2, "outer"))
    manifest.stacks[0].append(1)

    graph = graph_of(manifest)

    assert [(site.file, site.line) for site in graph.nodes[0].sites] == [
        ("project/net.py", 9),
        ("project/outer.py", 2),
    ]
