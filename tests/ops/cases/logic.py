"""Rows of logic."""

from ops.case import OpCase, T, boolean, f32, i64
from pycandle.ir.sizes import Symbol

_SIZES = ({"s": 2}, {"s": 5})
_BOTH = ("__and__.Tensor", "__or__.Tensor", "__xor__.Tensor", "bitwise_and.Tensor")
_BITWISE = (*_BOTH, "bitwise_or.Tensor", "bitwise_xor.Tensor")
_LOGICAL = ("logical_and.default", "logical_or.default", "logical_xor.default")

CASES = [
    *(
        OpCase(f"aten.{name}", args)
        for name in (*_BITWISE, *_LOGICAL)
        for args in (
            (boolean(4, 3), boolean(4, 3)),
            (boolean(), boolean(4, 3)),
            (boolean(4, 3, lies="transposed"), boolean(4, 3, lies="broadcast")),
            (boolean(4, 1), boolean(1, 3)),
        )
    ),
    *(
        OpCase(f"aten.{name}", args)
        for name in _BITWISE
        for args in (
            (i64(9, low=-99, high=99), i64(9, low=-99, high=99)),
            (T((9,), "uint8", low=0, high=256), T((9,), "uint8", low=0, high=256)),
            (T((3, 1), "int32", low=-9, high=9), i64(4)),
            (boolean(9), i64(9)),
            (i64(3, 4, lies="transposed"), i64(3, 4, lies="broadcast")),
        )
    ),
    *(
        OpCase(f"aten.{name}", (T((3,), "int8"), T((3,), "int8")), refused="self")
        for name in _BITWISE
    ),
    *(
        OpCase(f"aten.{name}.Scalar", (x, 6))
        for name in ("__and__", "__or__", "__xor__", "bitwise_and", "bitwise_or", "bitwise_xor")
        for x in (i64(9, low=-99, high=99), T((9,), "uint8", low=0, high=256), boolean(3))
    ),
    OpCase("aten.bitwise_and.Scalar", (boolean(3), True), refused="other"),
    OpCase("aten.bitwise_or.Scalar", (T((3,), "int32"), -(2**31))),
    OpCase("aten.bitwise_or.Scalar", (T((3,), "int32"), 2**31), refused="value"),
    OpCase("aten.bitwise_or.Scalar", (i64("s"), Symbol("s")), sizes=_SIZES, refused="other"),
    *(OpCase(f"aten.{name}", (i64(9, low=-1, high=2), f32(9))) for name in _LOGICAL),
    OpCase("aten.bitwise_not.default", (boolean(4),), rust="a.eq(0u8)?"),
    OpCase("aten.bitwise_not.default", (i64(4),)),
    OpCase("aten.bitwise_not.default", (T((4,), "uint8", low=0, high=256),)),
    OpCase("aten.bitwise_not.default", (T((4,), "int8"),), refused="self"),
    OpCase("aten.logical_not.default", (boolean(4, 3, lies="transposed"),)),
    OpCase("aten.logical_not.default", (i64(4, low=-1, high=2),)),
    OpCase("aten.logical_not.default", (f32(3, values=(0.0, 0.5, float("nan"))),)),
]
