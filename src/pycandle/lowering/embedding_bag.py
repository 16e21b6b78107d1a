"""Sums, means and maxima of bags of rows of a table."""

from __future__ import annotations

from pycandle.lowering.arguments import boolean, optional, require_float, same_type
from pycandle.lowering.registry import Operand, Result, Several, Unsupported, lowers
from pycandle.rust import tree as t

_SUM, _MEAN, _MAX = range(3)
"""The modes, as torch numbers them."""


@lowers("aten.embedding_bag.padding_idx")
def embedding_bag(
    weight: Operand,
    indices: Operand,
    offsets: Operand,
    scale_grad_by_freq: bool,
    mode: int,
    sparse: bool,
    per_sample_weights: Operand | None,
    include_last_offset: bool,
    padding_idx: int | None,
    *,
    out: Result,
) -> Several:
    """aten::embedding_bag.padding_idx(Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq, int mode, bool sparse, Tensor? per_sample_weights, bool include_last_offset, int? padding_idx) -> (Tensor, Tensor, Tensor, Tensor)

    `scale_grad_by_freq` and `sparse` say how gradients flow, and nothing of the values.
    """  # noqa: E501
    require_float(weight, "weight")
    for name, operand in (("indices", indices), ("offsets", offsets)):
        if operand.dtype not in ("int64", "int32") or operand.rank != 1:
            found = f"a tensor of {operand.dtype} of rank {operand.rank}"
            raise Unsupported(name, found, supported="int64 and int32, of rank 1")
    if mode not in (_SUM, _MEAN, _MAX):
        raise Unsupported("mode", mode, supported="0, 1, 2")
    if per_sample_weights is not None:
        if mode != _SUM:
            raise Unsupported("mode", mode, supported="0, with `per_sample_weights`")
        if not same_type(per_sample_weights.type, weight.type):
            found = f"a tensor of {per_sample_weights.dtype}"
            raise Unsupported("per_sample_weights", found, supported="the table's dtype")
    if padding_idx is not None and padding_idx < 0:
        rows = weight.shape[0]
        if not isinstance(rows, int):
            raise Unsupported("padding_idx", padding_idx, supported="0 and up, or a fixed table")
        padding_idx += rows
    index = (t.Number(padding_idx, "i64", role="padding_idx"),) if padding_idx is not None else ()
    return Several(
        t.call(
            out.runtime("embedding_bag"),
            weight.lent(),
            indices.lent(),
            offsets.lent(),
            t.usize(mode, "mode"),
            optional(per_sample_weights),
            boolean(include_last_offset),
            t.Call("Some", index) if index else t.path("None"),
        )
    )
