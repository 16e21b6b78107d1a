"""Decompositions of matrices by singular values, eigenvalues, reflections and pivots.

Directions of singular values and of eigenvalues have two signs. A port's may be other than
PyTorch's, whose own differ from machine to machine.
"""

from __future__ import annotations

from pycandle.lowering.arguments import boolean, same_type
from pycandle.lowering.linalg import matrices
from pycandle.lowering.registry import Operand, Result, Several, Unsupported, lowers
from pycandle.rust import tree as t


@lowers("aten.linalg_svd.default")
def linalg_svd(
    A: Operand, full_matrices: bool = True, *, driver: str | None = None, out: Result
) -> Several:
    """aten::linalg_svd(Tensor A, bool full_matrices=True, *, str? driver=None) -> (Tensor U, Tensor S, Tensor Vh)"""  # noqa: E501
    if driver is not None:
        raise Unsupported("driver", repr(driver), supported="None, as on torch's CPU")
    return Several(t.call(out.runtime("linalg_svd"), matrices(A, "A"), boolean(full_matrices)))


@lowers("aten.svd.default")
def svd(x: Operand, some: bool = True, compute_uv: bool = True, *, out: Result) -> Several:
    """aten::svd(Tensor self, bool some=True, bool compute_uv=True) -> (Tensor U, Tensor S, Tensor V)"""  # noqa: E501
    if not compute_uv:
        raise Unsupported("compute_uv", compute_uv, supported="True, or `torch.linalg.svdvals`")
    return Several(t.call(out.runtime("svd"), matrices(x), boolean(some)))


@lowers("aten.linalg_eigh.default")
def linalg_eigh(x: Operand, UPLO: str = "L", *, out: Result) -> Several:
    """aten::linalg_eigh(Tensor self, str UPLO="L") -> (Tensor eigenvalues, Tensor eigenvectors)"""
    if UPLO not in ("L", "U"):
        raise Unsupported("UPLO", repr(UPLO), supported='"L", "U"')
    return Several(t.call(out.runtime("linalg_eigh"), matrices(x), boolean(UPLO == "U")))


@lowers("aten.linalg_matrix_sqrth.default")
def linalg_matrix_sqrth(x: Operand, *, out: Result) -> t.Expr:
    """aten::linalg_matrix_sqrth(Tensor self) -> Tensor"""
    return t.call(out.runtime("linalg_matrix_sqrth"), matrices(x))


@lowers("aten.linalg_polar.default")
def linalg_polar(A: Operand, *, out: Result) -> Several:
    """aten::linalg_polar(Tensor A) -> (Tensor U, Tensor H)"""
    return Several(t.call(out.runtime("linalg_polar"), matrices(A, "A")))


@lowers("aten.ormqr.default")
def ormqr(
    x: Operand,
    input2: Operand,
    input3: Operand,
    left: bool = True,
    transpose: bool = False,
    *,
    out: Result,
) -> t.Expr:
    """aten::ormqr(Tensor self, Tensor input2, Tensor input3, bool left=True, bool transpose=False) -> Tensor"""  # noqa: E501
    for name, operand in (("input2", input2), ("input3", input3)):
        if not same_type(operand.type, x.type):
            raise Unsupported(name, f"a tensor of {operand.dtype}", supported="the input's dtype")
    options = (boolean(left), boolean(transpose))
    operands = (matrices(x), input2.lent(), matrices(input3, "input3"))
    return t.call(out.runtime("ormqr"), *operands, *options)


@lowers("aten._lu_with_info.default")
def lu_with_info(
    x: Operand, pivot: bool = True, check_errors: bool = True, *, out: Result
) -> Several:
    """aten::_lu_with_info(Tensor self, bool pivot=True, bool check_errors=True) -> (Tensor LU, Tensor pivots, Tensor info)"""  # noqa: E501
    if not pivot:
        raise Unsupported("pivot", pivot, supported="True: torch has no other on the CPU")
    options = (boolean(pivot), boolean(check_errors))
    return Several(t.call(out.runtime("linalg_lu_factor_ex"), matrices(x), *options))


# A matrix of real numbers is Hermitian where it is symmetric, which it is taken for in any case.


@lowers("aten.linalg_ldl_factor.default")
def linalg_ldl_factor(x: Operand, *, hermitian: bool = False, out: Result) -> Several:
    """aten::linalg_ldl_factor(Tensor self, *, bool hermitian=False) -> (Tensor LD, Tensor pivots)"""  # noqa: E501
    return Several(t.call(out.runtime("linalg_ldl_factor"), matrices(x)))


@lowers("aten.linalg_ldl_factor_ex.default")
def linalg_ldl_factor_ex(
    x: Operand, *, hermitian: bool = False, check_errors: bool = False, out: Result
) -> Several:
    """aten::linalg_ldl_factor_ex(Tensor self, *, bool hermitian=False, bool check_errors=False) -> (Tensor LD, Tensor pivots, Tensor info)"""  # noqa: E501
    if check_errors:
        raise Unsupported("check_errors", check_errors, supported="False")
    return Several(t.call(out.runtime("linalg_ldl_factor_ex"), matrices(x)))
