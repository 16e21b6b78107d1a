"""Rows of cumulative sums, products and extremes, and of integrals."""

from ops.case import OpCase, T, boolean, f32, f64, i64, model
from pycandle.ir.types import DTypeConstant

_INF, _NAN = float("inf"), float("nan")
_ODD = f32(2, 5, values=(1.0, _NAN, 3.0, 2.0, _NAN, 2.0, 2.0, _INF, -_INF, 3.0))
_F64 = {"dtype": DTypeConstant("float64")}

_SUMS = [
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

_NEW = [
    OpCase("aten.cumprod.default", (f32(2, 3), 1)),
    OpCase("aten.cumprod.default", (i64(2, 3, 5, low=-3, high=4), -2)),
    OpCase("aten.cumprod.default", (boolean(2, 9), 1)),
    OpCase("aten.cumprod.default", (model(2, 20, low=0.8, high=1.2, lies="transposed"), 0)),
    OpCase("aten.cumprod.default", (f32(), 0)),
    OpCase("aten.cumprod.default", (f32(0, 3), 0)),
    OpCase("aten.cumprod.default", (f32(2, 3), 1), _F64),
    OpCase("aten.logcumsumexp.default", (f32(2, 3), 1)),
    OpCase("aten.logcumsumexp.default", (_ODD, 1)),
    OpCase("aten.logcumsumexp.default", (f32(2, 2, values=(-_INF, -_INF, _INF, 1.0)), 1)),
    OpCase("aten.logcumsumexp.default", (model(3, 4, low=-50.0, high=90.0), 0)),
    OpCase("aten.logcumsumexp.default", (f32(), 0)),
    OpCase("aten.logcumsumexp.default", (i64(3), 0), refused="self"),
    *(
        OpCase(f"aten.{name}.default", operands)
        for name in ("cummax", "cummin")
        for operands in (
            (f32(2, 5), 1),
            (_ODD, 1),
            (_ODD, 0),
            (i64(3, 4, 2), -2),
            (f64(4, 3, lies="transposed"), 0),
            (f32(0, 3), 1),
            (f32(0, 3), 0),
        )
    ),
]

_INTEGRALS = [
    *(
        OpCase(f"aten.{name}.x", operands)
        for name in ("trapezoid", "cumulative_trapezoid")
        for operands in (
            (f32(2, 5), f32(5)),
            (f32(2, 5), f32(2, 5)),
        )
    ),
    OpCase("aten.trapz.x", (f32(2, 5), f32(5))),
    OpCase("aten.trapezoid.x", (f32(4, 2), f32(4)), {"dim": 0}),
    OpCase("aten.trapezoid.dx", (T((4, 2), "uint8"),), refused="y"),
    OpCase("aten.cumulative_trapezoid.x", (f32(4, 2), f32(4)), {"dim": 0}),
    OpCase("aten.trapezoid.dx", (f32(2, 5),)),
    OpCase("aten.trapezoid.dx", (f32(2, 5),), {"dx": 0.5, "dim": 0}),
    OpCase("aten.trapezoid.dx", (model(2, 5),), {"dx": 2}),
    OpCase("aten.trapz.dx", (f32(2, 5),), {"dx": 0.5}),
    OpCase("aten.cumulative_trapezoid.dx", (f32(2, 5),)),
    OpCase("aten.cumulative_trapezoid.dx", (f32(2, 1),), {"dx": 0.5}),
    OpCase("aten.trapezoid.x", (T((2, 5)), i64(5))),
]

CASES = [*_SUMS, *_NEW, *_INTEGRALS]
