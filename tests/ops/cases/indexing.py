"""Rows of reading and writing at indices."""

from ops.case import OpCase, T, boolean, f16, f32, i64, model

_SIZES = ({"s": 2}, {"s": 5})
_I32 = T((3,), "int32", low=0, high=4)


def ids(*shape, high=4, low=0, **options):
    return i64(*shape, low=low, high=high, **options)


CASES = [
    *(
        OpCase("aten.take_along_dim.default", (f32(3, 4), i64(3, 4, low=-3, high=3), dim))
        for dim in (0, -1)
    ),
    OpCase("aten.embedding.default", (f32(5, 3, state=True), ids(4)), rust="a.embedding(b)?"),
    OpCase("aten.embedding.default", (model(5, 3), ids("s", 2)), sizes=_SIZES),
    OpCase("aten.embedding.default", (f32(5, 3), ids(2, 3, lies="transposed"), 0)),
    OpCase("aten.embedding.default", (f32(5, 3, lies="transposed"), ids())),
    OpCase("aten.embedding.default", (f16(5, 3), _I32)),
    OpCase("aten.embedding.default", (f32(5, 3), ids(1, 4, lies="narrowed"))),
    OpCase("aten.index_select.default", (f32(2, 5), 1, ids(3)), rust="a.index_select(b, 1)?"),
    OpCase("aten.index_select.default", (f32(4, 5, lies="transposed"), -2, ids(3))),
    OpCase("aten.index_select.default", (f32(4, 5, lies="broadcast"), 0, _I32)),
    OpCase("aten.index_select.default", (boolean(4), 0, ids(6))),
    OpCase("aten.index_select.default", (f32(), 0, ids(1, high=1))),
    OpCase("aten.gather.default", (f32(2, 4), 1, ids(2, 3)), rust="a.gather(b, 1)?"),
    OpCase("aten.gather.default", (f32(2, 3, 4), 2, ids(2, 2, 4))),
    OpCase("aten.gather.default", (f32(3, 4, 4), 1, ids(2, 5, 3))),
    OpCase("aten.gather.default", (f32(4, 3, lies="transposed"), 0, ids(4, 3, lies="transposed"))),
    OpCase("aten.gather.default", (f32(4, 3, lies="broadcast"), 0, ids(2, 3))),
    OpCase("aten.gather.default", (i64(1, 8), 1, ids(1, "s")), sizes=_SIZES),
    OpCase("aten.gather.default", (f32(), 0, ids(high=1))),
    OpCase("aten.take_along_dim.default", (f32(2, 4), ids(2, 3), 1)),
    OpCase("aten.take_along_dim.default", (f32(2, 4, 3), ids(2, 5, 1), -2)),
    OpCase("aten.take_along_dim.default", (f32(1, 4), ids("s", 3), 1), sizes=_SIZES),
    OpCase("aten.take_along_dim.default", (f32(2, 4, lies="transposed"), ids(5, high=8))),
    OpCase("aten.take_along_dim.default", (model(2, 4), ids(2, 1), 1)),
    OpCase("aten.index.Tensor", (f32(5, 3), [ids(6, state=True)]), rust="a.index_select(b, 0)?"),
    OpCase("aten.index.Tensor", (f32(4, 3), [ids(6)])),
    OpCase("aten.index.Tensor", (f32(4, 3), [ids(2, 3, low=-4)])),
    OpCase("aten.index.Tensor", (f32(2, 4, 3), [None, ids(2, 2)])),
    OpCase("aten.index.Tensor", (f32(4, 4, 3), [ids(5), ids(5)])),
    OpCase("aten.index.Tensor", (f32(2, 4, 4, 3), [None, ids(5), ids(2, 1)])),
    OpCase("aten.index.Tensor", (f32(4, 2, 4, 3), [ids(5), None, ids(5)])),
    OpCase("aten.index.Tensor", (f32(4, 2, 4), [ids(5, low=-4), None, ids(1)])),
    OpCase("aten.index.Tensor", (f32(2, 4, 4, lies="transposed"), [None, None, ids(3, low=-4)])),
    OpCase("aten.index.Tensor", (i64("s", 6), [ids("s", 1, high=2), ids(1, 3)]), sizes=_SIZES),
    OpCase("aten.index.Tensor", (f32(4, 4), [ids(), ids(3)])),
    OpCase("aten.index.Tensor", (f32(4, 4), [ids()])),
    OpCase("aten.index.Tensor", (model(4, 4), [None, _I32])),
    OpCase("aten.index.Tensor", (boolean(4, 4), [ids(2, 2)])),
    OpCase("aten.index.Tensor", (f32(4), [ids(0)])),
    OpCase("aten.index.Tensor", (f32(4, 3), [boolean(4)])),
    OpCase("aten.index.Tensor", (f32(2, 4, 3, lies="transposed"), [boolean(2, 4)])),
    OpCase("aten.index.Tensor", (model(2, 4, 3), [None, boolean(4, 3, lies="transposed")])),
    OpCase("aten.index.Tensor", (i64(2, 4, 3), [None, boolean(4, values=(0, 1, 1, 0)), None])),
    OpCase("aten.index.Tensor", (f32(4, 3), [boolean(4, values=(0, 0, 0, 0))])),
    OpCase("aten.index.Tensor", (boolean(4), [boolean(4)])),
    OpCase("aten.index.Tensor", (f32(4, 4), [boolean(4), ids(2)]), refused="indices"),
    OpCase("aten.index.Tensor", (f32(4, 4), [boolean()]), refused="indices"),
    OpCase("aten.index_put.default", (f32(4, 3), [i64(2, values=(3, 1))], f32(2, 3))),
    OpCase("aten.index_put.default", (f32(4, 3), [i64(2, values=(-1, 1))], f32(1))),
    OpCase(
        "aten.index_put.default",
        (f32(4, 3, lies="transposed"), [i64(2, values=(3, 1)), i64(2, values=(0, -1))], f32(2)),
    ),
    OpCase("aten.index_put.default", (f32(4, 3), [ids(6)], f32(6, 3), True)),
    OpCase("aten.index_put.default", (i64(4, 4), [ids(6), ids(6)], i64(), True)),
    OpCase("aten.index_put.default", (f32(4, 3), [boolean(4, 3)], f32())),
    OpCase("aten.index_put.default", (f32(4, 3), [boolean(4)], f32(1))),
    OpCase("aten.index_put.default", (f32(4, 3), [boolean(4)], f32(3))),
    OpCase("aten.index_put.default", (f32(4, 3), [boolean(4)], f32(1, 3))),
    OpCase("aten.index_put.default", (f32(2, 4, 3), [boolean(2, 4)], f32(1, 1))),
    OpCase("aten.index_put.default", (f32(2, 4, 3, lies="transposed"), [boolean(2)], f32(4, 1))),
    OpCase("aten.index_put.default", (i64("s", 4, 3), [boolean("s", 4)], i64(3)), sizes=_SIZES),
    OpCase("aten.index_put.default", (f32(4, 3), [boolean(4)], f32(3), True), refused="indices"),
    OpCase(
        "aten.index_put.default",
        (f32(4, 3), [boolean(4, values=(1, 0, 1, 0))], f32(2, 3)),
    ),
    OpCase(
        "aten.index_put.default",
        (
            f32(2, 4, 3, lies="transposed"),
            [boolean(2, 4, values=(1, 0, 1, 0, 0, 0, 1, 1))],
            f32(4, 1),
        ),
    ),
    OpCase("aten.index_put.default", (model(3), [boolean(3, values=(1, 0, 1))], model(2))),
    OpCase("aten.index_put.default", (i64(3, 2), [boolean(3, values=(0, 0, 0))], i64(0, 2))),
    OpCase("aten.index_put.default", (f32(4), [boolean()], f32(4)), refused="indices"),
    OpCase("aten.scatter.src", (f32(2, 5), 1, i64(2, 2, values=(0, 3, 4, 1)), f32(2, 2))),
    OpCase("aten.scatter.src", (f32(2, 5), 1, i64(2, 2, values=(0, 3, 4, 1)), f32(2, 3))),
    OpCase(
        "aten.scatter.src",
        (
            f32(5, 2, lies="transposed"),
            0,
            i64(2, 2, values=(0, 3, 4, 1)),
            f32(2, 2, lies="transposed"),
        ),
    ),
    OpCase("aten.scatter.src", (f32(3, 5), 1, ids(2, 2), f32(2, 2))),
    OpCase("aten.scatter_add.default", (f32(2, 4), 1, ids(2, 6), f32(2, 6))),
    OpCase("aten.scatter_add.default", (i64(4, 2), 0, ids(3, 2), i64(3, 2))),
    OpCase("aten.scatter.value", (f32(2, 5), 1, ids(2, 3), 1.0)),
    OpCase("aten.scatter.value", (model(2, 5), -1, ids(2, 3), -2)),
    OpCase("aten.scatter.value", (boolean(5, 2, lies="transposed"), 0, ids(1, 2), True)),
    OpCase("aten.scatter.value", (f32(3, 5), 1, ids(2, 2), 1.0)),
    OpCase("aten.index_add.default", (f32(4, 3), 0, ids(6), f32(6, 3))),
    OpCase("aten.index_add.default", (f32(3, 4), 1, ids(6), f32(3, 6, lies="transposed"))),
    OpCase("aten.index_add.default", (f32(4), 0, ids(6), f32(6)), {"alpha": 2}),
    OpCase("aten.index_add.default", (boolean(4), 0, ids(6), boolean(6)), refused="self"),
    OpCase("aten.scatter_add.default", (boolean(4), 0, ids(6), boolean(6)), refused="self"),
    OpCase("aten.index_put.default", (boolean(4), [ids(6)], boolean(6), True), refused="self"),
]
