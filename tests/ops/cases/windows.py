"""Rows of windows as columns."""

from ops.case import OpCase, f16, f32, i64, model
from pycandle.ir.sizes import Operation, Symbol

_PLAIN = ([2, 2], [1, 1], [0, 0], [1, 1])
_SINGLE = ([1, 1], [1, 1], [0, 0], [1, 1])
_WIDE = ([3, 2], [2, 1], [1, 2], [2, 1])

CASES = [
    OpCase("aten.im2col.default", (f32(2, 3, 6, 5), *_PLAIN)),
    OpCase("aten.im2col.default", (f32(2, 3, 6, 5), *_WIDE)),
    OpCase("aten.im2col.default", (f32(3, 6, 5), *_WIDE)),
    OpCase("aten.im2col.default", (f32(2, 3, 5, 6, lies="transposed"), *_WIDE)),
    OpCase("aten.im2col.default", (model(1, 2, 4, 4), *_PLAIN)),
    OpCase("aten.im2col.default", (f32("n", 2, 4, 4), *_PLAIN), sizes=({"n": 1}, {"n": 3})),
    OpCase("aten.im2col.default", (i64(1, 2, 4, 4), *_PLAIN), refused="self"),
    OpCase("aten.col2im.default", (f32(2, 12, 20), [6, 5], *_PLAIN)),
    OpCase("aten.col2im.default", (f32(2, 18, 16), [6, 5], *_WIDE)),
    OpCase("aten.col2im.default", (f16(12, 20), [6, 5], *_PLAIN)),
    OpCase(
        "aten.col2im.default",
        (f32("n", 4, Operation("*", Symbol("s"), 3)), [Symbol("s"), 3], *_SINGLE),
        sizes=({"n": 2, "s": 4}, {"n": 1, "s": 2}),
        result=(Symbol("n"), 4, Symbol("s"), 3),
    ),
    OpCase("aten.col2im.default", (f32(2, 12, 20, lies="transposed"), [6, 5], *_PLAIN)),
    OpCase("aten.col2im.default", (model(1, 8, 9), [4, 4], *_PLAIN)),
    OpCase("aten.col2im.default", (i64(2, 12, 20), [6, 5], *_PLAIN), refused="self"),
    OpCase("aten.channel_shuffle.default", (f32(2, 6, 4), 3)),
    OpCase("aten.channel_shuffle.default", (f32(2, 6, 4, 3, lies="transposed"), 2)),
    OpCase("aten.channel_shuffle.default", (model("n", 6, 4), 6), sizes=({"n": 2}, {"n": 5})),
    OpCase("aten.channel_shuffle.default", (i64(0, 6, 4), 2)),
    OpCase("aten.channel_shuffle.default", (f32(2, 6), 3), refused="self"),
]
