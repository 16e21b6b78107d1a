"""`pycandle extract` hands every option to the engine."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from conftest import Finished
from weights.manifests import write_manifest

Run = Callable[..., Finished]


def test_every_option_reaches_the_engine(pycandle: Run, workdir: Path) -> None:
    saved = {f"enc.{number}.w": torch.full((10,), 1e6 * number) for number in range(3)}
    torch.save({"a": saved, "b": {"other": torch.zeros(1)}}, "model.pt")
    state = {f"encoder.{number}.weight": torch.zeros(10) for number in range(3)}
    write_manifest(workdir / "m.json", state)

    done = pycandle(
        *("extract", "--checkpoint", "model.pt", "--manifest", "m.json", "--out", "w.safetensors"),
        *("--subtree", "a", "--rename", r"^enc\.=encoder.", "--rename", "w$=weight"),
        *("--dtype", "f16", "--max-shard-size", "40", "--ledger", "l.json", "--verify", "--json"),
    )

    report = json.loads(done.stdout)
    index = json.loads((workdir / "w.safetensors.index.json").read_text())
    assert done.code == 0
    assert "are infinite in F16" in done.stderr
    assert report["subtree"] == "a"
    assert report["casts"] == {"F32 to F16": 3}
    assert set(index["weight_map"]) == set(state)
    assert len(set(index["weight_map"].values())) == 2
    assert len(json.loads((workdir / "l.json").read_text())["tensors"]) == 3


def test_a_plain_extraction_writes_one_file(pycandle: Run, workdir: Path) -> None:
    save_file({"w": torch.ones(3)}, "a")
    write_manifest(workdir / "m.json", {"w": torch.ones(3)})

    done = pycandle("extract", "--checkpoint", "a", "--manifest", "m.json", "--out", "w")

    assert (done.code, done.stdout) == (0, "")
    assert load_file("w")["w"].tolist() == [1, 1, 1]


def test_a_dry_run_prints_the_plan(pycandle: Run, workdir: Path) -> None:
    save_file({"w": torch.ones(3)}, "a")
    write_manifest(workdir / "m.json", {"w": torch.ones(3)})

    done = pycandle(
        "extract", "--checkpoint", "a", "--manifest", "m.json", "--out", "w", "--dry-run"
    )

    assert done.code == 0
    assert done.stdout.startswith("w\tF32\t3\ta\tw\t")
    assert not (workdir / "w").exists()
