"""Comparisons, and the larger, smaller and bounded of values."""

from __future__ import annotations

from pycandle.dtypes import DTYPES
from pycandle.ir.configured import to_int
from pycandle.lowering.arguments import to_result
from pycandle.lowering.promotion import Scalar, promote, to_promoted
from pycandle.lowering.registry import (
    Lowered,
    Operand,
    Result,
    SizeOperand,
    Unsupported,
    lowers,
)
from pycandle.lowering.reuse import reuse
from pycandle.rust import tree as t


def number(value: Scalar, dtype: str, role: str = "") -> t.Expr:
    """Returns a number to compare a tensor with; Candle casts it to the tensor's dtype."""
    row = DTYPES[dtype]
    if isinstance(value, SizeOperand):
        return value.number("i64" if row.kind == "int" else "f64")
    if row.is_float:
        return t.f64(value, role)
    signed = not dtype.startswith("uint")
    low, high = (-(2 ** (row.bits - 1)), 2 ** (row.bits - 1)) if signed else (0, 2**row.bits)
    if row.kind == "int" and not low <= value < high:
        raise Unsupported("other", value, supported=f"values of {dtype}")
    return t.Number(to_int(value), "i64", role, suffix=True)


def compared(name: str, x: Operand, other: Operand | Scalar, out: Result) -> t.Expr:
    """Returns a comparison, `lt`, in the dtype that torch promotes both sides to."""
    kind = promote([x, other])
    left = to_promoted(x, kind, out)
    if not isinstance(other, Operand):
        return t.method(left.expr, name, number(other, kind.dtype))
    right = to_promoted(other, kind, out)
    if x.shape == other.shape:
        return t.method(left.expr, name, right.lent())
    return t.method(left.expr, f"broadcast_{name}", right.lent())


def _tensor(x: Operand | Scalar) -> Operand:
    if not isinstance(x, Operand):
        raise Unsupported("self", x, supported="a tensor")
    return x


@lowers("aten.eq.Tensor")
def eq(x: Operand, other: Operand | Scalar, *, out: Result) -> t.Expr:
    """aten::eq.Tensor(Tensor self, Tensor other) -> Tensor"""
    return compared("eq", _tensor(x), other, out)


@lowers("aten.eq.Scalar")
def eq_scalar(x: Operand, other: Scalar, *, out: Result) -> t.Expr:
    """aten::eq.Scalar(Tensor self, Scalar other) -> Tensor"""
    return compared("eq", x, other, out)


@lowers("aten.ne.Tensor")
def ne(x: Operand, other: Operand | Scalar, *, out: Result) -> t.Expr:
    """aten::ne.Tensor(Tensor self, Tensor other) -> Tensor"""
    return compared("ne", _tensor(x), other, out)


@lowers("aten.ne.Scalar")
def ne_scalar(x: Operand, other: Scalar, *, out: Result) -> t.Expr:
    """aten::ne.Scalar(Tensor self, Scalar other) -> Tensor"""
    return compared("ne", x, other, out)


@lowers("aten.lt.Tensor")
def lt(x: Operand, other: Operand | Scalar, *, out: Result) -> t.Expr:
    """aten::lt.Tensor(Tensor self, Tensor other) -> Tensor"""
    return compared("lt", _tensor(x), other, out)


@lowers("aten.lt.Scalar")
def lt_scalar(x: Operand, other: Scalar, *, out: Result) -> t.Expr:
    """aten::lt.Scalar(Tensor self, Scalar other) -> Tensor"""
    return compared("lt", x, other, out)


@lowers("aten.le.Tensor")
def le(x: Operand, other: Operand | Scalar, *, out: Result) -> t.Expr:
    """aten::le.Tensor(Tensor self, Tensor other) -> Tensor"""
    return compared("le", _tensor(x), other, out)


@lowers("aten.le.Scalar")
def le_scalar(x: Operand, other: Scalar, *, out: Result) -> t.Expr:
    """aten::le.Scalar(Tensor self, Scalar other) -> Tensor"""
    return compared("le", x, other, out)


@lowers("aten.gt.Tensor")
def gt(x: Operand, other: Operand | Scalar, *, out: Result) -> t.Expr:
    """aten::gt.Tensor(Tensor self, Tensor other) -> Tensor"""
    return compared("gt", _tensor(x), other, out)


@lowers("aten.gt.Scalar")
def gt_scalar(x: Operand, other: Scalar, *, out: Result) -> t.Expr:
    """aten::gt.Scalar(Tensor self, Scalar other) -> Tensor"""
    return compared("gt", x, other, out)


@lowers("aten.ge.Tensor")
def ge(x: Operand, other: Operand | Scalar, *, out: Result) -> t.Expr:
    """aten::ge.Tensor(Tensor self, Tensor other) -> Tensor"""
    return compared("ge", _tensor(x), other, out)


@lowers("aten.ge.Scalar")
def ge_scalar(x: Operand, other: Scalar, *, out: Result) -> t.Expr:
    """aten::ge.Scalar(Tensor self, Scalar other) -> Tensor"""
    return compared("ge", x, other, out)


@lowers("aten.isnan.default")
def isnan(x: Operand) -> t.Expr:
    """aten::isnan(Tensor self) -> Tensor"""
    return reuse(x, lambda x: t.method(x.expr, "ne", x.lent()))


@lowers("aten.isinf.default")
def isinf(x: Operand, *, out: Result) -> t.Expr:
    """aten::isinf(Tensor self) -> Tensor"""
    if not x.type.is_float:
        return everywhere("zeros", out)
    return t.method(t.method(x.expr, "abs"), "eq", t.f64(float("inf")))


@lowers("aten.isfinite.default")
def isfinite(x: Operand, *, out: Result) -> t.Expr:
    """aten::isfinite(Tensor self) -> Tensor"""
    if not x.type.is_float:
        return everywhere("ones", out)
    return t.method(t.method(x.expr, "abs"), "lt", t.f64(float("inf")))


def everywhere(values: str, out: Result) -> t.Expr:
    """Returns `ones` or `zeros` as bools, of the result's shape."""
    return t.call(f"Tensor::{values}", out.dims(), t.path("DType::U8"), out.device())


def extreme(name: str, x: Operand, other: Operand, out: Result) -> t.Expr:
    """Returns the `maximum` or `minimum` of two tensors, which broadcast."""
    left, right = to_result(x, out), to_result(other, out)
    if out.tensor.is_float:
        return t.call(out.runtime(name), left.lent(), right.lent())
    if x.shape == other.shape:
        return t.method(left.expr, name, right.lent())
    return t.method(left.expr, f"broadcast_{name}", right.lent())


@lowers("aten.maximum.default", "aten.max.other")
def maximum(x: Operand, other: Operand, *, out: Result) -> t.Expr:
    """aten::maximum(Tensor self, Tensor other) -> Tensor"""
    return extreme("maximum", x, other, out)


@lowers("aten.minimum.default", "aten.min.other")
def minimum(x: Operand, other: Operand, *, out: Result) -> t.Expr:
    """aten::minimum(Tensor self, Tensor other) -> Tensor"""
    return extreme("minimum", x, other, out)


@lowers("aten.clamp.default")
def clamp(
    x: Operand, min: Scalar | None = None, max: Scalar | None = None, *, out: Result
) -> t.Expr | Lowered:
    """aten::clamp(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor"""
    return bounded(x, min, max, out)


@lowers("aten.clamp_min.default")
def clamp_min(x: Operand, min: Scalar, *, out: Result) -> t.Expr | Lowered:
    """aten::clamp_min(Tensor self, Scalar min) -> Tensor"""
    return bounded(x, min, None, out)


@lowers("aten.clamp_max.default")
def clamp_max(x: Operand, max: Scalar, *, out: Result) -> t.Expr | Lowered:
    """aten::clamp_max(Tensor self, Scalar max) -> Tensor"""
    return bounded(x, None, max, out)


def bounded(x: Operand, low: Scalar | None, high: Scalar | None, out: Result) -> t.Expr | Lowered:
    """Returns a tensor limited on one side or both, in the result's dtype."""
    cast, dtype = to_result(x, out), out.tensor.dtype
    if low is not None and high is not None:
        return t.method(cast.expr, "clamp", number(low, dtype, "min"), number(high, dtype, "max"))
    if low is not None:
        return t.method(cast.expr, "maximum", number(low, dtype, "min"))
    if high is not None:
        return t.method(cast.expr, "minimum", number(high, dtype, "max"))
    raise Unsupported("min", None, supported="a bound on one side at least")


@lowers("aten.clamp.Tensor")
def clamp_tensor(
    x: Operand, min: Operand | None = None, max: Operand | None = None, *, out: Result
) -> t.Expr | Lowered:
    """aten::clamp.Tensor(Tensor self, Tensor? min=None, Tensor? max=None) -> Tensor"""
    found = to_result(x, out).expr
    for name, bound in (("maximum", min), ("minimum", max)):
        if bound is not None and out.tensor.is_float:
            found = t.call(out.runtime(name), t.ref(found), to_result(bound, out).lent())
        elif bound is not None:
            found = t.method(found, f"broadcast_{name}", to_result(bound, out).lent())
    return found


@lowers("aten.clamp_min.Tensor")
def clamp_min_tensor(x: Operand, min: Operand, *, out: Result) -> t.Expr:
    """aten::clamp_min.Tensor(Tensor self, Tensor min) -> Tensor"""
    return extreme("maximum", x, min, out)


@lowers("aten.clamp_max.Tensor")
def clamp_max_tensor(x: Operand, max: Operand, *, out: Result) -> t.Expr:
    """aten::clamp_max.Tensor(Tensor self, Tensor max) -> Tensor"""
    return extreme("minimum", x, max, out)
