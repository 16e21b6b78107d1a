"""Rows of selection by a mask."""

from ops.case import OpCase, boolean, f16, f32, i64, model
from pycandle.ir.sizes import Symbol

_SIZES = ({"s": 2}, {"s": 5})
_LOWEST = -3.4028234663852886e38
_INF = float("inf")

CASES = [
    OpCase("aten.masked_scatter.default", (f32(3, 4), boolean(3, 4), f32(12))),
    OpCase("aten.masked_scatter.default", (f32(3, 4, lies="transposed"), boolean(4), f32(3, 6))),
    OpCase("aten.masked_scatter.default", (i64(3, 4), boolean(3, 1), i64(4, 3, lies="transposed"))),
    OpCase("aten.masked_scatter.default", (model(2, 3), boolean(2, 3), model(6))),
    OpCase("aten.masked_scatter.default", (f32(2), boolean(2, values=(False, False)), f32(0))),
    OpCase("aten.masked_scatter.default", (f32(0, 3), boolean(0, 3), f32(2))),
    OpCase("aten.masked_scatter.default", (f32(3), i64(3), f32(3)), refused="mask"),
    OpCase("aten.masked_select.default", (f32(3, 4), boolean(3, 4, lies="transposed"))),
    OpCase("aten.masked_select.default", (model(3, 4, lies="transposed"), boolean(4))),
    OpCase("aten.masked_select.default", (i64(3, 1), boolean(1, 4))),
    OpCase("aten.masked_select.default", (boolean(2), boolean(2, values=(False, False)))),
    OpCase("aten.masked_select.default", (f32(3), i64(3)), refused="mask"),
    OpCase("aten.where.self", (boolean(2, 3), f32(2, 3), f32(2, 3)), rust="a.where_cond(b, c)?"),
    OpCase("aten.where.self", (boolean(2, 1), f32(3), f32())),
    OpCase("aten.where.self", (boolean(2, 3, lies="transposed"), f32(2, 3), i64(2, 3))),
    OpCase("aten.where.self", (boolean("s", 3), model("s", 3), f32(1, 3)), sizes=_SIZES),
    OpCase("aten.where.self", (boolean(3), f16(3), f32())),
    OpCase("aten.where.self", (boolean(3), boolean(3), i64(3, lies="narrowed"))),
    OpCase("aten.where.self", (i64(3), f32(3), f32(3)), refused="condition"),
    OpCase("aten.where.ScalarOther", (boolean(2, 1, 3), f32(1, 4, 3), _LOWEST)),
    OpCase("aten.where.ScalarOther", (boolean(3), model(3), -_INF)),
    OpCase("aten.where.ScalarOther", (boolean(3), i64(3), 5)),
    OpCase("aten.where.ScalarOther", (boolean(3), i64(3), 0.5)),
    OpCase("aten.where.ScalarSelf", (boolean("s"), 1.5, f32("s")), sizes=_SIZES),
    OpCase("aten.where.Scalar", (boolean(4), 0.0, -_INF)),
    OpCase("aten.where.Scalar", (boolean(4), 1, 0)),
    OpCase("aten.masked_fill.Scalar", (f32(2, 3), boolean(3), 0)),
    OpCase("aten.masked_fill.Scalar", (f32(2, 3, lies="transposed"), boolean(2, 1), -_INF)),
    OpCase("aten.masked_fill.Scalar", (f32(1, 3), boolean(2, 3), 1.5)),
    OpCase("aten.masked_fill.Scalar", (i64("s", 3), boolean("s", 1), -1), sizes=_SIZES),
    OpCase("aten.masked_fill.Scalar", (boolean(3), boolean(3), True)),
    OpCase("aten.masked_fill.Scalar", (boolean(2, 3), boolean(2, 3), 10)),
    OpCase("aten.masked_fill.Scalar", (i64(6), boolean(6), -1.5)),
    OpCase("aten.where.ScalarOther", (boolean(3), boolean(3), True)),
    OpCase("aten.masked_fill.Scalar", (model(2, 3), boolean(2, 3), -1e4)),
    OpCase("aten.masked_fill.Scalar", (i64(3), boolean(3), 2**53 + 1), refused="value"),
    OpCase(
        "aten.masked_fill.Scalar", (f32(3), boolean(3), Symbol("s")), sizes=_SIZES, refused="value"
    ),
    OpCase("aten.masked_fill.Tensor", (f32(2, 3), boolean(3), f32())),
    OpCase("aten.masked_fill.Tensor", (f32(2, 3), boolean(2, 3), i64())),
    OpCase("aten.tril.default", (f32(4, 4),)),
    OpCase("aten.tril.default", (f32(2, 3, 5), 1)),
    OpCase("aten.tril.default", (f32(5, 3, lies="transposed"), -2)),
    OpCase("aten.triu.default", (boolean("s", "s"), 1), sizes=_SIZES),
    OpCase("aten.triu.default", (i64(4, 3), -1)),
    OpCase("aten.triu.default", (f32(3, 3, values=(-_INF,) * 9), 1)),
]
