"""Logic on bools, which Candle holds as 0 and 1, and on the bits of integers."""

from __future__ import annotations

from pycandle.lowering.arguments import literal, to_result
from pycandle.lowering.promotion import Scalar
from pycandle.lowering.registry import Operand, Result, SizeOperand, Unsupported, lowers
from pycandle.rust import tree as t

_ZERO = t.Number(0, "u8", suffix=True)
_INTEGERS = ("int64", "int32", "int16", "uint8")


def _bool(x: Operand) -> Operand:
    """Returns whether elements are not zero."""
    return x if x.type.is_bool else x.to_dtype("bool")


def _and(x: Operand, other: Operand) -> t.Expr:
    if x.shape == other.shape:
        return t.arithmetic("*", x.expr, other.expr)
    return t.method(x.expr, "broadcast_mul", other.lent())


def _or(x: Operand, other: Operand) -> t.Expr:
    name = "maximum" if x.shape == other.shape else "broadcast_maximum"
    return t.method(x.expr, name, other.lent())


def _xor(x: Operand, other: Operand) -> t.Expr:
    name = "ne" if x.shape == other.shape else "broadcast_ne"
    return t.method(x.expr, name, other.lent())


_OF_BOOLS = {"and": _and, "or": _or, "xor": _xor}


def _bitwise(name: str, x: Operand, other: Operand | Scalar, out: Result) -> t.Expr:
    """Returns the bits of two tensors, or of one and a number, joined."""
    if out.tensor.is_bool:
        if not isinstance(other, Operand):
            raise Unsupported("other", other, supported="a tensor, beside bools")
        return _OF_BOOLS[name](x, other)
    if out.tensor.dtype not in _INTEGERS:
        supported = f"bool, {', '.join(_INTEGERS)}"
        raise Unsupported("self", f"a tensor of {out.tensor.dtype}", supported=supported)
    if isinstance(other, SizeOperand):
        raise Unsupported("other", str(other.size), supported="a fixed number")
    if isinstance(other, Operand):
        joined = to_result(other, out).lent()
    else:
        joined = t.ref(t.call("Tensor::new", literal(other, out.tensor), out.device()))
    return t.call(out.runtime(f"bitwise_{name}"), to_result(x, out).lent(), joined)


@lowers("aten.__and__.Tensor", "aten.bitwise_and.Tensor")
def bitwise_and(x: Operand, other: Operand, *, out: Result) -> t.Expr:
    """aten::bitwise_and.Tensor(Tensor self, Tensor other) -> Tensor"""
    return _bitwise("and", x, other, out)


@lowers("aten.__and__.Scalar", "aten.bitwise_and.Scalar")
def bitwise_and_scalar(x: Operand, other: Scalar, *, out: Result) -> t.Expr:
    """aten::bitwise_and.Scalar(Tensor self, Scalar other) -> Tensor"""
    return _bitwise("and", x, other, out)


@lowers("aten.__or__.Tensor", "aten.bitwise_or.Tensor")
def bitwise_or(x: Operand, other: Operand, *, out: Result) -> t.Expr:
    """aten::bitwise_or.Tensor(Tensor self, Tensor other) -> Tensor"""
    return _bitwise("or", x, other, out)


@lowers("aten.__or__.Scalar", "aten.bitwise_or.Scalar")
def bitwise_or_scalar(x: Operand, other: Scalar, *, out: Result) -> t.Expr:
    """aten::bitwise_or.Scalar(Tensor self, Scalar other) -> Tensor"""
    return _bitwise("or", x, other, out)


@lowers("aten.__xor__.Tensor", "aten.bitwise_xor.Tensor")
def bitwise_xor(x: Operand, other: Operand, *, out: Result) -> t.Expr:
    """aten::bitwise_xor.Tensor(Tensor self, Tensor other) -> Tensor"""
    return _bitwise("xor", x, other, out)


@lowers("aten.__xor__.Scalar", "aten.bitwise_xor.Scalar")
def bitwise_xor_scalar(x: Operand, other: Scalar, *, out: Result) -> t.Expr:
    """aten::bitwise_xor.Scalar(Tensor self, Scalar other) -> Tensor"""
    return _bitwise("xor", x, other, out)


@lowers("aten.bitwise_not.default")
def bitwise_not(x: Operand, *, out: Result) -> t.Expr:
    """aten::bitwise_not(Tensor self) -> Tensor"""
    if x.type.is_bool:
        return t.method(x.expr, "eq", _ZERO)
    if x.dtype == "uint8":
        return _bitwise("xor", x, 255, out)
    if x.dtype not in _INTEGERS:
        raise Unsupported("self", f"a tensor of {x.dtype}", supported=", ".join(_INTEGERS))
    return t.method(x.expr, "affine", t.f64(-1), t.f64(-1))


@lowers("aten.logical_and.default")
def logical_and(x: Operand, other: Operand) -> t.Expr:
    """aten::logical_and(Tensor self, Tensor other) -> Tensor"""
    return _and(_bool(x), _bool(other))


@lowers("aten.logical_or.default")
def logical_or(x: Operand, other: Operand) -> t.Expr:
    """aten::logical_or(Tensor self, Tensor other) -> Tensor"""
    return _or(_bool(x), _bool(other))


@lowers("aten.logical_xor.default")
def logical_xor(x: Operand, other: Operand) -> t.Expr:
    """aten::logical_xor(Tensor self, Tensor other) -> Tensor"""
    return _xor(_bool(x), _bool(other))


@lowers("aten.logical_not.default")
def logical_not(x: Operand) -> t.Expr:
    """aten::logical_not(Tensor self) -> Tensor"""
    return t.method(x.expr, "eq", t.f64(0) if x.type.is_float else _ZERO)
