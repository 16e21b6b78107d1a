"""Rows of grids and one-hot codes."""

from ops.case import OpCase, f32, i64
from pycandle.ir.sizes import Symbol

_IJ = {"indexing": "ij"}
_XY = {"indexing": "xy"}
_TWO = ({"s0": 2}, {"s0": 5})

CASES = [
    OpCase("aten.meshgrid.indexing", ([f32(2), f32(3)],), _IJ),
    OpCase("aten.meshgrid.indexing", ([i64(2), i64(3)],), _XY),
    OpCase("aten.meshgrid.indexing", ([f32(2), f32(3), f32(4)],), _XY),
    OpCase("aten.meshgrid.indexing", ([f32(2)],), _XY),
    OpCase("aten.meshgrid.indexing", ([f32("s0"), f32(3, lies="offset")],), _IJ, sizes=_TWO),
    OpCase("aten.meshgrid.indexing", ([f32(2), f32()],), _IJ),
    OpCase("aten.meshgrid.indexing", ([f32(2)],), {"indexing": "xx"}, refused="indexing"),
    OpCase("aten.one_hot.default", (i64(2, 3, low=0, high=5), 5)),
    OpCase("aten.one_hot.default", (i64(3, 2, low=0, high=5, lies="transposed"), 6)),
    OpCase("aten.one_hot.default", (i64("s0", low=0, high=2), Symbol("s0")), sizes=_TWO),
    OpCase("aten.one_hot.default", (i64(3, low=0, high=5),), refused="num_classes"),
]
