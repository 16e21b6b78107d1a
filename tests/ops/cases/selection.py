"""Rows of parts and elements at indices."""

from ops.case import OpCase, bf16, boolean, f32, i64, model

_INDEX = i64(3, values=(0, 2, 1))
_PLACES = i64(2, 3, values=(0, 2, 1, 1, 0, 2))
_MATRIX = f32(4, 3)
_LENGTHS = i64(3, values=(2, 0, 3))

CASES = [
    OpCase("aten.index_copy.default", (_MATRIX, 0, _INDEX, f32(3, 3))),
    OpCase("aten.index_copy.default", (_MATRIX, -1, i64(2, values=(2, 0)), f32(4, 2))),
    OpCase("aten.index_copy.default", (f32(5), 0, i64(values=(2,)), f32())),
    OpCase("aten.index_copy.default", (i64(4, 3, lies="transposed"), 0, _INDEX, i64(3, 3))),
    OpCase("aten.index_copy.default", (f32(), 0, i64(1, low=0, high=1), f32(1))),
    OpCase("aten.index_fill.int_Scalar", (_MATRIX, 0, _INDEX, 2.5)),
    OpCase("aten.index_fill.int_Scalar", (_MATRIX, -1, i64(2, values=(-1, 0)), 2)),
    OpCase("aten.index_fill.int_Scalar", (i64(4, 3), 1, _INDEX, -7)),
    OpCase("aten.index_fill.int_Scalar", (model(4, 3), 0, _INDEX, 0.3)),
    OpCase("aten.index_fill.int_Scalar", (bf16(4), 0, i64(values=(1,)), 0.3)),
    OpCase("aten.index_fill.int_Tensor", (_MATRIX, 0, _INDEX, f32())),
    OpCase("aten.index_fill.int_Tensor", (boolean(4, 3), 1, i64(1, values=(1,)), boolean())),
    *(
        OpCase(
            "aten.index_reduce.default",
            (_MATRIX, 0, i64(4, values=(0, 2, 0, 2)), f32(4, 3), way),
            {"include_self": own},
        )
        for way in ("prod", "mean", "amax", "amin")
        for own in (True, False)
    ),
    OpCase("aten.index_reduce.default", (f32(2, 4, 2), -2, _INDEX, f32(2, 3, 2), "amax")),
    OpCase("aten.index_reduce.default", (i64(3), 0, _INDEX, i64(3), "prod"), refused="self"),
    OpCase("aten.take.default", (_MATRIX, i64(2, 3, low=-12, high=12))),
    OpCase("aten.take.default", (i64(4, 3, lies="transposed"), i64(5, low=0, high=12))),
    OpCase("aten.take.default", (f32(4), i64(values=(2,)))),
    OpCase("aten.take.default", (f32(4), i64(0))),
    OpCase("aten.put.default", (_MATRIX, _PLACES, f32(2, 3), True)),
    OpCase("aten.put.default", (_MATRIX, i64(3, values=(5, -1, 0)), f32(3))),
    OpCase("aten.put.default", (f32(4, 3, lies="transposed"), i64(1, values=(5,)), f32(1))),
    OpCase("aten.put.default", (boolean(3), _INDEX, boolean(3), True), refused="self"),
    *(
        OpCase("aten.scatter.reduce", (_MATRIX, 0, _PLACES, f32(2, 3)), {"reduce": way})
        for way in ("add", "multiply")
    ),
    OpCase("aten.scatter.reduce", (f32(3, 4), 1, _PLACES, f32(3, 4)), {"reduce": "add"}),
    *(
        OpCase("aten.scatter.value_reduce", (_MATRIX, 0, _PLACES, 1.5), {"reduce": way})
        for way in ("add", "multiply")
    ),
    OpCase("aten.scatter.value_reduce", (model(4, 3), 0, _PLACES, 2), {"reduce": "multiply"}),
    OpCase(
        "aten.scatter.reduce", (i64(4, 3), 0, _PLACES, i64(2, 3)), {"reduce": "add"}, refused="self"
    ),
    OpCase("aten.nonzero.default", (i64(3, 4, low=-1, high=2, lies="transposed"),)),
    OpCase("aten.nonzero.default", (f32(2, values=(0.0, 0.0)),)),
    OpCase("aten.nonzero.default", (boolean(2, 2, 2),)),
    OpCase("aten.nonzero.default", (f32(0, 3),)),
    OpCase("aten.nonzero_static.default", (i64(3, 4, low=-1, high=2),), {"size": 5}),
    OpCase(
        "aten.nonzero_static.default", (f32(2, values=(0.0, 1.0)),), {"size": 3, "fill_value": 7}
    ),
    OpCase("aten.nonzero_static.default", (boolean(2, 2, 2),), {"size": 0}),
    *(
        OpCase("aten.segment_reduce.default", (f32(5, 3), way), {"lengths": _LENGTHS} | start)
        for way in ("sum", "mean", "max", "min", "prod")
        for start in ({}, {"initial": 2})
    ),
    OpCase("aten.segment_reduce.default", (f32(5), "sum"), {"offsets": i64(3, values=(0, 2, 5))}),
    OpCase(
        "aten.segment_reduce.default",
        (f32(2, 4), "max"),
        {"lengths": i64(2, 2, values=(1, 3, 4, 0)), "axis": 1, "unsafe": True},
    ),
    OpCase("aten.segment_reduce.default", (f32(5), "sum"), refused="lengths"),
]
