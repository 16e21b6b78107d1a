"""Tensors made of nothing: constants and ranges."""

from __future__ import annotations

from pycandle.ir.types import DTypeConstant, Keyword
from pycandle.lowering.arguments import Integer, full, literal
from pycandle.lowering.promotion import Scalar
from pycandle.lowering.registry import Operand, Result, SizeOperand, Unsupported, lowers
from pycandle.rust import tree as t

_EXACT = 2**24
"""float32 holds integers up to here."""


def _require_plain(layout: Keyword | None, pin_memory: bool | None) -> None:
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
    """aten::zeros(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""
    _require_plain(layout, pin_memory)
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
    """aten::ones(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""
    _require_plain(layout, pin_memory)
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
    """aten::full(SymInt[] size, Scalar fill_value, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""
    _require_plain(layout, pin_memory)
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
    """aten::empty.memory_format(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor"""
    _require_plain(layout, pin_memory)
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
    """aten::zeros_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor"""
    _require_plain(layout, pin_memory)
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
    """aten::ones_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor"""
    _require_plain(layout, pin_memory)
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
    """aten::full_like(Tensor self, Scalar fill_value, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor"""
    _require_plain(layout, pin_memory)
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
    """aten::new_zeros(Tensor self, SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""
    _require_plain(layout, pin_memory)
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
    """aten::new_ones(Tensor self, SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""
    _require_plain(layout, pin_memory)
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
    """aten::new_full(Tensor self, SymInt[] size, Scalar fill_value, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""
    _require_plain(layout, pin_memory)
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
    """aten::scalar_tensor(Scalar s, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""
    _require_plain(layout, pin_memory)
    return _full(s, out)


def _full(value: Scalar, out: Result) -> t.Expr:
    """Returns a tensor of one value; a 0-dim one is `Tensor::new`."""
    if isinstance(value, SizeOperand):
        expr = t.call("Tensor::full", t.Cast(value.expr, "i64"), out.dims(), out.device())
        return expr if out.tensor.dtype == "int64" else t.method(expr, "to_dtype", out.dtype())
    value = bool(value) if out.tensor.is_bool else value
    if out.tensor.is_integer:
        value = int(value)
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
    """aten::eye(SymInt n, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""
    _require_plain(layout, pin_memory)
    return t.call("Tensor::eye", out.size(0), out.dtype(), out.device())


@lowers("aten.arange.default")
def arange(
    end: Scalar,
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    out: Result,
) -> t.Expr:
    """aten::arange(Scalar end, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""
    _require_plain(layout, pin_memory)
    return _range(0, end, 1, out)


@lowers("aten.arange.start")
def arange_start(
    start: Scalar,
    end: Scalar,
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    out: Result,
) -> t.Expr:
    """aten::arange.start(Scalar start, Scalar end, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""
    _require_plain(layout, pin_memory)
    return _range(start, end, 1, out)


@lowers("aten.arange.start_step")
def arange_start_step(
    start: Scalar,
    end: Scalar,
    step: Scalar = 1,
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    out: Result,
) -> t.Expr:
    """aten::arange.start_step(Scalar start, Scalar end, Scalar step=1, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""
    _require_plain(layout, pin_memory)
    return _range(start, end, step, out)


def _range(start: Scalar, end: Scalar, step: Scalar, out: Result) -> t.Expr:
    """Returns a range. Candle adds up its steps, which is exact for whole numbers only."""
    if isinstance(step, SizeOperand):
        raise Unsupported("step", step.size, supported="a fixed number")
    type_ = {"int64": "i64", "int32": "i32", "float64": "f64"}.get(out.tensor.dtype, "f32")
    if not out.tensor.is_float and type_ == "f32":
        raise Unsupported("dtype", out.tensor.dtype, supported="floats, int64, int32")
    if any(not isinstance(x, SizeOperand) and int(x) != x for x in (start, end, step)):
        return _computed_range(start, step, out)
    for name, value in (("start", start), ("end", end)):
        if type_ == "f32" and not isinstance(value, SizeOperand) and abs(value) > _EXACT:
            raise Unsupported(name, value, supported=f"up to {_EXACT} in float32")
    first = _bound(start, type_, suffix=True)
    if step == 1:
        expr = t.call("Tensor::arange", first, _bound(end, type_), out.device())
    else:
        last, each = _bound(end, type_), t.Number(int(step), type_)
        expr = t.call("Tensor::arange_step", first, last, each, out.device())
    if out.tensor.follows_model or out.tensor.dtype in ("float16", "bfloat16"):
        return t.method(expr, "to_dtype", out.dtype())
    return expr


def _bound(value: Scalar, type_: str, *, suffix: bool = False) -> t.Expr:
    if isinstance(value, SizeOperand):
        return t.Cast(value.expr, type_)
    return t.Number(int(value), type_, suffix=suffix)


def _computed_range(start: Scalar, step: float, out: Result) -> t.Expr:
    """Returns `start + i * step` in float64, as torch computes it, rounded once."""
    if not out.tensor.is_float or isinstance(start, SizeOperand):
        raise Unsupported("start", start, supported="whole numbers, or a float dtype")
    place = t.Cast(t.Local("i", copy=True), "f64")
    value = t.Binary("+", t.f64(start), t.Binary("*", place, t.f64(step)))
    indices = t.Binary("..", t.usize(0), out.size(0))
    values = t.plain(indices, "map", t.Closure("i", value))
    expr = t.call("Tensor::from_iter", values, out.device())
    return expr if out.tensor.dtype == "float64" else t.method(expr, "to_dtype", out.dtype())
