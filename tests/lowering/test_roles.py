"""Numbers that come from arguments say what they are: their role names a parameter."""

import pytest

from pycandle.ir.types import TensorType
from pycandle.lowering import LOWERINGS
from pycandle.lowering.operand import Lowered, Operand, Result
from pycandle.rust import tree as t
from pycandle.rust.rewrite import numbers


def tensor(*shape) -> Operand:
    return Operand(t.Local("xs"), TensorType("float32", shape))


def roles(overload, args, shape) -> list[str]:
    result = Result(
        TensorType("float32", shape),
        lambda size: t.usize(size, "size") if isinstance(size, int) else t.Local("n"),
        lambda: t.Local("device"),
        lambda: t.Local("dtype"),
        lambda name: name,
    )
    found = LOWERINGS[overload](args, {}, result)
    expr = found.expr if isinstance(found, Lowered) else found
    assert isinstance(expr, t.Expr)
    return [number.role for number in numbers(expr) if number.role]


@pytest.mark.parametrize(
    ("overload", "args", "shape", "expected"),
    [
        ("aten.slice.Tensor", [tensor(5, 4), 0, 1, 3], (2, 4), "start len"),
        ("aten.slice.Tensor", [tensor(9), 0, 1, 7, 2], (3,), "start len step"),
        ("aten.narrow.default", [tensor(5, 4), 0, 1, 2], (2, 4), "start len"),
        ("aten.select.int", [tensor(5, 4), 0, 1], (4,), "index"),
        ("aten.slice_scatter.default", [tensor(5), tensor(2), 0, 1, 3], (5,), "start"),
        ("aten.constant_pad_nd.default", [tensor(5), [1, 2]], (8,), "padding padding"),
        ("aten.constant_pad_nd.default", [tensor(5), [1, 2], 3.0], (8,), "padding padding value"),
        ("aten.constant_pad_nd.default", [tensor(5), [-1, 0]], (4,), "start len"),
        ("aten.pad.default", [tensor(2, 5), [1, 2], "reflect"], (2, 8), "padding padding"),
        ("aten.avg_pool2d.default", [tensor(1, 2, 8, 8), [2, 2]], (1, 2, 4, 4), "kernel_size"),
        (
            "aten.avg_pool2d.default",
            [tensor(1, 2, 8, 8), [3, 2], [2, 1]],
            (1, 2, 3, 7),
            "kernel_size kernel_size stride stride",
        ),
        (
            "aten.max_pool2d.default",
            [tensor(1, 2, 8, 8), [3, 3], [2, 2], [1, 1]],
            (1, 2, 4, 4),
            " ".join(f"{name} {name}" for name in ("kernel_size", "stride", "padding", "dilation")),
        ),
        (
            "aten.adaptive_avg_pool2d.default",
            [tensor(1, 2, 8, 8), [2, 4]],
            (1, 2, 2, 4),
            "output_size output_size",
        ),
        ("aten.layer_norm.default", [tensor(2, 8), [8]], (2, 8), "eps"),
        ("aten.clamp.default", [tensor(3), -1, 1], (3,), "min max"),
        ("aten.softplus.default", [tensor(3), 2, 9], (3,), "beta threshold"),
    ],
)
def test_a_number_from_an_argument_has_a_role(overload, args, shape, expected):
    assert roles(overload, args, shape) == expected.split()
