"""Transposed convolutions."""

from __future__ import annotations

from pycandle.lowering.arguments import optional, require_float, usizes
from pycandle.lowering.convolution import biased
from pycandle.lowering.padding import per_dim
from pycandle.lowering.registry import Operand, Result, Unsupported, lowers
from pycandle.rust import tree as t

Window = tuple[list[int] | int, list[int] | int, list[int] | int, list[int] | int]
"""Stride, padding, output padding and dilation."""

_NAMES = ("stride", "padding", "output_padding", "dilation")


@lowers("aten.conv_transpose1d.default")
def conv_transpose1d(
    input: Operand,
    weight: Operand,
    bias: Operand | None = None,
    stride: list[int] | int = 1,
    padding: list[int] | int = 0,
    output_padding: list[int] | int = 0,
    groups: int = 1,
    dilation: list[int] | int = 1,
    *,
    out: Result,
) -> t.Expr:
    """aten::conv_transpose1d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[1] stride=1, SymInt[1] padding=0, SymInt[1] output_padding=0, SymInt groups=1, SymInt[1] dilation=1) -> Tensor"""  # noqa: E501
    require_float(input, "input")
    step, pad, extra, spread = (
        per_dim(value, 1)[0] for value in (stride, padding, output_padding, dilation)
    )
    if input.rank != 3:
        return _spread(1, input, weight, bias, (step, pad, extra, spread), groups, out)
    numbers = (
        t.usize(pad, "padding"),
        t.usize(extra, "output_padding"),
        t.usize(step, "stride"),
        t.usize(spread, "dilation"),
        t.usize(groups, "groups"),
    )
    filters = weight.contiguous().lent()
    if (pad, extra, spread) == (0, 0, 1) and input.shape[0] != 1:
        # Candle's fast path folds the batch into rows without a look at their stride.
        ys = t.call(
            out.runtime("conv_transpose1d"),
            input.lent(),
            filters,
            t.usize(step, "stride"),
            t.usize(groups, "groups"),
        )
    else:
        ys = t.method(input.expr, "conv_transpose1d", filters, *numbers)
    return ys if bias is None else biased(ys, bias, 1)


@lowers("aten.conv_transpose2d.input")
def conv_transpose2d(
    input: Operand,
    weight: Operand,
    bias: Operand | None = None,
    stride: list[int] | int = 1,
    padding: list[int] | int = 0,
    output_padding: list[int] | int = 0,
    groups: int = 1,
    dilation: list[int] | int = 1,
    *,
    out: Result,
) -> t.Expr:
    """aten::conv_transpose2d.input(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=1, SymInt[2] padding=0, SymInt[2] output_padding=0, SymInt groups=1, SymInt[2] dilation=1) -> Tensor"""  # noqa: E501
    require_float(input, "input")
    window = (stride, padding, output_padding, dilation)
    numbers = [per_dim(value, 2) for value in window]
    if groups != 1 or input.rank != 4 or any(len(set(pair)) > 1 for pair in numbers):
        # Candle has one group, and one number for both dims.
        return _spread(2, input, weight, bias, window, groups, out)
    named = dict(zip(_NAMES, numbers, strict=True))
    order = ("padding", "output_padding", "stride", "dilation")
    arguments = [t.usize(named[name][0], name) for name in order]
    ys = t.method(input.expr, "conv_transpose2d", weight.contiguous().lent(), *arguments)
    return ys if bias is None else biased(ys, bias, 2)


@lowers("aten.conv_transpose3d.input")
def conv_transpose3d(
    input: Operand,
    weight: Operand,
    bias: Operand | None = None,
    stride: list[int] | int = 1,
    padding: list[int] | int = 0,
    output_padding: list[int] | int = 0,
    groups: int = 1,
    dilation: list[int] | int = 1,
    *,
    out: Result,
) -> t.Expr:
    """aten::conv_transpose3d.input(Tensor input, Tensor weight, Tensor? bias=None, SymInt[3] stride=1, SymInt[3] padding=0, SymInt[3] output_padding=0, SymInt groups=1, SymInt[3] dilation=1) -> Tensor"""  # noqa: E501
    window = (stride, padding, output_padding, dilation)
    return _spread(3, input, weight, bias, window, groups, out)


def _spread(
    dims: int,
    x: Operand,
    weight: Operand,
    bias: Operand | None,
    window: Window,
    groups: int,
    out: Result,
) -> t.Expr:
    """Convolves with numbers of its own for each dim."""
    require_float(x, "input")
    if x.rank not in (dims + 1, dims + 2):
        raise Unsupported("input", f"a tensor of rank {x.rank}", supported=f"rank {dims + 2}")
    xs = x.expr if x.rank == dims + 2 else t.method(x.expr, "unsqueeze", t.usize(0))
    named = zip(_NAMES, window, strict=True)
    numbers = [t.Reference(usizes(per_dim(value, dims), name)) for name, value in named]
    ys = t.call(
        out.runtime("conv_transpose"),
        t.ref(xs),
        weight.lent(),
        optional(bias),
        *numbers[:3],
        t.usize(groups, "groups"),
        numbers[3],
    )
    return ys if x.rank == dims + 2 else t.method(ys, "squeeze", t.usize(0))
