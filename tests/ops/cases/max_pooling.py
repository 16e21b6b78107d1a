"""Rows of maxima of windows with their places, and of elements put back at them."""

from ops.case import OpCase, T, f16, f32, f64, i64, model

_LINE, _IMAGE, _VOLUME = f32(2, 3, 9), f32(2, 3, 7, 6), f32(2, 3, 5, 6, 4)
_ONE, _TWO, _THREE = (f"aten.max_pool{dims}d_with_indices.default" for dims in (1, 2, 3))
_PLAIN = "aten.max_pool3d.default"
_NAN = float("nan")
_LOST = f32(1, 1, 3, 3, values=(1.0, _NAN, 2.0, *(float(i) for i in range(4)), _NAN, _NAN))
_EQUAL = f32(1, 1, 3, 3, values=(1.0,) * 9)
_SIZES = ({"n": 2, "h": 6, "w": 8}, {"n": 1, "h": 9, "w": 5})
_PLACES = i64(1, 1, 2, 2, values=(0, 3, 5, 11))
_UN2, _UN3 = "aten.max_unpool2d.default", "aten.max_unpool3d.default"
_ADAPTIVE = [f"aten.adaptive_max_pool{dims}d.default" for dims in (1, 2, 3)]

CASES = [
    OpCase(_ONE, (_LINE, [3])),
    OpCase(_ONE, (_LINE, [3], [2], [1], [2], True)),
    OpCase(_ONE, (f64(3, 9), [2])),
    OpCase(_TWO, (_IMAGE, [2, 2])),
    OpCase(_TWO, (_IMAGE, [3], [2, 1], [1, 0], [1, 2], True)),
    OpCase(_TWO, (f32(2, 3, 7, 6, low=-3.0, high=-1.0), [3, 3], [2, 2], [1, 1])),
    OpCase(_TWO, (f32(3, 7, 6, lies="transposed"), [2, 3])),
    OpCase(_TWO, (f32(2, 3, 7, 6, lies="broadcast"), [2, 3])),
    OpCase(_TWO, (_LOST, [2, 2], [1, 1])),
    OpCase(_TWO, (_EQUAL, [2, 2], [1, 1])),
    OpCase(_TWO, (f32(1, 1, 2, 2, values=(float("-inf"),) * 4), [2, 2])),
    OpCase(_TWO, (f32(0, 3, 7, 6), [2, 2])),
    OpCase(_TWO, (f32(1, 3, 1, 1), [1, 1])),
    OpCase(_TWO, (model(2, 3, 7, 6), [2, 2])),
    OpCase(_TWO, (f32("n", 3, "h", "w"), [3, 3], [1, 1], [1, 1]), sizes=_SIZES),
    OpCase(_TWO, (i64(1, 3, 7, 6), [2, 2]), refused="self"),
    OpCase(_TWO, (f32(7, 6), [2, 2]), refused="self"),
    OpCase(_THREE, (_VOLUME, [2, 2, 2])),
    OpCase(_THREE, (_VOLUME, [2, 3, 2], [1, 2, 1], [1, 1, 0], [1, 2, 1], True)),
    OpCase(_THREE, (f16(3, 5, 6, 4), [2, 2, 2])),
    OpCase(_PLAIN, (_VOLUME, [2, 2, 2])),
    OpCase(_PLAIN, (f32(2, 3, 5, 6, 4, lies="transposed"), [2, 3, 2], [1, 2, 1], 1, 1, True)),
    OpCase(_PLAIN, (f64(3, 5, 6, 4), [2])),
    OpCase(_PLAIN, (model("n", 3, "h", "w", 4), [3, 3, 3], [1], [1]), sizes=_SIZES),
    OpCase(_PLAIN, (i64(3, 5, 6, 4), [2]), refused="self"),
    *(
        OpCase(name, (x, size))
        for name, x, size in zip(
            _ADAPTIVE, (_LINE, _IMAGE, _VOLUME), ([4], [3, 4], [2, 1, 3]), strict=True
        )
    ),
    OpCase(_ADAPTIVE[0], (f32(3, 9, lies="transposed"), [1])),
    OpCase(_ADAPTIVE[1], (f32(3, 3, 7, 6, lies="broadcast"), [9, 7])),
    OpCase(_ADAPTIVE[1], (_LOST, [2, 2])),
    OpCase(_ADAPTIVE[1], (f64(3, 7, 6), [3, 3])),
    OpCase(_ADAPTIVE[1], (model("n", 3, "h", "w"), [3, 2]), sizes=_SIZES),
    OpCase(_ADAPTIVE[1], (i64(2, 3, 7, 6), [3, 3]), refused="self"),
    OpCase(_ADAPTIVE[2], (f32(2, 3, 7, 6, 5), [7, 6, 5])),
    OpCase(_UN2, (f32(1, 1, 2, 2), _PLACES, [4, 3])),
    OpCase(_UN2, (f32(1, 2, 2, lies="transposed"), i64(1, 2, 2, values=(0, 3, 5, 11)), [4, 3])),
    OpCase(_UN2, (f64(2, 2, 1, 3), i64(2, 2, 1, 3, values=(0, 3, 5, 11, 1, 2) * 2), [3, 4])),
    OpCase(_UN2, (model(1, 1, 2, 2), _PLACES, [4, 3])),
    OpCase(
        _UN2,
        (f32(1, 1, 2, 2), T((1, 1, 2, 2), "int32", values=(0, 3, 5, 1)), [4, 3]),
        refused="indices",
    ),
    OpCase(_UN2, (i64(1, 1, 2, 2), _PLACES, [4, 3]), refused="self"),
    OpCase(
        _UN3,
        (
            f32(1, 1, 1, 2, 2),
            i64(1, 1, 1, 2, 2, values=(0, 3, 5, 11)),
            [2, 2, 3],
            [2, 2, 2],
            [0, 0, 0],
        ),
    ),
    OpCase(
        _UN3,
        (f64(1, 1, 2, 2), i64(1, 1, 2, 2, values=(0, 3, 5, 11)), [2, 2, 3], [2, 2, 2], [0, 0, 0]),
    ),
]
