"""How complex numbers lie in Rust: as pairs of real and imaginary part, in a last dim of 2.

Candle has no complex dtype. A tensor of complex64 is one of `F32` there, of complex128 one of
`F64`, also in a model of another dtype, whose complex numbers torch keeps in complex64.
"""

from __future__ import annotations

from dataclasses import replace

from pycandle.dtypes import DTYPES
from pycandle.ir.types import TensorType
from pycandle.lowering.operand import Operand, Result, Unsupported
from pycandle.rust import tree as t

_REAL = {"complex64": "float32", "complex128": "float64"}


def is_complex(kind: TensorType) -> bool:
    """Whether values are complex numbers."""
    return DTYPES[kind.dtype].kind == "complex"


def held_rank(kind: TensorType) -> int:
    """Returns the number of dims in Rust, one more for pairs."""
    return kind.rank + is_complex(kind)


def real_type(kind: TensorType) -> TensorType:
    """Returns the type in Rust of a tensor of complex numbers."""
    if kind.dtype not in _REAL:
        supported = ", ".join(_REAL)
        raise Unsupported("self", f"a tensor of {kind.dtype}", supported=supported)
    return TensorType(_REAL[kind.dtype], (*kind.shape, 2))


def as_pairs(x: Operand) -> Operand:
    """Returns a complex operand as what it is in Rust."""
    return replace(x, type=real_type(x.type))


def result_as_pairs(out: Result) -> Result:
    """Returns the result of an op that computes complex numbers as what it is in Rust."""
    return replace(out, type=real_type(out.tensor))


def to_pairs(x: Operand, dtype: str, out: Result) -> Operand:
    """Returns an operand, real or complex, as pairs of a complex dtype."""
    real = _REAL.get(dtype)
    if real is None:
        raise Unsupported("self", f"a tensor of {dtype}", supported=", ".join(_REAL))
    if is_complex(x.type):
        return as_pairs(x).to_dtype(real)
    parts = x.to_dtype(real)
    expr = t.call(out.runtime("complex_of_real"), parts.lent())
    return replace(x, expr=expr, type=TensorType(real, (*x.shape, 2)))
