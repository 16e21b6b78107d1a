"""Reductions over dims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pycandle.ir.configured import is_configured
from pycandle.ir.sizes import product
from pycandle.ir.types import DTypeConstant, TensorType
from pycandle.lowering.arguments import (
    Integer,
    boolean,
    dims_expr,
    kept,
    require_float,
    slice_of,
    to_result,
)
from pycandle.lowering.operand import candle_dtype
from pycandle.lowering.registry import (
    Lowered,
    Operand,
    Result,
    lowers,
)
from pycandle.lowering.reuse import reuse
from pycandle.rust import tree as t

_SHORT = 64
"""Up to so many elements, a sum in half precision is as good as torch's, which runs in float32."""


def reduced_dims(x: Operand, dim: Sequence[int] | int | None) -> list[int]:
    """Returns the dims that are reduced, counted from the front; none or an empty list is all."""
    if dim is None or (not isinstance(dim, int) and not dim):
        return list(range(x.rank))
    dims = [dim] if isinstance(dim, int) else dim
    # A tensor without dims has dim 0 and -1, over which there is one element.
    return sorted({x.dim(item) for item in dims}) if x.rank else []


def places(dims: list[int]) -> t.Expr:
    """Returns dims as a slice."""
    return slice_of([t.usize(dim) for dim in dims])


def reduced(name: str, x: Operand, dims: list[int], keepdim: bool) -> t.Expr:
    """Returns `sum`, `mean`, over dims that Candle reduces in one call."""
    if not keepdim and len(dims) == x.rank > 1:
        return t.method(x.expr, f"{name}_all")
    return t.method(x.expr, f"{name}_keepdim" if keepdim else name, dims_expr(dims))


def accumulated(name: str, x: Operand, dims: list[int], keepdim: bool, out: Result) -> t.Expr:
    """Returns a sum or mean that adds up halves in float32, as torch does.

    Candle adds in the tensor's dtype: 4096 ones in bfloat16 make 256.
    """
    if not dims:
        return x.expr
    count = product(tuple(x.shape[dim] for dim in dims))
    # A size that follows from settings is perhaps a long one elsewhere.
    is_short = isinstance(count, int) and not is_configured(count) and count <= _SHORT
    if is_short and x.type.follows_model:
        return reduced(name, x, dims, keepdim)
    if x.type.follows_model:
        return t.call(out.runtime(f"{name}_dim"), x.lent(), places(dims), boolean(keepdim))
    if x.dtype in ("float16", "bfloat16"):
        wide = reduced(name, x.to_dtype("float32"), dims, keepdim)
        return t.method(wide, "to_dtype", t.path(candle_dtype(x.dtype)))
    return reduced(name, x, dims, keepdim)


@lowers("aten.sum.default")
def sum_all(x: Operand, *, dtype: DTypeConstant | None = None, out: Result) -> t.Expr:
    """aten::sum(Tensor self, *, ScalarType? dtype=None) -> Tensor"""
    return accumulated("sum", to_result(x, out), reduced_dims(x, None), False, out)


@lowers("aten.sum.dim_IntList")
def sum_(
    x: Operand,
    dim: list[int] | None,
    keepdim: bool = False,
    *,
    dtype: DTypeConstant | None = None,
    out: Result,
) -> t.Expr:
    """aten::sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor"""  # noqa: E501
    return accumulated("sum", to_result(x, out), reduced_dims(x, dim), keepdim, out)


@lowers("aten.mean.default")
def mean_all(x: Operand, *, dtype: DTypeConstant | None = None, out: Result) -> t.Expr:
    """aten::mean(Tensor self, *, ScalarType? dtype=None) -> Tensor"""
    return accumulated("mean", to_result(x, out), reduced_dims(x, None), False, out)


@lowers("aten.mean.dim")
def mean(
    x: Operand,
    dim: list[int] | None,
    keepdim: bool = False,
    *,
    dtype: DTypeConstant | None = None,
    out: Result,
) -> t.Expr:
    """aten::mean.dim(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor"""  # noqa: E501
    return accumulated("mean", to_result(x, out), reduced_dims(x, dim), keepdim, out)


@lowers("aten.count_nonzero.default")
def count_nonzero(x: Operand, dim: int | None = None) -> t.Expr:
    """aten::count_nonzero(Tensor self, int? dim=None) -> Tensor"""
    counted = t.method(x.to_dtype("bool").expr, "to_dtype", t.path("DType::I64"))
    return reduced("sum", Operand(counted, x.type), reduced_dims(x, dim), False)


@lowers("aten.prod.default")
def prod(x: Operand, *, dtype: DTypeConstant | None = None, out: Result) -> t.Expr:
    """aten::prod(Tensor self, *, ScalarType? dtype=None) -> Tensor"""
    flat = t.method(to_result(x, out).expr, "flatten_all")
    false = t.path("false")
    return t.call(out.runtime("prod_dim"), t.ref(flat), t.usize(0), false)


@lowers("aten.prod.dim_int")
def prod_dim(
    x: Operand,
    dim: int,
    keepdim: bool = False,
    *,
    dtype: DTypeConstant | None = None,
    out: Result,
) -> t.Expr | Lowered:
    """aten::prod.dim_int(Tensor self, int dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor"""  # noqa: E501
    cast = to_result(x, out)
    if not x.rank:
        return kept(cast)
    keep = t.path("true" if keepdim else "false")
    return t.call(out.runtime("prod_dim"), cast.lent(), t.usize(x.dim(dim)), keep)


@lowers("aten.logsumexp.default")
def logsumexp(x: Operand, dim: list[int], keepdim: bool = False, *, out: Result) -> t.Expr:
    """aten::logsumexp(Tensor self, int[1] dim, bool keepdim=False) -> Tensor

    Candle's `log_sum_exp` of a row of -inf is NaN.
    """
    dims = slice_of([t.usize(item) for item in reduced_dims(x, dim)])
    keep = t.path("true" if keepdim else "false")
    return t.call(out.runtime("logsumexp"), to_result(x, out).lent(), dims, keep)


@lowers("aten.count_nonzero.dim_IntList")
def count_nonzero_dims(x: Operand, dim: list[int]) -> t.Expr:
    """aten::count_nonzero.dim_IntList(Tensor self, int[] dim) -> Tensor"""
    counted = t.method(x.to_dtype("bool").expr, "to_dtype", t.path("DType::I64"))
    dims = reduced_dims(x, dim)
    return reduced("sum", Operand(counted, x.type), dims, False) if dims else counted


@lowers("aten.nansum.default")
def nansum(
    x: Operand,
    dim: list[int] | None = None,
    keepdim: bool = False,
    *,
    dtype: DTypeConstant | None = None,
    out: Result,
) -> t.Expr:
    """aten::nansum(Tensor self, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor"""  # noqa: E501
    if not x.type.is_float:
        return sum_(x, dim, keepdim, dtype=dtype, out=out)
    return reuse(x, lambda x: _sum_without_nan(x, reduced_dims(x, dim), keepdim, out))


@lowers("aten.nanmean.default")
def nanmean(
    x: Operand,
    dim: list[int] | None = None,
    keepdim: bool = False,
    *,
    dtype: DTypeConstant | None = None,
    out: Result,
) -> t.Expr:
    """aten::nanmean(Tensor self, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor"""  # noqa: E501
    require_float(x)
    dims = reduced_dims(x, dim)

    def build(x: Operand) -> t.Expr:
        held = t.method(t.method(x.expr, "eq", x.lent()), "to_dtype", t.path("DType::F32"))
        kind = TensorType("float32", x.shape)
        count = reduced("sum", Operand(held, kind), dims, keepdim) if dims else held
        total = _sum_without_nan(x, dims, keepdim, out)
        return t.arithmetic("/", total, t.method(count, "to_dtype", out.dtype()))

    return reuse(x, build)


def _sum_without_nan(x: Operand, dims: list[int], keepdim: bool, out: Result) -> t.Expr:
    numbers = t.method(x.expr, "eq", x.lent())
    held = t.method(numbers, "where_cond", x.lent(), t.ref(t.method(x.expr, "zeros_like")))
    return accumulated("sum", to_result(replace(x, expr=held), out), dims, keepdim, out)


@lowers("aten.sum_to_size.default")
def sum_to_size(x: Operand, size: list[Integer], *, out: Result) -> t.Expr | Lowered:
    """aten::sum_to_size(Tensor self, SymInt[] size) -> Tensor"""
    x = to_result(x, out)
    extra = x.rank - out.tensor.rank
    wide = [i for i in range(extra, x.rank) if out.shape[i - extra] == 1 and x.shape[i] != 1]
    dims = [*range(extra), *wide]
    if not dims:
        return kept(x)
    return t.method(accumulated("sum", x, dims, True, out), "reshape", out.dims())
