"""Rows of parts exchanged."""

from ops.case import OpCase, T, boolean, f32, i64, model
from pycandle.ir.sizes import Operation, Symbol

_S = Symbol("s")
_SIZES = ({"s": 5}, {"s": 9})
_END = 9223372036854775807

_SLICE = "aten.slice_scatter.default"
_SELECT = "aten.select_scatter.default"
_DIAGONAL = "aten.diagonal_scatter.default"

_IDS = i64(2, 3, values=(0, 2, 2, 1, 0, 2))

CASES = [
    *(
        OpCase("aten.scatter_reduce.two", (x, dim, _IDS, src, reduce), {"include_self": own})
        for x, src in ((f32(3, 3), f32(2, 3)), (f32(3, 3, lies="transposed"), f32(4, 3)))
        for dim in (0, -1)
        for reduce in ("sum", "prod", "mean", "amax", "amin")
        for own in (True, False)
    ),
    OpCase("aten.scatter_reduce.two", (f32(3, 3), 0, _IDS, f32(2, 3), "median"), refused="reduce"),
    OpCase("aten.scatter_reduce.two", (i64(3, 3), 0, _IDS, i64(2, 3), "sum"), refused="self"),
    OpCase("aten.scatter_reduce.two", (f32(), 0, i64(values=(0,)), f32(), "sum")),
    OpCase("aten.scatter_reduce.two", (model(3, 3), 0, _IDS, model(2, 3), "amax")),
    OpCase(_SLICE, (f32(5, 4), f32(2, 4), 0, 1, 3), rust="a.slice_scatter(b, 0, 1)?"),
    OpCase(_SLICE, (f32(5, 4), f32(5, 2), 1, 1, 3), rust="a.slice_scatter(b, 1, 1)?"),
    OpCase(_SLICE, (f32(5, 4), f32(5, 4)), rust="b"),
    OpCase(_SLICE, (f32(5, 4), f32(5, 4, lies="transposed"), 1, 0, _END)),
    OpCase(_SLICE, (f32(5, 4), f32(0, 4), 0, 2, 2), rust="a"),
    OpCase(_SLICE, (f32(5, 4), f32(5, 2), -1, -2, _END)),
    OpCase(_SLICE, (f32(5, 4), f32(3, 4), 0, -9, 3)),
    OpCase(_SLICE, (f32(5, 4, lies="transposed"), f32(2, 4), 0, 1, 3)),
    OpCase(_SLICE, (f32(5, 4, lies="broadcast"), f32(2, 4, lies="broadcast"), 0, 3, 5)),
    OpCase(_SLICE, (f32(5, 4, lies="broadcast"), f32(5, 3, lies="transposed"), 1, 0, 3)),
    OpCase(_SLICE, (f32(2, 3, 4, lies="offset"), f32(2, 3, 2, lies="narrowed"), 2, 1, 3)),
    OpCase(_SLICE, (i64(5), i64(2), 0, 2, 4)),
    OpCase(_SLICE, (boolean(5), boolean(2), 0, 2, 4)),
    OpCase(_SLICE, (model(5, 2), model(2, 2), 0, 2, 4)),
    OpCase(_SLICE, (model(5, 2), f32(2, 2), 0, 2, 4)),
    OpCase(_SLICE, (i64(5), f32(2, low=0.5, high=9.0), 0, 2, 4)),
    OpCase(_SLICE, (f32(2, "s"), f32(2, 2), 1, -2, _END), sizes=_SIZES),
    OpCase(_SLICE, (f32(2, "s"), f32(2, Operation("-", _S, 1)), 1, 1, _END), sizes=_SIZES),
    OpCase(_SLICE, (f32(2, 12), f32(2, 2), 1, _S, Operation("+", _S, 2)), sizes=_SIZES),
    OpCase(_SLICE, (f32(4, 6), f32(4, 3), 1, 0, 6, 2)),
    OpCase(_SLICE, (f32(4, 6), f32(4, 3), 1, 1, _END, 2)),
    OpCase(_SLICE, (f32(7, 3, lies="transposed"), f32(2, 3, lies="transposed"), 0, 1, 6, 3)),
    OpCase(_SLICE, (boolean(6), boolean(3), 0, 0, _END, 2)),
    OpCase(_SLICE, (model(2, 6), model(2, 3), -1, 1, _END, 2)),
    OpCase(_SLICE, (f32(9), f32(3), 0, 0, _END, _S), sizes=({"s": 3}, {"s": 4}), refused="step"),
    OpCase(_SELECT, (f32(3, 4), f32(4), 0, 1)),
    OpCase(_SELECT, (f32(3, 4), f32(3), 1, -1)),
    OpCase(_SELECT, (f32(2, 3, 4, lies="transposed"), f32(2, 4, lies="transposed"), 1, 0)),
    OpCase(_SELECT, (f32(1, 4), f32(4), 0, 0)),
    OpCase(_SELECT, (f32(2, "s"), f32(2), 1, -1), sizes=_SIZES),
    OpCase(_SELECT, (f32("s", 3), f32(3), 0, Operation("-", _S, 2)), sizes=_SIZES),
    OpCase(_SELECT, (model(2, 3), f32(2), 1, 2)),
    OpCase(_SELECT, (i64(4), i64(), 0, 2)),
    OpCase(_DIAGONAL, (f32(3, 3), f32(3))),
    OpCase(_DIAGONAL, (f32(2, 3, 3), f32(2, 3), 0, -2, -1)),
    OpCase(_DIAGONAL, (f32("s", "s", lies="transposed"), f32("s")), sizes=_SIZES),
    OpCase(_DIAGONAL, (T((3, 3), "int32"), T((3,), "int32"))),
    OpCase(_DIAGONAL, (f32(3, 3), f32(2), 1)),
    OpCase(_DIAGONAL, (f32(3, 4), f32(3))),
    OpCase(_DIAGONAL, (f32(2, 3, 4, lies="transposed"), f32(3, 2), -1, 2, 0)),
    OpCase(_DIAGONAL, (i64(3, 3), i64(0), 5)),
]
