"""Rows of exponential, trigonometric and hyperbolic functions."""

from ops.case import OpCase, T, boolean, f32, i64, model

_ANY = ("cos", "erf", "exp", "expm1", "sin", "atan", "tan", "sinh", "cosh", "exp2")
_ANY += ("asinh", "deg2rad", "rad2deg", "sinc")
_POSITIVE = ("log", "log1p", "log2", "log10")
_UNIT = ("acos", "asin", "atanh")
_ALL = [
    *((f"aten.{name}.default", {}) for name in _ANY),
    *((f"aten.{name}.default", {"low": 0.1, "high": 5.0}) for name in _POSITIVE),
    *((f"aten.{name}.default", {"low": -1.0, "high": 1.0}) for name in _UNIT),
]
_INF, _NAN = float("inf"), float("nan")

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
    OpCase("aten.atan2.default", (f32(3), i64(3))),
    OpCase("aten.atan2.default", (i64(3), i64(3))),
    OpCase("aten.arctan2.default", (f32(3), f32(3))),
    OpCase("aten.acosh.default", (f32(5, values=(1.0, 1.5, 20.0, 0.5, _INF)),)),
    OpCase("aten.acosh.default", (model(3, 4, low=1.0, high=9.0, lies="transposed"),)),
    OpCase("aten.logit.default", (f32(5, values=(0.0, 1.0, 0.3, -1.0, 2.0)),)),
    OpCase("aten.logit.default", (f32(5, values=(0.0, 1.0, 0.3, -1.0, 2.0)), 0.25)),
    OpCase("aten.logit.default", (model(2, 3, low=0.1, high=0.9),)),
    OpCase("aten.logit.default", (i64(3, low=0, high=2), 0.1)),
    OpCase("aten.copysign.Tensor", (f32(4), f32(4, values=(0.0, -0.0, -3.0, _NAN)))),
    OpCase("aten.copysign.Tensor", (i64(2, 3), i64(3))),
    OpCase("aten.copysign.Scalar", (f32(4), -0.0)),
    OpCase("aten.hypot.default", (f32(2, 3), f32(3))),
    OpCase("aten.hypot.default", (model(4, 3, lies="transposed"), model(3))),
    OpCase(
        "aten.hypot.default", (f32(3, values=(_INF, 1e30, _NAN)), f32(3, values=(_NAN, 1e30, 1)))
    ),
    OpCase("aten.ldexp.Tensor", (f32(2, 3), i64(3))),
    OpCase("aten.ldexp.Tensor", (i64(3), f32(2, 3))),
    *(
        OpCase(f"aten.{name}.default", operands)
        for name in ("logaddexp", "logaddexp2")
        for operands in (
            (f32(2, 3), f32(3)),
            (model(2, 3, low=-90.0, high=90.0), model(3)),
            (f32(3, values=(_INF, -_INF, _NAN)), f32(3, values=(_INF, -_INF, 1.0))),
            (f32(3, values=(_INF, -_INF, 1.0)), f32(3, values=(-_INF, 1.0, 90.0))),
        )
    ),
    OpCase(
        "aten.xlogy.Tensor",
        (f32(4, values=(0.0, 0.0, 1.0, 2.0)), f32(4, values=(0.0, _NAN, 0.0, 3.0))),
    ),
    OpCase("aten.xlogy.Tensor", (i64(2, 3), f32(3, low=0.1, high=2.0))),
    OpCase("aten.xlogy.Tensor", (model(2, 3), model(2, 3, low=0.1, high=2.0))),
    OpCase("aten.xlogy.Scalar_Other", (f32(4), 2.5)),
    OpCase("aten.xlogy.Scalar_Self", (2, model(4, low=0.1, high=2.0))),
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
    *(OpCase(name, (i64(3, values=(0, 1, 0)),)) for name, _ in _ALL),
    *(OpCase(name, (boolean(3),)) for name, _ in _ALL),
    *(OpCase(name, (f32(4, values=(_NAN, _INF, -_INF, -0.0)),)) for name, _ in _ALL),
]
