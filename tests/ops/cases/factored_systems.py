"""Rows of solutions of systems: of decomposed matrices, of triangles, of tensors as matrices."""

from ops.case import OpCase, T, f32, f64, i64

_SIZES = ({"n": 1}, {"n": 3})
_LU, _OLD_LU = "aten.linalg_lu_solve.default", "aten.lu_solve.default"
_LDL, _EX = "aten.linalg_ldl_solve.default", "aten.linalg_solve_ex.default"
_TRIANGULAR, _INVERSE = "aten.triangular_solve.default", "aten.linalg_tensorinv.default"
_TENSORS = "aten.linalg_tensorsolve.default"
_ROWS = T((3,), "int32", values=(2, 3, 3))
_ROWS_OF_TWO = T((2, 3), "int32", values=(2, 3, 3, 1, 2, 3))
_EMPTY = T((0,), "int32", values=())
# Away from 0 on the diagonal.
_PACKED = f32(3, 3, values=(2.0, 0.5, -0.3, 0.4, 1.5, 0.7, -0.2, 0.6, -1.2))
_WIDE = f64(2, 3, 3, low=0.5, high=2.0)
_PAIR = T((3,), "int32", values=(-3, -3, 3))
_LAST = T((3,), "int32", values=(1, -3, -3))
_ONES = T((3,), "int32", values=(3, 2, 3))

CASES = [
    *(
        OpCase(_LU, (_PACKED, _ROWS, b), {"left": left, "adjoint": adjoint})
        for b, left in ((f32(3, 2), True), (f32(2, 4, 3, lies="transposed"), False))
        for adjoint in (False, True)
    ),
    OpCase(_LU, (_WIDE, _ROWS_OF_TWO, f64(4, 1, 3, 2))),
    OpCase(
        _LU,
        (f32("n", 3, 3, low=0.5, high=2), T(("n", 3), "int32", low=3, high=4), f32(3, 1)),
        sizes=_SIZES,
    ),
    OpCase(_LU, (f32(0, 0), _EMPTY, f32(0, 2))),
    OpCase(_LU, (_PACKED, _ROWS, f32(3, 0))),
    OpCase(_LU, (_PACKED, _ROWS, f64(3, 2)), refused="B"),
    OpCase(_OLD_LU, (f32(3, 2), _PACKED, _ROWS)),
    OpCase(_OLD_LU, (f64(4, 1, 3, 2, lies="transposed"), _WIDE, _ROWS_OF_TWO)),
    OpCase(_OLD_LU, (f32(3, 2), f64(3, 3), _ROWS), refused="LU_data"),
    *(OpCase(_LDL, (_PACKED, swaps, f32(3, 2))) for swaps in (_ONES, _PAIR, _LAST)),
    OpCase(_LDL, (_PACKED, _ONES, f32(2, 3, 1)), {"hermitian": True}),
    OpCase(_LDL, (_WIDE, _ROWS_OF_TWO, f64(3, 2, lies="transposed"))),
    OpCase(_LDL, (f32(0, 0), _EMPTY, f32(0, 2))),
    OpCase(_LDL, (_PACKED, _ONES, f64(3, 2)), refused="B"),
    OpCase(_EX, (f32(3, 3), f32(3, 2))),
    OpCase(_EX, (f64(2, 3, 3, lies="transposed"), f64(2, 3))),
    OpCase(_EX, (f32(3, 3), f32(3)), {"check_errors": True}),
    OpCase(_EX, (f32(2, 3, 3), f32(2, 4, 3)), {"left": False}),
    OpCase(_EX, (f32("n", 3, 3), f32("n", 3, 2)), sizes=_SIZES),
    OpCase(_EX, (f32(0, 3, 3), f32(0, 3, 2))),
    OpCase(_EX, (f32(3, 3), f32(3)), {"left": False}, refused="left"),
    OpCase(_EX, (f32(3, 3), f64(3)), refused="B"),
    *(
        OpCase(_TRIANGULAR, (f32(3, 2), x, upper, transpose, unit))
        for x in (_PACKED, f32(2, 3, 3, low=0.5, high=2, lies="transposed"))
        for upper in (True, False)
        for transpose in (True, False)
        for unit in (True, False)
    ),
    OpCase(_TRIANGULAR, (f64(4, 1, 3, 2), _WIDE)),
    OpCase(_TRIANGULAR, (f32(0, 3, 2), f32(0, 3, 3))),
    OpCase(_TRIANGULAR, (f32(3, 2), f64(3, 3)), refused="A"),
    OpCase(_INVERSE, (f32(2, 3, 6),)),
    OpCase(_INVERSE, (f64(6, 2, 3, lies="transposed"), 1)),
    OpCase(_INVERSE, (f32(2, 3, 2, 3, 1), 2)),
    OpCase(_INVERSE, (f32(2, 3, 6), 3), refused="ind"),
    OpCase(_INVERSE, (i64(2, 3, 6),), refused="self"),
    OpCase(_TENSORS, (f32(2, 3, 6), f32(2, 3))),
    OpCase(_TENSORS, (f64(2, 3, 6, lies="transposed"), f64(2, 3, lies="transposed"))),
    OpCase(_TENSORS, (f32(3, 6, 2), f32(3, 2), [1])),
    OpCase(_TENSORS, (f32(3, 4, 4, 3), f32(3, 4), [0, -2])),
    OpCase(_TENSORS, (f32(2, 3, 6), f32(2, 3), [0, 0]), refused="dims"),
    OpCase(_TENSORS, (f32(2, 3, 6), f64(2, 3)), refused="other"),
]
