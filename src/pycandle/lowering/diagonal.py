"""Diagonals of matrices, and the triangles beside them."""

from __future__ import annotations

from pycandle.ir.sizes import combine
from pycandle.ir.types import DTypeConstant, Keyword
from pycandle.lowering.arguments import strided
from pycandle.lowering.cast import cast_as_written
from pycandle.lowering.creation import require_plain
from pycandle.lowering.operand import normalize_dim
from pycandle.lowering.registry import Lowered, Operand, Result, Unsupported, lowers
from pycandle.rust import tree as t


@lowers("aten.diagonal.default", "aten.diagonal_copy.default")
def diagonal(
    x: Operand, offset: int = 0, dim1: int = 0, dim2: int = 1, *, out: Result
) -> Lowered | t.Expr:
    """aten::diagonal(Tensor(a) self, int offset=0, int dim1=0, int dim2=1) -> Tensor(a)"""
    first, second = x.dim(dim1), x.dim(dim2)
    is_last = (first, second) == (x.rank - 2, x.rank - 1)
    if offset != 0 or not is_last or x.shape[first] != x.shape[second]:
        return _diagonal(x, offset, first, second, out)
    rows = t.method(x.contiguous().expr, "flatten_from", t.usize(first))
    step = out.sizes(combine("+", x.shape[second], 1))
    windows = t.method(rows, "unfold", t.usize(first), t.usize(1), step)
    return strided(x, t.method(windows, "squeeze", t.usize(x.rank - 1)))


def _diagonal(x: Operand, offset: int, dim1: int, dim2: int, out: Result) -> t.Expr:
    places = (_offset(offset), t.usize(dim1), t.usize(dim2))
    return t.call(out.runtime("diagonal"), x.lent(), *places)


def _offset(offset: int) -> t.Expr:
    return t.Number(offset, "i64", "offset")


@lowers("aten.linalg_diagonal.default")
def linalg_diagonal(
    A: Operand,
    *,
    offset: int = 0,
    dim1: int = -2,
    dim2: int = -1,
    out: Result,
) -> Lowered | t.Expr:
    """aten::linalg_diagonal(Tensor(a) A, *, int offset=0, int dim1=-2, int dim2=-1) -> Tensor(a)"""
    return diagonal(A, offset, dim1, dim2, out=out)


@lowers("aten.diag_embed.default")
def diag_embed(
    x: Operand, offset: int = 0, dim1: int = -2, dim2: int = -1, *, out: Result
) -> t.Expr:
    """aten::diag_embed(Tensor self, int offset=0, int dim1=-2, int dim2=-1) -> Tensor"""
    places = (normalize_dim(dim, x.rank + 1) for dim in (dim1, dim2))
    dims = (t.usize(place) for place in places)
    return t.call(out.runtime("diag_embed"), x.lent(), _offset(offset), *dims)


@lowers("aten.diagflat.default")
def diagflat(x: Operand, offset: int = 0, *, out: Result) -> t.Expr:
    """aten::diagflat(Tensor self, int offset=0) -> Tensor"""
    flat = t.ref(t.method(x.expr, "flatten_all"))
    return t.call(out.runtime("diag_embed"), flat, _offset(offset), t.usize(0), t.usize(1))


@lowers("aten.diag.default")
def diag(x: Operand, diagonal: int = 0, *, out: Result) -> t.Expr:
    """aten::diag(Tensor self, int diagonal=0) -> Tensor"""
    if x.rank == 1:
        return diag_embed(x, diagonal, out=out)
    return _diagonal(x, diagonal, 0, 1, out)


@lowers("aten.trace.default")
def trace(x: Operand, *, out: Result) -> t.Expr:
    """aten::trace(Tensor self) -> Tensor"""
    if x.type.is_bool or x.dtype == "uint8":
        raise Unsupported("self", f"a tensor of {x.dtype}", supported="floats, int64, int32")
    found = t.method(_diagonal(x, 0, 0, 1, out), "to_dtype", out.dtype())
    return t.method(found, "sum", t.usize(0))


@lowers("aten.diagonal_scatter.default")
def diagonal_scatter(
    x: Operand, src: Operand, offset: int = 0, dim1: int = 0, dim2: int = 1, *, out: Result
) -> t.Expr:
    """aten::diagonal_scatter(Tensor self, Tensor src, int offset=0, int dim1=0, int dim2=1) -> Tensor"""  # noqa: E501
    first, second = x.dim(dim1), x.dim(dim2)
    is_last = (first, second) == (x.rank - 2, x.rank - 1)
    if offset != 0 or not is_last or x.shape[first] != x.shape[second]:
        places = (_offset(offset), t.usize(first), t.usize(second))
        written = cast_as_written(src, out).lent()
        return t.call(out.runtime("diagonal_scatter"), x.lent(), written, *places)
    on = t.call("Tensor::eye", x.size(-1), t.path("DType::U8"), out.device())
    mask = t.method(on, "broadcast_as", out.dims()) if x.rank > 2 else on
    column = t.method(cast_as_written(src, out).expr, "unsqueeze", t.usize(x.rank - 1))
    values = t.method(column, "broadcast_as", out.dims())
    return t.method(mask, "where_cond", t.ref(values), x.lent())


@lowers("aten.tril_indices.default")
def tril_indices(
    row: int,
    col: int,
    offset: int = 0,
    *,
    dtype: DTypeConstant | int | None = 4,  # int64
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    out: Result,
) -> t.Expr:
    """aten::tril_indices(int row, int col, int offset=0, *, ScalarType? dtype=4, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""  # noqa: E501
    require_plain(layout, pin_memory)
    return _indices("tril_indices", row, col, offset, out)


@lowers("aten.triu_indices.default")
def triu_indices(
    row: int,
    col: int,
    offset: int = 0,
    *,
    dtype: DTypeConstant | int | None = 4,  # int64
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    out: Result,
) -> t.Expr:
    """aten::triu_indices(int row, int col, int offset=0, *, ScalarType? dtype=4, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""  # noqa: E501
    require_plain(layout, pin_memory)
    return _indices("triu_indices", row, col, offset, out)


def _indices(kernel: str, row: int, col: int, offset: int, out: Result) -> t.Expr:
    sizes = (t.usize(row, "row"), t.usize(col, "col"), _offset(offset))
    found = t.call(out.runtime(kernel), *sizes, out.device())
    return found if out.tensor.dtype == "int64" else t.method(found, "to_dtype", out.dtype())
