"""Activation functions that make 0, or a number, of what is near it."""

from __future__ import annotations

from pycandle.lowering.arguments import filling, require_float
from pycandle.lowering.registry import Operand, Result, Unsupported, lowers
from pycandle.rust import tree as t


@lowers("aten.hardshrink.default")
def hardshrink(x: Operand, lambd: float = 0.5, *, out: Result) -> t.Expr:
    """aten::hardshrink(Tensor self, Scalar lambd=0.5) -> Tensor"""
    require_float(x)
    return t.call(out.runtime("hardshrink"), x.lent(), t.f64(lambd, "lambd"))


@lowers("aten.softshrink.default")
def softshrink(x: Operand, lambd: float = 0.5, *, out: Result) -> t.Expr:
    """aten::softshrink(Tensor self, Scalar lambd=0.5) -> Tensor"""
    require_float(x)
    return t.call(out.runtime("softshrink"), x.lent(), t.f64(lambd, "lambd"))


@lowers("aten.threshold.default")
def threshold(x: Operand, threshold: float, value: float, *, out: Result) -> t.Expr:
    """aten::threshold(Tensor self, Scalar threshold, Scalar value) -> Tensor"""
    require_float(x)
    numbers = (t.f64(threshold, "threshold"), filling(value, x.type))
    return t.call(out.runtime("threshold"), x.lent(), *numbers)


@lowers("aten.rrelu.default")
def rrelu(
    x: Operand,
    lower: float = 0.125,
    upper: float = 1 / 3,
    training: bool = False,
    generator: None = None,
) -> t.Expr:
    """aten::rrelu(Tensor self, Scalar lower=0.125, Scalar upper=0.33333333333333331, bool training=False, Generator? generator=None) -> Tensor

    Outside training its slope is the mean of those that are drawn, and `generator` draws none.
    """  # noqa: E501
    require_float(x)
    if training:
        raise Unsupported("training", True, supported="False: call `model.eval()` first")
    slope = t.f64((lower + upper) / 2, "negative_slope")
    return t.call("candle_nn::ops::leaky_relu", x.lent(), slope)
