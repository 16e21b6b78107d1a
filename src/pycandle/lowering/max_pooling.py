"""Maxima of windows with their places, and elements put back at them."""

from __future__ import annotations

from pycandle.lowering.arguments import Integer, boolean, require_float, sized, slice_of, usizes
from pycandle.lowering.padding import per_dim
from pycandle.lowering.registry import Operand, Result, Several, Unsupported, lowers
from pycandle.rust import tree as t


@lowers("aten.max_pool1d_with_indices.default")
def max_pool1d_with_indices(
    x: Operand,
    kernel_size: list[int],
    stride: list[int] = [],  # noqa: B006 - as in the schema
    padding: list[int] | int = 0,
    dilation: list[int] | int = 1,
    ceil_mode: bool = False,
    *,
    out: Result,
) -> Several:
    """aten::max_pool1d_with_indices(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=0, int[1] dilation=1, bool ceil_mode=False) -> (Tensor, Tensor)"""  # noqa: E501
    return Several(_largest(1, x, kernel_size, stride, (padding, dilation), ceil_mode, out))


@lowers("aten.max_pool2d_with_indices.default")
def max_pool2d_with_indices(
    x: Operand,
    kernel_size: list[int],
    stride: list[int] = [],  # noqa: B006 - as in the schema
    padding: list[int] | int = 0,
    dilation: list[int] | int = 1,
    ceil_mode: bool = False,
    *,
    out: Result,
) -> Several:
    """aten::max_pool2d_with_indices(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] dilation=1, bool ceil_mode=False) -> (Tensor, Tensor)"""  # noqa: E501
    return Several(_largest(2, x, kernel_size, stride, (padding, dilation), ceil_mode, out))


@lowers("aten.max_pool3d_with_indices.default")
def max_pool3d_with_indices(
    x: Operand,
    kernel_size: list[int],
    stride: list[int] = [],  # noqa: B006 - as in the schema
    padding: list[int] | int = 0,
    dilation: list[int] | int = 1,
    ceil_mode: bool = False,
    *,
    out: Result,
) -> Several:
    """aten::max_pool3d_with_indices(Tensor self, int[3] kernel_size, int[3] stride=[], int[3] padding=0, int[3] dilation=1, bool ceil_mode=False) -> (Tensor, Tensor)"""  # noqa: E501
    return Several(_largest(3, x, kernel_size, stride, (padding, dilation), ceil_mode, out))


@lowers("aten.max_pool3d.default")
def max_pool3d(
    x: Operand,
    kernel_size: list[int],
    stride: list[int] = [],  # noqa: B006 - as in the schema
    padding: list[int] | int = 0,
    dilation: list[int] | int = 1,
    ceil_mode: bool = False,
    *,
    out: Result,
) -> t.Expr:
    """aten::max_pool3d(Tensor self, int[3] kernel_size, int[3] stride=[], int[3] padding=0, int[3] dilation=1, bool ceil_mode=False) -> Tensor"""  # noqa: E501
    found = _largest(3, x, kernel_size, stride, (padding, dilation), ceil_mode, out)
    return t.Field(found, "0")


def _largest(
    dims: int,
    x: Operand,
    kernel_size: list[int],
    stride: list[int],
    padding_and_dilation: tuple[list[int] | int, list[int] | int],
    ceil_mode: bool,
    out: Result,
) -> t.Expr:
    _require_planes(x, dims)
    kernel = per_dim(kernel_size, dims)
    named = (
        ("kernel_size", kernel),
        ("stride", per_dim(stride, dims) if stride else kernel),
        ("padding", per_dim(padding_and_dilation[0], dims)),
        ("dilation", per_dim(padding_and_dilation[1], dims)),
    )
    numbers = [t.Reference(usizes(value, name)) for name, value in named]
    return t.call(out.runtime("max_pool_with_indices"), x.lent(), *numbers, boolean(ceil_mode))


def _require_planes(x: Operand, dims: int) -> None:
    require_float(x)
    if x.rank not in (dims + 1, dims + 2):
        raise Unsupported("self", f"a tensor of rank {x.rank}", supported=f"rank {dims + 2}")


@lowers("aten.adaptive_max_pool1d.default")
def adaptive_max_pool1d(x: Operand, output_size: list[int], *, out: Result) -> Several:
    """aten::adaptive_max_pool1d(Tensor self, int[1] output_size) -> (Tensor, Tensor)"""
    return _adaptive(1, x, output_size, out)


@lowers("aten.adaptive_max_pool2d.default")
def adaptive_max_pool2d(x: Operand, output_size: list[int], *, out: Result) -> Several:
    """aten::adaptive_max_pool2d(Tensor self, int[2] output_size) -> (Tensor, Tensor)"""
    return _adaptive(2, x, output_size, out)


@lowers("aten.adaptive_max_pool3d.default")
def adaptive_max_pool3d(x: Operand, output_size: list[int], *, out: Result) -> Several:
    """aten::adaptive_max_pool3d(Tensor self, int[3] output_size) -> (Tensor, Tensor)"""
    return _adaptive(3, x, output_size, out)


def _adaptive(dims: int, x: Operand, output_size: list[int], out: Result) -> Several:
    _require_planes(x, dims)
    sizes = t.Reference(usizes(per_dim(output_size, dims), "output_size"))
    return Several(t.call(out.runtime("adaptive_max_pool"), x.lent(), sizes))


@lowers("aten.max_unpool2d.default")
def max_unpool2d(
    x: Operand, indices: Operand, output_size: list[Integer], *, out: Result
) -> t.Expr:
    """aten::max_unpool2d(Tensor self, Tensor indices, SymInt[2] output_size) -> Tensor"""
    return _put_back(2, x, indices, output_size, out)


@lowers("aten.max_unpool3d.default")
def max_unpool3d(
    x: Operand,
    indices: Operand,
    output_size: list[Integer],
    stride: list[int],
    padding: list[int],
    *,
    out: Result,
) -> t.Expr:
    """aten::max_unpool3d(Tensor self, Tensor indices, SymInt[3] output_size, int[3] stride, int[3] padding) -> Tensor

    `stride` and `padding` are what torch checks `output_size` by, and nothing of the values.
    """  # noqa: E501
    return _put_back(3, x, indices, output_size, out)


def _put_back(
    dims: int, x: Operand, indices: Operand, output_size: list[Integer], out: Result
) -> t.Expr:
    _require_planes(x, dims)
    if indices.dtype != "int64":
        raise Unsupported("indices", f"a tensor of {indices.dtype}", supported="int64")
    if len(output_size) != dims:
        raise Unsupported("output_size", output_size, supported=f"{dims} sizes")
    sizes = slice_of(sized(out, size, "output_size") for size in out.shape[-dims:])
    return t.call(out.runtime("max_unpool"), x.lent(), indices.lent(), sizes)
