"""Images at the places of a grid."""

from __future__ import annotations

from pycandle.lowering.arguments import boolean, require_float, same_type
from pycandle.lowering.registry import Operand, Result, Unsupported, lowers
from pycandle.rust import tree as t

_LINEAR, _NEAREST, _CUBIC = range(3)
"""`GridSamplerInterpolation` of torch."""
_PADDINGS = ("zeros", "border", "reflection")
"""`GridSamplerPadding` of torch, by its number."""


@lowers("aten.grid_sampler.default")
def grid_sampler(
    input: Operand,
    grid: Operand,
    interpolation_mode: int,
    padding_mode: int,
    align_corners: bool,
    *,
    out: Result,
) -> t.Expr:
    """aten::grid_sampler(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) -> Tensor"""  # noqa: E501
    return _sampled(input, grid, interpolation_mode, padding_mode, align_corners, out)


@lowers("aten.grid_sampler_2d.default")
def grid_sampler_2d(
    input: Operand,
    grid: Operand,
    interpolation_mode: int,
    padding_mode: int,
    align_corners: bool,
    *,
    out: Result,
) -> t.Expr:
    """aten::grid_sampler_2d(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) -> Tensor"""  # noqa: E501
    return _sampled(input, grid, interpolation_mode, padding_mode, align_corners, out)


@lowers("aten.grid_sampler_3d.default")
def grid_sampler_3d(
    input: Operand,
    grid: Operand,
    interpolation_mode: int,
    padding_mode: int,
    align_corners: bool,
    *,
    out: Result,
) -> t.Expr:
    """aten::grid_sampler_3d(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) -> Tensor"""  # noqa: E501
    return _sampled(input, grid, interpolation_mode, padding_mode, align_corners, out)


def _sampled(
    x: Operand, grid: Operand, mode: int, padding: int, align_corners: bool, out: Result
) -> t.Expr:
    require_float(x, "input")
    if x.rank not in (4, 5) or grid.rank != x.rank:
        raise Unsupported("input", f"a tensor of rank {x.rank}", supported="rank 4 and 5")
    if not same_type(grid.type, x.type):
        raise Unsupported("grid", f"a tensor of {grid.dtype}", supported="the input's dtype")
    modes = (_LINEAR, _NEAREST, _CUBIC) if x.rank == 4 else (_LINEAR, _NEAREST)
    if mode not in modes:
        supported = ", ".join(map(str, modes))
        raise Unsupported("interpolation_mode", mode, supported=supported)
    if padding not in range(len(_PADDINGS)):
        raise Unsupported("padding_mode", padding, supported="0, 1, 2")
    return t.call(
        out.runtime("grid_sampler"),
        x.lent(),
        grid.lent(),
        t.usize(mode, "interpolation_mode"),
        t.usize(padding, "padding_mode"),
        boolean(align_corners),
    )
