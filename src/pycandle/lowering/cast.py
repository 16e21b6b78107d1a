"""Casts between dtypes."""

from __future__ import annotations

from dataclasses import replace

from pycandle.dtypes import DTYPES
from pycandle.ir.types import DTypeConstant, Keyword
from pycandle.lowering.arguments import broadcast_to_result, kept, same_type, to_result
from pycandle.lowering.registry import Layout, Lowered, Operand, Result, Unsupported, lowers
from pycandle.rust import tree as t

_FLOATS = ("float32", "float64", "float16", "bfloat16")


def _cast(x: Operand, out: Result) -> t.Expr | Lowered:
    """Returns the operand in the result's dtype; as it is where it has that in every model."""
    if same_type(x.type, out.tensor):
        return kept(x)
    target = out.tensor.dtype
    if DTYPES[target].candle is None or (out.tensor.is_float and target not in _FLOATS):
        raise Unsupported("dtype", target, supported="dtypes that Candle computes in")
    if target in ("int8", "uint16") and not x.type.is_bool:
        supported = "wider integers, floats"
        raise Unsupported("dtype", f"{target} from {x.dtype}", supported=supported)
    if target == "uint8" and x.type.is_float:
        # What is out of range wraps around in torch, and saturates in Candle.
        x = x.to_dtype("int64")
    cast = to_result(x, out)
    # Where the dtypes turn out to be one, Candle returns the tensor as it lies.
    return kept(cast) if x.type.follows_model or out.tensor.follows_model else cast.expr


def cast_as_written(x: Operand, out: Result) -> Operand:
    """Returns what is written into a tensor of the result's dtype."""
    cast = _cast(x, out)
    if isinstance(cast, Lowered):
        return replace(x, expr=cast.expr, type=replace(out.tensor, shape=x.shape))
    contiguous = Layout.CONTIGUOUS
    return Operand(cast, replace(out.tensor, shape=x.shape), contiguous, x.sizes)


def _require_strided(layout: Keyword | None) -> None:
    if layout is not None and "strided" not in layout.name:
        raise Unsupported("layout", layout.name, supported="torch.strided")


# `device` needs nothing, since Rust takes the device from its inputs; `non_blocking`, `copy`,
# `pin_memory` and `memory_format` change where values lie and not what they are.


@lowers("aten.to.dtype")
def to_dtype(
    x: Operand,
    dtype: DTypeConstant,
    non_blocking: bool = False,
    copy: bool = False,
    memory_format: Keyword | None = None,
    *,
    out: Result,
) -> t.Expr | Lowered:
    """aten::to.dtype(Tensor(a) self, ScalarType dtype, bool non_blocking=False, bool copy=False, MemoryFormat? memory_format=None) -> Tensor(a)"""  # noqa: E501
    return _cast(x, out)


@lowers("aten.to.dtype_layout")
def to_dtype_layout(
    x: Operand,
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    non_blocking: bool = False,
    copy: bool = False,
    memory_format: Keyword | None = None,
    out: Result,
) -> t.Expr | Lowered:
    """aten::to.dtype_layout(Tensor(a) self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, bool non_blocking=False, bool copy=False, MemoryFormat? memory_format=None) -> Tensor(a)"""  # noqa: E501
    _require_strided(layout)
    return _cast(x, out)


@lowers("aten.to.device")
def to_device(
    x: Operand,
    device: Keyword,
    dtype: DTypeConstant,
    non_blocking: bool = False,
    copy: bool = False,
    memory_format: Keyword | None = None,
    *,
    out: Result,
) -> t.Expr | Lowered:
    """aten::to.device(Tensor(a) self, Device device, ScalarType dtype, bool non_blocking=False, bool copy=False, MemoryFormat? memory_format=None) -> Tensor(a)"""  # noqa: E501
    return _cast(x, out)


@lowers("aten.to.other")
def to_other(
    x: Operand,
    other: Operand,
    non_blocking: bool = False,
    copy: bool = False,
    memory_format: Keyword | None = None,
    *,
    out: Result,
) -> t.Expr | Lowered:
    """aten::to.other(Tensor(a) self, Tensor other, bool non_blocking=False, bool copy=False, MemoryFormat? memory_format=None) -> Tensor(a)"""  # noqa: E501
    return _cast(x, out)


@lowers("aten._to_copy.default")
def to_copy(
    x: Operand,
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    non_blocking: bool = False,
    memory_format: Keyword | None = None,
    out: Result,
) -> t.Expr | Lowered:
    """aten::_to_copy(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, bool non_blocking=False, MemoryFormat? memory_format=None) -> Tensor"""  # noqa: E501
    _require_strided(layout)
    return _cast(x, out)


@lowers("aten.type_as.default")
def type_as(x: Operand, other: Operand, *, out: Result) -> t.Expr | Lowered:
    """aten::type_as(Tensor self, Tensor other) -> Tensor"""
    return _cast(x, out)


@lowers("aten.copy.default")
def copy_(x: Operand, src: Operand, non_blocking: bool = False, *, out: Result) -> t.Expr | Lowered:
    """aten::copy(Tensor self, Tensor src, bool non_blocking=False) -> Tensor"""
    return kept(broadcast_to_result(cast_as_written(src, out), out))
