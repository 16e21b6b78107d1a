"""Activation functions."""

from pycandle.lowering.registry import Operand, Unsupported, lowers, lowers_to_method
from pycandle.rust import tree as t

lowers_to_method({"aten.silu.default": "silu", "aten.tanh.default": "tanh"})


@lowers("aten.gelu.default")
def gelu(x: Operand, *, approximate: str = "none") -> t.Expr:
    """aten::gelu(Tensor self, *, str approximate="none") -> Tensor

    The names cross over: Candle's `gelu` is the tanh approximation, and PyTorch's default is
    Candle's `gelu_erf`.
    """
    match approximate:
        case "none":
            return t.method(x.expr, "gelu_erf")
        case "tanh":
            return t.method(x.expr, "gelu")
        case _:
            raise Unsupported("approximate", repr(approximate), supported='"none", "tanh"')
