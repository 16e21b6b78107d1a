"""Rows of element-wise arithmetic."""

from ops.case import OpCase, T, bf16, boolean, f16, f32, f64, i64, model
from pycandle.ir.sizes import Operation, Symbol

_S0 = Symbol("s0")
_TWO = ({"s0": 2}, {"s0": 5})
_ODD = (float("nan"), float("inf"), -float("inf"), 1.5)
_UNARY = ("ceil", "floor", "neg", "abs", "square", "trunc", "round")
_POSITIVE = ("reciprocal", "sqrt", "rsqrt")
_BINARY = ("add", "sub", "mul", "div")
_U8 = T((3,), "uint8", low=0, high=256)
_I32 = T((2, 3), "int32", low=-9, high=9)

_ADD = [
    OpCase("aten.add.Tensor", (f32(2, 3), f32(2, 3)), rust="(a + b)?"),
    OpCase("aten.add.Tensor", (f32(2, 3), f32(3)), rust="a.broadcast_add(b)?"),
    OpCase("aten.add.Tensor", (f32(2, 3), 1e-6), rust="(a + 1e-6)?"),
    OpCase("aten.add.Tensor", (i64(4), 0), rust="a"),
    OpCase("aten.add.Tensor", (i64(4), -3), rust="(a + -3.0)?"),
    OpCase("aten.add.Tensor", (i64(4, lies="offset"), 0)),
    OpCase("aten.add.Tensor", (i64(4), 1.5)),
    OpCase("aten.add.Tensor", (i64(4), _S0), sizes=_TWO, rust="(a + s0 as f64)?"),
    OpCase("aten.add.Tensor", (i64("s0"), Operation("-", _S0, 1)), sizes=_TWO),
    OpCase("aten.add.Tensor", (i64(4), _S0), {"alpha": 2}, sizes=_TWO, refused="alpha"),
    OpCase("aten.add.Tensor", (i64(4), 2**60), refused="other"),
    OpCase("aten.add.Tensor", (_I32, 2**40), refused="other"),
    OpCase("aten.add.Tensor", (f32(2, 3), f32(2, 3)), {"alpha": 0.5}, rust="(a + (b * 0.5)?)?"),
    OpCase("aten.add.Tensor", (i64(2, 3), i64(2, 3)), {"alpha": 3}),
    OpCase("aten.add.Tensor", (f32(3), 2.0), {"alpha": 3.0}),
    OpCase("aten.add.Tensor", (boolean(2, 3), boolean(3))),
    OpCase("aten.add.Tensor", (boolean(2, 3), True), refused="other"),
    OpCase("aten.add.Tensor", (boolean(3), 2)),
    OpCase(
        "aten.add.Tensor", (_U8, 2), rust="(a.to_dtype(DType::I64)? + 2.0)?.to_dtype(DType::U8)?"
    ),
    OpCase("aten.add.Tensor", (_U8, _U8), {"alpha": 3}),
    OpCase("aten.add.Tensor", (_U8, i64(3))),
    OpCase("aten.add.Tensor", (T((3,), "int8"), 2), refused="self"),
    OpCase("aten.sub.Tensor", (_U8, _U8)),
    OpCase("aten.sub.Tensor", (_U8, 200)),
    OpCase("aten.sub.Tensor", (_U8, 0)),
    OpCase("aten.rsub.Scalar", (_U8, 1)),
    OpCase("aten.add.Tensor", (2.0, f32(3)), refused="self"),
    OpCase("aten.add.Scalar", (f32(3), 2.0)),
    OpCase("aten.add.Tensor", (model(2, 3), f32(3))),
    OpCase("aten.add.Tensor", (model(2, 3), f32())),
    OpCase("aten.add.Tensor", (i64(2, 3), model(3))),
    OpCase("aten.add.Tensor", (f32("s0", 3), f32("s0", 3)), sizes=_TWO, rust="(a + b)?"),
    OpCase("aten.add.Tensor", (f32("s0", 3), f32(1, 3)), sizes=_TWO),
    OpCase("aten.add.Tensor", (f32(0, 3), f32(3))),
    OpCase("aten.sub.Tensor", (f32(2, 3), f32(2, 3)), {"alpha": 2}),
    OpCase("aten.sub.Tensor", (i64(2, 1), 1), rust="(a - 1.0)?"),
    OpCase("aten.sub.Scalar", (f32(3), 2.0)),
    OpCase("aten.rsub.Scalar", (f32(2, 3), 1.0), rust="(1.0 - a)?"),
    OpCase("aten.rsub.Scalar", (f32(2, 3), 1.0, 2.0)),
    OpCase("aten.rsub.Scalar", (i64(3), 4)),
    OpCase("aten.rsub.Scalar", (model(3), 1)),
    OpCase("aten.rsub.Tensor", (f32(2, 3), f32(3))),
]

_MUL = [
    OpCase("aten.mul.Tensor", (f32(2, 3), 2.5), rust="(a * 2.5)?"),
    OpCase("aten.mul.Tensor", (f32(2, 3), 1.0), rust="a"),
    OpCase("aten.mul.Tensor", (i64(3), 0.5), rust="(a.to_dtype(DType::F32)? * 0.5)?"),
    OpCase("aten.mul.Tensor", (i64(3), _S0), sizes=_TWO),
    OpCase("aten.mul.Tensor", (f32(3), float("inf"))),
    OpCase("aten.mul.Tensor", (boolean(2, 3), boolean(2, 3))),
    OpCase("aten.mul.Tensor", (boolean(2, 3), f32(2, 3))),
    OpCase("aten.mul.Tensor", (f32(3), model(2, 3))),
    OpCase("aten.mul.Tensor", (f64(3), f32(2, 3))),
    OpCase("aten.mul.Tensor", (f32(3), f64())),
    OpCase("aten.mul.Tensor", (_U8, _U8)),
    OpCase("aten.mul.Tensor", (_U8, -3)),
    OpCase("aten.mul.Tensor", (_U8, 1)),
    OpCase("aten.div.Tensor", (_U8, 255)),
    OpCase("aten.addcmul.default", (_U8, _U8, _U8)),
    OpCase("aten.multiply.Tensor", (f32(2, 3), f32(3))),
    OpCase("aten.mul.Scalar", (f32(2, 3), 3)),
    OpCase("aten.div.Tensor", (f32(2, 3), 8), rust="(a / 8.0)?"),
    OpCase("aten.div.Tensor", (f32(2, 3), 1), rust="a"),
    OpCase("aten.div.Tensor", (f32(3, values=(0.0, 1.0, -1.0)), 0.0)),
    OpCase("aten.div.Tensor", (i64(4), i64(4, low=1)), rust=None),
    OpCase("aten.div.Tensor", (i64(4), 2), rust="(a.to_dtype(DType::F32)? / 2.0)?"),
    OpCase("aten.div.Tensor", (boolean(4), 2)),
    OpCase("aten.div.Tensor", (model(4), i64(4, low=1))),
    OpCase("aten.div.Tensor", (f32(3), _S0), sizes=_TWO),
    OpCase("aten.div.Scalar", (f32(3), 3.0)),
    OpCase("aten.true_divide.Tensor", (f32(3), f32(3, low=1.0, high=2.0))),
    OpCase("aten.addcmul.default", (f32(2, 3), f32(2, 3), f32(2, 3)), rust="(a + (b * c)?)?"),
    OpCase("aten.addcmul.default", (f32(2, 3), f32(2, 1), f32(1, 3)), {"value": 0.5}),
    OpCase("aten.addcmul.default", (f32(), f32(1), f32())),
    OpCase("aten.addcdiv.default", (f32(2, 3), f32(3), f32(3, low=1.0, high=2.0))),
    OpCase("aten.addcdiv.default", (f32(3), f32(3), f32(3, low=1.0, high=2.0)), {"value": 0.5}),
    OpCase("aten.lerp.Scalar", (f32(2, 3), f32(2, 3), 0.25), rust="(a + ((b - a)? * 0.25)?)?"),
    OpCase("aten.lerp.Scalar", (model(2, 3), model(3), 0.9)),
    OpCase("aten.lerp.Scalar", (i64(3), i64(3), 0.9), refused="self"),
    OpCase("aten.lerp.Tensor", (f32(2, 3), f32(3), f32(2, 1))),
    OpCase("aten.lerp.Tensor", (f32(2, 3), f32(2, 3), f32(values=(0.9,)))),
    OpCase("aten.lerp.Tensor", (model(2, 3), model(2, 3), model(2, 3))),
    OpCase("aten.lerp.Tensor", (i64(3), i64(3), i64(3)), refused="self"),
    OpCase("aten.subtract.Tensor", (f32(2, 3), f32(3))),
    OpCase("aten.divide.Tensor", (f32(2, 3), f32(3, low=1.0, high=2.0))),
    OpCase("aten.addcmul.default", (model(2, 3), model(3), model(3))),
]

_ALL_UNARY = [
    *((f"aten.{name}.default", {}) for name in _UNARY),
    *((f"aten.{name}.default", {"low": 0.1, "high": 5.0}) for name in _POSITIVE),
]

_ONE_OPERAND = [
    OpCase("aten.rsqrt.default", (f32(2, 1, low=0.1, high=2.0),), rust="a.sqrt()?.recip()?"),
    OpCase("aten.neg.default", (i64(3),), rust="(a * -1.0)?"),
    OpCase("aten.neg.default", (boolean(3),), refused="self"),
    OpCase("aten.neg.default", (_U8,)),
    OpCase("aten.abs.default", (_U8,), rust="a"),
    OpCase("aten.sign.default", (f32(5, values=(0.0, -0.0, -2.0, float("inf"), float("nan"))),)),
    OpCase("aten.sign.default", (f32(3, 4, lies="transposed"),)),
    OpCase("aten.sign.default", (model(3),)),
    OpCase("aten.sign.default", (i64(5),)),
    OpCase("aten.sign.default", (_U8,)),
    OpCase("aten.sign.default", (boolean(5),), rust="a"),
    *(
        OpCase("aten.nan_to_num.default", (T((4,), dtype, values=_ODD), *bounds))
        for dtype in ("float32", "float64", "float16", "bfloat16")
        for bounds in ((), (0.5, 2.0, -3.0), (None, 7.0), (None, None, -7.0))
    ),
    OpCase("aten.nan_to_num.default", (model(4, values=_ODD), 0.3, 9.0, -9.0)),
    OpCase("aten.nan_to_num.default", (f32(3, 4, lies="broadcast"), 1.0)),
    OpCase("aten.nan_to_num.default", (i64(3),), rust="a"),
    OpCase("aten.abs.default", (i64(3),)),
    OpCase("aten.square.default", (i64(3),)),
    OpCase("aten.sqrt.default", (f32(3, values=(0.0, -1.0, float("inf"))),)),
    *(
        OpCase(name, (T((2, 5), dtype, **values),))
        for name, values in _ALL_UNARY
        for dtype in ("float32", "float64", "float16", "bfloat16")
    ),
    *(
        OpCase(name, (f32(3, 4, lies=lies, **values),))
        for name, values in _ALL_UNARY
        for lies in ("transposed", "narrowed", "broadcast")
    ),
    *(OpCase(name, (model(6, **values),)) for name, values in _ALL_UNARY),
    *(OpCase(name, (f32(0, 3, **values),)) for name, values in _ALL_UNARY),
    *(OpCase(name, (f32(**values),)) for name, values in _ALL_UNARY),
    *(
        OpCase(f"aten.{name}.default", (x,))
        for name in ("reciprocal", "sqrt", "rsqrt")
        for x in (i64(2, 3, low=0, high=9), boolean(4), T((3,), "uint8"), T((3,), "int32"))
    ),
    *(OpCase(f"aten.{name}.default", (i64(2, 3),), rust="a") for name in ("ceil", "floor")),
    *(OpCase(f"aten.{n}.default", (boolean(2),), refused="self") for n in ("ceil", "floor")),
]

_TWO_OPERANDS = [
    OpCase(f"aten.{name}.Tensor", args)
    for name in _BINARY
    for args in (
        (f64(2, 3), f64(2, 3)),
        (f16(2, 3), f16(3)),
        (bf16(2, 3), bf16(2, 1)),
        (f16(2, 3), bf16(2, 3)),
        (model(2, 3), model(2, 3)),
        (model(2, 3), 0.3),
        (f32(3, 4, lies="transposed"), f32(3, 4)),
        (f32(3, 4), f32(3, 4, lies="broadcast")),
        (f32(3, 4, lies="narrowed"), f32(4)),
        (f32(), f32(2, 3)),
        (f32(2, 3), f64()),
        (f32(1), f32()),
        (_I32, 2),
        (i64(2, 3), f32(2, 3)),
    )
]

CASES = [*_ADD, *_MUL, *_ONE_OPERAND, *_TWO_OPERANDS]
