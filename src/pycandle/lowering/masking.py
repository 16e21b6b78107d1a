"""Selection by a mask: where, masked fill, triangles."""

from __future__ import annotations

from pycandle.lowering.arguments import (
    broadcast_to_result,
    filling,
    full,
    known,
    same_type,
    to_result,
)
from pycandle.lowering.registry import Operand, Result, SizeOperand, Unsupported, lowers
from pycandle.rust import tree as t


@lowers("aten.where.self")
def where(condition: Operand, x: Operand, other: Operand, *, out: Result) -> t.Expr:
    """aten::where.self(Tensor condition, Tensor self, Tensor other) -> Tensor"""
    return _where(condition, to_result(x, out), to_result(other, out), out)


@lowers("aten.where.ScalarOther")
def where_scalar_other(condition: Operand, x: Operand, other: float, *, out: Result) -> t.Expr:
    """aten::where.ScalarOther(Tensor condition, Tensor self, Scalar other) -> Tensor"""
    return _where(condition, to_result(x, out), full(other, out), out)


@lowers("aten.where.ScalarSelf")
def where_scalar_self(condition: Operand, x: float, other: Operand, *, out: Result) -> t.Expr:
    """aten::where.ScalarSelf(Tensor condition, Scalar self, Tensor other) -> Tensor"""
    return _where(condition, full(x, out), to_result(other, out), out)


@lowers("aten.where.Scalar")
def where_scalars(condition: Operand, x: float, other: float, *, out: Result) -> t.Expr:
    """aten::where.Scalar(Tensor condition, Scalar self, Scalar other) -> Tensor"""
    return _where(condition, full(x, out), full(other, out), out)


def _where(condition: Operand, x: Operand | t.Expr, other: Operand | t.Expr, out: Result) -> t.Expr:
    _require_bool(condition, "condition")
    mask = broadcast_to_result(condition, out)
    yes, no = (
        broadcast_to_result(value, out).expr if isinstance(value, Operand) else value
        for value in (x, other)
    )
    return t.method(mask.expr, "where_cond", t.ref(yes), t.ref(no))


@lowers("aten.masked_fill.Scalar")
def masked_fill(x: Operand, mask: Operand, value: float, *, out: Result) -> t.Expr:
    """aten::masked_fill.Scalar(Tensor self, Tensor mask, Scalar value) -> Tensor"""
    _require_bool(mask, "mask")
    if isinstance(value, SizeOperand):
        raise Unsupported("value", str(value.size), supported="a fixed number")
    xs = broadcast_to_result(x, out)
    return t.call(out.runtime("masked_fill"), xs.lent(), mask.lent(), filling(value, x.type))


@lowers("aten.masked_fill.Tensor")
def masked_fill_tensor(x: Operand, mask: Operand, value: Operand, *, out: Result) -> t.Expr:
    """aten::masked_fill.Tensor(Tensor self, Tensor mask, Tensor value) -> Tensor"""
    return _where(mask, to_result(value, out), x, out)


@lowers("aten.masked_scatter.default")
def masked_scatter(x: Operand, mask: Operand, source: Operand, *, out: Result) -> t.Expr:
    """aten::masked_scatter(Tensor self, Tensor mask, Tensor source) -> Tensor"""
    _require_bool(mask, "mask")
    if not same_type(x.type, source.type):
        raise Unsupported("source", f"a tensor of {source.dtype}", supported="the dtype of `self`")
    return t.call(out.runtime("masked_scatter"), x.lent(), mask.lent(), source.lent())


@lowers("aten.masked_select.default")
def masked_select(x: Operand, mask: Operand, *, out: Result) -> t.Expr:
    """aten::masked_select(Tensor self, Tensor mask) -> Tensor"""
    _require_bool(mask, "mask")
    return t.call(out.runtime("masked_select"), x.lent(), mask.lent())


def _require_bool(mask: Operand, name: str) -> None:
    if not mask.type.is_bool:
        raise Unsupported(name, f"a tensor of {mask.dtype}", supported="bool")


@lowers("aten.tril.default")
def tril(x: Operand, diagonal: int | SizeOperand = 0, *, out: Result) -> t.Expr:
    """aten::tril(Tensor self, SymInt diagonal=0) -> Tensor"""
    return _triangle("tril", x, diagonal, out)


@lowers("aten.triu.default")
def triu(x: Operand, diagonal: int | SizeOperand = 0, *, out: Result) -> t.Expr:
    """aten::triu(Tensor self, SymInt diagonal=0) -> Tensor"""
    return _triangle("triu", x, diagonal, out)


def _triangle(kernel: str, x: Operand, diagonal: int | SizeOperand, out: Result) -> t.Expr:
    offset = (
        diagonal.number("i64")
        if isinstance(diagonal, SizeOperand)
        else t.Number(known("diagonal", diagonal), "i64", "diagonal")
    )
    return t.call(out.runtime(kernel), x.lent(), offset)
