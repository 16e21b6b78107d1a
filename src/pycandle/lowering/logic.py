"""Logic on bools, which Candle holds as 0 and 1."""

from __future__ import annotations

from pycandle.lowering.promotion import Scalar
from pycandle.lowering.registry import Operand, Unsupported, lowers
from pycandle.rust import tree as t

_ZERO = t.Number(0, "u8", suffix=True)


def _bool(x: Operand) -> Operand:
    """Returns whether elements are not zero."""
    return x if x.type.is_bool else x.to_dtype("bool")


def _require_bool(x: Operand | Scalar, name: str) -> Operand:
    """Refuses integers: Candle has no bitwise operations."""
    if not isinstance(x, Operand):
        raise Unsupported(name, x, supported="a tensor of bool")
    if not x.type.is_bool:
        raise Unsupported(name, f"a tensor of {x.dtype}", supported="bool")
    return x


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


@lowers("aten.__and__.Tensor", "aten.bitwise_and.Tensor")
def bitwise_and(x: Operand, other: Operand | Scalar) -> t.Expr:
    """aten::bitwise_and.Tensor(Tensor self, Tensor other) -> Tensor"""
    return _and(_require_bool(x, "self"), _require_bool(other, "other"))


@lowers("aten.__or__.Tensor", "aten.bitwise_or.Tensor")
def bitwise_or(x: Operand, other: Operand | Scalar) -> t.Expr:
    """aten::bitwise_or.Tensor(Tensor self, Tensor other) -> Tensor"""
    return _or(_require_bool(x, "self"), _require_bool(other, "other"))


@lowers("aten.__xor__.Tensor", "aten.bitwise_xor.Tensor")
def bitwise_xor(x: Operand, other: Operand | Scalar) -> t.Expr:
    """aten::bitwise_xor.Tensor(Tensor self, Tensor other) -> Tensor"""
    return _xor(_require_bool(x, "self"), _require_bool(other, "other"))


@lowers("aten.bitwise_not.default")
def bitwise_not(x: Operand) -> t.Expr:
    """aten::bitwise_not(Tensor self) -> Tensor"""
    if x.dtype in ("int64", "int32", "int16"):
        return t.method(x.expr, "affine", t.f64(-1), t.f64(-1))
    return t.method(_require_bool(x, "self").expr, "eq", _ZERO)


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
