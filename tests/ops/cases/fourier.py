"""Rows of Fourier transforms."""

from ops.case import OpCase, bf16, boolean, c64, c128, f32, f64, i64

_SIZES = ({"n": 2, "m": 6}, {"n": 1, "m": 9})
_ONE = ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft")
_OF_COMPLEX = ("fft", "ifft", "irfft", "hfft")
_NORMS = (None, "backward", "ortho", "forward")
_MANY = [f"aten.fft_{name}{dims}.default" for name in _ONE for dims in "2n"]

CASES = [
    *(OpCase(f"aten.fft_{name}.default", (f32(3, 12),)) for name in _ONE),
    *(
        OpCase(f"aten.fft_{name}.default", (f32(2, 7), None, -1, norm))
        for name in _ONE
        for norm in _NORMS
    ),
    *(
        OpCase(f"aten.fft_{name}.default", (f32(2, 7), n, 1))
        for name in _ONE
        for n in (1, 4, 10, 15)
    ),
    *(OpCase(f"aten.fft_{name}.default", (f32(6, 4, lies="transposed"), None, 0)) for name in _ONE),
    *(OpCase(f"aten.fft_{name}.default", (f32(6, 4, lies="broadcast"), None, 0)) for name in _ONE),
    *(
        OpCase(f"aten.fft_{name}.default", (x,))
        for name in _ONE
        for x in (f64(9), i64(6), boolean(5))
    ),
    *(OpCase(f"aten.fft_{name}.default", (f32(0, 4),)) for name in _ONE),
    *(OpCase(f"aten.fft_{name}.default", (bf16(4),), refused="self") for name in _ONE),
    *(OpCase(f"aten.fft_{name}.default", (f32(4), None, -1, "x"), refused="norm") for name in _ONE),
    *(
        OpCase(f"aten.fft_{name}.default", (x, n, -1, norm))
        for name in _OF_COMPLEX
        for x in (c64(2, 8), c64(3, 5, lies="transposed"), c128(6))
        for n, norm in ((None, None), (7, "ortho"))
    ),
    *(OpCase(f"aten.fft_{name}.default", (c64(4),), refused="self") for name in ("rfft", "ihfft")),
    *(OpCase(name, (f32(2, 4, 6),)) for name in _MANY),
    *(OpCase(name, (f32(2, 4, 6), [3, 8], [0, -1], "ortho")) for name in _MANY),
    *(OpCase(name, (f32(3, 5, lies="transposed"), [4, 6])) for name in _MANY),
    *(
        OpCase(name, (c64(2, 4, 5), None, [-1, 0], "forward"))
        for name in _MANY
        if not any(real in name for real in ("_rfft", "_ihfft"))
    ),
    OpCase("aten.fft_fft.default", (f32("n", "m"),), sizes=_SIZES),
    OpCase("aten.fft_fftn.default", (f32("n", "m", 4), None, [1, 2]), sizes=_SIZES),
    OpCase("aten.fft_rfft.default", (f32("n", 8),), sizes=_SIZES),
    OpCase("aten.fft_fft.default", (f32(2, 97),)),
    OpCase("aten.fft_fft.default", (f32(3, 400),)),
    OpCase("aten.fft_rfft.default", (f32(300, 512),)),
    OpCase("aten.fft_fftn.default", (f32(3, 4), None, [0, 0]), refused="dim"),
    OpCase("aten.fft_fftn.default", (f32(3, 4), [2], [0, 1]), refused="s"),
    OpCase("aten.fft_fftn.default", (f32(),), refused="dim"),
]
