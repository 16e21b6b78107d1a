"""Pooling over windows and to fixed sizes."""

from __future__ import annotations

from dataclasses import replace

from pycandle.ir.configured import is_configured
from pycandle.lowering.arguments import (
    boolean,
    is_half_or_may_be,
    require_float,
    sized,
    slice_of,
    usizes,
)
from pycandle.lowering.padding import per_dim
from pycandle.lowering.reduction import mean
from pycandle.lowering.registry import Operand, Result, Unsupported, lowers
from pycandle.rust import tree as t

_SHORT = 64
"""Up to so many elements, a sum of 16-bit floats is as good as torch's, which runs in float32."""


@lowers("aten.max_pool2d.default")
def max_pool2d(
    x: Operand,
    kernel_size: list[int],
    stride: list[int] = [],  # noqa: B006 - as in the schema
    padding: list[int] | int = 0,
    dilation: list[int] | int = 1,
    ceil_mode: bool = False,
    *,
    out: Result,
) -> t.Expr:
    """aten::max_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] dilation=1, bool ceil_mode=False) -> Tensor"""  # noqa: E501
    require_float(x)
    xs = _batched(x, 2)
    kernel = per_dim(kernel_size, 2)
    step = per_dim(stride, 2) if stride else kernel
    pad, spread = per_dim(padding, 2), per_dim(dilation, 2)
    numbers = (*_window(kernel, step, pad), usizes(spread, "dilation"))
    ys = t.call(out.runtime("max_pool2d"), xs.lent(), *numbers, boolean(ceil_mode))
    return _as_given(x, ys, 2)


@lowers("aten.max_pool1d.default")
def max_pool1d(
    x: Operand,
    kernel_size: list[int],
    stride: list[int] = [],  # noqa: B006 - as in the schema
    padding: list[int] | int = 0,
    dilation: list[int] | int = 1,
    ceil_mode: bool = False,
    *,
    out: Result,
) -> t.Expr:
    """aten::max_pool1d(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=0, int[1] dilation=1, bool ceil_mode=False) -> Tensor"""  # noqa: E501
    kernel = per_dim(kernel_size, 1)
    step = per_dim(stride, 1) if stride else kernel
    pad, spread = [0, *per_dim(padding, 1)], [1, *per_dim(dilation, 1)]
    ys = max_pool2d(_as_image(x), [1, *kernel], [1, *step], pad, spread, ceil_mode, out=out)
    return t.method(ys, "squeeze", t.usize(x.rank - 1))


@lowers("aten.avg_pool2d.default")
def avg_pool2d(
    x: Operand,
    kernel_size: list[int],
    stride: list[int] = [],  # noqa: B006 - as in the schema
    padding: list[int] | int = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
    *,
    out: Result,
) -> t.Expr:
    """aten::avg_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, bool ceil_mode=False, bool count_include_pad=True, int? divisor_override=None) -> Tensor"""  # noqa: E501
    require_float(x)
    xs = _batched(x, 2)
    kernel = per_dim(kernel_size, 2)
    step = per_dim(stride, 2) if stride else kernel
    pad = per_dim(padding, 2)
    count = kernel[0] * kernel[1]
    is_long = is_half_or_may_be(x.type) and (is_configured(count) or count > _SHORT)
    if pad == [0, 0] and not ceil_mode and divisor_override is None and not is_long:
        ys = _pooled("avg_pool2d", xs, kernel, step)
    else:
        divisor = divisor_override
        ys = t.call(
            out.runtime("avg_pool2d"),
            xs.lent(),
            *_window(kernel, step, pad),
            boolean(ceil_mode),
            boolean(count_include_pad),
            t.path("None") if divisor is None else t.Call("Some", (t.f64(divisor, "divisor"),)),
        )
    return _as_given(x, ys, 2)


@lowers("aten.avg_pool1d.default")
def avg_pool1d(
    x: Operand,
    kernel_size: list[int],
    stride: list[int] = [],  # noqa: B006 - as in the schema
    padding: list[int] | int = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    *,
    out: Result,
) -> t.Expr:
    """aten::avg_pool1d(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=0, bool ceil_mode=False, bool count_include_pad=True) -> Tensor"""  # noqa: E501
    kernel = per_dim(kernel_size, 1)
    step = per_dim(stride, 1) if stride else kernel
    pad = [0, *per_dim(padding, 1)]
    ys = avg_pool2d(
        _as_image(x), [1, *kernel], [1, *step], pad, ceil_mode, count_include_pad, out=out
    )
    return t.method(ys, "squeeze", t.usize(x.rank - 1))


@lowers("aten.adaptive_avg_pool2d.default")
def adaptive_avg_pool2d(x: Operand, output_size: list[int], *, out: Result) -> t.Expr:
    """aten::adaptive_avg_pool2d(Tensor self, SymInt[2] output_size) -> Tensor"""
    return _adaptive_average(x, output_size, out)


@lowers("aten.adaptive_avg_pool1d.default")
def adaptive_avg_pool1d(x: Operand, output_size: list[int], *, out: Result) -> t.Expr:
    """aten::adaptive_avg_pool1d(Tensor self, int[1] output_size) -> Tensor"""
    return _adaptive_average(x, output_size, out)


@lowers("aten.adaptive_avg_pool3d.default")
def adaptive_avg_pool3d(x: Operand, output_size: list[int], *, out: Result) -> t.Expr:
    """aten::adaptive_avg_pool3d(Tensor self, SymInt[3] output_size) -> Tensor"""
    return _adaptive_average(x, output_size, out)


@lowers("aten.avg_pool3d.default")
def avg_pool3d(
    x: Operand,
    kernel_size: list[int],
    stride: list[int] = [],  # noqa: B006 - as in the schema
    padding: list[int] | int = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
    *,
    out: Result,
) -> t.Expr:
    """aten::avg_pool3d(Tensor self, int[3] kernel_size, int[3] stride=[], int[3] padding=0, bool ceil_mode=False, bool count_include_pad=True, int? divisor_override=None) -> Tensor"""  # noqa: E501
    require_float(x)
    if x.rank not in (4, 5):
        raise Unsupported("self", f"a tensor of rank {x.rank}", supported="rank 4 and 5")
    kernel = per_dim(kernel_size, 3)
    step = per_dim(stride, 3) if stride else kernel
    divisor = divisor_override
    return t.call(
        out.runtime("avg_pool3d"),
        x.lent(),
        *_window(kernel, step, per_dim(padding, 3)),
        boolean(ceil_mode),
        boolean(count_include_pad),
        t.path("None") if divisor is None else t.Call("Some", (t.f64(divisor, "divisor"),)),
    )


def _adaptive_average(x: Operand, output_size: list[int], out: Result) -> t.Expr:
    require_float(x)
    first = x.rank - len(output_size)
    if not 1 <= first <= 2:
        raise Unsupported("self", f"a tensor of rank {x.rank}", supported="channels and a batch")
    if all(size == 1 for size in output_size):
        return mean(x, list(range(first, x.rank)), True, out=out)
    sizes = slice_of(sized(out, size, "output_size") for size in out.shape[first:])
    return t.call(out.runtime("adaptive_avg_pool"), x.lent(), sizes)


def _batched(x: Operand, dims: int) -> Operand:
    """Returns the input with a batch, which PyTorch does not insist on."""
    if x.rank == dims + 2:
        return x
    if x.rank != dims + 1:
        raise Unsupported("self", f"a tensor of rank {x.rank}", supported=f"rank {dims + 2}")
    kind = replace(x.type, shape=(1, *x.shape))
    return replace(x, expr=t.method(x.expr, "unsqueeze", t.usize(0)), type=kind)


def _as_given(x: Operand, ys: t.Expr, dims: int) -> t.Expr:
    return ys if x.rank == dims + 2 else t.method(ys, "squeeze", t.usize(0))


def _as_image(x: Operand) -> Operand:
    """Returns a row of values as an image of one row."""
    kind = replace(x.type, shape=(*x.shape[:-1], 1, x.shape[-1]))
    expr = t.method(x.expr, "unsqueeze", t.usize(x.rank - 1))
    return replace(x, expr=expr, type=kind)


def _pooled(name: str, x: Operand, kernel: list[int], step: list[int]) -> t.Expr:
    if kernel == step:
        return t.method(x.expr, name, _pair_or_one(kernel, kernel, "kernel_size"))
    numbers = (
        _pair_or_one(kernel, step, "kernel_size"),
        _pair_or_one(step, kernel, "stride"),
    )
    return t.method(x.expr, f"{name}_with_stride", *numbers)


def _pair_or_one(value: list[int], other: list[int], role: str) -> t.Expr:
    """Returns one number for two that are equal; both arguments are of one type."""
    if len(set(value)) == 1 and len(set(other)) == 1:
        return t.usize(value[0], role)
    return t.tuple_of([t.usize(number, role) for number in value])


def _window(kernel: list[int], step: list[int], pad: list[int]) -> tuple[t.Expr, ...]:
    return (usizes(kernel, "kernel_size"), usizes(step, "stride"), usizes(pad, "padding"))
