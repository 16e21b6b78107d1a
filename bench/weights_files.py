"""Checkpoints for the bench of extraction: made once, in every format, and removed again."""

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file

from pycandle.project.contents import contents

LAYERS = 16
SMALL = 1024
FORMATS = ("safetensors", "4 shards", "torch zip", "torch legacy")

State = dict[str, torch.Tensor]


@dataclass(frozen=True)
class Files:
    """One state dict in several formats, and a manifest that needs every other tensor."""

    checkpoints: dict[str, Path]
    manifest: Path
    tensors: int


def write_project(folder: Path) -> None:
    """Writes what `pycandle init` does, without its environment."""
    for path, text in contents().items():
        target = folder / ".pycandle" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


def write_all(folder: Path, gigabytes: float, formats: Sequence[str] = FORMATS) -> Files:
    """Writes twice as many gigabytes as will be needed: layers, and many small tensors."""
    folder.mkdir()
    width = 1024
    rows = int(gigabytes * 2e9 / (LAYERS * 9 * width * 4))
    state = {
        f"layers.{layer}.{number}.weight": torch.randn(rows, width)
        for layer in range(LAYERS)
        for number in range(9)
    }
    state |= {f"adapters.{number}": torch.randn(64, 64) for number in range(SMALL)}
    made = {name: _WRITERS[name](folder, state) for name in formats}
    os.sync()  # Else the disk would write them while others are timed.
    return Files(made, _write_manifest(folder, list(state.items())[::2]), len(state))


def write_many(folder: Path, name: str, count: int) -> tuple[Path, Path]:
    """Writes so many tensors of 16 numbers, and a manifest that needs all of them."""
    state = {f"layers.{number}.weight": torch.full((16,), float(number)) for number in range(count)}
    path = _WRITERS[name](folder, state)
    return path, _write_manifest(folder, list(state.items()))


def write_tiny(folder: Path) -> tuple[Path, Path]:
    """Writes one tensor, and a manifest that needs it."""
    state = {"weight": torch.ones(4)}
    return _write_safetensors(folder, state), _write_manifest(folder, list(state.items()))


def remove(*paths: Path) -> None:
    """Removes files and folders, which are large."""
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _write_safetensors(folder: Path, state: State) -> Path:
    save_file(state, folder / "model.safetensors")
    return folder / "model.safetensors"


def _write_shards(folder: Path, state: State) -> Path:
    shards = folder / "shards"
    shards.mkdir()
    # As many bytes each, in the order of the names, as libraries split them.
    total = sum(tensor.nbytes for tensor in state.values())
    parts: list[list[str]] = [[], [], [], []]
    done = 0
    for name, tensor in state.items():
        parts[4 * done // total].append(name)
        done += tensor.nbytes
    weight_map: dict[str, str] = {}
    for number, part in enumerate(parts):
        file = f"model-{number + 1:05}-of-00004.safetensors"
        save_file({name: state[name] for name in part}, shards / file)
        weight_map |= dict.fromkeys(part, file)
    index = shards / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": weight_map}))
    return index


def _write_zip(folder: Path, state: State) -> Path:
    torch.save(state, folder / "model.pt")
    return folder / "model.pt"


def _write_legacy(folder: Path, state: State) -> Path:
    torch.save(state, folder / "legacy.bin", _use_new_zipfile_serialization=False)
    return folder / "legacy.bin"


_WRITERS = {
    "safetensors": _write_safetensors,
    "4 shards": _write_shards,
    "torch zip": _write_zip,
    "torch legacy": _write_legacy,
}


def _write_manifest(folder: Path, needed: Sequence[tuple[str, torch.Tensor]]) -> Path:
    entries = [
        {"name": name, "kind": "parameter", "dtype": "float32", "shape": list(tensor.shape)}
        for name, tensor in needed
    ]
    manifest = folder / "manifest.json"
    manifest.write_text(
        json.dumps(
            {
                "format": "pycandle-manifest",
                "version": 1,
                "trace": "trace.safetensors",
                "state": entries,
            }
        )
    )
    return manifest
