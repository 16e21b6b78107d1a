"""What `new` computes more than once, and settings of layers, are variables."""

import pytest

from pycandle.codegen.source.layer_settings import name_layer_settings
from pycandle.codegen.source.repeated_numbers import name_repeated_numbers
from pycandle.rust import tree as t
from pycandle.rust.printer import item

CFG, VB = t.Local("cfg", borrowed=True), t.Local("vb")
HIDDEN, HEADS = t.Field(CFG, "hidden"), t.Field(CFG, "heads")
HEAD_DIM = t.Binary("/", HIDDEN, HEADS)


def net(*fields: tuple[str, t.Expr], params: tuple[t.Param, ...] = ()) -> t.Struct:
    literal = t.StructLiteral("Self", fields)
    given = (t.Param("cfg", "&Config"), *params, t.Param("vb", "VarBuilder"))
    new = t.Function("new", given, "Self", (), literal)
    return t.Struct("Net", tuple(t.StructField(name, "usize") for name, _ in fields), (new,))


def body(made: t.Item) -> list[str]:
    lines = item(made).split("-> Result<Self> {\n")[1].splitlines()
    return [line for line in lines if line.startswith("let ")]


def once(made: t.Item, named: dict[t.Expr, str] | None = None) -> t.Item:
    return name_repeated_numbers([made], named or {})[0]


def linear(one: t.Expr, other: t.Expr) -> t.Expr:
    return t.call("linear", one, other, VB)


def test_a_field_that_another_is_computed_of_is_computed_once() -> None:
    scale = t.Method(t.Cast(HEAD_DIM, "f64"), "sqrt")
    made = once(net(("head_dim", HEAD_DIM), ("scale", scale)))

    assert body(made) == ["let head_dim = cfg.hidden / cfg.heads;"]
    assert "Self { head_dim, scale: (head_dim as f64).sqrt() }" in item(made)


def test_pythons_name_comes_before_that_of_a_parameter() -> None:
    inner = t.Binary("*", HIDDEN, HEADS)
    layers = net(("q", linear(HIDDEN, inner)), ("o", linear(inner, HIDDEN)))

    assert body(once(layers)) == ["let out_features = cfg.hidden * cfg.heads;"]
    assert body(once(layers, {inner: "inner_dim"})) == ["let inner_dim = cfg.hidden * cfg.heads;"]


def test_a_second_one_has_the_name_of_its_field_as_well() -> None:
    one, other = t.Binary("*", HIDDEN, HEADS), t.Binary("+", HIDDEN, HEADS)
    fields = [("q", linear(HIDDEN, one)), ("k", linear(HIDDEN, other))]
    made = once(net(*fields, ("o", linear(one, HIDDEN)), ("p", linear(other, HIDDEN))))

    assert body(made) == [
        "let out_features = cfg.hidden * cfg.heads;",
        "let k_out_features = cfg.hidden + cfg.heads;",
    ]


def test_what_another_variable_reads_stands_before_it() -> None:
    grid = t.Binary("*", HEAD_DIM, HEAD_DIM)
    made = once(net(("a", t.Binary("+", grid, t.usize(1))), ("b", grid)))

    assert body(made) == ["let size = cfg.hidden / cfg.heads;", "let b = size * size;"]


def test_a_short_number_stays_where_it_stands_twice() -> None:
    twice = t.Binary("*", HIDDEN, t.usize(4))

    assert body(once(net(("a", twice), ("b", twice)))) == []
    assert body(once(net(("a", twice), ("b", twice), ("c", twice)))) == ["let a = cfg.hidden * 4;"]


def test_a_quotient_that_is_computed_in_some_cases_only_stays_there() -> None:
    """Its divisor may be 0 in the others."""
    arm = t.Match(t.Local("child"), (("Some(_)", HEAD_DIM), ("None", t.usize(0))))

    assert body(once(net(("a", arm), ("b", arm)))) == []
    assert body(once(net(("a", arm), ("b", HEAD_DIM)))) == ["let b = cfg.hidden / cfg.heads;"]


def test_a_number_is_computed_once_with_its_conversion() -> None:
    size = t.Cast(t.Binary("*", t.Cast(HIDDEN, "f64"), t.Field(CFG, "ratio")), "usize")
    made = once(net(("up", linear(HIDDEN, size)), ("down", linear(size, HIDDEN))))

    assert body(made) == ["let out_features = (cfg.hidden as f64 * cfg.ratio) as usize;"]


def test_a_variable_that_a_pattern_hides_is_another_one() -> None:
    size = t.Local("size", copy=True)
    grown = t.Binary("+", t.Binary("*", size, HIDDEN), t.usize(1))
    arm = t.Match(t.Local("child"), (("Some(size)", grown), ("None", t.usize(0))))
    params = (t.Param("size", "usize"), t.Param("child", "Option<usize>"))

    assert body(once(net(("a", arm), ("b", grown), params=params))) == []


def conv(name: str, stride: int = 2, args: tuple[t.Expr, ...] = ()) -> tuple[str, t.Expr]:
    rest = t.Call("Default::default")
    config = t.StructLiteral("Conv2dConfig", (("stride", t.usize(stride)),), rest)
    return name, t.call("conv2d", HIDDEN, *args, config, VB)


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ((conv("conv1"),), ["config"]),
        ((conv("conv1"), conv("conv2")), ["config"]),
        ((conv("conv1"), conv("conv2", 3)), ["conv1_config", "conv2_config"]),
    ],
)
def test_settings_of_layers_are_variables(
    fields: tuple[tuple[str, t.Expr], ...], names: list[str]
) -> None:
    made = name_layer_settings(net(*fields))

    assert [line.split()[1] for line in body(made)] == names
    assert "conv2d(cfg.hidden, " + names[0] + ", vb)?" in item(made)


def test_a_parameter_with_that_name_keeps_it() -> None:
    made = name_layer_settings(net(conv("conv1"), params=(t.Param("config", "NetConfig"),)))

    assert body(made)[0].startswith("let conv1_config = Conv2dConfig {")
