"""Rows of the order of the frequencies of a spectrum."""

from ops.case import OpCase, c64, f32, i64, model

_SHIFTS = [f"aten.fft_{name}.default" for name in ("fftshift", "ifftshift")]

CASES = [
    *(
        OpCase(name, (x, *rest))
        for name in _SHIFTS
        for x in (f32(5, 4), f32(4, 5, lies="transposed"), c64(5, 3), c64(3, 5, lies="broadcast"))
        for rest in ((), ([-1],), ([0, 1],))
    ),
    *(OpCase(name, (i64(7),)) for name in _SHIFTS),
    *(OpCase(name, (f32(0, 3),)) for name in _SHIFTS),
    *(OpCase(name, (model("n", 3),), sizes=({"n": 1}, {"n": 4})) for name in _SHIFTS),
]
