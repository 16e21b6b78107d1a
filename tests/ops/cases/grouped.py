"""Rows of products with the matrix of a group."""

# The library op of the models is registered by this import.
import transformers.integrations.moe  # noqa: F401

from ops.case import OpCase, T, bf16, boolean, f16, f32, f64, i64, model
from pycandle.ir.types import DTypeConstant

_FALLBACK = "transformers.grouped_mm_fallback.default"
_GROUPED = "aten._grouped_mm.default"


def _ends(*values: int, dtype: str = "int32") -> T:
    return T((len(values),), dtype, values=values)


CASES = [
    OpCase(
        _FALLBACK, (f32(6, 4), f32(3, 4, 5), _ends(2, 3, 6)), rust="runtime::grouped_mm(a, b, c)?"
    ),
    OpCase(_FALLBACK, (f32(6, 4), f32(3, 4, 5), _ends(0, 6, 6))),
    OpCase(_FALLBACK, (f32(6, 4), f32(3, 4, 5), _ends(0, 0, 4, dtype="int64"))),
    OpCase(_FALLBACK, (f32(6, 4), f32(3, 4, 5), _ends(0, 0, 0))),
    OpCase(_FALLBACK, (f32(0, 4), f32(3, 4, 5), _ends(0, 0, 0))),
    OpCase(_FALLBACK, (f32(1, 4), f32(1, 4, 1), _ends(1))),
    OpCase(_FALLBACK, (f64(6, 4), f64(2, 4, 5), _ends(1, 6))),
    OpCase(_FALLBACK, (bf16(6, 4), bf16(2, 4, 5), _ends(1, 6))),
    OpCase(_FALLBACK, (f16(6, 4), f16(2, 4, 5), _ends(1, 6))),
    OpCase(
        _FALLBACK,
        (f32(6, 4, lies="transposed"), f32(3, 4, 5, lies="transposed"), _ends(2, 3, 6)),
    ),
    OpCase(_FALLBACK, (f32(6, 4, lies="offset"), f32(3, 4, 5, lies="broadcast"), _ends(2, 3, 6))),
    OpCase(
        _FALLBACK,
        (model("s", 4), model(3, 4, 5), _ends(2, 3, 3)),
        sizes=({"s": 3}, {"s": 7}),
    ),
    OpCase(_FALLBACK, (f32(2, 4, values=(float("nan"),) * 8), f32(2, 4, 3), _ends(1, 2))),
    OpCase(_FALLBACK, (i64(6, 4), i64(3, 4, 5), _ends(2, 3, 6)), refused="self"),
    OpCase(_FALLBACK, (f32(6, 4), f64(3, 4, 5), _ends(2, 3, 6)), refused="weight"),
    OpCase(_FALLBACK, (f32(6, 4), f32(3, 4, 5), boolean(3)), refused="offs"),
    OpCase(_GROUPED, (f32(6, 4), f32(3, 4, 8), _ends(2, 3, 6))),
    OpCase(_GROUPED, (f32(6, 4), f32(3, 4, 8), _ends(2, 3, 6), None, DTypeConstant("float32"))),
    OpCase(_GROUPED, (f32(3, 6, 4), f32(3, 4, 8))),
    OpCase(_GROUPED, (bf16(6, 8), bf16(3, 8, 8), _ends(2, 3, 6))),
    OpCase(_GROUPED, (f32(6, 4), f32(3, 4, 8), _ends(2, 3, 6), f32(8)), refused="bias"),
    OpCase(_GROUPED, (f32(6, 4), f32(4, 8), _ends(2, 3, 4)), refused="self"),
    OpCase(_GROUPED, (f32(6, 4), f32(3, 4, 8)), refused="offs"),
    OpCase(
        _GROUPED,
        (bf16(6, 8), bf16(3, 8, 8), _ends(2, 3, 6), None, DTypeConstant("float32")),
        refused="out_dtype",
    ),
]
