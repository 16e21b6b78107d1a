"""Activation functions."""

from __future__ import annotations

from pycandle.ir.sizes import combine
from pycandle.lowering.arguments import require_float, to_result
from pycandle.lowering.comparison import bounded, number
from pycandle.lowering.elementwise import scalar
from pycandle.lowering.registry import (
    Lowered,
    Operand,
    Result,
    Unsupported,
    lowers,
    lowers_to_method,
)
from pycandle.lowering.reuse import reuse
from pycandle.rust import tree as t

lowers_to_method(
    {
        "aten.silu.default": "silu",
        "aten.tanh.default": "tanh",
    }
)


@lowers("aten.relu.default")
def relu(x: Operand) -> t.Expr:
    """aten::relu(Tensor self) -> Tensor

    Of NaN, Candle's own `relu` makes 0 where torch keeps it, and `maximum` does too.
    """
    if x.type.is_bool:
        raise Unsupported("self", "a tensor of bool", supported="floats and integers")
    return t.method(x.expr, "maximum", number(0, x.dtype))


@lowers("aten.gelu.default")
def gelu(x: Operand, *, approximate: str = "none") -> t.Expr:
    """aten::gelu(Tensor self, *, str approximate="none") -> Tensor

    The names cross over: Candle's `gelu` is the tanh approximation, and PyTorch's default is
    Candle's `gelu_erf`.
    """
    require_float(x)
    match approximate:
        case "none":
            return t.method(x.expr, "gelu_erf")
        case "tanh":
            return t.method(x.expr, "gelu")
        case _:
            raise Unsupported("approximate", repr(approximate), supported='"none", "tanh"')


@lowers("aten.sigmoid.default")
def sigmoid(x: Operand, *, out: Result) -> t.Expr:
    """aten::sigmoid(Tensor self) -> Tensor"""
    return t.call("candle_nn::ops::sigmoid", to_result(x, out).lent())


@lowers("aten.hardsigmoid.default")
def hardsigmoid(x: Operand) -> t.Expr:
    """aten::hardsigmoid(Tensor self) -> Tensor"""
    require_float(x)
    return t.call("candle_nn::ops::hard_sigmoid", x.lent())


@lowers("aten.hardswish.default")
def hardswish(x: Operand) -> t.Expr:
    """aten::hardswish(Tensor self) -> Tensor"""
    require_float(x)
    gate = "candle_nn::ops::hard_sigmoid"
    return reuse(x, lambda x: t.arithmetic("*", x.expr, t.call(gate, x.lent())))


@lowers("aten.hardtanh.default")
def hardtanh(
    x: Operand, min_val: float = -1, max_val: float = 1, *, out: Result
) -> t.Expr | Lowered:
    """aten::hardtanh(Tensor self, Scalar min_val=-1, Scalar max_val=1) -> Tensor"""
    require_float(x)
    return bounded(x, min_val, max_val, out)


@lowers("aten.relu6.default")
def relu6(x: Operand, *, out: Result) -> t.Expr | Lowered:
    """aten::relu6(Tensor self) -> Tensor"""
    require_float(x)
    return bounded(x, 0, 6, out)


@lowers("aten.leaky_relu.default")
def leaky_relu(x: Operand, negative_slope: float = 0.01) -> t.Expr:
    """aten::leaky_relu(Tensor self, Scalar negative_slope=0.01) -> Tensor"""
    require_float(x)
    slope = t.f64(negative_slope, "negative_slope")
    return t.call("candle_nn::ops::leaky_relu", x.lent(), slope)


@lowers("aten.elu.default")
def elu(
    x: Operand, alpha: float = 1, scale: float = 1, input_scale: float = 1, *, out: Result
) -> t.Expr:
    """aten::elu(Tensor self, Scalar alpha=1, Scalar scale=1, Scalar input_scale=1) -> Tensor"""
    require_float(x)
    if (scale, input_scale) == (1, 1):
        return t.method(x.expr, "elu", t.f64(alpha, "alpha"))
    named = (("alpha", alpha), ("scale", scale), ("input_scale", input_scale))
    return t.call(out.runtime("elu"), x.lent(), *(t.f64(value, name) for name, value in named))


@lowers("aten.celu.default")
def celu(x: Operand, alpha: float = 1, *, out: Result) -> t.Expr:
    """aten::celu(Tensor self, Scalar alpha=1.0) -> Tensor"""
    require_float(x)
    if alpha == 0:
        raise Unsupported("alpha", alpha, supported="any number but 0, as in torch")
    if alpha == 1:
        return t.method(x.expr, "elu", t.f64(1))
    numbers = (t.f64(alpha, "alpha"), t.f64(1), t.f64(1 / alpha))
    return t.call(out.runtime("elu"), x.lent(), *numbers)


@lowers("aten.selu.default")
def selu(x: Operand) -> t.Expr:
    """aten::selu(Tensor self) -> Tensor"""
    require_float(x)
    # The constants are PyTorch's; Candle's own `selu` is for f32 only.
    negative = t.method(x.expr, "elu", t.f64(1.6732632423543772848170429916717))
    return t.arithmetic("*", negative, t.f64(1.0507009873554804934193349852946))


@lowers("aten.mish.default")
def mish(x: Operand, *, out: Result) -> t.Expr:
    """aten::mish(Tensor self) -> Tensor"""
    require_float(x)

    def build(x: Operand) -> t.Expr:
        return t.arithmetic("*", x.expr, t.method(_softplus(x, 1, 20, out), "tanh"))

    return reuse(x, build)


@lowers("aten.softplus.default")
def softplus(x: Operand, beta: float = 1, threshold: float = 20, *, out: Result) -> t.Expr:
    """aten::softplus(Tensor self, Scalar beta=1, Scalar threshold=20) -> Tensor"""
    require_float(x)
    return _softplus(x, beta, threshold, out)


def _softplus(x: Operand, beta: float, threshold: float, out: Result) -> t.Expr:
    return t.call(
        out.runtime("softplus"), x.lent(), scalar(beta, "beta"), scalar(threshold, "threshold")
    )


@lowers("aten.log_sigmoid.default")
def log_sigmoid(x: Operand, *, out: Result) -> t.Expr:
    """aten::log_sigmoid(Tensor self) -> Tensor"""
    require_float(x)
    return t.call(out.runtime("log_sigmoid"), x.lent())


@lowers("aten.prelu.default")
def prelu(x: Operand, weight: Operand) -> t.Expr:
    """aten::prelu(Tensor self, Tensor weight) -> Tensor"""
    require_float(x)
    if x.rank > 2 and weight.shape not in ((), (1,)):
        column = t.tuple_of([weight.size(0)] + [t.usize(1)] * (x.rank - 2))
        slope = t.Reference(t.method(weight.expr, "reshape", column))
    elif not x.rank and weight.rank:
        slope = t.Reference(t.method(weight.expr, "squeeze", t.usize(0)))
    else:
        slope = weight.lent()
    zero = t.f64(0)

    def build(x: Operand) -> t.Expr:
        negative = t.method(t.method(x.expr, "minimum", zero), "broadcast_mul", slope)
        return t.arithmetic("+", t.method(x.expr, "maximum", zero), negative)

    return reuse(x, build)


@lowers("aten.glu.default")
def glu(x: Operand, dim: int = -1) -> t.Expr:
    """aten::glu(Tensor self, int dim=-1) -> Tensor"""
    require_float(x)
    place = x.dim(dim)
    half = x.sizes(combine("//", x.shape[place], 2))

    def build(x: Operand) -> t.Expr:
        values = t.method(x.expr, "narrow", t.usize(place), t.usize(0), half)
        gates = t.method(x.expr, "narrow", t.usize(place), half, half)
        return t.arithmetic("*", values, t.call("candle_nn::ops::sigmoid", t.ref(gates)))

    return reuse(x, build)
