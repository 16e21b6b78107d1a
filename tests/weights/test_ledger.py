"""The plan and the ledger say what each tensor is made of, and it is so."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open

from pycandle.weights.command import main

from .manifests import state_tensor, write_manifest

STATE = {
    "weight": torch.randn(20, 30),
    "flag": torch.tensor([True, False]),
    "scale": torch.tensor(2.5),
}


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    """A command line for a wrapped checkpoint with a transposed tensor."""
    saved = {f"module.{name}": tensor for name, tensor in STATE.items()}
    saved["module.weight"] = STATE["weight"].t().contiguous().t()
    torch.save({"state_dict": saved}, tmp_path / "model.pt")
    manifest = write_manifest(tmp_path / "manifest.json", STATE)
    return [
        *("--checkpoint", str(tmp_path / "model.pt")),
        *("--manifest", str(manifest)),
        *("--out", str(tmp_path / "out.safetensors")),
    ]


def by_name(tensors: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {item["name"]: item for item in tensors}


def test_the_plan_has_file_offset_length_dtype_shape_and_transform(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([*words, "--dry-run", "--json"])

    planned = by_name(json.loads(capsys.readouterr().out)["plan"])
    scale = planned["scale"]
    data = (tmp_path / "model.pt").read_bytes()
    offset = scale["source"].pop("offset")
    assert data[offset : offset + 4] == STATE["scale"].numpy().tobytes()
    assert scale["source"] == {
        "file": str(tmp_path / "model.pt"),
        "key": "module.scale",
        "length": 4,
        "dtype": "F32",
    }
    assert (scale["dtype"], scale["shape"], scale["transform"]) == ("F32", [], [])
    assert planned["weight"]["transform"] == ["make contiguous"]
    assert planned["weight"]["source"]["strides"] == [1, 20]
    assert planned["flag"]["transform"] == ["BOOL to U8"]


def test_a_dry_run_prints_the_plan_as_lines(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([*words, "--dry-run", "--dtype", "bf16"])

    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [line[:3] for line in lines] == [
        ["scale", "BF16", "scalar"],
        ["weight", "BF16", "20x30"],
        ["flag", "U8", "2"],
    ]
    assert [line[-1] for line in lines] == [
        "F32 to BF16",
        "make contiguous, F32 to BF16",
        "BOOL to U8",
    ]
    assert not (tmp_path / "out.safetensors").exists()


@pytest.mark.parametrize("more", [[], ["--max-shard-size", "2400"], ["--dtype", "f16"]])
def test_the_ledger_has_the_hash_of_each_written_tensor(
    more: list[str], words: list[str], tmp_path: Path
) -> None:
    ledger = tmp_path / "ledger.json"

    code = main([*words, *more, "--ledger", str(ledger)])

    content = json.loads(ledger.read_text())
    assert code == 0
    assert content["format"] == "pycandle-ledger"
    assert content["checkpoint"] == str(tmp_path / "model.pt")
    assert [item["file"] for item in content["sources"]] == [str(tmp_path / "model.pt")]
    assert by_name(content["tensors"]).keys() == STATE.keys()
    for item in content["tensors"]:
        path = tmp_path / item["target"]["file"]
        start, length = item["target"]["offset"], item["target"]["length"]
        written = path.read_bytes()[start : start + length]
        assert hashlib.sha256(written).hexdigest() == item["sha256"]
        with safe_open(path, "pt") as file:
            tensor = file.get_tensor(item["name"])
        assert tensor.reshape(-1).view(torch.uint8).numpy().tobytes() == written


def test_what_comes_from_the_recording_is_in_the_ledger(tmp_path: Path) -> None:
    from safetensors.torch import save_file

    save_file({"weight": torch.ones(2)}, tmp_path / "model")
    save_file({"state/table": torch.ones(3)}, tmp_path / "trace.safetensors")
    entries = [
        state_tensor("weight", torch.ones(2)),
        state_tensor("table", torch.ones(3), kind="non_persistent_buffer"),
    ]
    manifest = write_manifest(tmp_path / "manifest.json", entries)
    words = ["--checkpoint", str(tmp_path / "model"), "--manifest", str(manifest)]

    main([*words, "--out", str(tmp_path / "out"), "--ledger", str(tmp_path / "ledger.json")])

    content = json.loads((tmp_path / "ledger.json").read_text())
    assert by_name(content["tensors"])["table"]["source"]["key"] == "state/table"
    assert len(content["sources"]) == 2


@pytest.mark.parametrize("name", ["out.safetensors", "model.pt", "manifest.json", "no/ledger"])
def test_a_ledger_in_a_wrong_place_is_refused_before_anything_is_written(
    name: str, words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(tmp_path.iterdir())

    code = main([*words, "--ledger", str(tmp_path / name)])

    assert code == 1
    assert "error[bad-output]" in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == before
