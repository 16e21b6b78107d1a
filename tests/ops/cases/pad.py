"""Rows of padding."""

from ops.case import OpCase, boolean, f32, i64, model
from pycandle.ir.sizes import Operation, Symbol

_H = Symbol("h")
_INF = float("inf")

CASES = [
    OpCase("aten.pad.default", (f32(2, 3), [1, 2]), rust="a.pad_with_zeros(1, 1, 2)?"),
    OpCase("aten.pad.default", (f32(2, 3), [0, 0, 0, 0]), rust="a"),
    OpCase("aten.pad.default", (f32(2, 3), [0, 1, 2, 0], "constant", 0.0)),
    OpCase("aten.pad.default", (f32(3, 4, lies="transposed"), [1, 0, 0, 2])),
    OpCase("aten.pad.default", (f32(3, 4, lies="broadcast"), [1, 1])),
    OpCase("aten.pad.default", (f32(2, 4), [-1, 2, 0, -1])),
    OpCase("aten.pad.default", (f32(2, 4), [-1, -1])),
    OpCase("aten.pad.default", (f32(2, 4, lies="transposed"), [1, 2], "constant", -_INF)),
    OpCase("aten.pad.default", (i64(2, 4), [1, 2], "constant", 3.0)),
    OpCase("aten.pad.default", (boolean(2, 4), [1, 2])),
    OpCase("aten.pad.default", (boolean(2, 4), [1, 2], "constant", 2.0)),
    OpCase("aten.pad.default", (f32(0, 2, 4), [1, 2], "replicate"), refused="self"),
    OpCase(
        "aten.pad.default",
        (model(1, 2, "h", 4), [_H, 1, 0, _H], "constant", 0.0),
        sizes=({"h": 2}, {"h": 3}),
        result=(1, 2, Operation("+", _H, _H), Operation("+", _H, 5)),
    ),
    OpCase("aten.pad.default", (f32(1, 2, 5, 4), [2, 1, 3, 0], "reflect")),
    OpCase("aten.pad.default", (f32(2, 5, lies="transposed"), [2, 1], "reflect")),
    OpCase("aten.pad.default", (f32(1, 2, 5, 4), [2, 1, 3, 0], "replicate")),
    OpCase("aten.pad.default", (f32(1, 2, 5, 4, lies="transposed"), [2, 1, 3, 0], "circular")),
    OpCase("aten.pad.default", (f32(1, 5), [1, 1], "mirror"), refused="mode"),
    OpCase("aten.constant_pad_nd.default", (f32(2, 4), [1, 2], 1.5)),
    OpCase("aten.constant_pad_nd.default", (f32(2, 4), [1, 2])),
]
