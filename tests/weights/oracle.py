"""Random checkpoints of every format, against what safetensors makes of the same tensors."""

from __future__ import annotations

import json
import random
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from pycandle.weights import extract

from .manifests import as_written, write_manifest
from .random_state import LOADABLE, OLD, UNLOADABLE, random_state, random_tensor

State = dict[str, torch.Tensor]


@dataclass(frozen=True)
class Compared:
    """A checkpoint whose weights file is what safetensors writes."""

    format: str
    protocol: int | None
    tensors: int
    strided: int
    tied: bool
    dtypes: frozenset[torch.dtype]


def compare(seed: int, directory: Path) -> Compared:
    """Saves random tensors, extracts part of them, compares the bytes; raises AssertionError."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    format_name = rng.choice(list(FORMATS))
    dtypes = OLD if format_name == "legacy" else LOADABLE
    state = random_state(rng, dtypes)
    others = {}
    if rng.random() < 0.3:
        others = {"other": random_tensor(rng, OLD if format_name == "legacy" else UNLOADABLE)}
    protocol = rng.choice([2, 3, 4, 5])
    folder = directory / "input"
    folder.mkdir()
    checkpoint = FORMATS[format_name](rng, folder, state | others, protocol)
    names = [name for name in state if rng.random() < 0.8] or list(state)
    needed = {name: state[name] for name in names}
    manifest = write_manifest(directory / "manifest.json", needed)
    out, expected = directory / "weights.safetensors", directory / "expected.safetensors"

    report = extract(checkpoint, manifest, out)

    save_file({name: as_written(tensor) for name, tensor in needed.items()}, expected)
    assert out.read_bytes() == expected.read_bytes(), f"seed {seed} differs"
    assert report.tensors == len(needed)
    return Compared(
        format_name,
        None if "safetensors" in format_name else protocol,
        len(needed),
        sum(not tensor.is_contiguous() for tensor in needed.values()),
        "tied" in needed,
        frozenset(tensor.dtype for tensor in (state | others).values()),
    )


def wrapped(rng: random.Random, state: State) -> Any:
    """Returns an object as training scripts save it."""
    return rng.choice(
        [
            state,
            {"epoch": 3, "state_dict": state},
            {"a": {"model": state}, "lr": [1e-3, None, True, "x", 2**70]},
            {"model": {f"module.{name}": tensor for name, tensor in state.items()}},
            {f"_orig_mod.{name}": tensor for name, tensor in state.items()},
            [state, {"step": torch.tensor(3)}],
        ]
    )


def save_zip(rng: random.Random, folder: Path, state: State, protocol: int) -> Path:
    torch.save(wrapped(rng, state), folder / "model.pt", pickle_protocol=protocol)
    return folder / "model.pt"


def save_deflated(rng: random.Random, folder: Path, state: State, protocol: int) -> Path:
    """Saves an archive, and packs it again as `zip` does."""
    saved = save_zip(rng, folder, state, protocol)
    packed = folder / "packed.pt"
    with (
        zipfile.ZipFile(saved) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for info in source.infolist():
            target.writestr(info.filename, source.read(info))
    return packed


def save_legacy(rng: random.Random, folder: Path, state: State, protocol: int) -> Path:
    path = folder / "model.bin"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.save(
            wrapped(rng, state),
            path,
            pickle_protocol=protocol,
            _use_new_zipfile_serialization=False,
        )
    return path


def save_plain(_rng: random.Random, folder: Path, state: State, _protocol: int) -> Path:
    plain = {name: tensor.detach().contiguous().clone() for name, tensor in state.items()}
    save_file(plain, folder / "model.safetensors")
    return folder / "model.safetensors"


def save_shards(_rng: random.Random, folder: Path, state: State, _protocol: int) -> Path:
    return _save_index(
        folder, state, "safetensors", lambda part, path: save_file(_plain(part), path)
    )


def save_pickled_shards(_rng: random.Random, folder: Path, state: State, protocol: int) -> Path:
    def save(part: State, path: Path) -> None:
        torch.save(part, path, pickle_protocol=protocol)

    return _save_index(folder, state, "bin", save)


def _plain(state: State) -> State:
    return {name: tensor.detach().contiguous().clone() for name, tensor in state.items()}


def _save_index(
    folder: Path, state: State, suffix: str, save: Callable[[State, Path], None]
) -> Path:
    """Saves two shards and an index; returns their directory."""
    names = list(state)
    halves = {f"model-1.{suffix}": names[::2], f"model-2.{suffix}": names[1::2]}
    for file, part in halves.items():
        save({name: state[name] for name in part}, folder / file)
    weight_map = {name: file for file, part in halves.items() for name in part}
    index = folder / f"model.{suffix}.index.json"
    index.write_text(json.dumps({"metadata": {}, "weight_map": weight_map}))
    return folder


FORMATS: dict[str, Callable[[random.Random, Path, State, int], Path]] = {
    "zip": save_zip,
    "legacy": save_legacy,
    "safetensors": save_plain,
    "deflated": save_deflated,
    "sharded safetensors": save_shards,
    "sharded bin": save_pickled_shards,
}
