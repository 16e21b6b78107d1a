"""Rows of exponential, trigonometric and hyperbolic functions."""

from ops.case import OpCase, T, boolean, f32, f64, i64, model

_ANY = ("cos", "erf", "exp", "expm1", "sin", "atan", "tan", "sinh", "cosh", "exp2")
_POSITIVE = ("log", "log1p", "log2", "log10")
_UNIT = ("acos", "asin")
_ALL = [
    *((f"aten.{name}.default", {}) for name in _ANY),
    *((f"aten.{name}.default", {"low": 0.1, "high": 5.0}) for name in _POSITIVE),
    *((f"aten.{name}.default", {"low": -1.0, "high": 1.0}) for name in _UNIT),
]
_INF = float("inf")

CASES = [
    OpCase("aten.log.default", (f32(3, values=(0.0, -1.0, _INF)),)),
    OpCase("aten.exp.default", (f32(4, values=(100.0, -200.0, -_INF, float("nan"))),)),
    OpCase("aten.acos.default", (f32(2, values=(2.0, -1.0)),)),
    OpCase("aten.expm1.default", (f32(3, values=(1e-8, -1e-6, 3.0)),)),
    OpCase("aten.log1p.default", (f32(3, values=(1e-8, -1e-6, -1.0)),)),
    OpCase("aten.atan2.default", (f32(4, values=(0.0, 1.0, -1.0, 0.0)), f32(4))),
    OpCase("aten.atan2.default", (f32(2, 3), f32(3))),
    OpCase("aten.atan2.default", (model(4, 3, lies="transposed"), model(3))),
    OpCase("aten.atan2.default", (i64(3), f32(3))),
    OpCase("aten.atan2.default", (f64(3), i64(3))),
    OpCase("aten.atan2.default", (i64(3), boolean(3))),
    *(
        OpCase(name, (T((2, 5), dtype, **values),))
        for name, values in _ALL
        for dtype in ("float32", "float64", "float16", "bfloat16")
    ),
    *(
        OpCase(name, (f32(3, 4, lies=lies, **values),))
        for name, values in _ALL
        for lies in ("transposed", "narrowed", "broadcast")
    ),
    *(OpCase(name, (model(6, **values),)) for name, values in _ALL),
    *(OpCase(name, (f32(0, 3, **values),)) for name, values in _ALL),
    *(OpCase(name, (f32(**values),)) for name, values in _ALL),
    *(OpCase(name, (x,)) for name, _ in _ALL for x in (i64(2, 3, low=0), T((4,), "int16", low=0))),
    *(OpCase(name, (boolean(3),)) for name, _ in _ALL),
]
