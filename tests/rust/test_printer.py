"""Rust trees as text."""

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pycandle.rust import tree as t
from pycandle.rust.printer import expr, file, function, number, statement, text_literal
from pycandle.rust.printer import struct as print_struct

A, B, C = t.Local("a"), t.Local("b"), t.Local("c")


def plus(left: t.Expr, right: t.Expr) -> t.Expr:
    return t.Binary("+", left, right)


def less(left: t.Expr, right: t.Expr) -> t.Expr:
    return t.Binary("<", left, right)


POINT = t.StructLiteral("Point", (("a", A), ("x", t.usize(1))))


@pytest.mark.parametrize(
    ("tree", "rust"),
    [
        (plus(plus(A, B), C), "a + b + c"),
        (plus(A, plus(B, C)), "a + (b + c)"),
        (t.Binary("-", A, t.Binary("-", B, C)), "a - (b - c)"),
        (t.Binary("*", plus(A, B), C), "(a + b) * c"),
        (plus(t.Binary("*", A, B), C), "a * b + c"),
        (t.Binary("/", A, t.Binary("*", B, C)), "a / (b * c)"),
        (t.Binary("&&", t.Binary("||", A, B), C), "(a || b) && c"),
        (less(less(A, B), C), "(a < b) < c"),
        (t.Binary("==", t.Binary("==", A, B), C), "(a == b) == c"),
        (less(plus(A, B), C), "a + b < c"),
        (t.Binary("..", t.usize(0), plus(A, B)), "0 .. a + b"),
        (t.plain(t.Binary("..", t.usize(0), A), "rev"), "(0 .. a).rev()"),
        (t.plain(plus(A, B), "abs"), "(a + b).abs()"),
        (t.Try(plus(A, B)), "(a + b)?"),
        (t.method(t.method(A, "f"), "g", B), "a.f()?.g(b)?"),
        (t.Field(t.Try(A), "x"), "a?.x"),
        (t.Reference(plus(A, B)), "&(a + b)"),
        (t.Reference(t.Field(A, "x")), "&a.x"),
        (t.plain(t.Reference(A), "f"), "(&a).f()"),
        (t.Negate("-", plus(A, B)), "-(a + b)"),
        (t.Negate("!", t.plain(A, "f")), "!a.f()"),
        (t.plain(t.Negate("-", A), "abs"), "(-a).abs()"),
        (t.Negate("-", t.f64(-1.0)), "-(-1.0)"),
        (t.Negate("-", t.Negate("-", A)), "-(-a)"),
        (t.plain(t.f64(-1.5), "abs"), "(-1.5f64).abs()"),
        (t.plain(t.f64(-0.0), "abs"), "(-0.0f64).abs()"),
        (t.plain(t.usize(1), "max", A), "1usize.max(a)"),
        (t.Binary("-", A, t.f64(-1.0)), "a - -1.0"),
        (t.Cast(plus(A, B), "f64"), "(a + b) as f64"),
        (t.Cast(t.Cast(A, "u8"), "f64"), "a as u8 as f64"),
        (t.plain(t.Cast(A, "f64"), "sqrt"), "(a as f64).sqrt()"),
        (t.Negate("-", t.Cast(A, "f64")), "-(a as f64)"),
        (t.Binary("*", t.Cast(A, "f64"), B), "a as f64 * b"),
        (less(t.Cast(A, "usize"), B), "(a as usize) < b"),
        (less(plus(A, t.Cast(B, "usize")), C), "(a + b as usize) < c"),
        (t.Binary(">", t.Cast(A, "usize"), B), "a as usize > b"),
        (t.Tuple(()), "()"),
        (t.Tuple((A,)), "(a,)"),
        (t.Tuple((A, plus(B, C))), "(a, b + c)"),
        (t.Array((A, B)), "[a, b]"),
        (t.call("f", plus(A, B)), "f(a + b)?"),
        (t.Closure("x", plus(A, B)), "|x| a + b"),
        (t.plain(A, "map", t.Closure("x", B)), "a.map(|x| b)"),
        (t.plain(t.Closure("x", B), "call"), "(|x| b).call()"),
        (POINT, "Point { a, x: 1 }"),
        (t.StructLiteral("P", (("x", A),), t.path("P::new()")), "P { x: a, ..P::new() }"),
        (t.If(A, B, C), "if a { b } else { c }"),
        (t.If(t.Binary("==", A, POINT), B, C), "if (a == Point { a, x: 1 }) { b } else { c }"),
        (t.Match(A, (("Some(x)", B), ("None", C))), "match a {\nSome(x) => b,\nNone => c,\n}"),
        (t.Match(t.Field(POINT, "a"), (("_", B),)), "match (Point { a, x: 1 }.a) {\n_ => b,\n}"),
        (t.Block((t.Let("x", A),), B), "{\nlet x = a;\nb\n}"),
    ],
)
def test_an_expression_has_the_parentheses_that_it_needs(tree: t.Expr, rust: str):
    assert expr(tree) == rust


@pytest.mark.parametrize(
    ("inner", "rust"),
    [
        (t.Local("x"), "&x"),
        (t.Local("x", borrowed=True), "x"),
        (t.Local("n", copy=True), "n"),
        (t.Reference(A), "&a"),
        (t.plain(A, "device"), "a.device()"),
        (t.plain(A, "clone"), "&a.clone()"),
        (t.method(A, "relu"), "&a.relu()?"),
    ],
)
def test_a_reference_is_taken_once(inner: t.Expr, rust: str):
    assert expr(t.ref(inner)) == rust


def test_arithmetic_lends_places_and_gives_temporaries_away():
    assert expr(t.arithmetic("*", A, t.method(B, "relu"))) == "(&a * b.relu()?)?"


@pytest.mark.parametrize(
    ("value", "type_", "suffix", "rust"),
    [
        (1, "usize", False, "1"),
        (1, "usize", True, "1usize"),
        (-(2**63), "i64", False, "-9223372036854775808"),
        (True, "bool", True, "true"),
        (1, "f64", False, "1.0"),
        (1e-05, "f64", False, "1e-5"),
        (1.5e300, "f64", False, "1.5e300"),
        (1e16, "f32", True, "1e16f32"),
        (-0.0, "f64", False, "-0.0"),
        (math.inf, "f64", False, "f64::INFINITY"),
        (-math.inf, "f32", False, "f32::NEG_INFINITY"),
        (math.nan, "f64", True, "f64::NAN"),
        (None, "Option<usize>", False, "None"),
        ((t.usize(2),), "Option<usize>", False, "Some(2)"),
        ((t.usize(2), t.usize(3)), "Option<(usize, usize)>", False, "Some((2, 3))"),
    ],
)
def test_a_number_is_a_literal_of_its_type(value: t.Literal, type_: str, suffix: bool, rust: str):
    assert number(value, type_, suffix=suffix) == rust


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_reads_back_exactly(value: float):
    text = number(value, "f64")

    assert struct.pack("d", float(text)) == struct.pack("d", value)
    assert "." in text or "e" in text
    assert "+" not in text


@pytest.mark.parametrize(
    ("value", "rust"),
    [
        ("weight", '"weight"'),
        ('a"b\\c', '"a\\"b\\\\c"'),
        ("a\nb\tc\rd", '"a\\nb\\tc\\rd"'),
        ("\x00\u2028", '"\\u{0}\\u{2028}"'),
        ("é", '"é"'),
    ],
)
def test_a_text_stays_on_one_line(value: str, rust: str):
    assert text_literal(value) == rust


@pytest.mark.parametrize(
    ("tree", "rust"),
    [
        (t.Let("x", A), "let x = a;"),
        (t.Let("x", A, mutable=True), "let mut x = a;"),
        (t.Assign("x", A), "x = a;"),
        (t.Run(t.method(A, "push", B)), "a.push(b)?;"),
        (t.For("x", t.Reference(A), (t.Assign("y", B),)), "for x in &a {\ny = b;\n}"),
        (t.Guard(A, 'needs "{x}"'), 'if a {\ncandle_core::bail!("needs \\"{{x}}\\"")\n}'),
    ],
)
def test_a_statement_ends_as_rust_has_it(tree: t.Statement, rust: str):
    assert statement(tree) == rust


FORWARD = t.Function(
    name="forward",
    params=(t.Param("x", "&Tensor"),),
    result="Tensor",
    body=(t.Let("y", A),),
    tail=t.method(t.Local("y"), "relu"),
    doc=("Computes.", ""),
    public=True,
    receiver=True,
)


def test_a_fallible_tail_is_returned_as_it_is():
    assert function(FORWARD) == (
        "/// Computes.\n///\npub fn forward(&self, x: &Tensor) -> Result<Tensor> {\n"
        "let y = a;\ny.relu()\n}"
    )


def test_a_tail_that_cannot_fail_is_wrapped():
    made = t.Function("f", (), "Tensor", (), A)

    assert function(made) == "fn f() -> Result<Tensor> {\nOk(a)\n}"


def test_a_function_that_cannot_fail_returns_its_tail():
    made = t.Function("f", (), "usize", (), A, fallible=False)

    assert function(made) == "fn f() -> usize {\na\n}"


def test_a_file_has_its_parts_in_order():
    item = t.Struct(
        "Net", (t.StructField("fc", "Linear", "Last."),), (FORWARD,), ("A net.",), public=True
    )

    text = file(t.File(("Net.",), ("candle_core::Result",), (item,), ("runtime",)))

    assert text.startswith("//! Net.\n\nmod runtime;\n\nuse candle_core::Result;\n\n/// A net.\n")
    assert text.endswith("}\n")
    assert print_struct(item).splitlines()[:5] == [
        "/// A net.",
        "#[derive(Debug, Clone)]",
        "pub struct Net {",
        "/// Last.",
        "fc: Linear,",
    ]
