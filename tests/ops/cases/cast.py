"""Rows of casts."""

from ops.case import ModelDType, OpCase, T, boolean, f32, f64, i64, model
from pycandle.ir.types import DTypeConstant, Keyword

_FLOATS = ("float32", "float64", "float16", "bfloat16")
_NAMES = (*_FLOATS, "int64", "int32", "int16", "bool")
_F32 = DTypeConstant("float32")
_BOOL = DTypeConstant("bool")
_DEVICE = Keyword("device", "cpu")
_LAYOUT = {"layout": Keyword("layout", "torch.strided"), "device": _DEVICE}
_INPUTS = (
    f32(5, values=(0.0, -0.5, 1.7, -3.2, 100.0)),
    f64(2, 3),
    T((5,), "float16"),
    T((5,), "bfloat16"),
    i64(5),
    T((5,), "int32", low=-9, high=9),
    boolean(5),
)

CASES = [
    *(
        OpCase("aten.to.dtype", (x, DTypeConstant(name)))
        for x in _INPUTS
        for name in _NAMES
        if name != x.dtype
    ),
    OpCase("aten.to.dtype", (f32(3), _F32), rust="a"),
    OpCase("aten.to.dtype", (f32(3, 4, lies="transposed"), _F32)),
    OpCase("aten.to.dtype", (f32(3, 4, lies="broadcast"), _BOOL)),
    OpCase("aten.to.dtype", (f32(3, 4, lies="transposed"), DTypeConstant("int64"))),
    OpCase("aten.to.dtype", (model(3), _F32), rust="a.to_dtype(DType::F32)?"),
    OpCase("aten.to.dtype", (f32(3), ModelDType()), rust="a.to_dtype(dtype)?"),
    OpCase("aten.to.dtype", (model(3), ModelDType()), rust="a"),
    OpCase("aten.to.dtype", (boolean(3), ModelDType())),
    OpCase("aten.to.dtype", (i64(3), DTypeConstant("uint8"), True, True)),
    OpCase("aten.to.dtype", (boolean(3), DTypeConstant("uint8"))),
    OpCase("aten.to.dtype", (f32(3), DTypeConstant("uint8"))),
    OpCase("aten.to.dtype", (f32(3, values=(-2.5, 300.7, 255.0)), DTypeConstant("uint8"))),
    OpCase("aten.to.dtype", (i64(3), DTypeConstant("int8")), refused="dtype"),
    OpCase("aten.to.dtype", (f32(3), DTypeConstant("float8_e4m3fn")), refused="dtype"),
    OpCase("aten.to.dtype", (f32(3), DTypeConstant("complex64")), refused="dtype"),
    OpCase("aten.to.dtype_layout", (boolean(2, 3),), {"dtype": _BOOL, **_LAYOUT}),
    OpCase("aten.to.dtype_layout", (f32(3),), {"dtype": DTypeConstant("int64"), **_LAYOUT}),
    OpCase(
        "aten.to.dtype_layout",
        (f32(3),),
        {"layout": Keyword("layout", "torch.sparse_coo")},
        refused="layout",
    ),
    OpCase("aten.to.device", (i64(2, 7), _DEVICE, _BOOL), rust="a.ne(0.0)?"),
    OpCase("aten.to.other", (i64(2, 7), f32(1))),
    OpCase("aten.to.other", (i64(2, 7), model(1))),
    OpCase("aten._to_copy.default", (f32(3),), {"dtype": DTypeConstant("float64")}),
    OpCase("aten._to_copy.default", (f32(3),), rust="a"),
    OpCase("aten.copy.default", (f32(2, 3), f32(2, 3)), rust="b"),
    OpCase("aten.copy.default", (f32(2, 3), i64(3))),
    OpCase("aten.copy.default", (model(4, 3), f32(4, 3, lies="transposed"))),
    OpCase("aten.copy.default", (boolean("s0", 3), i64(1, 3)), sizes=({"s0": 2}, {"s0": 5})),
    OpCase("aten.type_as.default", (f32(2, 3), model(3))),
    OpCase("aten.type_as.default", (i64(3), boolean(3))),
    OpCase("aten.type_as.default", (f32("s0", 3), f64(1)), sizes=({"s0": 2}, {"s0": 5})),
]
