"""Rows of resizing."""

from ops.case import OpCase, f32, f64, i64, model

_IMAGE = f32(2, 3, 5, 6)
_SIZES = ({"h": 3, "w": 4}, {"h": 5, "w": 2})
_NEAREST, _BILINEAR = "aten.upsample_nearest2d.vec", "aten.upsample_bilinear2d.vec"
_BICUBIC = "aten.upsample_bicubic2d.vec"

CASES = [
    OpCase(_NEAREST, (_IMAGE, [10, 12], None), rust="a.upsample_nearest2d(10, 12)?"),
    OpCase(_NEAREST, (f32(1, 2, "h", "w"), None, [2.0, 2.0]), sizes=_SIZES),
    OpCase(_NEAREST, (_IMAGE, [7, 9], None)),
    OpCase(_NEAREST, (_IMAGE, None, [2.3, 1.7])),
    OpCase(_NEAREST, (f32(1, 1, 49, 4), [147, 3], None)),
    OpCase(_NEAREST, (f32(2, 3, 5, 6, lies="transposed"), [5, 3], None)),
    OpCase(_NEAREST, (i64(2, 3, 5, 6), [5, 3], None), refused="input"),
    OpCase("aten.upsample_nearest1d.vec", (f32(2, 3, 5), [7], None)),
    OpCase("aten.upsample_nearest1d.vec", (f32(2, 3, 5), None, [2.0])),
    OpCase("aten.upsample_linear1d.vec", (f32(2, 3, 5), [8], False, None)),
    OpCase("aten.upsample_linear1d.vec", (f32(2, 3, 5), None, True, [1.9])),
    OpCase(_BILINEAR, (_IMAGE, [9, 8], False, None), rust="a.upsample_bilinear2d(9, 8, false)?"),
    OpCase(_BILINEAR, (_IMAGE, [3, 8], True, None)),
    OpCase(_BILINEAR, (_IMAGE, None, False, [1.7, 2.4])),
    OpCase(_BILINEAR, (f32(2, 3, 5, 6, lies="transposed"), [5, 6], False, None)),
    OpCase(_BILINEAR, (f32(2, 3, 5, 6, lies="offset"), [5, 6], True, None)),
    OpCase(_BILINEAR, (f32(2, 3, 5, 6, lies="transposed"), [7, 6], False, None)),
    OpCase(_BILINEAR, (model(1, 2, "h", "w"), None, False, [2.0, 2.0]), sizes=_SIZES),
    OpCase(_BILINEAR, (_IMAGE, [1, 1], True, None)),
    OpCase("aten.upsample_trilinear3d.vec", (f32(1, 2, 3, 4, 5), [5, 3, 7], False, None)),
    OpCase(_BICUBIC, (_IMAGE, [9, 4], False, None)),
    OpCase(_BICUBIC, (f64(2, 3, 5, 6, lies="transposed"), [9, 11], True, None)),
    OpCase(_BICUBIC, (_IMAGE, None, False, [1.7, 0.6])),
]
