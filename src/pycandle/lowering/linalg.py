"""Decompositions, inverses and solutions of square systems."""

from __future__ import annotations

from pycandle.lowering.arguments import boolean, require_float, same_type
from pycandle.lowering.registry import Operand, Result, Several, Unsupported, lowers
from pycandle.rust import tree as t


def matrices(x: Operand, name: str = "self") -> t.Expr:
    """Returns a tensor of matrices of floats as `&Tensor`."""
    require_float(x, name)
    if x.rank < 2:
        raise Unsupported(name, f"a tensor of rank {x.rank}", supported="rank 2 and up")
    return x.lent()


def _pair(A: Operand, B: Operand) -> tuple[t.Expr, t.Expr]:
    if not same_type(A.type, B.type):
        raise Unsupported("B", f"a tensor of {B.dtype}", supported="the dtype of the matrices")
    return matrices(A, "A"), matrices(B, "B")


@lowers("aten.linalg_det.default")
def linalg_det(A: Operand, *, out: Result) -> t.Expr:
    """aten::linalg_det(Tensor A) -> Tensor"""
    return t.call(out.runtime("linalg_det"), matrices(A, "A"))


@lowers("aten.det.default")
def det(x: Operand, *, out: Result) -> t.Expr:
    """aten::det(Tensor self) -> Tensor"""
    return t.call(out.runtime("linalg_det"), matrices(x))


@lowers("aten.linalg_slogdet.default")
def linalg_slogdet(A: Operand, *, out: Result) -> Several:
    """aten::linalg_slogdet(Tensor A) -> (Tensor sign, Tensor logabsdet)"""
    return Several(t.call(out.runtime("linalg_slogdet"), matrices(A, "A")))


@lowers("aten.slogdet.default")
def slogdet(x: Operand, *, out: Result) -> Several:
    """aten::slogdet(Tensor self) -> (Tensor sign, Tensor logabsdet)"""
    return Several(t.call(out.runtime("linalg_slogdet"), matrices(x)))


@lowers("aten.logdet.default")
def logdet(x: Operand, *, out: Result) -> t.Expr:
    """aten::logdet(Tensor self) -> Tensor"""
    return t.call(out.runtime("logdet"), matrices(x))


@lowers("aten.linalg_inv.default")
def linalg_inv(A: Operand, *, out: Result) -> t.Expr:
    """aten::linalg_inv(Tensor A) -> Tensor"""
    return t.call(out.runtime("linalg_inv"), matrices(A, "A"))


@lowers("aten.inverse.default")
def inverse(x: Operand, *, out: Result) -> t.Expr:
    """aten::inverse(Tensor self) -> Tensor"""
    return t.call(out.runtime("linalg_inv"), matrices(x))


@lowers("aten.linalg_solve.default")
def linalg_solve(A: Operand, B: Operand, *, left: bool = True, out: Result) -> t.Expr:
    """aten::linalg_solve(Tensor A, Tensor B, *, bool left=True) -> Tensor

    A right side with the shape of the matrices but for their last dim is one of vectors.
    """
    require_float(B, "B")
    if not same_type(A.type, B.type):
        raise Unsupported("B", f"a tensor of {B.dtype}", supported="the dtype of the matrices")
    is_vector = B.rank == 1 or (B.rank == A.rank - 1 and B.shape == A.shape[:-1])
    if is_vector and not left:
        raise Unsupported("left", left, supported="True, beside vectors")
    kernel = out.runtime("linalg_solve")
    return t.call(kernel, matrices(A, "A"), B.lent(), boolean(left), boolean(is_vector))


@lowers("aten.linalg_cholesky.default")
def linalg_cholesky(x: Operand, *, upper: bool = False, out: Result) -> t.Expr:
    """aten::linalg_cholesky(Tensor self, *, bool upper=False) -> Tensor"""
    return t.call(out.runtime("linalg_cholesky"), matrices(x), boolean(upper))


@lowers("aten.cholesky_solve.default")
def cholesky_solve(x: Operand, input2: Operand, upper: bool = False, *, out: Result) -> t.Expr:
    """aten::cholesky_solve(Tensor self, Tensor input2, bool upper=False) -> Tensor"""
    pair = _pair(x, input2)
    return t.call(out.runtime("cholesky_solve"), *pair, boolean(upper))


@lowers("aten.cholesky_inverse.default")
def cholesky_inverse(x: Operand, upper: bool = False, *, out: Result) -> t.Expr:
    """aten::cholesky_inverse(Tensor self, bool upper=False) -> Tensor"""
    return t.call(out.runtime("cholesky_inverse"), matrices(x), boolean(upper))


@lowers("aten.linalg_solve_triangular.default")
def linalg_solve_triangular(
    x: Operand,
    B: Operand,
    *,
    upper: bool,
    left: bool = True,
    unitriangular: bool = False,
    out: Result,
) -> t.Expr:
    """aten::linalg_solve_triangular(Tensor self, Tensor B, *, bool upper, bool left=True, bool unitriangular=False) -> Tensor"""  # noqa: E501
    options = (boolean(upper), boolean(left), boolean(unitriangular))
    return t.call(out.runtime("linalg_solve_triangular"), *_pair(x, B), *options)


@lowers("aten.linalg_qr.default")
def linalg_qr(A: Operand, mode: str = "reduced", *, out: Result) -> Several:
    """aten::linalg_qr(Tensor A, str mode="reduced") -> (Tensor Q, Tensor R)"""
    if mode not in ("reduced", "complete"):
        raise Unsupported("mode", repr(mode), supported='"reduced", "complete"')
    kernel = out.runtime("linalg_qr")
    return Several(t.call(kernel, matrices(A, "A"), boolean(mode == "complete")))


@lowers("aten.geqrf.default")
def geqrf(x: Operand, *, out: Result) -> Several:
    """aten::geqrf(Tensor self) -> (Tensor a, Tensor tau)"""
    return Several(t.call(out.runtime("geqrf"), matrices(x)))


@lowers("aten.linalg_householder_product.default")
def linalg_householder_product(input: Operand, tau: Operand, *, out: Result) -> t.Expr:
    """aten::linalg_householder_product(Tensor input, Tensor tau) -> Tensor"""
    if not same_type(tau.type, input.type):
        raise Unsupported("tau", f"a tensor of {tau.dtype}", supported="the input's dtype")
    kernel = out.runtime("linalg_householder_product")
    return t.call(kernel, matrices(input, "input"), tau.lent())


@lowers("aten.linalg_lu_factor.default")
def linalg_lu_factor(A: Operand, *, pivot: bool = True, out: Result) -> Several:
    """aten::linalg_lu_factor(Tensor A, *, bool pivot=True) -> (Tensor LU, Tensor pivots)"""
    _require_pivots(pivot)
    return Several(t.call(out.runtime("linalg_lu_factor"), matrices(A, "A"), boolean(pivot)))


@lowers("aten.linalg_lu.default")
def linalg_lu(A: Operand, *, pivot: bool = True, out: Result) -> Several:
    """aten::linalg_lu(Tensor A, *, bool pivot=True) -> (Tensor P, Tensor L, Tensor U)"""
    _require_pivots(pivot)
    return Several(t.call(out.runtime("linalg_lu"), matrices(A, "A")))


@lowers("aten.lu_unpack.default")
def lu_unpack(
    LU_data: Operand,
    LU_pivots: Operand,
    unpack_data: bool = True,
    unpack_pivots: bool = True,
    *,
    out: Result,
) -> Several:
    """aten::lu_unpack(Tensor LU_data, Tensor LU_pivots, bool unpack_data=True, bool unpack_pivots=True) -> (Tensor P, Tensor L, Tensor U)"""  # noqa: E501
    for name, value in (("unpack_data", unpack_data), ("unpack_pivots", unpack_pivots)):
        if not value:
            raise Unsupported(name, value, supported="True")
    kernel = out.runtime("lu_unpack")
    return Several(t.call(kernel, matrices(LU_data, "LU_data"), LU_pivots.lent()))


def _require_pivots(pivot: bool) -> None:
    if not pivot:
        raise Unsupported("pivot", pivot, supported="True: torch has no other on the CPU")
