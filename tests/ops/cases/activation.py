"""Rows of activation functions."""

from ops.case import OpCase, T, bf16, boolean, f16, f32, f64, i64, model

_SMOOTH = ("silu", "tanh", "sigmoid", "gelu", "mish", "softplus", "log_sigmoid")
_PIECEWISE = (
    "relu",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "relu6",
    "leaky_relu",
    "elu",
    "celu",
    "selu",
)
_ALL = [f"aten.{name}.default" for name in (*_SMOOTH, *_PIECEWISE)]
_OF_INTEGERS = [f"aten.{name}.default" for name in ("relu", "sigmoid", "tanh")]
_WIDE = {"low": -40.0, "high": 40.0}

CASES = [
    OpCase("aten.silu.default", (f32(2, 3),), rust="a.silu()?"),
    OpCase("aten.sigmoid.default", (f32(2, 3),), rust="candle_nn::ops::sigmoid(a)?"),
    OpCase("aten.gelu.default", (f32(2, 3),), rust="a.gelu_erf()?"),
    OpCase("aten.gelu.default", (f32(2, 3),), {"approximate": "tanh"}, rust="a.gelu()?"),
    OpCase("aten.gelu.default", (f32(2, 3),), {"approximate": "x"}, refused="approximate"),
    OpCase("aten.hardtanh.default", (f32(9, **_WIDE), 0.0, 6.0), rust="a.clamp(0.0, 6.0)?"),
    OpCase("aten.hardswish.default", (f32(2, 3),), rust="(a * candle_nn::ops::hard_sigmoid(a)?)?"),
    OpCase("aten.leaky_relu.default", (f32(9), 0.2)),
    OpCase("aten.elu.default", (f32(9), 0.5)),
    OpCase("aten.elu.default", (f32(9), 1.0, 1.05)),
    OpCase("aten.elu.default", (f64(3, 4, lies="transposed"), 0.5, 1.0, 2.0)),
    OpCase("aten.elu.default", (model(9), 0.5, 1.5, 2.0)),
    OpCase("aten.softplus.default", (f32(9, **_WIDE), 2.0, 5.0)),
    OpCase("aten.relu.default", (i64(9),)),
    OpCase("aten.relu.default", (boolean(9),), refused="self"),
    OpCase("aten.celu.default", (f32(9), 2.0)),
    OpCase("aten.celu.default", (f16(9), -0.5)),
    OpCase("aten.celu.default", (f32(3), 0.0), refused="alpha"),
    OpCase("aten.prelu.default", (f32(2, 3, 4), f32(3))),
    OpCase("aten.prelu.default", (f32(2, 3), f32(3))),
    OpCase("aten.prelu.default", (f32(2, 3, 4), f32())),
    OpCase("aten.prelu.default", (f32(), f32(1))),
    OpCase("aten.prelu.default", (f32(), f32())),
    OpCase("aten.prelu.default", (f32(2, 3, 4, 2), f32(1))),
    OpCase("aten.prelu.default", (model(2, 3, 4, 2, lies="transposed"), model(3))),
    OpCase("aten.glu.default", (f32(2, 6),)),
    OpCase("aten.glu.default", (f32(2, 6, 3), 1)),
    OpCase("aten.glu.default", (f32(4, 6, lies="transposed"), -2)),
    OpCase("aten.glu.default", (model("s0", 4),), sizes=({"s0": 2}, {"s0": 5})),
    OpCase("aten.glu.default", (f32("s0", 4), 0), sizes=({"s0": 2}, {"s0": 6})),
    *(OpCase(name, (f32(3, 4, lies=lies),)) for name in _ALL for lies in ("transposed", "offset")),
    *(OpCase(name, (f32(3, 4, lies="broadcast"),)) for name in _ALL),
    *(OpCase(name, (x,)) for name in _ALL for x in (f64(9), f16(9), bf16(9), model(9), f32())),
    *(OpCase(name, (T((7,), **_WIDE),)) for name in _ALL),
    *(OpCase(name, (f32(0, 3),)) for name in _ALL),
    *(OpCase(name, (i64(3),), refused="self") for name in _ALL if name not in _OF_INTEGERS),
    *(OpCase(f"aten.{name}.default", (i64(5),)) for name in ("sigmoid", "tanh")),
    *(OpCase(f"aten.{name}.default", (boolean(3),)) for name in ("sigmoid", "tanh")),
    OpCase("aten.relu.default", (f32(2, 3),), rust="a.maximum(0.0)?"),
    *(
        OpCase(name, (f32(3, values=(float("inf"), float("-inf"), float("nan"))),))
        for name in ("aten.relu.default", "aten.hardtanh.default", "aten.sigmoid.default")
    ),
]
