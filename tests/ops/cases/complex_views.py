"""Rows of ops that move complex numbers, or treat both parts alike."""

from ops.case import OpCase, c64, c128, i64

_SIZES = ({"n": 1}, {"n": 4})
_X = c64(2, 3, 4)
_ARGUMENTS = {
    "alias.default": ((),),
    "clone.default": ((),),
    "contiguous.default": ((),),
    "detach.default": ((),),
    "neg.default": ((),),
    "expand.default": (([5, 2, 3, 4],), ([2, 3, -1],)),
    "flatten.using_ints": ((), (1,), (0, -2), (-2, -1)),
    "flip.default": (([-1],), ([0, -2],)),
    "narrow.default": ((-1, 1, 2), (0, 1, 1)),
    "permute.default": (([2, 0, 1],), ([-1, -3, -2],)),
    "repeat.default": (([2, 1, 3],), ([2, 1, 1, 2],)),
    "reshape.default": (([6, 4],), ([-1],), ([2, -1],)),
    "select.int": ((-1, 2), (0, 1)),
    "slice.Tensor": ((), (-1, 1, 3), (1, 0, 3, 2)),
    "transpose.int": ((0, -1), (-2, 1)),
    "unsqueeze.default": ((-1,), (0,), (3,)),
    "view.default": (([6, 4],), ([-1],)),
}

CASES = [
    *(OpCase(f"aten.{name}", (_X, *rest)) for name, rows in _ARGUMENTS.items() for rest in rows),
    *(
        OpCase(f"aten.{name}", (c64(2, 3, 4, lies=lies), *rows[0]))
        for name, rows in _ARGUMENTS.items()
        for lies in ("transposed", "broadcast")
        if name != "view.default"
    ),
    *(
        OpCase(f"aten.{name}.default", ([c64(2, 3), c64(2, 3, lies="transposed")], dim))
        for name in ("cat", "stack")
        for dim in (0, -1)
    ),
    OpCase("aten.index_select.default", (_X, -1, i64(2, values=(3, 0)))),
    OpCase("aten.squeeze.dim", (c64(2, 1, 3), 1)),
    OpCase("aten.squeeze.dim", (c64(2, 3, 1), -1)),
    OpCase("aten.squeeze.dim", (c64(2, 2), -1)),
    OpCase("aten.transpose.int", (c128("n", 3), 0, 1), sizes=_SIZES),
    OpCase("aten.reshape.default", (c64("n", 2, 3), [-1, 6]), sizes=_SIZES),
]
