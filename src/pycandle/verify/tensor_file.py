"""Tensors in safetensors files as numpy arrays, without torch.

Of bfloat16, which numpy lacks, the values are read as float32.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from pycandle.dtypes import BY_SAFETENSORS, DTYPES
from pycandle.errors import Place, refusal
from pycandle.weights.atomic_file import replacing, write_all
from pycandle.weights.safetensors_file import Header, plan_layout, read_header, read_tensor

NUMPY: dict[str, str] = {
    "float64": "<f8",
    "float32": "<f4",
    "float16": "<f2",
    "bfloat16": "<u2",
    "int64": "<i8",
    "int32": "<i4",
    "int16": "<i2",
    "int8": "|i1",
    "uint8": "|u1",
    "uint16": "<u2",
    "uint32": "<u4",
    "uint64": "<u8",
    "bool": "|b1",
}
"""How numpy stores the elements of a dtype; by torch's name."""

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class TensorFile(Mapping[str, Array]):
    """A safetensors file. Reading an item reads the bytes of that tensor only."""

    path: Path
    header: Header = field(repr=False)

    def __getitem__(self, name: str) -> Array:
        """Returns the tensor; refuses a dtype that numpy has no form for."""
        entry = self.header.tensors[name]
        dtype = self.dtype(name)
        if dtype not in NUMPY:
            place = Place(str(self.path), detail=f"tensor `{name}`")
            raise refusal("unsupported-dtype", f"cannot compute with {dtype}", place=place)
        data = read_tensor(self.path, entry)
        array = np.frombuffer(data, NUMPY[dtype]).reshape(entry.shape)
        return widen_bfloat16(array) if dtype == "bfloat16" else array

    def __iter__(self) -> Iterator[str]:
        """Returns the names in the order of the header."""
        return iter(self.header.tensors)

    def __len__(self) -> int:
        """Returns the number of tensors."""
        return len(self.header.tensors)

    def dtype(self, name: str) -> str:
        """Returns the dtype as stored, by torch's name; the format's tag where torch has none."""
        tag = self.header.tensors[name].dtype
        return BY_SAFETENSORS[tag].torch if tag in BY_SAFETENSORS else tag

    def shape(self, name: str) -> tuple[int, ...]:
        """Returns the shape, without reading the tensor."""
        return self.header.tensors[name].shape


def open_tensors(path: Path) -> TensorFile:
    """Reads and checks the header of a safetensors file."""
    return TensorFile(path, read_header(path))


def write_tensors(
    path: Path, tensors: Mapping[str, tuple[str, tuple[int, ...]]], get: Callable[[str], Array]
) -> None:
    """Writes a safetensors file, one tensor in memory at a time; it appears when it is complete.

    `tensors` gives dtype (torch's name) and shape by name; `get` gives the values of one name.
    """
    layout = plan_layout(
        (name, DTYPES[dtype].safetensors or dtype, shape)
        for name, (dtype, shape) in tensors.items()
    )
    with replacing(path, layout.file_size) as file:
        write_all(file, layout.prefix)
        for name in layout.tensors:
            write_all(file, _encode(get(name), *tensors[name]))


def write_arrays(
    path: Path, arrays: Mapping[str, Array], dtypes: Mapping[str, str] | None = None
) -> None:
    """Writes arrays that are in memory, each as its dtype in `dtypes` or else as its own."""
    dtypes = dtypes or {}
    tensors = {
        name: (dtypes.get(name, str(array.dtype)), array.shape) for name, array in arrays.items()
    }
    write_tensors(path, tensors, arrays.__getitem__)


def stored_for_candle(dtype: str) -> str:
    """Returns the dtype, by torch's name, in which Candle holds every value of another one."""
    candle = DTYPES[dtype].candle
    if candle is None:
        raise refusal("unsupported-dtype", f"Candle has no dtype for {dtype}")
    return dtype if candle.startswith("F8") else BY_SAFETENSORS[candle].torch


def widen_bfloat16(bits: Array) -> Array:
    """Returns the float32 values of bfloat16 bits."""
    return (bits.astype(np.uint32) << 16).view(np.float32)


def narrow_to_bfloat16(values: Array) -> Array:
    """Returns the bits of the nearest bfloat16, ties to even; NaN stays NaN."""
    bits = np.ascontiguousarray(values, np.float32).view(np.uint32).astype(np.uint64)
    rounded = ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)
    return np.where(np.isnan(values), np.uint16(0x7FC0), rounded)


def _encode(array: Array, dtype: str, shape: tuple[int, ...]) -> bytes:
    if array.shape != shape:
        raise ValueError(f"values of shape {array.shape} for a tensor of shape {shape}")
    if dtype == "bfloat16":
        array = narrow_to_bfloat16(array)
    return np.ascontiguousarray(array).astype(NUMPY[dtype], copy=False).tobytes()
