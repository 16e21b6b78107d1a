"""Casts between float dtypes with NumPy, in place in memory that is allocated once.

Bits are those of torch, but for the payload of a NaN: any NaN stays a NaN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pycandle.weights.conversions import Bytes, Converter
from pycandle.weights.packages import missing_package

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STEP = 64 << 10
"""Elements that are cast at a time: what is worked on stays in the processor's cache."""

_DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}
_INFINITY = {"BF16": 0x7F80, "F16": 0x7C00}
_SIZES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2}


def make_cast(source: str, target: str) -> Converter:
    """Returns a converter between two of F64, F32, F16 and BF16; raises PyCandleError."""
    try:
        import numpy
    except ImportError:
        raise missing_package("a cast", "numpy") from None
    return _Cast(numpy, source, target)


class _Cast:
    """A cast by way of F32, as torch has it: F64 to F16 rounds twice there too."""

    def __init__(self, numpy: Any, source: str, target: str) -> None:
        self._numpy = numpy
        self._source = source
        self._target = target
        self._single = numpy.empty(STEP, "<f4")
        self._scratch = numpy.empty(STEP, "<u4")
        self._result = bytearray()
        self.overflows = 0
        self.underflows = 0

    def convert(self, data: Bytes) -> Bytes:
        """Returns the cast block; see `Converter`."""
        count = len(data) // _SIZES[self._source]
        size = _SIZES[self._target]
        if len(self._result) < count * size:
            self._result = bytearray(count * size)
        source = memoryview(data).cast("B")
        width = _SIZES[self._source]
        for first in range(0, count, STEP):
            last = min(first + STEP, count)
            single = self._to_single(source[first * width : last * width])
            result = memoryview(self._result)[first * size : last * size]
            self._from_single(single, result)
        return memoryview(self._result)[: count * size]

    def _to_single(self, data: memoryview) -> NDArray[np.float32]:
        np = self._numpy
        if self._source == "F32":
            return np.frombuffer(data, "<f4")
        if self._source == "BF16":
            halves = np.frombuffer(data, "<u2")
            single = self._single[: len(halves)]
            np.left_shift(halves, 16, out=single.view("<u4"), dtype="<u4", casting="unsafe")
            return single
        values = np.frombuffer(data, _DTYPES[self._source])
        single = self._single[: len(values)]
        with np.errstate(all="ignore"):
            np.copyto(single, values, casting="unsafe")
        if self._source == "F64":
            self._count(values, single)
        return single

    def _from_single(self, single: NDArray[np.float32], result: memoryview) -> None:
        np = self._numpy
        if self._target == "BF16":
            rounded = np.frombuffer(result, "<u2")
            self._round(single.view("<u4"), rounded)
            self._count_bits(single, rounded)
            return
        values = np.frombuffer(result, _DTYPES[self._target])
        with np.errstate(all="ignore"):
            np.copyto(values, single, casting="unsafe")
        if self._target == "F16":
            self._count_bits(single, values.view("<u2"))

    def _round(self, bits: NDArray[np.uint32], out: NDArray[np.uint16]) -> None:
        """Rounds to the nearest, ties to even, as `bits + 0x7fff + (bits >> 16 & 1) >> 16`."""
        np = self._numpy
        scratch = self._scratch[: len(bits)]
        np.right_shift(bits, 16, out=scratch)
        np.bitwise_and(scratch, 1, out=scratch)
        np.add(scratch, 0x7FFF, out=scratch)
        np.add(scratch, bits, out=scratch)
        np.right_shift(scratch, 16, out=scratch)
        np.copyto(out, scratch, casting="unsafe")
        # Rounding carries out of a NaN's payload, into infinity or into the sign.
        np.bitwise_and(bits, 0x7FFFFFFF, out=scratch)
        if scratch.max(initial=0) > 0x7F800000:
            out[scratch > 0x7F800000] = 0x7FC0

    def _count_bits(self, single: NDArray[np.float32], halves: NDArray[np.uint16]) -> None:
        """Adds to the counts, given what 16-bit floats became of an array."""
        np = self._numpy
        magnitude = self._scratch.view("<u2")[: len(halves)]
        np.bitwise_and(halves, 0x7FFF, out=magnitude)
        infinity = _INFINITY[self._target]
        if magnitude.max(initial=0) >= infinity:
            infinite = np.count_nonzero(magnitude == infinity)
            self.overflows += int(infinite - np.count_nonzero(np.isinf(single)))
        zeros = len(halves) - np.count_nonzero(magnitude)
        if zeros:
            self.underflows += int(np.count_nonzero(single) - np.count_nonzero(magnitude))

    def _count(self, before: NDArray[np.float64], after: NDArray[np.float32]) -> None:
        np = self._numpy
        self.overflows += int(
            np.count_nonzero(np.isinf(after)) - np.count_nonzero(np.isinf(before))
        )
        self.underflows += int(np.count_nonzero(before) - np.count_nonzero(after))
