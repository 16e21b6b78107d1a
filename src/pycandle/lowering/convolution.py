"""Convolutions."""

from __future__ import annotations

from dataclasses import replace

from pycandle.lowering.arguments import optional, require_float, usizes
from pycandle.lowering.padding import padding_of, per_dim, same_padding, same_pads
from pycandle.lowering.registry import Operand, Result, Unsupported, lowers
from pycandle.rust import tree as t


@lowers("aten.conv1d.default")
def conv1d(
    input: Operand,
    weight: Operand,
    bias: Operand | None = None,
    stride: list[int] | int = 1,
    padding: list[int] | int = 0,
    dilation: list[int] | int = 1,
    groups: int = 1,
    *,
    out: Result,
) -> t.Expr:
    """aten::conv1d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[1] stride=1, SymInt[1] padding=0, SymInt[1] dilation=1, SymInt groups=1) -> Tensor"""  # noqa: E501
    return _convolved(1, input, weight, bias, (stride, padding, dilation), groups, out)


@lowers("aten.conv1d.padding")
def conv1d_padding(
    input: Operand,
    weight: Operand,
    bias: Operand | None = None,
    stride: list[int] | int = 1,
    padding: str = "valid",
    dilation: list[int] | int = 1,
    groups: int = 1,
    *,
    out: Result,
) -> t.Expr:
    """aten::conv1d.padding(Tensor input, Tensor weight, Tensor? bias=None, SymInt[1] stride=1, str padding="valid", SymInt[1] dilation=1, SymInt groups=1) -> Tensor"""  # noqa: E501
    return _convolved_by_name(1, input, weight, bias, (stride, padding, dilation), groups, out)


@lowers("aten.conv2d.default")
def conv2d(
    input: Operand,
    weight: Operand,
    bias: Operand | None = None,
    stride: list[int] | int = 1,
    padding: list[int] | int = 0,
    dilation: list[int] | int = 1,
    groups: int = 1,
    *,
    out: Result,
) -> t.Expr:
    """aten::conv2d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=1, SymInt[2] padding=0, SymInt[2] dilation=1, SymInt groups=1) -> Tensor"""  # noqa: E501
    return _convolved(2, input, weight, bias, (stride, padding, dilation), groups, out)


@lowers("aten.conv2d.padding")
def conv2d_padding(
    input: Operand,
    weight: Operand,
    bias: Operand | None = None,
    stride: list[int] | int = 1,
    padding: str = "valid",
    dilation: list[int] | int = 1,
    groups: int = 1,
    *,
    out: Result,
) -> t.Expr:
    """aten::conv2d.padding(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=1, str padding="valid", SymInt[2] dilation=1, SymInt groups=1) -> Tensor"""  # noqa: E501
    return _convolved_by_name(2, input, weight, bias, (stride, padding, dilation), groups, out)


def _convolved_by_name(
    dims: int,
    x: Operand,
    weight: Operand,
    bias: Operand | None,
    window: tuple[list[int] | int, str, list[int] | int],
    groups: int,
    out: Result,
) -> t.Expr:
    """Convolves with padding by name; "same" may need a zero more behind than before."""
    stride, padding, dilation = window
    kernel = _kernel(weight)
    pads = same_padding(padding, kernel, stride, dilation)
    if pads is None:
        expr = x.expr
        for dim, (before, after) in enumerate(same_pads(kernel, stride, dilation)):
            place = t.usize(x.rank - dims + dim)
            expr = t.method(expr, "pad_with_zeros", place, *padding_of((before, after)))
        x, pads = replace(x, expr=expr), [0] * dims
    if dims == 3:
        return _convolved_volume(x, weight, bias, (stride, pads, dilation), groups, out)
    return _convolved(dims, x, weight, bias, (stride, pads, dilation), groups, out)


def _convolved(
    dims: int,
    x: Operand,
    weight: Operand,
    bias: Operand | None,
    window: tuple[list[int] | int, list[int] | int, list[int] | int],
    groups: int,
    out: Result,
) -> t.Expr:
    require_float(x, "input")
    stride, padding, dilation = (per_dim(value, dims) for value in window)
    if x.rank not in (dims + 1, dims + 2):
        raise Unsupported("input", f"a tensor of rank {x.rank}", supported=f"rank {dims + 2}")
    batched = x.rank == dims + 2
    xs = x.expr if batched else t.method(x.expr, "unsqueeze", t.usize(0))
    if dims == 2 and x.dtype == "bfloat16":
        # Candle's kernel for images multiplies no matrices of it on the CPU.
        ys = _by_columns(xs, weight, bias, (stride, padding, dilation), groups, out)
        return ys if batched else t.method(ys, "squeeze", t.usize(0))
    if len(set(dilation)) > 1:
        ys = _by_columns(xs, weight, bias, (stride, padding, dilation), groups, out)
        return ys if batched else t.method(ys, "squeeze", t.usize(0))
    for dim, pad in enumerate(padding):
        if len(set(padding)) > 1 and pad:
            place = t.usize(2 + dim)
            xs = t.method(xs, "pad_with_zeros", place, *padding_of((pad, pad)))
    if len(set(padding)) > 1:
        padding = [0] * dims
    steps = [1] * dims if len(set(stride)) > 1 else stride
    # The kernel of the one-dimensional convolution reads a strided weight wrongly.
    filters = weight.contiguous().lent()
    numbers = (
        t.usize(padding[0], "padding"),
        t.usize(steps[0], "stride"),
        t.usize(dilation[0], "dilation"),
        t.usize(groups, "groups"),
    )
    ys = t.method(xs, f"conv{dims}d", filters, *numbers)
    if steps != stride:
        # A stride of its own for each dim: every window, and then those that are wanted.
        ys = _every(ys, stride)
    if bias is not None:
        ys = biased(ys, bias, dims)
    return ys if batched else t.method(ys, "squeeze", t.usize(0))


def _by_columns(
    xs: t.Expr,
    weight: Operand,
    bias: Operand | None,
    window: tuple[list[int], list[int], list[int]],
    groups: int,
    out: Result,
) -> t.Expr:
    """Convolves with numbers of its own for each dim, which Candle has not for `dilation`."""
    named = zip(("stride", "padding", "dilation"), window, strict=True)
    numbers = [t.Reference(usizes(value, name)) for name, value in named]
    return t.call(
        out.runtime("convolution"),
        t.ref(xs),
        weight.lent(),
        optional(bias),
        *numbers,
        t.usize(groups, "groups"),
    )


def _every(ys: t.Expr, stride: list[int]) -> t.Expr:
    for dim, step in enumerate(stride):
        if step > 1:
            ys = t.method(ys, "unfold", t.usize(2 + dim), t.usize(1), t.usize(step, "stride"))
            ys = t.method(ys, "squeeze", t.usize(2 + len(stride)))
    return t.method(ys, "contiguous")


def biased(ys: t.Expr, bias: Operand, dims: int) -> t.Expr:
    shape = t.tuple_of([t.usize(1), t.Tuple(()), *[t.usize(1)] * dims])
    return t.method(ys, "broadcast_add", t.Reference(t.method(bias.expr, "reshape", shape)))


def _kernel(weight: Operand) -> tuple[int, ...]:
    sizes = [size for size in weight.shape[2:] if isinstance(size, int)]
    if len(sizes) != weight.rank - 2:
        raise Unsupported("weight", f"a shape of {weight.shape}", supported="a fixed kernel")
    return tuple(sizes)


@lowers("aten.conv3d.default")
def conv3d(
    input: Operand,
    weight: Operand,
    bias: Operand | None = None,
    stride: list[int] | int = 1,
    padding: list[int] | int = 0,
    dilation: list[int] | int = 1,
    groups: int = 1,
    *,
    out: Result,
) -> t.Expr:
    """aten::conv3d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[3] stride=1, SymInt[3] padding=0, SymInt[3] dilation=1, SymInt groups=1) -> Tensor"""  # noqa: E501
    return _convolved_volume(input, weight, bias, (stride, padding, dilation), groups, out)


@lowers("aten.conv3d.padding")
def conv3d_padding(
    input: Operand,
    weight: Operand,
    bias: Operand | None = None,
    stride: list[int] | int = 1,
    padding: str = "valid",
    dilation: list[int] | int = 1,
    groups: int = 1,
    *,
    out: Result,
) -> t.Expr:
    """aten::conv3d.padding(Tensor input, Tensor weight, Tensor? bias=None, SymInt[3] stride=1, str padding="valid", SymInt[3] dilation=1, SymInt groups=1) -> Tensor"""  # noqa: E501
    return _convolved_by_name(3, input, weight, bias, (stride, padding, dilation), groups, out)


def _convolved_volume(
    x: Operand,
    weight: Operand,
    bias: Operand | None,
    window: tuple[list[int] | int, list[int] | int, list[int] | int],
    groups: int,
    out: Result,
) -> t.Expr:
    require_float(x, "input")
    if x.rank not in (4, 5):
        raise Unsupported("input", f"a tensor of rank {x.rank}", supported="rank 4 and 5")
    xs = x.expr if x.rank == 5 else t.method(x.expr, "unsqueeze", t.usize(0))
    stride, padding, dilation = (per_dim(value, 3) for value in window)
    if dilation[1] != dilation[2] or x.dtype == "bfloat16":
        ys = _by_columns(xs, weight, bias, (stride, padding, dilation), groups, out)
    else:
        ys = t.call(
            out.runtime("conv3d"),
            t.ref(xs),
            weight.contiguous().lent(),
            optional(bias),
            usizes(stride, "stride"),
            usizes(padding, "padding"),
            usizes(dilation, "dilation"),
            t.usize(groups, "groups"),
        )
    return ys if x.rank == 5 else t.method(ys, "squeeze", t.usize(0))
