"""Convolutions of one point are made by a function where a file has several."""

from pycandle.codegen.source.modules import Part
from pycandle.codegen.source.point_convolutions import name_point_convolutions
from pycandle.rust import tree as t
from pycandle.rust.printer import item

DEFAULT = t.Call("Default::default")


def conv(name: str, size: int = 1, config: t.Expr = DEFAULT) -> t.Expr:
    sizes = (t.usize(3), t.usize(4), t.usize(size))
    return t.call("conv2d", *sizes, config, t.plain(t.Local("vb"), "pp", t.Text(name)))


def text_of(*made: t.Expr, before: tuple[t.Item, ...] = ()) -> str:
    literal = t.StructLiteral("Self", tuple((f"f{i}", value) for i, value in enumerate(made)))
    new = t.Function("new", (t.Param("vb", "VarBuilder"),), "Self", (), literal)
    own = t.Struct("Net", tuple(t.StructField(f"f{i}", "Conv2d") for i in range(len(made))), (new,))
    parts = name_point_convolutions([Part(one) for one in (*before, own)])
    return "\n".join(item(part.item) for part in parts)


def test_two_convolutions_of_one_point_are_made_by_a_function() -> None:
    text = text_of(conv("a"), conv("b"))

    assert "fn conv1x1(in_channels: usize, out_channels: usize, vb: VarBuilder)" in text
    assert 'f1: conv1x1(3, 4, vb.pp("b"))?' in text
    assert text.count("Default::default()") == 1


def test_one_alone_stays() -> None:
    assert "conv1x1" not in text_of(conv("a"), conv("b", 3))


def test_one_with_a_stride_stays() -> None:
    config = t.StructLiteral("Conv2dConfig", (("stride", t.usize(2)),), DEFAULT)

    text = text_of(conv("a"), conv("b"), conv("c", config=config))

    assert "conv2d(3, 4, 1, Conv2dConfig { stride: 2, ..Default::default() }" in text


def test_a_name_that_the_model_has_keeps_the_calls_as_they_are() -> None:
    own = t.Function("conv1x1", (), "Tensor", (), t.path("x"))

    assert "conv1x1(3" not in text_of(conv("a"), conv("b"), before=(own,))
