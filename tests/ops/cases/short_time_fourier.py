"""Rows of Fourier transforms of windows of a signal, and back."""

from ops.case import OpCase, c64, c128, f32, f64, i64

_WINDOW = {"low": 0.2, "high": 1.0}
_STFT, _ISTFT = "aten.stft.default", "aten.istft.default"
_PAIRS = {"return_complex": True}

CASES = [
    OpCase(_STFT, (f32(2, 40), 8), _PAIRS),
    OpCase(_STFT, (f32(2, 40), 8, 3, 6, f32(6, **_WINDOW), True, False, True)),
    OpCase(_STFT, (f32(40), 9, 4, None, f32(9, **_WINDOW)), _PAIRS),
    OpCase(_STFT, (f64(3, 40, lies="transposed"), 10, 5, 7, f64(7, **_WINDOW)), _PAIRS),
    OpCase(_STFT, (f32(2, 40, lies="broadcast"), 8, 8, None, f32(8)), _PAIRS),
    OpCase(_STFT, (f32(2, 40), 8, None, None, f32(8)), {"return_complex": False}),
    OpCase(_STFT, (f32("n", 40), 8, 4, None, f32(8)), _PAIRS, sizes=({"n": 1}, {"n": 3})),
    OpCase(_STFT, (i64(40), 8), _PAIRS, refused="self"),
    OpCase(_STFT, (f32(1, 2, 40), 8), _PAIRS, refused="self"),
    OpCase(_STFT, (c64(40), 8), _PAIRS, refused="self"),
    OpCase(_ISTFT, (c64(2, 5, 10), 8, None, None, f32(8, **_WINDOW))),
    OpCase(_ISTFT, (c64(5, 10), 8, 3, 6, f32(6, **_WINDOW), True, True)),
    OpCase(_ISTFT, (c64(2, 5, 10, lies="transposed"), 9, 3, None, f32(9, **_WINDOW))),
    OpCase(_ISTFT, (c128(8, 10), 8, 2, None, f64(8, **_WINDOW), False, False, False)),
    OpCase(_ISTFT, (c64(5, 10), 8, 2, None, f32(8, **_WINDOW), True, False, None, 12)),
    OpCase(_ISTFT, (c64(5, 10), 8, 4)),
    OpCase(_ISTFT, (c64("n", 5, 10), 8, 4), sizes=({"n": 1}, {"n": 3})),
    OpCase(_ISTFT, (f32(5, 10), 8), refused="self"),
    OpCase(
        _ISTFT,
        (c64(8, 10), 8, 2, None, f32(8), True, False, False, None, True),
        refused="return_complex",
    ),
]
