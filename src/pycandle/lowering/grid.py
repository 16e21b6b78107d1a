"""Tensors over the positions of dims: grids and one-hot codes."""

from __future__ import annotations

from pycandle.lowering.arguments import Integer, shape_of, usize
from pycandle.lowering.registry import Items, Operand, Result, Unsupported, lowers
from pycandle.rust import tree as t


@lowers("aten.meshgrid.indexing")
def meshgrid(tensors: list[Operand], *, indexing: str) -> Items:
    """aten::meshgrid.indexing(Tensor[] tensors, *, str indexing) -> Tensor[]"""
    if indexing not in ("ij", "xy"):
        raise Unsupported("indexing", repr(indexing), supported='"ij", "xy"')
    if any(x.rank > 1 for x in tensors):
        raise Unsupported("tensors", "of two dims", supported="tensors of one dim or none")
    order = list(range(len(tensors)))
    if indexing == "xy" and len(tensors) > 1:
        order[:2] = [1, 0]
    sizes = [tensors[place].size(0) if tensors[place].rank else t.usize(1) for place in order]
    return Items(tuple(_spread(x, order.index(place), sizes) for place, x in enumerate(tensors)))


def _spread(x: Operand, dim: int, sizes: list[t.Expr]) -> t.Expr:
    """Returns a vector along one dim of a grid."""
    ones: list[t.Expr] = [t.usize(1)] * len(sizes)
    ones[dim] = sizes[dim]
    column = t.method(x.expr, "reshape", shape_of(ones))
    return t.method(column, "broadcast_as", shape_of(sizes))


@lowers("aten.one_hot.default")
def one_hot(x: Operand, num_classes: Integer = -1, *, out: Result) -> t.Expr:
    """aten::one_hot(Tensor self, SymInt num_classes=-1) -> Tensor"""
    if num_classes == -1:
        raise Unsupported("num_classes", num_classes, supported="a number of classes")
    on, off = (t.Number(value, "i64", suffix=True) for value in (1, 0))
    ids = t.plain(x.expr, "clone") if t.is_place(x.expr) else x.expr
    return t.call("candle_nn::encoding::one_hot", ids, usize(num_classes, "num_classes"), on, off)
