"""Rows of logic."""

from ops.case import OpCase, T, boolean, f32, i64

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
    *(OpCase(f"aten.{name}", (i64(3), i64(3)), refused="self") for name in _BITWISE),
    *(OpCase(f"aten.{name}", (boolean(3), 1), refused="other") for name in _BITWISE),
    *(OpCase(f"aten.{name}", (i64(9, low=-1, high=2), f32(9))) for name in _LOGICAL),
    OpCase("aten.bitwise_not.default", (boolean(4),), rust="a.eq(0u8)?"),
    OpCase("aten.bitwise_not.default", (i64(4),)),
    OpCase("aten.bitwise_not.default", (T((4,), "uint8"),), refused="self"),
    OpCase("aten.logical_not.default", (boolean(4, 3, lies="transposed"),)),
    OpCase("aten.logical_not.default", (i64(4, low=-1, high=2),)),
    OpCase("aten.logical_not.default", (f32(3, values=(0.0, 0.5, float("nan"))),)),
]
