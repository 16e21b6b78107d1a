"""Products of matrices and vectors."""

from __future__ import annotations

from dataclasses import replace

from pycandle.lowering.arguments import require_float, to_result
from pycandle.lowering.elementwise import fits, in_wide_integers
from pycandle.lowering.operand import Layout
from pycandle.lowering.registry import Operand, Result, Unsupported, lowers
from pycandle.rust import tree as t


@lowers("aten.linear.default")
def linear(input: Operand, weight: Operand, bias: Operand | None = None, *, out: Result) -> t.Expr:
    """aten::linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor"""
    if weight.rank != 2 or input.rank == 0:
        raise Unsupported("weight", f"a tensor of rank {weight.rank}", supported="rank 2")
    if out.tensor.is_integer:
        return in_wide_integers(out, lambda wide: _linear_of_integers(input, weight, bias, wide))
    require_float(input, "input")
    rows = t.Reference(t.method(weight.expr, "t"))
    if input.rank == 1:
        row = t.method(input.contiguous().expr, "unsqueeze", t.usize(0))
        product = t.method(t.method(row, "matmul", rows), "squeeze", t.usize(0))
    elif input.rank == 2:
        product = t.method(input.contiguous().expr, "matmul", rows)
    else:
        # It folds the leading dims of a contiguous input into the rows of one product.
        product = t.method(input.contiguous().expr, "broadcast_matmul", rows)
    return product if bias is None else t.method(product, "broadcast_add", bias.lent())


def _linear_of_integers(x: Operand, weight: Operand, bias: Operand | None, out: Result) -> t.Expr:
    rows = replace(weight, expr=t.method(weight.expr, "t"))
    left = _unsqueezed(x, 0) if x.rank == 1 else x
    product = _product(left, rows, out)
    if x.rank == 1:
        product = t.method(product, "squeeze", t.usize(0))
    if bias is None:
        return product
    return t.method(product, "broadcast_add", to_result(bias, out).lent())


@lowers("aten.matmul.default")
def matmul(x: Operand, other: Operand, *, out: Result) -> t.Expr:
    """aten::matmul(Tensor self, Tensor other) -> Tensor"""
    return in_wide_integers(out, lambda wide: _matmul(x, other, wide))


def _matmul(x: Operand, other: Operand, out: Result) -> t.Expr:
    if x.rank == 0 or other.rank == 0:
        raise Unsupported("self", "a tensor of rank 0", supported="rank 1 and up")
    left = _unsqueezed(x, 0) if x.rank == 1 else x
    right = _unsqueezed(other, 1) if other.rank == 1 else other
    rank = max(left.rank, right.rank)
    if rank > 4:
        # Candle's own takes two batch dims.
        product = t.call(out.runtime("matmul"), left.lent(), right.lent())
    else:
        product = _product(left, right, out)
    if other.rank == 1:
        product = t.method(product, "squeeze", t.usize(rank - 1))
    if x.rank == 1:
        product = t.method(product, "squeeze", t.usize(rank - 2))
    return product


def _unsqueezed(x: Operand, dim: int) -> Operand:
    shape = (1, *x.shape) if dim == 0 else (*x.shape, 1)
    expr = t.method(x.expr, "unsqueeze", t.usize(dim))
    return replace(x, expr=expr, type=replace(x.type, shape=shape))


def _product(x: Operand, other: Operand, out: Result) -> t.Expr:
    """Returns the product of two tensors of matrices, each of which Candle wants row-major.

    Its CPU kernel folds a batch into rows without a look at their stride, and its others take no
    stride but that of a transposed matrix. Of integers it has none.
    """
    if out.tensor.is_integer:
        x, other = to_result(x, out), to_result(other, out)
        return t.call(out.runtime("matmul"), x.lent(), other.lent())
    require_float(x)
    left, right = x.contiguous(), _right(other)
    if x.shape[:-2] == other.shape[:-2]:
        return t.method(left.expr, "matmul", right.lent())
    return t.method(left.expr, "broadcast_matmul", right.lent())


def _right(other: Operand) -> Operand:
    """Returns a right operand; one of rank 2 may be transposed, as a weight is."""
    if other.rank == 2 and other.layout is Layout.STRIDED:
        return other
    return other.contiguous()


@lowers("aten.mm.default")
def mm(x: Operand, mat2: Operand, *, out: Result) -> t.Expr:
    """aten::mm(Tensor self, Tensor mat2) -> Tensor"""
    return in_wide_integers(out, lambda wide: _product(x, mat2, wide))


@lowers("aten.bmm.default")
def bmm(x: Operand, mat2: Operand, *, out: Result) -> t.Expr:
    """aten::bmm(Tensor self, Tensor mat2) -> Tensor"""
    return in_wide_integers(out, lambda wide: _product(x, mat2, wide))


@lowers("aten.mv.default")
def mv(x: Operand, vec: Operand, *, out: Result) -> t.Expr:
    """aten::mv(Tensor self, Tensor vec) -> Tensor"""
    return matmul(x, vec, out=out)


@lowers("aten.dot.default")
def dot(x: Operand, tensor: Operand, *, out: Result) -> t.Expr:
    """aten::dot(Tensor self, Tensor tensor) -> Tensor"""
    if out.tensor.is_integer:
        return matmul(x, tensor, out=out)
    require_float(x)
    row, column = _unsqueezed(x.contiguous(), 0), _unsqueezed(tensor.contiguous(), 1)
    product = t.method(row.expr, "matmul", column.lent())
    return t.method(t.method(product, "squeeze", t.usize(1)), "squeeze", t.usize(0))


@lowers("aten.outer.default")
def outer(x: Operand, vec2: Operand, *, out: Result) -> t.Expr:
    """aten::outer(Tensor self, Tensor vec2) -> Tensor"""
    column = t.method(to_result(x, out).expr, "unsqueeze", t.usize(1))
    row = t.method(to_result(vec2, out).expr, "unsqueeze", t.usize(0))
    return t.method(column, "broadcast_mul", t.ref(row))


@lowers("aten.addmm.default")
def addmm(
    x: Operand, mat1: Operand, mat2: Operand, *, beta: float = 1, alpha: float = 1, out: Result
) -> t.Expr:
    """aten::addmm(Tensor self, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1) -> Tensor"""  # noqa: E501
    return _added(x, mat1, mat2, beta, alpha, out)


@lowers("aten.baddbmm.default")
def baddbmm(
    x: Operand, batch1: Operand, batch2: Operand, *, beta: float = 1, alpha: float = 1, out: Result
) -> t.Expr:
    """aten::baddbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor"""  # noqa: E501
    return _added(x, batch1, batch2, beta, alpha, out)


def _added(
    x: Operand, left: Operand, right: Operand, beta: float, alpha: float, out: Result
) -> t.Expr:
    """Returns `beta * x + alpha * left @ right`; where beta is 0, `x` is not read, even NaN."""

    def compute(out: Result) -> t.Expr:
        product = _product(left, right, out)
        if alpha != 1:
            product = t.Try(t.Binary("*", product, t.f64(fits(alpha, out), "alpha")))
        if beta == 0:
            return product
        term = to_result(x, out).expr
        if beta != 1:
            term = t.Try(t.Binary("*", t.operand(term), t.f64(fits(beta, out), "beta")))
        return t.method(product, "broadcast_add", t.ref(term))

    return in_wide_integers(out, compute)
