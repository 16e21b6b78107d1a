"""Rows of divisors and shifts of integers."""

from ops.case import OpCase, T, f32, i64

_I32 = T((2, 3), "int32", low=-99, high=99)
_U8 = T((2, 3), "uint8", low=0, high=255)
_BITS = i64(3, values=(0, 3, 40))

CASES = [
    *(
        OpCase(f"aten.{name}.default", operands)
        for name in ("gcd", "lcm")
        for operands in (
            (i64(2, 3, low=-30, high=30), i64(3, low=-30, high=30)),
            (i64(3, values=(0, 0, -4)), i64(3, values=(0, 5, 0))),
            (_I32, _I32),
            (i64(4, 3, lies="transposed"), i64(3)),
        )
    ),
    OpCase("aten.gcd.default", (f32(3), f32(3)), refused="self"),
    *(
        OpCase(f"aten.{name}", operands)
        for side, word in (("left", "l"), ("right", "r"))
        for name in (f"bitwise_{side}_shift.Tensor", f"__{word}shift__.Tensor")
        for operands in (
            (i64(2, 3, low=-99, high=99), _BITS),
            (_I32, T((3,), "int32", values=(0, 5, 30))),
            (_U8, T((3,), "uint8", values=(0, 5, 7))),
        )
    ),
    *(
        OpCase(f"aten.{name}", (i64(2, 3, low=-99, high=99), 5))
        for side, word in (("left", "l"), ("right", "r"))
        for name in (f"bitwise_{side}_shift.Tensor_Scalar", f"__{word}shift__.Scalar")
    ),
    OpCase("aten.bitwise_left_shift.Scalar_Tensor", (5, _BITS)),
    OpCase("aten.bitwise_right_shift.Scalar_Tensor", (-500, _BITS)),
]
