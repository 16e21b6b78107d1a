"""Rows of pooling."""

from ops.case import OpCase, f16, f32, f64, i64, model

_SIZES = ({"h": 6, "w": 8}, {"h": 9, "w": 5})
_IMAGE = f32(2, 3, 7, 6)
_NEGATIVE = f32(2, 3, 7, 6, low=-3.0, high=-1.0)
_LOST = f32(1, 1, 3, 3, values=(1.0, float("nan"), 2.0, *(float(i) for i in range(6))))
_MAX, _AVG = "aten.max_pool2d.default", "aten.avg_pool2d.default"
_ADAPTIVE = "aten.adaptive_avg_pool2d.default"

CASES = [
    OpCase(_MAX, (_IMAGE, [2, 2])),
    OpCase(_MAX, (_IMAGE, [3, 3], [2, 2])),
    OpCase(_MAX, (_IMAGE, [3, 2], [1, 2])),
    OpCase(_MAX, (_NEGATIVE, [3, 3], [2, 2], [1, 1])),
    OpCase(_MAX, (_NEGATIVE, [3, 3], [2, 2], [1, 1], [1, 1], True)),
    OpCase(_MAX, (_NEGATIVE, [2, 3], [2, 3], [1, 1], [2, 1])),
    OpCase(_MAX, (f32(2, 3, 7, 7), [2, 2], [2, 2], [0, 0], [1, 1], True)),
    OpCase(_MAX, (f32(2, 3, 5, 5), [2, 2], [3, 3], [1, 1], [1, 1], True)),
    OpCase(_MAX, (f32(2, 3, 1, 5), [2, 2], [2, 2], [0, 0], [1, 1], True)),
    OpCase(_MAX, (f32(3, 7, 6), [2, 2])),
    OpCase(_MAX, (f32(2, 3, 7, 6, lies="transposed"), [3, 3], [2, 2], [1, 1])),
    OpCase(_MAX, (f32(2, 3, 7, 6, lies="broadcast"), [3, 3])),
    OpCase(_MAX, (f16(2, 3, 7, 6), [3, 3], [1, 1], [1, 1])),
    OpCase(_MAX, (f64(2, 3, 7, 6), [3, 3], [1, 1], [1, 1])),
    OpCase(_MAX, (f32(1, 3, "h", "w"), [3, 3], [1, 1], [1, 1]), sizes=_SIZES),
    *(
        OpCase(_MAX, (_LOST, [2, 2], [1, 1], pad, spread))
        for pad in ([0, 0], [1, 1])
        for spread in ([1, 1], [2, 1])
    ),
    OpCase(_MAX, (i64(1, 3, 7, 6), [2, 2]), refused="self"),
    OpCase("aten.max_pool1d.default", (f32(2, 3, 9), [3], [2], [1])),
    OpCase("aten.max_pool1d.default", (f32(2, 3, 9), [2])),
    OpCase("aten.max_pool1d.default", (f32(3, 9), [2], [1], [0], [3])),
    OpCase(_AVG, (f32(2, 3, 5, 4), [640, 640], [640, 640], 0, True)),
    OpCase(_AVG, (f32(2, 3, 5, 4), [6, 2], [4, 2], [2, 1], True, False)),
    OpCase(_AVG, (f32(2, 3, 9, 4), [8, 4], [8, 4], [1, 2], False, True, 7)),
    OpCase(_AVG, (_IMAGE, [2, 2]), rust="a.avg_pool2d(2)?"),
    OpCase(_AVG, (_IMAGE, [3, 3], [2, 2], [1, 1])),
    OpCase(_AVG, (_IMAGE, [3, 3], [2, 2], [1, 1], True)),
    OpCase(_AVG, (_IMAGE, [3, 3], [2, 2], [1, 1], True, False)),
    OpCase(_AVG, (_IMAGE, [3, 2], [2, 1], [1, 0], False, False)),
    OpCase(_AVG, (_IMAGE, [3, 3], [1, 1], [1, 1], False, True, 5)),
    OpCase(_AVG, (_IMAGE, [2, 2], [2, 2], [0, 0], False, True, -2)),
    OpCase(_AVG, (f32(2, 3, 5, 5), [2, 2], [2, 2], [0, 0], True, False)),
    OpCase(_AVG, (f32(2, 3, 1, 5), [2, 2], [2, 2], [0, 0], True, False)),
    OpCase(_AVG, (f32(2, 3, 7, 6, lies="transposed"), [3, 3], [1, 1])),
    OpCase(_AVG, (model(1, 2, 20, 20), [20, 20])),
    OpCase(_AVG, (model(1, 2, 6, 6), [3, 3])),
    OpCase("aten.avg_pool1d.default", (f32(2, 3, 9), [3], [2], [1])),
    OpCase("aten.avg_pool1d.default", (f32(2, 3, 9), [4], [4], [0], True)),
    OpCase(_ADAPTIVE, (f32(2, 3, 5, 6), [1, 1]), rust="a.mean_keepdim((2, 3))?"),
    OpCase(_ADAPTIVE, (f32(2, 3, 6, 4), [3, 2])),
    OpCase(_ADAPTIVE, (f32(2, 3, 7, 5), [3, 4])),
    OpCase(_ADAPTIVE, (f32(3, 7, 5, lies="transposed"), [10, 2])),
    OpCase(
        _ADAPTIVE, (model(1, 3, "h", "w"), [1, 1]), sizes=({"h": 30, "w": 20}, {"h": 2, "w": 3})
    ),
    OpCase(_ADAPTIVE, (model(1, 3, "h", "w"), [2, 2]), sizes=_SIZES),
    OpCase("aten.adaptive_avg_pool1d.default", (f32(2, 3, 9), [4])),
    OpCase("aten.adaptive_avg_pool1d.default", (f32(2, 3, 9), [1])),
    *(
        OpCase("aten.avg_pool3d.default", (f32(2, 3, 5, 6, 4), *rest))
        for rest in (
            ([2, 2, 2],),
            ([2, 3, 2], [1, 2, 1], [1, 1, 0]),
            ([2, 3, 3], [2, 2, 2], [1, 1, 1], True),
            ([2, 3, 3], [2, 2, 2], [1, 1, 1], True, False),
            ([3, 3, 3], [1, 1, 1], [1, 1, 1], False, False),
            ([3, 3, 3], [1, 1, 1], [1, 1, 1], True, True, 5),
            ([2], [1], 0, False, True, -2),
        )
    ),
    OpCase("aten.avg_pool3d.default", (f64(3, 5, 6, 4, lies="transposed"), [2, 2, 2])),
    OpCase("aten.avg_pool3d.default", (f32(2, 3, 5, 6, 4, lies="broadcast"), [2, 2, 2])),
    OpCase("aten.avg_pool3d.default", (f32(2, 3, "h", "w", 4), [2], [1], [1]), sizes=_SIZES),
    OpCase("aten.avg_pool3d.default", (f32(0, 3, 5, 6, 4), [2, 2, 2])),
    OpCase("aten.avg_pool3d.default", (i64(3, 5, 6, 4), [2]), refused="self"),
    OpCase("aten.avg_pool3d.default", (f32(5, 6, 4), [2]), refused="self"),
    OpCase("aten.adaptive_avg_pool3d.default", (f32(2, 3, 5, 6, 4), [2, 4, 3])),
    OpCase("aten.adaptive_avg_pool3d.default", (f32(3, 5, 6, 4, lies="transposed"), [1, 1, 1])),
    OpCase("aten.adaptive_avg_pool3d.default", (model(2, 3, "h", "w", 4), [2, 3, 2]), sizes=_SIZES),
    OpCase("aten.adaptive_avg_pool3d.default", (f64(2, 3, 5, 6, 4), [5, 3, 4])),
]
