"""Rows of reductions."""

from ops.case import OpCase, T, bf16, boolean, f16, f32, f64, i64, model
from pycandle.ir.types import DTypeConstant

_TWO = ({"s0": 2}, {"s0": 5})
_F32 = {"dtype": DTypeConstant("float32")}
_SUMS = ("sum.dim_IntList", "mean.dim")
_INF = float("inf")
_HOLES = f32(2, 3, values=(1.0, float("nan"), 3.0, _INF, float("nan"), 2.0))

_SUM = [
    OpCase("aten.mean.dim", (f32(2, 7, 64), [-1], True), rust="a.mean_keepdim(2)?"),
    OpCase("aten.mean.dim", (f32(2, 4, 7, 7), [2, 3]), rust="a.mean((2, 3))?"),
    OpCase("aten.mean.dim", (model(2, 4, 7, 7), [2, 3], True), rust="a.mean_keepdim((2, 3))?"),
    OpCase("aten.mean.dim", (model(2, 4, 28, 28), [2, 3], True)),
    OpCase("aten.mean.dim", (model(2, 700, low=0.5, high=1.5), [-1])),
    OpCase("aten.sum.dim_IntList", (model(2, 700, low=0.5, high=1.5), [-1], True)),
    OpCase("aten.sum.dim_IntList", (model(700, low=0.5, high=1.5), None)),
    OpCase("aten.sum.dim_IntList", (bf16(2, 700, low=0.5, high=1.5), [1])),
    OpCase("aten.sum.dim_IntList", (boolean(2, 300), [1]), rust=None),
    OpCase("aten.sum.dim_IntList", (T((2, 300), "uint8", low=0, high=255), [1])),
    OpCase("aten.sum.dim_IntList", (i64(2, 3), [0]), _F32),
    OpCase("aten.mean.dim", (i64(2, 3), [0]), _F32),
    OpCase("aten.mean.dim", (model(2, 3), [0]), _F32),
    OpCase("aten.sum.default", (f32(2, 3),), rust="a.sum_all()?"),
    OpCase("aten.sum.default", (boolean(2, 3),)),
    OpCase("aten.sum.default", (f32(),)),
    OpCase("aten.sum.default", (f32(0, 3),)),
    OpCase("aten.sum.default", (f32(7),)),
    OpCase("aten.mean.default", (f32(2, 3),), rust="a.mean_all()?"),
    OpCase("aten.mean.default", (i64(2, 3),), _F32),
    OpCase("aten.mean.default", (model("s0", 3),), sizes=_TWO),
    *(
        OpCase(f"aten.{name}", args)
        for name in _SUMS
        for args in (
            (f32(2, 3, 4), [1]),
            (f32(2, 3, 4), [-3, -1], True),
            (f32(2, 3, 4), []),
            (f32(2, 3, 4), None, True),
            (f32(2, 3, 4), [0, 1, 2]),
            (f64(2, 3), [1]),
            (f16(2, 300), [1]),
            (bf16(2, 3, 4), [0, 2], True),
            (f32(4, 3, lies="transposed"), [0]),
            (f32(4, 3, lies="narrowed"), [1], True),
            (f32(4, 3, lies="broadcast"), [0]),
            (f32(1, 3), [0]),
            (f32(3, values=(_INF, 1.0, float("nan"))), [0]),
        )
    ),
    *(OpCase(f"aten.{name}", (f32("s0", 3), [0]), sizes=_TWO) for name in _SUMS),
    *(OpCase(f"aten.{name}", (model("s0", 3), [0], True), sizes=_TWO) for name in _SUMS),
]

_COUNT = [
    OpCase("aten.count_nonzero.default", (i64(2, 7, low=-1, high=2),)),
    OpCase("aten.count_nonzero.default", (f32(2, 3, values=(0, 1, 2, 0, 0, 3)), 1)),
    OpCase("aten.count_nonzero.default", (boolean(4, 300, lies="transposed"), -1)),
]

_PRODUCT = [
    OpCase("aten.prod.default", (f32(2, 3),)),
    OpCase("aten.prod.default", (i64(2, 3),)),
    OpCase("aten.prod.dim_int", (f32(2, 3), 1)),
    OpCase("aten.prod.dim_int", (f32(2, 3), -2, True)),
    OpCase("aten.prod.dim_int", (i64(2, 3, lies="transposed"), 0)),
    OpCase("aten.prod.dim_int", (boolean(2, 3), 0)),
    OpCase("aten.prod.dim_int", (model(2, 9, low=0.9, high=1.1), 1)),
    OpCase("aten.prod.dim_int", (f32(0, 3), 0)),
    OpCase("aten.prod.dim_int", (f32(), 0)),
]

_LOG_SUM_EXP = [
    OpCase("aten.logsumexp.default", (f32(2, 3), [1])),
    OpCase("aten.logsumexp.default", (f32(2, 3, 4), [0, -1], True)),
    OpCase("aten.logsumexp.default", (f32(2, 2, values=(-_INF, -_INF, 1.0, _INF)), [1])),
    OpCase("aten.logsumexp.default", (model(3, 4, lies="transposed", low=-9.0, high=90.0), [0])),
    OpCase("aten.logsumexp.default", (i64(2, 3), [1])),
]

_MORE = [
    OpCase("aten.count_nonzero.dim_IntList", (i64(2, 7, 3, low=-1, high=2), [0, -1])),
    OpCase("aten.count_nonzero.dim_IntList", (boolean(4, 300, lies="transposed"), [1])),
    *(
        OpCase(f"aten.{name}.default", operands)
        for name in ("nansum", "nanmean")
        for operands in (
            (_HOLES,),
            (_HOLES, [1]),
            (_HOLES, [0], True),
            (f32(3, 4, lies="transposed"), [-1]),
            (model(2, 300), [1]),
            (f32(values=(float("nan"),)),),
        )
    ),
    OpCase("aten.nansum.default", (i64(2, 3), [1])),
    OpCase("aten.nansum.default", (f32(2, 3), [1]), {"dtype": DTypeConstant("float64")}),
    OpCase("aten.nanmean.default", (i64(2, 3), [1]), refused="self"),
    OpCase("aten.sum_to_size.default", (f32(2, 3, 4), [3, 1])),
    OpCase("aten.sum_to_size.default", (T((2, 3, 4), "int32"), [3, 1])),
    OpCase("aten.sum_to_size.default", (f32(2, 3, 4), [1, 3, 4])),
    OpCase("aten.sum_to_size.default", (f32(3, 4), [3, 4]), rust="a"),
    OpCase("aten.sum_to_size.default", (model(2, 3), [3])),
]

CASES = [*_SUM, *_COUNT, *_PRODUCT, *_LOG_SUM_EXP, *_MORE]
