"""Norms of matrices."""

from __future__ import annotations

import math

from pycandle.ir.types import DTypeConstant
from pycandle.lowering.arguments import boolean, require_float, to_result, usizes
from pycandle.lowering.registry import Operand, Result, Unsupported, lowers
from pycandle.rust import tree as t


def matrix_norm(x: Operand, ord: float | str, dim: list[int], keepdim: bool, out: Result) -> t.Expr:
    """Returns a norm of the matrices in two dims."""
    cast = to_result(x, out)
    require_float(cast)
    dims = [cast.dim(item) for item in dim]
    if len(set(dims)) != 2:
        raise Unsupported("dim", dim, supported="two dims")
    name = t.Text(order_name(ord))
    kernel = out.runtime("matrix_norm")
    return t.call(kernel, cast.lent(), name, usizes(dims, "dim"), boolean(keepdim))


def order_name(ord: float | str) -> str:
    """Returns the name of a norm."""
    if isinstance(ord, str):
        known = ("fro", "nuc")
        if ord not in known:
            raise Unsupported("ord", repr(ord), supported='"fro", "nuc"')
        return ord
    if math.isinf(ord):
        return "inf" if ord > 0 else "-inf"
    if ord not in (1, -1, 2, -2):
        raise Unsupported("ord", ord, supported="1, -1, 2, -2, inf, -inf")
    return str(int(ord))


@lowers("aten.linalg_matrix_norm.default")
def linalg_matrix_norm(
    x: Operand,
    ord: float,
    dim: list[int] = [-2, -1],  # noqa: B006 - as in the schema
    keepdim: bool = False,
    *,
    dtype: DTypeConstant | None = None,
    out: Result,
) -> t.Expr:
    """aten::linalg_matrix_norm(Tensor self, Scalar ord, int[] dim=[-2, -1], bool keepdim=False, *, ScalarType? dtype=None) -> Tensor"""  # noqa: E501
    return matrix_norm(x, ord, dim, keepdim, out)


@lowers("aten.linalg_matrix_norm.str_ord")
def linalg_matrix_norm_str_ord(
    x: Operand,
    ord: str = "fro",
    dim: list[int] = [-2, -1],  # noqa: B006 - as in the schema
    keepdim: bool = False,
    *,
    dtype: DTypeConstant | None = None,
    out: Result,
) -> t.Expr:
    """aten::linalg_matrix_norm.str_ord(Tensor self, str ord="fro", int[] dim=[-2, -1], bool keepdim=False, *, ScalarType? dtype=None) -> Tensor"""  # noqa: E501
    return matrix_norm(x, ord, dim, keepdim, out)


@lowers("aten.linalg_norm.ord_str")
def linalg_norm_ord_str(
    x: Operand,
    ord: str,
    dim: list[int] | None = None,
    keepdim: bool = False,
    *,
    dtype: DTypeConstant | None = None,
    out: Result,
) -> t.Expr:
    """aten::linalg_norm.ord_str(Tensor self, str ord, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor"""  # noqa: E501
    if dim is None and x.rank != 2:
        raise Unsupported("self", f"a tensor of rank {x.rank}", supported="rank 2, without `dim`")
    return matrix_norm(x, ord, [0, 1] if dim is None else dim, keepdim, out)
