"""Parts of a tensor exchanged: what is left of writes into its views."""

from __future__ import annotations

from dataclasses import replace

from pycandle.lowering.arguments import (
    Integer,
    boolean,
    from_front,
    index_tensor,
    known,
    require_float,
    same_type,
    sized,
)
from pycandle.lowering.cast import cast_as_written
from pycandle.lowering.registry import (
    Layout,
    Lowered,
    Operand,
    Result,
    Unsupported,
    lowers,
)
from pycandle.rust import tree as t


@lowers("aten.slice_scatter.default")
def slice_scatter(
    x: Operand,
    src: Operand,
    dim: int = 0,
    start: Integer | None = None,
    end: Integer | None = None,
    step: Integer = 1,
    *,
    out: Result,
) -> t.Expr | Lowered:
    """aten::slice_scatter(Tensor self, Tensor src, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> Tensor

    `end` says nothing that the size of `src` does not say.
    """  # noqa: E501
    place, stride = x.dim(dim), known("step", step)
    part = cast_as_written(src, out)
    if part.shape[place] == x.shape[place]:
        return Lowered(part.expr, part.layout)
    if part.shape[place] == 0:
        return Lowered(x.expr, x.layout)
    first = _start(x, place, 0 if start is None else start, out)
    if stride == 1:
        return _exchanged(x, part, place, first)
    numbers = (t.usize(place), first, t.usize(stride, "step"))
    return t.call(out.runtime("slice_scatter"), x.lent(), part.lent(), *numbers)


@lowers("aten.select_scatter.default")
def select_scatter(
    x: Operand, src: Operand, dim: int, index: Integer, *, out: Result
) -> t.Expr | Lowered:
    """aten::select_scatter(Tensor self, Tensor src, int dim, SymInt index) -> Tensor"""
    place = x.dim(dim)
    part = cast_as_written(src, out)
    part = replace(part, expr=t.method(part.expr, "unsqueeze", t.usize(place)))
    if x.shape[place] == 1:
        return Lowered(part.expr, part.layout)
    return _exchanged(x, part, place, _start(x, place, index, out))


def _exchanged(x: Operand, part: Operand, dim: int, start: t.Expr) -> Lowered:
    """Returns `x` with a part along a dim exchanged.

    Candle turns that dim to the front and back again, so that the result is strided.
    """
    expr = t.method(x.expr, "slice_scatter", part.lent(), t.usize(dim), start)
    return Lowered(expr, Layout.CONTIGUOUS if dim == 0 else Layout.STRIDED)


def _start(x: Operand, dim: int, start: Integer, out: Result) -> t.Expr:
    """Returns where a part starts; one that is cut off at the front starts at 0."""
    first, size = from_front(start, x.shape[dim]), x.shape[dim]
    if isinstance(first, int) and isinstance(size, int):
        first = min(max(first, 0), size)
    return sized(out, first, "start")


@lowers("aten.scatter_reduce.two")
def scatter_reduce(
    x: Operand,
    dim: int,
    index: Operand,
    src: Operand,
    reduce: str,
    *,
    include_self: bool = True,
    out: Result,
) -> t.Expr:
    """aten::scatter_reduce.two(Tensor self, int dim, Tensor index, Tensor src, str reduce, *, bool include_self=True) -> Tensor"""  # noqa: E501
    require_float(x)
    if max(x.rank, 1) != max(index.rank, 1) or max(x.rank, 1) != max(src.rank, 1):
        raise Unsupported("index", f"of rank {index.rank}", supported="the rank of `self`")
    if reduce not in ("sum", "prod", "mean", "amax", "amin"):
        raise Unsupported("reduce", repr(reduce), supported="sum, prod, mean, amax, amin")
    if not same_type(x.type, src.type):
        raise Unsupported("src", f"a tensor of {src.dtype}", supported="the dtype of `self`")
    operands = (x.lent(), t.usize(x.dim(dim)), index_tensor(index).lent(), src.lent())
    kernel = out.runtime("scatter_reduce")
    return t.call(kernel, *operands, t.Text(reduce), boolean(include_self))
