"""What no instance leaves open is taken out, with the names that only it needed."""

from pycandle.codegen.unification.settled import settle
from pycandle.codegen.unification.types import Definition, Method
from pycandle.rust import tree as t
from pycandle.rust.printer import function


def body_of(flag: bool) -> str:
    x, y = t.Local("x"), t.Local("y")
    choice = t.If(t.Number(flag, "bool"), t.arithmetic("+", y, t.Local("residual")), y)
    forward = t.Function(
        "forward",
        (t.Param("x", "&Tensor"),),
        "Tensor",
        (
            t.Let("residual", t.Local("x", borrowed=True)),
            t.Let("y", t.method(x, "relu")),
            t.Let("z", choice),
        ),
        t.Local("z"),
    )
    made = settle(Definition("struct", "a.B", (), (), (), (Method(forward, ()),)))
    return function(made.functions[0])


def test_a_name_that_only_a_missing_step_reads_goes_with_it() -> None:
    text = body_of(flag=False)

    assert "residual" not in text
    assert text.endswith("let y = x.relu()?;\nOk(y)\n}")


def test_a_step_that_is_always_there_keeps_its_names() -> None:
    text = body_of(flag=True)

    assert "let residual = x;" in text
    assert "(&y + &residual)?" in text
