"""Counting, and places in sorted boundaries."""

from __future__ import annotations

from pycandle.lowering.arguments import boolean, require_float
from pycandle.lowering.operand import candle_dtype
from pycandle.lowering.promotion import promote, to_promoted
from pycandle.lowering.registry import Operand, Result, Unsupported, lowers
from pycandle.rust import tree as t


@lowers("aten.histc.default")
def histc(x: Operand, bins: int = 100, min: float = 0, max: float = 0, *, out: Result) -> t.Expr:
    """aten::histc(Tensor self, int bins=100, Scalar min=0, Scalar max=0) -> Tensor"""
    require_float(x)
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
    if sorter is not None:
        raise Unsupported("sorter", "a tensor", supported="None")
    if side not in (None, "left", "right") or (side == "left" and right):
        raise Unsupported("side", side, supported="None, left, right")
    kind = promote([sorted_sequence, x])
    places, values = (to_promoted(item, kind, out).lent() for item in (sorted_sequence, x))
    found = t.call(out.runtime("searchsorted"), places, values, boolean(right or side == "right"))
    if out_int32:
        return t.method(found, "to_dtype", t.path(candle_dtype("int32")))
    return found
