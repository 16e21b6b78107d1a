"""Numbers spread evenly, or evenly in their logarithm, between two bounds."""

from __future__ import annotations

from pycandle.ir.types import DTypeConstant, Keyword
from pycandle.lowering.arguments import Integer, usize
from pycandle.lowering.creation import require_plain
from pycandle.lowering.elementwise import scalar
from pycandle.lowering.promotion import Scalar
from pycandle.lowering.registry import Operand, Result, Unsupported, lowers
from pycandle.rust import tree as t


def _bound(value: Operand | Scalar) -> t.Expr:
    """Returns a bound as an `f64`; a tensor of one element is read."""
    if not isinstance(value, Operand):
        return scalar(value)
    single = value.expr if value.rank == 0 else t.method(value.expr, "reshape", t.tuple_of(()))
    return t.method(t.method(single, "to_dtype", t.path("DType::F64")), "to_scalar::<f64>")


def _spread(
    start: Operand | Scalar,
    end: Operand | Scalar,
    steps: Integer,
    out: Result,
    *,
    base: float | None = None,
) -> t.Expr:
    if not out.tensor.is_float:
        raise Unsupported("dtype", out.tensor.dtype, supported="floats")
    ends = (_bound(start), _bound(end), usize(steps, "steps"))
    where = (out.dtype(), out.device())
    if base is None:
        return t.call(out.runtime("linspace"), *ends, *where)
    return t.call(out.runtime("logspace"), *ends, t.f64(base, "base"), *where)


@lowers("aten.linspace.default")
def linspace(
    start: Scalar,
    end: Scalar,
    steps: Integer,
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    out: Result,
) -> t.Expr:
    """aten::linspace(Scalar start, Scalar end, int steps, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""  # noqa: E501
    require_plain(layout, pin_memory)
    return _spread(start, end, steps, out)


@lowers("aten.linspace.Tensor_Tensor")
def linspace_tensor_tensor(
    start: Operand,
    end: Operand,
    steps: int,
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    out: Result,
) -> t.Expr:
    """aten::linspace.Tensor_Tensor(Tensor start, Tensor end, int steps, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""  # noqa: E501
    require_plain(layout, pin_memory)
    return _spread(start, end, steps, out)


@lowers("aten.linspace.Tensor_Scalar")
def linspace_tensor_scalar(
    start: Operand,
    end: Scalar,
    steps: int,
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    out: Result,
) -> t.Expr:
    """aten::linspace.Tensor_Scalar(Tensor start, Scalar end, int steps, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""  # noqa: E501
    require_plain(layout, pin_memory)
    return _spread(start, end, steps, out)


@lowers("aten.linspace.Scalar_Tensor")
def linspace_scalar_tensor(
    start: Scalar,
    end: Operand,
    steps: int,
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    out: Result,
) -> t.Expr:
    """aten::linspace.Scalar_Tensor(Scalar start, Tensor end, int steps, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""  # noqa: E501
    require_plain(layout, pin_memory)
    return _spread(start, end, steps, out)


@lowers("aten.logspace.default")
def logspace(
    start: Scalar,
    end: Scalar,
    steps: int,
    base: float = 10.0,
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    out: Result,
) -> t.Expr:
    """aten::logspace(Scalar start, Scalar end, int steps, float base=10., *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""  # noqa: E501
    require_plain(layout, pin_memory)
    return _spread(start, end, steps, out, base=base)


@lowers("aten.logspace.Tensor_Tensor")
def logspace_tensor_tensor(
    start: Operand,
    end: Operand,
    steps: int,
    base: float = 10.0,
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    out: Result,
) -> t.Expr:
    """aten::logspace.Tensor_Tensor(Tensor start, Tensor end, int steps, float base=10., *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""  # noqa: E501
    require_plain(layout, pin_memory)
    return _spread(start, end, steps, out, base=base)


@lowers("aten.logspace.Tensor_Scalar")
def logspace_tensor_scalar(
    start: Operand,
    end: Scalar,
    steps: int,
    base: float = 10.0,
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    out: Result,
) -> t.Expr:
    """aten::logspace.Tensor_Scalar(Tensor start, Scalar end, int steps, float base=10., *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""  # noqa: E501
    require_plain(layout, pin_memory)
    return _spread(start, end, steps, out, base=base)


@lowers("aten.logspace.Scalar_Tensor")
def logspace_scalar_tensor(
    start: Scalar,
    end: Operand,
    steps: int,
    base: float = 10.0,
    *,
    dtype: DTypeConstant | None = None,
    layout: Keyword | None = None,
    device: Keyword | None = None,
    pin_memory: bool | None = None,
    out: Result,
) -> t.Expr:
    """aten::logspace.Scalar_Tensor(Scalar start, Tensor end, int steps, float base=10., *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"""  # noqa: E501
    require_plain(layout, pin_memory)
    return _spread(start, end, steps, out, base=base)
