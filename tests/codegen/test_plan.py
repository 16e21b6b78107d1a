"""Which values get a name, and which stand inside the op that reads them."""

import pytest

from pycandle.codegen.bodies.plan import Plan, origin_of, variable_of
from pycandle.ir.graph import Node, Value
from pycandle.ir.types import TensorType

KIND = TensorType("float32", (2, 6))


def value(name: str, variable: str | None = None, state: str | None = None) -> Value:
    return Value(name, KIND, variable=variable, state=state)


def op(target: str, *args: Value, variable: str | None = None) -> Node:
    result = value(target, variable)
    result.node = Node(f"aten.{target}", list(args), {}, result)
    return result.node


def plan_of(items: list[Node], *outputs: Value) -> Plan:
    return Plan(list(items), list(outputs), set())


@pytest.mark.parametrize(
    ("python", "rust"),
    [
        ("hidden_states", "hidden_states"),
        ("self.scale", "scale"),
        ("qkvProj", "qkv_proj"),
        ("type", "type_"),
        ("_", None),
        ("return", None),
        ("found[0]", None),
        (None, None),
    ],
)
def test_a_variable_of_python_is_one_of_rust(python: str | None, rust: str | None) -> None:
    assert variable_of(value("x", python)) == rust


def test_a_tuple_target_has_a_name_for_each_result() -> None:
    both = value("x", "(q, k)")

    assert [variable_of(both, 0), variable_of(both, 1), variable_of(both, 2)] == ["q", "k", None]
    assert variable_of(both) is None


def test_a_value_is_named_after_what_it_is_a_cast_of() -> None:
    cast = op("to.dtype", value("x", "mask"))
    shaped = op("view.default", cast.result)

    assert origin_of(shaped.result) == "mask"
    assert origin_of(op("relu.default", value("x", "mask")).result) is None


def test_a_receiver_that_is_read_once_is_chained() -> None:
    x = value("x")
    first = op("relu.default", x)
    second = op("tanh.default", first.result)
    third = op("add.Tensor", second.result, x, variable="y")

    plan = plan_of([first, second, third], third.result, x)

    assert plan.is_unnamed(first.result)
    assert [plan.emits(i) for i in range(2)] == [False, False]


def test_a_value_that_is_read_twice_has_a_name() -> None:
    first = op("relu.default", value("x"))
    second = op("mul.Tensor", first.result, first.result)
    third = op("add.Tensor", second.result, first.result)

    plan = plan_of([first, second, third], third.result)

    assert not plan.is_unnamed(first.result)
    assert plan.emits(0)


def test_a_value_that_python_names_keeps_its_name() -> None:
    x = value("x")
    scores = op("relu.default", x, variable="scores")
    probs = op("tanh.default", scores.result, variable="probs")
    out = op("add.Tensor", x, probs.result)

    plan = plan_of([scores, probs, out], out.result)

    assert plan.emits(0)
    assert plan.emits(1)


def test_a_long_chain_is_broken() -> None:
    nodes = [op("relu.default", value("x"))]
    for _ in range(12):
        nodes.append(op("tanh.default", nodes[-1].result))

    plan = plan_of(nodes, nodes[-1].result)

    assert any(plan.emits(i) for i in range(len(nodes) - 1))


def test_a_value_lives_until_the_statement_that_holds_its_reader() -> None:
    x = value("x")
    first = op("relu.default", x)
    second = op("mul.Tensor", first.result, first.result, variable="y")
    third = op("tanh.default", x)
    fourth = op("add.Tensor", third.result, second.result, variable="z")

    plan = plan_of([first, second, third, fourth], fourth.result)

    assert plan.statement[2] == plan.statement[3]
    assert plan.live_after(x, 1)
    assert not plan.live_after(first.result, 1)
