"""Rows of products of vectors and matrices."""

from ops.case import OpCase, T, boolean, f32, i64, model

CASES = [
    OpCase("aten.addmv.default", (f32(2), f32(2, 3), f32(3))),
    OpCase("aten.addmv.default", (f32(), f32(2, 3), f32(3)), {"beta": 0.5, "alpha": 2}),
    OpCase("aten.addmv.default", (model(2), model(2, 3), model(3)), {"beta": 0}),
    OpCase("aten.addmv.default", (i64(2), i64(2, 3), i64(3))),
    OpCase("aten.addr.default", (T((2, 3), "uint8"), T((2,), "uint8"), T((3,), "uint8"))),
    OpCase("aten.addbmm.default", (i64(2, 4), i64(5, 2, 3), i64(5, 3, 4)), {"beta": 3}),
    OpCase("aten.vdot.default", (T((4,), "uint8", high=256), T((4,), "uint8", high=256))),
    OpCase("aten.inner.default", (i64(2, 3), i64(4, 3))),
    OpCase("aten.kron.default", (T((2, 3), "int32"), T((3,), "int32"))),
    OpCase("aten.addr.default", (boolean(2, 3), boolean(2), boolean(3)), refused="self"),
    OpCase("aten.addr.default", (f32(2, 3), f32(2), f32(3))),
    OpCase("aten.addr.default", (f32(3), f32(2), f32(3)), {"beta": 0.5, "alpha": 2}),
    OpCase(
        "aten.addr.default", (f32(2, 3, values=(float("nan"),) * 6), f32(2), f32(3)), {"beta": 0}
    ),
    OpCase("aten.addbmm.default", (f32(2, 4), f32(3, 2, 5), f32(3, 5, 4))),
    OpCase("aten.addbmm.default", (f32(4), f32(3, 2, 5), f32(3, 5, 4)), {"beta": 2, "alpha": 0.5}),
    OpCase("aten.vdot.default", (f32(4), f32(4))),
    OpCase("aten.linalg_vecdot.default", (f32(2, 3, 4), f32(3, 4))),
    OpCase("aten.linalg_vecdot.default", (f32(2, 3, lies="transposed"), f32(2, 3)), {"dim": 0}),
    OpCase("aten.inner.default", (f32(2, 3), f32(4, 5, 3))),
    OpCase("aten.inner.default", (f32(3), f32(3))),
    OpCase("aten.inner.default", (f32(2, 3), f32())),
    OpCase("aten.tensordot.default", (f32(2, 3, 4), f32(4, 3, 5), [1, 2], [1, 0])),
    OpCase("aten.tensordot.default", (f32(2, 3), f32(3, 2), [0, 1], [1, 0])),
    OpCase("aten.tensordot.default", (f32(2, 3), f32(4, 5), [], [])),
    OpCase("aten.tensordot.default", (f32(2, 3), f32(1, 5), [1], [0]), refused="dims_self"),
    OpCase("aten.kron.default", (f32(2, 3), f32(4, 2))),
    OpCase("aten.kron.default", (f32(3), f32(2, 2))),
    OpCase("aten.kron.default", (f32(2, 1, 3, 2), f32(2))),
    OpCase("aten.kron.default", (f32(), f32(3))),
    OpCase("aten.linalg_vander.default", (f32(2, 3),)),
    OpCase("aten.linalg_vander.default", (f32(4),), {"N": 2}),
    OpCase("aten.linalg_vander.default", (i64(3),), {"N": 5}),
]
