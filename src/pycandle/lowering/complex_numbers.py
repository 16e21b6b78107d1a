"""Arithmetic of complex numbers, and the way to them and back."""

from __future__ import annotations

from dataclasses import replace

from pycandle.lowering.arguments import kept, require_float, strided
from pycandle.lowering.elementwise import scalar
from pycandle.lowering.pairs import as_pairs, is_complex, to_pairs
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


@lowers("aten.view_as_real.default", numbers="any")
def view_as_real(x: Operand) -> Lowered:
    """aten::view_as_real(Tensor(a) self) -> Tensor(a)"""
    return kept(as_pairs(_complex(x)))


@lowers("aten.view_as_complex.default", numbers="any")
def view_as_complex(x: Operand, *, out: Result) -> Lowered:
    """aten::view_as_complex(Tensor(a) self) -> Tensor(a)"""
    require_float(x)
    return kept(x.to_dtype("float64" if out.tensor.dtype == "complex128" else "float32"))


@lowers("aten.complex.default", numbers="any")
def complex_(real: Operand, imag: Operand, *, out: Result) -> t.Expr:
    """aten::complex(Tensor real, Tensor imag) -> Tensor"""
    return _of_two("complex", real, imag, out)


@lowers("aten.polar.default", numbers="any")
def polar(abs: Operand, angle: Operand, *, out: Result) -> t.Expr:
    """aten::polar(Tensor abs, Tensor angle) -> Tensor"""
    return _of_two("polar", abs, angle, out)


def _of_two(name: str, first: Operand, second: Operand, out: Result) -> t.Expr:
    dtype = "float64" if out.tensor.dtype == "complex128" else "float32"
    operands = (first.to_dtype(dtype).lent(), second.to_dtype(dtype).lent())
    return t.call(out.runtime(name), *operands)


def _complex(x: Operand) -> Operand:
    if not is_complex(x.type):
        raise Unsupported("self", f"a tensor of {x.dtype}", supported="complex64, complex128")
    return x


@lowers("aten.real.default", numbers="complex")
def real(x: Operand) -> Lowered:
    """aten::real(Tensor(a) self) -> Tensor(a)"""
    return _part(x, 0)


@lowers("aten.imag.default", numbers="any")
def imag(x: Operand) -> Lowered:
    """aten::imag(Tensor(a) self) -> Tensor(a)"""
    return _part(_complex(x), 1)


def _part(x: Operand, index: int) -> Lowered:
    place = t.usize(x.rank)
    part = t.method(x.expr, "narrow", place, t.usize(index), t.usize(1))
    return strided(x, t.method(part, "squeeze", place))


@lowers("aten.abs.default", numbers="complex")
def complex_abs(x: Operand, *, out: Result) -> t.Expr:
    """aten::abs(Tensor self) -> Tensor"""
    return t.call(out.runtime("complex_abs"), as_pairs(x).lent())


@lowers("aten.angle.default", numbers="complex")
def complex_angle(x: Operand, *, out: Result) -> t.Expr:
    """aten::angle(Tensor self) -> Tensor"""
    return t.call(out.runtime("complex_angle"), as_pairs(x).lent())


@lowers("aten.conj_physical.default", numbers="complex")
def conj_physical(x: Operand, *, out: Result) -> t.Expr:
    """aten::conj_physical(Tensor self) -> Tensor"""
    return t.call(out.runtime("complex_conj"), as_pairs(x).lent())


@lowers("aten.conj.default", "aten._conj.default", numbers="any")
def conj(x: Operand, *, out: Result) -> t.Expr | Lowered:
    """aten::conj(Tensor(a) self) -> Tensor(a)"""
    if not is_complex(x.type):
        return kept(x)
    return t.call(out.runtime("complex_conj"), as_pairs(x).lent())


@lowers("aten.mul.Tensor", numbers="complex")
def complex_mul(x: Operand, other: Operand | Scalar, *, out: Result) -> t.Expr:
    """aten::mul.Tensor(Tensor self, Tensor other) -> Tensor"""
    return _product("*", "complex_mul", x, other, out)


@lowers("aten.div.Tensor", numbers="complex")
def complex_div(x: Operand, other: Operand | Scalar, *, out: Result) -> t.Expr:
    """aten::div.Tensor(Tensor self, Tensor other) -> Tensor"""
    return _product("/", "complex_div", x, other, out)


def _product(op: str, kernel: str, x: Operand, other: Operand | Scalar, out: Result) -> t.Expr:
    """Returns a product or a quotient; by a real number both parts are scaled alike."""
    dtype = out.tensor.dtype
    left = to_pairs(x, dtype, out)
    if not isinstance(other, Operand):
        return t.arithmetic(op, left.expr, _number(other))
    if is_complex(other.type):
        right = to_pairs(other, dtype, out)
        return t.call(out.runtime(kernel), left.lent(), right.lent())
    scale = other.to_dtype("float64" if dtype == "complex128" else "float32")
    column = t.method(scale.expr, "unsqueeze", t.usize(other.rank))
    method = "broadcast_mul" if op == "*" else "broadcast_div"
    return t.method(left.expr, method, t.ref(column))


def _number(value: Scalar) -> t.Expr:
    if isinstance(value, complex):
        raise Unsupported("other", value, supported="a tensor, or a real number")
    return scalar(value)


@lowers("aten.add.Tensor", numbers="complex")
def complex_add(x: Operand, other: Operand | Scalar, *, alpha: Scalar = 1, out: Result) -> t.Expr:
    """aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor"""
    return _sum("broadcast_add", x, other, alpha, out)


@lowers("aten.sub.Tensor", numbers="complex")
def complex_sub(x: Operand, other: Operand | Scalar, *, alpha: Scalar = 1, out: Result) -> t.Expr:
    """aten::sub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor"""
    return _sum("broadcast_sub", x, other, alpha, out)


def _sum(method: str, x: Operand, other: Operand | Scalar, alpha: Scalar, out: Result) -> t.Expr:
    if not isinstance(other, Operand):
        raise Unsupported("other", other, supported="a tensor")
    if isinstance(alpha, SizeOperand | complex):
        raise Unsupported("alpha", alpha, supported="a real number")
    dtype = out.tensor.dtype
    left, right = to_pairs(x, dtype, out), to_pairs(other, dtype, out)
    if alpha != 1:
        right = replace(right, expr=t.arithmetic("*", right.expr, t.f64(alpha, "alpha")))
    return t.method(left.expr, method, right.lent())
