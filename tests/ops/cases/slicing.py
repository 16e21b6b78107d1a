"""Rows of parts along a dim."""

from ops.case import OpCase, boolean, f32, i64, model
from pycandle.ir.sizes import Operation, Symbol

_S = Symbol("s")
_SIZES = ({"s": 5}, {"s": 9})
_END = 9223372036854775807

CASES = [
    OpCase("aten.slice.Tensor", (f32(5, 4), 1, 1, 3), rust="a.narrow(1, 1, 2)?"),
    OpCase("aten.slice.Tensor", (f32(5, 4), 0, 0, _END), rust="a"),
    OpCase("aten.slice.Tensor", (f32(5, 4), 0, 2, _END), rust="a.narrow(0, 2, 3)?"),
    OpCase("aten.slice.Tensor", (f32(5, 4), -1, -3, -1)),
    OpCase("aten.slice.Tensor", (f32(5, 4), 0, -9, 99), rust="a"),
    OpCase("aten.slice.Tensor", (f32(5, 4), 0, 4, 2)),
    OpCase("aten.slice.Tensor", (f32(5, 4), 0, 7, 9)),
    OpCase("aten.slice.Tensor", (f32(1, 4), 1, 1, 3)),
    OpCase("aten.slice.Tensor", (f32(7), 0, 1, _END, 2)),
    OpCase("aten.slice.Tensor", (f32(4, 7), 1, 0, 6, 3)),
    OpCase("aten.slice.Tensor", (f32(4, 7), 0, 0, _END, 2)),
    OpCase("aten.slice.Tensor", (f32(4, 7, lies="transposed"), 0, 1, 3)),
    OpCase("aten.slice.Tensor", (f32(4, 7, lies="broadcast"), 1, 2, 5, 2)),
    OpCase("aten.slice.Tensor", (f32(2, "s"), 1, 1, _END), sizes=_SIZES),
    OpCase("aten.slice.Tensor", (f32(2, "s"), 1, -2, _END), sizes=_SIZES),
    OpCase("aten.slice.Tensor", (f32(2, "s"), 1, 0, -1), sizes=_SIZES),
    OpCase(
        "aten.slice.Tensor",
        (f32(2, "s"), 1, 0, _END, 2),
        sizes=_SIZES,
        result=(2, Operation("//", Operation("+", _S, 1), 2)),
    ),
    OpCase("aten.slice.Tensor", (i64(1, 16), 1, 0, _S), sizes=_SIZES, rust="a.narrow(1, 0, s)?"),
    OpCase("aten.slice.Tensor", (model("s", 4), 0, Operation("-", _S, 2), _END), sizes=_SIZES),
    OpCase("aten.narrow.default", (f32(4, 6), 1, 2, 3)),
    OpCase("aten.narrow.default", (f32(4, 6), -1, -3, 3)),
    OpCase("aten.narrow.default", (f32(4, 6), 0, 0, 4), rust="a"),
    OpCase("aten.narrow.default", (f32(4, 16), 1, 1, _S), sizes=_SIZES),
    OpCase("aten.select.int", (f32(2, 3, 4), 1, 0), rust="a.get_on_dim(1, 0)?"),
    OpCase("aten.select.int", (f32(2, 3, 4), 0, -1), rust="a.get(1)?"),
    OpCase("aten.select.int", (f32(2, 3, lies="transposed"), 0, 1)),
    OpCase("aten.select.int", (f32(2, "s"), 1, -1), sizes=_SIZES, rust="a.get_on_dim(1, s - 1)?"),
    OpCase("aten.select.int", (boolean(3), 0, 2)),
    OpCase("aten.select.int", (i64(1, 4, 2), 1, 2)),
    OpCase("aten.select.int", (f32(2, 16), 1, _S), sizes=_SIZES),
    OpCase("aten.unbind.int", (f32(3, 2, 4),), rust="a.get(0)?\na.get(1)?\na.get(2)?"),
    OpCase("aten.unbind.int", (f32("s", 3, 4), -2), sizes=_SIZES),
    OpCase("aten.split.Tensor", (f32(2, 7), 3, 1)),
    OpCase("aten.split.Tensor", (f32(6, 2), 3)),
    OpCase("aten.split_with_sizes.default", (f32(2, 7), [1, 4, 2], -1)),
    OpCase("aten.split.sizes", (f32("s", 4), [1, 3], 1), sizes=_SIZES),
    OpCase("aten.chunk.default", (f32(10), 4)),
    OpCase("aten.chunk.default", (f32(2, 6), 2, -1), rust="a.narrow(1, 0, 3)?\na.narrow(1, 3, 3)?"),
    OpCase("aten.tensor_split.sections", (f32(7, 2), 3)),
    OpCase("aten.unfold.default", (f32(2, 9), 1, 3, 2), rust="a.unfold(1, 3, 2)?"),
    OpCase("aten.unfold.default", (f32(2, "s"), -1, 2, 1), sizes=_SIZES),
]
