"""The dtypes that Candle cannot load, and what is written in their place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from pycandle.dtypes import BY_SAFETENSORS

Bytes: TypeAlias = bytes | bytearray | memoryview


@dataclass(frozen=True, slots=True)
class Conversion:
    """An exact change of dtype. Tensors are little-endian, as safetensors has them."""

    source: str
    """The tag of the stored dtype."""
    target: str
    """The tag of the written dtype."""
    factor: int
    """Bytes written for each byte read."""
    convert: Callable[[Bytes], Bytes]
    fits: Callable[[Bytes], bool] = lambda data: True
    """Whether all values of a block have the same value in the target dtype."""


def find_conversion(tag: str) -> Conversion | None:
    """Returns how a stored dtype is converted; None where it is written as it is."""
    return _CONVERSIONS.get(tag)


def is_loadable(tag: str) -> bool:
    """Returns whether Candle loads a dtype, as it is or converted."""
    row = BY_SAFETENSORS.get(tag)
    return row is not None and (row.candle is not None or tag in _CONVERSIONS)


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


def _are_below_2_63(data: Bytes) -> bool:
    """Returns whether no unsigned 64-bit integer has its highest bit set."""
    return max(bytes(data[7::8]), default=0) < 128


_SIGNS = bytes(255 if value >= 128 else 0 for value in range(256))

_CONVERSIONS = {
    item.source: item
    for item in (
        Conversion("BOOL", "U8", 1, _unchanged),
        Conversion("I8", "I16", 2, _widen_signed),
        Conversion("U16", "U32", 2, _widen_unsigned),
        Conversion("U64", "I64", 1, _unchanged, _are_below_2_63),
    )
}
