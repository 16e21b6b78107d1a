"""Cumulative sums, products and extremes, and integrals."""

from __future__ import annotations

from pycandle.ir.types import DTypeConstant
from pycandle.lowering.arguments import boolean, kept, require_float, to_result
from pycandle.lowering.promotion import Scalar
from pycandle.lowering.registry import (
    Lowered,
    Operand,
    Result,
    Several,
    SizeOperand,
    Unsupported,
    lowers,
)
from pycandle.rust import tree as t


def _scanned(kernel: str, x: Operand, dim: int, out: Result) -> t.Expr | Lowered:
    place = x.dim(dim)
    return t.call(out.runtime(kernel), x.lent(), t.usize(place)) if x.rank else kept(x)


@lowers("aten.cumsum.default")
def cumsum(
    x: Operand, dim: int, *, dtype: DTypeConstant | None = None, out: Result
) -> t.Expr | Lowered:
    """aten::cumsum(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor

    Candle's own multiplies by a triangle: quadratic, and for no integers.
    """
    return _scanned("cumsum", to_result(x, out), dim, out)


@lowers("aten.cumprod.default")
def cumprod(
    x: Operand, dim: int, *, dtype: DTypeConstant | None = None, out: Result
) -> t.Expr | Lowered:
    """aten::cumprod(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor"""
    return _scanned("cumprod", to_result(x, out), dim, out)


@lowers("aten.logcumsumexp.default")
def logcumsumexp(x: Operand, dim: int, *, out: Result) -> t.Expr | Lowered:
    """aten::logcumsumexp(Tensor self, int dim) -> Tensor"""
    require_float(x)
    return _scanned("logcumsumexp", x, dim, out)


@lowers("aten.cummax.default")
def cummax(x: Operand, dim: int, *, out: Result) -> Several:
    """aten::cummax(Tensor self, int dim) -> (Tensor values, Tensor indices)"""
    return _extremes("cummax", x, dim, out)


@lowers("aten.cummin.default")
def cummin(x: Operand, dim: int, *, out: Result) -> Several:
    """aten::cummin(Tensor self, int dim) -> (Tensor values, Tensor indices)"""
    return _extremes("cummin", x, dim, out)


def _extremes(kernel: str, x: Operand, dim: int, out: Result) -> Several:
    return Several(t.call(out.runtime(kernel), x.lent(), t.usize(x.dim(dim))))


@lowers("aten.trapezoid.x", "aten.trapz.x")
def trapezoid(y: Operand, x: Operand, *, dim: int = -1, out: Result) -> t.Expr:
    """aten::trapezoid.x(Tensor y, Tensor x, *, int dim=-1) -> Tensor"""
    return _integral(y, x, dim, out, cumulative=False)


@lowers("aten.trapezoid.dx")
def trapezoid_dx(y: Operand, *, dx: Scalar = 1, dim: int = -1, out: Result) -> t.Expr:
    """aten::trapezoid.dx(Tensor y, *, Scalar dx=1, int dim=-1) -> Tensor"""
    return _integral(y, dx, dim, out, cumulative=False)


@lowers("aten.trapz.dx")
def trapz_dx(y: Operand, *, dx: float = 1.0, dim: int = -1, out: Result) -> t.Expr:
    """aten::trapz.dx(Tensor y, *, float dx=1., int dim=-1) -> Tensor"""
    return _integral(y, dx, dim, out, cumulative=False)


@lowers("aten.cumulative_trapezoid.x")
def cumulative_trapezoid(y: Operand, x: Operand, *, dim: int = -1, out: Result) -> t.Expr:
    """aten::cumulative_trapezoid.x(Tensor y, Tensor x, *, int dim=-1) -> Tensor"""
    return _integral(y, x, dim, out, cumulative=True)


@lowers("aten.cumulative_trapezoid.dx")
def cumulative_trapezoid_dx(y: Operand, *, dx: Scalar = 1, dim: int = -1, out: Result) -> t.Expr:
    """aten::cumulative_trapezoid.dx(Tensor y, *, Scalar dx=1, int dim=-1) -> Tensor"""
    return _integral(y, dx, dim, out, cumulative=True)


def _integral(
    y: Operand, x: Operand | Scalar, dim: int, out: Result, *, cumulative: bool
) -> t.Expr:
    if not out.tensor.is_float:
        raise Unsupported("y", f"a result of {out.tensor.dtype}", supported="floats")
    if y.dtype == "uint8":
        raise Unsupported("y", "a tensor of uint8, whose sums wrap", supported="wider integers")
    if isinstance(x, SizeOperand):
        raise Unsupported("dx", str(x.size), supported="a fixed number")
    if y.rank == 0:
        raise Unsupported("y", "a tensor of rank 0", supported="rank 1 and up")
    if isinstance(x, Operand):
        points, step = t.Call("Some", (to_result(x, out).lent(),)), t.f64(1)
    else:
        points, step = t.path("None"), t.f64(x, "dx")
    place, lent = t.usize(y.dim(dim)), to_result(y, out).lent()
    return t.call(out.runtime("trapezoid"), lent, points, step, place, boolean(cumulative))
