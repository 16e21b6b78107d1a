"""Rows of cumulative sums."""

from ops.case import OpCase, T, boolean, f32, f64, i64, model

CASES = [
    OpCase("aten.cumsum.default", (f32(3, 17), -1), rust="runtime::cumsum(a, 1)?"),
    OpCase("aten.cumsum.default", (f32(9, 3, lies="transposed"), 0)),
    OpCase("aten.cumsum.default", (f64("s", 3, lies="broadcast"), 0), sizes=({"s": 2}, {"s": 8})),
    OpCase("aten.cumsum.default", (i64(2, 9), 1)),
    OpCase("aten.cumsum.default", (boolean(2, 300), 1)),
    OpCase("aten.cumsum.default", (T((9,), "int32"), 0)),
    OpCase("aten.cumsum.default", (model(2, 400), 1)),
    OpCase("aten.cumsum.default", (f32(), 0)),
    OpCase("aten.cumsum.default", (f32(3, 1), 1)),
    OpCase("aten.cumsum.default", (f32(0), 0)),
    OpCase("aten.cumsum.default", (f32(4, values=(1.0, float("nan"), 1.0, float("inf"))), 0)),
]
