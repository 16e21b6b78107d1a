"""The sizes that checks of an entry ask about are read once."""

from pycandle.codegen.bodies.entry_sizes import read_sizes_first
from pycandle.rust import tree as t
from pycandle.rust.printer import statement

XS = t.Local("xs", borrowed=True)


def dim(at: int) -> t.Expr:
    return t.method(XS, "dim", t.Path(str(at)))


def check(left: t.Expr) -> t.Guard:
    return t.Guard(t.Binary("==", left, t.usize(1)), "no")


def lines(guards: list[t.Guard], body: list[t.Statement]) -> list[str]:
    names = {("xs", 2): "h", ("xs", 3): "w"}
    return [statement(line) for line in read_sizes_first(guards, body, names)]


REST = t.Let("ys", t.method(XS, "relu"))


def test_what_the_body_reads_is_read_before_the_checks() -> None:
    body: list[t.Statement] = [t.Let("(b, _, height, _)", t.method(XS, "dims4")), REST]
    found = lines([check(dim(2)), check(dim(3))], body)

    assert found[0] == "let (b, _, height, _) = xs.dims4()?;"
    assert found[1].startswith("if height == 1 {")
    assert found[2].startswith("if xs.dim(3)? == 1 {")
    assert len(found) == 4


def test_what_checks_ask_twice_is_a_variable() -> None:
    found = lines([check(t.Binary("*", dim(2), dim(2)))], [REST])

    assert found[0] == "let h = xs.dim(2)?;"
    assert found[1].startswith("if h * h == 1 {")


def test_a_name_that_the_body_has_for_another_size_is_not_taken() -> None:
    body: list[t.Statement] = [t.Let("(b, _, _, h)", t.method(XS, "dims4")), REST]
    found = lines([check(t.Binary("*", dim(2), dim(2))), check(dim(3))], body)

    assert found[0] == "let (b, _, _, h) = xs.dims4()?;"
    assert found[1].startswith("if xs.dim(2)? * xs.dim(2)? == 1 {")
    assert found[2].startswith("if h == 1 {")
    assert found[3] == "let ys = xs.relu()?;"


def test_other_sizes_of_the_body_stay_behind_the_checks() -> None:
    body: list[t.Statement] = [t.Let("b", dim(0)), REST]
    found = lines([check(dim(1))], body)

    assert found[0].startswith("if xs.dim(1)? == 1 {")
    assert found[1:] == ["let b = xs.dim(0)?;", "let ys = xs.relu()?;"]
