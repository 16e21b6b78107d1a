"""Graphs that hypothesis draws, and whether two graphs say the same."""

from typing import Any

from hypothesis import strategies as st

from pycandle.dtypes import DTYPES
from pycandle.ir.graph import FunctionCall, Graph, ModuleCall, Node, Output, Value
from pycandle.ir.sizes import Operation, Symbol
from pycandle.ir.types import DTypeConstant, Keyword, TensorType, TupleType

TEXTS = st.one_of(
    st.sampled_from(["x", "layers.0.mlp", "0", "None", "", 'a "b"', "s0", "state", "return"]),
    st.text(max_size=6),
)
NAMES = st.one_of(st.sampled_from(["a", "b", "s0", "None", "max", "state", "return"]), TEXTS)
SYMBOLS = st.builds(Symbol, st.one_of(st.sampled_from(["s0", "s1", "a"]), TEXTS))
SIZES = st.recursive(
    st.integers(-(2**63), 2**63 - 1) | SYMBOLS,
    lambda inner: st.builds(
        Operation, st.sampled_from(["+", "-", "*", "//", "%", "max", "min"]), inner, inner
    ),
    max_leaves=5,
)
TENSOR_TYPES = st.builds(
    TensorType,
    st.sampled_from(sorted(DTYPES)),
    st.lists(SIZES, max_size=3).map(tuple),
    st.booleans(),
)
TYPES = TENSOR_TYPES | st.builds(
    TupleType, st.lists(st.none() | TENSOR_TYPES, max_size=3).map(tuple)
)
CONSTANTS = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.complex_numbers(),
    TEXTS,
    SIZES,
    st.builds(DTypeConstant, TEXTS),
    st.builds(Keyword, st.sampled_from(["device", "layout", "memory_format"]), TEXTS),
)
OPTIONAL = st.none() | TEXTS


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Draws a graph that is well formed, as far as the verifier looks."""
    names = iter(draw(st.lists(NAMES, min_size=9, max_size=9, unique=True)))

    def value(kind: Any = TENSOR_TYPES) -> Value:
        return Value(next(names), draw(kind), draw(OPTIONAL))

    inputs = [value() for _ in range(draw(st.integers(1, 3)))]
    state = [value() for _ in range(draw(st.integers(0, 2)))]
    for item in state:
        item.state = draw(OPTIONAL)
    known = [*inputs, *state]
    calls = draw_calls(draw)
    functions = [
        FunctionCall(draw(TEXTS), draw(TEXTS), draw(st.integers(0, 9)), 0, None)
        for _ in range(draw(st.integers(0, 2)))
    ]
    within = st.none() | st.integers(0, len(functions) - 1) if functions else st.none()
    nodes: list[Node] = []
    for _ in range(draw(st.integers(0, 3))):
        argument = CONSTANTS | st.sampled_from(known)
        arguments = argument | st.lists(argument, max_size=3)
        node = Node(
            draw(st.sampled_from(["aten.add.Tensor", "operator.getitem"]) | TEXTS),
            draw(st.lists(arguments, max_size=3)),
            draw(st.dictionaries(TEXTS, arguments, max_size=2)),
            value(TYPES),
            call=draw(st.integers(0, len(calls) - 1)),
            function=draw(within),
            cast=draw(st.none() | st.sampled_from(["input_dtype", "fixed"])),
        )
        node.result.node = node
        nodes.append(node)
        known.append(node.result)
    some = st.sampled_from(known)
    for call in calls:
        call.function = draw(within)
        call.inputs = draw(st.lists(st.tuples(TEXTS, some), max_size=2))
        call.outputs = draw(st.lists(some, max_size=2))
    for function in functions:
        function.parent = draw(within)
        function.variable = draw(OPTIONAL)
        function.inputs = draw(st.lists(st.tuples(TEXTS, some), max_size=2))
    outputs = draw(st.lists(st.builds(Output, st.just("output") | TEXTS, st.none() | some)))
    return Graph(
        draw(TEXTS),
        inputs,
        state,
        nodes,
        outputs[:3],
        calls,
        functions,
        output_class=draw(OPTIONAL),
    )


def draw_calls(draw: st.DrawFn) -> list[ModuleCall]:
    """Draws calls whose parents come before them."""
    return [
        ModuleCall(
            draw(TEXTS),
            draw(TEXTS),
            draw(st.integers(0, 9)),
            None if index == 0 else draw(st.integers(0, index - 1)),
            container=draw(OPTIONAL),
            variable=draw(OPTIONAL),
            line=draw(st.none() | st.tuples(TEXTS, st.integers(0, 9))),
        )
        for index in range(draw(st.integers(1, 3)))
    ]


def facts(graph: Graph) -> object:
    """Returns what the textual form keeps of a graph, with values by name, to compare."""
    return (
        graph.name,
        graph.output_class,
        [_value(value) for value in graph.inputs],
        [_value(value) for value in graph.state],
        [
            (
                node.target,
                repr(node.args),
                repr(node.kwargs),
                _value(node.result),
                node.call,
                node.function,
                node.cast,
                node.result.node is node,
            )
            for node in graph.nodes
        ],
        [(output.path, repr(output.value)) for output in graph.outputs],
        [repr(vars(call)) for call in graph.calls],
        [repr(vars(function)) for function in graph.functions],
    )


def _value(value: Value) -> object:
    return value.name, value.type, value.variable, value.state
