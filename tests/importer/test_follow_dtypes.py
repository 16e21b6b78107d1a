"""Which values have the model's dtype in a model of another dtype."""

from typing import Any

import pytest

from importer.recorded import follows, graph_of, node, recorded, tensor
from pycandle.manifest.schema import Atom, ListValue, StateTensor

MODEL = {
    "x": tensor("float32", 2, 3),
    "zero_dim": tensor("float32"),
    "i": tensor("int64", 2, 3),
    "half": tensor("float16", 2, 3),
}
STATE = (
    StateTensor("weight", "parameter", "float32", [2, 3]),
    StateTensor("running_mean", "persistent_buffer", "float32", [2, 3]),
    StateTensor("count", "persistent_buffer", "int64", []),
    StateTensor("table", "constant", "float32", [2, 3]),
    StateTensor("scale", "constant", "float32", []),
)
FLOAT = tensor("float32", 2, 3)
F32 = Atom(dtype="float32")


def result(target: str, *args: Any, value: Any = FLOAT, **extra: Any) -> bool:
    """Returns whether the result of one node follows; `%fixed` is a value cast to float32."""
    nodes = [
        node("fixed", "aten.to.dtype", "%x", F32, value=FLOAT, cast="fixed"),
        node("a", target, *args, value=value, **extra),
    ]
    return follows(graph_of(recorded(nodes, MODEL, STATE)), "a")


def test_inputs_and_state_of_the_models_dtype_follow():
    graph = graph_of(recorded([node("a", "f.g", "%x")], MODEL, STATE))

    named = {value.name: follows(graph, value.name) for value in [*graph.inputs, *graph.state]}
    assert named == {
        "x": True,
        "zero_dim": True,
        "i": False,
        "half": False,
        "weight": True,
        "running_mean": True,
        "count": False,
        "table": False,
        "scale": False,
    }


FOLLOWING = [
    ("aten.relu.default", "%x"),
    ("aten.add.Tensor", "%x", "%weight"),
    ("aten.add.Tensor", "%x", 1.5),
    ("aten.mul.Tensor", "%x", "%i"),
    ("aten.mul.Tensor", "%x", "%scale"),
    ("aten.cat.default", ["%x", "%weight"]),
    ("aten.mul_.Tensor", "%x", "%fixed"),
    ("aten.copy_.default", "%x", "%table"),
    ("aten.type_as.default", "%fixed", "%x"),
    ("aten.type_as.default", "%i", "%x"),
    ("aten.to.other", "%table", "%x"),
]

FIXED = [
    ("aten.relu.default", "%fixed"),
    ("aten.add.Tensor", "%x", "%fixed"),
    ("aten.add.Tensor", "%fixed", "%x"),
    ("aten.add.Tensor", "%fixed", "%zero_dim"),
    ("aten.mul.Tensor", "%i", "%scale"),
    ("aten.cat.default", ["%x", "%table"]),
    ("aten.mul_.Tensor", "%fixed", "%x"),
    ("aten.type_as.default", "%x", "%fixed"),
    ("aten.div.Tensor", "%i", 2),
    ("aten.zeros.default", [2, 3]),
]


@pytest.mark.parametrize("op", FOLLOWING, ids=str)
def test_a_result_of_the_models_dtype_follows(op: tuple[Any, ...]):
    assert result(*op)


@pytest.mark.parametrize("op", FIXED, ids=str)
def test_a_result_of_a_fixed_dtype_does_not_follow(op: tuple[Any, ...]):
    assert not result(*op)


@pytest.mark.parametrize(("cast", "expected"), [("input_dtype", True), ("fixed", False)])
@pytest.mark.parametrize("source", ["%x", "%fixed", "%i"])
def test_a_cast_is_what_the_recorder_saw(source: str, cast: str, expected: bool):
    assert result("aten.to.dtype", source, F32, cast=cast) == expected


@pytest.mark.parametrize(("cast", "expected"), [("input_dtype", True), ("fixed", False)])
def test_a_tensor_made_with_a_dtype_is_what_the_recorder_saw(cast: str, expected: bool):
    assert result("aten.zeros.default", [2, 3], kwargs={"dtype": F32}, cast=cast) == expected


def test_results_that_are_no_floats_of_the_models_dtype_do_not_follow():
    assert not result("aten.argmax.default", "%x", value=tensor("int64"))
    assert not result("aten.gt.Scalar", "%x", 0, value=tensor("bool", 2, 3))
    assert not result("aten.add.Tensor", "%x", "%half", value=tensor("float64", 2, 3))


def test_of_several_results_the_floats_follow():
    values = ListValue([FLOAT, tensor("int64", 2), None])
    nodes = [
        node("a", "aten.max.dim", "%x", 1, value=values),
        node("m", "operator.getitem", "%a", 0, value=FLOAT),
        node("n", "operator.getitem", "%a", 1, value=tensor("int64", 2)),
    ]

    graph = graph_of(recorded(nodes, MODEL, STATE))

    assert follows(graph, "m")
    assert not follows(graph, "n")


def test_a_program_for_one_dtype_follows_everywhere():
    nodes = [node("a", "aten.to.dtype", "%x", F32, value=FLOAT, cast="fixed")]

    graph = graph_of(recorded(nodes, MODEL, STATE, dtype_generic=False, dtype_reason="it differs"))

    assert follows(graph, "a")
    assert follows(graph, "table")
    assert not follows(graph, "half")
