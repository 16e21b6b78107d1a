"""Windows of images as columns, and back."""

from __future__ import annotations

from pycandle.lowering.arguments import Integer, known, require_float, usize, usizes
from pycandle.lowering.padding import per_dim
from pycandle.lowering.registry import Operand, Result, Unsupported, lowers
from pycandle.rust import tree as t


@lowers("aten.im2col.default")
def im2col(
    x: Operand,
    kernel_size: list[int],
    dilation: list[int],
    padding: list[int],
    stride: list[int],
    *,
    out: Result,
) -> t.Expr:
    """aten::im2col(Tensor self, int[2] kernel_size, int[2] dilation, int[2] padding, int[2] stride) -> Tensor"""  # noqa: E501
    require_float(x)
    if x.rank == 3:
        batch = t.ref(t.method(x.expr, "unsqueeze", t.usize(0)))
    elif x.rank == 4:
        batch = x.lent()
    else:
        raise Unsupported("self", f"a tensor of rank {x.rank}", supported="rank 3 and 4")
    numbers = _numbers(kernel_size, dilation, padding, stride)
    found = t.call(out.runtime("im2col"), batch, *numbers)
    return t.method(found, "squeeze", t.usize(0)) if x.rank == 3 else found


@lowers("aten.col2im.default")
def col2im(
    x: Operand,
    output_size: list[Integer],
    kernel_size: list[int],
    dilation: list[int],
    padding: list[int],
    stride: list[int],
    *,
    out: Result,
) -> t.Expr:
    """aten::col2im(Tensor self, SymInt[2] output_size, int[2] kernel_size, int[2] dilation, int[2] padding, int[2] stride) -> Tensor"""  # noqa: E501
    require_float(x)
    if x.rank not in (2, 3):
        raise Unsupported("self", f"a tensor of rank {x.rank}", supported="rank 2 and 3")
    batch = t.ref(t.method(x.expr, "unsqueeze", t.usize(0))) if x.rank == 2 else x.lent()
    size = t.array_of(usize(item, "output_size") for item in output_size)
    numbers = _numbers(kernel_size, dilation, padding, stride)
    found = t.call(out.runtime("col2im"), batch, size, *numbers)
    return t.method(found, "squeeze", t.usize(0)) if x.rank == 2 else found


def _numbers(
    kernel: list[int], dilation: list[int], padding: list[int], stride: list[int]
) -> list[t.Expr]:
    named = (("kernel_size", kernel), ("dilation", dilation), ("padding", padding))
    return [usizes(per_dim(value, 2), name) for name, value in (*named, ("stride", stride))]


@lowers("aten.channel_shuffle.default")
def channel_shuffle(x: Operand, groups: Integer, *, out: Result) -> t.Expr:
    """aten::channel_shuffle(Tensor self, SymInt groups) -> Tensor"""
    if x.rank < 3:
        raise Unsupported("self", f"a tensor of rank {x.rank}", supported="rank 3 and up")
    count = t.usize(known("groups", groups), "groups")
    return t.call(out.runtime("channel_shuffle"), x.lent(), count)
