"""Rows of images at the places of a grid."""

from ops.case import OpCase, f16, f32, f64, i64, model

_ANY, _TWO, _THREE = (
    f"aten.{name}.default" for name in ("grid_sampler", "grid_sampler_2d", "grid_sampler_3d")
)
_IMAGE, _GRID = f32(2, 3, 5, 6), f32(2, 4, 3, 2, low=-1.6, high=1.6)
_SIZES = ({"n": 1, "h": 4, "p": 3}, {"n": 2, "h": 7, "p": 1})
_ENDS = f32(1, 1, 4, 2, values=(-1.0, 1.0, 0.0, 0.0, 1.0, -1.0, 0.5, -0.5))
_LOST = f32(1, 1, 2, 2, values=(float("nan"), 1.0, float("inf"), 2.0))

CASES = [
    OpCase(_TWO, (_IMAGE, _GRID, 0, 0, False), rust="runtime::grid_sampler(a, b, 0, 0, false)?"),
    *(
        OpCase(_ANY, (_IMAGE, _GRID, mode, padding, corners))
        for mode in (0, 1, 2)
        for padding in (0, 1, 2)
        for corners in (False, True)
    ),
    *(
        OpCase(_THREE, (f32(2, 3, 4, 5, 3), f32(2, 2, 3, 2, 3, low=-1.6, high=1.6), *numbers))
        for numbers in ((0, 0, False), (0, 1, True), (1, 0, False), (1, 2, True), (0, 2, False))
    ),
    *(OpCase(_ANY, (f32(1, 2, 3, 4), _ENDS, mode, 0, True)) for mode in (0, 1, 2)),
    *(OpCase(_ANY, (f32(1, 2, 1, 1), _ENDS, 0, padding, True)) for padding in (0, 1, 2)),
    OpCase(
        _ANY, (f32(2, 3, 5, 6, lies="transposed"), f32(2, 4, 3, 2, lies="broadcast"), 0, 0, False)
    ),
    OpCase(
        _ANY, (f32(2, 3, 5, 6, lies="broadcast"), f32(2, 4, 3, 2, lies="transposed"), 0, 1, False)
    ),
    OpCase(_ANY, (_LOST, f32(1, 1, 2, 2, values=(1.0, 1.0, -1.0, 1.0)), 0, 0, True)),
    OpCase(_ANY, (f64(2, 3, 5, 6), f64(2, 4, 3, 2, low=-1.0, high=1.0), 0, 0, False)),
    OpCase(_ANY, (f64(2, 3, 5, 6), f64(2, 4, 3, 2, low=-1.0, high=1.0), 1, 1, False)),
    OpCase(_ANY, (model("n", 3, "h", 6), model("n", "p", 3, 2), 0, 0, False), sizes=_SIZES),
    OpCase(_ANY, (f32("n", 3, "h", 6), f32("n", "p", 3, 2), 1, 1, False), sizes=_SIZES),
    OpCase(_ANY, (f32(2, 3, 5, 6), f32(2, 0, 3, 2), 0, 0, False)),
    OpCase(_ANY, (f16(1, 3, 5, 6), f32(1, 4, 3, 2), 0, 0, False), refused="grid"),
    OpCase(_ANY, (i64(1, 3, 5, 6), i64(1, 4, 3, 2), 0, 0, False), refused="input"),
    OpCase(
        _THREE, (f32(1, 3, 5, 6, 2), f32(1, 4, 3, 2, 3), 2, 0, False), refused="interpolation_mode"
    ),
    OpCase(_ANY, (_IMAGE, _GRID, 0, 3, False), refused="padding_mode"),
    OpCase(_ANY, (_IMAGE, _GRID, 3, 0, False), refused="interpolation_mode"),
]
