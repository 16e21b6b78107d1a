"""Rows of decompositions, inverses and solutions of square systems."""

from ops.case import OpCase, T, f32, f64, i64

_INF = float("inf")
_PIVOTS = {"values": (2, 2, 3)}
_MATRICES = (
    f32(3, 3),
    f64(2, 4, 4),
    f32(2, 3, 3, lies="transposed"),
    f32(2, 3, 3, lies="broadcast"),
    f32(1, 1),
    f32(0, 3, 3),
)
# A square of this triangle is positive definite.
_LOWER = f32(3, 3, values=(2.0, 0.0, 0.0, 0.5, 1.5, 0.0, -0.3, 0.7, 1.2))
_UPPER = f64(3, 3, values=(2.0, 0.5, -0.3, 0.0, 1.5, 0.7, 0.0, 0.0, 1.2))
_DEFINITE = f32(3, 3, values=(4.0, 1.0, -0.6, 1.0, 2.5, 0.9, -0.6, 0.9, 2.02))
_HALF = f64(3, 3, values=(4.0, 9.0, 9.0, 1.0, 2.5, 9.0, -0.6, 0.9, 2.02))
_SINGULAR = f32(2, 2, values=(1.0, 2.0, 2.0, 4.0))
_SIZES = ({"n": 1}, {"n": 3})
_OF_ONE = (
    "linalg_det",
    "det",
    "linalg_slogdet",
    "slogdet",
    "linalg_inv",
    "inverse",
    "linalg_inv_ex",
)
_LU = ("linalg_lu_factor", "linalg_lu_factor_ex", "linalg_lu")
_OBLONG = (
    f32(4, 3),
    f64(2, 3, 5),
    f32(3, 4, lies="transposed"),
    f32(2, 2),
    f32(0, 3, 2),
    f32(1, 1),
)
_TRIANGULAR = "aten.linalg_solve_triangular.default"
_SOLVE, _CHOLESKY = "aten.linalg_solve.default", "aten.linalg_cholesky.default"

CASES = [
    *(OpCase(f"aten.{name}.default", (x,)) for name in _OF_ONE for x in _MATRICES),
    *(OpCase(f"aten.{name}.default", (f32("n", 3, 3),), sizes=_SIZES) for name in _OF_ONE),
    *(
        OpCase(f"aten.{name}.default", (i64(3, 3),), refused="A" if "linalg" in name else "self")
        for name in _OF_ONE
    ),
    *(OpCase(f"aten.{name}.default", (_SINGULAR,)) for name in _OF_ONE[:4]),
    OpCase("aten.det.default", (f32(3),), refused="self"),
    *(OpCase("aten.logdet.default", (x,)) for x in (*_MATRICES, _SINGULAR, _DEFINITE)),
    OpCase("aten.logdet.default", (f32(2, 2, values=(0.0, 1.0, 1.0, 0.0)),)),
    OpCase(_SOLVE, (f32(3, 3), f32(3, 2))),
    OpCase(_SOLVE, (f32(3, 3), f32(3))),
    OpCase(_SOLVE, (f64(2, 3, 3), f64(2, 3))),
    OpCase(_SOLVE, (f32(2, 3, 3, lies="transposed"), f32(3, 2, lies="transposed"))),
    OpCase(_SOLVE, (f32(2, 1, 3, 3), f32(4, 3, 2))),
    OpCase(_SOLVE, (f32(2, 3, 3), f32(2, 4, 3)), {"left": False}),
    OpCase(_SOLVE, (f32("n", 3, 3), f32("n", 3, 2)), sizes=_SIZES),
    OpCase(_SOLVE, (f32(0, 3, 3), f32(0, 3, 2))),
    OpCase(_SOLVE, (f32(3, 3), f32(3)), {"left": False}, refused="left"),
    OpCase(_SOLVE, (f32(3, 3), f64(3)), refused="B"),
    OpCase(_CHOLESKY, (_DEFINITE,)),
    OpCase(_CHOLESKY, (_DEFINITE,), {"upper": True}),
    OpCase(_CHOLESKY, (_HALF,)),
    OpCase(_CHOLESKY, (f32(0, 2, 2),)),
    OpCase(_CHOLESKY, (i64(2, 2),), refused="self"),
    OpCase("aten.linalg_cholesky_ex.default", (_DEFINITE,)),
    OpCase("aten.linalg_cholesky_ex.default", (_DEFINITE,), {"upper": True, "check_errors": True}),
    OpCase("aten.cholesky_solve.default", (f32(3, 2), _LOWER)),
    OpCase("aten.cholesky_solve.default", (f64(2, 3, 2), _UPPER, True)),
    OpCase("aten.cholesky_solve.default", (f64(3, 2), _LOWER), refused="B"),
    OpCase("aten.cholesky_inverse.default", (_LOWER,)),
    OpCase("aten.cholesky_inverse.default", (_UPPER, True)),
    *(
        OpCase(_TRIANGULAR, (x, b), {"upper": upper, "left": left, "unitriangular": unit})
        for x, upper in ((_LOWER, False), (f32(3, 3, low=0.5, high=2.0), True))
        for b, left in ((f32(3, 2), True), (f32(2, 4, 3, lies="transposed"), False))
        for unit in (False, True)
    ),
    OpCase(_TRIANGULAR, (f64(2, 1, 3, 3), f64(4, 3, 1)), {"upper": True}),
    OpCase(_TRIANGULAR, (f32(3), f32(3, 1)), {"upper": True}, refused="A"),
    *(
        OpCase("aten.linalg_qr.default", (x, mode))
        for x in _OBLONG
        for mode in ("reduced", "complete")
    ),
    OpCase("aten.linalg_qr.default", (f32("n", 3, 2),), sizes=_SIZES),
    OpCase("aten.linalg_qr.default", (f32(3, 2), "r"), refused="mode"),
    *(OpCase("aten.geqrf.default", (x,)) for x in _OBLONG),
    OpCase("aten.geqrf.default", (i64(3, 2),), refused="self"),
    OpCase("aten.linalg_householder_product.default", (f32(4, 3), f32(3))),
    OpCase("aten.linalg_householder_product.default", (f64(2, 4, 3, lies="transposed"), f64(2, 2))),
    OpCase("aten.linalg_householder_product.default", (f32(4, 3), f64(3)), refused="tau"),
    *(OpCase(f"aten.{name}.default", (x,)) for name in _LU for x in _OBLONG),
    *(OpCase(f"aten.{name}.default", (f32("n", 3, 3),), sizes=_SIZES) for name in _LU),
    *(
        OpCase(f"aten.{name}.default", (f32(3, 3),), {"pivot": False}, refused="pivot")
        for name in _LU
    ),
    OpCase("aten.linalg_lu_factor_ex.default", (f32(3, 3),), {"check_errors": True}),
    OpCase("aten.linalg_lu_factor_ex.default", (_SINGULAR,)),
    OpCase("aten.lu_unpack.default", (f32(3, 3), T((3,), "int32", **_PIVOTS))),
    OpCase("aten.lu_unpack.default", (f64(4, 3), T((3,), "int32", **_PIVOTS))),
    OpCase("aten.lu_unpack.default", (f64(3, 4), T((3,), "int32", **_PIVOTS))),
    OpCase(
        "aten.lu_unpack.default",
        (f32(3, 3), T((3,), "int32", **_PIVOTS), False),
        refused="unpack_data",
    ),
]
