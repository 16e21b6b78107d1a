"""Rows of activation functions that make 0, or a number, of what is near it."""

from ops.case import OpCase, f32, f64, i64, model

_INF = float("inf")
_SHRINK = [("hardshrink", ()), ("hardshrink", (0.9,)), ("softshrink", ()), ("softshrink", (0.9,))]
_ALL = [
    *_SHRINK,
    ("threshold", (0.3, -2.0)),
    ("threshold", (-0.1, 20)),
    ("rrelu", ()),
    ("rrelu", (0.1, 0.2)),
]
_ODD = f32(8, values=(0.5, -0.5, 0.3, 0.0, -0.0, _INF, -_INF, float("nan")))

CASES = [
    *(
        OpCase(f"aten.{name}.default", (x, *rest))
        for name, rest in _ALL
        for x in (
            _ODD,
            f32(3, 4, lies="transposed"),
            f32(3, 4, lies="broadcast"),
            f64(5),
            f32(0, 3),
            f32(),
        )
    ),
    *(
        OpCase(f"aten.{name}.default", (model("s", 3), *rest), sizes=({"s": 1}, {"s": 4}))
        for name, rest in _ALL
    ),
    *(OpCase(f"aten.{name}.default", (i64(3), *rest), refused="self") for name, rest in _ALL),
    OpCase("aten.rrelu.default", (f32(3), 0.1, 0.2, True), refused="training"),
]
