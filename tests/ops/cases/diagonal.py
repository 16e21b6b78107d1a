"""Rows of diagonals and triangles."""

from ops.case import OpCase, T, boolean, f32, i64, model

_TWO = ({"s0": 2}, {"s0": 5})

CASES = [
    *(
        OpCase(f"aten.{name}.default", (f32(3, 4, 5), *places))
        for name in ("diagonal", "diagonal_copy")
        for places in ((), (1,), (-2,), (2, 0, 2), (-1, 2, 0), (0, -1, 1), (9,))
    ),
    OpCase("aten.diagonal.default", (f32(2, 3, 3), 0, -2, -1)),
    OpCase("aten.diagonal.default", (f32("s0", 3, 3), 0, -2, -1), sizes=_TWO),
    OpCase("aten.diagonal.default", (f32(0, 3),)),
    OpCase("aten.diagonal.default", (f32(3, 3),)),
    OpCase("aten.diagonal.default", (f32(3, 3, lies="transposed"),)),
    OpCase("aten.diagonal.default", (i64(3, 4, lies="transposed"), 1)),
    OpCase("aten.linalg_diagonal.default", (f32(2, 3, 4),)),
    OpCase("aten.linalg_diagonal.default", (f32(2, 3, 4),), {"offset": -1, "dim1": 0}),
    *(
        OpCase("aten.diag_embed.default", (f32(2, 3), *places))
        for places in ((), (1,), (-2,), (0, 0, 1), (1, 2, 0), (0, -1, 0))
    ),
    OpCase("aten.diag_embed.default", (f32(2, values=(float("nan"), 1.0)),)),
    OpCase("aten.diag_embed.default", (boolean(3), 1)),
    OpCase("aten.diag_embed.default", (model(2, 3, lies="transposed"),)),
    OpCase("aten.diagflat.default", (f32(2, 2), 1)),
    OpCase("aten.diagflat.default", (i64(),)),
    OpCase("aten.diag.default", (f32(3), -1)),
    OpCase("aten.diag.default", (f32(3, 4), 2)),
    OpCase("aten.trace.default", (f32(3, 4),)),
    OpCase("aten.trace.default", (i64(4, 3, lies="transposed"),)),
    OpCase("aten.trace.default", (boolean(3, 3),), refused="self"),
    *(
        OpCase(f"aten.{name}.default", sizes)
        for name in ("tril_indices", "triu_indices")
        for sizes in ((3, 4), (4, 2, 1), (3, 3, -2), (2, 2, -5), (2, 3, 9))
    ),
    OpCase("aten.diag.default", (T((3,), "int32"),)),
]
