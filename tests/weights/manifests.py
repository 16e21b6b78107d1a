"""Manifests for tests of the weights engine: just the parts that it reads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import torch


def state_tensor(name: str, tensor: torch.Tensor, **fields: Any) -> dict[str, Any]:
    """Returns the manifest's entry for a tensor."""
    dtype = str(tensor.dtype).removeprefix("torch.")
    kind = "parameter" if tensor.is_floating_point() else "persistent_buffer"
    entry = {"name": name, "kind": kind, "dtype": dtype, "shape": list(tensor.shape)}
    return entry | fields


def write_manifest(
    path: Path, state: Mapping[str, torch.Tensor] | Iterable[dict[str, Any]], /, **fields: Any
) -> Path:
    """Writes a manifest that requires `state`, and returns its path."""
    entries = (
        [state_tensor(name, tensor) for name, tensor in state.items()]
        if isinstance(state, Mapping)
        else list(state)
    )
    manifest = {
        "format": "pycandle-manifest",
        "version": 1,
        "trace": "trace.safetensors",
        "state": entries,
    }
    path.write_text(json.dumps(manifest | fields))
    return path


def as_written(tensor: torch.Tensor) -> torch.Tensor:
    """Returns what a weights file holds of a tensor: contiguous, in a dtype that Candle loads."""
    plain = tensor.detach().contiguous().clone()
    match plain.dtype:
        case torch.bool:
            return plain.view(torch.uint8)
        case torch.int8:
            return plain.to(torch.int16)
        case torch.uint16:
            return plain.to(torch.int32).view(torch.uint32)
        case torch.uint64:
            return plain.view(torch.int64)
    return plain
