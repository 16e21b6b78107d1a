"""Sizes, dims and norms of Fourier transforms, and the transforms of pairs themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pycandle.lowering.arguments import Integer, slice_of, usize, usizes
from pycandle.lowering.operand import Operand, Result, Unsupported
from pycandle.lowering.pairs import is_complex, real_type, to_pairs
from pycandle.rust import tree as t

_COMPLEX = {"float64": "complex128", "complex128": "complex128"}
_SWAPPED = {"backward": "forward", "forward": "backward", "ortho": "ortho"}


@dataclass(frozen=True)
class Extent:
    """The dims that are transformed, counted from the front, and the sizes that are given."""

    dims: list[int]
    sizes: list[Integer | None]

    @property
    def leading(self) -> Extent:
        """All dims but the last."""
        return Extent(self.dims[:-1], self.sizes[:-1])

    @property
    def last(self) -> Extent:
        """The last dim alone."""
        return Extent(self.dims[-1:], self.sizes[-1:])


def extent_of(x: Operand, s: Sequence[Integer] | None, dim: Sequence[int] | None) -> Extent:
    """Returns what is transformed: without dims all, or as many of the last as there are sizes."""
    if dim is None:
        count = x.rank if s is None else len(s)
        dims = list(range(x.rank - count, x.rank))
    else:
        dims = [x.dim(item) for item in dim]
    if not x.rank or not dims or len(set(dims)) != len(dims):
        raise Unsupported("dim", dim, supported="dims that differ, of a tensor that has some")
    sizes = [None] * len(dims) if s is None else [None if size == -1 else size for size in s]
    if len(sizes) != len(dims):
        raise Unsupported("s", s, supported="a size for each dim")
    return Extent(dims, list(sizes))


def norm_of(norm: str | None, *, swapped: bool = False) -> str:
    """Returns the name of a norm, of the other direction if `swapped`."""
    name = "backward" if norm is None else norm
    if name not in _SWAPPED:
        raise Unsupported("norm", repr(norm), supported='None, "backward", "ortho", "forward"')
    return _SWAPPED[name] if swapped else name


def pairs_of(x: Operand, out: Result) -> Operand:
    """Returns a signal or a spectrum as pairs; integers become float32, as in torch."""
    dtype = _COMPLEX.get(x.dtype, "complex64")
    if x.dtype in ("float16", "bfloat16"):
        raise Unsupported("self", f"a tensor of {x.dtype}", supported="float32, float64, complex")
    return to_pairs(x, dtype, out)


def require_real(x: Operand) -> None:
    """Refuses complex numbers."""
    if is_complex(x.type):
        raise Unsupported("self", f"a tensor of {x.dtype}", supported="real numbers")


def transformed(pairs: t.Expr, extent: Extent, norm: str, inverse: bool, out: Result) -> t.Expr:
    """Returns the transform of pairs over dims."""
    if not extent.dims:
        return pairs
    sizes = slice_of([_given(size) for size in extent.sizes])
    dims = t.Reference(usizes(extent.dims, "dim"))
    flag = t.path("true" if inverse else "false")
    return t.call(out.runtime("fft"), t.ref(pairs), sizes, dims, t.Text(norm), flag)


def real_transformed(
    pairs: t.Expr, size: t.Expr, dim: int, norm: str, inverse: bool, out: Result
) -> t.Expr:
    """Returns the real numbers that a half spectrum, of pairs, stands for."""
    flag = t.path("true" if inverse else "false")
    kernel = out.runtime("irfft")
    return t.call(kernel, t.ref(pairs), size, t.usize(dim), t.Text(norm), flag)


def half(spectrum: t.Expr, dim: int, out: Result) -> t.Expr:
    """Returns the first half of a spectrum, with which the other says the same."""
    sizes = real_type(out.tensor).shape
    narrowed = t.method(spectrum, "narrow", t.usize(dim), t.usize(0), out.sizes(sizes[dim]))
    return t.method(narrowed, "contiguous")


def _given(size: Integer | None) -> t.Expr:
    return t.path("None") if size is None else t.Call("Some", (usize(size, "n"),))
