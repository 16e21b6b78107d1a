"""What repeats in a body becomes a loop, if a loop computes the same."""

from pycandle.codegen.source.counted_loops import roll
from pycandle.rust import tree as t
from pycandle.rust.printer import statement

TURNS = 8
X = t.Local("x")
Y = t.Local("y")


def turn(i: int) -> list[t.Statement]:
    """`y` from `x`, and the next `x` from both."""
    row = t.method(X, "narrow", t.usize(1), t.usize(i), t.usize(1))
    return [t.Let("y", row), t.Let("x", t.arithmetic("+", X, Y))]


def rolled(*statements: t.Statement, tail: t.Expr = X) -> list[str]:
    body = roll(t.Function("forward", (), "Tensor", statements, tail)).body
    return [statement(line) for line in body]


def start(value: t.Expr | None = None) -> t.Let:
    return t.Let("x", value or t.method(t.Local("input", borrowed=True), "relu"))


def turns(of: range = range(TURNS)) -> list[t.Statement]:
    return [line for i in of for line in turn(i)]


def test_a_loop_changes_what_the_next_turn_reads() -> None:
    first, loop = rolled(start(), *turns())
    assert first == "let mut x = input.relu()?;"
    assert loop.splitlines() == [
        "for i in 0..8 {",
        "let y = x.narrow(1, i, 1)?;",
        "x = (&x + &y)?;",
        "}",
    ]


def test_what_only_the_last_turn_gives_stays_behind_the_loop() -> None:
    lines = rolled(start(), *turns(), tail=t.arithmetic("+", X, Y))
    assert lines[1].startswith("for i in 0..7 {")
    assert lines[2:] == ["let y = x.narrow(1, 7, 1)?;", "let x = (&x + &y)?;"]


def test_numbers_that_grow_by_no_fixed_step_are_no_loop() -> None:
    uneven = [line for i in (1, 2, 4, 8, 9, 11, 16) for line in turn(i)]
    assert not any("for" in line for line in rolled(start(), *uneven))


def test_a_variable_that_is_lent_is_not_changed() -> None:
    kept = t.Let("residual", t.Reference(X))
    lines = rolled(start(), kept, *turns(), tail=t.arithmetic("+", X, t.Local("residual", True)))
    assert not any("for" in line for line in lines)


def test_the_first_turn_of_a_parameter_binds_the_variable() -> None:
    lines = rolled(*turns())
    assert lines[:2] == ["let y = x.narrow(1, 0, 1)?;", "let mut x = (&x + &y)?;"]
    assert lines[2].startswith("for i in 1..8 {")


def test_three_turns_are_read_one_by_one() -> None:
    assert len(rolled(start(), *turns(range(3)))) == 7


def test_the_variable_of_a_loop_hides_none() -> None:
    lines = rolled(t.Let("i", t.method(X, "relu")), start(), *turns(), tail=t.Local("i"))
    assert lines[2].startswith("for j in 0..8 {")


def test_numbers_that_fall_stay_above_zero() -> None:
    falling = [line for i in range(20, 2, -3) for line in turn(i)]
    loop = rolled(start(), *falling)[-1]
    assert "for i in 0..6 {" in loop
    assert "x.narrow(1, 20 - 3 * i, 1)?" in loop


def test_turns_without_a_number_count_only() -> None:
    turns = [t.Let("x", t.method(X, name)) for _ in range(9) for name in ("sin", "cos")]
    assert rolled(start(), *turns)[1].startswith("for _ in 0..9 {")


def test_each_turn_adds_its_item_to_a_list() -> None:
    lines: list[t.Statement] = [start()]
    for i in range(TURNS):
        lines += [t.Let(f"part{i}", t.method(X, "sin")), *turn(i)[:1]]
        lines += [t.Let("x", t.arithmetic("+", X, Y))]
    items = t.Array(tuple(t.Reference(t.Local(f"part{i}")) for i in range(TURNS)))
    first, made, loop = rolled(*lines, tail=t.call("Tensor::cat", t.Reference(items), t.usize(0)))
    assert first.startswith("let mut x")
    assert made == "let mut parts = Vec::new();"
    assert "parts.push(x.sin()?);" in loop
