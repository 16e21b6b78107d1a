"""Rows of norms, ranks and inverses of matrices by singular values, and of functions of them."""

from ops.case import OpCase, bf16, f32, f64, i64, model
from pycandle.ir.types import DTypeConstant

_INF = float("inf")
_NORM, _NAMED = "aten.linalg_matrix_norm.default", "aten.linalg_matrix_norm.str_ord"
_NORMS = (1, -1, 2, -2, _INF, -_INF)
_LOW = f32(3, 3, values=(1.0, 2.0, 3.0, 2.0, 4.0, 6.0, 1.0, 0.0, 1.0))
_PINV, _PINV_TENSOR = "aten.linalg_pinv.atol_rtol_float", "aten.linalg_pinv.atol_rtol_tensor"
_RANK = "aten.linalg_matrix_rank.atol_rtol_float"
_RANK_TENSOR = "aten.linalg_matrix_rank.atol_rtol_tensor"
_OBLONG = (f32(4, 3), f64(2, 3, 5), f32(3, 4, lies="transposed"), f32(1, 1), f32(0, 3, 2))
_SQUARE = (f32(3, 3), f64(2, 2, 2), f32(2, 3, 3, lies="transposed"), f32(0, 2, 2), f32(0, 0))
_SIZES = ({"n": 1}, {"n": 3})
_EXP = ("aten.matrix_exp.default", "aten.linalg_matrix_exp.default")

CASES = [
    *(OpCase(_NORM, (f32(2, 3, 4), ord)) for ord in _NORMS),
    OpCase(_NORM, (f32(2, 3, 4, lies="transposed"), 1, [0, 2], True)),
    OpCase(_NORM, (f64(3, 4), 2, [1, 0])),
    OpCase(_NORM, (f32("n", 3, 4), _INF), sizes=_SIZES),
    OpCase(_NORM, (f32(3, 4), 1), {"dtype": DTypeConstant("float64")}),
    OpCase(_NORM, (f32(3, 4), 3), refused="ord"),
    OpCase(_NORM, (i64(3, 4), 1), refused="self"),
    OpCase(_NAMED, (f32(2, 3, 4),)),
    OpCase(_NAMED, (f32(2, 3, 4), "nuc", [-1, 0], True)),
    OpCase(_NAMED, (model(2, 3, 4), "fro")),
    OpCase(_NAMED, (f32(3, 4), "max"), refused="ord"),
    OpCase("aten.linalg_norm.ord_str", (f32(3, 4), "fro")),
    OpCase("aten.linalg_norm.ord_str", (f64(2, 3, 4, lies="broadcast"), "nuc", [0, 1], True)),
    OpCase("aten.linalg_norm.ord_str", (f32(2, 3, 4), "fro"), refused="self"),
    *(OpCase("aten.linalg_svdvals.default", (x,)) for x in (*_OBLONG, _LOW)),
    OpCase("aten.linalg_svdvals.default", (f32("n", 3, 3),), sizes=_SIZES),
    OpCase("aten.linalg_svdvals.default", (bf16(3),), refused="A"),
    *(
        OpCase("aten.linalg_eigvalsh.default", (x, side))
        for x in (f32(4, 4), f64(2, 3, 3), f32(1, 1), f32(0, 2, 2))
        for side in "LU"
    ),
    OpCase("aten.linalg_eigvalsh.default", (f32(3, 3), "X"), refused="UPLO"),
    *(OpCase("aten.linalg_cond.default", (f32(2, 3, 3), ord)) for ord in (None, *_NORMS, "x")[:-1]),
    OpCase("aten.linalg_cond.default", (f64(4, 3),)),
    OpCase("aten.linalg_cond.default", (i64(3, 3),), refused="self"),
    *(OpCase(_PINV_TENSOR, (x,)) for x in (*_OBLONG, _LOW)),
    OpCase(_PINV_TENSOR, (f32(4, 3),), {"rtol": f32(values=(0.4,))}),
    OpCase(_PINV_TENSOR, (f64(2, 1, 3, 4),), {"atol": f64(3, values=(0.0, 0.9, 99.0))}),
    OpCase(_PINV_TENSOR, (f64(2, 3, 4),), {"atol": f64(2, 1, low=0, high=1), "rtol": f32()}),
    *(OpCase(_PINV_TENSOR, (x,), {"hermitian": True}) for x in _SQUARE),
    OpCase(_PINV_TENSOR, (f32(3, 3),), {"rtol": f32(values=(0.6,)), "hermitian": True}),
    OpCase(_PINV, (f64(3, 3),), {"atol": 0.9, "hermitian": True}),
    OpCase(_PINV_TENSOR, (f32("n", "n"),), {"atol": f32()}, sizes=_SIZES, refused="self"),
    OpCase(_PINV, (f32(4, 3),)),
    OpCase(_PINV, (f64(4, 3),), {"atol": 0.9}),
    OpCase(_PINV, (f64(4, 3),), {"rtol": 0.5}),
    OpCase(_PINV, (f32("n", "n"),), sizes=_SIZES, refused="self"),
    OpCase("aten.pinverse.default", (f32(4, 3),)),
    OpCase("aten.pinverse.default", (f64(3, 4), 0.4)),
    *(OpCase(_RANK_TENSOR, (x,)) for x in (*_OBLONG, _LOW)),
    OpCase(_RANK_TENSOR, (f32(3, 3),), {"atol": f32(values=(1.5,))}),
    OpCase(_RANK_TENSOR, (f32(2, 1, 3, 4),), {"atol": f32(3, values=(0.0, 1.5, 99.0))}),
    OpCase(_RANK_TENSOR, (f64(2, 3, 4),), {"rtol": f64(2, 1, low=0, high=1), "atol": f32()}),
    *(OpCase(_RANK_TENSOR, (x,), {"hermitian": True}) for x in _SQUARE),
    OpCase(_RANK, (f32(4, 3),), {"atol": 1.0, "rtol": 0.1}),
    OpCase(_RANK, (f64(4, 3),)),
    OpCase(_RANK, (f32(3, 3),), {"atol": 1.0, "hermitian": True}),
    OpCase(_RANK, (i64(3, 3),), refused="self"),
    *(OpCase("aten.linalg_matrix_power.default", (f32(2, 3, 3), n)) for n in (0, 1, 2, 5, -1, -3)),
    OpCase("aten.linalg_matrix_power.default", (f64(3, 3, lies="transposed"), 3)),
    OpCase("aten.linalg_matrix_power.default", (f32("n", 2, 2), 3), sizes=_SIZES),
    OpCase("aten.linalg_matrix_power.default", (i64(2, 2), 3), refused="self"),
    *(
        OpCase(name, (x,))
        for name in _EXP
        for x in (
            f32(3, 3),
            f64(2, 4, 4, lies="transposed", low=0.0, high=0.24),
            f32(2, 2, values=(0.0,) * 4),
            f32(0, 2, 2),
        )
    ),
    OpCase(_EXP[0], (f32(2, 2, low=-9.0, high=9.0),)),
    OpCase(_EXP[0], (i64(2, 2),), refused="self"),
]
