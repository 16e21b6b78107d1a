"""Rounding, division that rounds, and its remainder."""

from __future__ import annotations

from pycandle.lowering.arguments import kept, literal, require_float, to_result
from pycandle.lowering.elementwise import INTEGERS, in_wide_integers, quotient
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


def _divided(kernel: str, x: Operand, other: Operand | Scalar, out: Result) -> t.Expr:
    """Returns a call of a kernel of the runtime, which casts `other` to the dtype of `x`."""
    return in_wide_integers(out, lambda wide: _plain_divided(kernel, x, other, wide))


def _plain_divided(kernel: str, x: Operand, other: Operand | Scalar, out: Result) -> t.Expr:
    if not out.tensor.is_float and out.tensor.dtype not in INTEGERS:
        supported = f"floats, {', '.join(INTEGERS)}"
        raise Unsupported("self", f"a tensor of {out.tensor.dtype}", supported=supported)
    cast = to_result(x, out)
    if isinstance(other, Operand):
        divisor = to_result(other, out).lent()
    elif isinstance(other, SizeOperand):
        size = other.number("i64")
        divisor = t.Reference(t.call("Tensor::new", size, out.device()))
    else:
        if other == 0 and not out.tensor.is_float:
            raise Unsupported("other", other, supported="other numbers than 0")
        number = literal(other, out.tensor)
        divisor = t.Reference(t.call("Tensor::new", number, out.device()))
    return t.call(out.runtime(kernel), cast.lent(), divisor)


@lowers("aten.floor_divide.default")
def floor_divide(x: Operand, other: Operand | Scalar, *, out: Result) -> t.Expr:
    """aten::floor_divide(Tensor self, Tensor other) -> Tensor

    Not `(x / y)?.floor()`: 1.0 // 0.1 is 9.
    """
    return _divided("floor_divide", x, other, out)


@lowers("aten.div.Tensor_mode")
def div_mode(
    x: Operand, other: Operand | Scalar, *, rounding_mode: str | None, out: Result
) -> t.Expr | Lowered:
    """aten::div.Tensor_mode(Tensor self, Tensor other, *, str? rounding_mode) -> Tensor"""
    match rounding_mode:
        case None:
            return quotient(x, other, out)
        case "floor":
            return _divided("floor_divide", x, other, out)
        case "trunc":
            return _divided("div_trunc", x, other, out)
        case _:
            supported = 'None, "floor", "trunc"'
            raise Unsupported("rounding_mode", repr(rounding_mode), supported=supported)


@lowers("aten.remainder.Scalar")
def remainder_scalar(x: Operand, other: Scalar, *, out: Result) -> t.Expr:
    """aten::remainder.Scalar(Tensor self, Scalar other) -> Tensor"""
    return _divided("remainder", x, other, out)


@lowers("aten.remainder.Tensor")
def remainder(x: Operand, other: Operand | Scalar, *, out: Result) -> t.Expr:
    """aten::remainder.Tensor(Tensor self, Tensor other) -> Tensor"""
    return _divided("remainder", x, other, out)


@lowers("aten.fmod.Scalar")
def fmod_scalar(x: Operand, other: Scalar, *, out: Result) -> t.Expr:
    """aten::fmod.Scalar(Tensor self, Scalar other) -> Tensor"""
    return _divided("fmod", x, other, out)


@lowers("aten.fmod.Tensor")
def fmod(x: Operand, other: Operand | Scalar, *, out: Result) -> t.Expr:
    """aten::fmod.Tensor(Tensor self, Tensor other) -> Tensor"""
    return _divided("fmod", x, other, out)


@lowers("aten.round.default")
def round_(x: Operand, *, out: Result) -> t.Expr | Lowered:
    """aten::round(Tensor self) -> Tensor"""
    if x.type.is_integer:
        return kept(x)
    require_float(x)
    return t.call(out.runtime("round"), x.lent())


@lowers("aten.trunc.default")
def trunc(x: Operand, *, out: Result) -> t.Expr | Lowered:
    """aten::trunc(Tensor self) -> Tensor"""
    if x.type.is_integer:
        return kept(x)
    require_float(x)
    return t.call(out.runtime("trunc"), x.lent())
