"""The language of formulas."""

import pytest

from pycandle.formulas import (
    Constant,
    FormulaError,
    Setting,
    evaluate,
    folded,
    parse,
    render,
    settings_of,
    simplified,
    with_values,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a + b * 2", 14),
        ("(a + b) * 2", 18),
        ("-a ** 2", -16),
        ("a ** (-0.5)", 0.5),
        ("a - (b - 1)", 0),
        ("b // 2 * a", 8),
        ("b / 2", 2.5),
        ("int(b * 2.5)", 12),
        ("max(a, b, 7)", 7),
        ("1e-06 * a", 4e-06),
        ("rope.theta // 3", 3333),
    ],
)
def test_a_formula_is_read_and_written(text: str, value: float) -> None:
    formula = parse(text)

    assert evaluate(formula, {"a": 4, "b": 5, "rope.theta": 10000}) == value
    assert parse(render(formula)) == formula


@pytest.mark.parametrize("text", ["", "a +", "a b", "(a", "f(a)", "a ** ** b", "$", "(" * 99])
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(FormulaError):
        parse(text)


@pytest.mark.parametrize("text", ["a / 0", "missing", "(0 - a) ** 0.5", "log(0 * a)"])
def test_a_formula_without_a_value_is_refused(text: str) -> None:
    with pytest.raises(FormulaError):
        evaluate(parse(text), {"a": 4})


def test_known_settings_are_computed() -> None:
    formula = parse("hidden // heads * 2")

    assert render(with_values(formula, {"heads": 4})) == "hidden // 4 * 2"
    assert with_values(formula, {"hidden": 64, "heads": 4}) == Constant(32)
    assert list(settings_of(formula)) == ["hidden", "heads"]


def test_what_has_no_effect_is_left_out() -> None:
    assert simplified("*", Setting("a"), Constant(1)) == Setting("a")
    assert simplified("+", Constant(0), Setting("a")) == Setting("a")
    assert render(simplified("*", Setting("a"), Constant(1.0))) == "float(a)"


def test_whole_numbers_are_multiplied_once() -> None:
    assert render(folded(parse("patch * 2 * 2 // 3"))) == "patch * 4 // 3"
    assert render(folded(parse("patch * 0.5 * 2"))) == "patch * 0.5 * 2"
