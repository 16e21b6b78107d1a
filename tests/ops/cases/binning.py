"""Rows of counting, and of places in sorted boundaries."""

from ops.case import OpCase, T, boolean, f16, f32, f64, i64, model

_SORTED = {"values": (-1.0, -0.5, 0.0, 0.0, 0.5, 2.0)}
_SOME = {"values": (-2.0, -0.5, 0.0, 0.1, 2.0, 3.0, float("nan"), float("inf"))}

CASES = [
    OpCase("aten.histc.default", (f32(50),)),
    OpCase("aten.histc.default", (f32(50), 4, -1, 1)),
    OpCase("aten.histc.default", (f32(5, values=(0.0, 3.0, 3.0, 1.0, 7.0)), 4, 0, 3)),
    OpCase("aten.histc.default", (f32(3, values=(2.0, 2.0, 2.0)), 4)),
    OpCase("aten.histc.default", (f32(0), 3)),
    OpCase("aten.histc.default", (f64(4, 6, lies="transposed"), 7, -2, 2)),
    OpCase("aten.histc.default", (i64(50), 4, -6, 7)),
    OpCase("aten.histc.default", (T((5,), "int32", values=(0, 3, 3, 1, 7)), 6, 0, 5)),
    OpCase("aten.histc.default", (i64(3, values=(2, 2, 2)), 4)),
    OpCase("aten.histc.default", (boolean(5), 3), refused="self"),
    *(
        OpCase("aten.searchsorted.Tensor", (a, b), kwargs)
        for a, b in (
            (f32(6, **_SORTED), f32(8, **_SOME)),
            (f32(6, **_SORTED), f32(2, 4, lies="transposed")),
            (i64(3, values=(1, 4, 9)), i64(2, 3)),
            (i64(3, values=(1, 4, 9)), f32(7, low=0.0, high=10.0)),
            (f16(6, **_SORTED), f16(3)),
            (model(6, **_SORTED), model(3)),
            (f32(6, **_SORTED), f32(0)),
        )
        for kwargs in ({}, {"right": True}, {"out_int32": True})
    ),
    OpCase(
        "aten.searchsorted.Tensor",
        (f32(2, 3, values=(1.0, 2.0, 3.0, 0.0, 0.0, 9.0)), f32(2, 4, low=0.0, high=4.0)),
        {"side": "right"},
    ),
    OpCase("aten.searchsorted.Tensor", (f32(3), f32(3)), {"side": "middle"}, refused="side"),
    OpCase("aten.searchsorted.Tensor", (f32(3), f32(3)), {"sorter": i64(3, values=(2, 0, 1))}),
    OpCase("aten.searchsorted.Scalar", (f32(4, values=(0.0, 1.0, 2.0, 3.0)), 1.0)),
    OpCase("aten.searchsorted.Scalar", (i64(3, values=(0, 1, 2)), 1), {"side": "right"}),
    OpCase("aten.bucketize.Scalar", (1.0, f32(3, values=(0.0, 1.0, 2.0))), {"out_int32": True}),
    *(
        OpCase("aten.histogram.bin_ct", (f32(2, 9), 5), options)
        for options in (
            {},
            {"range": [-1.0, 1.5]},
            {"density": True},
            {"weight": f32(2, 9, low=0.1, high=2.0)},
        )
    ),
    OpCase("aten.histogram.bin_ct", (f32(3, values=(2.0, 2.0, 2.0)), 3)),
    OpCase("aten.histogram.bins_tensor", (f32(2, 9), f32(4, values=(-1.0, 0.0, 0.5, 2.0)))),
    OpCase(
        "aten.histogram.bins_tensor",
        (f32(9), f32(3, values=(-1.0, 0.0, 2.0))),
        {"weight": f32(9, low=0.1, high=2.0), "density": True},
    ),
]
