"""Rows of variances and standard deviations."""

from ops.case import OpCase, bf16, f16, f32, f64, i64, model

_TWO = ({"s0": 2}, {"s0": 5})

CASES = [
    *(OpCase("aten.var_mean.dim", (f32(*shape), [0])) for shape in ((0, 5), (1, 5), (0,))),
    *(OpCase("aten.var.correction", (f32(2, 3), [1]), {"correction": n}) for n in (3, 4, -1)),
    OpCase(
        "aten.std.correction", (f32("s0", 3), [0]), {"correction": 2}, sizes=({"s0": 1}, {"s0": 5})
    ),
    OpCase("aten.var.correction", (f32(2, 7), [1]), {"correction": 1}, rust="a.var(1)?"),
    OpCase("aten.var.correction", (f32(2, 7), [1]), {"correction": 0, "keepdim": True}),
    OpCase("aten.var.correction", (f32(2, 7, 3), [0, 1]), {"correction": 1}),
    OpCase("aten.var.correction", (f32(2, 7, 3), [0, 2]), {"correction": 2, "keepdim": True}),
    OpCase("aten.var.correction", (f64(2, 7),)),
    OpCase("aten.var.correction", (f32(2, 7), []), {"keepdim": True}),
    OpCase("aten.var.correction", (f32("s0", 3, 2), [0, 1]), sizes=_TWO),
    OpCase("aten.var.correction", (f16(2, 7), [1])),
    OpCase("aten.var.correction", (model(2, 7), [1])),
    OpCase("aten.var.correction", (i64(2, 7), [1]), refused="self"),
    OpCase("aten.var.dim", (model(2, 700, low=9.0, high=11.0), [-1], False, True)),
    OpCase("aten.std.dim", (model("s0", 7), [0, 1]), sizes=_TWO),
    OpCase("aten.std.correction", (model(2, 7, lies="transposed"), [1]), {"correction": 0}),
    OpCase("aten.var_mean.correction", (f32(2, 7), [1]), {"correction": 0, "keepdim": True}),
    OpCase("aten.var_mean.correction", (f32(7, 2, lies="transposed"), [0]), {"correction": 1}),
    OpCase("aten.var_mean.correction", (model(6, 4, 3, 3), [1, 2, 3]), {"correction": 0}),
    OpCase("aten.var_mean.correction", (f32("s0", 7),), sizes=_TWO),
    OpCase("aten.var_mean.dim", (f32(2, 7), [1], False, True)),
    OpCase("aten.var_mean.dim", (bf16(2, 700), [1])),
    OpCase("aten.var_mean.default", (f32(2, 7),)),
    OpCase("aten.var_mean.default", (i64(2, 7),), refused="self"),
    OpCase("aten.var.dim", (f32(2, 7), [-1], False, True)),
    OpCase("aten.var.dim", (f32(7, 2, lies="transposed"), [-1])),
    OpCase("aten.std.correction", (f32(2, 7), [1]), {"correction": 0}),
    OpCase("aten.std.dim", (f32(2, 7), [1], False)),
    OpCase("aten.std.correction", (f32(2, 7), [1]), {"keepdim": True}),
    *(
        OpCase(f"aten.{name}.default", operands)
        for name in ("std", "var", "std_mean")
        for operands in ((f32(3, 4),), (f32(3, 4), False), (model(2, 7, low=1, high=2),), (f32(),))
    ),
    *(
        OpCase("aten.std_mean.dim", operands)
        for operands in (
            (f32(3, 4), [1]),
            (f32(3, 4), [0], False, True),
            (f32(3, 4, 2), None),
            (model(3, 70, lies="transposed"), [0, 1]),
        )
    ),
    *(
        OpCase("aten.std_mean.correction", (f32(3, 4), [1]), {"correction": count, "keepdim": True})
        for count in (None, 0, 2)
    ),
]
