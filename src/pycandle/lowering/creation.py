"""Tensors of one value, and the identity."""

from __future__ import annotations

from pycandle.ir.configured import to_int
from pycandle.ir.types import DTypeConstant, Keyword
from pycandle.lowering.arguments import (
    Integer,
    broadcast_to_result,
    full,
    kept,
    literal,
    to_result,
)
from pycandle.lowering.promotion import Scalar
from pycandle.lowering.registry import (
    Lowered,
    Operand,
    Result,
    SizeOperand,
    Unsupported,
    lowers,
)
from pycandle.rust import tree as t


def require_plain(layout: Keyword | None, pin_memory: bool | None) -> None:
    """Refuses what Candle's tensors cannot be. The device comes from the inputs in any case."""
    if layout is not None and "strided" not in layout.name:
        raise Unsupported("layout", layout.name, supported="torch.strided")
    if pin_memory:
        raise Unsupported("pin_memory", pin_memory, supported="False")


def _filled(name: str, out: Result) -> t.Expr:
    return t.call(f"Tensor::{name}", out.dims(), out.dtype(), out.device())


@lowers("aten.zeros.default")
def zeros(
    size: list[Integer],
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    out: Result,
) -> t.Expr:
    """aten::zeros(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""  # noqa: E501
    require_plain(layout, pin_memory)
    return _filled("zeros", out)


@lowers("aten.ones.default")
def ones(
    size: list[Integer],
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    out: Result,
) -> t.Expr:
    """aten::ones(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""  # noqa: E501
    require_plain(layout, pin_memory)
    return _filled("ones", out)


@lowers("aten.full.default")
def full_(
    size: list[Integer],
    fill_value: Scalar,
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    out: Result,
) -> t.Expr:
    """aten::full(SymInt[] size, Scalar fill_value, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""  # noqa: E501
    require_plain(layout, pin_memory)
    return _full(fill_value, out)


@lowers("aten.empty.memory_format")
def empty(
    size: list[Integer],
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    memory_format: Keyword | None = None,
    out: Result,
) -> t.Expr:
    """aten::empty.memory_format(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor"""  # noqa: E501
    require_plain(layout, pin_memory)
    return _filled("zeros", out)


@lowers("aten.zeros_like.default", "aten.empty_like.default")
def zeros_like(
    x: Operand,
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    memory_format: Keyword | None = None,
    out: Result,
) -> t.Expr:
    """aten::zeros_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor"""  # noqa: E501
    require_plain(layout, pin_memory)
    return _like("zeros", x, out)


@lowers("aten.ones_like.default")
def ones_like(
    x: Operand,
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    memory_format: Keyword | None = None,
    out: Result,
) -> t.Expr:
    """aten::ones_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor"""  # noqa: E501
    require_plain(layout, pin_memory)
    return _like("ones", x, out)


def _like(name: str, x: Operand, out: Result) -> t.Expr:
    if (x.dtype, x.type.follows_model) == (out.tensor.dtype, out.tensor.follows_model):
        return t.method(x.expr, f"{name}_like")
    return _filled(name, out)


@lowers("aten.full_like.default")
def full_like(
    x: Operand,
    fill_value: Scalar,
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    memory_format: Keyword | None = None,
    out: Result,
) -> t.Expr:
    """aten::full_like(Tensor self, Scalar fill_value, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor"""  # noqa: E501
    require_plain(layout, pin_memory)
    return _full(fill_value, out)


@lowers("aten.new_zeros.default", "aten.new_empty.default")
def new_zeros(
    x: Operand,
    size: list[Integer],
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    out: Result,
) -> t.Expr:
    """aten::new_zeros(Tensor self, SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""  # noqa: E501
    require_plain(layout, pin_memory)
    return _filled("zeros", out)


@lowers("aten.new_ones.default")
def new_ones(
    x: Operand,
    size: list[Integer],
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    out: Result,
) -> t.Expr:
    """aten::new_ones(Tensor self, SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""  # noqa: E501
    require_plain(layout, pin_memory)
    return _filled("ones", out)


@lowers("aten.new_full.default")
def new_full(
    x: Operand,
    size: list[Integer],
    fill_value: Scalar,
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    out: Result,
) -> t.Expr:
    """aten::new_full(Tensor self, SymInt[] size, Scalar fill_value, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""  # noqa: E501
    require_plain(layout, pin_memory)
    return _full(fill_value, out)


@lowers("aten.scalar_tensor.default")
def scalar_tensor(
    s: Scalar,
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    out: Result,
) -> t.Expr:
    """aten::scalar_tensor(Scalar s, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""  # noqa: E501
    require_plain(layout, pin_memory)
    return _full(s, out)


def _full(value: Scalar, out: Result) -> t.Expr:
    """Returns a tensor of one value; a 0-dim one is `Tensor::new`."""
    if isinstance(value, SizeOperand):
        expr = t.call("Tensor::full", value.number("i64"), out.dims(), out.device())
        return expr if out.tensor.dtype == "int64" else t.method(expr, "to_dtype", out.dtype())
    value = bool(value) if out.tensor.is_bool else value
    if out.tensor.is_integer:
        value = to_int(value)
    if out.shape:
        return full(value, out)
    expr = t.call("Tensor::new", literal(value, out.tensor), out.device())
    if out.tensor.follows_model or out.tensor.dtype in ("float16", "bfloat16"):
        return t.method(expr, "to_dtype", out.dtype())
    return expr


@lowers("aten.eye.default")
def eye(
    n: Integer,
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    out: Result,
) -> t.Expr:
    """aten::eye(SymInt n, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""  # noqa: E501
    require_plain(layout, pin_memory)
    return t.call("Tensor::eye", out.size(0), out.dtype(), out.device())


@lowers("aten.empty_permuted.default")
def empty_permuted(
    size: list[Integer],
    physical_layout: list[int],
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    out: Result,
) -> t.Expr:
    """aten::empty_permuted(SymInt[] size, int[] physical_layout, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor

    Strides say where values lie, and nothing of what they are.
    """  # noqa: E501
    require_plain(layout, pin_memory)
    return _filled("zeros", out)


@lowers("aten.empty_strided.default")
def empty_strided(
    size: list[Integer],
    stride: list[Integer],
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    out: Result,
) -> t.Expr:
    """aten::empty_strided(SymInt[] size, SymInt[] stride, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor

    Strides say where values lie, and nothing of what they are.
    """  # noqa: E501
    require_plain(layout, pin_memory)
    return _filled("zeros", out)


@lowers("aten.new_empty_strided.default")
def new_empty_strided(
    x: Operand,
    size: list[Integer],
    stride: list[Integer],
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    out: Result,
) -> t.Expr:
    """aten::new_empty_strided(Tensor self, SymInt[] size, SymInt[] stride, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor

    Strides say where values lie, and nothing of what they are.
    """  # noqa: E501
    require_plain(layout, pin_memory)
    return _filled("zeros", out)


@lowers("aten.eye.m")
def eye_wide(
    n: Integer,
    m: Integer,
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    out: Result,
) -> t.Expr:
    """aten::eye.m(SymInt n, SymInt m, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""  # noqa: E501
    require_plain(layout, pin_memory)
    ones = t.call("Tensor::ones", out.dims(), out.dtype(), out.device())
    lower = t.call(out.runtime("tril"), t.ref(ones), t.Number(0, "i64"))
    return t.call(out.runtime("triu"), t.ref(lower), t.Number(0, "i64"))


@lowers("aten.fill.Scalar")
def fill(x: Operand, value: Scalar, *, out: Result) -> t.Expr:
    """aten::fill.Scalar(Tensor self, Scalar value) -> Tensor"""
    return _full(value, out)


@lowers("aten.fill.Tensor")
def fill_tensor(x: Operand, value: Operand, *, out: Result) -> Lowered:
    """aten::fill.Tensor(Tensor self, Tensor value) -> Tensor"""
    return kept(broadcast_to_result(to_result(value, out), out))


@lowers("aten.zero.default")
def zero(x: Operand, *, out: Result) -> t.Expr:
    """aten::zero(Tensor self) -> Tensor"""
    return _like("zeros", x, out)
