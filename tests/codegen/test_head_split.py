"""A split into heads that a body repeats is a closure."""

from pycandle.codegen.unification.head_split import name_head_splits
from pycandle.codegen.unification.types import Definition, Method
from pycandle.rust import tree as t
from pycandle.rust.printer import function

B, S = t.Local("b", copy=True), t.Local("s", copy=True)
HEADS = (B, S, t.Tuple(()), t.usize(4))


def split(xs: t.Expr, sizes: tuple[t.Expr, ...] = HEADS) -> t.Expr:
    flat = t.method(xs, "reshape", t.tuple_of(sizes))
    return t.method(flat, "transpose", t.usize(1), t.usize(2))


def text_of(*lines: t.Statement, tail: t.Expr | None = None) -> str:
    forward = t.Function(
        "forward", (t.Param("x", "&Tensor"),), "Tensor", lines, tail or t.Local("k")
    )
    found = name_head_splits(Definition("struct", "a.B", (), (), (), (Method(forward, ()),)))
    return function(found.functions[0])


def projected(name: str) -> t.Expr:
    field = t.Field(t.Local("self", borrowed=True), name)
    return t.method(field, "forward", t.Local("x", borrowed=True))


def test_a_split_that_comes_twice_is_a_closure_before_the_first() -> None:
    text = text_of(
        t.Let("b", t.method(t.Local("x", borrowed=True), "dim", t.usize(0))),
        t.Let("q", split(projected("q"))),
        t.Let("k", split(projected("k"))),
    )

    assert text.splitlines()[2:5] == [
        "let split_heads = |xs: &Tensor| xs.reshape((b, s, (), 4))?.transpose(1, 2);",
        "let q = split_heads(&self.q.forward(x)?)?;",
        "let k = split_heads(&self.k.forward(x)?)?;",
    ]


def test_the_value_of_the_body_is_split_too() -> None:
    text = text_of(t.Let("q", split(projected("q"))), tail=split(t.Local("q")))

    assert text.splitlines()[-2:] == ["split_heads(&q)", "}"]


def test_a_split_that_comes_once_stays() -> None:
    other = (B, S, t.Tuple(()), t.usize(2))

    text = text_of(t.Let("q", split(projected("q"))), t.Let("k", split(projected("k"), other)))

    assert "split_heads" not in text


def test_splits_of_other_sizes_have_closures_of_their_own() -> None:
    other = (B, S, t.Tuple(()), t.usize(2))

    text = text_of(
        t.Let("q", split(projected("q"))),
        t.Let("k", split(projected("k"), other)),
        t.Let("v", split(projected("v"), other)),
        t.Let("w", split(projected("w"))),
    )

    assert text.splitlines()[1:7] == [
        "let split_heads = |xs: &Tensor| xs.reshape((b, s, (), 4))?.transpose(1, 2);",
        "let q = split_heads(&self.q.forward(x)?)?;",
        "let split_heads2 = |xs: &Tensor| xs.reshape((b, s, (), 2))?.transpose(1, 2);",
        "let k = split_heads2(&self.k.forward(x)?)?;",
        "let v = split_heads2(&self.v.forward(x)?)?;",
        "let w = split_heads(&self.w.forward(x)?)?;",
    ]


def test_a_size_that_changes_between_the_splits_keeps_them_apart() -> None:
    text = text_of(
        t.Let("q", split(projected("q"))),
        t.Let("s", t.method(t.Local("q"), "dim", t.usize(2))),
        t.Let("k", split(projected("k"))),
    )

    assert "split_heads" not in text


def test_a_split_of_which_the_closure_would_hide_a_size_stays() -> None:
    sizes = (B, t.Local("xs", copy=True), t.Tuple(()), t.usize(4))

    text = text_of(
        t.Let("q", split(projected("q"), sizes)), t.Let("k", split(projected("k"), sizes))
    )

    assert "split_heads" not in text


def test_a_split_that_only_some_calls_make_stays_where_it_is() -> None:
    arms = (("Some(y)", split(t.Local("y"))), ("None", split(t.Local("z"))))

    text = text_of(t.Let("k", t.Match(t.Local("y"), arms)))

    assert "split_heads" not in text


def test_a_name_that_is_taken_gets_a_number() -> None:
    text = text_of(
        t.Let("split_heads", projected("a")),
        t.Let("q", split(projected("q"))),
        t.Let("k", split(t.Local("split_heads"))),
    )

    assert "let k = split_heads2(&split_heads)?;" in text


def test_another_order_of_axes_is_no_split() -> None:
    flat = t.method(projected("q"), "reshape", t.tuple_of(HEADS))
    turned = t.method(flat, "transpose", t.usize(1), t.usize(3))

    text = text_of(t.Let("q", turned), t.Let("k", turned))

    assert "split_heads" not in text
