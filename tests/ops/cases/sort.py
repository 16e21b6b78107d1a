"""Rows of sorting, the largest elements, and places among sorted ones."""

from ops.case import OpCase, bf16, f32, f64, i64, model

_NAN, _INF = float("nan"), float("inf")
_ODD = (1.0, _NAN, -_INF, 2.0, _NAN, _INF, 1.0, -0.5)
_BOUNDS = f32(4, values=(0.0, 0.5, 1.0, 2.0))

CASES = [
    OpCase("aten.sort.default", (f32(3, 7),)),
    OpCase("aten.sort.default", (f32(3, 7, lies="transposed"), 0, True)),
    OpCase("aten.sort.default", (f32(3, 7, lies="offset"), 1)),
    OpCase("aten.sort.stable", (i64(40),), {"stable": True}),
    OpCase("aten.sort.stable", (i64(40),), {"stable": True, "descending": True}),
    OpCase("aten.sort.default", (f32(8, values=_ODD),)),
    OpCase("aten.sort.default", (f32(8, values=_ODD), 0, True)),
    OpCase("aten.sort.default", (f32(2, 0), 1)),
    OpCase("aten.sort.default", (f32(),)),
    OpCase("aten.sort.stable", (bf16(2, 30),), {"stable": True}),
    OpCase("aten.argsort.default", (f64("s", 3), 0), sizes=({"s": 4}, {"s": 9})),
    OpCase("aten.argsort.default", (f32(2, 30), -1, True)),
    OpCase("aten.argsort.stable", (i64(2, 30),), {"stable": True}),
    OpCase("aten.argsort.stable", (i64(30, 2),), {"stable": True, "dim": 0, "descending": True}),
    OpCase("aten.argsort.stable", (f32(),), {"stable": True}),
    *(
        OpCase("aten.bucketize.Tensor", (x, bounds), {"right": right})
        for right in (False, True)
        for x, bounds in (
            (f32(9, values=(0.0, 1.0, 0.5, -1.0, 2.0, 9.0, _NAN, _INF, -_INF)), _BOUNDS),
            (f32(3, 4, lies="transposed"), _BOUNDS),
            (f32(), _BOUNDS),
            (f32(2, 3), f32(0)),
            (i64(9), i64(3, values=(-2, 0, 4))),
            (f32(0), _BOUNDS),
        )
    ),
    OpCase("aten.bucketize.Tensor", (f32(5), _BOUNDS), {"out_int32": True}),
    OpCase("aten.bucketize.Tensor", (model(5), model(4, values=(-1.0, 0.0, 0.5, 2.0)))),
    OpCase("aten.bucketize.Tensor", (model(5), _BOUNDS), refused="boundaries"),
    OpCase("aten.topk.default", (f32(3, 7), 2)),
    OpCase("aten.topk.default", (f32(7, 3, lies="transposed"), 2, 0, False)),
    OpCase(
        "aten.topk.default",
        (f32(8, values=_ODD[:2] + _ODD[3:4] + _ODD[5:6] + (3.0, 4.0, 5.0, 6.0)), 3),
    ),
    OpCase("aten.topk.default", (f32(), 1)),
]
