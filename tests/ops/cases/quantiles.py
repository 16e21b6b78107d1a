"""Rows of elements chosen by their rank or frequency."""

from ops.case import OpCase, boolean, f32, f64, i64, model

_NAN = float("nan")
_HOLES = f32(2, 5, values=(1.0, _NAN, 3.0, 2.0, 5.0, 4.0, 2.0, 2.5, -1.0, 0.0))
_DISTINCT = i64(2, 4, values=(4, 1, 3, 2, 8, 5, 7, 6))
_OFTEN = i64(3, 5, values=(1, 2, 2, 1, 3, 5, 5, 5, 0, 0, 9, 8, 7, 6, 5))
_WAYS = ("linear", "lower", "higher", "midpoint", "nearest")

CASES = [
    *(
        OpCase(f"aten.{name}.dim", operands)
        for name in ("median", "nanmedian")
        for operands in (
            (f32(3, 5), 1),
            (f32(3, 4, 2), -2, True),
            (_HOLES, 1),
            (_HOLES, 0),
            (_DISTINCT, -1),
            (f32(), 0),
            (f64(4, 3, lies="transposed"), 0),
        )
    ),
    *(
        OpCase(f"aten.{name}.default", operands)
        for name in ("median", "nanmedian")
        for operands in ((f32(3, 5),), (_HOLES,), (_DISTINCT,), (f32(),), (model(5),))
    ),
    OpCase("aten.median.default", (f32(0, 3),), refused="self"),
    OpCase("aten.nanmedian.dim", (f32(1, 2, values=(_NAN, _NAN)), 1)),
    OpCase("aten.kthvalue.default", (f32(3, 5), 2)),
    OpCase("aten.kthvalue.default", (f32(3, 5, 2), 5, 1, True)),
    OpCase("aten.kthvalue.default", (_HOLES, 5, 1)),
    OpCase("aten.kthvalue.default", (f32(), 1)),
    OpCase("aten.kthvalue.default", (model(2, 7, lies="transposed"), 1, 0)),
    OpCase("aten.mode.default", (_OFTEN,)),
    OpCase("aten.mode.default", (_OFTEN, 0, True)),
    OpCase("aten.mode.default", (f32(2, 3),)),
    OpCase("aten.mode.default", (boolean(3, 5), 0)),
    *(
        OpCase(f"aten.{name}.scalar", (_HOLES, 0.3, 1), {"interpolation": way})
        for name in ("quantile", "nanquantile")
        for way in _WAYS
    ),
    *(
        OpCase(f"aten.{name}.default", operands)
        for name in ("quantile", "nanquantile")
        for operands in (
            (f32(3, 5), f32(3, values=(0.0, 0.4, 1.0)), 0),
            (f32(3, 5), f32(2, values=(0.1, 0.9)), -1, True),
            (f32(3, 5), f32(2, values=(0.1, 0.9))),
            (f32(3, 5), f32(values=(0.6,)), 1),
        )
    ),
    OpCase("aten.quantile.scalar", (f32(3, 5), 0.5)),
    OpCase("aten.nanquantile.scalar", (_HOLES, 0.5)),
    OpCase("aten.quantile.scalar", (f32(3, 5), 0.5, None, True)),
    *(
        OpCase(f"aten.isin.{name}", operands, options)
        for options in ({}, {"invert": True}, {"assume_unique": True})
        for name, operands in (
            ("Tensor_Tensor", (i64(3, 4), i64(5))),
            ("Tensor_Scalar", (i64(3, 4), 2)),
            ("Scalar_Tensor", (2, i64(9))),
        )
    ),
    OpCase("aten.isin.Tensor_Tensor", (_HOLES, f32(3, values=(_NAN, 2.0, 3.0)))),
    OpCase("aten.isin.Tensor_Tensor", (i64(4), f32(3, values=(1.0, 2.0, 2.5)))),
    OpCase("aten.isin.Tensor_Scalar", (f32(3, values=(0.1, 0.2, 0.3)), 0.1)),
    OpCase("aten.isin.Tensor_Scalar", (model(3, values=(0.1, 0.2, 0.3)), 0.1)),
]
