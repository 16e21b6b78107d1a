"""Products of vectors and matrices, and their sums with another tensor."""

from __future__ import annotations

from pycandle.ir.sizes import product
from pycandle.lowering.arguments import Integer, require_float, to_result
from pycandle.lowering.elementwise import binary, fits, in_wide_integers, scalar
from pycandle.lowering.operand import shape_expr
from pycandle.lowering.promotion import Scalar
from pycandle.lowering.registry import Operand, Result, SizeOperand, Unsupported, lowers
from pycandle.rust import tree as t


def _require_products(out: Result) -> None:
    """Refuses bools, of which torch makes products that are bools."""
    if out.tensor.is_bool:
        raise Unsupported("self", "a result of bool", supported="floats and integers")


def _matmul(x: t.Expr, other: t.Expr, out: Result) -> t.Expr:
    """Returns a product of matrices, also of halves, of integers and of no elements."""
    return t.call(out.runtime("matmul"), t.ref(x), t.ref(other))


def _plus(x: Operand, term: t.Expr, beta: Scalar, alpha: Scalar, out: Result) -> t.Expr:
    """Returns `beta * x + alpha * term`; without `beta`, `x` is not even looked at."""
    if isinstance(beta, SizeOperand) or isinstance(alpha, SizeOperand):
        raise Unsupported("beta", "a size", supported="a fixed number")
    if alpha != 1:
        term = t.arithmetic("*", term, scalar(fits(alpha, out), "alpha"))
    if beta == 0:
        return term
    added = to_result(x, out).expr
    if beta != 1:
        added = t.arithmetic("*", added, scalar(fits(beta, out), "beta"))
    return t.method(added, "broadcast_add", t.ref(term))


@lowers("aten.addmv.default")
def addmv(
    x: Operand, mat: Operand, vec: Operand, *, beta: Scalar = 1, alpha: Scalar = 1, out: Result
) -> t.Expr:
    """aten::addmv(Tensor self, Tensor mat, Tensor vec, *, Scalar beta=1, Scalar alpha=1) -> Tensor"""  # noqa: E501
    _require_products(out)

    def compute(out: Result) -> t.Expr:
        column = t.method(to_result(vec, out).expr, "unsqueeze", t.usize(1))
        found = t.method(_matmul(to_result(mat, out).expr, column, out), "squeeze", t.usize(1))
        return _plus(x, found, beta, alpha, out)

    return in_wide_integers(out, compute)


@lowers("aten.addr.default")
def addr(
    x: Operand, vec1: Operand, vec2: Operand, *, beta: Scalar = 1, alpha: Scalar = 1, out: Result
) -> t.Expr:
    """aten::addr(Tensor self, Tensor vec1, Tensor vec2, *, Scalar beta=1, Scalar alpha=1) -> Tensor"""  # noqa: E501
    _require_products(out)

    def compute(out: Result) -> t.Expr:
        column = t.method(to_result(vec1, out).expr, "unsqueeze", t.usize(1))
        row = t.ref(t.method(to_result(vec2, out).expr, "unsqueeze", t.usize(0)))
        return _plus(x, t.method(column, "broadcast_mul", row), beta, alpha, out)

    return in_wide_integers(out, compute)


@lowers("aten.addbmm.default")
def addbmm(
    x: Operand,
    batch1: Operand,
    batch2: Operand,
    *,
    beta: Scalar = 1,
    alpha: Scalar = 1,
    out: Result,
) -> t.Expr:
    """aten::addbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor"""  # noqa: E501
    _require_products(out)

    def compute(out: Result) -> t.Expr:
        left, right = to_result(batch1, out).expr, to_result(batch2, out).expr
        total = t.method(_matmul(left, right, out), "sum", t.usize(0))
        return _plus(x, total, beta, alpha, out)

    return in_wide_integers(out, compute)


@lowers("aten.vdot.default")
def vdot(x: Operand, other: Operand, *, out: Result) -> t.Expr:
    """aten::vdot(Tensor self, Tensor other) -> Tensor"""
    _require_products(out)

    def compute(out: Result) -> t.Expr:
        product = binary("*", to_result(x, out), to_result(other, out))
        return t.method(product, "sum", t.usize(0))

    return in_wide_integers(out, compute)


@lowers("aten.linalg_vecdot.default")
def linalg_vecdot(x: Operand, y: Operand, *, dim: int = -1, out: Result) -> t.Expr:
    """aten::linalg_vecdot(Tensor x, Tensor y, *, int dim=-1) -> Tensor"""
    require_float(x, "x")
    rank = max(x.rank, y.rank)
    place = dim + rank if dim < 0 else dim
    return t.method(binary("*", to_result(x, out), to_result(y, out)), "sum", t.usize(place))


@lowers("aten.inner.default")
def inner(x: Operand, other: Operand, *, out: Result) -> t.Expr:
    """aten::inner(Tensor self, Tensor other) -> Tensor"""
    _require_products(out)
    if x.rank == 0 or other.rank == 0:
        return t.method(x.expr, "broadcast_mul", other.lent())
    last = (x.rank - 1, other.rank - 1)
    return _contracted(x, other, [last[0]], [last[1]], out)


@lowers("aten.tensordot.default")
def tensordot(
    x: Operand, other: Operand, dims_self: list[int], dims_other: list[int], *, out: Result
) -> t.Expr:
    """aten::tensordot(Tensor self, Tensor other, int[] dims_self, int[] dims_other) -> Tensor"""
    _require_products(out)
    left, right = [x.dim(dim) for dim in dims_self], [other.dim(dim) for dim in dims_other]
    if any(x.shape[a] != other.shape[b] for a, b in zip(left, right, strict=True)):
        raise Unsupported("dims_self", dims_self, supported="dims of the sizes of `dims_other`")
    return _contracted(x, other, left, right, out)


def _contracted(
    x: Operand, other: Operand, left: list[int], right: list[int], out: Result
) -> t.Expr:
    """Returns the sums over pairs of dims: one product of two matrices."""

    def compute(out: Result) -> t.Expr:
        return _product_over(to_result(x, out), to_result(other, out), left, right, out)

    return in_wide_integers(out, compute)


def _product_over(
    x: Operand, other: Operand, left: list[int], right: list[int], out: Result
) -> t.Expr:
    free = [dim for dim in range(x.rank) if dim not in left]
    kept = [dim for dim in range(other.rank) if dim not in right]
    rows = _matrix(x, free, left)
    columns = _matrix(other, right, kept)
    return t.method(_matmul(rows, columns, out), "reshape", out.dims())


def _matrix(x: Operand, rows: list[int], columns: list[int]) -> t.Expr:
    """Returns a tensor as a matrix, whose rows are some dims and whose columns the others."""
    order = [*rows, *columns]
    expr = x.expr
    if order != list(range(x.rank)):
        places = t.Reference(t.array_of(t.usize(dim) for dim in order))
        expr = t.method(expr, "permute", t.plain(places.inner, "to_vec"))
    sizes = [x.sizes(product(tuple(x.shape[dim] for dim in dims))) for dims in (rows, columns)]
    return t.method(expr, "reshape", shape_expr(sizes))


@lowers("aten.kron.default")
def kron(x: Operand, other: Operand, *, out: Result) -> t.Expr:
    """aten::kron(Tensor self, Tensor other) -> Tensor"""
    _require_products(out)
    rank = max(x.rank, other.rank)
    left, right = to_result(x, out).expr, to_result(other, out).expr
    for _ in range(x.rank, rank):
        left = t.method(left, "unsqueeze", t.usize(0))
    for _ in range(other.rank, rank):
        right = t.method(right, "unsqueeze", t.usize(0))
    for dim in range(rank):
        # A size of the one beside each size of the other.
        left = t.method(left, "unsqueeze", t.usize(2 * dim + 1))
        right = t.method(right, "unsqueeze", t.usize(2 * dim))
    if 2 * rank > 8:
        raise Unsupported("self", f"a tensor of rank {rank}", supported="up to rank 4")
    return t.method(t.method(left, "broadcast_mul", t.ref(right)), "reshape", out.dims())


@lowers("aten.linalg_vander.default")
def linalg_vander(
    x: Operand,
    *,
    N: Integer | None = None,
    out: Result,
) -> t.Expr:
    """aten::linalg_vander(Tensor x, *, SymInt? N=None) -> Tensor"""
    if not x.rank:
        raise Unsupported("x", "a tensor of rank 0", supported="rank 1 and up")
    return t.call(out.runtime("linalg_vander"), to_result(x, out).lent(), out.size(-1))
