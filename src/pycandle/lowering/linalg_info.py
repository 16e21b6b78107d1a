"""Decompositions that also say where they failed, which is an error here."""

from __future__ import annotations

from pycandle.lowering.arguments import boolean
from pycandle.lowering.linalg import matrices
from pycandle.lowering.registry import Operand, Result, Several, Unsupported, lowers
from pycandle.rust import tree as t

# `check_errors` makes an error of a failure, which is one here in any case.


@lowers("aten.linalg_inv_ex.default")
def linalg_inv_ex(A: Operand, *, check_errors: bool = False, out: Result) -> Several:
    """aten::linalg_inv_ex(Tensor A, *, bool check_errors=False) -> (Tensor inverse, Tensor info)"""
    return Several(t.call(out.runtime("linalg_inv_ex"), matrices(A, "A")))


@lowers("aten.linalg_cholesky_ex.default")
def linalg_cholesky_ex(
    x: Operand, *, upper: bool = False, check_errors: bool = False, out: Result
) -> Several:
    """aten::linalg_cholesky_ex(Tensor self, *, bool upper=False, bool check_errors=False) -> (Tensor L, Tensor info)"""  # noqa: E501
    return Several(t.call(out.runtime("linalg_cholesky_ex"), matrices(x), boolean(upper)))


@lowers("aten.linalg_lu_factor_ex.default")
def linalg_lu_factor_ex(
    A: Operand, *, pivot: bool = True, check_errors: bool = False, out: Result
) -> Several:
    """aten::linalg_lu_factor_ex(Tensor A, *, bool pivot=True, bool check_errors=False) -> (Tensor LU, Tensor pivots, Tensor info)"""  # noqa: E501
    if not pivot:
        raise Unsupported("pivot", pivot, supported="True: torch has no other on the CPU")
    options = (boolean(pivot), boolean(check_errors))
    return Several(t.call(out.runtime("linalg_lu_factor_ex"), matrices(A, "A"), *options))
