"""Rows of division that rounds."""

from ops.case import OpCase, T, f32, f64, i64, model
from pycandle.ir.sizes import Symbol

_FLOOR = {"rounding_mode": "floor"}
_TRUNC = {"rounding_mode": "trunc"}
_SIGNS = (7, -7, 7, -7, 6, 0, -1)
_BY = (2, 2, -2, -2, 3, 5, 3)
_FLOATS = (1.0, -1.0, 7.5, -7.5, 0.0, 1e5)
_BY_FLOATS = (0.1, 0.1, -2.0, 2.0, 3.0, 0.3)

CASES = [
    OpCase("aten.floor_divide.default", (i64(7, values=_SIGNS), i64(7, values=_BY))),
    OpCase("aten.floor_divide.default", (i64(7, values=_SIGNS), 2)),
    OpCase("aten.floor_divide.default", (i64(2, 3), i64(3, low=1))),
    OpCase("aten.floor_divide.default", (i64(4, 3, lies="transposed"), 3)),
    OpCase("aten.floor_divide.default", (f32(6, values=_FLOATS), f32(6, values=_BY_FLOATS))),
    OpCase("aten.floor_divide.default", (f32(3, values=(1.0, -1.0, 0.0)), 0.0)),
    OpCase("aten.floor_divide.default", (i64(3), 0), refused="other"),
    OpCase("aten.floor_divide.default", (T((3,), "uint8"), 2)),
    OpCase("aten.remainder.Tensor", (T((4,), "uint8", high=256), T((4,), "uint8", low=1))),
    OpCase("aten.floor_divide.default", (i64(4), Symbol("s0")), sizes=({"s0": 2}, {"s0": 5})),
    OpCase("aten.div.Tensor_mode", (i64(7, values=_SIGNS), i64(7, values=_BY)), _FLOOR),
    OpCase("aten.div.Tensor_mode", (i64(7, values=_SIGNS), i64(7, values=_BY)), _TRUNC),
    OpCase("aten.div.Tensor_mode", (i64(7, values=_SIGNS), 2), _TRUNC),
    OpCase("aten.div.Tensor_mode", (f32(6, values=_FLOATS), f32(6, values=_BY_FLOATS)), _TRUNC),
    OpCase("aten.div.Tensor_mode", (f64(6, values=_FLOATS), f64(6, values=_BY_FLOATS)), _TRUNC),
    OpCase("aten.div.Tensor_mode", (f32(6, values=_FLOATS), f32(6, values=_BY_FLOATS)), _FLOOR),
    OpCase("aten.div.Tensor_mode", (f32(2, 3), 2.0), {"rounding_mode": None}),
    OpCase("aten.div.Tensor_mode", (f32(2), 2.0), {"rounding_mode": "up"}, refused="rounding_mode"),
    OpCase("aten.remainder.Scalar", (i64(7, values=_SIGNS), 3)),
    OpCase("aten.remainder.Scalar", (i64(7, values=_SIGNS), -3)),
    OpCase("aten.remainder.Scalar", (f32(5, low=-9.0, high=9.0), 2.5)),
    OpCase("aten.remainder.Scalar", (model(5, low=-9.0, high=9.0), 2)),
    OpCase("aten.round.default", (f32(6, values=(0.5, 1.5, 2.5, -0.5, -2.6, 1e9)),)),
    OpCase("aten.trunc.default", (f32(4, values=(1.7, -1.7, 0.2, float("inf"))),)),
    OpCase("aten.fmod.Scalar", (i64(7, values=_SIGNS), 3)),
    OpCase("aten.fmod.Scalar", (f32(5, low=-9.0, high=9.0), 2.5)),
    OpCase("aten.fmod.Tensor", (i64(7, values=_SIGNS), i64(7, values=_BY))),
    OpCase("aten.fmod.Tensor", (f32(6, values=_FLOATS), f32(6, values=_BY_FLOATS))),
    OpCase("aten.remainder.Tensor", (i64(2, 7, low=-9), i64(7, values=_BY))),
    OpCase("aten.remainder.Tensor", (f32(6, values=_FLOATS), f32(6, values=_BY_FLOATS))),
]
