"""The dtype that an op computes in before it writes into its operand."""

from __future__ import annotations

from dataclasses import replace

from pycandle.dtypes import DTYPES
from pycandle.ir.graph import Node, Value
from pycandle.ir.types import TensorType

_TRUTH = frozenset(
    {
        "eq", "ge", "greater", "greater_equal", "gt", "isfinite", "isinf", "isnan", "le", "less",
        "less_equal", "logical_and", "logical_not", "logical_or", "logical_xor", "lt", "ne",
        "not_equal",
    }
)  # fmt: skip
"""Ops that return bool, whatever they compare."""

_KEEPING = frozenset(
    {
        "copy", "fill", "fill_diagonal", "index_add", "index_copy", "index_fill", "index_put",
        "index_reduce", "masked_fill", "masked_scatter", "scatter", "scatter_add",
        "scatter_reduce", "zero",
    }
)  # fmt: skip
"""Ops that return their operand's dtype, whatever they write."""

_LEVELS = ("bool", "int", "float", "complex")


def computed_type(functional: str, node: Node) -> TensorType | None:
    """Returns the type of what the functional op returns; None where that is not known.

    `x.add_(y)` keeps the dtype of `x`; `x + y` is promoted.
    """
    written = node.args[0]
    kind = node.result.type
    assert isinstance(written, Value)
    if not isinstance(kind, TensorType):
        return None
    name = functional.split(".")[1]
    if name in _TRUTH:
        return TensorType("bool", kind.shape)
    if name in _KEEPING:
        return kind
    others = [value.type for value in node.inputs() if value is not written]
    for other in others:
        if not isinstance(other, TensorType):
            return None
        if _takes_part(other, kind):
            wider = _wider(kind, other)
            if wider is None:
                return None
            kind = wider
    return kind


def _takes_part(other: TensorType, kind: TensorType) -> bool:
    """Whether a tensor may change the dtype of a result."""
    level, own = (_LEVELS.index(DTYPES[item.dtype].kind) for item in (other, kind))
    if (other.dtype, other.follows_model) == (kind.dtype, kind.follows_model) or level < own:
        return False
    return level > own or bool(other.shape) or not kind.shape


def _wider(kind: TensorType, other: TensorType) -> TensorType | None:
    """Returns the promoted type of two of one kind; None where the model's dtype decides."""
    one, two = DTYPES[kind.dtype], DTYPES[other.dtype]
    if one.kind != two.kind or one.kind not in ("int", "float"):
        return None
    if kind.follows_model != other.follows_model:
        fixed = other if kind.follows_model else kind
        # No dtype that a model follows is wider than float32 but float64.
        return replace(kind, dtype="float32", follows_model=False) if _is_f32(fixed) else None
    if one.bits == two.bits and one is not two:
        if one.kind != "float" or one.bits < 16:
            return None
        return replace(kind, dtype="float32", follows_model=False)
    return replace(kind, dtype=(one if one.bits >= two.bits else two).torch)


def _is_f32(kind: TensorType) -> bool:
    return kind.dtype == "float32"
