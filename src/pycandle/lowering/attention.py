"""Softmax and attention."""

from __future__ import annotations

from pycandle.ir.types import DTypeConstant
from pycandle.lowering.arguments import (
    boolean,
    cast_argument,
    is_half_or_may_be,
    kept,
    optional,
    require_float,
    same_type,
)
from pycandle.lowering.registry import Lowered, Operand, Result, Unsupported, lowers
from pycandle.rust import tree as t


@lowers("aten.softmax.int")
def softmax(
    x: Operand, dim: int, dtype: DTypeConstant | None = None, *, out: Result
) -> t.Expr | Lowered:
    """aten::softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor"""
    return _normalized("softmax", x, dim, dtype, out)


@lowers("aten.log_softmax.int")
def log_softmax(
    x: Operand, dim: int, dtype: DTypeConstant | None = None, *, out: Result
) -> t.Expr | Lowered:
    """aten::log_softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor"""
    return _normalized("log_softmax", x, dim, dtype, out)


def _normalized(
    name: str, x: Operand, dim: int, dtype: DTypeConstant | None, out: Result
) -> t.Expr | Lowered:
    """Returns the softmax or its logarithm, cast before rather than after, as in torch."""
    xs = cast_argument(x, dtype, out)
    require_float(xs)
    if 0 in xs.shape:
        return kept(xs)
    place = xs.dim(dim)
    if xs.rank == 0:
        # As a row of one element.
        row = t.method(xs.expr, "unsqueeze", t.usize(0))
        found = t.call(f"candle_nn::ops::{name}", t.ref(row), t.usize(0))
        return t.method(found, "squeeze", t.usize(0))
    if is_half_or_may_be(xs.type):
        # Candle adds 16-bit floats in 16 bits: a long row would not sum to 1.
        return t.call(out.runtime(name), xs.lent(), t.usize(place))
    if name == "softmax" and place == xs.rank - 1:
        return t.call("candle_nn::ops::softmax_last_dim", xs.contiguous().lent())
    return t.call(f"candle_nn::ops::{name}", xs.lent(), t.usize(place))


@lowers("aten.scaled_dot_product_attention.default")
def scaled_dot_product_attention(
    query: Operand,
    key: Operand,
    value: Operand,
    attn_mask: Operand | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    *,
    scale: float | None = None,
    enable_gqa: bool = False,
    out: Result,
) -> t.Expr:
    """aten::scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask=None, float dropout_p=0.0, bool is_causal=False, *, float? scale=None, bool enable_gqa=False) -> Tensor"""  # noqa: E501
    require_float(query, "query")
    if dropout_p != 0.0:
        raise Unsupported("dropout_p", dropout_p, supported="0.0: call `model.eval()` first")
    for name, operand in (("query", query), ("key", key), ("value", value)):
        if operand.rank < 2:
            raise Unsupported(name, f"a tensor of rank {operand.rank}", supported="rank 2 and up")
        if not same_type(operand.type, query.type):
            raise Unsupported(name, f"a tensor of {operand.dtype}", supported="the query's dtype")
    if attn_mask is not None and not (attn_mask.type.is_bool or attn_mask.type.is_float):
        raise Unsupported("attn_mask", f"a tensor of {attn_mask.dtype}", supported="bool, floats")
    return t.call(
        out.runtime(_kernel(query, key, value, enable_gqa=enable_gqa)),
        query.lent(),
        key.lent(),
        value.lent(),
        optional(attn_mask),
        boolean(is_causal),
        t.path("None") if scale is None else t.Call("Some", (t.f64(scale, "scale"),)),
    )


def _kernel(query: Operand, key: Operand, value: Operand, *, enable_gqa: bool) -> str:
    """Returns the kernel: for batches that are one, with heads in groups, or that broadcast."""
    is_usual = len({query.rank, key.rank, value.rank}) == 1 and query.rank <= 4
    if enable_gqa:
        _require_groups(query, key, value)
        return "scaled_dot_product_attention"
    if is_usual and query.shape[:-2] == key.shape[:-2] == value.shape[:-2]:
        return "scaled_dot_product_attention"
    return "broadcast_attention"


def _require_groups(query: Operand, key: Operand, value: Operand) -> None:
    """Refuses grouped queries of other shapes than (n, h, s, d) beside (n, h / groups, t, d)."""
    for name, operand in (("query", query), ("key", key), ("value", value)):
        if operand.rank not in (3, 4) or operand.rank != query.rank:
            raise Unsupported(name, f"a tensor of rank {operand.rank}", supported="rank 3 and 4")
        if operand.shape[:-3] != query.shape[:-3]:
            raise Unsupported(name, f"a shape of {operand.shape}", supported="the query's batch")
    if key.shape[:-2] != value.shape[:-2]:
        raise Unsupported("value", f"a shape of {value.shape}", supported="the key's heads")
