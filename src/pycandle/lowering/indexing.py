"""Reading and writing at indices."""

from __future__ import annotations

from dataclasses import replace

from pycandle.lowering.arguments import (
    boolean,
    broadcast_to,
    filling,
    index_tensor,
    optional,
    shape_of,
    slice_of,
    to_result,
)
from pycandle.lowering.operand import Layout, Operand
from pycandle.lowering.registry import Result, SizeOperand, Unsupported, lowers
from pycandle.rust import tree as t


@lowers("aten.embedding.default")
def embedding(
    weight: Operand,
    indices: Operand,
    padding_idx: int = -1,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
    *,
    out: Result,
) -> t.Expr:
    """aten::embedding(Tensor weight, Tensor indices, SymInt padding_idx=-1, bool scale_grad_by_freq=False, bool sparse=False) -> Tensor

    The last three arguments say how gradients flow, and nothing of the values.
    """  # noqa: E501
    rows, ids = weight.contiguous(), index_tensor(indices, "indices")
    if ids.rank == 1:
        return t.method(rows.expr, "embedding", ids.lent())
    flat = t.method(ids.expr, "flatten_all")
    picked = t.method(rows.expr, "embedding", t.Reference(flat))
    return t.method(picked, "reshape", out.dims())


@lowers("aten.index_select.default")
def index_select(x: Operand, dim: int, index: Operand) -> t.Expr:
    """aten::index_select(Tensor self, int dim, Tensor index) -> Tensor"""
    place, ids = t.usize(x.dim(dim)), index_tensor(index)
    flat = ids.lent() if index.rank else t.ref(t.method(ids.expr, "reshape", t.usize(1)))
    if not x.rank:
        row = t.method(x.expr, "reshape", t.usize(1))
        return t.method(t.method(row, "index_select", flat, place), "reshape", t.tuple_of(()))
    return t.method(x.contiguous().expr, "index_select", flat, place)


@lowers("aten.gather.default")
def gather(
    x: Operand, dim: int, index: Operand, *, sparse_grad: bool = False, out: Result
) -> t.Expr:
    """aten::gather(Tensor self, int dim, Tensor index, *, bool sparse_grad=False) -> Tensor

    Candle steps through the source by the index's shape, so that the source is cut to it first.
    """
    place = x.dim(dim)
    if x.rank == 0 or index.rank == 0:
        row = t.method(x.expr, "reshape", shape_of([x.size(0) if x.rank else t.usize(1)]))
        flat = t.ref(t.method(index_tensor(index).expr, "flatten_all"))
        return t.method(t.method(row, "gather", flat, t.usize(0)), "reshape", out.dims())
    source = x.contiguous().expr
    cut = [d for d in range(x.rank) if d != place and x.shape[d] != index.shape[d]]
    for d in cut:
        source = t.method(source, "narrow", t.usize(d), t.usize(0), index.size(d))
    if cut:
        source = t.method(source, "contiguous")
    ids = index_tensor(index).contiguous()
    return t.method(source, "gather", ids.lent(), t.usize(place))


@lowers("aten.take_along_dim.default")
def take_along_dim(x: Operand, indices: Operand, dim: int | None = None, *, out: Result) -> t.Expr:
    """aten::take_along_dim(Tensor self, Tensor indices, int? dim=None) -> Tensor

    Sizes of 1 are repeated, but for those of `dim`; without one, both are read as rows. With one,
    and unlike in `gather`, indices below 0 count from the end.
    """
    ids = index_tensor(indices, "indices")
    if dim is None:
        flat = t.method(ids.expr, "flatten_all")
        return t.method(t.method(x.expr, "flatten_all"), "gather", t.ref(flat), t.usize(0))
    wrapped = t.call(out.runtime("wrap_index"), ids.lent(), x.size(dim))
    ids = replace(ids, expr=wrapped, layout=Layout.CONTIGUOUS)
    place = x.dim(dim)
    source = broadcast_to(x, (*out.shape[:place], x.shape[place], *out.shape[place + 1 :]), out)
    return gather(source, dim, broadcast_to(ids, out.shape, out), out=out)


@lowers("aten.index.Tensor")
def index(x: Operand, indices: list[Operand | None], *, out: Result) -> t.Expr:
    """aten::index.Tensor(Tensor self, Tensor?[] indices) -> Tensor"""
    given = [(dim, ids) for dim, ids in enumerate(indices) if ids is not None]
    if any(ids.type.is_bool for _, ids in given):
        (dim, mask), *others = given
        if others or mask.rank == 0:
            raise Unsupported("indices", "a mask", supported="integers, or one mask alone")
        return t.call(out.runtime("index_by_mask"), x.lent(), mask.lent(), t.usize(dim))
    if len(given) == 1 and given[0][1].rank == 1 and given[0][1].is_state:
        dim, ids = given[0]
        return index_select(x, dim, ids)
    return t.call(out.runtime("index"), x.lent(), _indices(indices))


@lowers("aten.index_put.default")
def index_put(
    x: Operand,
    indices: list[Operand | None],
    values: Operand,
    accumulate: bool = False,
    *,
    out: Result,
) -> t.Expr:
    """aten::index_put(Tensor self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor"""  # noqa: E501
    masks = [ids for ids in indices if ids is not None and ids.type.is_bool]
    if masks:
        return _put_by_mask(x, indices, values, out, accumulate=accumulate)
    if accumulate:
        _require_sums(x)
    arguments = [x.lent(), _indices(indices), to_result(values, out).lent()]
    accumulates = t.path("true" if accumulate else "false")
    return t.call(out.runtime("index_put"), *arguments, accumulates)


def _put_by_mask(
    x: Operand, indices: list[Operand | None], values: Operand, out: Result, *, accumulate: bool
) -> t.Expr:
    """Writes where a mask over the first dims says so: one value, or a row for each place."""
    mask = indices[0]
    if len(indices) != 1 or mask is None or accumulate:
        raise Unsupported("indices", "a mask", supported="one mask, and no sums")
    behind = x.rank - mask.rank
    if mask.rank == 0 or values.rank > behind + 1:
        supported = f"a mask with dims, and a value of up to {behind + 1} dims"
        raise Unsupported("indices", "a mask", supported=supported)
    if values.rank > behind and values.shape[0] != 1:
        rows = to_result(values, out).lent()
        return t.call(out.runtime("put_by_mask"), x.lent(), mask.lent(), rows)
    where = mask.expr
    if mask.rank != x.rank:
        for dim in range(mask.rank, x.rank):
            where = t.method(where, "unsqueeze", t.usize(dim))
    if mask.shape != x.shape:
        where = t.method(where, "broadcast_as", out.dims())
    value = t.method(to_result(values, out).expr, "broadcast_as", out.dims())
    return t.method(where, "where_cond", t.Reference(value), x.lent())


def _indices(indices: list[Operand | None]) -> t.Expr:
    return slice_of(optional(None if ids is None else _wrapped(ids)) for ids in indices)


def _wrapped(ids: Operand) -> Operand:
    if not ids.type.is_integer or ids.dtype == "uint8":
        raise Unsupported("indices", f"a tensor of {ids.dtype}", supported="int64, int32")
    return ids.to_dtype("int64")


@lowers("aten.scatter.src")
def scatter(x: Operand, dim: int, index: Operand, src: Operand, *, out: Result) -> t.Expr:
    """aten::scatter.src(Tensor self, int dim, Tensor index, Tensor src) -> Tensor"""
    return _scattered("scatter", x, dim, index, src, out)


@lowers("aten.scatter_add.default")
def scatter_add(x: Operand, dim: int, index: Operand, src: Operand, *, out: Result) -> t.Expr:
    """aten::scatter_add(Tensor self, int dim, Tensor index, Tensor src) -> Tensor"""
    _require_sums(x)
    return _scattered("scatter_add", x, dim, index, src, out)


def _require_sums(x: Operand) -> None:
    """Refuses bools, whose sum PyTorch keeps at true and Candle counts."""
    if x.type.is_bool:
        raise Unsupported("self", "a tensor of bool", supported="numbers")


def _scattered(
    name: str, x: Operand, dim: int, index: Operand, src: Operand, out: Result
) -> t.Expr:
    place = x.dim(dim)
    if not _is_whole(x, place, index):
        ids = index_tensor(index)
        lent = (x.lent(), t.usize(place), ids.lent(), src.lent(), boolean(name == "scatter_add"))
        return t.call(out.runtime("scatter_part"), *lent)
    source = src.contiguous().expr
    cut = [d for d in range(x.rank) if src.shape[d] != index.shape[d]]
    for d in cut:
        source = t.method(source, "narrow", t.usize(d), t.usize(0), index.size(d))
    if cut:
        source = t.method(source, "contiguous")
    ids = index_tensor(index).contiguous()
    return t.method(x.expr, name, ids.lent(), t.ref(source), t.usize(place))


def _is_whole(x: Operand, dim: int, index: Operand) -> bool:
    """Whether indices cover all of the other dims: Candle writes whole rows."""
    same = index.rank == x.rank > 0
    return same and all(d == dim or x.shape[d] == index.shape[d] for d in range(x.rank))


@lowers("aten.scatter.value")
def scatter_value(x: Operand, dim: int, index: Operand, value: float, *, out: Result) -> t.Expr:
    """aten::scatter.value(Tensor self, int dim, Tensor index, Scalar value) -> Tensor"""
    place = x.dim(dim)
    ids = index_tensor(index).contiguous()
    number = filling(value, x.type)
    if _is_whole(x, place, index):
        return t.call(out.runtime("scatter_value"), x.lent(), t.usize(place), ids.lent(), number)
    single = t.method(t.call("Tensor::new", number, out.device()), "to_dtype", out.dtype())
    values = t.ref(t.method(single, "broadcast_as", t.plain(index.expr, "shape")))
    lent = (x.lent(), t.usize(place), ids.lent(), values, boolean(False))
    return t.call(out.runtime("scatter_part"), *lent)


@lowers("aten.index_add.default")
def index_add(x: Operand, dim: int, index: Operand, source: Operand, *, alpha: float = 1) -> t.Expr:
    """aten::index_add(Tensor self, int dim, Tensor index, Tensor source, *, Scalar alpha=1) -> Tensor"""  # noqa: E501
    _require_sums(x)
    if isinstance(alpha, SizeOperand) or (not x.type.is_float and alpha != int(alpha)):
        raise Unsupported("alpha", alpha, supported="a fixed number of the dtype of `self`")
    if x.rank == 0 or index.rank == 0:
        raise Unsupported("self", "a tensor of rank 0", supported="rank 1 and up")
    ids, rows = index_tensor(index).contiguous(), source.contiguous().expr
    scaled = rows if alpha == 1 else t.arithmetic("*", rows, t.f64(alpha, "alpha"))
    return t.method(x.expr, "index_add", ids.lent(), t.ref(scaled), t.usize(x.dim(dim)))
