"""Cumulative sums."""

from __future__ import annotations

from pycandle.ir.types import DTypeConstant
from pycandle.lowering.arguments import kept, to_result
from pycandle.lowering.registry import Lowered, Operand, Result, lowers
from pycandle.rust import tree as t


@lowers("aten.cumsum.default")
def cumsum(
    x: Operand, dim: int, *, dtype: DTypeConstant | None = None, out: Result
) -> t.Expr | Lowered:
    """aten::cumsum(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor

    Candle's own multiplies by a triangle: quadratic, and for no integers.
    """
    xs = to_result(x, out)
    if x.rank == 0:
        return kept(xs)
    return t.call(out.runtime("cumsum"), xs.lent(), t.usize(x.dim(dim)))
