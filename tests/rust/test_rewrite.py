"""Rust trees: numbers as holes."""

from pycandle.rust import tree as t
from pycandle.rust.rewrite import (
    as_fields,
    mentions,
    numbers,
    replace,
    replace_numbers,
    skeleton,
)

XS = t.Local("xs", borrowed=True)


def linear(size: int, out: int) -> t.Expr:
    return t.call("linear", t.usize(size, "in_features"), t.usize(out, "out_features"), XS)


def test_numbers_come_in_printing_order() -> None:
    tree = (linear(3, 4), t.Binary("*", XS, t.f64(0.5)))

    assert [number.value for number in numbers(tree)] == [3, 4, 0.5]


def test_trees_that_differ_in_numbers_have_one_skeleton() -> None:
    assert skeleton(linear(3, 4)) == skeleton(linear(5, 5))


def test_roles_and_kinds_of_numbers_tell_trees_apart() -> None:
    assert skeleton(t.usize(3, "a")) != skeleton(t.usize(3, "b"))
    assert skeleton(t.usize(3)) != skeleton(t.f64(3))


def test_names_tell_trees_apart() -> None:
    assert skeleton(t.Local("a")) != skeleton(t.Local("b"))
    assert skeleton(t.Local("a")) != skeleton(t.Local("a", borrowed=True))


def test_numbers_are_exchanged_in_order() -> None:
    found = replace_numbers(linear(3, 4), iter([t.Local("a"), t.Local("b")]))

    assert found == t.call("linear", t.Local("a"), t.Local("b"), XS)


def test_what_is_not_changed_is_the_same_object() -> None:
    tree = linear(3, 4)

    assert replace(tree, lambda node: None) is tree


def test_a_variable_is_found_wherever_it_stands() -> None:
    statement = t.Let("y", t.method(t.Tuple((t.usize(1), XS)), "f"))

    assert mentions((statement,), "xs")
    assert not mentions((statement,), "y")


def test_fields_take_the_place_of_variables_that_nothing_binds() -> None:
    width, config = t.Local("width"), t.Local("config")
    inside = t.Closure("width", width)
    block = t.Block((t.Let("width", width),), width)
    match = t.Match(width, (("Some(width)", width), ("None", width)))

    found = as_fields((width, inside, block, match), frozenset({"width"}), config)

    field = t.Field(config, "width")
    assert found == (
        field,
        inside,
        t.Block((t.Let("width", field),), width),
        t.Match(field, (("Some(width)", width), ("None", field))),
    )
