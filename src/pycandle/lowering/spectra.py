"""Spectra, ranks and inverses of matrices by their singular values, and functions of matrices."""

from __future__ import annotations

from pycandle.lowering.arguments import boolean, optional
from pycandle.lowering.linalg import matrices
from pycandle.lowering.matrix_norm import order_name
from pycandle.lowering.registry import Operand, Result, Unsupported, lowers
from pycandle.rust import tree as t

_EPS = {"float32": 2.0**-23, "float64": 2.0**-52}
"""torch.finfo(..).eps"""


@lowers("aten.linalg_svdvals.default")
def linalg_svdvals(A: Operand, *, driver: str | None = None, out: Result) -> t.Expr:
    """aten::linalg_svdvals(Tensor A, *, str? driver=None) -> Tensor"""
    if driver is not None:
        raise Unsupported("driver", repr(driver), supported="None, as on torch's CPU")
    return t.call(out.runtime("linalg_svdvals"), matrices(A, "A"))


@lowers("aten.linalg_eigvalsh.default")
def linalg_eigvalsh(x: Operand, UPLO: str = "L", *, out: Result) -> t.Expr:
    """aten::linalg_eigvalsh(Tensor self, str UPLO="L") -> Tensor"""
    if UPLO not in ("L", "U"):
        raise Unsupported("UPLO", repr(UPLO), supported='"L", "U"')
    return t.call(out.runtime("linalg_eigvalsh"), matrices(x), boolean(UPLO == "U"))


@lowers("aten.linalg_cond.default")
def linalg_cond(x: Operand, p: float | None = None, *, out: Result) -> t.Expr:
    """aten::linalg_cond(Tensor self, Scalar? p=None) -> Tensor"""
    name = t.Text(order_name(2 if p is None else p))
    return t.call(out.runtime("linalg_cond"), matrices(x), name)


@lowers("aten.linalg_pinv.atol_rtol_float")
def linalg_pinv_float(
    x: Operand,
    *,
    atol: float | None = None,
    rtol: float | None = None,
    hermitian: bool = False,
    out: Result,
) -> t.Expr:
    """aten::linalg_pinv.atol_rtol_float(Tensor self, *, float? atol=None, float? rtol=None, bool hermitian=False) -> Tensor"""  # noqa: E501
    return _by_numbers("linalg_pinv", x, atol, rtol, hermitian, out)


@lowers("aten.linalg_pinv.atol_rtol_tensor")
def linalg_pinv_tensor(
    x: Operand,
    *,
    atol: Operand | None = None,
    rtol: Operand | None = None,
    hermitian: bool = False,
    out: Result,
) -> t.Expr:
    """aten::linalg_pinv.atol_rtol_tensor(Tensor self, *, Tensor? atol=None, Tensor? rtol=None, bool hermitian=False) -> Tensor"""  # noqa: E501
    return _by_tensors("linalg_pinv", x, atol, rtol, hermitian, out)


@lowers("aten.pinverse.default")
def pinverse(x: Operand, rcond: float = 1e-15, *, out: Result) -> t.Expr:
    """aten::pinverse(Tensor self, float rcond=1.0000000000000001e-15) -> Tensor"""
    return _by_numbers("linalg_pinv", x, 0.0, rcond, False, out)


@lowers("aten.linalg_matrix_rank.atol_rtol_tensor")
def linalg_matrix_rank(
    input: Operand,
    *,
    atol: Operand | None = None,
    rtol: Operand | None = None,
    hermitian: bool = False,
    out: Result,
) -> t.Expr:
    """aten::linalg_matrix_rank.atol_rtol_tensor(Tensor input, *, Tensor? atol=None, Tensor? rtol=None, bool hermitian=False) -> Tensor"""  # noqa: E501
    return _by_tensors("linalg_matrix_rank", input, atol, rtol, hermitian, out)


@lowers("aten.linalg_matrix_rank.atol_rtol_float")
def linalg_matrix_rank_float(
    x: Operand,
    *,
    atol: float | None = None,
    rtol: float | None = None,
    hermitian: bool = False,
    out: Result,
) -> t.Expr:
    """aten::linalg_matrix_rank.atol_rtol_float(Tensor self, *, float? atol=None, float? rtol=None, bool hermitian=False) -> Tensor"""  # noqa: E501
    return _by_numbers("linalg_matrix_rank", x, atol, rtol, hermitian, out)


def _by_numbers(
    kernel: str, x: Operand, atol: float | None, rtol: float | None, hermitian: bool, out: Result
) -> t.Expr:
    least = 0.0 if atol is None else atol
    most = (_epsilon(x) if least <= 0 else 0.0) if rtol is None else rtol
    numbers = (t.f64(least, "atol"), t.f64(most, "rtol"))
    return t.call(out.runtime(kernel), matrices(x), *numbers, boolean(hermitian))


def _by_tensors(
    kernel: str,
    x: Operand,
    atol: Operand | None,
    rtol: Operand | None,
    hermitian: bool,
    out: Result,
) -> t.Expr:
    if atol is None and rtol is None:
        return _by_numbers(kernel, x, None, None, hermitian, out)
    operands = (matrices(x), optional(atol), optional(rtol))
    eps = 0.0 if rtol is not None else _epsilon(x)
    return t.call(out.runtime(f"{kernel}_tensor"), *operands, t.f64(eps), boolean(hermitian))


def _epsilon(x: Operand) -> float:
    """Returns torch's default: what rounding makes of a singular value of 0, by the largest."""
    sizes = [size for size in x.shape[-2:] if isinstance(size, int)]
    if len(sizes) != 2 or x.dtype not in _EPS:
        raise Unsupported("self", f"a shape of {x.shape}", supported="matrices of a fixed size")
    return _EPS[x.dtype] * max(sizes)


@lowers("aten.linalg_matrix_power.default")
def linalg_matrix_power(x: Operand, n: int, *, out: Result) -> t.Expr:
    """aten::linalg_matrix_power(Tensor self, int n) -> Tensor"""
    power = t.Number(n, "i64", role="n")
    return t.call(out.runtime("matrix_power"), matrices(x), power)


@lowers("aten.matrix_exp.default", "aten.linalg_matrix_exp.default")
def matrix_exp(x: Operand, *, out: Result) -> t.Expr:
    """aten::matrix_exp(Tensor self) -> Tensor

    In halves, torch's own overflows to NaN where the result is finite.
    """
    if x.dtype in ("float16", "bfloat16"):
        raise Unsupported("self", f"a tensor of {x.dtype}", supported="float32, float64")
    return t.call(out.runtime("matrix_exp"), matrices(x))
