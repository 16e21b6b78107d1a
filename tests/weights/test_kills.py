"""Killed at any moment, a run leaves the old output whole, or has left the new one."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

import pycandle
from pycandle.weights import WriteOptions, extract

from .manifests import write_manifest

SOURCE = Path(pycandle.__file__).parents[1]
KILLS = 25
"""Of each kind of output."""

SHARD_SIZE = 3_000_000

RUN = """
import sys
sys.path.insert(0, sys.argv[1])
from pycandle.weights.command import main
sys.exit(main(sys.argv[2:]))
"""


def state(value: float) -> dict[str, torch.Tensor]:
    return {f"layers.{number}": torch.full((500_000,), value + number) for number in range(8)}


def digest(out: Path, *, sharded: bool) -> str:
    """Returns what a reader of the output would see of it."""
    if not sharded:
        return hashlib.sha256(out.read_bytes()).hexdigest()
    index = out.with_name(f"{out.name}.index.json").read_bytes()
    content = hashlib.sha256(index)
    for name in sorted(set(json.loads(index)["weight_map"].values())):
        content.update(out.with_name(name).read_bytes())
    return content.hexdigest()


@pytest.mark.parametrize("sharded", [False, True], ids=["one file", "shards"])
def test_a_killed_run_leaves_the_old_output_or_the_new_one(sharded: bool, tmp_path: Path) -> None:
    paths = {value: tmp_path / f"{value}.safetensors" for value in (1.0, 2.0)}
    for value, path in paths.items():
        save_file(state(value), path)
    manifest = write_manifest(tmp_path / "manifest.json", state(1.0))
    out = tmp_path / "out" / "model.safetensors"
    out.parent.mkdir()
    options = WriteOptions(max_shard_size=SHARD_SIZE if sharded else None)
    whole: dict[str, float] = {}
    for value, path in paths.items():
        extract(path, manifest, out, options=options)
        whole[digest(out, sharded=sharded)] = value
    rng = random.Random(0)
    begin = time.monotonic()
    start(paths[1.0], manifest, out, sharded=sharded).wait()
    duration = time.monotonic() - begin
    seen: list[float] = []
    for _ in range(KILLS):
        # What is there now is the old output; the new one is of the other checkpoint.
        current = whole[digest(out, sharded=sharded)]
        with start(paths[3.0 - current], manifest, out, sharded=sharded) as process:
            time.sleep(rng.uniform(0, 1.1 * duration))
            process.kill()

        seen.append(whole[digest(out, sharded=sharded)] - current)

    assert 0.0 in seen  # Else no kill has come in time.


def start(checkpoint: Path, manifest: Path, out: Path, *, sharded: bool) -> subprocess.Popen[bytes]:
    words = ["--checkpoint", checkpoint, "--manifest", manifest, "--out", out]
    words += ["--max-shard-size", SHARD_SIZE] if sharded else []
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", RUN, str(SOURCE), *map(str, words)],
        stderr=subprocess.DEVNULL,
    )
