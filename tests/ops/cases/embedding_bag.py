"""Rows of bags of rows of a table."""

from ops.case import OpCase, T, boolean, f32, f64, i64, model

_BAG = "aten.embedding_bag.padding_idx"
_TABLE = f32(6, 3)
_IDS, _STARTS = i64(6, values=(0, 2, 5, 1, 1, 3)), i64(4, values=(0, 2, 2, 5))
_ENDS = i64(5, values=(0, 2, 2, 5, 6))
_SHORT = T((4,), "int32", values=(0, 2, 2, 5)), T((6,), "int32", values=(0, 2, 5, 1, 1, 3))

CASES = [
    *(
        OpCase(_BAG, (table, _IDS, _STARTS, False, mode, False, None, False, padding))
        for table in (_TABLE, f64(6, 3), model(6, 3))
        for mode in (0, 1, 2)
        for padding in (None, 1)
    ),
    *(OpCase(_BAG, (_TABLE, _IDS, _ENDS, False, mode, False, None, True, 5)) for mode in (0, 1, 2)),
    OpCase(_BAG, (_TABLE, _IDS, _STARTS, True, 0, True, f32(6), False, 1)),
    OpCase(_BAG, (_TABLE, _SHORT[1], _SHORT[0], False, 1, False, None, False, 1)),
    OpCase(_BAG, (f32(6, 3, lies="transposed"), _IDS, _STARTS, False, 1, False, None, False, 1)),
    OpCase(_BAG, (_TABLE, i64(0), i64(2, values=(0, 0)), False, 1, False, None, False, None)),
    OpCase(_BAG, (_TABLE, _IDS, i64(1, values=(0,)), False, 2, False, None, False, None)),
    OpCase(_BAG, (_TABLE, _IDS, _STARTS, False, 1, False, f32(6), False, None), refused="mode"),
    OpCase(
        _BAG,
        (_TABLE, _IDS, _STARTS, False, 0, False, f64(6), False, None),
        refused="per_sample_weights",
    ),
    OpCase(
        _BAG, (_TABLE, boolean(6), _STARTS, False, 0, False, None, False, None), refused="indices"
    ),
    OpCase(_BAG, (_TABLE, _IDS, f32(4), False, 0, False, None, False, None), refused="offsets"),
    OpCase(_BAG, (_TABLE, _IDS, _STARTS, False, 3, False, None, False, None), refused="mode"),
    OpCase(_BAG, (i64(6, 3), _IDS, _STARTS, False, 0, False, None, False, None), refused="weight"),
    OpCase(
        _BAG,
        (
            f32(5, 3),
            i64(6, values=(4, 1, 1, 0, 4, 4)),
            i64(2, values=(0, 3)),
            False,
            2,
            False,
            None,
            False,
            -1,
        ),
    ),
]
