"""Operands that a lowering mentions more than once."""

from collections.abc import Callable
from dataclasses import replace

from pycandle.lowering.operand import Operand
from pycandle.rust import tree as t

REUSED = frozenset(
    f"aten.{name}"
    for name in (
        "angle.default",
        "aminmax.default",
        "glu.default",
        "hardswish.default",
        "histogram.bin_ct",
        "histogram.bins_tensor",
        "isnan.default",
        "lerp.Scalar",
        "max.dim",
        "min.dim",
        "mish.default",
        "pow.Tensor_Scalar",
        "prelu.default",
        "square.default",
        "nanmean.default",
        "nansum.default",
        "signbit.default",
        "std.default",
        "std.dim",
        "std.correction",
        "std_mean.correction",
        "std_mean.default",
        "std_mean.dim",
        "var.correction",
        "var.default",
        "var.dim",
        "var_mean.correction",
        "var_mean.default",
        "var_mean.dim",
    )
)
"""Overloads that may mention their first operand often: where it has a name, they need no block."""


def reuse(x: Operand, build: Callable[[Operand], t.Expr], name: str = "xs") -> t.Expr:
    """Returns what `build` makes of an operand that it may mention often.

    An operand that is not a variable yet becomes one, so that it is computed once.
    """
    if t.is_place(x.expr):
        return build(x)
    return t.Block((t.Let(name, x.expr),), build(replace(x, expr=t.Local(name))))
