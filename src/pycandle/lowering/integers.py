"""Divisors and shifts of integers."""

from __future__ import annotations

from pycandle.lowering.arguments import literal, to_result
from pycandle.lowering.promotion import Scalar
from pycandle.lowering.registry import Operand, Result, SizeOperand, Unsupported, lowers
from pycandle.rust import tree as t

_INTEGERS = ("int64", "int32", "int16", "uint8")


def _joined(kernel: str, x: Operand | Scalar, other: Operand | Scalar, out: Result) -> t.Expr:
    if out.tensor.dtype not in _INTEGERS:
        supported = ", ".join(_INTEGERS)
        raise Unsupported("self", f"a result of {out.tensor.dtype}", supported=supported)
    return t.call(out.runtime(kernel), _lent(x, out), _lent(other, out))


def _lent(item: Operand | Scalar, out: Result) -> t.Expr:
    if isinstance(item, Operand):
        return to_result(item, out).lent()
    if isinstance(item, SizeOperand):
        raise Unsupported("other", str(item.size), supported="a fixed number")
    return t.ref(t.call("Tensor::new", literal(item, out.tensor), out.device()))


@lowers("aten.gcd.default")
def gcd(x: Operand, other: Operand, *, out: Result) -> t.Expr:
    """aten::gcd(Tensor self, Tensor other) -> Tensor"""
    return _joined("gcd", x, other, out)


@lowers("aten.lcm.default")
def lcm(x: Operand, other: Operand, *, out: Result) -> t.Expr:
    """aten::lcm(Tensor self, Tensor other) -> Tensor"""
    return _joined("lcm", x, other, out)


@lowers("aten.bitwise_left_shift.Tensor", "aten.__lshift__.Tensor")
def bitwise_left_shift(x: Operand, other: Operand, *, out: Result) -> t.Expr:
    """aten::bitwise_left_shift.Tensor(Tensor self, Tensor other) -> Tensor"""
    return _joined("bitwise_left_shift", x, other, out)


@lowers("aten.bitwise_left_shift.Tensor_Scalar", "aten.__lshift__.Scalar")
def bitwise_left_shift_scalar(x: Operand, other: Scalar, *, out: Result) -> t.Expr:
    """aten::bitwise_left_shift.Tensor_Scalar(Tensor self, Scalar other) -> Tensor"""
    return _joined("bitwise_left_shift", x, other, out)


@lowers("aten.bitwise_left_shift.Scalar_Tensor")
def bitwise_left_shift_of_scalar(x: Scalar, other: Operand, *, out: Result) -> t.Expr:
    """aten::bitwise_left_shift.Scalar_Tensor(Scalar self, Tensor other) -> Tensor"""
    return _joined("bitwise_left_shift", x, other, out)


@lowers("aten.bitwise_right_shift.Tensor", "aten.__rshift__.Tensor")
def bitwise_right_shift(x: Operand, other: Operand, *, out: Result) -> t.Expr:
    """aten::bitwise_right_shift.Tensor(Tensor self, Tensor other) -> Tensor"""
    return _joined("bitwise_right_shift", x, other, out)


@lowers("aten.bitwise_right_shift.Tensor_Scalar", "aten.__rshift__.Scalar")
def bitwise_right_shift_scalar(x: Operand, other: Scalar, *, out: Result) -> t.Expr:
    """aten::bitwise_right_shift.Tensor_Scalar(Tensor self, Scalar other) -> Tensor"""
    return _joined("bitwise_right_shift", x, other, out)


@lowers("aten.bitwise_right_shift.Scalar_Tensor")
def bitwise_right_shift_of_scalar(x: Scalar, other: Operand, *, out: Result) -> t.Expr:
    """aten::bitwise_right_shift.Scalar_Tensor(Scalar self, Tensor other) -> Tensor"""
    return _joined("bitwise_right_shift", x, other, out)
