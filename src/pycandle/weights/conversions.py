"""Changes of dtype: the exact ones that Candle needs, and those that a user asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol, TypeAlias

from pycandle.dtypes import BY_SAFETENSORS
from pycandle.weights.checkpoint import item_size

Bytes: TypeAlias = bytes | bytearray | memoryview

CASTS = {"f16": "F16", "bf16": "BF16", "f32": "F32"}
"""What a user may ask for, and its tag."""

_CAST_FROM = {"F64", "F32", "F16", "BF16"}
"""Not the floats of 8 bits, whose scales are elsewhere."""


class Conversion(NamedTuple):
    """A change of dtype, by the tags of safetensors."""

    source: str
    target: str

    @property
    def is_exact(self) -> bool:
        """Returns whether every value that is accepted stays the same number."""
        return self.source in _EXACT

    def scale(self, nbytes: int) -> int:
        """Returns the bytes that are written for so many bytes read."""
        return nbytes // item_size(self.source) * item_size(self.target)

    def __str__(self) -> str:
        return f"{self.source} to {self.target}"


class Converter(Protocol):
    """Changes the dtype of a tensor, block by block. Blocks hold whole elements."""

    overflows: int
    """Finite values that became infinite, so far."""
    underflows: int
    """Values other than zero that became zero, so far."""

    def convert(self, data: Bytes, /) -> Bytes:
        """Returns the converted block, which is valid until the next one."""
        ...


def find_conversion(tag: str, wanted: str | None = None) -> Conversion | None:
    """Returns how a stored dtype is changed; None where it is written as it is.

    `wanted` is the tag of the float dtype that was asked for: it applies to floats of 16 bits and
    more.
    """
    if wanted is not None and tag in _CAST_FROM and tag != wanted:
        return Conversion(tag, wanted)
    return Conversion(tag, _EXACT[tag].target) if tag in _EXACT else None


def make_converter(conversion: Conversion) -> Converter:
    """Returns a new converter; raises PyCandleError where it needs NumPy and there is none."""
    if conversion.is_exact:
        return _ExactConverter(_EXACT[conversion.source].convert)
    from pycandle.weights.casts import make_cast

    return make_cast(conversion.source, conversion.target)


def fits(conversion: Conversion, data: Bytes) -> bool:
    """Returns whether all values of a block are the same numbers in the target dtype.

    Always true of a cast, whose losses are counted and not refused.
    """
    return not conversion.is_exact or _EXACT[conversion.source].fits(data)


def is_loadable(tag: str) -> bool:
    """Returns whether Candle loads a dtype, as it is or converted."""
    row = BY_SAFETENSORS.get(tag)
    return row is not None and (row.candle is not None or tag in _EXACT)


class _ExactConverter:
    """Applies a function that loses nothing."""

    def __init__(self, function: Callable[[Bytes], Bytes]) -> None:
        self.convert = function
        self.overflows = 0
        self.underflows = 0


def _unchanged(data: Bytes) -> Bytes:
    return data


def _widen_signed(data: Bytes) -> Bytes:
    """Puts a byte of sign bits after each byte."""
    wide = bytearray(2 * len(data))
    wide[0::2] = data
    wide[1::2] = bytes(data).translate(_SIGNS)
    return wide


def _widen_unsigned(data: Bytes) -> Bytes:
    """Puts two zero bytes after each two bytes."""
    wide = bytearray(2 * len(data))
    wide[0::4] = data[0::2]
    wide[1::4] = data[1::2]
    return wide


def _always(_data: Bytes) -> bool:
    return True


def _are_below_2_63(data: Bytes) -> bool:
    """Returns whether no unsigned 64-bit integer has its highest bit set."""
    return max(bytes(data[7::8]), default=0) < 128


class _Exact(NamedTuple):
    target: str
    convert: Callable[[Bytes], Bytes]
    fits: Callable[[Bytes], bool] = _always


_SIGNS = bytes(255 if value >= 128 else 0 for value in range(256))

_EXACT = {
    "BOOL": _Exact("U8", _unchanged),
    "I8": _Exact("I16", _widen_signed),
    "U16": _Exact("U32", _widen_unsigned),
    "U64": _Exact("I64", _unchanged, _are_below_2_63),
}
"""Tensors are little-endian, as safetensors has them."""
