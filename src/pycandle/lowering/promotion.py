"""The dtype that torch computes in, for ops whose result does not tell it: comparisons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce
from typing import TypeAlias

from pycandle.dtypes import DTYPES
from pycandle.ir.types import TensorType
from pycandle.lowering.arguments import to_type
from pycandle.lowering.operand import Operand, Result, SizeOperand, Unsupported, candle_dtype
from pycandle.rust import tree as t

Scalar: TypeAlias = bool | int | float | SizeOperand
"""A Python number, or one that is a size."""

_RANK = {"bool": 0, "int": 1, "float": 2}


def promote(items: Sequence[Operand | Scalar]) -> TensorType:
    """Returns the dtype that torch casts all items to, as a type without dims.

    A tensor without dims, and a number even less, counts only where it is of a higher kind than
    the tensors with dims: bool, integer, float, in this order.
    """
    tensors = [item for item in items if isinstance(item, Operand)]
    with_dims = _joined(x.type for x in tensors if x.rank)
    without = _joined(x.type for x in tensors if not x.rank)
    numbers = _joined(_number_type(item) for item in items if not isinstance(item, Operand))
    found = _outranked(with_dims, _outranked(without, numbers))
    assert found is not None
    return found


def to_promoted(x: Operand, kind: TensorType, out: Result) -> Operand:
    """Returns an operand in a promoted dtype."""
    return to_type(x, replace(kind, shape=x.shape), promoted_dtype(kind, out))


def promoted_dtype(kind: TensorType, out: Result) -> t.Expr:
    """Returns Rust for a promoted dtype."""
    return out.model_dtype() if kind.follows_model else t.path(candle_dtype(kind.dtype))


def _number_type(value: Scalar) -> TensorType:
    match value:
        case bool():
            return TensorType("bool", ())
        case int() | SizeOperand():
            return TensorType("int64", ())
        case float():
            return TensorType("float32", ())


def _outranked(first: TensorType | None, second: TensorType | None) -> TensorType | None:
    """Returns `first`, unless `second` is of a higher kind."""
    if first is None or second is None:
        return first or second
    higher = _rank(second) > _rank(first)
    return second if higher else first


def _rank(kind: TensorType) -> int:
    return _RANK[DTYPES[kind.dtype].kind]


def _joined(types: Iterable[TensorType]) -> TensorType | None:
    kinds = [TensorType(kind.dtype, (), kind.follows_model) for kind in types]
    return reduce(_join, kinds) if kinds else None


def _join(a: TensorType, b: TensorType) -> TensorType:
    """Returns the smallest dtype that torch holds both in."""
    if a == b:
        return a
    if _rank(a) != _rank(b):
        return max(a, b, key=_rank)
    if a.follows_model or b.follows_model:
        return _join_with_model(b if a.follows_model else a)
    names = {a.dtype, b.dtype}
    if names == {"float16", "bfloat16"}:
        return TensorType("float32", ())
    if names == {"int8", "uint8"}:
        return TensorType("int16", ())
    return max(a, b, key=lambda kind: DTYPES[kind.dtype].bits)


def _join_with_model(fixed: TensorType) -> TensorType:
    """Returns the join of a fixed float dtype with the model's, which is float32 or a half."""
    if fixed.dtype in ("float16", "bfloat16"):
        raise Unsupported(
            "self", f"{fixed.dtype} beside the model's dtype", supported="float32 and wider"
        )
    return fixed
