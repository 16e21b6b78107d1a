"""Rows of products of several matrices, and of pairs of vectors with matrices."""

from ops.case import OpCase, f32, f64, i64, model

_SIZES = ({"n": 2}, {"n": 5})

CASES = [
    OpCase(
        "aten.linalg_multi_dot.default", ([f32(2, 3), f32(3, 4), f32(4, 2, lies="transposed")],)
    ),
    OpCase("aten.linalg_multi_dot.default", ([f64(3), f64(3, 4), f64(4)],)),
    OpCase("aten.linalg_multi_dot.default", ([f32(3), f32(3, 4)],)),
    OpCase("aten.linalg_multi_dot.default", ([f32("n", 3), f32(3, "n")],), sizes=_SIZES),
    OpCase("aten.linalg_multi_dot.default", ([i64(2, 3), i64(3, 4)],), refused="tensors"),
    OpCase("aten.chain_matmul.default", ([f32(2, 3), f32(3, 4), f32(4, 2)],)),
    OpCase("aten.chain_matmul.default", ([f32(2, 3)],)),
    OpCase("aten.chain_matmul.default", ([i64(2, 3)],), refused="matrices"),
    OpCase("aten.bilinear.default", (f32(2, 5, 3), f32(2, 5, 4), f32(6, 3, 4), f32(6))),
    OpCase("aten.bilinear.default", (f64(3), f64(4), f64(6, 3, 4))),
    OpCase(
        "aten.bilinear.default",
        (
            f32(5, 3, lies="transposed"),
            f32(5, 4, lies="broadcast"),
            f32(6, 3, 4, lies="transposed"),
        ),
    ),
    OpCase(
        "aten.bilinear.default",
        (model("n", 3), model("n", 4), model(6, 3, 4), model(6)),
        sizes=_SIZES,
    ),
    OpCase("aten.bilinear.default", (f32(0, 3), f32(0, 4), f32(6, 3, 4))),
    OpCase("aten.bilinear.default", (i64(2, 3), i64(2, 4), i64(6, 3, 4)), refused="input1"),
]
