"""Exponential, trigonometric and hyperbolic functions, and what is near them."""

from __future__ import annotations

from pycandle.lowering.arguments import to_result
from pycandle.lowering.pointwise import lowers_to_kernel
from pycandle.lowering.registry import Operand, Result, Unsupported, lowers, lowers_to_method
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

lowers_to_kernel(
    {
        f"aten.{name}.default": name
        for name in (
            *("acos", "acosh", "asin", "asinh", "atan", "atanh", "cosh", "sinh", "tan"),
            *("deg2rad", "expm1", "log1p", "rad2deg", "sinc"),
        )
    }
)

lowers_to_kernel(
    {
        "aten.arctan2.default": "atan2",
        "aten.atan2.default": "atan2",
        "aten.copysign.Scalar": "copysign",
        "aten.copysign.Tensor": "copysign",
        "aten.hypot.default": "hypot",
        "aten.ldexp.Tensor": "ldexp",
        "aten.logaddexp.default": "logaddexp",
        "aten.logaddexp2.default": "logaddexp2",
        "aten.xlogy.Scalar_Other": "xlogy",
        "aten.xlogy.Scalar_Self": "xlogy",
        "aten.xlogy.Tensor": "xlogy",
    },
    ("x", "other"),
)


def _float(x: Operand, out: Result) -> t.Expr:
    if not out.tensor.is_float:
        raise Unsupported("self", f"a tensor of {x.dtype}", supported="floats")
    return to_result(x, out).expr


@lowers("aten.log2.default")
def log2(x: Operand, *, out: Result) -> t.Expr:
    """aten::log2(Tensor self) -> Tensor"""
    logarithm = t.method(_float(x, out), "log")
    return t.arithmetic("/", logarithm, t.path("std::f64::consts::LN_2"))


@lowers("aten.log10.default")
def log10(x: Operand, *, out: Result) -> t.Expr:
    """aten::log10(Tensor self) -> Tensor"""
    logarithm = t.method(_float(x, out), "log")
    return t.arithmetic("/", logarithm, t.path("std::f64::consts::LN_10"))


@lowers("aten.exp2.default")
def exp2(x: Operand, *, out: Result) -> t.Expr:
    """aten::exp2(Tensor self) -> Tensor"""
    return t.call(out.runtime("pow_scalar"), t.f64(2), t.ref(_float(x, out)))


@lowers("aten.logit.default")
def logit(x: Operand, eps: float | None = None, *, out: Result) -> t.Expr:
    """aten::logit(Tensor self, float? eps=None) -> Tensor"""
    bound = t.path("None") if eps is None else t.Call("Some", (t.f64(eps, "eps"),))
    return t.call(out.runtime("logit"), t.ref(_float(x, out)), bound)
