"""Variances and standard deviations."""

from __future__ import annotations

from pycandle.ir.sizes import product
from pycandle.lowering.arguments import boolean, dims_expr, is_half_or_may_be, require_float
from pycandle.lowering.reduction import accumulated, places, reduced, reduced_dims
from pycandle.lowering.registry import Operand, Result, Several, lowers
from pycandle.lowering.reuse import reuse
from pycandle.rust import tree as t


def variance(x: Operand, dims: list[int], correction: float, keepdim: bool, out: Result) -> t.Expr:
    """Returns the variance over dims, in the tensor's dtype."""
    require_float(x)
    count = product(tuple(x.shape[dim] for dim in dims))
    # Candle's variance of no elements is 0.
    is_undefined = isinstance(count, int) and count <= max(correction, 0)
    if is_half_or_may_be(x.type) or is_undefined or (correction > 1 and not isinstance(count, int)):
        numbers = (places(dims), t.f64(correction), boolean(keepdim))
        return t.call(out.runtime("var_dim"), x.lent(), *numbers)
    if correction == 1 and len(dims) == 1:
        return reduced("var", x, dims, keepdim)

    def build(x: Operand) -> t.Expr:
        mean = t.method(x.expr, "mean_keepdim", dims_expr(dims))
        squares = t.method(t.method(x.expr, "broadcast_sub", t.ref(mean)), "sqr")
        if correction == 0:
            return reduced("mean", Operand(squares, x.type), dims, keepdim)
        total = reduced("sum", Operand(squares, x.type), dims, keepdim)
        return t.arithmetic("/", total, _degrees(x, dims, correction))

    return reuse(x, build)


def _degrees(x: Operand, dims: list[int], correction: float) -> t.Expr:
    """Returns the degrees of freedom: the number of elements less the correction."""
    count = product(tuple(x.shape[dim] for dim in dims))
    if isinstance(count, int):
        return t.f64(count - correction)
    return t.Binary("-", t.Cast(x.sizes(count), "f64"), t.f64(correction))


@lowers("aten.var.correction")
def var(
    x: Operand,
    dim: list[int] | None = None,
    *,
    correction: float | None = None,
    keepdim: bool = False,
    out: Result,
) -> t.Expr:
    """aten::var.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> Tensor"""  # noqa: E501
    found = variance(x, reduced_dims(x, dim), 1 if correction is None else correction, keepdim, out)
    return found


@lowers("aten.var.dim")
def var_dim(
    x: Operand, dim: list[int] | None, unbiased: bool = True, keepdim: bool = False, *, out: Result
) -> t.Expr:
    """aten::var.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor"""
    return variance(x, reduced_dims(x, dim), int(unbiased), keepdim, out)


@lowers("aten.var.default")
def var_all(x: Operand, unbiased: bool = True, *, out: Result) -> t.Expr:
    """aten::var(Tensor self, bool unbiased=True) -> Tensor"""
    return variance(x, reduced_dims(x, None), int(unbiased), False, out)


@lowers("aten.std.default")
def std_all(x: Operand, unbiased: bool = True, *, out: Result) -> t.Expr:
    """aten::std(Tensor self, bool unbiased=True) -> Tensor"""
    return t.method(var_all(x, unbiased, out=out), "sqrt")


@lowers("aten.std.correction")
def std(
    x: Operand,
    dim: list[int] | None = None,
    *,
    correction: float | None = None,
    keepdim: bool = False,
    out: Result,
) -> t.Expr:
    """aten::std.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> Tensor"""  # noqa: E501
    found = variance(x, reduced_dims(x, dim), 1 if correction is None else correction, keepdim, out)
    return t.method(found, "sqrt")


@lowers("aten.std.dim")
def std_dim(
    x: Operand, dim: list[int] | None, unbiased: bool = True, keepdim: bool = False, *, out: Result
) -> t.Expr:
    """aten::std.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor"""
    return t.method(variance(x, reduced_dims(x, dim), int(unbiased), keepdim, out), "sqrt")


@lowers("aten.var_mean.correction")
def var_mean(
    x: Operand,
    dim: list[int] | None = None,
    *,
    correction: float | None = None,
    keepdim: bool = False,
    out: Result,
) -> Several:
    """aten::var_mean.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> (Tensor, Tensor)"""  # noqa: E501
    return _var_mean(x, dim, 1 if correction is None else correction, keepdim, out)


@lowers("aten.var_mean.dim")
def var_mean_dim(
    x: Operand, dim: list[int] | None, unbiased: bool = True, keepdim: bool = False, *, out: Result
) -> Several:
    """aten::var_mean.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> (Tensor, Tensor)"""  # noqa: E501
    return _var_mean(x, dim, int(unbiased), keepdim, out)


@lowers("aten.var_mean.default")
def var_mean_all(x: Operand, unbiased: bool = True, *, out: Result) -> Several:
    """aten::var_mean(Tensor self, bool unbiased=True) -> (Tensor, Tensor)"""
    return _var_mean(x, None, int(unbiased), False, out)


@lowers("aten.std_mean.correction")
def std_mean(
    x: Operand,
    dim: list[int] | None = None,
    *,
    correction: float | None = None,
    keepdim: bool = False,
    out: Result,
) -> Several:
    """aten::std_mean.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> (Tensor, Tensor)"""  # noqa: E501
    degrees = 1 if correction is None else correction
    return _var_mean(x, dim, degrees, keepdim, out, root=True)


@lowers("aten.std_mean.dim")
def std_mean_dim(
    x: Operand, dim: list[int] | None, unbiased: bool = True, keepdim: bool = False, *, out: Result
) -> Several:
    """aten::std_mean.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> (Tensor, Tensor)"""  # noqa: E501
    return _var_mean(x, dim, int(unbiased), keepdim, out, root=True)


@lowers("aten.std_mean.default")
def std_mean_all(x: Operand, unbiased: bool = True, *, out: Result) -> Several:
    """aten::std_mean(Tensor self, bool unbiased=True) -> (Tensor, Tensor)"""
    return _var_mean(x, None, int(unbiased), False, out, root=True)


def _var_mean(
    x: Operand,
    dim: list[int] | None,
    correction: float,
    keepdim: bool,
    out: Result,
    *,
    root: bool = False,
) -> Several:
    """Returns the variance, or with `root` the standard deviation, and the mean."""
    dims = reduced_dims(x, dim)

    def build(x: Operand) -> t.Expr:
        # A tuple cannot hold what is borrowed, which the mean over no dims is.
        mean = accumulated("mean", x, dims, keepdim, out) if dims else t.method(x.expr, "copy")
        spread = variance(x, dims, correction, keepdim, out)
        return t.tuple_of((t.method(spread, "sqrt") if root else spread, mean))

    return Several(reuse(x, build))
