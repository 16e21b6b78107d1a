"""Checkpoints in one safetensors file."""

from __future__ import annotations

from pycandle.dtypes import BY_SAFETENSORS
from pycandle.weights.checkpoint import Checkpoint, Format, NamePath, StoredTensor, item_size
from pycandle.weights.location import Location
from pycandle.weights.safetensors_file import read_header


def is_safetensors(start: bytes, _size: int) -> bool:
    """Returns whether a file has a header where one would start."""
    # The length before it can be any bytes, also those that start a pickle or a zip archive.
    return start[8:9] == b"{"


def read_safetensors(path: Location) -> Checkpoint:
    """Returns the tensors of a safetensors file; raises PyCandleError."""
    tensors: dict[NamePath, StoredTensor] = {}
    for name, entry in read_header(path).tensors.items():
        problem = None
        if entry.dtype not in BY_SAFETENSORS or item_size(entry.dtype) == 0:
            problem = f"of dtype {entry.dtype}, which PyCandle does not know"
        tensors[(name,)] = StoredTensor(path, entry.offset, entry.dtype, entry.shape, None, problem)
    return Checkpoint(path, FORMAT.name, (path,), tensors)


FORMAT = Format("safetensors", is_safetensors, read_safetensors)
