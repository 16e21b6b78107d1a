"""Counting, and places in sorted boundaries."""

from __future__ import annotations

from pycandle.lowering.arguments import (
    boolean,
    index_tensor,
    literal,
    optional,
    require_float,
)
from pycandle.lowering.operand import candle_dtype
from pycandle.lowering.promotion import Scalar, promote, promoted_dtype, to_promoted
from pycandle.lowering.registry import (
    Operand,
    Result,
    Several,
    SizeOperand,
    Unsupported,
    lowers,
)
from pycandle.lowering.reuse import reuse
from pycandle.rust import tree as t


@lowers("aten.histc.default")
def histc(x: Operand, bins: int = 100, min: float = 0, max: float = 0, *, out: Result) -> t.Expr:
    """aten::histc(Tensor self, int bins=100, Scalar min=0, Scalar max=0) -> Tensor"""
    if x.type.is_bool:
        raise Unsupported("self", "a tensor of bool", supported="floats and integers")
    numbers = (t.usize(bins, "bins"), t.f64(min, "min"), t.f64(max, "max"))
    return t.call(out.runtime("histc"), x.lent(), *numbers)


@lowers("aten.searchsorted.Tensor")
def searchsorted(
    sorted_sequence: Operand,
    x: Operand,
    *,
    out_int32: bool = False,
    right: bool = False,
    side: str | None = None,
    sorter: Operand | None = None,
    out: Result,
) -> t.Expr:
    """aten::searchsorted.Tensor(Tensor sorted_sequence, Tensor self, *, bool out_int32=False, bool right=False, str? side=None, Tensor? sorter=None) -> Tensor"""  # noqa: E501
    return _searched(sorted_sequence, x, out, out_int32, _is_right(right, side), sorter)


@lowers("aten.searchsorted.Scalar")
def searchsorted_scalar(
    sorted_sequence: Operand,
    x: Scalar,
    *,
    out_int32: bool = False,
    right: bool = False,
    side: str | None = None,
    sorter: Operand | None = None,
    out: Result,
) -> t.Expr:
    """aten::searchsorted.Scalar(Tensor sorted_sequence, Scalar self, *, bool out_int32=False, bool right=False, str? side=None, Tensor? sorter=None) -> Tensor"""  # noqa: E501
    return _searched(sorted_sequence, x, out, out_int32, _is_right(right, side), sorter)


@lowers("aten.bucketize.Scalar")
def bucketize_scalar(
    x: Scalar, boundaries: Operand, *, out_int32: bool = False, right: bool = False, out: Result
) -> t.Expr:
    """aten::bucketize.Scalar(Scalar self, Tensor boundaries, *, bool out_int32=False, bool right=False) -> Tensor"""  # noqa: E501
    return _searched(boundaries, x, out, out_int32, right, None)


def _is_right(right: bool, side: str | None) -> bool:
    if side not in (None, "left", "right") or (side == "left" and right):
        raise Unsupported("side", side, supported="None, left, right")
    return right or side == "right"


def _searched(
    row: Operand,
    x: Operand | Scalar,
    out: Result,
    out_int32: bool,
    right: bool,
    sorter: Operand | None,
) -> t.Expr:
    kind = promote([row, x])
    places = to_promoted(row, kind, out)
    if sorter is not None:
        order = index_tensor(sorter, "sorter").contiguous()
        last = t.usize(row.rank - 1)
        expr = t.method(places.contiguous().expr, "gather", order.lent(), last)
        places = Operand(expr, places.type)
    if isinstance(x, Operand):
        values = to_promoted(x, kind, out).lent()
    elif isinstance(x, SizeOperand):
        raise Unsupported("self", str(x.size), supported="a fixed number")
    else:
        number = t.call("Tensor::new", literal(x, kind), out.device())
        values = t.ref(t.method(number, "to_dtype", promoted_dtype(kind, out)))
    found = t.call(out.runtime("searchsorted"), places.lent(), values, boolean(right))
    if out_int32:
        return t.method(found, "to_dtype", t.path(candle_dtype("int32")))
    return found


@lowers("aten.histogram.bin_ct")
def histogram(
    x: Operand,
    bins: int = 100,
    *,
    range: list[float] | None = None,
    weight: Operand | None = None,
    density: bool = False,
    out: Result,
) -> Several:
    """aten::histogram.bin_ct(Tensor self, int bins=100, *, float[]? range=None, Tensor? weight=None, bool density=False) -> (Tensor hist, Tensor bin_edges)"""  # noqa: E501
    require_float(x)

    def build(x: Operand) -> t.Expr:
        return _histogram(x, _edges(x, bins, range, out), weight, density, out)

    return Several(reuse(x, build))


@lowers("aten.histogram.bins_tensor")
def histogram_between(
    x: Operand, bins: Operand, *, weight: Operand | None = None, density: bool = False, out: Result
) -> Several:
    """aten::histogram.bins_tensor(Tensor self, Tensor bins, *, Tensor? weight=None, bool density=False) -> (Tensor hist, Tensor bin_edges)"""  # noqa: E501
    require_float(x)
    return Several(_histogram(x, t.method(bins.expr, "copy"), weight, density, out))


def _edges(x: Operand, bins: int, bounds: list[float] | None, out: Result) -> t.Expr:
    span: t.Expr = t.path("None")
    if bounds is not None:
        span = t.Call("Some", (t.tuple_of(t.f64(value, "range") for value in bounds),))
    return t.call(out.runtime("histogram_edges"), x.lent(), t.usize(bins, "bins"), span)


def _histogram(
    x: Operand, edges: t.Expr, weight: Operand | None, density: bool, out: Result
) -> t.Expr:
    held = t.Local("edges")
    lent = (x.lent(), t.ref(held), optional(weight), boolean(density))
    counts = t.call(out.runtime("histogram"), *lent)
    return t.Block((t.Let("edges", edges),), t.tuple_of([counts, held]))
