"""Fourier transforms."""

from __future__ import annotations

from pycandle.lowering.arguments import Integer
from pycandle.lowering.registry import Operand, Result, lowers
from pycandle.lowering.spectrum import (
    Extent,
    extent_of,
    half,
    norm_of,
    pairs_of,
    real_transformed,
    require_real,
    transformed,
)
from pycandle.rust import tree as t


def _sizes(n: Integer | None) -> list[Integer] | None:
    return None if n is None else [n]


@lowers("aten.fft_fft.default", numbers="any")
def fft_fft(
    x: Operand, n: Integer | None = None, dim: int = -1, norm: str | None = None, *, out: Result
) -> t.Expr:
    """aten::fft_fft(Tensor self, SymInt? n=None, int dim=-1, str? norm=None) -> Tensor"""
    return _whole(x, extent_of(x, _sizes(n), [dim]), norm, False, out)


@lowers("aten.fft_fft2.default", numbers="any")
def fft_fft2(
    x: Operand,
    s: list[Integer] | None = None,
    dim: list[int] = [-2, -1],  # noqa: B006 - as in the schema
    norm: str | None = None,
    *,
    out: Result,
) -> t.Expr:
    """aten::fft_fft2(Tensor self, SymInt[1]? s=None, int[1] dim=[-2, -1], str? norm=None) -> Tensor"""  # noqa: E501
    return _whole(x, extent_of(x, s, dim), norm, False, out)


@lowers("aten.fft_fftn.default", numbers="any")
def fft_fftn(
    x: Operand,
    s: list[Integer] | None = None,
    dim: list[int] | None = None,
    norm: str | None = None,
    *,
    out: Result,
) -> t.Expr:
    """aten::fft_fftn(Tensor self, SymInt[1]? s=None, int[1]? dim=None, str? norm=None) -> Tensor"""
    return _whole(x, extent_of(x, s, dim), norm, False, out)


@lowers("aten.fft_ifft.default", numbers="any")
def fft_ifft(
    x: Operand, n: Integer | None = None, dim: int = -1, norm: str | None = None, *, out: Result
) -> t.Expr:
    """aten::fft_ifft(Tensor self, SymInt? n=None, int dim=-1, str? norm=None) -> Tensor"""
    return _whole(x, extent_of(x, _sizes(n), [dim]), norm, True, out)


@lowers("aten.fft_ifft2.default", numbers="any")
def fft_ifft2(
    x: Operand,
    s: list[Integer] | None = None,
    dim: list[int] = [-2, -1],  # noqa: B006 - as in the schema
    norm: str | None = None,
    *,
    out: Result,
) -> t.Expr:
    """aten::fft_ifft2(Tensor self, SymInt[1]? s=None, int[1] dim=[-2, -1], str? norm=None) -> Tensor"""  # noqa: E501
    return _whole(x, extent_of(x, s, dim), norm, True, out)


@lowers("aten.fft_ifftn.default", numbers="any")
def fft_ifftn(
    x: Operand,
    s: list[Integer] | None = None,
    dim: list[int] | None = None,
    norm: str | None = None,
    *,
    out: Result,
) -> t.Expr:
    """aten::fft_ifftn(Tensor self, SymInt[1]? s=None, int[1]? dim=None, str? norm=None) -> Tensor"""  # noqa: E501
    return _whole(x, extent_of(x, s, dim), norm, True, out)


@lowers("aten.fft_rfft.default", numbers="any")
def fft_rfft(
    x: Operand, n: Integer | None = None, dim: int = -1, norm: str | None = None, *, out: Result
) -> t.Expr:
    """aten::fft_rfft(Tensor self, SymInt? n=None, int dim=-1, str? norm=None) -> Tensor"""
    return _half(x, extent_of(x, _sizes(n), [dim]), norm, out)


@lowers("aten.fft_rfft2.default", numbers="any")
def fft_rfft2(
    x: Operand,
    s: list[Integer] | None = None,
    dim: list[int] = [-2, -1],  # noqa: B006 - as in the schema
    norm: str | None = None,
    *,
    out: Result,
) -> t.Expr:
    """aten::fft_rfft2(Tensor self, SymInt[1]? s=None, int[1] dim=[-2, -1], str? norm=None) -> Tensor"""  # noqa: E501
    return _half(x, extent_of(x, s, dim), norm, out)


@lowers("aten.fft_rfftn.default", numbers="any")
def fft_rfftn(
    x: Operand,
    s: list[Integer] | None = None,
    dim: list[int] | None = None,
    norm: str | None = None,
    *,
    out: Result,
) -> t.Expr:
    """aten::fft_rfftn(Tensor self, SymInt[1]? s=None, int[1]? dim=None, str? norm=None) -> Tensor"""  # noqa: E501
    return _half(x, extent_of(x, s, dim), norm, out)


@lowers("aten.fft_irfft.default", numbers="any")
def fft_irfft(
    x: Operand, n: Integer | None = None, dim: int = -1, norm: str | None = None, *, out: Result
) -> t.Expr:
    """aten::fft_irfft(Tensor self, SymInt? n=None, int dim=-1, str? norm=None) -> Tensor"""
    return _real(x, extent_of(x, _sizes(n), [dim]), norm, out)


@lowers("aten.fft_irfft2.default", numbers="any")
def fft_irfft2(
    x: Operand,
    s: list[Integer] | None = None,
    dim: list[int] = [-2, -1],  # noqa: B006 - as in the schema
    norm: str | None = None,
    *,
    out: Result,
) -> t.Expr:
    """aten::fft_irfft2(Tensor self, SymInt[1]? s=None, int[1] dim=[-2, -1], str? norm=None) -> Tensor"""  # noqa: E501
    return _real(x, extent_of(x, s, dim), norm, out)


@lowers("aten.fft_irfftn.default", numbers="any")
def fft_irfftn(
    x: Operand,
    s: list[Integer] | None = None,
    dim: list[int] | None = None,
    norm: str | None = None,
    *,
    out: Result,
) -> t.Expr:
    """aten::fft_irfftn(Tensor self, SymInt[1]? s=None, int[1]? dim=None, str? norm=None) -> Tensor"""  # noqa: E501
    return _real(x, extent_of(x, s, dim), norm, out)


@lowers("aten.fft_hfft.default", numbers="any")
def fft_hfft(
    x: Operand, n: Integer | None = None, dim: int = -1, norm: str | None = None, *, out: Result
) -> t.Expr:
    """aten::fft_hfft(Tensor self, SymInt? n=None, int dim=-1, str? norm=None) -> Tensor"""
    return _of_half(x, extent_of(x, _sizes(n), [dim]), norm, out)


@lowers("aten.fft_hfft2.default", numbers="any")
def fft_hfft2(
    x: Operand,
    s: list[Integer] | None = None,
    dim: list[int] = [-2, -1],  # noqa: B006 - as in the schema
    norm: str | None = None,
    *,
    out: Result,
) -> t.Expr:
    """aten::fft_hfft2(Tensor self, SymInt[1]? s=None, int[1] dim=[-2, -1], str? norm=None) -> Tensor"""  # noqa: E501
    return _of_half(x, extent_of(x, s, dim), norm, out)


@lowers("aten.fft_hfftn.default", numbers="any")
def fft_hfftn(
    x: Operand,
    s: list[Integer] | None = None,
    dim: list[int] | None = None,
    norm: str | None = None,
    *,
    out: Result,
) -> t.Expr:
    """aten::fft_hfftn(Tensor self, SymInt[1]? s=None, int[1]? dim=None, str? norm=None) -> Tensor"""  # noqa: E501
    return _of_half(x, extent_of(x, s, dim), norm, out)


@lowers("aten.fft_ihfft.default", numbers="any")
def fft_ihfft(
    x: Operand, n: Integer | None = None, dim: int = -1, norm: str | None = None, *, out: Result
) -> t.Expr:
    """aten::fft_ihfft(Tensor self, SymInt? n=None, int dim=-1, str? norm=None) -> Tensor"""
    return _inverse_half(x, extent_of(x, _sizes(n), [dim]), norm, out)


@lowers("aten.fft_ihfft2.default", numbers="any")
def fft_ihfft2(
    x: Operand,
    s: list[Integer] | None = None,
    dim: list[int] = [-2, -1],  # noqa: B006 - as in the schema
    norm: str | None = None,
    *,
    out: Result,
) -> t.Expr:
    """aten::fft_ihfft2(Tensor self, SymInt[1]? s=None, int[1] dim=[-2, -1], str? norm=None) -> Tensor"""  # noqa: E501
    return _inverse_half(x, extent_of(x, s, dim), norm, out)


@lowers("aten.fft_ihfftn.default", numbers="any")
def fft_ihfftn(
    x: Operand,
    s: list[Integer] | None = None,
    dim: list[int] | None = None,
    norm: str | None = None,
    *,
    out: Result,
) -> t.Expr:
    """aten::fft_ihfftn(Tensor self, SymInt[1]? s=None, int[1]? dim=None, str? norm=None) -> Tensor"""  # noqa: E501
    return _inverse_half(x, extent_of(x, s, dim), norm, out)


def _whole(x: Operand, extent: Extent, norm: str | None, inverse: bool, out: Result) -> t.Expr:
    return transformed(pairs_of(x, out).expr, extent, norm_of(norm), inverse, out)


def _half(x: Operand, extent: Extent, norm: str | None, out: Result) -> t.Expr:
    """Returns the half of a real signal's spectrum: the other half is its conjugate."""
    require_real(x)
    spectrum = transformed(pairs_of(x, out).expr, extent, norm_of(norm), False, out)
    return half(spectrum, extent.dims[-1], out)


def _inverse_half(x: Operand, extent: Extent, norm: str | None, out: Result) -> t.Expr:
    require_real(x)
    spectrum = transformed(pairs_of(x, out).expr, extent, norm_of(norm), True, out)
    return half(spectrum, extent.dims[-1], out)


def _real(x: Operand, extent: Extent, norm: str | None, out: Result) -> t.Expr:
    """Returns the real signal whose half spectrum is given."""
    name, last = norm_of(norm), extent.dims[-1]
    partly = transformed(pairs_of(x, out).expr, extent.leading, name, True, out)
    return real_transformed(partly, out.size(last), last, name, True, out)


def _of_half(x: Operand, extent: Extent, norm: str | None, out: Result) -> t.Expr:
    """Returns the real spectrum of a signal whose half is given."""
    name, last = norm_of(norm), extent.dims[-1]
    partly = transformed(pairs_of(x, out).expr, extent.leading, name, False, out)
    return real_transformed(partly, out.size(last), last, name, False, out)
