"""Rows of resizing."""

from ops.case import OpCase, T, f32, f64, i64, model
from pycandle.ir.sizes import Operation, Symbol

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
    OpCase(_NEAREST, (T((2, 3, 5, 6), "uint8", high=256), [5, 3], None)),
    OpCase("aten.upsample_bilinear2d.vec", (i64(2, 3, 5, 6), [5, 3], True, None), refused="input"),
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
    OpCase("aten.upsample_nearest3d.vec", (f32(1, 2, 3, 4, 5), [5, 3, 7], None)),
    OpCase("aten.upsample_nearest3d.vec", (f64(1, 2, 3, 4, 5), None, [1.7, 2.0, 0.6])),
    OpCase(
        "aten.upsample_nearest3d.vec", (model(1, 2, "h", "w", 2), None, [2.0] * 3), sizes=_SIZES
    ),
    OpCase("aten._upsample_nearest_exact1d.vec", (f32(2, 3, 5), [7], None)),
    OpCase("aten._upsample_nearest_exact1d.vec", (f32(2, 3, 5, lies="transposed"), None, [0.7])),
    OpCase("aten._upsample_nearest_exact2d.vec", (_IMAGE, [7, 9], None)),
    OpCase("aten._upsample_nearest_exact2d.vec", (_IMAGE, None, [2.3, 0.5])),
    OpCase("aten._upsample_nearest_exact2d.vec", (f32(1, 1, 49, 4), [147, 3], None)),
    OpCase("aten._upsample_nearest_exact2d.vec", (f64(2, 3, 5, 6, lies="broadcast"), [5, 6], None)),
    OpCase(
        "aten._upsample_nearest_exact2d.vec",
        (model(1, 2, "h", "w"), None, [2.0, 2.0]),
        sizes=_SIZES,
    ),
    OpCase("aten._upsample_nearest_exact3d.vec", (f32(1, 2, 3, 4, 5), [5, 3, 7], None)),
    OpCase(
        "aten._upsample_nearest_exact3d.vec", (f32(1, 2, 3, 4), [5, 3, 7], None), refused="input"
    ),
    *(
        OpCase(f"aten._upsample_{name}2d_aa.vec", (x, *rest))
        for name in ("bilinear", "bicubic")
        for x, *rest in (
            (_IMAGE, [3, 2], False, None),
            (_IMAGE, [9, 4], False, None),
            (_IMAGE, [3, 8], True, None),
            (_IMAGE, None, False, [0.7, 1.6]),
            (f32(2, 3, 13, 17, lies="transposed"), [4, 3], False, None),
            (f64(2, 3, 13, 17), [4, 3], False, None),
            (f32(2, 3, 5, 6), [1, 1], True, None),
        )
    ),
    OpCase(
        "aten._upsample_bilinear2d_aa.vec",
        (f32(1, 2, "h", "w"), None, False, [0.5, 0.5]),
        sizes=({"h": 8, "w": 4}, {"h": 6, "w": 10}),
        result=(1, 2, Operation("//", Symbol("h"), 2), Operation("//", Symbol("w"), 2)),
    ),
]
