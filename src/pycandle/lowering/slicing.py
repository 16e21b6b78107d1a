"""Parts of a tensor along one dim: slices, selections, splits, windows."""

from __future__ import annotations

from pycandle.ir.sizes import Size, combine
from pycandle.ir.types import TupleType
from pycandle.lowering.arguments import (
    Integer,
    from_front,
    kept,
    known,
    size_of,
    sized,
    strided,
    usize,
)
from pycandle.lowering.registry import (
    Items,
    Layout,
    Lowered,
    Operand,
    Result,
    Unsupported,
    lowers,
)
from pycandle.rust import tree as t

_TO_THE_END = 2**62
"""Python's open end arrives as the largest int64."""


@lowers("aten.slice.Tensor", "aten.slice_copy.Tensor")
def slice_(
    x: Operand,
    dim: int = 0,
    start: Integer | None = None,
    end: Integer | None = None,
    step: Integer = 1,
    *,
    out: Result,
) -> Lowered:
    """aten::slice.Tensor(Tensor(a) self, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> Tensor(a)"""  # noqa: E501
    place, stride = x.dim(dim), known("step", step)
    size, length = x.shape[place], out.shape[place]
    if size == length:
        return kept(x)
    if length == 0:
        return _narrowed(x, place, t.usize(0), t.usize(0))
    first = _clamped(0 if start is None else start, size)
    first_expr = sized(out, first, "start")
    if stride == 1:
        return _narrowed(x, place, first_expr, sized(out, length, "len"))
    last = _clamped(_TO_THE_END if end is None else end, size)
    span = sized(out, combine("-", last, first), "len")
    view = x.expr
    if first != 0 or last != size:
        view = t.method(x.expr, "narrow", t.usize(place), first_expr, span)
    view = t.method(view, "unfold", t.usize(place), t.usize(1), t.usize(stride, "step"))
    return strided(x, t.method(view, "squeeze", t.usize(x.rank)))


def _clamped(index: Integer, size: Size) -> Size:
    """Returns where a bound of a slice lies, counted from the front and within the dim."""
    bound = from_front(index, size)
    if isinstance(bound, int) and bound >= _TO_THE_END:
        return size
    if isinstance(bound, int) and isinstance(size, int):
        return min(max(bound, 0), size)
    return bound


def _narrowed(x: Operand, dim: int, start: t.Expr, length: t.Expr) -> Lowered:
    """Returns a part of a dim. The first rows of a contiguous tensor are contiguous."""
    expr = t.method(x.expr, "narrow", t.usize(dim), start, length)
    if x.layout is Layout.CONTIGUOUS and all(size == 1 for size in x.shape[:dim]):
        return Lowered(expr, Layout.CONTIGUOUS)
    return strided(x, expr)


@lowers("aten.narrow.default", "aten.narrow_copy.default")
def narrow(x: Operand, dim: int, start: Integer, length: Integer, *, out: Result) -> Lowered:
    """aten::narrow(Tensor(a) self, int dim, SymInt start, SymInt length) -> Tensor(a)"""
    place = x.dim(dim)
    if x.shape[place] == size_of(length):
        return kept(x)
    first = from_front(start, x.shape[place])
    return _narrowed(x, place, sized(out, first, "start"), usize(length, "len"))


@lowers("aten.select.int", "aten.select_copy.int")
def select(x: Operand, dim: int, index: Integer, *, out: Result) -> t.Expr | Lowered:
    """aten::select.int(Tensor(a) self, int dim, SymInt index) -> Tensor(a)"""
    return _selected(x, x.dim(dim), index, out)


def _selected(x: Operand, dim: int, index: Integer, out: Result) -> t.Expr | Lowered:
    if x.rank == 0:
        raise Unsupported("self", "a tensor of rank 0", supported="rank 1 and up")
    place = sized(out, from_front(index, x.shape[dim]), "index")
    if dim == 0:
        return t.method(x.expr, "get", place)
    expr = t.method(x.expr, "get_on_dim", t.usize(dim), place)
    if x.layout is Layout.CONTIGUOUS and all(size == 1 for size in x.shape[:dim]):
        return expr
    return strided(x, expr)


@lowers("aten.unbind.int", "aten.unbind_copy.int")
def unbind(x: Operand, dim: int = 0, *, out: Result) -> Items:
    """aten::unbind.int(Tensor(a -> *) self, int dim=0) -> Tensor(a)[]"""
    place = x.dim(dim)
    found = [_selected(x, place, index, out) for index in range(_count(out))]
    return Items(tuple(item.expr if isinstance(item, Lowered) else item for item in found))


@lowers("aten.split.Tensor", "aten.split_copy.Tensor", "aten.unsafe_split.Tensor")
def split(x: Operand, split_size: Integer, dim: int = 0, *, out: Result) -> Items:
    """aten::split.Tensor(Tensor(a -> *) self, SymInt split_size, int dim=0) -> Tensor(a)[]"""
    return parts(x, x.dim(dim), out)


@lowers(
    "aten.split_with_sizes.default",
    "aten.split_with_sizes_copy.default",
    "aten.unsafe_split_with_sizes.default",
)
def split_with_sizes(x: Operand, split_sizes: list[Integer], dim: int = 0, *, out: Result) -> Items:
    """aten::split_with_sizes(Tensor(a -> *) self, SymInt[] split_sizes, int dim=0) -> Tensor(a)[]"""  # noqa: E501
    return parts(x, x.dim(dim), out)


@lowers("aten.split.sizes")
def split_sizes(x: Operand, split_size: list[Integer], dim: int = 0, *, out: Result) -> Items:
    """aten::split.sizes(Tensor(a -> *) self, SymInt[] split_size, int dim=0) -> Tensor(a)[]"""
    return parts(x, x.dim(dim), out)


@lowers("aten.chunk.default", "aten.unsafe_chunk.default")
def chunk(x: Operand, chunks: int, dim: int = 0, *, out: Result) -> Items:
    """aten::chunk(Tensor(a -> *) self, int chunks, int dim=0) -> Tensor(a)[]

    Candle's `chunk` spreads what is left over, PyTorch's leaves the last part smaller.
    """
    return parts(x, x.dim(dim), out)


@lowers("aten.tensor_split.sections")
def tensor_split(x: Operand, sections: Integer, dim: int = 0, *, out: Result) -> Items:
    """aten::tensor_split.sections(Tensor(a -> *) self, SymInt sections, int dim=0) -> Tensor(a)[]"""  # noqa: E501
    return parts(x, x.dim(dim), out)


def parts(x: Operand, dim: int, out: Result) -> Items:
    """Returns the parts of a dim, whose sizes the types of the results tell."""
    offset: Size = 0
    found: list[t.Expr] = []
    for kind in _types(out):
        size = kind.shape[dim]
        place = t.usize(dim)
        found.append(
            t.method(x.expr, "narrow", place, sized(out, offset, "start"), sized(out, size, "len"))
        )
        offset = combine("+", offset, size)
    return Items(tuple(found))


def _types(out: Result):
    kinds = out.type.items if isinstance(out.type, TupleType) else (out.type,)
    return [kind for kind in kinds if kind is not None]


def _count(out: Result) -> int:
    return len(_types(out))


@lowers("aten.unfold.default", "aten.unfold_copy.default")
def unfold(x: Operand, dimension: int, size: int, step: int) -> Lowered:
    """aten::unfold(Tensor(a) self, int dimension, int size, int step) -> Tensor(a)"""
    if not x.rank:
        raise Unsupported("self", "a tensor without dims", supported="rank 1 and up")
    place = t.usize(x.dim(dimension))
    expr = t.method(x.expr, "unfold", place, t.usize(size, "size"), t.usize(step, "step"))
    return strided(x, expr)
