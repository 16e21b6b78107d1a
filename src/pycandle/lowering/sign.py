"""Signs, neighbours and closeness of numbers, and what is trivial for numbers that are real."""

from __future__ import annotations

from pycandle.lowering.arguments import boolean, kept, literal, require_float, to_result
from pycandle.lowering.comparison import compared, everywhere, extreme
from pycandle.lowering.pointwise import lowers_to_kernel
from pycandle.lowering.power import pow_tensor_tensor
from pycandle.lowering.promotion import Scalar, promote, to_promoted
from pycandle.lowering.registry import (
    Lowered,
    Operand,
    Result,
    Several,
    SizeOperand,
    Unsupported,
    lowers,
)
from pycandle.lowering.reuse import reuse
from pycandle.rust import tree as t

lowers_to_kernel({"aten.heaviside.default": "heaviside"}, ("x", "values"))


@lowers("aten.fmax.default")
def fmax(x: Operand, other: Operand, *, out: Result) -> t.Expr:
    """aten::fmax(Tensor self, Tensor other) -> Tensor"""
    if not out.tensor.is_float:
        return extreme("maximum", x, other, out)
    return t.call(out.runtime("fmax"), to_result(x, out).lent(), to_result(other, out).lent())


@lowers("aten.fmin.default")
def fmin(x: Operand, other: Operand, *, out: Result) -> t.Expr:
    """aten::fmin(Tensor self, Tensor other) -> Tensor"""
    if not out.tensor.is_float:
        return extreme("minimum", x, other, out)
    return t.call(out.runtime("fmin"), to_result(x, out).lent(), to_result(other, out).lent())


@lowers("aten.sgn.default")
def sgn(x: Operand) -> t.Expr | Lowered:
    """aten::sgn(Tensor self) -> Tensor"""
    return kept(x) if x.type.is_bool else t.method(x.expr, "sign")


@lowers("aten.signbit.default")
def signbit(x: Operand, *, out: Result) -> t.Expr:
    """aten::signbit(Tensor self) -> Tensor"""
    if not x.type.is_float:
        return compared("lt", x, 0, out)

    def build(x: Operand) -> t.Expr:
        ones = t.method(x.expr, "ones_like")
        return t.method(t.call(out.runtime("copysign"), t.ref(ones), x.lent()), "lt", t.f64(0))

    return reuse(x, build)


@lowers("aten.isposinf.default")
def isposinf(x: Operand, *, out: Result) -> t.Expr:
    """aten::isposinf(Tensor self) -> Tensor"""
    if not x.type.is_float:
        return everywhere("zeros", out)
    return t.method(x.expr, "eq", t.f64(float("inf")))


@lowers("aten.isneginf.default")
def isneginf(x: Operand, *, out: Result) -> t.Expr:
    """aten::isneginf(Tensor self) -> Tensor"""
    if not x.type.is_float:
        return everywhere("zeros", out)
    return t.method(x.expr, "eq", t.f64(float("-inf")))


@lowers("aten.isreal.default")
def isreal(x: Operand, *, out: Result) -> t.Expr:
    """aten::isreal(Tensor self) -> Tensor"""
    _require_real(x)
    return everywhere("ones", out)


@lowers(
    "aten.conj_physical.default",
    "aten.positive.default",
    "aten.real.default",
    "aten.resolve_conj.default",
    "aten.resolve_neg.default",
)
def positive(x: Operand) -> Lowered:
    """aten::conj_physical(Tensor self) -> Tensor"""
    _require_real(x)
    return kept(x)


def _require_real(x: Operand) -> None:
    if x.dtype.startswith("complex"):
        raise Unsupported("self", f"a tensor of {x.dtype}", supported="real dtypes")


@lowers("aten.angle.default")
def angle(x: Operand, *, out: Result) -> t.Expr:
    """aten::angle(Tensor self) -> Tensor"""
    _require_real(x)
    cast = to_result(x, out)

    def build(x: Operand) -> t.Expr:
        # 0 times a number is NaN for infinity, whose angle is 0 or pi.
        half_turn = t.method(x.expr, "lt", t.f64(0))
        turned = t.arithmetic(
            "*", t.method(half_turn, "to_dtype", out.dtype()), t.path("std::f64::consts::PI")
        )
        lost = t.method(x.expr, "ne", x.lent())
        return t.method(lost, "where_cond", x.lent(), t.ref(turned))

    return reuse(cast, build)


@lowers("aten.frac.default")
def frac(x: Operand, *, out: Result) -> t.Expr:
    """aten::frac(Tensor self) -> Tensor"""
    require_float(x)
    return t.call(out.runtime("frac"), x.lent())


@lowers("aten.nextafter.default")
def nextafter(x: Operand, other: Operand, *, out: Result) -> t.Expr:
    """aten::nextafter(Tensor self, Tensor other) -> Tensor"""
    if out.tensor.follows_model or out.tensor.dtype not in ("float32", "float64"):
        raise Unsupported("self", f"a tensor of {x.dtype}", supported="float32, float64")
    operands = (to_result(item, out).lent() for item in (x, other))
    return t.call(out.runtime("nextafter"), *operands)


@lowers("aten.frexp.Tensor")
def frexp(x: Operand, *, out: Result) -> Several:
    """aten::frexp.Tensor(Tensor self) -> (Tensor mantissa, Tensor exponent)"""
    require_float(x)
    return Several(t.call(out.runtime("frexp"), x.lent()))


@lowers("aten.round.decimals")
def round_decimals(x: Operand, *, decimals: int, out: Result) -> t.Expr:
    """aten::round.decimals(Tensor self, *, int decimals) -> Tensor"""
    require_float(x)
    places = t.Number(decimals, "i32", "decimals")
    return t.call(out.runtime("round_decimals"), x.lent(), places)


@lowers("aten.float_power.Tensor_Tensor")
def float_power(x: Operand, exponent: Operand, *, out: Result) -> t.Expr:
    """aten::float_power.Tensor_Tensor(Tensor self, Tensor exponent) -> Tensor"""
    return pow_tensor_tensor(x, exponent, out=out)


@lowers("aten.float_power.Tensor_Scalar")
def float_power_scalar(x: Operand, exponent: Scalar, *, out: Result) -> t.Expr:
    """aten::float_power.Tensor_Scalar(Tensor self, Scalar exponent) -> Tensor"""
    return t.call(out.runtime("pow"), to_result(x, out).lent(), number_tensor(exponent, out))


@lowers("aten.float_power.Scalar")
def float_power_of_scalar(x: Scalar, exponent: Operand, *, out: Result) -> t.Expr:
    """aten::float_power.Scalar(Scalar self, Tensor exponent) -> Tensor"""
    return t.call(out.runtime("pow"), number_tensor(x, out), to_result(exponent, out).lent())


def number_tensor(value: Scalar, out: Result) -> t.Expr:
    """Returns a number as a tensor of the result's dtype, which is no half."""
    if isinstance(value, SizeOperand):
        raise Unsupported("other", str(value.size), supported="a fixed number")
    return t.ref(t.call("Tensor::new", literal(value, out.tensor), out.device()))


@lowers("aten.isclose.default")
def isclose(
    x: Operand,
    other: Operand,
    rtol: float = 1e-05,
    atol: float = 1e-08,
    equal_nan: bool = False,
    *,
    out: Result,
) -> t.Expr:
    """aten::isclose(Tensor self, Tensor other, float rtol=1e-05, float atol=1e-08, bool equal_nan=False) -> Tensor"""  # noqa: E501
    kind = promote([x, other])
    operands = (to_promoted(item, kind, out).lent() for item in (x, other))
    bounds = (t.f64(rtol, "rtol"), t.f64(atol, "atol"), boolean(equal_nan))
    return t.call(out.runtime("isclose"), *operands, *bounds)
