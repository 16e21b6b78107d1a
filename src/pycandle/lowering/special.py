"""Special functions: those of gamma, error, Bessel and Airy, and the families of polynomials."""

from __future__ import annotations

from pycandle.lowering.arguments import to_result
from pycandle.lowering.pointwise import lowers_to_kernel
from pycandle.lowering.registry import Operand, Result, Unsupported, lowers
from pycandle.rust import tree as t

lowers_to_kernel(
    {f"aten.{name}.default": name for name in ("digamma", "erfc", "erfinv", "i0", "lgamma")}
)

lowers_to_kernel(
    {
        f"aten.special_{name}.default": f"special_{name}"
        for name in (
            *("airy_ai", "entr", "erfcx", "log_ndtr", "ndtr", "ndtri"),
            *("bessel_j0", "bessel_j1", "bessel_y0", "bessel_y1", "spherical_bessel_j0"),
            *("i0e", "i1", "i1e", "modified_bessel_i0", "modified_bessel_i1"),
            *("modified_bessel_k0", "modified_bessel_k1"),
            *("scaled_modified_bessel_k0", "scaled_modified_bessel_k1"),
        )
    }
)

lowers_to_kernel(
    {"aten.igamma.default": "igamma", "aten.igammac.default": "igammac"}, ("x", "other")
)

lowers_to_kernel(
    {
        f"aten.special_{name}{overload}": f"special_{name}"
        for name in ("xlog1py", "zeta")
        for overload in (".default", ".other_scalar", ".self_scalar")
    },
    ("x", "other"),
)

_KINDS = ("t", "u", "v", "w")
_POLYNOMIALS = (
    *(f"chebyshev_polynomial_{kind}" for kind in _KINDS),
    *(f"shifted_chebyshev_polynomial_{kind}" for kind in _KINDS),
    *("hermite_polynomial_h", "hermite_polynomial_he"),
    *("laguerre_polynomial_l", "legendre_polynomial_p"),
)

lowers_to_kernel(
    {
        f"aten.special_{name}{overload}": f"special_{name}"
        for name in _POLYNOMIALS
        for overload in (".default", ".n_scalar", ".x_scalar")
    },
    ("x", "n"),
)


def _float(x: Operand, out: Result) -> Operand:
    if not out.tensor.is_float:
        raise Unsupported("self", f"a tensor of {x.dtype}", supported="floats")
    return to_result(x, out)


@lowers("aten.polygamma.default", "aten.special_polygamma.default")
def polygamma(n: int, x: Operand, *, out: Result) -> t.Expr:
    """aten::polygamma(int n, Tensor self) -> Tensor"""
    return t.call(out.runtime("polygamma"), t.usize(n, "n"), _float(x, out).lent())


@lowers("aten.mvlgamma.default")
def mvlgamma(x: Operand, p: int, *, out: Result) -> t.Expr:
    """aten::mvlgamma(Tensor self, int p) -> Tensor"""
    return t.call(out.runtime("mvlgamma"), _float(x, out).lent(), t.usize(p, "p"))
