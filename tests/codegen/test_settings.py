"""Rust for numbers that follow from settings."""

import pytest

from pycandle.codegen.config.settings import (
    Condition,
    ConfigFields,
    rust_formula,
    setting_guards,
    strongest,
)
from pycandle.formulas import Constant, Formula, Operation, Setting
from pycandle.ir.origins import Origins
from pycandle.rust import tree as t
from pycandle.rust.printer import expr, statement

WINDOW, SCALE = Setting("window"), Setting("scale")


def printed(formula: Formula, type_: str) -> str:
    def leaf(path: str) -> t.Expr:
        return t.Field(t.Local("cfg"), path)

    return expr(rust_formula(formula, type_, leaf, lambda path: path == "scale"))


def minus(inner: Formula) -> Formula:
    return Operation("*", (Constant(-1), inner))


@pytest.mark.parametrize(
    ("formula", "type_", "rust"),
    [
        (Operation("+", (minus(WINDOW), Constant(1))), "i64", "1 - cfg.window as i64"),
        (Operation("*", (WINDOW, Constant(2))), "usize", "cfg.window * 2"),
        (Operation("*", (SCALE, Constant(2))), "f64", "cfg.scale * 2.0"),
        (WINDOW, "f64", "cfg.window as f64"),
    ],
)
def test_a_literal_is_written_in_the_type_that_is_needed(
    formula: Formula, type_: str, rust: str
) -> None:
    assert printed(formula, type_) == rust


def test_a_float_is_not_cut_off_where_it_is_subtracted() -> None:
    assert " as i64" not in printed(Operation("+", (minus(SCALE), Constant(1))), "f64")


def below(factor: int, bound: int, relation: str = "<") -> Condition:
    left = Operation("*", (WINDOW, Constant(factor))) if factor > 1 else WINDOW
    return left, relation, Constant(bound)


@pytest.mark.parametrize(
    ("conditions", "kept"),
    [
        ([below(1, 4), below(1, 8), below(1, 6)], [1]),
        ([below(1, 32, ">="), below(2, 32, ">="), below(4, 32, ">=")], [2]),
        ([below(1, 4), below(1, 8, "<=")], [0, 1]),
        ([below(1, 4, "=="), below(1, 8, "==")], [0, 1]),
        ([below(2, 8), below(1, 4)], [0]),
        ([below(1, 4), (SCALE, "<", Constant(8))], [0, 1]),
        ([below(1, 0), below(1, 8)], [0, 1]),
    ],
)
def test_a_condition_that_follows_from_another_is_left_out(
    conditions: list[Condition], kept: list[int]
) -> None:
    assert strongest(conditions) == [conditions[index] for index in kept]


def test_no_guard_asks_whether_a_size_is_below_zero() -> None:
    excluded = ((Setting("n"), "<=", Constant(0)), (Setting("x"), "<=", Constant(0)))
    config = ConfigFields(Origins(settings={"n": 3, "x": 0.5}, excluded=excluded))

    assert [statement(guard) for guard in setting_guards(config)] == [
        'runtime::refuse_settings(cfg.n == 0, "n == 0")?;',
        'runtime::refuse_settings(cfg.x <= 0.0, "x <= 0")?;',
    ]


def test_a_remainder_is_asked_for_in_words() -> None:
    excluded = ((Operation("%", (Setting("n"), Setting("m"))), "!=", Constant(0)),)
    config = ConfigFields(Origins(settings={"n": 6, "m": 3}, excluded=excluded))
    (guard,) = setting_guards(config)

    assert statement(guard) == (
        'runtime::refuse_settings(!cfg.n.is_multiple_of(cfg.m), "n % m != 0")?;'
    )
