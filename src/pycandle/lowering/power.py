"""Powers."""

from __future__ import annotations

from pycandle.ir.configured import to_int
from pycandle.lowering.arguments import kept, literal, to_result
from pycandle.lowering.elementwise import INTEGERS, in_wide_integers, scalar
from pycandle.lowering.promotion import Scalar
from pycandle.lowering.registry import (
    Lowered,
    Operand,
    Result,
    SizeOperand,
    Unsupported,
    lowers,
)
from pycandle.lowering.reuse import reuse
from pycandle.rust import tree as t


@lowers("aten.square.default")
def square(x: Operand, *, out: Result) -> t.Expr | Lowered:
    """aten::square(Tensor self) -> Tensor"""
    return _power(x, 2, out)


@lowers("aten.pow.Tensor_Scalar")
def pow_tensor_scalar(x: Operand, exponent: Scalar, *, out: Result) -> t.Expr | Lowered:
    """aten::pow.Tensor_Scalar(Tensor self, Scalar exponent) -> Tensor"""
    if isinstance(exponent, SizeOperand):
        raise Unsupported("exponent", exponent.size, supported="a fixed number")
    return _power(x, exponent, out)


def _power(x: Operand, exponent: float, out: Result) -> t.Expr | Lowered:
    """Returns a power; torch has the same special cases, which is why they agree."""
    if not out.tensor.is_float:
        return _integer_power(x, exponent, out)
    x = to_result(x, out)
    match exponent:
        case 1:
            return kept(x)
        case 2:
            return t.method(x.expr, "sqr")
        case 3:
            return reuse(x, lambda x: t.arithmetic("*", t.method(x.expr, "sqr"), x.expr))
        case 0.5:
            return t.method(x.expr, "sqrt")
        case -0.5:
            return t.method(t.method(x.expr, "sqrt"), "recip")
        case -1:
            return t.method(x.expr, "recip")
        case -2:
            return t.method(t.method(x.expr, "sqr"), "recip")
        case _:
            return t.method(x.expr, "powf", t.f64(exponent))


def _integer_power(x: Operand, exponent: float, out: Result) -> t.Expr | Lowered:
    _require_integers(out)
    if exponent == 1:
        return kept(to_result(x, out))
    if exponent not in (2, 3):
        power_of = t.call(
            "Tensor::new", t.Number(to_int(exponent), "i64", suffix=True), out.device()
        )
        return _by_kernel(x, t.ref(power_of), out)

    def power(x: Operand) -> t.Expr:
        square = t.arithmetic("*", x.expr, x.expr)
        return square if exponent == 2 else t.arithmetic("*", square, x.expr)

    return in_wide_integers(out, lambda wide: reuse(to_result(x, wide), power))


def _require_integers(out: Result) -> None:
    dtype = out.tensor.dtype
    if dtype not in INTEGERS:
        raise Unsupported("self", f"a tensor of {dtype}", supported=", ".join(INTEGERS))


def _number(value: Scalar, out: Result) -> t.Expr:
    """Returns a number as a tensor of the result's dtype."""
    if isinstance(value, SizeOperand):
        size = t.call("Tensor::new", value.number("i64"), out.device())
        return t.ref(t.method(size, "to_dtype", out.dtype()))
    return t.ref(t.call("Tensor::new", literal(value, out.tensor), out.device()))


def _by_kernel(base: Operand | t.Expr, exponent: Operand | t.Expr, out: Result) -> t.Expr:
    lent = (
        to_result(item, out).lent() if isinstance(item, Operand) else item
        for item in (base, exponent)
    )
    return t.call(out.runtime("pow_integer"), *lent)


@lowers("aten.pow.Scalar")
def pow_scalar(x: Operand | Scalar, exponent: Operand | Scalar, *, out: Result) -> t.Expr:
    """aten::pow.Scalar(Scalar self, Tensor exponent) -> Tensor

    The in-place op of this name, `pow_.Scalar`, has its operands the other way round.
    """
    if isinstance(x, Operand) or not isinstance(exponent, Operand):
        raise Unsupported("self", "a tensor", supported="a number to the power of a tensor")
    if not out.tensor.is_float:
        _require_integers(out)
        return _by_kernel(_number(x, out), exponent, out)
    cast = to_result(exponent, out)
    return t.call(out.runtime("pow_scalar"), scalar(x), cast.lent())


@lowers("aten.pow.Tensor_Tensor")
def pow_tensor_tensor(x: Operand, exponent: Operand, *, out: Result) -> t.Expr:
    """aten::pow.Tensor_Tensor(Tensor self, Tensor exponent) -> Tensor

    Candle's `pow` is `exp(b * log(a))`: NaN for a negative base.
    """
    if not out.tensor.is_float:
        _require_integers(out)
        return _by_kernel(x, exponent, out)
    base, power = to_result(x, out), to_result(exponent, out)
    return t.call(out.runtime("pow"), base.lent(), power.lent())
