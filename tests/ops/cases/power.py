"""Rows of powers."""

from ops.case import OpCase, T, boolean, f32, i64, model
from pycandle.ir.sizes import Symbol

_S0 = Symbol("s0")
_TWO = ({"s0": 2}, {"s0": 5})

CASES = [
    *(
        OpCase("aten.pow.Tensor_Scalar", (f32(2, 3, low=0.3, high=4.0), exponent))
        for exponent in (1, 2, 3.0, 0.5, -0.5, -1, -2, 2.5, 0, 4)
    ),
    OpCase("aten.pow.Tensor_Scalar", (f32(2, 3), 2), rust="a.sqr()?"),
    OpCase("aten.pow.Tensor_Scalar", (f32(2, 3), 3), rust="(a.sqr()? * a)?"),
    OpCase("aten.pow.Tensor_Scalar", (i64(3), 2), rust="(a * a)?"),
    OpCase("aten.pow.Tensor_Scalar", (i64(3), 3)),
    OpCase("aten.pow.Tensor_Scalar", (i64(3), 0.5)),
    *(
        OpCase("aten.pow.Tensor_Scalar", (x, exponent))
        for x in (i64(9), T((9,), "int32", low=-9, high=9), T((9,), "uint8", low=0, high=256))
        for exponent in (0, 1, 2, 3, 7, 11)
    ),
    OpCase("aten.pow.Tensor_Scalar", (i64(3, 4, lies="transposed"), 5)),
    OpCase("aten.pow.Tensor_Scalar", (boolean(3), 2)),
    OpCase("aten.pow.Tensor_Scalar", (T((3,), "int8"), 2), refused="self"),
    OpCase("aten.square.default", (T((9,), "uint8", low=0, high=256),)),
    OpCase("aten.pow.Tensor_Scalar", (f32(3), _S0), sizes=_TWO, refused="exponent"),
    OpCase("aten.pow.Tensor_Scalar", (model(3, low=0.5, high=2.0), 1.7)),
    OpCase("aten.pow.Scalar", (10000.0, f32(7, low=0.0, high=1.0))),
    OpCase("aten.pow.Scalar", (2, model(7))),
    OpCase("aten.pow.Scalar", (2.0, i64(7))),
    OpCase("aten.pow.Scalar", (2, i64(7, low=0))),
    OpCase("aten.pow.Scalar", (-3, i64(7))),
    OpCase("aten.pow.Scalar", (2, T((7,), "uint8", low=0, high=10))),
    OpCase("aten.pow.Scalar", (2, T((7,), "int8")), refused="self"),
    OpCase("aten.pow.Tensor_Tensor", (f32(3, values=(-2.0, 0.0, 3.0)), f32(3, values=(2, 0, 0.5)))),
    OpCase("aten.pow.Tensor_Tensor", (f32(2, 3, low=0.1, high=3.0), f32(3))),
    OpCase("aten.pow.Tensor_Tensor", (f32(3, low=0.1, high=3.0), i64(2, 3))),
    OpCase("aten.pow.Tensor_Tensor", (i64(3, 1), i64(5, low=0))),
    OpCase("aten.pow.Tensor_Tensor", (i64(40, low=-2, high=3), i64(40, low=-4, high=4))),
    OpCase("aten.pow.Tensor_Tensor", (T((9,), "int32", low=-9, high=9), i64(9, low=0))),
    OpCase("aten.pow.Tensor_Tensor", (T((9,), "uint8"), T((9,), "uint8"))),
    OpCase("aten.pow.Tensor_Tensor", (T((3,), "int8"), T((3,), "int8")), refused="self"),
]
