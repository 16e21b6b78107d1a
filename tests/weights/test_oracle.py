"""The weights file is, byte for byte, what safetensors makes of the tensors that torch loads."""

from __future__ import annotations

import json
import random
import warnings
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from pycandle.weights import extract

from .manifests import as_written, write_manifest
from .random_state import LOADABLE, OLD, random_state

SEEDS = range(20)
PER_SEED = 12


def wrapped(rng: random.Random, state: dict[str, torch.Tensor]) -> Any:
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


def save_sharded(directory: Path, state: dict[str, torch.Tensor], suffix: str) -> Path:
    """Saves two shards and an index, and returns the path of the index."""
    names = list(state)
    halves = {f"model-1.{suffix}": names[::2], f"model-2.{suffix}": names[1::2]}
    for file, part in halves.items():
        tensors = {name: state[name] for name in part}
        if suffix == "safetensors":
            save_file(
                {name: tensor.detach().contiguous().clone() for name, tensor in tensors.items()},
                directory / file,
            )
        else:
            torch.save(tensors, directory / file)
    weight_map = {name: file for file, part in halves.items() for name in part}
    index = directory / f"model.{suffix}.index.json"
    index.write_text(json.dumps({"metadata": {}, "weight_map": weight_map}))
    return index


def save_randomly(rng: random.Random, directory: Path, *, legacy: bool) -> dict[str, torch.Tensor]:
    """Saves a random state dict as `checkpoint.bin`, and returns it."""
    state = random_state(rng, OLD if legacy else LOADABLE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.save(
            wrapped(rng, state),
            directory / "checkpoint.bin",
            pickle_protocol=rng.choice([2, 3, 4, 5]),
            _use_new_zipfile_serialization=not legacy,
        )
    return state


def expected(directory: Path, state: dict[str, torch.Tensor]) -> bytes:
    path = directory / "expected.safetensors"
    save_file({name: as_written(tensor) for name, tensor in state.items()}, path)
    return path.read_bytes()


@pytest.mark.parametrize("legacy", [False, True], ids=["zip", "legacy"])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_torch_checkpoint_becomes_what_safetensors_writes(
    seed: int, legacy: bool, tmp_path: Path
) -> None:
    out = tmp_path / "weights.safetensors"
    for step in range(PER_SEED):
        torch.manual_seed(seed * 1000 + step)
        rng = random.Random(seed * 1000 + step)
        state = save_randomly(rng, tmp_path, legacy=legacy)
        manifest = write_manifest(tmp_path / "manifest.json", state)

        report = extract(tmp_path / "checkpoint.bin", manifest, out)

        assert out.read_bytes() == expected(tmp_path, state)
        assert report.tensors == len(state)


@pytest.mark.parametrize("suffix", ["safetensors", "bin"])
@pytest.mark.parametrize("seed", range(20))
def test_shards_become_what_safetensors_writes(seed: int, suffix: str, tmp_path: Path) -> None:
    torch.manual_seed(seed)
    state = random_state(random.Random(seed), LOADABLE)
    save_sharded(tmp_path, state, suffix)
    manifest = write_manifest(tmp_path / "manifest.json", state)
    out = tmp_path / "weights.safetensors"
    (tmp_path / "input").mkdir()
    for file in tmp_path.glob("model*"):
        file.rename(tmp_path / "input" / file.name)

    extract(tmp_path / "input", manifest, out)

    assert out.read_bytes() == expected(tmp_path, state)


@pytest.mark.parametrize("seed", range(20))
def test_a_safetensors_file_becomes_what_safetensors_writes(seed: int, tmp_path: Path) -> None:
    torch.manual_seed(seed)
    state = random_state(random.Random(seed), LOADABLE)
    source = tmp_path / "model.safetensors"
    save_file({name: t.detach().contiguous().clone() for name, t in state.items()}, source)
    needed = dict(list(state.items())[::2])
    manifest = write_manifest(tmp_path / "manifest.json", needed)
    out = tmp_path / "weights.safetensors"

    report = extract(source, manifest, out)

    assert out.read_bytes() == expected(tmp_path, needed)
    assert set(report.unexpected) == set(state) - set(needed)
