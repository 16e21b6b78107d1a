"""Rows of signs, neighbours and closeness."""

from ops.case import OpCase, T, bf16, boolean, f16, f32, f64, i64, model

_INF, _NAN = float("inf"), float("nan")
_ODD = f32(8, values=(_NAN, _INF, -_INF, 0.0, -0.0, 1.5, -1.5, 1e-30))
_PAIR = (
    f32(7, values=(_NAN, 1.0, _NAN, _INF, -0.0, 2.0, 3.0)),
    f32(7, values=(1.0, _NAN, _NAN, 1.0, 0.0, 2.0, -3.0)),
)

CASES = [
    OpCase("aten.sgn.default", (_ODD,)),
    OpCase("aten.sgn.default", (i64(4),)),
    OpCase("aten.sgn.default", (boolean(4),)),
    OpCase("aten.sgn.default", (model(3, 4, lies="transposed"),)),
    OpCase("aten.signbit.default", (_ODD,)),
    OpCase("aten.signbit.default", (i64(4),)),
    OpCase("aten.signbit.default", (model(3, 4),)),
    OpCase("aten.isposinf.default", (_ODD,)),
    OpCase("aten.isneginf.default", (_ODD,)),
    OpCase("aten.isneginf.default", (model(3),)),
    OpCase("aten.isposinf.default", (i64(3),)),
    OpCase("aten.isneginf.default", (i64(3),)),
    OpCase("aten.isreal.default", (f32(2, 3),)),
    *(
        OpCase(f"aten.{name}.default", (f32(2, 3, lies="transposed"),), rust="a")
        for name in ("conj_physical", "positive", "real", "resolve_conj", "resolve_neg")
    ),
    OpCase("aten.angle.default", (_ODD,)),
    OpCase("aten.angle.default", (i64(4),)),
    OpCase("aten.angle.default", (model(3, 4),)),
    OpCase("aten.frac.default", (f32(5, values=(-1.25, 1.75, _INF, _NAN, 0.5)),)),
    OpCase("aten.frac.default", (model(3, 4, lies="transposed"),)),
    OpCase("aten.frac.default", (i64(3),), refused="self"),
    *(
        OpCase(f"aten.{name}.default", operands)
        for name in ("fmax", "fmin", "heaviside")
        for operands in (_PAIR, (f32(2, 3), f32(3)), (model(4, 3, lies="transposed"), model(3)))
    ),
    OpCase("aten.fmax.default", (i64(3), i64(3))),
    OpCase("aten.fmin.default", (T((2, 3), "int32"), T((3,), "int32"))),
    OpCase("aten.nextafter.default", _PAIR),
    OpCase("aten.nextafter.default", (f64(2, 3), f64(3))),
    OpCase("aten.nextafter.default", (bf16(3), bf16(3)), refused="self"),
    OpCase("aten.frexp.Tensor", (f32(7, values=(0.0, 1.0, -3.5, 1e-40, 1e30, 0.5, -0.75)),)),
    OpCase("aten.frexp.Tensor", (f16(3, 4, lies="transposed"),)),
    *(
        OpCase("aten.round.decimals", (f32(6, low=-99.0, high=99.0),), {"decimals": places})
        for places in (-1, 0, 2)
    ),
    OpCase("aten.round.decimals", (model(3),), {"decimals": 1}),
    OpCase("aten.float_power.Tensor_Tensor", (f32(4, low=0.1, high=3.0), i64(4))),
    OpCase("aten.float_power.Tensor_Tensor", (i64(4, low=1), f32(2, 4))),
    OpCase("aten.float_power.Tensor_Scalar", (f32(4, low=0.1, high=3.0), 2.5)),
    OpCase("aten.float_power.Scalar", (2, f32(4))),
    OpCase("aten.isclose.default", _PAIR),
    OpCase("aten.isclose.default", (*_PAIR, 0.5, 1.0, True)),
    OpCase("aten.isclose.default", (f32(2, 3), f32(3), 0.3, 0.1)),
    OpCase("aten.isclose.default", (i64(2, 3), i64(3), 0.1, 1.0)),
    OpCase("aten.isclose.default", (T((3,), "bool"), boolean(3))),
]
