"""Sorting, the largest elements, and places among sorted ones."""

from __future__ import annotations

from pycandle.lowering.arguments import Integer, boolean, same_type, usize
from pycandle.lowering.registry import Operand, Result, Several, Unsupported, lowers
from pycandle.rust import tree as t


@lowers("aten.sort.default")
def sort(x: Operand, dim: int = -1, descending: bool = False, *, out: Result) -> Several:
    """aten::sort(Tensor self, int dim=-1, bool descending=False) -> (Tensor values, Tensor indices)

    Equal elements keep their order, where PyTorch promises none. NaN is the largest element.
    """
    return _sorted(x, dim, out, descending=descending)


@lowers("aten.sort.stable")
def sort_stable(
    x: Operand, *, stable: bool | None, dim: int = -1, descending: bool = False, out: Result
) -> Several:
    """aten::sort.stable(Tensor self, *, bool? stable, int dim=-1, bool descending=False) -> (Tensor values, Tensor indices)"""  # noqa: E501
    return _sorted(x, dim, out, descending=descending)


def _sorted(x: Operand, dim: int, out: Result, *, descending: bool) -> Several:
    place = t.usize(x.dim(dim))
    return Several(t.call(out.runtime("sort"), x.lent(), place, boolean(descending)))


@lowers("aten.argsort.default")
def argsort(x: Operand, dim: int = -1, descending: bool = False, *, out: Result) -> t.Expr:
    """aten::argsort(Tensor self, int dim=-1, bool descending=False) -> Tensor

    Equal elements keep their order, where PyTorch promises none.
    """
    return _order(x, dim, out, descending=descending)


@lowers("aten.argsort.stable")
def argsort_stable(
    x: Operand, *, stable: bool, dim: int = -1, descending: bool = False, out: Result
) -> t.Expr:
    """aten::argsort.stable(Tensor self, *, bool stable, int dim=-1, bool descending=False) -> Tensor"""  # noqa: E501
    return _order(x, dim, out, descending=descending)


def _order(x: Operand, dim: int, out: Result, *, descending: bool) -> t.Expr:
    return t.Field(_sorted(x, dim, out, descending=descending).expr, "1")


@lowers("aten.topk.default")
def topk(
    x: Operand,
    k: Integer,
    dim: int = -1,
    largest: bool = True,
    sorted: bool = True,
    *,
    out: Result,
) -> Several:
    """aten::topk(Tensor self, SymInt k, int dim=-1, bool largest=True, bool sorted=True) -> (Tensor values, Tensor indices)

    Among equal elements PyTorch may pick others. Without `sorted` any order will do.
    """  # noqa: E501
    place = t.usize(x.dim(dim))
    return Several(t.call(out.runtime("topk"), x.lent(), usize(k, "k"), place, boolean(largest)))


@lowers("aten.bucketize.Tensor")
def bucketize(
    x: Operand, boundaries: Operand, *, out_int32: bool = False, right: bool = False, out: Result
) -> t.Expr:
    """aten::bucketize.Tensor(Tensor self, Tensor boundaries, *, bool out_int32=False, bool right=False) -> Tensor

    The number of boundaries below an element, or with `right` at most that: all, for NaN.
    """  # noqa: E501
    if not same_type(x.type, boundaries.type):
        raise Unsupported("boundaries", f"a tensor of {boundaries.dtype}", supported=x.dtype)
    column = t.method(x.expr, "unsqueeze", t.usize(x.rank))
    compared = "broadcast_lt" if right else "broadcast_le"
    reached = t.method(column, compared, boundaries.lent())
    passed = t.method(reached, "eq", t.Number(0, "u8", suffix=True))
    counted = t.method(passed, "to_dtype", out.dtype())
    return t.method(counted, "sum", t.usize(x.rank))
