"""The language of sizes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pycandle.manifest.sizes import (
    Expr,
    Integer,
    Operation,
    SizeError,
    Symbol,
    evaluate,
    evaluate_tree,
    parse,
    render,
    symbols_of,
)

SYMBOLS = {"s0": 7, "s1": 3}


@pytest.mark.parametrize(
    ("size", "value"),
    [
        (5, 5),
        ("s0", 7),
        ("2*s0 + 1", 15),
        ("s0 - s1 - 1", 3),
        ("s0*s1//2", 10),
        ("s0*(s1//2)", 7),
        ("-s0//2", -4),
        ("-(s0//2)", -3),
        ("s0 % 4 + 1", 4),
        ("-s0 % 4", 1),
        ("Mod(s0, 4)", 3),
        ("Max(1, s0, s1)", 7),
        ("Min(s0 - 5, Max(s1, 9))", 2),
        ("  s0  ", 7),
        ("--s0", 7),
    ],
)
def test_a_size_has_pythons_value(size, value):
    assert evaluate(size, SYMBOLS) == value


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a + b + 1", Operation("+", (Symbol("a"), Symbol("b"), Integer(1)))),
        ("a - b", Operation("-", (Symbol("a"), Symbol("b")))),
        ("-a*b", Operation("*", (Operation("neg", (Symbol("a"),)), Symbol("b")))),
        ("Mod(a, 2)", Operation("%", (Symbol("a"), Integer(2)))),
        ("(a)", Symbol("a")),
    ],
)
def test_a_text_is_one_tree(text, tree):
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the end at column 1, expected a number or a symbol"),
        ("s0 +", "the end at column 5"),
        ("s0 s1", "`s1` at column 4, expected an operator"),
        ("s0 / 2", "`/` at column"),
        ("s0**2", "`*` at column 4"),
        ("2.5", "`.` at column"),
        ("(s0", "expected `)`"),
        ("Max(s0)", "two arguments"),
        ("Mod(s0, 2, 3)", "expected `)`"),
        ("Max", "expected `(`"),
        ("floor(s0)", "`(` at column 6"),
        ("__import__('os')", "`(` at column 11"),
        ("\u0663", "expected a number"),
        ("99999999999999999999", "larger than a size can be"),
        ("(" * 4000 + "1" + ")" * 4000, "nests deeper"),
        ("-" * 5000 + "1", "nests deeper"),
        ("1" + "-1" * 4000, "nests deeper"),
        ("1 " * 6000, "12000 characters"),
    ],
)
def test_what_is_not_a_size_is_refused_with_the_reason(text, message):
    with pytest.raises(SizeError) as caught:
        parse(text)

    assert message in str(caught.value)


@pytest.mark.parametrize("text", ["s2", "s0//(s1 - 3)", "Mod(s0, 0)"])
def test_a_size_without_a_value_is_refused(text):
    with pytest.raises(SizeError):
        evaluate(text, SYMBOLS)


def test_symbols_come_once_and_in_order():
    assert symbols_of("Max(s1, s0*s1) + b") == ("s1", "s0", "b")
    assert symbols_of(3) == ()


def trees() -> st.SearchStrategy[Expr]:
    leaves = st.one_of(
        st.integers(0, 50).map(Integer), st.sampled_from(["s0", "s1", "n"]).map(Symbol)
    )

    def operations(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
        pairs = st.tuples(inner, inner)
        return st.one_of(
            st.builds(Operation, st.sampled_from(["+", "-", "*", "Max", "Min", "//", "%"]), pairs),
            st.builds(Operation, st.just("neg"), st.tuples(inner)),
            st.builds(
                Operation, st.sampled_from(["+", "*", "Max"]), st.tuples(inner, inner, inner)
            ),
        )

    return st.recursive(leaves, operations, max_leaves=12)


@given(trees())
def test_a_rendered_tree_parses_to_itself(tree):
    assert parse(render(tree)) == tree


@given(trees(), st.integers(-9, 9), st.integers(1, 9))
def test_a_rendered_tree_has_its_value_in_python(tree, first, second):
    symbols = {"s0": first, "s1": second, "n": 5}
    functions = {"Max": max, "Min": min}
    try:
        expected = eval(render(tree), {"__builtins__": {}, **functions, **symbols})
    except ZeroDivisionError:
        with pytest.raises(SizeError):
            evaluate_tree(tree, symbols)
    else:
        assert evaluate_tree(tree, symbols) == expected
