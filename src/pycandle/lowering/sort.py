"""Sorting and the largest elements."""

from __future__ import annotations

from pycandle.lowering.arguments import Integer, boolean, usize
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
    _require_dims(x)
    place = t.usize(x.dim(dim))
    return Several(t.call(out.runtime("sort"), x.lent(), place, boolean(descending)))


@lowers("aten.argsort.default")
def argsort(x: Operand, dim: int = -1, descending: bool = False, *, out: Result) -> t.Expr:
    """aten::argsort(Tensor self, int dim=-1, bool descending=False) -> Tensor"""
    _require_dims(x)
    place = t.usize(x.dim(dim))
    both = t.call(out.runtime("sort"), x.lent(), place, boolean(descending))
    return t.Field(both, "1")


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
    _require_dims(x)
    place = t.usize(x.dim(dim))
    return Several(t.call(out.runtime("topk"), x.lent(), usize(k, "k"), place, boolean(largest)))


def _require_dims(x: Operand) -> None:
    if x.rank == 0:
        raise Unsupported("self", "a tensor of rank 0", supported="rank 1 and up")
