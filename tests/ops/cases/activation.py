"""Rows of activation functions."""

from ops.case import OpCase, bf16, f16, f32, f64, i64, model

CASES = [
    OpCase("aten.silu.default", (f32(2, 3),), rust="a.silu()?"),
    OpCase("aten.silu.default", (f32(4, 3, lies="transposed"),)),
    OpCase("aten.silu.default", (i64(3),), refused="self"),
    OpCase("aten.gelu.default", (f32(2, 3),), rust="a.gelu_erf()?"),
    OpCase("aten.gelu.default", (f32(2, 3),), {"approximate": "tanh"}, rust="a.gelu()?"),
    OpCase("aten.gelu.default", (f64("s0", 3),), sizes=({"s0": 2}, {"s0": 5})),
    OpCase("aten.gelu.default", (f16(8),)),
    OpCase("aten.gelu.default", (bf16(8),)),
    OpCase("aten.tanh.default", (model(2, 5),)),
]
