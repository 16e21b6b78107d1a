"""Rows of special functions."""

from ops.case import OpCase, T, f32, i64, model

_INF, _NAN = float("inf"), float("nan")
_ODD = (_NAN, _INF, -_INF, 0.0, -0.0, 1.0, -1.0, -2.0, 0.5)

_UNARY = {
    "digamma": (-3.7, 20.0),
    "erfc": (-3.0, 12.0),
    "erfinv": (-1.0, 1.0),
    "i0": (-60.0, 60.0),
    "lgamma": (-5.7, 30.0),
    "special_airy_ai": (-20.0, 8.0),
    "special_bessel_j0": (-50.0, 50.0),
    "special_bessel_j1": (-50.0, 50.0),
    "special_bessel_y0": (0.01, 50.0),
    "special_bessel_y1": (0.1, 50.0),
    "special_entr": (-1.0, 4.0),
    "special_erfcx": (-3.0, 30.0),
    "special_i0e": (-90.0, 90.0),
    "special_i1": (-60.0, 60.0),
    "special_i1e": (-90.0, 90.0),
    "special_log_ndtr": (-30.0, 5.0),
    "special_modified_bessel_i0": (-60.0, 60.0),
    "special_modified_bessel_i1": (-60.0, 60.0),
    "special_modified_bessel_k0": (0.01, 30.0),
    "special_modified_bessel_k1": (0.01, 30.0),
    "special_ndtr": (-9.0, 5.0),
    "special_ndtri": (0.0, 1.0),
    "special_scaled_modified_bessel_k0": (0.01, 90.0),
    "special_scaled_modified_bessel_k1": (0.01, 90.0),
    "special_spherical_bessel_j0": (-20.0, 20.0),
}
"""Functions of one number, with the range that they are tried in."""
_FLOAT32_ALONE = {f"special_{name}" for name in ("airy_ai", "erfcx", "log_ndtr", "ndtri")}
_FLOAT32_ALONE |= {name for name in _UNARY if "bessel" in name}
"""Those that PyTorch does not have in halves."""

_ONE = [
    row
    for name, (low, high) in _UNARY.items()
    for row in (
        OpCase(f"aten.{name}.default", (f32(4, 9, low=low, high=high),)),
        OpCase(f"aten.{name}.default", (f32(9, values=_ODD),)),
        OpCase(f"aten.{name}.default", (f32(4, 3, low=low, high=high, lies="transposed"),)),
        OpCase(f"aten.{name}.default", (i64(5, low=0, high=5),)),
        OpCase(f"aten.{name}.default", (f32(low=low, high=high),)),
        OpCase(f"aten.{name}.default", (f32(0, 3),)),
    )
]

_HALVES = [
    OpCase(f"aten.{name}.default", (model(3, 4, low=low, high=high),))
    for name, (low, high) in _UNARY.items()
    if name not in _FLOAT32_ALONE
]

_POLYNOMIALS = (
    *(f"special_chebyshev_polynomial_{kind}" for kind in "tuvw"),
    *(f"special_shifted_chebyshev_polynomial_{kind}" for kind in "tuvw"),
    *("special_hermite_polynomial_h", "special_hermite_polynomial_he"),
    *("special_laguerre_polynomial_l", "special_legendre_polynomial_p"),
)

_DEGREES = T((7,), values=(-1, 0, 1, 2, 3, 5, 9))

_FAMILIES = [
    row
    for name in _POLYNOMIALS
    for row in (
        OpCase(f"aten.{name}.default", (f32(4, 7, low=-0.99, high=0.99), _DEGREES)),
        OpCase(f"aten.{name}.default", (f32(4, 1, low=1.1, high=2.5), _DEGREES)),
        OpCase(f"aten.{name}.default", (f32(3, values=(0.0, 1.0, -1.0)), i64(3, values=(4, 7, 3)))),
        OpCase(f"aten.{name}.n_scalar", (f32(4, low=-0.9, high=0.9), 3)),
        OpCase(f"aten.{name}.x_scalar", (0.7, _DEGREES)),
    )
]

_PAIR = (f32(4, 3, low=0.1, high=9.0), f32(3, low=0.1, high=9.0))
_EDGES = (
    f32(8, values=(0.0, 1.0, 0.0, _INF, 2.0, -1.0, _NAN, 3.0)),
    f32(8, values=(1.0, 0.0, 0.0, 1.0, _INF, 1.0, 1.0, -2.0)),
)

_TWO = [
    *(
        OpCase(f"aten.{name}.default", operands)
        for name in ("igamma", "igammac", "special_xlog1py")
        for operands in (_PAIR, _EDGES)
    ),
    OpCase(
        "aten.igamma.default", (f32(3, values=(30.0, 100.0, 300.0)), f32(2, 1, low=90.0, high=99.0))
    ),
    OpCase(
        "aten.igammac.default", (f32(3, values=(30.0, 90.0, 95.0)), f32(2, 1, low=90.0, high=99.0))
    ),
    OpCase("aten.special_xlog1py.default", (i64(4, low=0), model(4, low=0.1, high=1.0))),
    OpCase("aten.special_xlog1py.other_scalar", (f32(4), 2.5)),
    OpCase("aten.special_xlog1py.self_scalar", (0, f32(4, low=0.0, high=4.0))),
    OpCase("aten.special_zeta.default", (f32(5, 4, low=1.1, high=9.0), f32(4, low=0.2, high=20.0))),
    OpCase(
        "aten.special_zeta.default",
        (f32(4, values=(1.0, 0.5, 2.0, 3.0)), f32(4, values=(2.0, 2.0, -1.0, -0.5))),
    ),
    OpCase("aten.special_zeta.other_scalar", (f32(4, low=1.5, high=4.0), 2.0)),
    OpCase("aten.special_zeta.self_scalar", (2, f32(4, low=0.5, high=4.0))),
]

_ORDER = [
    *(
        OpCase(name, (n, f32(4, 3, low=0.3, high=8.0)))
        for name in ("aten.polygamma.default", "aten.special_polygamma.default")
        for n in (0, 1, 2, 3, 5)
    ),
    OpCase("aten.polygamma.default", (1, f32(3, values=(-0.5, -1.5, 0.25)))),
    OpCase("aten.polygamma.default", (2, i64(3, low=1, high=4))),
    *(OpCase("aten.mvlgamma.default", (f32(4, 3, low=3.0, high=9.0), p)) for p in (1, 3, 5)),
    OpCase("aten.mvlgamma.default", (model(4, low=3.0, high=9.0), 2)),
]

CASES = [*_ONE, *_HALVES, *_FAMILIES, *_TWO, *_ORDER]
