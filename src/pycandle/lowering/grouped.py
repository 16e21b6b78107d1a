"""Products of rows with the matrix of their group, as mixtures of experts have them."""

from __future__ import annotations

from pycandle.ir.types import DTypeConstant
from pycandle.lowering.arguments import require_float, same_type
from pycandle.lowering.linear import bmm
from pycandle.lowering.registry import Operand, Result, Unsupported, lowers
from pycandle.rust import tree as t


@lowers("transformers.grouped_mm_fallback.default")
def grouped_mm_fallback(input: Operand, weight: Operand, offs: Operand, *, out: Result) -> t.Expr:
    """transformers::grouped_mm_fallback(Tensor input, Tensor weight, Tensor offs) -> Tensor"""
    return _grouped(input, weight, offs, out)


@lowers("aten._grouped_mm.default")
def grouped_mm(
    x: Operand,
    mat2: Operand,
    offs: Operand | None = None,
    bias: Operand | None = None,
    out_dtype: DTypeConstant | None = None,
    *,
    out: Result,
) -> t.Expr:
    """aten::_grouped_mm(Tensor self, Tensor mat2, Tensor? offs=None, Tensor? bias=None, ScalarType? out_dtype=None) -> Tensor

    Torch leaves the rows behind the last group as they are in memory; here they are zeros.
    """  # noqa: E501
    if bias is not None:
        raise Unsupported("bias", "a tensor", supported="None")
    same = same_type(x.type, out.tensor)
    if out_dtype is not None and (out_dtype.name != x.dtype or not same):
        raise Unsupported("out_dtype", out_dtype.name, supported="the dtype of `self`")
    if offs is None:
        if (x.rank, mat2.rank) != (3, 3):
            raise Unsupported("offs", None, supported="offsets, or operands of rank 3")
        return bmm(x, mat2, out=out)
    return _grouped(x, mat2, offs, out)


def _grouped(x: Operand, weight: Operand, offs: Operand, out: Result) -> t.Expr:
    require_float(x)
    if (x.rank, weight.rank) != (2, 3):
        ranks = f"a tensor of rank {x.rank} beside one of rank {weight.rank}"
        raise Unsupported("self", ranks, supported="rank 2, beside rank 3")
    if not same_type(x.type, weight.type):
        raise Unsupported("weight", f"a tensor of {weight.dtype}", supported="the input's dtype")
    if not offs.type.is_integer:
        raise Unsupported("offs", f"a tensor of {offs.dtype}", supported="integers")
    return t.call(out.runtime("grouped_mm"), x.lent(), weight.lent(), offs.lent())
