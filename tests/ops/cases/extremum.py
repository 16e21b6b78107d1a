"""Rows of largest and smallest elements."""

from ops.case import OpCase, T, bf16, boolean, f16, f32, f64, i64, model

_TWO = ({"s0": 2}, {"s0": 5})
_TIES = i64(2, 4, values=(3, 1, 3, 1, 2, 2, 2, 2))
_NAN, _INF = float("nan"), float("inf")
_LOST = [x(3, 3, values=(1.0, _NAN, 2.0, _NAN, _INF, _NAN, -_INF, _INF, 0.0)) for x in (f32, f16)]
_WHOLE = ("max", "min", "any", "all")
_DIM = ("max", "min", "any", "all")

CASES = [
    OpCase("aten.max.dim", (f32(2, 3), 1)),
    OpCase("aten.amax.default", (f32(2, 3), [1]), rust="runtime::amax(a, &[1], false)?"),
    OpCase("aten.amax.default", (i64(2, 3), [1]), rust="a.max(1)?"),
    OpCase("aten.max.default", (i64(2, 3),), rust="a.max_all()?"),
    OpCase("aten.argmax.default", (f32(2, 3), 1), rust="runtime::argmax(a, 1, false)?"),
    OpCase("aten.argmax.default", (i64(2, 3), 1), rust="a.argmax(1)?.to_dtype(DType::I64)?"),
    *(OpCase(f"aten.{name}.default", (x, [1])) for name in ("amax", "amin") for x in _LOST),
    *(OpCase(f"aten.{name}.default", (x, 1)) for name in ("argmax", "argmin") for x in _LOST),
    *(OpCase(f"aten.{name}.dim", (x, 1)) for name in ("max", "min") for x in _LOST),
    *(OpCase(f"aten.{name}.default", (x,)) for name in ("max", "min") for x in _LOST),
    OpCase(
        "aten.argmax.default",
        (f32(2, 3), None, True),
    ),
    OpCase("aten.argmin.default", (f32(), 0)),
    OpCase("aten.max.dim", (f32(), 0)),
    OpCase("aten.any.default", (T((3,), "uint8"),)),
    OpCase("aten.any.dims", (boolean(2, 3), [])),
    OpCase("aten.all.dims", (boolean(2, 3), [])),
    OpCase("aten._is_all_true.default", (boolean(2, 3),)),
    *(
        OpCase(f"aten.{name}.default", args)
        for name in ("amax", "amin")
        for args in (
            (f32(2, 3, 4), [0, -1]),
            (f32(2, 3, 4), [0, 1], True),
            (f32(2, 3, 4), []),
            (f32(2, 3, 4), [], True),
            (i64(2, 3), [0]),
            (boolean(2, 3), [0]),
            (f16(2, 3), [0]),
            (bf16(2, 3), [0]),
            (f64(2, 3), [0]),
            (model(2, 3), [1]),
            (f32(), []),
            (f32(4, 3, lies="transposed"), [0]),
            (f32(4, 3, lies="broadcast"), [1]),
        )
    ),
    *(
        OpCase(f"aten.{name}.default", (x,))
        for name in _WHOLE
        for x in (boolean(2, 3), f32(7), i64(4, low=-1, high=2), f32(4, 3, lies="narrowed"), f32())
    ),
    *(
        OpCase(f"aten.{name}.dim", args)
        for name in _DIM
        for args in (
            (f32(2, 3), -1, True),
            (_TIES, 1),
            (f32(4, 3, lies="transposed"), 0),
            (f32(3), 0),
            (model(2, 5), 1),
            (boolean(3, 2), 0),
        )
    ),
    *(OpCase(f"aten.{name}.dim", (f32("s0", 3), 0), sizes=_TWO) for name in _DIM),
    *(
        OpCase(f"aten.{name}.default", args)
        for name in ("argmax", "argmin")
        for args in (
            (_TIES, 1),
            (f32(2, 3, 4),),
            (f32(2, 3, 4), -2, True),
            (f32(4, 3, lies="transposed"),),
            (f32(4, 3, lies="broadcast"), 0),
            (model(2, 7), 1),
        )
    ),
    *(
        OpCase(f"aten.{name}.dims", args)
        for name in ("any", "all")
        for args in ((boolean(2, 3, 4), [0, 2]), (i64(2, 3), None), (f32(2, 3), [1], True))
    ),
    *(
        OpCase("aten.aminmax.default", (x,), options)
        for x in (f32(3, 4), f32(2, 3, values=(1, 2, float("nan"), 4, 5, 6)), i64(3, 4), f32())
        for options in ({}, {"dim": 0}, {"dim": -1, "keepdim": True})
    ),
]
