"""Norms, distances, and products of vectors."""

from __future__ import annotations

from pycandle.ir.types import DTypeConstant
from pycandle.lowering.arguments import boolean, require_float, to_result
from pycandle.lowering.elementwise import binary, scalar
from pycandle.lowering.matrix_norm import matrix_norm
from pycandle.lowering.promotion import Scalar
from pycandle.lowering.reduction import places, reduced, reduced_dims
from pycandle.lowering.registry import Operand, Result, SizeOperand, Unsupported, lowers
from pycandle.rust import tree as t


@lowers("aten.linalg_vector_norm.default")
def linalg_vector_norm(
    x: Operand,
    ord: float = 2,
    dim: list[int] | None = None,
    keepdim: bool = False,
    *,
    dtype: DTypeConstant | None = None,
    out: Result,
) -> t.Expr:
    """aten::linalg_vector_norm(Tensor self, Scalar ord=2, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor"""  # noqa: E501
    require_float(x)
    return norm(to_result(x, out), ord, reduced_dims(x, dim), keepdim, out)


@lowers("aten.linalg_norm.default")
def linalg_norm(
    x: Operand,
    ord: float | None = None,
    dim: list[int] | None = None,
    keepdim: bool = False,
    *,
    dtype: DTypeConstant | None = None,
    out: Result,
) -> t.Expr:
    """aten::linalg_norm(Tensor self, Scalar? ord=None, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor"""  # noqa: E501
    require_float(x)
    dims = reduced_dims(x, dim)
    if ord is not None and len(dims) == 2:
        return matrix_norm(x, ord, dims if dim is None else dim, keepdim, out)
    if ord is not None and len(dims) != 1:
        raise Unsupported("ord", ord, supported="None, or one dim or two")
    return norm(to_result(x, out), 2 if ord is None else ord, dims, keepdim, out)


def norm(x: Operand, ord: float, dims: list[int], keepdim: bool, out: Result) -> t.Expr:
    """Returns a vector norm; squares of halves would overflow, so that they are widened."""
    if ord not in (1, 2) or not dims:
        lent = (x.lent(), t.f64(ord, "ord"), places(dims), boolean(keepdim))
        return t.call(out.runtime("linalg_vector_norm"), *lent)
    narrow = x.type.follows_model or x.dtype in ("float16", "bfloat16")
    wide = x.to_dtype("float32") if narrow else x
    powers = t.method(wide.expr, "sqr" if ord == 2 else "abs")
    found = reduced("sum", Operand(powers, wide.type), dims, keepdim)
    found = t.method(found, "sqrt") if ord == 2 else found
    return t.method(found, "to_dtype", out.dtype()) if narrow else found


def _number(name: str, value: Scalar) -> float:
    if isinstance(value, SizeOperand):
        raise Unsupported(name, str(value.size), supported="a fixed number")
    return value


@lowers("aten.dist.default")
def dist(x: Operand, other: Operand, p: Scalar = 2, *, out: Result) -> t.Expr:
    """aten::dist(Tensor self, Tensor other, Scalar p=2) -> Tensor"""
    require_float(x)
    difference = binary("-", to_result(x, out), to_result(other, out))
    flat = t.method(difference, "flatten_all")
    order = t.f64(_number("p", p), "p")
    kernel = out.runtime("linalg_vector_norm")
    return t.call(kernel, t.ref(flat), order, places([0]), boolean(False))


@lowers("aten.pairwise_distance.default")
def pairwise_distance(
    x1: Operand,
    x2: Operand,
    p: float = 2.0,
    eps: float = 1e-06,
    keepdim: bool = False,
    *,
    out: Result,
) -> t.Expr:
    """aten::pairwise_distance(Tensor x1, Tensor x2, float p=2., float eps=1e-06, bool keepdim=False) -> Tensor"""  # noqa: E501
    require_float(x1, "x1")
    difference = binary("-", to_result(x1, out), to_result(x2, out))
    moved = t.arithmetic("+", difference, t.f64(eps, "eps"))
    last = max(x1.rank, x2.rank) - 1
    kernel = out.runtime("linalg_vector_norm")
    return t.call(kernel, t.ref(moved), t.f64(p, "p"), places([last]), boolean(keepdim))


@lowers("aten.cdist.default")
def cdist(
    x1: Operand, x2: Operand, p: float = 2.0, compute_mode: int | None = None, *, out: Result
) -> t.Expr:
    """aten::cdist(Tensor x1, Tensor x2, float p=2., int? compute_mode=None) -> Tensor

    The mode says how PyTorch computes, and nothing of what.
    """
    require_float(x1, "x1")
    lent = (to_result(x1, out).lent(), to_result(x2, out).lent())
    return t.call(out.runtime("cdist"), *lent, t.f64(p, "p"))


@lowers("aten._cdist_forward.default")
def cdist_forward(
    x1: Operand, x2: Operand, p: float, compute_mode: int | None, *, out: Result
) -> t.Expr:
    """aten::_cdist_forward(Tensor x1, Tensor x2, float p, int? compute_mode) -> Tensor"""
    return cdist(x1, x2, p, compute_mode, out=out)


@lowers("aten.pdist.default")
def pdist(x: Operand, p: float = 2.0, *, out: Result) -> t.Expr:
    """aten::pdist(Tensor self, float p=2.) -> Tensor"""
    require_float(x)
    return t.call(out.runtime("pdist"), x.lent(), t.f64(p, "p"))


@lowers("aten._pdist_forward.default")
def pdist_forward(x: Operand, p: float = 2.0, *, out: Result) -> t.Expr:
    """aten::_pdist_forward(Tensor self, float p=2.) -> Tensor"""
    return pdist(x, p, out=out)


@lowers("aten.renorm.default")
def renorm(x: Operand, p: Scalar, dim: int, maxnorm: Scalar, *, out: Result) -> t.Expr:
    """aten::renorm(Tensor self, Scalar p, int dim, Scalar maxnorm) -> Tensor"""
    require_float(x)
    lent = (x.lent(), scalar(_number("p", p), "p"), t.usize(x.dim(dim)))
    return t.call(out.runtime("renorm"), *lent, scalar(_number("maxnorm", maxnorm), "maxnorm"))


@lowers("aten.cross.default")
def cross(x: Operand, other: Operand, dim: int | None = None, *, out: Result) -> t.Expr:
    """aten::cross(Tensor self, Tensor other, int? dim=None) -> Tensor

    Without a dim, the first of size 3.
    """
    if dim is None:
        found = [place for place, size in enumerate(out.shape) if size == 3]
        if not found:
            raise Unsupported("dim", dim, supported="a dim of size 3")
        return _cross(x, other, found[0], out)
    return _cross(x, other, dim, out)


@lowers("aten.linalg_cross.default")
def linalg_cross(x: Operand, other: Operand, *, dim: int = -1, out: Result) -> t.Expr:
    """aten::linalg_cross(Tensor self, Tensor other, *, int dim=-1) -> Tensor"""
    return _cross(x, other, dim, out)


def _cross(x: Operand, other: Operand, dim: int, out: Result) -> t.Expr:
    if out.tensor.dtype in ("bool", "uint8", "int8"):
        raise Unsupported("self", f"a tensor of {out.tensor.dtype}", supported="signed numbers")
    place = dim + out.tensor.rank if dim < 0 else dim
    lent = (to_result(x, out).lent(), to_result(other, out).lent())
    return t.call(out.runtime("linalg_cross"), *lent, t.usize(place))
