"""Solutions of systems: of decomposed matrices, of triangles, and of tensors as matrices."""

from __future__ import annotations

from pycandle.ir.sizes import Size, product
from pycandle.ir.types import TensorType
from pycandle.lowering.arguments import boolean, dims_expr, same_type, shape_of
from pycandle.lowering.linalg import matrices
from pycandle.lowering.operand import normalize_dim
from pycandle.lowering.registry import Operand, Result, Several, Unsupported, lowers
from pycandle.rust import tree as t


@lowers("aten.linalg_lu_solve.default")
def linalg_lu_solve(
    LU: Operand,
    pivots: Operand,
    B: Operand,
    *,
    left: bool = True,
    adjoint: bool = False,
    out: Result,
) -> t.Expr:
    """aten::linalg_lu_solve(Tensor LU, Tensor pivots, Tensor B, *, bool left=True, bool adjoint=False) -> Tensor"""  # noqa: E501
    _require_same_type(LU, "B", B)
    operands = (matrices(LU, "LU"), pivots.lent(), matrices(B, "B"))
    return t.call(out.runtime("linalg_lu_solve"), *operands, boolean(left), boolean(adjoint))


@lowers("aten.lu_solve.default")
def lu_solve(x: Operand, LU_data: Operand, LU_pivots: Operand, *, out: Result) -> t.Expr:
    """aten::lu_solve(Tensor self, Tensor LU_data, Tensor LU_pivots) -> Tensor"""
    _require_same_type(x, "LU_data", LU_data)
    operands = (matrices(LU_data, "LU_data"), LU_pivots.lent(), matrices(x))
    return t.call(out.runtime("linalg_lu_solve"), *operands, boolean(True), boolean(False))


@lowers("aten.linalg_ldl_solve.default")
def linalg_ldl_solve(
    LD: Operand, pivots: Operand, B: Operand, *, hermitian: bool = False, out: Result
) -> t.Expr:
    """aten::linalg_ldl_solve(Tensor LD, Tensor pivots, Tensor B, *, bool hermitian=False) -> Tensor

    A matrix of real numbers is Hermitian where it is symmetric.
    """
    _require_same_type(LD, "B", B)
    operands = (matrices(LD, "LD"), pivots.lent(), matrices(B, "B"))
    return t.call(out.runtime("linalg_ldl_solve"), *operands)


@lowers("aten.linalg_solve_ex.default")
def linalg_solve_ex(
    A: Operand, B: Operand, *, left: bool = True, check_errors: bool = False, out: Result
) -> Several:
    """aten::linalg_solve_ex(Tensor A, Tensor B, *, bool left=True, bool check_errors=False) -> (Tensor result, Tensor info)

    `check_errors` makes an error of a singular matrix, which is one here in any case. A right side
    with the shape of the matrices but for their last dim is one of vectors.
    """  # noqa: E501
    _require_same_type(A, "B", B)
    is_vector = B.rank == 1 or (B.rank == A.rank - 1 and B.shape == A.shape[:-1])
    if is_vector and not left:
        raise Unsupported("left", left, supported="True, beside vectors")
    options = (boolean(left), boolean(is_vector))
    kernel = out.runtime("linalg_solve_ex")
    return Several(t.call(kernel, matrices(A, "A"), B.lent(), *options))


@lowers("aten.triangular_solve.default")
def triangular_solve(
    x: Operand,
    A: Operand,
    upper: bool = True,
    transpose: bool = False,
    unitriangular: bool = False,
    *,
    out: Result,
) -> Several:
    """aten::triangular_solve(Tensor self, Tensor A, bool upper=True, bool transpose=False, bool unitriangular=False) -> (Tensor solution, Tensor cloned_coefficient)"""  # noqa: E501
    _require_same_type(x, "A", A)
    options = (boolean(upper), boolean(transpose), boolean(unitriangular))
    kernel = out.runtime("triangular_solve")
    return Several(t.call(kernel, matrices(x), matrices(A, "A"), *options))


@lowers("aten.linalg_tensorinv.default")
def linalg_tensorinv(x: Operand, ind: int = 2, *, out: Result) -> t.Expr:
    """aten::linalg_tensorinv(Tensor self, int ind=2) -> Tensor

    The first `ind` dims are rows, and the others columns.
    """
    if not 0 < ind < x.rank:
        raise Unsupported("ind", ind, supported=f"1 to {x.rank - 1}")
    sides = (product(x.shape[:ind]), product(x.shape[ind:]))
    kernel = out.runtime("linalg_inv")
    inverse = t.call(kernel, matrices(_reshaped(x, sides)))
    return t.method(inverse, "reshape", out.dims())


@lowers("aten.linalg_tensorsolve.default")
def linalg_tensorsolve(
    x: Operand, other: Operand, dims: list[int] | None = None, *, out: Result
) -> t.Expr:
    """aten::linalg_tensorsolve(Tensor self, Tensor other, int[]? dims=None) -> Tensor

    The dims of the solution are the last ones, `dims` before they are moved there.
    """
    _require_same_type(x, "other", other)
    moved = [normalize_dim(dim, x.rank) for dim in dims or []]
    order = [dim for dim in range(x.rank) if dim not in moved] + moved
    if len(set(order)) != x.rank or len(order) != x.rank:
        raise Unsupported("dims", dims, supported="different dims")
    sides = (product(other.shape), product(out.shape))
    turned = x
    if order != sorted(order):
        expr = t.method(x.expr, "permute", dims_expr(order))
        turned = Operand(expr, x.type, sizes=x.sizes)
    system = matrices(_reshaped(turned, sides))
    right = _reshaped(other, (sides[0],)).lent()
    kernel = out.runtime("linalg_solve")
    found = t.call(kernel, system, right, boolean(True), boolean(True))
    return t.method(found, "reshape", out.dims())


def _reshaped(x: Operand, shape: tuple[Size, ...]) -> Operand:
    sizes = shape_of([x.sizes(size) for size in shape])
    expr = t.method(x.expr, "reshape", sizes)
    return Operand(expr, TensorType(x.dtype, shape, x.type.follows_model), sizes=x.sizes)


def _require_same_type(x: Operand, name: str, other: Operand) -> None:
    if not same_type(x.type, other.type):
        supported = "the dtype of the matrices"
        raise Unsupported(name, f"a tensor of {other.dtype}", supported=supported)
