"""The dtypes of torch, safetensors and Candle in one table."""

from typing import NamedTuple


class DType(NamedTuple):
    """One row: how torch, safetensors and Candle name a dtype, and what kind of number it is."""

    torch: str
    safetensors: str | None
    """The tag in a safetensors header; None where the format has no such dtype."""
    candle: str | None
    """The `candle_core::DType` that holds every value exactly; None where there is none."""
    bits: int
    kind: str
    """`float`, `int`, `bool` or `complex`."""

    @property
    def is_float(self) -> bool:
        """Whether values are real floating-point numbers."""
        return self.kind == "float"

    @property
    def itemsize(self) -> int:
        """Bytes of one element."""
        return self.bits // 8


DTYPES: dict[str, DType] = {
    row.torch: row
    for row in (
        DType("float64", "F64", "F64", 64, "float"),
        DType("float32", "F32", "F32", 32, "float"),
        DType("float16", "F16", "F16", 16, "float"),
        DType("bfloat16", "BF16", "BF16", 16, "float"),
        DType("float8_e4m3fn", "F8_E4M3", "F8E4M3", 8, "float"),
        DType("float8_e5m2", "F8_E5M2", None, 8, "float"),
        DType("float8_e4m3fnuz", "F8_E4M3FNUZ", None, 8, "float"),
        DType("float8_e5m2fnuz", "F8_E5M2FNUZ", None, 8, "float"),
        DType("float8_e8m0fnu", "F8_E8M0", None, 8, "float"),
        DType("int64", "I64", "I64", 64, "int"),
        DType("int32", "I32", "I32", 32, "int"),
        DType("int16", "I16", "I16", 16, "int"),
        DType("int8", "I8", "I16", 8, "int"),
        DType("uint8", "U8", "U8", 8, "int"),
        DType("uint16", "U16", "U32", 16, "int"),
        DType("uint32", "U32", "U32", 32, "int"),
        DType("uint64", "U64", None, 64, "int"),
        DType("bool", "BOOL", "U8", 8, "bool"),
        DType("complex64", "C64", None, 64, "complex"),
        DType("complex128", None, None, 128, "complex"),
    )
}
"""By torch's name."""

BY_SAFETENSORS: dict[str, DType] = {
    row.safetensors: row for row in DTYPES.values() if row.safetensors is not None
}
"""By safetensors' tag."""
