"""Tensors put together, repeated, turned round."""

from __future__ import annotations

from dataclasses import replace

from pycandle.ir.sizes import product
from pycandle.lowering.arguments import (
    Integer,
    boolean,
    kept,
    known,
    slice_of,
    tensor_slice,
    to_result,
    usize,
)
from pycandle.lowering.operand import ListOperand, normalize_dim, shape_expr
from pycandle.lowering.registry import (
    Layout,
    Lowered,
    Operand,
    Result,
    lowers,
)
from pycandle.rust import tree as t


def joined(expr: t.Expr, items: list[Operand], dim: int) -> Lowered:
    """Returns what `Tensor::cat` makes of these: strided inputs may leave a transposed result."""
    whole = dim == 0 or all(item.layout is Layout.CONTIGUOUS for item in items)
    return Lowered(expr, Layout.CONTIGUOUS if whole else Layout.STRIDED)


@lowers("aten.cat.default", "aten.concat.default")
def cat(tensors: list[Operand] | ListOperand, dim: int = 0, *, out: Result) -> Lowered:
    """aten::cat(Tensor[] tensors, int dim=0) -> Tensor

    PyTorch passes over inputs of shape (0,), whatever the rank of the others.
    """
    if isinstance(tensors, ListOperand):
        place = t.usize(normalize_dim(dim, out.tensor.rank))
        return Lowered(t.call("Tensor::cat", tensors.lent(), place), tensors.layout)
    held = [x for x in tensors if out.tensor.rank == 1 or x.shape != (0,)]
    items = [to_result(x, out) for x in held or tensors]
    if len(items) == 1:
        return Lowered(items[0].expr, items[0].layout)
    place = normalize_dim(dim, out.tensor.rank)
    return joined(t.call("Tensor::cat", tensor_slice(items), t.usize(place)), items, place)


@lowers("aten.stack.default")
def stack(tensors: list[Operand] | ListOperand, dim: int = 0, *, out: Result) -> Lowered:
    """aten::stack(Tensor[] tensors, int dim=0) -> Tensor"""
    if isinstance(tensors, ListOperand):
        at = t.usize(normalize_dim(dim, out.tensor.rank))
        return Lowered(t.call("Tensor::stack", tensors.lent(), at), tensors.layout)
    items = [to_result(x, out) for x in tensors]
    place = normalize_dim(dim, out.tensor.rank)
    if len(items) == 1:
        return Lowered(t.method(items[0].expr, "unsqueeze", t.usize(place)), items[0].layout)
    return joined(t.call("Tensor::stack", tensor_slice(items), t.usize(place)), items, place)


@lowers("aten.hstack.default")
def hstack(tensors: list[Operand], *, out: Result) -> Lowered:
    """aten::hstack(Tensor[] tensors) -> Tensor"""
    return cat([_at_least_row(x) for x in tensors], 0 if out.tensor.rank == 1 else 1, out=out)


@lowers("aten.vstack.default")
def vstack(tensors: list[Operand], *, out: Result) -> Lowered:
    """aten::vstack(Tensor[] tensors) -> Tensor"""
    if all(x.rank == 1 for x in tensors):
        return stack(tensors, 0, out=out)
    rows = [_at_least_row(x) for x in tensors]
    return cat([_with_dim(x) if x.rank == 1 else x for x in rows], 0, out=out)


def _at_least_row(x: Operand) -> Operand:
    return x if x.rank else _with_dim(x)


def _with_dim(x: Operand) -> Operand:
    """Returns a tensor with a dim of size 1 in front."""
    expr = t.method(x.expr, "unsqueeze", t.usize(0))
    return replace(x, expr=expr, type=replace(x.type, shape=(1, *x.shape)))


@lowers("aten.repeat.default")
def repeat(x: Operand, repeats: list[Integer]) -> Lowered:
    """aten::repeat(Tensor self, SymInt[] repeats) -> Tensor"""
    return _repeated(x, repeats)


@lowers("aten.tile.default")
def tile(x: Operand, dims: list[Integer]) -> Lowered:
    """aten::tile(Tensor self, SymInt[] dims) -> Tensor"""
    return _repeated(x, [1] * (x.rank - len(dims)) + dims)


def _repeated(x: Operand, counts: list[Integer]) -> Lowered:
    if len(counts) == 0 or (counts == [1] * x.rank):
        return Lowered(x.expr, x.layout)
    shape = shape_expr([usize(count) for count in counts])
    whole = x.contiguous()
    return Lowered(t.method(whole.expr, "repeat", shape), Layout.CONTIGUOUS)


@lowers("aten.repeat_interleave.self_int")
def repeat_interleave(
    x: Operand,
    repeats: Integer,
    dim: int | None = None,
    *,
    output_size: Integer | None = None,
    out: Result,
) -> t.Expr:
    """aten::repeat_interleave.self_int(Tensor self, SymInt repeats, int? dim=None, *, SymInt? output_size=None) -> Tensor"""  # noqa: E501
    if dim is None:
        column = t.method(t.method(x.expr, "flatten_all"), "unsqueeze", t.usize(1))
        shape = t.tuple_of([out.sizes(product(x.shape)), usize(repeats)])
        return t.method(t.method(column, "broadcast_as", shape), "flatten_all")
    place = x.dim(dim)
    sizes = [x.size(i) for i in range(x.rank)]
    sizes.insert(place + 1, usize(repeats))
    spread = t.method(x.expr, "unsqueeze", t.usize(place + 1))
    spread = t.method(spread, "broadcast_as", shape_expr(sizes))
    return t.method(spread, "flatten", t.usize(place), t.usize(place + 1))


@lowers("aten.roll.default")
def roll(
    x: Operand, shifts: list[Integer], dims: list[int] | None = None, *, out: Result
) -> Lowered:
    """aten::roll(Tensor self, SymInt[1] shifts, int[1] dims=[]) -> Tensor"""
    if 0 in x.shape or not x.rank:
        return Lowered(x.expr, x.layout)
    if not dims:
        # The elements in row-major order are one row.
        amount = t.Number(known("shifts", shifts[0]), "i32", "shift")
        row = t.method(t.method(x.expr, "flatten_all"), "roll", amount, t.usize(0))
        return Lowered(t.method(row, "reshape", out.dims()), Layout.CONTIGUOUS)
    expr, whole = x.expr, True
    for shift, dim in zip(shifts, dims, strict=True):
        amount = t.Number(known("shifts", shift), "i32", "shift")
        expr = t.method(expr, "roll", amount, t.usize(x.dim(dim)))
        whole = whole and x.dim(dim) == 0
    # The parts that `roll` puts together are strided along every dim but the first.
    return Lowered(expr, x.layout if whole else max(x.layout, Layout.STRIDED))


@lowers("aten.flip.default")
def flip(x: Operand, dims: list[int]) -> Lowered | t.Expr:
    """aten::flip(Tensor self, int[] dims) -> Tensor"""
    if not dims or x.rank == 0:
        return Lowered(x.expr, x.layout)
    places = slice_of(t.usize(x.dim(dim)) for dim in dims)
    return t.method(x.contiguous().expr, "flip", places)


@lowers("aten.diff.default")
def diff(
    x: Operand,
    n: int = 1,
    dim: int = -1,
    prepend: Operand | None = None,
    append: Operand | None = None,
    *,
    out: Result,
) -> t.Expr | Lowered:
    """aten::diff(Tensor self, int n=1, int dim=-1, Tensor? prepend=None, Tensor? append=None) -> Tensor"""  # noqa: E501
    if n == 0:
        # PyTorch returns the tensor, without what is put before and behind it.
        return kept(x)
    place = x.dim(dim)
    items = [to_result(item, out) for item in (prepend, x, append) if item is not None]
    whole = items[0].expr
    if len(items) > 1:
        whole = t.call("Tensor::cat", tensor_slice(items), t.usize(place))
    return t.call(
        out.runtime("diff"),
        t.ref(whole),
        t.usize(n, "n"),
        t.usize(place),
        boolean(out.tensor.is_bool),
    )
