"""Rows of transposed convolutions."""

from ops.case import OpCase, f16, f32, f64, i64, model

_SIZES = ({"n": 2, "h": 3}, {"n": 1, "h": 5})
_ONE, _TWO, _THREE = (
    "aten.conv_transpose1d.default",
    "aten.conv_transpose2d.input",
    "aten.conv_transpose3d.input",
)
_IMAGE = f32(2, 4, 5, 6)
_VOLUME = f32(2, 4, 3, 4, 2)

CASES = [
    OpCase("aten.conv_transpose1d.default", (f32(3, 4, 5), f32(4, 2, 3), f32(2), [2])),
    OpCase(
        "aten.conv_transpose1d.default",
        (f32(3, 4, 5, lies="transposed"), f32(4, 2, 3), f32(2), [2], [1], [1]),
    ),
    OpCase("aten.conv_transpose1d.default", (f32(1, 4, 5), f32(4, 2, 3))),
    OpCase("aten.conv_transpose1d.default", (f32(2, 4, 5), f32(4, 3, 3), None, [1], [0], [0], 2)),
    OpCase(
        "aten.conv_transpose1d.default", (f32(2, 4, 5), f32(4, 3, 3), None, [1], [0], [0], 1, [2])
    ),
    OpCase("aten.conv_transpose2d.input", (f32(2, 4, 5, 6), f32(4, 3, 2, 2), f32(3), [2, 2])),
    OpCase(
        "aten.conv_transpose2d.input",
        (f32(2, 4, 5, 6, lies="transposed"), f32(4, 3, 3, 3), None, [2, 2], [1, 1], [1, 1]),
    ),
    OpCase(_ONE, (f32(4, 5), f32(4, 2, 3), f32(2), [2], [1], [1])),
    OpCase(_ONE, (i64(2, 4, 5), i64(4, 2, 3)), refused="input"),
    OpCase(_TWO, (_IMAGE, f32(4, 3, 3, 3), None, [1, 2])),
    OpCase(_TWO, (_IMAGE, f32(4, 3, 3, 3), f32(6), [1, 1], [0, 0], [0, 0], 2)),
    OpCase(_TWO, (_IMAGE, f32(4, 3, 3, 2), f32(3), [2, 3], [1, 2], [1, 2], 1, [2, 1])),
    OpCase(_TWO, (_IMAGE, f32(4, 1, 3, 3), None, [2], [1], [1], 4)),
    OpCase(_TWO, (f32(4, 5, 6), f32(4, 3, 3, 3), f32(3))),
    OpCase(
        _TWO, (f32(2, 4, 1, 1, lies="broadcast"), f32(4, 3, 3, 3, lies="transposed"), None, [1, 2])
    ),
    OpCase(_TWO, (f64(2, 4, 5, 6, lies="transposed"), f64(4, 3, 2, 3), f64(3), [2, 1])),
    OpCase(_TWO, (f16(2, 4, 5, 6), f16(4, 3, 2, 3), f16(3), [2, 1])),
    OpCase(
        _TWO,
        (model("n", 4, "h", "h"), model(4, 3, 3, 3), model(3), [1, 2], [1, 1], [0, 1]),
        sizes=_SIZES,
    ),
    OpCase(_TWO, (f32(5, 6), f32(4, 3, 3, 3)), refused="input"),
    OpCase(_TWO, (i64(2, 4, 5, 6), i64(4, 3, 3, 3), None, [1, 2]), refused="input"),
    OpCase(_THREE, (_VOLUME, f32(4, 3, 2, 3, 2))),
    OpCase(
        _THREE, (_VOLUME, f32(4, 3, 2, 3, 2), f32(3), [2, 1, 3], [1, 0, 1], [1, 0, 2], 1, [1, 2, 1])
    ),
    OpCase(_THREE, (_VOLUME, f32(4, 3, 2, 3, 2), f32(6), [2], [1], [0], 2)),
    OpCase(_THREE, (f32(4, 3, 4, 2, lies="transposed"), f32(4, 3, 2, 3, 2))),
    OpCase(_THREE, (f64(2, 4, 3, 4, 2), f64(4, 3, 2, 3, 2), f64(3))),
    OpCase(_THREE, (model(2, 4, 3, 4, 2), model(4, 3, 2, 3, 2), model(3))),
    OpCase(_THREE, (f32(0, 4, 3, 4, 2), f32(4, 3, 2, 3, 2))),
    OpCase(_THREE, (f32(4, 3, 4), f32(4, 3, 2, 3, 2)), refused="input"),
]
