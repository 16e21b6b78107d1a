"""Rows of decompositions by singular values, eigenvalues, reflections and pivots."""

import torch

from ops.case import OpCase, f32, f64, i64

_SIZES = ({"n": 1}, {"n": 3})
_OBLONG = (
    f32(4, 3),
    f64(2, 2),
    f64(2, 3, 1, lies="transposed"),
    f32(3, 4, lies="transposed"),
    f32(2, 3, 3, lies="broadcast"),
    f32(1, 1),
    f32(0, 3, 2),
    f32(3, 0),
    f32(0, 2),
    f32(20, 17),
)
_SQUARE = (
    f32(3, 3),
    f64(2, 2, 2),
    f32(2, 3, 3, lies="transposed"),
    f32(2, 3, 3, lies="broadcast"),
    f32(1, 1),
    f32(0, 2, 2),
    f32(0, 0),
    f32(12, 12),
)
_LOW = f32(3, 3, values=(1.0, 2.0, 3.0, 2.0, 4.0, 6.0, 3.0, 6.0, 9.0))
_DEFINITE = f32(3, 3, values=(4.0, 9.0, 9.0, 1.0, 2.5, 9.0, -0.6, 0.9, 2.02))
_SVD, _OLD, _EIGH = "aten.linalg_svd.default", "aten.svd.default", "aten.linalg_eigh.default"
_ORMQR, _LU, _POLAR = (
    "aten.ormqr.default",
    "aten._lu_with_info.default",
    "aten.linalg_polar.default",
)
_LDL = ("aten.linalg_ldl_factor.default", "aten.linalg_ldl_factor_ex.default")
_TWIST = f32(2, 2, values=(0.0, 1.0, 1.0, 0.0))


def _of_svd(results: list[torch.Tensor]) -> list[torch.Tensor]:
    """The directions of distinct singular values but for signs; squares of whole matrices."""
    u, values, vh = results
    k = values.shape[-1]
    u_k, vh_k = u[..., :k], vh[..., :k, :]
    return [values, u_k.abs(), vh_k.abs(), u_k @ vh_k, u.mT @ u, vh @ vh.mT]


def _of_old_svd(results: list[torch.Tensor]) -> list[torch.Tensor]:
    u, values, v = results
    return _of_svd([u, values, v.mT])


def _of_low_rank(results: list[torch.Tensor]) -> list[torch.Tensor]:
    """What is one however the directions of zeros are chosen."""
    u, values, vh = results
    return [u @ torch.diag_embed(values) @ vh, u.mT @ u, vh @ vh.mT]


def _of_eigh(results: list[torch.Tensor]) -> list[torch.Tensor]:
    values, vectors = results
    return [values, vectors.abs(), (vectors * values[..., None, :]) @ vectors.mT]


CASES = [
    *(OpCase(_SVD, (x, full), compared=_of_svd) for x in _OBLONG for full in (True, False)),
    *(OpCase(_SVD, (_LOW, full), compared=_of_low_rank) for full in (True, False)),
    OpCase(_SVD, (f32("n", 3, 2),), sizes=_SIZES, compared=_of_svd),
    OpCase(_SVD, (f32(3, 3),), {"driver": "gesvd"}, refused="driver"),
    OpCase(_SVD, (f32(3),), refused="A"),
    *(OpCase(_OLD, (x, some), compared=_of_old_svd) for x in _OBLONG for some in (True, False)),
    OpCase(_OLD, (f32(3, 2), True, False), refused="compute_uv"),
    OpCase(_OLD, (i64(3, 2),), refused="self"),
    *(OpCase(_EIGH, (x, side), compared=_of_eigh) for x in _SQUARE for side in "LU"),
    OpCase(_EIGH, (f32("n", 3, 3),), sizes=_SIZES, compared=_of_eigh),
    OpCase(_EIGH, (f32(3, 3), "X"), refused="UPLO"),
    *(OpCase("aten.linalg_matrix_sqrth.default", (x,)) for x in (*_SQUARE, _DEFINITE)),
    OpCase("aten.linalg_matrix_sqrth.default", (f32("n", 2, 2),), sizes=_SIZES),
    OpCase("aten.linalg_matrix_sqrth.default", (i64(2, 2),), refused="self"),
    *(OpCase(_POLAR, (x,)) for x in (f32(4, 3), f64(2, 5, 3), f32(3, 0), f32(0, 3, 2))),
    OpCase(_POLAR, (f32("n", 3, 2, lies="transposed"),), sizes=_SIZES),
    OpCase(_POLAR, (i64(3, 2),), refused="A"),
    *(
        OpCase(_ORMQR, (f32(4, 3), f32(3), other, left, transpose))
        for other, left in ((f32(4, 2), True), (f32(2, 4, lies="transposed"), False))
        for transpose in (False, True)
    ),
    OpCase(_ORMQR, (f64(2, 3, 3, lies="transposed"), f64(2, 3), f64(2, 3, 2, lies="broadcast"))),
    OpCase(_ORMQR, (f32("n", 3, 2), f32("n", 2), f32("n", 3, 2)), sizes=_SIZES),
    OpCase(_ORMQR, (f32(0, 3, 2), f32(0, 2), f32(0, 3, 2))),
    OpCase(_ORMQR, (f32(3, 2), f64(2), f32(3, 2)), refused="input2"),
    OpCase(_ORMQR, (f32(3, 2), f32(2), f64(3, 2)), refused="input3"),
    *(OpCase(_LU, (x, True, check)) for x in _OBLONG for check in (True, False)),
    OpCase(_LU, (_LOW, True, False)),
    OpCase(_LU, (f32("n", 3, 3),), sizes=_SIZES),
    OpCase(_LU, (f32(3, 3), False), refused="pivot"),
    *(OpCase(name, (x,)) for name in _LDL for x in (*_SQUARE, _TWIST)),
    *(OpCase(name, (f32(6, 6),), {"hermitian": True}) for name in _LDL),
    *(OpCase(name, (f32("n", 3, 3),), sizes=_SIZES) for name in _LDL),
    *(OpCase(name, (i64(3, 3),), refused="self") for name in _LDL),
    OpCase(_LDL[1], (f32(2, 2, values=(0.0, 0.0, 0.0, 0.0)),)),
    OpCase(_LDL[1], (f32(3, 3),), {"check_errors": True}, refused="check_errors"),
]
