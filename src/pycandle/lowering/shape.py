"""Views and reshapes: the same values under another shape."""

from __future__ import annotations

from collections.abc import Sequence

from pycandle.ir.types import Keyword
from pycandle.lowering.arguments import (
    Integer,
    dims_expr,
    kept,
    shape_of,
    strided,
    usize,
)
from pycandle.lowering.operand import normalize_dim
from pycandle.lowering.registry import (
    Layout,
    Lowered,
    Operand,
    Result,
    Unsupported,
    lowers,
)
from pycandle.rust import tree as t

_HOLE = t.Tuple(())
"""`()`, the size in a shape that follows from the others; up to five sizes may hold one."""


@lowers("aten.view.default", "aten._unsafe_view.default", "aten.view_copy.default")
def view(x: Operand, size: list[Integer], *, out: Result) -> t.Expr | Lowered:
    """aten::view(Tensor(a) self, SymInt[] size) -> Tensor(a)"""
    return reshape(x, size, out=out)


@lowers("aten.reshape.default")
def reshape(x: Operand, shape: list[Integer], *, out: Result) -> t.Expr | Lowered:
    """aten::reshape(Tensor(a) self, SymInt[] shape) -> Tensor(a)"""
    if x.shape == out.shape and x.layout is Layout.CONTIGUOUS:
        return kept(x)
    if len(shape) == 1 and shape[0] == -1:
        # A strided tensor of rank 1 would come back from `flatten_all` as it is.
        return t.method(x.expr, "flatten_all") if x.rank > 1 else _reshaped(x, out)
    return t.method(x.expr, "reshape", _requested(shape, out))


def _reshaped(x: Operand, out: Result) -> t.Expr:
    return t.method(x.expr, "reshape", shape_of([out.size(i) for i in range(out.tensor.rank)]))


def _requested(shape: Sequence[Integer], out: Result) -> t.Expr:
    """Returns a shape as it was asked for, -1 as a hole where Candle knows holes."""
    holes = [size == -1 for size in shape]
    if any(holes) and len(shape) > 5:
        return out.dims()
    return shape_of(
        [_HOLE if hole else usize(size) for size, hole in zip(shape, holes, strict=True)]
    )


@lowers("aten.reshape_as.default", "aten.view_as.default")
def reshape_as(x: Operand, other: Operand, *, out: Result) -> t.Expr:
    """aten::reshape_as(Tensor(a) self, Tensor other) -> Tensor(a)"""
    return t.method(x.expr, "reshape", t.plain(other.expr, "shape"))


@lowers("aten.flatten.using_ints")
def flatten(x: Operand, start_dim: int = 0, end_dim: int = -1) -> t.Expr | Lowered:
    """aten::flatten.using_ints(Tensor(a) self, int start_dim=0, int end_dim=-1) -> Tensor(a)"""
    start, end = x.dim(start_dim), x.dim(end_dim)
    if x.rank > 0 and start == end:
        return kept(x)
    match start, end == max(x.rank, 1) - 1:
        case 0, True:
            return t.method(x.expr, "flatten_all")
        case 0, False:
            return t.method(x.expr, "flatten_to", t.usize(end))
        case _, True:
            return t.method(x.expr, "flatten_from", t.usize(start))
        case _:
            return t.method(x.expr, "flatten", t.usize(start), t.usize(end))


@lowers("aten.ravel.default")
def ravel(x: Operand, *, out: Result) -> t.Expr | Lowered:
    """aten::ravel(Tensor(a) self) -> Tensor(a)"""
    return reshape(x, [-1], out=out)


@lowers("aten.unflatten.int")
def unflatten(x: Operand, dim: int, sizes: list[Integer], *, out: Result) -> t.Expr:
    """aten::unflatten.int(Tensor(a) self, int dim, SymInt[] sizes) -> Tensor(a)"""
    place = x.dim(dim)
    before = [out.size(i) for i in range(place)]
    after = [out.size(i) for i in range(place + len(sizes), out.tensor.rank)]
    if len(out.shape) > 5:
        return t.method(x.expr, "reshape", out.dims())
    middle = [_HOLE if size == -1 else usize(size) for size in sizes]
    return t.method(x.expr, "reshape", shape_of([*before, *middle, *after]))


@lowers("aten.transpose.int", "aten.transpose_copy.int", "aten.swapdims.default")
def transpose(x: Operand, dim0: int, dim1: int) -> Lowered:
    """aten::transpose.int(Tensor(a) self, int dim0, int dim1) -> Tensor(a)"""
    first, second = sorted((x.dim(dim0), x.dim(dim1)))
    if first == second:
        return kept(x)
    return strided(x, t.method(x.expr, "transpose", t.usize(first), t.usize(second)))


@lowers("aten.swapaxes.default")
def swapaxes(x: Operand, axis0: int, axis1: int) -> Lowered:
    """aten::swapaxes(Tensor(a) self, int axis0, int axis1) -> Tensor(a)"""
    return transpose(x, axis0, axis1)


@lowers("aten.t.default", "aten.t_copy.default")
def t_(x: Operand) -> Lowered:
    """aten::t(Tensor(a) self) -> Tensor(a)"""
    return kept(x) if x.rank < 2 else strided(x, t.method(x.expr, "t"))


@lowers("aten.mT.default", "aten.mH.default")
def transposed_matrices(x: Operand) -> Lowered:
    """aten::mT(Tensor(a) self) -> Tensor(a)"""
    if x.rank < 2:
        raise Unsupported("self", f"a tensor of rank {x.rank}", supported="rank 2 and up")
    if x.dtype.startswith("complex"):
        raise Unsupported("self", f"a tensor of {x.dtype}", supported="real dtypes")
    return strided(x, t.method(x.expr, "t"))


@lowers("aten.numpy_T.default")
def reversed_dims(x: Operand) -> Lowered:
    """aten::numpy_T(Tensor(a) self) -> Tensor(a)"""
    return t_(x) if x.rank <= 2 else permute(x, list(range(x.rank))[::-1])


@lowers("aten.permute.default", "aten.permute_copy.default")
def permute(x: Operand, dims: list[int]) -> Lowered:
    """aten::permute(Tensor(a) self, int[] dims) -> Tensor(a)"""
    order = [x.dim(dim) for dim in dims]
    if order == list(range(x.rank)):
        return kept(x)
    return strided(x, t.method(x.expr, "permute", dims_expr(order)))


@lowers("aten.movedim.int")
def movedim(x: Operand, source: int, destination: int) -> Lowered:
    """aten::movedim.int(Tensor(a) self, int source, int destination) -> Tensor(a)"""
    order = [dim for dim in range(x.rank) if dim != x.dim(source)]
    order.insert(x.dim(destination), x.dim(source))
    return permute(x, order)


@lowers("aten.movedim.intlist")
def movedim_list(x: Operand, source: list[int], destination: list[int]) -> Lowered:
    """aten::movedim.intlist(Tensor(a) self, int[] source, int[] destination) -> Tensor(a)"""
    moved = dict(zip(map(x.dim, destination), map(x.dim, source), strict=True))
    rest = iter(dim for dim in range(x.rank) if dim not in moved.values())
    return permute(x, [moved[dim] if dim in moved else next(rest) for dim in range(x.rank)])


@lowers("aten.unsqueeze.default", "aten.unsqueeze_copy.default")
def unsqueeze(x: Operand, dim: int) -> Lowered:
    """aten::unsqueeze(Tensor(a) self, int dim) -> Tensor(a)"""
    place = t.usize(normalize_dim(dim, x.rank + 1))
    return Lowered(t.method(x.expr, "unsqueeze", place), x.layout)


@lowers("aten.squeeze.default", "aten.squeeze_copy.default")
def squeeze(x: Operand) -> Lowered:
    """aten::squeeze(Tensor(a) self) -> Tensor(a)"""
    return _squeezed(x, list(range(x.rank)))


@lowers("aten.squeeze.dim", "aten.squeeze_copy.dim")
def squeeze_dim(x: Operand, dim: int) -> Lowered:
    """aten::squeeze.dim(Tensor(a) self, int dim) -> Tensor(a)"""
    return _squeezed(x, [x.dim(dim)] if x.rank else [])


@lowers("aten.squeeze.dims", "aten.squeeze_copy.dims")
def squeeze_dims(x: Operand, dim: list[int]) -> Lowered:
    """aten::squeeze.dims(Tensor(a) self, int[] dim) -> Tensor(a)"""
    return _squeezed(x, [x.dim(item) for item in dim] if x.rank else [])


def _squeezed(x: Operand, dims: Sequence[int]) -> Lowered:
    """Removes the dims of size 1 among `dims`; what PyTorch took for free is kept at size 1 too."""
    expr = x.expr
    for dim in sorted(dims, reverse=True):
        if x.shape[dim] == 1:
            expr = t.method(expr, "squeeze", t.usize(dim))
    return Lowered(expr, x.layout)


@lowers("aten.expand.default", "aten.expand_copy.default")
def expand(x: Operand, size: list[Integer], *, implicit: bool = False, out: Result) -> Lowered:
    """aten::expand(Tensor(a) self, SymInt[] size, *, bool implicit=False) -> Tensor(a)"""
    return _broadcast(x, out)


@lowers("aten.broadcast_to.default")
def broadcast_to(x: Operand, size: list[Integer], *, out: Result) -> Lowered:
    """aten::broadcast_to(Tensor(a) self, SymInt[] size) -> Tensor(a)"""
    return _broadcast(x, out)


@lowers("aten.expand_as.default")
def expand_as(x: Operand, other: Operand, *, out: Result) -> Lowered:
    """aten::expand_as(Tensor(a) self, Tensor other) -> Tensor(a)"""
    if x.shape == out.shape:
        return kept(x)
    shape = t.plain(other.expr, "shape")
    return Lowered(t.method(x.expr, "broadcast_as", shape), Layout.BROADCAST)


def _broadcast(x: Operand, out: Result) -> Lowered:
    if x.shape == out.shape:
        return kept(x)
    return Lowered(t.method(x.expr, "broadcast_as", out.dims()), Layout.BROADCAST)


@lowers("aten.contiguous.default")
def contiguous(x: Operand, *, memory_format: Keyword | None = None) -> Lowered:
    """aten::contiguous(Tensor(a) self, *, MemoryFormat memory_format=contiguous_format) -> Tensor(a)

    Where PyTorch wants channels last, Candle's kernels want none: the values are the same.
    """  # noqa: E501
    return kept(x.contiguous() if _is_row_major(memory_format) else x)


@lowers("aten.clone.default")
def clone(x: Operand, *, memory_format: Keyword | None = None) -> Lowered:
    """aten::clone(Tensor self, *, MemoryFormat? memory_format=None) -> Tensor"""
    if memory_format is not None and _is_row_major(memory_format):
        x = x.contiguous()
    return kept(x)


def _is_row_major(memory_format: Keyword | None) -> bool:
    return memory_format is None or memory_format.name.endswith("contiguous_format")


@lowers(
    "aten.alias.default",
    "aten.alias_copy.default",
    "aten.detach.default",
    "aten.detach_copy.default",
    "aten.lift_fresh_copy.default",
)
def alias(x: Operand) -> Lowered:
    """aten::alias(Tensor(a) self) -> Tensor(a)"""
    return kept(x)


@lowers("aten.pixel_shuffle.default")
def pixel_shuffle(x: Operand, upscale_factor: int) -> t.Expr:
    """aten::pixel_shuffle(Tensor self, int upscale_factor) -> Tensor"""
    _require_rank_4(x)
    factor = t.usize(upscale_factor, "upscale_factor")
    return t.call("candle_nn::ops::pixel_shuffle", x.lent(), factor)


@lowers("aten.pixel_unshuffle.default")
def pixel_unshuffle(x: Operand, downscale_factor: int) -> t.Expr:
    """aten::pixel_unshuffle(Tensor self, int downscale_factor) -> Tensor"""
    _require_rank_4(x)
    factor = t.usize(downscale_factor, "downscale_factor")
    return t.call("candle_nn::ops::pixel_unshuffle", x.lent(), factor)


def _require_rank_4(x: Operand) -> None:
    if x.rank != 4:
        raise Unsupported("self", f"a tensor of rank {x.rank}", supported="rank 4")
