"""Rows of constants and ranges."""

from ops.case import ModelDType, OpCase, boolean, f32, i64, model
from pycandle.ir.sizes import Operation, Symbol
from pycandle.ir.types import DTypeConstant, Keyword

_S0, _S1 = Symbol("s0"), Symbol("s1")
_TWO = ({"s0": 2}, {"s0": 5})
_PAIR = ({"s0": 2, "s1": 3}, {"s0": 5, "s1": 4})
_CPU = {"device": Keyword("device", "cpu"), "pin_memory": False}
_I64 = {"dtype": DTypeConstant("int64")}
_BOOL = {"dtype": DTypeConstant("bool")}
_SPARSE = {"layout": Keyword("layout", "torch.sparse_coo")}
_DTYPES = ("float32", "float64", "float16", "bfloat16", "int64", "int32", "bool")
_FACTORIES = ("zeros", "ones")
_LIKE = ("zeros_like", "ones_like")
_NEW = ("new_zeros", "new_ones")
_MODEL = {"dtype": ModelDType()}

_CONSTANTS = [
    OpCase("aten.zeros.default", ([1, 4],), rust="Tensor::zeros((1, 4), DType::F32, device)?"),
    OpCase("aten.zeros.default", ([],)),
    OpCase("aten.full.default", ([2, 3], 7), rust="Tensor::full(7i64, (2, 3), device)?"),
    OpCase("aten.full.default", ([2, 3], 0.5), rust="Tensor::full(0.5f32, (2, 3), device)?"),
    OpCase("aten.full.default", ([2], float("-inf")), {**_CPU}),
    OpCase("aten.full.default", ([2, 3], 0.3), _MODEL),
    OpCase("aten.full.default", ([_S0, 3], _S0), sizes=_TWO, rust=None),
    OpCase("aten.full.default", ([], 2.5)),
    OpCase("aten.full.default", ([], True), _BOOL),
    OpCase("aten.full.default", ([3], 2.7), _I64),
    OpCase("aten.scalar_tensor.default", (2.5,), rust="Tensor::new(2.5f32, device)?"),
    OpCase("aten.scalar_tensor.default", (3,), _I64),
    OpCase("aten.scalar_tensor.default", (3,), _MODEL),
    OpCase("aten.full_like.default", (i64(7, 7), 15)),
    OpCase("aten.full_like.default", (model(7), 0.3)),
    OpCase("aten.full_like.default", (f32(3, 4, lies="transposed"), 1.5)),
    OpCase("aten.full_like.default", (f32("s0", 3), 2.0), sizes=_TWO),
    OpCase("aten.full_like.default", (f32(2), 2.0), _SPARSE, refused="layout"),
    OpCase("aten.fill.Scalar", (f32(3, 4, lies="broadcast"), 2)),
    OpCase("aten.fill.Scalar", (model(3), 0.3)),
    OpCase("aten.fill.Scalar", (i64("s0"), 2), sizes=_TWO),
    OpCase("aten.fill.Tensor", (f32(3, 4, lies="broadcast"), f32())),
    OpCase("aten.fill.Tensor", (model("s0", 3), f32()), sizes=_TWO),
    OpCase("aten.fill.Tensor", (i64(), i64()), rust="b"),
    OpCase("aten.zero.default", (f32(3, 4, lies="transposed"),)),
    OpCase("aten.zero.default", (model(3),)),
    OpCase("aten.new_full.default", (i64(2), [3], 5)),
    OpCase("aten.new_full.default", (model(2), [3], 0.5)),
    OpCase("aten.new_ones.default", (i64(1, 7), []), _BOOL),
    OpCase("aten.eye.default", (4,)),
    OpCase("aten.eye.default", (_S0,), _I64, sizes=_TWO),
    OpCase("aten.eye.default", (3,), {"pin_memory": True}, refused="pin_memory"),
    *(
        OpCase(f"aten.{name}.default", ([2, 3],), {"dtype": DTypeConstant(dtype), **_CPU})
        for name in _FACTORIES
        for dtype in _DTYPES
    ),
    *(
        OpCase(f"aten.{name}.default", (x,), kwargs)
        for name in _LIKE
        for x in (f32(2, 3), i64(4), boolean(2), model(3), f32(3, 4, lies="broadcast"), f32())
        for kwargs in ({}, _I64, _MODEL)
    ),
    *(
        OpCase(f"aten.{name}.default", (x, [2, 3]), kwargs)
        for name in _NEW
        for x in (f32(4), i64(4), boolean(2), model(3))
        for kwargs in ({}, _I64, _BOOL)
    ),
    *(OpCase(f"aten.{name}.default", ([_S0, 3],), sizes=_TWO) for name in _FACTORIES),
    *(OpCase(f"aten.{name}.default", (f32("s0", 3),), sizes=_TWO) for name in _LIKE),
    *(OpCase(f"aten.{name}.default", (f32(2), [_S0]), sizes=_TWO) for name in _NEW),
    *(OpCase(f"aten.{name}.default", ([2],), _SPARSE, refused="layout") for name in _FACTORIES),
]

# PyTorch leaves the values of these open; rows without elements compare dtype and shape.
_EMPTY = [
    OpCase("aten.empty.memory_format", ([0, 3],), _I64),
    OpCase("aten.empty_like.default", (f32(0, 3),)),
    OpCase("aten.new_empty.default", (f32(3), [0])),
    OpCase("aten.empty_permuted.default", ([0, 3], [1, 0])),
    OpCase("aten.empty_strided.default", ([0, 3], [1, 0])),
    OpCase("aten.new_empty_strided.default", (f32(3), [0, 3], [1, 0])),
]

_RANGES = [
    OpCase("aten.arange.default", (7,), _CPU, rust="Tensor::arange(0i64, 7, device)?"),
    OpCase("aten.arange.default", (0,)),
    OpCase("aten.arange.default", (7.0,), rust="Tensor::arange(0.0f32, 7.0, device)?"),
    OpCase("aten.arange.default", (6.5,)),
    OpCase("aten.arange.default", (7,), {"dtype": DTypeConstant("float32")}),
    OpCase("aten.arange.default", (7,), {"dtype": DTypeConstant("float64")}),
    OpCase("aten.arange.default", (7,), {"dtype": DTypeConstant("int32")}),
    OpCase("aten.arange.default", (7,), {"dtype": DTypeConstant("int16")}, refused="dtype"),
    OpCase("aten.arange.default", (7,), _MODEL),
    OpCase(
        "aten.arange.default", (_S0,), sizes=_TWO, rust="Tensor::arange(0i64, s0 as i64, device)?"
    ),
    OpCase("aten.arange.default", (_S0,), _MODEL, sizes=_TWO),
    OpCase("aten.arange.start", (2, 9)),
    OpCase("aten.arange.start", (-2, 3), {"dtype": DTypeConstant("float32")}),
    OpCase("aten.arange.start", (2.0**25, 2.0**25 + 2), refused="start"),
    OpCase("aten.arange.start", (0.5, 4)),
    OpCase("aten.arange.start", (_S0, Operation("+", _S0, _S1)), sizes=_PAIR),
    OpCase("aten.arange.start_step", (0, 64, 2)),
    OpCase("aten.arange.start_step", (0, 64, 2), {"dtype": DTypeConstant("float32")}),
    OpCase("aten.arange.start_step", (9, 1, -3)),
    OpCase("aten.arange.start_step", (0.0, 1.0, 0.1)),
    OpCase("aten.arange.start_step", (0.0, 1.0, 0.1), _MODEL),
    OpCase("aten.arange.start_step", (0.0, 1.0, 0.1), {"dtype": DTypeConstant("float64")}),
    OpCase("aten.arange.start_step", (0, 9, _S0), sizes=_TWO, refused="step", result=(_S0,)),
]

_LINSPACE = [
    OpCase(
        "aten.linspace.default",
        (0, 1, 5),
        _CPU,
        rust="runtime::linspace(0.0, 1.0, 5, DType::F32, device)?",
    ),
    OpCase("aten.linspace.default", (-1.0, 1.0, 7), {"dtype": DTypeConstant("float64")}),
    OpCase("aten.linspace.default", (3.0, 0.5, 100)),
    OpCase("aten.linspace.default", (0.25, 9.0, 1)),
    OpCase("aten.linspace.default", (0.25, 9.0, 0)),
    OpCase("aten.linspace.default", (0, _S0, _S0), sizes=_TWO),
    OpCase("aten.linspace.default", (0.0, 0.3, 24), _MODEL),
    OpCase("aten.linspace.default", (0, 9, 4), _I64, refused="dtype"),
]

CASES = [
    *_CONSTANTS,
    *_EMPTY,
    *_RANGES,
    *_LINSPACE,
    OpCase("aten.eye.m", (3, 4)),
    OpCase("aten.eye.m", (4, 2), _I64),
    OpCase("aten.eye.m", (0, 2)),
]
