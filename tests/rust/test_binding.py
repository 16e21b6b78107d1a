"""Trees that are equal but for the names of their variables."""

from pycandle.rust import tree as t
from pycandle.rust.binding import shape


def function(param: str, *body: t.Statement, tail: str) -> t.Function:
    params = (t.Param(param, "&Tensor"),)
    return t.Function(f"of_{param}", params, "Tensor", body, t.Local(tail))


def test_names_of_variables_and_functions_do_not_matter() -> None:
    one = function("x", t.Let("y", t.method(t.Local("x"), "sqr")), tail="y")
    other = function("q", t.Let("q", t.method(t.Local("q"), "sqr")), tail="q")

    assert shape(one) == shape(other)


def test_which_of_two_variables_is_read_matters() -> None:
    line = t.Let("y", t.method(t.Local("x"), "sqr"))

    assert shape(function("x", line, tail="y")) != shape(function("x", line, tail="x"))


def test_variables_of_patterns_are_bound_within_their_arms_alone() -> None:
    def chosen(bound: str, read: str) -> t.Function:
        arms = ((f"Some({bound})", t.Local(read)), ("None", t.Local("x")))
        return function("x", t.Let("y", t.Match(t.Local("x"), arms)), tail="y")

    assert shape(chosen("a", "a")) == shape(chosen("b", "b"))
    assert shape(chosen("a", "a")) != shape(chosen("a", "x"))


def test_names_from_outside_matter() -> None:
    assert shape(t.Local("cfg")) != shape(t.Local("vb"))


def test_loops_and_closures_bind_their_variables() -> None:
    def looped(item: str) -> tuple[t.Statement, ...]:
        body = (t.Assign("sum", t.Binary("+", t.Local("sum"), t.Local(item))),)
        return (t.Let("sum", t.f64(0.0), mutable=True), t.For(item, t.Local("xs"), body))

    assert shape(looped("a")) == shape(looped("b"))
    assert shape(t.Closure("i", t.Local("i"))) == shape(t.Closure("j", t.Local("j")))
