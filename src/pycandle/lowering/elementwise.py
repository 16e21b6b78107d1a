"""Arithmetic, element by element."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias, TypeVar

from pycandle.dtypes import DTYPES
from pycandle.lowering.arguments import kept, require_float, to_result
from pycandle.lowering.promotion import Scalar
from pycandle.lowering.registry import (
    Lowered,
    Operand,
    Result,
    SizeOperand,
    Unsupported,
    lowers,
    lowers_to_method,
)
from pycandle.lowering.reuse import reuse
from pycandle.rust import tree as t

lowers_to_method(
    {
        "aten.reciprocal.default": "recip",
        "aten.sqrt.default": "sqrt",
    }
)

Output: TypeAlias = t.Expr | Lowered
Computed = TypeVar("Computed", bound=Output)

_BROADCAST = {
    "+": "broadcast_add",
    "-": "broadcast_sub",
    "*": "broadcast_mul",
    "/": "broadcast_div",
}
_SIGNED = ("int64", "int32", "int16")
INTEGERS = (*_SIGNED, "uint8")
"""Those whose arithmetic wraps in Candle as it does in torch."""
_EXACT = 2**53
"""Candle takes a scalar as f64, which holds integers up to here."""


def scalar(value: Scalar, role: str = "") -> t.Expr:
    """Returns a number as an `f64`, which is what Candle's operators take."""
    if isinstance(value, SizeOperand):
        return value.number("f64")
    return t.f64(value, role)


def binary(op: str, x: Operand, other: Operand) -> t.Expr:
    """Returns `x op other` for operands of one dtype; an operator only where the shapes are one."""
    if x.shape == other.shape:
        return t.arithmetic(op, x.expr, other.expr)
    return t.method(x.expr, _BROADCAST[op], other.lent())


def _tensor(x: Operand | Scalar) -> Operand:
    if not isinstance(x, Operand):
        raise Unsupported("self", x, supported="a tensor")
    return x


def _require_arithmetic(out: Result) -> None:
    """Refuses the dtypes in which Candle computes something else than torch."""
    dtype = out.tensor.dtype
    if not out.tensor.is_float and dtype not in _SIGNED:
        supported = f"floats, {', '.join(INTEGERS)}"
        raise Unsupported("self", f"a tensor of {dtype}", supported=supported)


def in_wide_integers(out: Result, compute: Callable[[Result], Computed]) -> Computed | t.Expr:
    """Returns what `compute` makes of the result's type, of `uint8` by way of `int64`.

    Candle makes 0 of a negative number beside `uint8`; torch counts modulo 256, as the cast does.
    """
    if out.tensor.dtype != "uint8":
        return compute(out)
    wide = compute(replace(out, type=replace(out.tensor, dtype="int64")))
    expr = wide.expr if isinstance(wide, Lowered) else wide
    return t.method(expr, "to_dtype", t.path("DType::U8"))


Number = TypeVar("Number", bound=Scalar)


def fits(value: Number, out: Result) -> Number:
    """Refuses a number that Candle would change on its way into an integer tensor."""
    if out.tensor.is_integer and not isinstance(value, SizeOperand):
        limit = min(2 ** (DTYPES[out.tensor.dtype].bits - 1), _EXACT)
        if abs(value) >= limit:
            raise Unsupported("other", value, supported=f"less than {limit} for {out.tensor.dtype}")
    return value


def _is(value: Operand | Scalar, number: float) -> bool:
    return not isinstance(value, Operand | SizeOperand) and value == number


@lowers("aten.add.Tensor")
def add(x: Operand, other: Operand | Scalar, *, alpha: Scalar = 1, out: Result) -> t.Expr | Lowered:
    """aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor"""
    if out.tensor.is_bool:
        return _either(_tensor(x), other, alpha)
    return _sum("+", _tensor(x), other, alpha, out)


@lowers("aten.add.Scalar")
def add_scalar(x: Operand, other: Scalar, alpha: Scalar = 1, *, out: Result) -> t.Expr | Lowered:
    """aten::add.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor"""
    return _sum("+", x, other, alpha, out)


@lowers("aten.sub.Tensor", "aten.subtract.Tensor")
def sub(x: Operand, other: Operand | Scalar, *, alpha: Scalar = 1, out: Result) -> t.Expr | Lowered:
    """aten::sub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor"""
    return _sum("-", _tensor(x), other, alpha, out)


@lowers("aten.sub.Scalar")
def sub_scalar(x: Operand, other: Scalar, alpha: Scalar = 1, *, out: Result) -> t.Expr | Lowered:
    """aten::sub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor"""
    return _sum("-", x, other, alpha, out)


@lowers("aten.rsub.Scalar")
def rsub_scalar(x: Operand, other: Scalar, alpha: Scalar = 1, *, out: Result) -> t.Expr | Lowered:
    """aten::rsub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor"""

    def compute(out: Result) -> t.Expr:
        _require_arithmetic(out)
        scaled = _scaled(to_result(x, out), alpha, out)
        return t.Try(t.Binary("-", scalar(fits(other, out)), t.operand(scaled.expr)))

    return in_wide_integers(out, compute)


@lowers("aten.rsub.Tensor")
def rsub(x: Operand, other: Operand, *, alpha: Scalar = 1, out: Result) -> t.Expr | Lowered:
    """aten::rsub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor"""
    return _sum("-", other, x, alpha, out)


def _either(x: Operand, other: Operand | Scalar, alpha: Scalar) -> t.Expr:
    """Returns the sum of bools, which is their logical or."""
    if not isinstance(other, Operand) or not _is(alpha, 1):
        raise Unsupported("other", other, supported="a tensor of bool, and alpha 1")
    return t.method(x.expr, "broadcast_maximum", other.lent())


def _sum(
    op: str, x: Operand, other: Operand | Scalar, alpha: Scalar, out: Result
) -> t.Expr | Lowered:
    return in_wide_integers(out, lambda wide: _plain_sum(op, x, other, alpha, wide))


def _plain_sum(
    op: str, x: Operand, other: Operand | Scalar, alpha: Scalar, out: Result
) -> t.Expr | Lowered:
    _require_arithmetic(out)
    cast = to_result(x, out)
    if isinstance(other, Operand):
        return binary(op, cast, _scaled(to_result(other, out), alpha, out))
    if isinstance(other, SizeOperand) or isinstance(alpha, SizeOperand):
        if not _is(alpha, 1):
            raise Unsupported("alpha", alpha, supported="1, beside a size")
        return t.arithmetic(op, cast.expr, scalar(other))
    added = fits(other * alpha, out)
    if added == 0:
        return kept(cast)
    return t.arithmetic(op, cast.expr, scalar(added))


def _scaled(x: Operand, alpha: Scalar, out: Result) -> Operand:
    if _is(alpha, 1):
        return x
    return Operand(t.arithmetic("*", x.expr, scalar(fits(alpha, out))), x.type)


@lowers("aten.mul.Tensor", "aten.multiply.Tensor")
def mul(x: Operand, other: Operand | Scalar, *, out: Result) -> t.Expr | Lowered:
    """aten::mul.Tensor(Tensor self, Tensor other) -> Tensor"""
    x = _tensor(x)
    if isinstance(other, Operand) and out.tensor.is_bool:
        return binary("*", x, other)
    return _product(x, other, out)


@lowers("aten.mul.Scalar")
def mul_scalar(x: Operand, other: Scalar, *, out: Result) -> t.Expr | Lowered:
    """aten::mul.Scalar(Tensor self, Scalar other) -> Tensor"""
    return _product(x, other, out)


def _product(x: Operand, other: Operand | Scalar, out: Result) -> t.Expr | Lowered:
    return in_wide_integers(out, lambda wide: _plain_product(x, other, wide))


def _plain_product(x: Operand, other: Operand | Scalar, out: Result) -> t.Expr | Lowered:
    _require_arithmetic(out)
    cast = to_result(x, out)
    if isinstance(other, Operand):
        return binary("*", cast, to_result(other, out))
    if _is(other, 1):
        return kept(cast)
    return t.arithmetic("*", cast.expr, scalar(fits(other, out)))


@lowers("aten.div.Tensor", "aten.divide.Tensor", "aten.true_divide.Tensor")
def div(x: Operand, other: Operand | Scalar, *, out: Result) -> t.Expr | Lowered:
    """aten::div.Tensor(Tensor self, Tensor other) -> Tensor

    Candle divides by a number as it multiplies with the reciprocal: 1 ulp from torch.
    """
    return quotient(_tensor(x), other, out)


@lowers("aten.div.Scalar")
def div_scalar(x: Operand, other: Scalar, *, out: Result) -> t.Expr | Lowered:
    """aten::div.Scalar(Tensor self, Scalar other) -> Tensor"""
    return quotient(x, other, out)


def quotient(x: Operand, other: Operand | Scalar, out: Result) -> t.Expr | Lowered:
    """Returns a quotient in the result's dtype, which torch makes a float."""
    cast = to_result(x, out)
    if isinstance(other, Operand):
        return binary("/", cast, to_result(other, out))
    if _is(other, 1):
        return kept(cast)
    return t.arithmetic("/", cast.expr, scalar(other))


@lowers("aten.addcmul.default")
def addcmul(
    x: Operand, tensor1: Operand, tensor2: Operand, *, value: Scalar = 1, out: Result
) -> t.Expr:
    """aten::addcmul(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor"""
    return _added_to("*", x, tensor1, tensor2, value, out)


def _added_to(
    op: str, x: Operand, tensor1: Operand, tensor2: Operand, value: Scalar, out: Result
) -> t.Expr:
    """Returns `x + value * (tensor1 op tensor2)`."""

    def compute(out: Result) -> t.Expr:
        _require_arithmetic(out)
        first, left, right = (to_result(item, out) for item in (x, tensor1, tensor2))
        term = _scaled(Operand(binary(op, left, right), out.tensor), value, out)
        if x.shape == tensor1.shape == tensor2.shape:
            return t.arithmetic("+", first.expr, term.expr)
        return t.method(first.expr, "broadcast_add", term.lent())

    return in_wide_integers(out, compute)


@lowers("aten.addcdiv.default")
def addcdiv(
    x: Operand, tensor1: Operand, tensor2: Operand, *, value: Scalar = 1, out: Result
) -> t.Expr:
    """aten::addcdiv(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor"""
    return _added_to("/", x, tensor1, tensor2, value, out)


@lowers("aten.lerp.Scalar")
def lerp(x: Operand, end: Operand, weight: float, *, out: Result) -> t.Expr:
    """aten::lerp.Scalar(Tensor self, Tensor end, Scalar weight) -> Tensor"""
    require_float(x)

    def build(x: Operand) -> t.Expr:
        step = _scaled(Operand(binary("-", end, x), out.tensor), weight, out)
        if x.shape == end.shape:
            return t.arithmetic("+", x.expr, step.expr)
        return t.method(x.expr, "broadcast_add", step.lent())

    return reuse(x, build)


@lowers("aten.lerp.Tensor")
def lerp_tensor(x: Operand, end: Operand, weight: Operand, *, out: Result) -> t.Expr:
    """aten::lerp.Tensor(Tensor self, Tensor end, Tensor weight) -> Tensor"""
    require_float(x)
    return t.call(out.runtime("lerp"), x.lent(), end.lent(), weight.lent())


@lowers("aten.ceil.default")
def ceil(x: Operand) -> t.Expr | Lowered:
    """aten::ceil(Tensor self) -> Tensor"""
    return _rounded("ceil", x)


@lowers("aten.floor.default")
def floor(x: Operand) -> t.Expr | Lowered:
    """aten::floor(Tensor self) -> Tensor"""
    return _rounded("floor", x)


def _rounded(name: str, x: Operand) -> t.Expr | Lowered:
    if x.type.is_bool:
        raise Unsupported("self", f"a tensor of {x.dtype}", supported="floats and integers")
    return t.method(x.expr, name) if x.type.is_float else kept(x)


@lowers("aten.neg.default")
def neg(x: Operand, *, out: Result) -> t.Expr | Lowered:
    """aten::neg(Tensor self) -> Tensor

    Candle's `neg` panics on integers.
    """
    return t.method(x.expr, "neg") if x.type.is_float else _product(x, -1, out)


@lowers("aten.abs.default")
def abs_(x: Operand, *, out: Result) -> t.Expr | Lowered:
    """aten::abs(Tensor self) -> Tensor"""
    if x.dtype == "uint8":
        return kept(x)
    _require_arithmetic(out)
    return t.method(x.expr, "abs")


@lowers("aten.sign.default")
def sign(x: Operand) -> t.Expr | Lowered:
    """aten::sign(Tensor self) -> Tensor"""
    return kept(x) if x.type.is_bool else t.method(x.expr, "sign")


@lowers("aten.nan_to_num.default")
def nan_to_num(
    x: Operand,
    nan: float | None = None,
    posinf: float | None = None,
    neginf: float | None = None,
    *,
    out: Result,
) -> t.Expr | Lowered:
    """aten::nan_to_num(Tensor self, float? nan=None, float? posinf=None, float? neginf=None) -> Tensor"""  # noqa: E501
    if not x.type.is_float:
        return kept(x)
    bounds = (
        t.path("None") if value is None else t.Call("Some", (t.f64(value, name),))
        for name, value in (("posinf", posinf), ("neginf", neginf))
    )
    return t.call(out.runtime("nan_to_num"), x.lent(), t.f64(nan or 0, "nan"), *bounds)


@lowers("aten.rsqrt.default")
def rsqrt(x: Operand, *, out: Result) -> t.Expr:
    """aten::rsqrt(Tensor self) -> Tensor"""
    return t.method(t.method(to_result(x, out).expr, "sqrt"), "recip")
