"""Definitions that differ in numbers become one type, and each an instance of it."""

from pycandle.codegen.config.settings import ConfigFields
from pycandle.codegen.unification.types import CONFIG, Definition, Method, signature, unify
from pycandle.lowering.operand import Layout
from pycandle.rust import tree as t
from pycandle.rust.tree import Function, Param

XS = t.Local("xs", borrowed=True)


def struct(size: int, out: int, scale: float = 1.0, *, role: str = "out_features") -> Definition:
    value = t.call("linear", t.usize(size, "in_features"), t.usize(out, role), t.Local("vb"))
    body = t.Binary("*", t.method(t.Field(t.Local("self", borrowed=True), "fc"), "f", XS), XS)
    forward = Function(
        "forward", (Param("xs", "&Tensor"),), "Tensor", (), t.Binary("*", body, t.f64(scale))
    )
    method = Method(forward, (Layout.CONTIGUOUS,))
    return Definition("struct", "a.Block", (("fc", "Linear", value),), (), (), (method,))


def values(definitions: list[Definition], config: ConfigFields | None = None) -> list[list]:
    _, instances = unify(definitions, "__T0__", config if config is not None else ConfigFields())
    return [[number.value for number in row] for row in instances]


def test_what_all_share_is_no_parameter() -> None:
    made, instances = unify([struct(3, 4), struct(3, 4)], "__T0__", ConfigFields())

    assert made.parameters == ()
    assert instances == [(), ()]


def test_what_differs_is_a_parameter_named_by_its_role() -> None:
    made, _ = unify([struct(3, 4), struct(3, 5)], "__T0__", ConfigFields())

    assert made.parameters == (("out_features", "usize"),)
    assert values([struct(3, 4), struct(3, 5)]) == [[4], [5]]


def test_numbers_that_are_equal_in_every_instance_are_one_parameter() -> None:
    assert values([struct(3, 3), struct(4, 4)]) == [[3], [4]]


def test_numbers_that_are_equal_in_one_instance_only_are_two() -> None:
    assert values([struct(3, 3), struct(4, 5)]) == [[3, 3], [4, 5]]


def test_an_integer_and_a_float_of_one_value_are_not_one() -> None:
    found = values([struct(3, 2, 2.0), struct(3, 4, 4.0)])

    assert found == [[2, 2.0], [4, 4.0]]
    assert [[type(value) for value in row] for row in found] == [[int, float]] * 2


def test_a_number_that_forward_reads_is_a_field() -> None:
    made, _ = unify([struct(3, 4, 0.5), struct(3, 4, 0.25)], "__T0__", ConfigFields())

    assert made.held == {"scale"}
    tail = made.definition.functions[0].tail
    assert isinstance(tail, t.Binary)
    assert tail.right == t.Field(t.Local("self", borrowed=True), "scale")


def test_nan_and_the_sign_of_zero_are_values() -> None:
    assert values([struct(3, 4, 0.0), struct(3, 4, 0.5)]) == [[0.0], [0.5]]


def test_a_number_of_the_configuration_is_read_from_it() -> None:
    config = ConfigFields()

    made, _ = unify([struct(3, 4, role=f"{CONFIG}hidden_size")], "__T0__", config)

    assert config == made.config == {"hidden_size": 4}
    assert made.needs_config


def test_two_numbers_of_one_name_are_two_fields_of_the_configuration() -> None:
    config = ConfigFields()
    config["hidden_size"] = 9

    unify([struct(3, 4, role=f"{CONFIG}hidden_size")], "__T0__", config)

    assert config == {"hidden_size": 9, "hidden_size_2": 4}


def test_classes_and_fields_tell_definitions_apart() -> None:
    other = struct(3, 4, role="in_features")

    assert signature(struct(3, 4)) == signature(struct(5, 6))
    assert signature(struct(3, 4)) != signature(other)
