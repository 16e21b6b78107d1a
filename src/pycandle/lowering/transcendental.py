"""Exponential, trigonometric and hyperbolic functions."""

from __future__ import annotations

from pycandle.lowering.arguments import to_result
from pycandle.lowering.registry import Operand, Result, lowers, lowers_to_method
from pycandle.rust import tree as t

lowers_to_method(
    {
        "aten.cos.default": "cos",
        "aten.erf.default": "erf",
        "aten.exp.default": "exp",
        "aten.log.default": "log",
        "aten.sin.default": "sin",
    }
)


def _kernel(name: str, x: Operand, out: Result) -> t.Expr:
    return t.call(out.runtime(name), to_result(x, out).lent())


@lowers("aten.log1p.default")
def log1p(x: Operand, *, out: Result) -> t.Expr:
    """aten::log1p(Tensor self) -> Tensor"""
    return _kernel("log1p", x, out)


@lowers("aten.expm1.default")
def expm1(x: Operand, *, out: Result) -> t.Expr:
    """aten::expm1(Tensor self) -> Tensor"""
    return _kernel("expm1", x, out)


@lowers("aten.acos.default")
def acos(x: Operand, *, out: Result) -> t.Expr:
    """aten::acos(Tensor self) -> Tensor"""
    return _kernel("acos", x, out)


@lowers("aten.asin.default")
def asin(x: Operand, *, out: Result) -> t.Expr:
    """aten::asin(Tensor self) -> Tensor"""
    return _kernel("asin", x, out)


@lowers("aten.atan.default")
def atan(x: Operand, *, out: Result) -> t.Expr:
    """aten::atan(Tensor self) -> Tensor"""
    return _kernel("atan", x, out)


@lowers("aten.tan.default")
def tan(x: Operand, *, out: Result) -> t.Expr:
    """aten::tan(Tensor self) -> Tensor"""
    return _kernel("tan", x, out)


@lowers("aten.sinh.default")
def sinh(x: Operand, *, out: Result) -> t.Expr:
    """aten::sinh(Tensor self) -> Tensor"""
    return _kernel("sinh", x, out)


@lowers("aten.cosh.default")
def cosh(x: Operand, *, out: Result) -> t.Expr:
    """aten::cosh(Tensor self) -> Tensor"""
    return _kernel("cosh", x, out)


@lowers("aten.atan2.default")
def atan2(x: Operand, other: Operand, *, out: Result) -> t.Expr:
    """aten::atan2(Tensor self, Tensor other) -> Tensor"""
    sine, cosine = to_result(x, out), to_result(other, out)
    return t.call(out.runtime("atan2"), sine.lent(), cosine.lent())


@lowers("aten.log2.default")
def log2(x: Operand, *, out: Result) -> t.Expr:
    """aten::log2(Tensor self) -> Tensor"""
    return t.arithmetic(
        "/", t.method(to_result(x, out).expr, "log"), t.path("std::f64::consts::LN_2")
    )


@lowers("aten.log10.default")
def log10(x: Operand, *, out: Result) -> t.Expr:
    """aten::log10(Tensor self) -> Tensor"""
    return t.arithmetic(
        "/", t.method(to_result(x, out).expr, "log"), t.path("std::f64::consts::LN_10")
    )


@lowers("aten.exp2.default")
def exp2(x: Operand, *, out: Result) -> t.Expr:
    """aten::exp2(Tensor self) -> Tensor"""
    return t.call(out.runtime("pow_scalar"), t.f64(2), to_result(x, out).lent())
