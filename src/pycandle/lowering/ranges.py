"""Ranges of numbers."""

from __future__ import annotations

from pycandle.ir.configured import to_int
from pycandle.ir.types import DTypeConstant, Keyword
from pycandle.lowering.creation import require_plain
from pycandle.lowering.promotion import Scalar
from pycandle.lowering.registry import Result, SizeOperand, Unsupported, lowers
from pycandle.rust import tree as t

_EXACT = 2**24
"""float32 holds integers up to here."""


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
    """aten::arange(Scalar end, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""  # noqa: E501
    require_plain(layout, pin_memory)
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
    """aten::arange.start(Scalar start, Scalar end, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""  # noqa: E501
    require_plain(layout, pin_memory)
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
    """aten::arange.start_step(Scalar start, Scalar end, Scalar step=1, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""  # noqa: E501
    require_plain(layout, pin_memory)
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
        last, each = _bound(end, type_), t.Number(to_int(step), type_)
        expr = t.call("Tensor::arange_step", first, last, each, out.device())
    if out.tensor.follows_model or out.tensor.dtype in ("float16", "bfloat16"):
        return t.method(expr, "to_dtype", out.dtype())
    return expr


def _bound(value: Scalar, type_: str, *, suffix: bool = False) -> t.Expr:
    if isinstance(value, SizeOperand):
        return value.number(type_)
    return t.Number(to_int(value), type_, suffix=suffix)


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
