"""The textual form of graphs."""

import textwrap

import pytest
from hypothesis import given, settings

from ir.samples import facts, graphs
from pycandle.errors import PyCandleError
from pycandle.ir.graph import Graph, Value
from pycandle.ir.parser import parse_graph
from pycandle.ir.printer import print_graph, print_type
from pycandle.ir.sizes import Operation, Symbol
from pycandle.ir.types import TensorType, TupleType

WHOLE = """\
graph encode(x: f32*[2, s0] as "batch.x", ids: i64[s0 * 2 + 1]) -> net.Output:
  state w: f32*[4, 4] = layers.0.weight
  a: f32*[2, s0] = aten.add.Tensor(x, 1, alpha=-0.5) as "q, k" cast input_dtype @ layers.0#1
  b: (f32[2, s0], None) = aten.op.default([x, w], s0 // 2, [1, s0 - 1], None, True, -inf, nan)
  c: i64[] = aten.op.default("text", dtype(float32), device("cuda:0"), complex(1.0, -2.0)) in f#0
  return logits=a, hidden.0=b, loss=None

  call 0: ""#0 net.Net (x=x) -> a, b
  call 1: layers.0#0 net.Layer of 0 in f#0 holds list (x.0=x) -> a as "h" at "net.py":3
  function 0: f of 0 (x=x) as "y" at "net.py":9
"""


def test_a_graph_with_everything_reads_back_as_it_was_written():
    assert print_graph(parse_graph(WHOLE)) == WHOLE


def test_the_form_of_the_design_is_read():
    graph = parse_graph("""
        graph(x: f32[2, 3, s0]):
          a: f32[2, s0, 3] = aten.transpose.int(x, 1, 2)
          return a
    """)

    assert graph.nodes[0].args == [graph.inputs[0], 1, 2]
    assert graph.nodes[0].result.type == TensorType("float32", (2, Symbol("s0"), 3))
    assert [(o.path, o.value) for o in graph.outputs] == [("output", graph.nodes[0].result)]
    assert len(graph.calls) == 1


@given(graphs())
@settings(max_examples=100, deadline=None)
def test_what_is_printed_reads_back(graph: Graph):
    text = print_graph(graph)

    again = parse_graph(text)

    assert facts(again) == facts(graph)
    assert print_graph(again) == text


def test_values_that_nothing_computes_any_more_are_not_printed():
    graph = parse_graph(WHOLE)
    graph.calls[0].inputs.append(("gone", Value("gone", TensorType("float32", ()))))

    assert print_graph(graph) == WHOLE


def test_a_size_keeps_its_tree():
    left = Operation("-", Operation("-", Symbol("s0"), 1), 2)
    right = Operation("-", Symbol("s0"), Operation("-", 1, 2))

    assert print_type(TensorType("float32", (left, right))) == "f32[s0 - 1 - 2, s0 - (1 - 2)]"


def test_a_tuple_type_says_which_result_is_absent():
    kind = TupleType((TensorType("bool", (2,)), None))

    assert print_type(kind) == "(bool[2], None)"


@pytest.mark.parametrize(
    ("line", "column", "problem"),
    [
        ("a: f32[2] = aten.relu.default(y)", 31, "nothing before defines `y`"),
        ("a: f32[2] = aten.relu.default(s7)", 31, "nothing before defines `s7`"),
        ("a: f99[2] = aten.relu.default(x)", 4, "expected a dtype"),
        ("a = aten.relu.default(x)", 3, "expected `:`"),
        ("a: f32[2] = aten.relu.default(x", 32, "expected `,`, found the end"),
        ("a: f32[2] = aten.relu.default(x))", 33, "expected the end of the line"),
        ("a: f32[2] = aten.relu.default(x y)", 33, "expected `,`"),
        ("a: f32[2] = aten.relu.default(p=1, x)", 36, "a plain argument behind"),
        ("a: f32[2] = aten.relu.default(p=1, p=2)", 36, "a second argument `p`"),
        ("a: f32[2] = aten.relu.default(x + 1)", 31, "`+` joins sizes only"),
        ("a: f32[2] = aten.relu.default(s0 + x)", 36, "`+` joins sizes only"),
        ("a: f32[2] = aten.relu.default(True * 2)", 31, "`*` joins sizes only"),
        ("a: f32[2] = aten.relu.default(-x)", 32, "expected a number"),
        ("a: f32[2] = aten.relu.default(stream(1))", 31, "no argument has the form"),
        ("a: f32[2] = aten.relu.default(?)", 31, "no token starts with `?`"),
        ('a: f32[2] = aten.relu.default("\\q")', 31, "an escape that JSON"),
        ("a: f32[1.5] = aten.relu.default(x)", 8, "expected a size"),
        ("x: f32[2] = aten.relu.default(x)", 1, "a second value `x`"),
        ("None: f32[2] = aten.relu.default(x)", 1, "has a meaning of its own"),
        ("a: f32[2] = aten.relu.default(x) @ m#3", 36, "there is no call 3"),
        ("a: f32[2] = aten.relu.default(x) @ m#0", 36, "call 0 is ``, not `m`"),
        ("a: f32[2] = aten.relu.default(x) in f#0", 37, "there is no function 0"),
        ("a: f32[2] = aten.relu.default(" + "[" * 200, 131, "nests deeper"),
    ],
)
def test_a_mistake_is_refused_with_line_and_column(line: str, column: int, problem: str):
    text = f"graph(x: f32[s0]):\n{line}\nreturn x\n"

    with pytest.raises(PyCandleError) as caught:
        parse_graph(text)

    (found,) = caught.value.diagnostics
    assert problem in found.title
    assert found.place is not None
    assert (found.place.line, found.place.detail) == (2, f"column {column}")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "expected `graph`"),
        ("graph(x: f32[2]):", "the graph has no `return`"),
        ("graph(x: f32[2], x: f32[2]):\nreturn x", "a second value `x`"),
        ("graph(x: f32[2]):\nreturn y", "nothing before defines the value `y`"),
        ("graph(x: f32[2]):\nreturn x\nreturn x", "expected `call`"),
        ("graph(x: f32[2]):\nreturn x\ncall 1: a#0 A", "number 0 comes next"),
        ("graph(s0: f32[s0]):\na: f32[2] = f.g(s0)\nreturn a", "is a value and a symbol"),
        ("graph(x: f32[2]):\na: f32[2] = f.g(x)\nstate w: f32[2]\nreturn a", "state stands before"),
    ],
)
def test_a_text_of_another_form_is_refused(text: str, problem: str):
    with pytest.raises(PyCandleError, match=problem):
        parse_graph(text)


def test_a_value_and_a_symbol_of_one_name_are_told_apart():
    text = textwrap.dedent("""\
        graph(%s0: f32[s0]):
          a: f32[s0] = aten.expand.default(%s0, [$s0])
          return a
    """)

    graph = parse_graph(text)

    assert graph.nodes[0].args == [graph.inputs[0], [Symbol("s0")]]
    assert print_graph(graph) == text
