"""Resizing of signals, images and volumes."""

from __future__ import annotations

from pycandle.ir.sizes import combine
from pycandle.lowering.arguments import Integer, boolean, require_float
from pycandle.lowering.registry import Operand, Result, Unsupported, lowers
from pycandle.rust import tree as t


@lowers("aten.upsample_nearest1d.vec")
def upsample_nearest1d(
    input: Operand,
    output_size: list[Integer] | None,
    scale_factors: list[float] | None,
    *,
    out: Result,
) -> t.Expr:
    """aten::upsample_nearest1d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor"""  # noqa: E501
    return _resized("resize_nearest", 1, input, scale_factors, None, out)


@lowers("aten.upsample_nearest2d.vec")
def upsample_nearest2d(
    input: Operand,
    output_size: list[Integer] | None,
    scale_factors: list[float] | None,
    *,
    out: Result,
) -> t.Expr:
    """aten::upsample_nearest2d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor

    Candle divides in float64 and PyTorch in float32, which may pick another pixel but for powers
    of two.
    """  # noqa: E501
    if input.rank == 4 and all(_is_doubled(input, dim, out) for dim in (2, 3)):
        return t.method(input.expr, "upsample_nearest2d", out.size(2), out.size(3))
    return _resized("resize_nearest", 2, input, scale_factors, None, out)


def _is_doubled(x: Operand, dim: int, out: Result) -> bool:
    return any(combine("*", x.shape[dim], factor) == out.shape[dim] for factor in (2, 4, 8))


@lowers("aten.upsample_linear1d.vec")
def upsample_linear1d(
    input: Operand,
    output_size: list[Integer] | None,
    align_corners: bool,
    scale_factors: list[float] | None,
    *,
    out: Result,
) -> t.Expr:
    """aten::upsample_linear1d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor"""  # noqa: E501
    return _resized("resize_linear", 1, input, scale_factors, align_corners, out)


@lowers("aten.upsample_bilinear2d.vec")
def upsample_bilinear2d(
    input: Operand,
    output_size: list[Integer] | None,
    align_corners: bool,
    scale_factors: list[float] | None,
    *,
    out: Result,
) -> t.Expr:
    """aten::upsample_bilinear2d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor

    Candle's own gives back the storage of a view whose size it keeps.
    """  # noqa: E501
    require_float(input, "input")
    sizes = [size for size in (*input.shape[2:], *out.shape[2:]) if isinstance(size, int)]
    if scale_factors is None and len(sizes) == 4 and sizes[:2] != sizes[2:]:
        corners = boolean(align_corners)
        return t.method(input.expr, "upsample_bilinear2d", out.size(2), out.size(3), corners)
    return _resized("resize_linear", 2, input, scale_factors, align_corners, out)


@lowers("aten.upsample_trilinear3d.vec")
def upsample_trilinear3d(
    input: Operand,
    output_size: list[Integer] | None,
    align_corners: bool,
    scale_factors: list[float] | None,
    *,
    out: Result,
) -> t.Expr:
    """aten::upsample_trilinear3d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor"""  # noqa: E501
    return _resized("resize_linear", 3, input, scale_factors, align_corners, out)


@lowers("aten.upsample_bicubic2d.vec")
def upsample_bicubic2d(
    input: Operand,
    output_size: list[Integer] | None,
    align_corners: bool,
    scale_factors: list[float] | None,
    *,
    out: Result,
) -> t.Expr:
    """aten::upsample_bicubic2d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor"""  # noqa: E501
    return _resized("resize_cubic", 2, input, scale_factors, align_corners, out)


@lowers("aten.upsample_nearest3d.vec")
def upsample_nearest3d(
    input: Operand,
    output_size: list[Integer] | None,
    scale_factors: list[float] | None,
    *,
    out: Result,
) -> t.Expr:
    """aten::upsample_nearest3d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor"""  # noqa: E501
    return _resized("resize_nearest", 3, input, scale_factors, None, out)


@lowers("aten._upsample_nearest_exact1d.vec")
def upsample_nearest_exact1d(
    input: Operand,
    output_size: list[Integer] | None,
    scale_factors: list[float] | None,
    *,
    out: Result,
) -> t.Expr:
    """aten::_upsample_nearest_exact1d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor"""  # noqa: E501
    return _resized("resize_nearest_exact", 1, input, scale_factors, None, out)


@lowers("aten._upsample_nearest_exact2d.vec")
def upsample_nearest_exact2d(
    input: Operand,
    output_size: list[Integer] | None,
    scale_factors: list[float] | None,
    *,
    out: Result,
) -> t.Expr:
    """aten::_upsample_nearest_exact2d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor"""  # noqa: E501
    return _resized("resize_nearest_exact", 2, input, scale_factors, None, out)


@lowers("aten._upsample_nearest_exact3d.vec")
def upsample_nearest_exact3d(
    input: Operand,
    output_size: list[Integer] | None,
    scale_factors: list[float] | None,
    *,
    out: Result,
) -> t.Expr:
    """aten::_upsample_nearest_exact3d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor"""  # noqa: E501
    return _resized("resize_nearest_exact", 3, input, scale_factors, None, out)


@lowers("aten._upsample_bilinear2d_aa.vec")
def upsample_bilinear2d_aa(
    input: Operand,
    output_size: list[Integer] | None,
    align_corners: bool,
    scale_factors: list[float] | None,
    *,
    out: Result,
) -> t.Expr:
    """aten::_upsample_bilinear2d_aa.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor"""  # noqa: E501
    return _resized("resize_antialiased", 2, input, scale_factors, align_corners, out, False)


@lowers("aten._upsample_bicubic2d_aa.vec")
def upsample_bicubic2d_aa(
    input: Operand,
    output_size: list[Integer] | None,
    align_corners: bool,
    scale_factors: list[float] | None,
    *,
    out: Result,
) -> t.Expr:
    """aten::_upsample_bicubic2d_aa.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor"""  # noqa: E501
    return _resized("resize_antialiased", 2, input, scale_factors, align_corners, out, True)


def _resized(
    kernel: str,
    dims: int,
    x: Operand,
    scales: list[float] | None,
    align_corners: bool | None,
    out: Result,
    is_cubic: bool | None = None,
) -> t.Expr:
    """Resizes one dim after the other. A given scale counts, not the ratio of the sizes."""
    if "nearest" not in kernel:
        require_float(x, "input")
    if x.rank != dims + 2:
        raise Unsupported("input", f"a tensor of rank {x.rank}", supported=f"rank {dims + 2}")
    expr = x.expr
    for dim in range(2, x.rank):
        scale = None if scales is None else scales[dim - 2]
        given = t.path("None") if scale is None else t.Call("Some", (t.f64(scale, "scale"),))
        corners = () if align_corners is None else (boolean(align_corners),)
        cubic = () if is_cubic is None else (boolean(is_cubic),)
        arguments = (t.ref(expr), t.usize(dim), out.size(dim), *corners, given, *cubic)
        expr = t.call(out.runtime(kernel), *arguments)
    return expr
