"""Tensors brought to a rank, put side by side in a fixed dim, split there, and turned."""

from __future__ import annotations

from dataclasses import replace

from pycandle.ir.types import TupleType
from pycandle.lowering.arguments import (
    boolean,
    broadcast_to,
    dims_expr,
    tensor_slice,
    to_result,
)
from pycandle.lowering.joining import cat, flip
from pycandle.lowering.registry import (
    Items,
    Layout,
    Lowered,
    Operand,
    Result,
    Unsupported,
    lowers,
)
from pycandle.lowering.shape import transposed_matrices
from pycandle.lowering.slicing import parts
from pycandle.lowering.sort import sort
from pycandle.rust import tree as t


def _with_rank(rank: int, x: Operand) -> Operand:
    """Returns a tensor of that rank at least: a row gets dims around it, a matrix one behind."""
    places = {(3, 2): [2], (3, 1): [0, 2]}.get((rank, x.rank), [0] * (rank - x.rank))
    expr, shape = x.expr, list(x.shape)
    for place in places:
        expr = t.method(expr, "unsqueeze", t.usize(place))
        shape.insert(place, 1)
    return replace(x, expr=expr, type=replace(x.type, shape=tuple(shape)))


def _shown(x: Operand) -> Lowered:
    return Lowered(x.expr, x.layout)


@lowers("aten.atleast_1d.default")
def atleast_1d(x: Operand) -> Lowered:
    """aten::atleast_1d(Tensor self) -> Tensor"""
    return _shown(_with_rank(1, x))


@lowers("aten.atleast_2d.default")
def atleast_2d(x: Operand) -> Lowered:
    """aten::atleast_2d(Tensor self) -> Tensor"""
    return _shown(_with_rank(2, x))


@lowers("aten.atleast_3d.default")
def atleast_3d(x: Operand) -> Lowered:
    """aten::atleast_3d(Tensor self) -> Tensor"""
    return _shown(_with_rank(3, x))


@lowers("aten.atleast_1d.Sequence")
def atleast_1d_each(tensors: list[Operand]) -> Items:
    """aten::atleast_1d.Sequence(Tensor[] tensors) -> Tensor[]"""
    return Items(tuple(_with_rank(1, x).expr for x in tensors))


@lowers("aten.atleast_2d.Sequence")
def atleast_2d_each(tensors: list[Operand]) -> Items:
    """aten::atleast_2d.Sequence(Tensor[] tensors) -> Tensor[]"""
    return Items(tuple(_with_rank(2, x).expr for x in tensors))


@lowers("aten.atleast_3d.Sequence")
def atleast_3d_each(tensors: list[Operand]) -> Items:
    """aten::atleast_3d.Sequence(Tensor[] tensors) -> Tensor[]"""
    return Items(tuple(_with_rank(3, x).expr for x in tensors))


@lowers("aten.broadcast_tensors.default")
def broadcast_tensors(tensors: list[Operand], *, out: Result) -> Items:
    """aten::broadcast_tensors(Tensor[] tensors) -> Tensor[]"""
    kinds = out.type.items if isinstance(out.type, TupleType) else (out.type,)
    shapes = [kind.shape for kind in kinds if kind is not None]
    found = (broadcast_to(x, shape, out) for x, shape in zip(tensors, shapes, strict=True))
    return Items(tuple(x.expr for x in found))


@lowers("aten.column_stack.default")
def column_stack(tensors: list[Operand], *, out: Result) -> Lowered:
    """aten::column_stack(Tensor[] tensors) -> Tensor"""
    columns: list[Operand] = []
    for x in tensors:
        row = _with_rank(1, x)
        if row.rank == 1:
            expr = t.method(row.expr, "unsqueeze", t.usize(1))
            row = replace(row, expr=expr, type=replace(row.type, shape=(*row.shape, 1)))
        columns.append(row)
    return cat(columns, 1, out=out)


@lowers("aten.dstack.default")
def dstack(tensors: list[Operand], *, out: Result) -> Lowered:
    """aten::dstack(Tensor[] tensors) -> Tensor"""
    return cat([_with_rank(3, x) for x in tensors], 2, out=out)


@lowers("aten.hsplit.int")
def hsplit(x: Operand, sections: int, *, out: Result) -> Items:
    """aten::hsplit.int(Tensor(a -> *) self, int sections) -> Tensor(a)[]"""
    return parts(x, 0 if x.rank == 1 else 1, out)


@lowers("aten.hsplit.array")
def hsplit_at(x: Operand, indices: list[int], *, out: Result) -> Items:
    """aten::hsplit.array(Tensor(a -> *) self, int[] indices) -> Tensor(a)[]"""
    return _between(x, 0 if x.rank == 1 else 1, indices, out)


@lowers("aten.vsplit.int")
def vsplit(x: Operand, sections: int, *, out: Result) -> Items:
    """aten::vsplit.int(Tensor(a -> *) self, int sections) -> Tensor(a)[]"""
    return parts(x, 0, out)


@lowers("aten.vsplit.array")
def vsplit_at(x: Operand, indices: list[int], *, out: Result) -> Items:
    """aten::vsplit.array(Tensor(a -> *) self, int[] indices) -> Tensor(a)[]"""
    return _between(x, 0, indices, out)


@lowers("aten.dsplit.int")
def dsplit(x: Operand, sections: int, *, out: Result) -> Items:
    """aten::dsplit.int(Tensor(a -> *) self, int sections) -> Tensor(a)[]"""
    return parts(x, 2, out)


@lowers("aten.dsplit.array")
def dsplit_at(x: Operand, indices: list[int], *, out: Result) -> Items:
    """aten::dsplit.array(Tensor(a -> *) self, int[] indices) -> Tensor(a)[]"""
    return _between(x, 2, indices, out)


@lowers("aten.tensor_split.indices")
def tensor_split_at(x: Operand, indices: list[int], dim: int = 0, *, out: Result) -> Items:
    """aten::tensor_split.indices(Tensor(a -> *) self, SymInt[] indices, int dim=0) -> Tensor(a)[]"""  # noqa: E501
    return _between(x, x.dim(dim), indices, out)


def _between(x: Operand, dim: int, indices: list[int], out: Result) -> Items:
    """Returns the parts between indices, which are not to fall: those would overlap."""
    size = x.shape[dim]
    if not isinstance(size, int):
        raise Unsupported("indices", "beside a size that varies", supported="a fixed size")
    bounds = [min(max(index + size if index < 0 else index, 0), size) for index in indices]
    if bounds != sorted(bounds):
        raise Unsupported("indices", indices, supported="indices that rise")
    return parts(x, dim, out)


@lowers("aten.fliplr.default")
def fliplr(x: Operand) -> Lowered | t.Expr:
    """aten::fliplr(Tensor self) -> Tensor"""
    return flip(x, [1])


@lowers("aten.flipud.default")
def flipud(x: Operand) -> Lowered | t.Expr:
    """aten::flipud(Tensor self) -> Tensor"""
    return flip(x, [0])


@lowers("aten.rot90.default")
def rot90(
    x: Operand,
    k: int = 1,
    dims: list[int] = [0, 1],  # noqa: B006 - as in the schema
) -> Lowered | t.Expr:
    """aten::rot90(Tensor self, int k=1, int[] dims=[0, 1]) -> Tensor"""
    first, second = (x.dim(dim) for dim in dims)
    match k % 4:
        case 0:
            return _shown(x)
        case 2:
            return flip(x, [first, second])
        case turns:
            flipped = t.method(x.contiguous().expr, "flip", _place(second if turns == 1 else first))
            order = list(range(x.rank))
            order[first], order[second] = second, first
            return Lowered(t.method(flipped, "permute", dims_expr(order)), Layout.STRIDED)


def _place(dim: int) -> t.Expr:
    return t.Reference(t.array_of([t.usize(dim)]))


@lowers("aten.msort.default")
def msort(x: Operand, *, out: Result) -> Lowered | t.Expr:
    """aten::msort(Tensor self) -> Tensor"""
    return t.Field(sort(x, 0, out=out).expr, "0")


@lowers("aten.cartesian_prod.default")
def cartesian_prod(tensors: list[Operand], *, out: Result) -> t.Expr | Lowered:
    """aten::cartesian_prod(Tensor[] tensors) -> Tensor"""
    if len(tensors) == 1:
        return _shown(tensors[0])
    return t.call(out.runtime("cartesian_prod"), tensor_slice(to_result(x, out) for x in tensors))


@lowers("aten.block_diag.default")
def block_diag(tensors: list[Operand], *, out: Result) -> t.Expr:
    """aten::block_diag(Tensor[] tensors) -> Tensor"""
    return t.call(out.runtime("block_diag"), tensor_slice(to_result(x, out) for x in tensors))


@lowers("aten.combinations.default")
def combinations(x: Operand, r: int = 2, with_replacement: bool = False, *, out: Result) -> t.Expr:
    """aten::combinations(Tensor self, int r=2, bool with_replacement=False) -> Tensor"""
    if r == 0:
        raise Unsupported("r", r, supported="1 and more")
    choice = (t.usize(r, "r"), boolean(with_replacement))
    return t.call(out.runtime("combinations"), x.lent(), *choice)


@lowers("aten.matrix_H.default")
def matrix_h(x: Operand) -> Lowered:
    """aten::matrix_H(Tensor(a) self) -> Tensor(a)"""
    return transposed_matrices(x)
