"""Rows of numbers spread between two bounds."""

from ops.case import ModelDType, OpCase, f32, f64, i64
from pycandle.ir.types import DTypeConstant

_F64 = {"dtype": DTypeConstant("float64")}
_I64 = {"dtype": DTypeConstant("int64")}
_MODEL = {"dtype": ModelDType()}
_ONE, _TWO = f32(values=(1.5,)), f32(values=(-3.25,))

CASES = [
    *(
        OpCase(f"aten.{name}.{overload}", (*bounds, steps))
        for name in ("linspace", "logspace")
        for overload, bounds in (
            ("default", (-1.0, 2.5)),
            ("Tensor_Tensor", (_ONE, _TWO)),
            ("Tensor_Scalar", (_ONE, 4)),
            ("Scalar_Tensor", (4, _TWO)),
        )
        for steps in (0, 1, 2, 7, 50)
    ),
    OpCase("aten.linspace.default", (0.0, 1.0, 5), _F64),
    OpCase("aten.linspace.default", (0.0, 1.0, 5), _MODEL),
    OpCase("aten.linspace.default", (0, 10, 5), _I64, refused="dtype"),
    OpCase("aten.logspace.default", (0.0, 1.0, 5, 2.0)),
    OpCase("aten.logspace.default", (0.0, 1.0, 5), _F64),
    OpCase("aten.linspace.Tensor_Tensor", (f64(values=(0.1,)), i64(values=(3,)), 4), _F64),
]
