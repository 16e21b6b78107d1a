"""Rows of comparisons, extremes of two tensors, and bounds."""

from ops.case import OpCase, T, bf16, boolean, f16, f32, f64, i64, model
from pycandle.ir.sizes import Symbol

_OPS = ("eq", "ne", "lt", "le", "gt", "ge")
_SMALL = {"low": -2, "high": 3}
_NAN = f32(4, values=(float("nan"), 1.0, float("inf"), float("-inf")))
_SIZE = Symbol("s0")
_TWO = ({"s0": 2}, {"s0": 5})

CASES = [
    OpCase("aten.le.Tensor", (i64(2, 1, 1, 7), i64(2, 1, 7, 1)), rust="a.broadcast_le(b)?"),
    OpCase("aten.eq.Tensor", (i64(7), i64(7)), rust="a.eq(b)?"),
    OpCase("aten.ge.Scalar", (i64(7), 0), rust="a.ge(0i64)?"),
    OpCase("aten.gt.Scalar", (f32(7), 0.5), rust="a.gt(0.5)?"),
    OpCase("aten.gt.Scalar", (i64(7), 0.5), rust="a.to_dtype(DType::F32)?.gt(0.5)?"),
    OpCase("aten.ne.Scalar", (boolean(7), True), rust=None),
    OpCase("aten.ne.Scalar", (T((4,), "int32"), 2**40), refused="other"),
    OpCase("aten.eq.Scalar", (T((3,), "uint8", values=(1, 200, 255)), 200)),
    OpCase("aten.eq.Scalar", (T((3,), "uint8", values=(1, 200, 255)), -1), refused="other"),
    OpCase("aten.eq.Scalar", (i64(2, values=(2**60, 1)), 2**60)),
    OpCase("aten.eq.Tensor", (1, i64(2)), refused="self"),
    OpCase("aten.eq.Tensor", (f16(3), model(3)), refused="self"),
    OpCase("aten.lt.Scalar", (i64(7), _SIZE), sizes=_TWO, rust="a.lt(s0 as i64)?"),
    OpCase("aten.isnan.default", (_NAN,), rust="a.ne(a)?"),
    OpCase("aten.isinf.default", (_NAN,)),
    OpCase("aten.isfinite.default", (_NAN,)),
    OpCase("aten.isfinite.default", (i64(3),)),
    OpCase("aten.clamp_min.Tensor", (f32(2, 3), f32(3))),
    OpCase("aten.clamp_max.Tensor", (f32(2, 3), model(2, 3))),
    OpCase("aten.isinf.default", (i64(3),)),
    *(
        OpCase(f"aten.{name}.Tensor", args)
        for name in _OPS
        for args in (
            (i64(2, 3, **_SMALL), i64(2, 3, **_SMALL)),
            (i64(2, 3, **_SMALL), f32(3)),
            (f32(3, 4, lies="transposed"), f32(3, 4)),
            (f32(3, 4), f32(3, 4, lies="broadcast")),
            (f32(), f32(2, 3)),
            (f64(3), f32(2, 3)),
            (model(3), f32(2, 3)),
            (model(3), f32()),
            (f16(3), bf16(3)),
            (boolean(2, 3), boolean(3)),
            (boolean(2, 3), i64(3, **_SMALL)),
            (f32(0, 3), f32(3)),
            (_NAN, _NAN),
        )
    ),
    *(OpCase(f"aten.{name}.Tensor", (f32("s0", 3), f32("s0", 1)), sizes=_TWO) for name in _OPS),
    *(
        OpCase(f"aten.{name}.Scalar", args)
        for name in _OPS
        for args in ((i64(2, 3, **_SMALL), 1), (f32(4, values=(0.5, 1.0, -1.0, 0.0)), 1), (_NAN, 1))
    ),
    *(
        OpCase(f"aten.{name}", args)
        for name in ("maximum.default", "minimum.default", "max.other", "min.other")
        for args in (
            (i64(7, 7), i64(7, 7)),
            (f32(2, 3), f32(3)),
            (i64(3), f32(2, 3)),
            (model(3), f32(2, 3)),
            (f32(3, 4, lies="transposed"), f32(3, 4, lies="broadcast")),
            (boolean(3), boolean(3)),
        )
    ),
    OpCase("aten.clamp.default", (f32(9), -0.5, 0.5), rust="a.clamp(-0.5, 0.5)?"),
    OpCase("aten.clamp.default", (f32(9), 0.5, -0.5)),
    OpCase("aten.clamp.default", (f32(9),), {"max": 0.5}, rust="a.minimum(0.5)?"),
    OpCase("aten.clamp.default", (f32(9), 0), rust="a.maximum(0.0)?"),
    OpCase("aten.clamp.default", (i64(9), -2, 3), rust="a.clamp(-2i64, 3i64)?"),
    OpCase("aten.clamp.default", (i64(9), 0.5)),
    OpCase("aten.clamp.default", (i64(9), 0, _SIZE), sizes=_TWO),
    OpCase("aten.clamp.default", (_NAN, -1.0, 1.0)),
    OpCase("aten.clamp.default", (model(9), -0.3, 0.3)),
    OpCase("aten.clamp.default", (f32(3, 4, lies="transposed"), -0.3, 0.3)),
    OpCase("aten.clamp_min.default", (f32(9), 0.1)),
    OpCase("aten.clamp_min.default", (i64(9), 1)),
    OpCase("aten.clamp_max.default", (f32(9), 0.1)),
    OpCase("aten.clamp.Tensor", (f32(2, 3), f32(3), None)),
    OpCase("aten.clamp.Tensor", (f32(*_NAN.shape), _NAN, _NAN)),
    *(
        OpCase(f"aten.{name}.default", args)
        for name in ("maximum", "minimum")
        for args in ((_NAN, f32(*_NAN.shape)), (f32(*_NAN.shape), _NAN), (f32(2, 1), _NAN))
    ),
    OpCase("aten.clamp.Tensor", (f32(2, 3), f32(3), f32(2, 1))),
    OpCase("aten.clamp.Tensor", (model(2, 3), None, model())),
]
