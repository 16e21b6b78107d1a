"""Rows of losses by the class that a target names."""

from ops.case import OpCase, T, f32, f64, i64, model

_SIZES = ({"n": 1}, {"n": 4})
_WEIGHT = {"low": 0.2, "high": 2.0}
_TARGET = i64(5, values=(0, 3, 1, -100, 2))
_PIXELS = i64(2, 3, low=0, high=4)
_SHARES = {"low": 0.0, "high": 0.6}
_NLL, _CROSS = (
    ("aten.nll_loss.default", "aten.nll_loss_nd.default"),
    "aten.cross_entropy_loss.default",
)
_MULTI, _LABELS = "aten.multi_margin_loss.default", "aten.multilabel_margin_loss.default"
_MANY = i64(2, 4, values=(3, 0, -1, 1, 1, 2, 3, -1))

CASES = [
    *(
        OpCase(name, (f32(5, 4), _TARGET, weight, how))
        for name in _NLL
        for weight in (None, f32(4, **_WEIGHT))
        for how in (0, 1, 2)
    ),
    *(
        OpCase(_CROSS, (f32(5, 4), _TARGET, weight, how, -100, smooth))
        for weight in (None, f32(4, **_WEIGHT))
        for how in (0, 1, 2)
        for smooth in (0.0, 0.3)
    ),
    *(
        OpCase(_CROSS, (f32(5, 4), f32(5, 4, **_SHARES), weight, how, -100, smooth))
        for weight in (None, f32(4, **_WEIGHT))
        for how in (0, 1, 2)
        for smooth in (0.0, 0.3)
    ),
    *(
        OpCase(name, (x, target, None, how))
        for name in (_NLL[1], _CROSS)
        for how in (0, 1)
        for x, target in (
            (f32(4), i64(values=(2,))),
            (f64(5, 4, lies="transposed"), _TARGET),
            (f32(5, 4, lies="broadcast"), _TARGET),
            (f32(2, 4, 3), _PIXELS),
            (f32(2, 4, 3, 2, lies="transposed"), i64(2, 3, 2, low=0, high=4)),
            (f32(0, 4), i64(0)),
            (model(5, 4), _TARGET),
        )
    ),
    *(
        OpCase(name, (f32(4, 4), i64(4, values=(0, 3, 1, 2)), f32(4, **_WEIGHT), 1, 3))
        for name in (*_NLL, _CROSS)
    ),
    *(
        OpCase(name, (f32("n", 4), i64("n", low=0, high=4), None, 0), sizes=_SIZES)
        for name in (*_NLL, _CROSS)
    ),
    OpCase(_CROSS, (f32(2, 4, 3), f32(2, 4, 3, **_SHARES), f32(4), 1, -100, 0.1)),
    OpCase(_CROSS, (f32(2, 4, low=-90.0, high=90.0), i64(2, values=(0, 3)), None, 0)),
    OpCase(_CROSS, (f32(5, 4), f32(5, 4), None, 1, 2), refused="ignore_index"),
    OpCase(_CROSS, (f32(5, 4), i64(5, 4)), refused="target"),
    OpCase(_CROSS, (f32(5, 4), T((5,), "int32")), refused="target"),
    OpCase(_CROSS, (i64(5, 4), i64(5)), refused="self"),
    OpCase(_NLL[0], (f32(5, 4), i64(5), f64(4)), refused="weight"),
    OpCase(_NLL[0], (f32(5, 4), i64(5), None, 3), refused="reduction"),
    OpCase(_NLL[1], (f32(5, 4), i64(5, 4)), refused="target"),
    *(
        OpCase(_MULTI, (f32(5, 4), i64(5, values=(0, 3, 1, 3, 2)), *rest))
        for rest in (
            (),
            (2,),
            (1, 0.5),
            (1, 1, f32(4, **_WEIGHT)),
            (1, 1, None, 0),
            (2, 1, None, 2),
        )
    ),
    OpCase(_MULTI, (f64(4), i64(1, values=(2,)))),
    OpCase(_MULTI, (f32(5, 4), f32(5)), refused="target"),
    *(OpCase(_LABELS, (f32(2, 4), _MANY, how)) for how in (0, 1, 2)),
    OpCase(_LABELS, (f64(4), i64(4, values=(1, -1, 0, 0)))),
    OpCase(_LABELS, (i64(2, 4), _MANY), refused="self"),
]
