"""Sizes are read from the arguments of a function, or computed from those that are."""

import pytest

from pycandle.codegen.bodies.sizes import Sizes, UnknownSize, name_symbols
from pycandle.ir.graph import Value
from pycandle.ir.sizes import Operation, Size, Symbol
from pycandle.ir.types import TensorType
from pycandle.rust import tree as t
from pycandle.rust.names import Names
from pycandle.rust.printer import expr

B, S = Symbol("s0"), Symbol("s1")


def tensor(name: str, *shape: Size) -> Value:
    return Value(name, TensorType("float32", shape))


def sizes_of(*arguments: Value, may_ask: bool = False) -> Sizes:
    named = [(value, value.name) for value in arguments]
    names = Names({value.name for value in arguments})
    return Sizes(named, names, name_symbols(list(arguments)), may_ask=may_ask)


def test_a_number_is_itself() -> None:
    assert sizes_of(tensor("x", B)).expr(7) == t.usize(7, "size")


def test_a_symbol_is_read_once_from_the_first_argument_that_has_it() -> None:
    sizes = sizes_of(tensor("mask", 4, 5), tensor("x", B, S, 6))

    first, second = sizes.expr(S), sizes.expr(S)

    assert first == second == t.Local("s", copy=True)
    assert sizes.statements(lambda name: True) == [
        t.Let("s", t.method(t.Local("x", True), "dim", t.Path("1")))
    ]


def test_several_sizes_of_one_argument_are_one_statement() -> None:
    sizes = sizes_of(tensor("x", B, S, 6))
    sizes.expr(S)
    sizes.expr(B)

    assert sizes.statements(lambda name: True) == [
        t.Let("(b, s, _)", t.method(t.Local("x", True), "dims3"))
    ]


def test_a_size_that_the_body_does_without_is_not_read() -> None:
    sizes = sizes_of(tensor("x", B, S, 6))
    sizes.expr(S)
    sizes.expr(B)

    found = sizes.statements(lambda name: name == "s")

    assert found == [t.Let("s", t.method(t.Local("x", True), "dim", t.Path("1")))]


def test_a_dim_that_is_an_expression_is_read_as_it_is() -> None:
    half = Operation("//", S, 2)
    sizes = sizes_of(tensor("x", B, half))

    assert isinstance(sizes.expr(half), t.Local)


def test_an_expression_is_computed_from_its_symbols() -> None:
    sizes = sizes_of(tensor("x", B, S))

    assert expr(sizes.expr(Operation("*", Operation("+", S, 1), 4))) == "(s + 1) * 4"


def test_the_larger_of_two_is_a_method() -> None:
    sizes = sizes_of(tensor("x", B, S))

    assert expr(sizes.expr(Operation("max", B, S))) == "b.max(s)"


def test_a_symbol_is_divided_out_of_a_multiple_of_it() -> None:
    sizes = sizes_of(tensor("x", Operation("*", 4, B), 3))

    assert expr(sizes.expr(B)).endswith("/ 4")


def test_a_size_that_no_argument_shows_is_an_error() -> None:
    with pytest.raises(UnknownSize):
        sizes_of(tensor("x", B)).expr(Operation("+", S, 1))


def test_a_size_that_no_argument_shows_is_asked_of_the_caller() -> None:
    sizes = sizes_of(tensor("x", B), may_ask=True)

    found = sizes.expr(S)

    assert [size for size, _ in sizes.asked] == [S]
    assert found == t.Local(sizes.asked[0][1], copy=True)


def test_symbols_are_named_by_where_they_stand() -> None:
    h, w = Symbol("s2"), Symbol("s3")

    found = name_symbols([tensor("ids", B, S), tensor("image", B, 3, h, w)])

    assert found == {B: "b", S: "s", h: "h", w: "w"}


def test_two_batches_have_two_names() -> None:
    found = name_symbols([tensor("x", B, 6), tensor("y", S, 6)])

    assert len(set(found.values())) == 2
