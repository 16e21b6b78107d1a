"""Rows of complex numbers: arithmetic, the way to them and back, and moves."""

from ops.case import OpCase, c64, c128, f32, f64, i64
from pycandle.ir.types import DTypeConstant

_SIZES = ({"n": 1}, {"n": 4})
_LIES = ("contiguous", "transposed", "narrowed", "offset", "broadcast")
_PARTS = ("real", "imag", "view_as_real", "abs", "angle", "conj_physical")
_MUL, _DIV = "aten.mul.Tensor", "aten.div.Tensor"
_ADD, _SUB = "aten.add.Tensor", "aten.sub.Tensor"

CASES = [
    *(OpCase(f"aten.{name}.default", (c64(3, 4, lies=lies),)) for name in _PARTS for lies in _LIES),
    *(OpCase(f"aten.{name}.default", (x,)) for name in _PARTS for x in (c128(3), c64(), c64(0, 2))),
    *(OpCase(f"aten.{name}.default", (c64("n", 2),), sizes=_SIZES) for name in _PARTS),
    *(
        OpCase(f"aten.{name}.default", (f32(3),), refused="self")
        for name in ("imag", "view_as_real")
    ),
    *(OpCase(f"aten.{name}.default", (c64(2, 3),)) for name in ("conj", "_conj", "resolve_conj")),
    OpCase("aten.conj.default", (f32(2, 3),)),
    OpCase("aten.resolve_neg.default", (c64(2, 3, lies="transposed"),)),
    OpCase("aten.view_as_complex.default", (f32(3, 4, 2),), rust="a"),
    OpCase("aten.view_as_complex.default", (f64(4, 2),)),
    OpCase("aten.view_as_complex.default", (i64(3, 2),), refused="self"),
    OpCase("aten.complex.default", (f32(3, 4), f32(4, lies="narrowed"))),
    OpCase("aten.complex.default", (f64(2, 3, lies="transposed"), f64(2, 3))),
    OpCase("aten.complex.default", (f32("n"), f32("n")), sizes=_SIZES),
    OpCase("aten.polar.default", (f32(3, 4), f32(4))),
    OpCase("aten.polar.default", (f64(2, 3, lies="broadcast"), f64(2, 3))),
    OpCase("aten.polar.default", (f32("n"), f32("n")), sizes=_SIZES),
    *(
        OpCase(name, args)
        for name in (_MUL, _DIV)
        for args in (
            (c64(3, 4), c64(4)),
            (c64(3, 4, lies="transposed"), c64(3, 1, lies="broadcast")),
            (c64(3, 4), f32(4)),
            (f32(3, 4, low=0.5, high=2.0), c64(4)),
            (c128(3), c64(3)),
            (c64(3), f64(3)),
            (c64(3), 2.5),
            (c64(), c64()),
            (c64(0, 3), c64(3)),
        )
    ),
    OpCase(_MUL, (c64("n", 3), c64(3)), sizes=_SIZES),
    *(
        OpCase(name, args)
        for name in (_ADD, _SUB)
        for args in (
            (c64(3, 4), c64(4)),
            (c64(3, 4, lies="transposed"), f32(4)),
            (f32(3, 4), c64(3, 1, lies="broadcast")),
            (c128(3), c64(3)),
        )
    ),
    OpCase(_ADD, (c64(3), c64(3)), {"alpha": 0.5}),
    OpCase(_ADD, (c64(3), 2.0), refused="other"),
    OpCase(_MUL, (c64(3), 2j), refused="other"),
    OpCase(_MUL, (f32(3), 2j), refused="other"),
    OpCase("aten.exp.default", (c64(3),), refused="self"),
    OpCase("aten.matmul.default", (c64(3, 2), c64(2, 3)), refused="self"),
    OpCase("aten.zeros.default", ([3],), {"dtype": DTypeConstant("complex64")}, refused="dtype"),
]
