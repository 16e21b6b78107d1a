"""Rows of norms, distances, and products of vectors."""

from ops.case import OpCase, f16, f32, f64, i64, model

_INF, _NAN = float("inf"), float("nan")
_ORDERS = (0, 0.5, 1, 2, 3.0, _INF, -_INF, -1.0)

_NORM = [
    OpCase("aten.linalg_vector_norm.default", (f32(2, 3), 2, [-1], True)),
    OpCase("aten.linalg_vector_norm.default", (f32(2, 3), 1, [0])),
    OpCase("aten.linalg_vector_norm.default", (f32(2, 3),)),
    OpCase("aten.linalg_vector_norm.default", (f16(2, 3, low=300.0, high=900.0), 2, [1])),
    OpCase("aten.linalg_vector_norm.default", (model(2, 3), 2, [1])),
    OpCase("aten.linalg_vector_norm.default", (f64(3, 2, lies="transposed"), 2, [1])),
    OpCase("aten.linalg_vector_norm.default", (f32(2, 3), 3.0, [1])),
    OpCase("aten.linalg_vector_norm.default", (f32(), 3.0)),
    OpCase("aten.linalg_vector_norm.default", (f32(), 2)),
    *(OpCase("aten.linalg_vector_norm.default", (f32(2, 3, 4), p, [0, 2], True)) for p in _ORDERS),
    *(
        OpCase("aten.linalg_vector_norm.default", (f32(3, values=(1.0, _NAN, -2.0)), p))
        for p in (_INF, -_INF, 2, 3.0)
    ),
    OpCase("aten.linalg_norm.default", (f32(2, 3),)),
    OpCase("aten.linalg_norm.default", (f32(2, 3), None, [1], True)),
    OpCase("aten.linalg_norm.default", (f32(2, 3), 1, [1])),
    OpCase("aten.linalg_norm.default", (f32(2, 3), _INF, [1])),
    OpCase("aten.linalg_norm.default", (f32(2, 3), 2)),
    OpCase("aten.linalg_norm.default", (f64(2, 3, 4, lies="transposed"), -1, [2, 0], True)),
    OpCase("aten.linalg_norm.default", (f32(2, 3, 4), 2), refused="ord"),
]

_DISTANCES = [
    *(OpCase("aten.dist.default", (f32(2, 3), f32(3), p)) for p in _ORDERS),
    OpCase("aten.dist.default", (model(2, 3), model(2, 3))),
    *(OpCase("aten.cdist.default", (f32(2, 4, 3), f32(1, 5, 3), p)) for p in (0, 1, 2, 3.5, _INF)),
    OpCase("aten.cdist.default", (f32(4, 3), f32(5, 3), 2.0, 1)),
    OpCase("aten.cdist.default", (f32(4, 3), f32(0, 3))),
    OpCase("aten.cdist.default", (f32(4, 0), f32(2, 0))),
    OpCase("aten._cdist_forward.default", (f32(4, 3), f32(5, 3), 2.0, None)),
    *(OpCase("aten.pdist.default", (f32(4, 3), p)) for p in (0, 1, 2, _INF)),
    OpCase("aten.pdist.default", (f32(1, 3),)),
    OpCase("aten._pdist_forward.default", (f32(4, 3), 2.0)),
    *(
        OpCase("aten.pairwise_distance.default", (f32(4, 3), f32(4, 3), p, 1e-3, True))
        for p in (1.0, 2.0, _INF)
    ),
    OpCase("aten.pairwise_distance.default", (f32(4, 3), f32(3))),
    OpCase("aten.renorm.default", (f32(3, 4, low=-3.0, high=3.0), 2, 0, 2.5)),
    OpCase("aten.renorm.default", (f32(3, 4, 2), 1, -2, 3)),
    OpCase("aten.renorm.default", (model(3, 4), _INF, 1, 0.5)),
    OpCase("aten.cross.default", (f32(4, 3), f32(4, 3))),
    OpCase("aten.cross.default", (f32(3, 4), f32(3, 4), 0)),
    OpCase("aten.cross.default", (i64(2, 3), i64(2, 3), 1)),
    OpCase("aten.linalg_cross.default", (f32(4, 3), f32(1, 3))),
    OpCase("aten.linalg_cross.default", (model(3, 4, lies="transposed"), model(3, 4)), {"dim": 0}),
]

CASES = [*_NORM, *_DISTANCES]
