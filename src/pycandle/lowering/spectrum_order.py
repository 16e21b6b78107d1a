"""The order of the frequencies of a spectrum."""

from __future__ import annotations

from pycandle.lowering.arguments import boolean, usizes
from pycandle.lowering.registry import Operand, Result, lowers
from pycandle.rust import tree as t


@lowers("aten.fft_fftshift.default", numbers="any")
def fft_fftshift(x: Operand, dim: list[int] | None = None, *, out: Result) -> t.Expr:
    """aten::fft_fftshift(Tensor self, int[1]? dim=None) -> Tensor"""
    return _shifted(x, dim, False, out)


@lowers("aten.fft_ifftshift.default", numbers="any")
def fft_ifftshift(x: Operand, dim: list[int] | None = None, *, out: Result) -> t.Expr:
    """aten::fft_ifftshift(Tensor self, int[1]? dim=None) -> Tensor"""
    return _shifted(x, dim, True, out)


def _shifted(x: Operand, dim: list[int] | None, inverse: bool, out: Result) -> t.Expr:
    """Returns a spectrum with its halves exchanged; pairs of complex numbers stay together."""
    dims = list(range(x.rank)) if dim is None else [x.dim(item) for item in dim]
    places = t.Reference(usizes(dims, "dim"))
    return t.call(out.runtime("fftshift"), x.lent(), places, boolean(inverse))
