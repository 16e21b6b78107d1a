"""Rows of convolutions."""

from ops.case import OpCase, bf16, f16, f32, f64, i64
from pycandle.ir.sizes import Operation, Size, Symbol

_SIZES = ({"n": 2, "h": 7, "w": 6}, {"n": 1, "h": 9, "w": 8})
_IMAGE = f32(2, 4, 7, 6)


def _half(name: str) -> Size:
    return Operation("//", Operation("+", Symbol(name), 1), 2)


CASES = [
    OpCase(
        "aten.conv2d.default", (f32(2, 3, 8, 8), f32(4, 3, 3, 3)), rust="a.conv2d(b, 0, 1, 1, 1)?"
    ),
    OpCase("aten.conv2d.default", (_IMAGE, f32(4, 4, 3, 3), f32(4), [2, 2], [1, 1])),
    OpCase("aten.conv2d.default", (_IMAGE, f32(4, 1, 3, 3), f32(4), [1, 1], [1, 1], [1, 1], 4)),
    OpCase("aten.conv2d.default", (_IMAGE, f32(6, 2, 3, 3), None, [1, 1], [0, 0], [2, 2], 2)),
    OpCase("aten.conv2d.default", (_IMAGE, f32(5, 4, 1, 1), f32(5))),
    OpCase("aten.conv2d.default", (_IMAGE, f32(5, 4, 1, 1), None, [2, 2])),
    OpCase("aten.conv2d.default", (_IMAGE, f32(5, 4, 3, 1), None, [1, 1], [1, 0])),
    OpCase("aten.conv2d.default", (_IMAGE, f32(5, 4, 3, 3), f32(5), [2, 1], [1, 0])),
    OpCase(
        "aten.conv2d.default",
        (_IMAGE, f32(5, 4, 3, 3), None, [1, 1], [0, 0], [1, 2]),
    ),
    OpCase("aten.conv2d.default", (f32(2, 4, 7, 6, lies="transposed"), f32(5, 4, 3, 3), f32(5))),
    OpCase("aten.conv2d.default", (f32(2, 4, 7, 6, lies="broadcast"), f32(5, 4, 1, 1), f32(5))),
    OpCase(
        "aten.conv2d.default",
        (f32(2, 4, 7, 6, lies="narrowed"), f32(5, 4, 3, 3, lies="transposed")),
    ),
    OpCase(
        "aten.conv2d.default",
        (f32("n", 4, "h", "w"), f32(5, 4, 3, 3), f32(5), [2, 2], [1, 1]),
        sizes=_SIZES,
        result=(Symbol("n"), 5, _half("h"), _half("w")),
    ),
    OpCase("aten.conv2d.default", (f32(4, 7, 6), f32(5, 4, 3, 3), f32(5))),
    OpCase("aten.conv2d.default", (f64(2, 4, 7, 6), f64(5, 4, 3, 3), f64(5))),
    OpCase("aten.conv2d.default", (f16(2, 4, 7, 6), f16(5, 4, 3, 3), f16(5))),
    OpCase("aten.conv2d.default", (bf16(2, 4, 7, 6), bf16(5, 4, 3, 3), bf16(5), [2, 2], [1, 1])),
    OpCase("aten.conv2d.default", (i64(2, 4, 7, 6), i64(5, 4, 3, 3)), refused="input"),
    OpCase("aten.conv2d.padding", (_IMAGE, f32(5, 4, 3, 3), f32(5), [1, 1], "same")),
    OpCase("aten.conv2d.padding", (_IMAGE, f32(5, 4, 2, 4), f32(5), [1, 1], "same")),
    OpCase("aten.conv2d.padding", (_IMAGE, f32(5, 4, 3, 5), None, [1, 1], "same", [2, 2])),
    OpCase("aten.conv2d.padding", (_IMAGE, f32(5, 4, 3, 3), f32(5), [2, 2], "valid")),
    OpCase("aten.conv1d.default", (f32(2, 4, 9), f32(5, 4, 3), f32(5), [2], [1])),
    OpCase("aten.conv1d.default", (f32(3, 4, 9, lies="transposed"), f32(5, 4, 3), f32(5))),
    OpCase("aten.conv1d.default", (f32(3, 4, 9), f32(5, 4, 3, lies="transposed"))),
    OpCase(
        "aten.conv1d.default",
        (f32(3, 4, 9, lies="broadcast"), f32(4, 1, 3), None, [1], [2], [2], 4),
    ),
    OpCase("aten.conv1d.default", (f32(3, 4, 9, lies="narrowed"), f32(5, 4, 1))),
    OpCase("aten.conv1d.default", (f32(4, 9), f32(5, 4, 3), f32(5))),
    OpCase("aten.conv1d.padding", (f32(2, 4, 9), f32(5, 4, 4), f32(5), [1], "same")),
    OpCase("aten.conv1d.padding", (f32(2, 4, 9), f32(5, 4, 3), None, [3], "valid")),
    OpCase(
        "aten.conv3d.default",
        (f32(2, 3, 5, 6, 7), f32(4, 3, 2, 3, 3), f32(4), [1, 2, 1], [1, 1, 0]),
    ),
    OpCase("aten.conv3d.default", (f32(2, 3, 4, 6, 6), f32(4, 3, 2, 2, 2), None, [2, 2, 2])),
    OpCase(
        "aten.conv3d.default",
        (f32(2, 4, 6, 5, 5), f32(4, 2, 2, 2, 2), None, [1, 1, 1], [0, 0, 0], [2, 1, 1], 2),
    ),
    OpCase("aten.conv3d.default", (f32(3, 4, 6, 6), f32(4, 3, 2, 2, 2))),
    OpCase("aten.conv3d.default", (f32(4, 6, 6), f32(4, 3, 2, 2, 2)), refused="input"),
    OpCase(
        "aten.conv3d.default",
        (f32(2, 4, 6, 6, 7), f32(4, 2, 2, 2, 3), f32(4), [2, 1, 2], [1, 0, 2], [2, 1, 3], 2),
        rust="runtime::convolution(a, b, Some(c), &[2, 1, 2], &[1, 0, 2], &[2, 1, 3], 2)?",
    ),
    OpCase("aten.conv3d.padding", (f32(2, 3, 5, 6, 7), f32(4, 3, 2, 3, 4), f32(4), [1], "same")),
    OpCase("aten.conv3d.padding", (f64(3, 5, 6, 7), f64(4, 3, 2, 3, 4), None, [2], "valid")),
    OpCase(
        "aten.conv3d.padding",
        (f32(2, 3, 5, 6, 7, lies="transposed"), f32(4, 3, 3, 2, 3), None, [1], "same", [1, 2, 1]),
    ),
    OpCase(
        "aten.conv3d.padding",
        (f32(2, 3, 5, 6, 7), f32(4, 3, 2, 3, 4), None, [2], "same"),
        refused="stride",
    ),
    OpCase(
        "aten.conv2d.default",
        (_IMAGE, f32(6, 2, 3, 2), f32(6), [2, 1], [1, 2], [1, 3], 2),
        rust="runtime::convolution(a, b, Some(c), &[2, 1], &[1, 2], &[1, 3], 2)?",
    ),
    OpCase(
        "aten.conv2d.default",
        (
            f32(4, 7, 6, lies="transposed"),
            f32(5, 4, 3, 2, lies="transposed"),
            None,
            [1],
            [0],
            [2, 1],
        ),
    ),
    OpCase("aten.conv2d.default", (f16(2, 4, 7, 6), f16(5, 4, 3, 2), f16(5), [1], [0], [2, 1])),
    OpCase("aten.conv2d.default", (f64(2, 4, 7, 6), f64(5, 4, 3, 2), None, [1], [0], [2, 1])),
    OpCase("aten.conv2d.padding", (_IMAGE, f32(5, 4, 2, 4), f32(5), [1, 1], "same", [2, 1])),
]
