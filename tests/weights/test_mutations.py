"""Damaged checkpoints of every format are read or refused; nothing else happens."""

from __future__ import annotations

import io
import random
from contextlib import suppress
from pathlib import Path

import pytest
import torch
from safetensors.torch import save

from pycandle.errors import PyCandleError
from pycandle.weights import extract

from .manifests import write_manifest

MODEL = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4))


def saved(value: object, *, legacy: bool = False, protocol: int = 2) -> bytes:
    buffer = io.BytesIO()
    torch.save(value, buffer, _use_new_zipfile_serialization=not legacy, pickle_protocol=protocol)
    return buffer.getvalue()


CHECKPOINTS = {
    "zip": saved({"state_dict": MODEL.state_dict(), "epoch": 3}),
    "module": saved(MODEL, protocol=4),
    "legacy": saved(MODEL.state_dict(), legacy=True),
    "legacy, protocol 4": saved(MODEL.state_dict(), legacy=True, protocol=4),
    "safetensors": save(MODEL.state_dict()),
}


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Returns the data with some bytes changed, taken away, put in or copied."""
    changed = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 5])):
        at = rng.randrange(min(len(changed), 2000))
        match rng.randrange(3):
            case 0:
                changed[at] = rng.randrange(256)
            case 1:
                changed[at : at + rng.randint(1, 8)] = rng.randbytes(rng.randint(0, 8))
            case _:
                start, count = rng.randrange(len(changed)), rng.randint(1, 30)
                changed[at : at + count] = changed[start : start + count]
    return bytes(changed)


@pytest.mark.parametrize("data", CHECKPOINTS.values(), ids=CHECKPOINTS)
def test_a_damaged_checkpoint_is_read_or_refused(data: bytes, tmp_path: Path) -> None:
    manifest = write_manifest(tmp_path / "manifest.json", MODEL.state_dict())
    rng = random.Random(len(data))
    extract(write(tmp_path, data), manifest, tmp_path / "weights.safetensors")
    for _ in range(200):
        checkpoint = write(tmp_path, mutated(data, rng))

        with suppress(PyCandleError):
            extract(checkpoint, manifest, tmp_path / "weights.safetensors")

        assert sorted(path.name for path in tmp_path.iterdir()) == [
            "checkpoint",
            "manifest.json",
            "weights.safetensors",
        ]


def write(directory: Path, data: bytes) -> Path:
    path = directory / "checkpoint"
    path.write_bytes(data)
    return path
