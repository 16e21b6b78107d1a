"""Rows of softmax and attention."""

from ops.case import ModelDType, OpCase, bf16, boolean, f16, f32, f64, i64, model
from pycandle.ir.types import DTypeConstant

_SIZES = ({"n": 2, "s": 3}, {"n": 1, "s": 6})
_SDPA = "aten.scaled_dot_product_attention.default"
_INF = float("inf")
_F32 = DTypeConstant("float32")


def heads(*shape, **options):
    return f32(*shape, **options)


_Q, _KV = f32(2, 4, 5, 8), f32(2, 4, 7, 8)
_HIDDEN = tuple(
    value for row in range(5) for value in ([0] * 7 if row == 2 else [1, 0, 1, 1, 0, 1, 1])
)

CASES = [
    OpCase("aten.softmax.int", (f32(2, 3), -1), rust="candle_nn::ops::softmax_last_dim(a)?"),
    OpCase("aten.softmax.int", (f32(2, 3), 0), rust="candle_nn::ops::softmax(a, 0)?"),
    OpCase("aten.softmax.int", (f32(4, 3, lies="transposed"), 1)),
    OpCase("aten.softmax.int", (f32(4, 3, lies="broadcast"), 1)),
    OpCase("aten.softmax.int", (f64("n", "s"), 1), sizes=_SIZES),
    OpCase("aten.softmax.int", (bf16(2, 600), 1)),
    OpCase("aten.softmax.int", (model(2, 600), 1)),
    OpCase("aten.softmax.int", (model(600, 2), 0)),
    OpCase("aten.softmax.int", (model(2, 5), 1, _F32)),
    OpCase("aten.softmax.int", (f16(2, 5), 1, _F32)),
    OpCase("aten.softmax.int", (f32(2, 5), 1, ModelDType())),
    OpCase("aten.softmax.int", (i64(2, 5), 1, _F32)),
    OpCase("aten.softmax.int", (f32(1, 3, values=(-_INF, 0.0, 1.0)), 1)),
    OpCase("aten.softmax.int", (f32(1, 3, values=(-_INF, -_INF, -_INF)), 1)),
    OpCase("aten.softmax.int", (f32(5, 0), -1)),
    OpCase("aten.log_softmax.int", (f32(5, 0), -1)),
    OpCase("aten.softmax.int", (f32(), 0)),
    OpCase("aten.softmax.int", (f64(values=(float("nan"),)), -1)),
    OpCase("aten.softmax.int", (f32(values=(float("-inf"),)), 0)),
    OpCase("aten.log_softmax.int", (f32(), -1)),
    OpCase("aten.log_softmax.int", (f32(2, 3), -1), rust="candle_nn::ops::log_softmax(a, 1)?"),
    OpCase("aten.log_softmax.int", (f32(4, 3, lies="transposed"), 0)),
    OpCase("aten.log_softmax.int", (model(2, 600), 1)),
    OpCase("aten.log_softmax.int", (f32(1, 3, values=(-_INF, 0.0, 1.0)), 1)),
    OpCase(_SDPA, (_Q, _KV, _KV)),
    OpCase(_SDPA, (_Q, _KV, f32(2, 4, 7, 3)), {"scale": 0.5}),
    OpCase(_SDPA, (_Q, _KV, _KV, f32(5, 7))),
    OpCase(_SDPA, (_Q, _KV, _KV, f32(2, 1, 5, 7))),
    OpCase(_SDPA, (_Q, _KV, _KV, boolean(5, 7, values=_HIDDEN))),
    OpCase(_SDPA, (_Q, _KV, _KV, f32(5, 7, values=tuple(0.0 if v else -_INF for v in _HIDDEN)))),
    OpCase(_SDPA, (_Q, _KV, _KV, boolean(2, 4, 5, 7, low=0, high=2))),
    OpCase(_SDPA, (_Q, _Q, _Q, None, 0.0, True)),
    OpCase(_SDPA, (_Q, _KV, _KV, None, 0.0, True)),
    OpCase(_SDPA, (f32(2, 4, 7, 8), f32(2, 4, 5, 8), f32(2, 4, 5, 8), None, 0.0, True)),
    OpCase(
        _SDPA,
        (
            f32(2, 4, 5, 8, lies="transposed"),
            f32(2, 4, 7, 8, lies="transposed"),
            f32(2, 4, 7, 8, lies="broadcast"),
        ),
    ),
    OpCase(_SDPA, (_Q, f32(2, 2, 7, 8), f32(2, 2, 7, 8)), {"enable_gqa": True}),
    OpCase(_SDPA, (_Q, f32(2, 1, 5, 8), f32(2, 1, 5, 8), None, 0.0, True), {"enable_gqa": True}),
    OpCase(
        _SDPA,
        (
            model("n", 2, "s", 4),
            model("n", 2, "s", 4),
            model("n", 2, "s", 4),
            boolean("n", 1, "s", "s", values=None),
        ),
        {"scale": 0.25},
        sizes=_SIZES,
    ),
    OpCase(_SDPA, (model(2, 2, 3, 16), model(2, 2, 400, 16), model(2, 2, 400, 16))),
    OpCase(_SDPA, (model(2, 2, 3, 16), model(2, 2, 9, 16), model(2, 2, 9, 16), model(2, 1, 3, 9))),
    OpCase(_SDPA, (f32(3, 5, 8), f32(3, 5, 8), f32(3, 5, 8))),
    OpCase(_SDPA, (f32(5, 8), f32(5, 8), f32(5, 8), None, 0.0, True)),
    OpCase(_SDPA, (f64(1, 2, 5, 8), f64(1, 2, 5, 8), f64(1, 2, 5, 8))),
    OpCase(_SDPA, (_Q, _KV, _KV, None, 0.1), refused="dropout_p"),
    OpCase(_SDPA, (_Q, f32(1, 4, 7, 8), f32(1, 4, 7, 8))),
    OpCase(_SDPA, (_Q, f32(1, 1, 7, 8), f32(1, 1, 7, 8), f32(2, 1, 5, 7))),
    OpCase(_SDPA, (_Q, f32(7, 8), f32(7, 8), boolean(5, 7, values=_HIDDEN))),
    OpCase(_SDPA, (f32(5, 8), _KV, _KV, None, 0.0, True)),
    OpCase(_SDPA, (f32(3, 2, 4, 5, 8), f32(3, 2, 4, 7, 8), f32(3, 2, 4, 7, 6)), {"scale": 0.3}),
    OpCase(_SDPA, (f32(3, 2, 4, 5, 8, lies="transposed"), _KV, _KV, f32(4, 5, 7))),
    OpCase(_SDPA, (f32(0, 2, 4, 5, 8), f32(0, 2, 4, 7, 8), f32(0, 2, 4, 7, 6))),
    OpCase(
        _SDPA,
        (model("n", 2, 2, "s", 4), model("n", 2, 2, "s", 4), model("n", 2, 2, "s", 4)),
        sizes=_SIZES,
    ),
    OpCase(_SDPA, (_Q, f32(7, 8), f32(7, 8)), {"enable_gqa": True}, refused="key"),
    OpCase(_SDPA, (f32(8), f32(7, 8), f32(7, 8)), refused="query"),
    OpCase(_SDPA, (i64(2, 4, 8), i64(2, 4, 8), i64(2, 4, 8)), refused="query"),
]
