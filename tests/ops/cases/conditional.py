"""Rows of the choice between two branches."""

from ops.case import OpCase, boolean, f16, f32, i64, model

_SIZES = ({"s": 2}, {"s": 5})
_YES = boolean(values=(True,))
_NO = boolean(values=(False,))

CASES = [
    OpCase("pycandle.cond.Tensor", (_YES, f32(2, 3), f32(2, 3))),
    OpCase("pycandle.cond.Tensor", (_NO, f32(2, 3), f32(2, 3))),
    OpCase("pycandle.cond.Tensor", (_NO, f32(2, 3, lies="transposed"), f32(2, 3, lies="narrowed"))),
    OpCase("pycandle.cond.Tensor", (_YES, f32(2, 3, lies="transposed"), f32(2, 3))),
    OpCase("pycandle.cond.Tensor", (boolean(1, 1), i64("s", 3), i64("s", 3)), sizes=_SIZES),
    OpCase("pycandle.cond.Tensor", (_NO, boolean(0, 3), boolean(0, 3))),
    OpCase("pycandle.cond.Tensor", (_YES, model(3), model(3))),
    OpCase("pycandle.cond.Tensor", (_YES, model(3), f32(3)), refused="no"),
    OpCase("pycandle.cond.Tensor", (boolean(2), f32(3), f32(3)), refused="pred"),
    OpCase("pycandle.cond.Tensor", (i64(), f32(3), f32(3)), refused="pred"),
    OpCase("pycandle.cond.Tensors", (_YES, [f32(2), i64(3)], [f32(2), i64(3)])),
    OpCase("pycandle.cond.Tensors", (_NO, [f16(2), i64(3)], [f16(2), i64(3)])),
    OpCase("pycandle.cond.Tensors", (_NO, [f32("s"), model()], [f32("s"), model()]), sizes=_SIZES),
]
