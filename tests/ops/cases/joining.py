"""Rows of tensors put together, repeated, turned round."""

from ops.case import OpCase, boolean, f16, f32, f64, i64, model
from pycandle.ir.sizes import Symbol

_S = Symbol("s")
_SIZES = ({"s": 2}, {"s": 5})

CASES = [
    OpCase("aten.cat.default", ([f32(2, 3), f32(2, 4)], -1), rust="Tensor::cat(&[a, b], 1)?"),
    OpCase("aten.cat.default", ([f32(2, 3), f32(1, 3)],)),
    OpCase("aten.cat.default", ([f32(3, 2, lies="transposed"), f32(3, 2)], 1)),
    OpCase("aten.cat.default", ([f32(3, 2, lies="transposed"), f32(3, 2, lies="transposed")],)),
    OpCase("aten.cat.default", ([f32(3, 2, lies="broadcast"), f32(3, 2)], 1)),
    OpCase("aten.cat.default", ([f32(3, 2, lies="narrowed"), f32(3, 2, lies="offset")], 1)),
    OpCase("aten.cat.default", ([f32(3, 2, 2, lies="transposed"), f32(3, 4, 2)], 1)),
    OpCase("aten.cat.default", ([i64(2), f32(2)],)),
    OpCase("aten.cat.default", ([f16(2), f32(2), boolean(2)],)),
    OpCase("aten.cat.default", ([f32(0), f32(2, 3)], 1)),
    OpCase("aten.cat.default", ([f32(0, 3), f32(2, 3)],)),
    OpCase("aten.cat.default", ([f32(2, 3)],)),
    OpCase("aten.cat.default", ([model(1, "s"), model(2, "s")],), sizes=_SIZES),
    OpCase("aten.cat.default", ([model(1, 2), i64(2, 2)],)),
    OpCase("aten.cat.default", ([boolean(2), boolean(3)],)),
    OpCase("aten.concat.default", ([f32(2), f32(3)],)),
    OpCase("aten.stack.default", ([f32(2, 3), f32(2, 3)], -1), rust="Tensor::stack(&[a, b], 2)?"),
    OpCase("aten.stack.default", ([f32(2, 3), f32(2, 3, lies="transposed")],)),
    OpCase("aten.stack.default", ([f32(2, 3, lies="transposed"), f32(2, 3)], 1)),
    OpCase("aten.stack.default", ([i64(), i64()],)),
    OpCase("aten.stack.default", ([f32(3)], 1)),
    OpCase("aten.repeat.default", (f32(2, 3), [2, 1]), rust="a.repeat((2, 1))?"),
    OpCase("aten.repeat.default", (f32(3), [2, 2])),
    OpCase("aten.repeat.default", (f32(3, 2, lies="transposed"), [1, 3])),
    OpCase("aten.repeat.default", (f32(2), [0])),
    OpCase("aten.repeat.default", (i64(1, 3), [_S, 1]), sizes=_SIZES),
    OpCase("aten.repeat.default", (f32(), [])),
    OpCase("aten.tile.default", (f32(2, 3), [2])),
    OpCase("aten.repeat_interleave.self_int", (f32(2, 3), 2, 1)),
    OpCase(
        "aten.repeat_interleave.self_int", (f32(2, "s", 3, lies="transposed"), 2, 1), sizes=_SIZES
    ),
    OpCase("aten.repeat_interleave.self_int", (f32(2, 3, lies="transposed"), 3)),
    OpCase("aten.roll.default", (f32(4, 5), [-2], [1]), rust="a.roll(-2, 1)?"),
    OpCase("aten.roll.default", (f32(2, 4, 4, 3), [1, 7], [1, 2])),
    OpCase("aten.roll.default", (f32(4, 5), [3], [0])),
    OpCase("aten.roll.default", (f32(0, 5), [3], [0])),
    OpCase("aten.roll.default", (f32(4, 5, lies="transposed"), [1], [0])),
    OpCase("aten.roll.default", (f32(4, 5), [1]), refused="dims"),
    OpCase("aten.flip.default", (f32(3, 4), [1]), rust="a.flip(&[1])?"),
    OpCase("aten.flip.default", (f32(3, 4, lies="transposed"), [0, -1])),
    OpCase("aten.flip.default", (f32(3, 4, lies="broadcast"), [1])),
    OpCase("aten.flip.default", (boolean(5, lies="narrowed"), [0])),
    OpCase("aten.diff.default", (i64(2, "s"), 1, -1, i64(2, 1)), sizes=_SIZES),
    OpCase("aten.diff.default", (f64(4, 3), 1, 0)),
    OpCase("aten.diff.default", (f32(4, 1), 1, 1)),
    OpCase("aten.diff.default", (f32(4, 3), 1, 1, None, f32(4, 2))),
    OpCase("aten.diff.default", (f32(4), 2), refused="n"),
    OpCase("aten.diff.default", (boolean(4),), refused="self"),
]
