"""Outputs of several shards: an index that is right, and an old output that stays whole."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from pycandle.errors import PyCandleError, UsageError
from pycandle.weights import Report, WriteOptions, extract
from pycandle.weights.command import main, parse_size

from .manifests import write_manifest

STATE = {f"layers.{number}.weight": torch.full((250,), float(number)) for number in range(7)}
STATE["index"] = torch.arange(5)


def sharded(directory: Path, state: dict[str, torch.Tensor], size: int = 2500) -> Report:
    save_file(state, directory / "input.safetensors")
    manifest = write_manifest(directory / "manifest.json", state)
    options = WriteOptions(max_shard_size=size)
    out = directory / "model.safetensors"
    return extract(directory / "input.safetensors", manifest, out, options=options)


def outputs(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.glob("model*"))


def test_shards_and_their_index_hold_the_state(tmp_path: Path) -> None:
    report = sharded(tmp_path, STATE)

    index = json.loads((tmp_path / "model.safetensors.index.json").read_text())
    files = sorted(set(index["weight_map"].values()))
    found = {name: tensor for file in files for name, tensor in load_file(tmp_path / file).items()}
    assert found.keys() == STATE.keys() == index["weight_map"].keys()
    assert all(found[name].equal(tensor) for name, tensor in STATE.items())
    assert index["metadata"]["total_size"] == 7 * 1000 + 40
    assert [Path(name).name for name in report.files] == [*files, "model.safetensors.index.json"]
    assert len(files) == 4


def test_a_shard_is_what_safetensors_writes(tmp_path: Path) -> None:
    sharded(tmp_path, STATE)

    index = json.loads((tmp_path / "model.safetensors.index.json").read_text())
    for file in set(index["weight_map"].values()):
        names = [name for name, where in index["weight_map"].items() if where == file]
        save_file({name: STATE[name] for name in names}, tmp_path / "expected")

        assert (tmp_path / file).read_bytes() == (tmp_path / "expected").read_bytes()
        assert sum(STATE[name].nbytes for name in names) <= 2500


def test_an_output_of_shards_is_a_checkpoint_again(tmp_path: Path) -> None:
    sharded(tmp_path, STATE)
    manifest = write_manifest(tmp_path / "manifest.json", STATE)

    extract(tmp_path / "model.safetensors.index.json", manifest, tmp_path / "one")

    assert (tmp_path / "one").read_bytes() == (tmp_path / "input.safetensors").read_bytes()


def test_the_same_tensors_have_the_same_shards(tmp_path: Path) -> None:
    sharded(tmp_path, STATE)
    first = {name: (tmp_path / name).read_bytes() for name in outputs(tmp_path)}

    sharded(tmp_path, STATE)

    assert {name: (tmp_path / name).read_bytes() for name in outputs(tmp_path)} == first


def test_the_shards_of_an_earlier_extraction_go_with_its_index(tmp_path: Path) -> None:
    sharded(tmp_path, STATE)
    before = outputs(tmp_path)
    (tmp_path / "model-of-the-user.safetensors").touch()

    sharded(tmp_path, {name: tensor + 1 for name, tensor in STATE.items()}, size=4000)

    after = outputs(tmp_path)
    assert set(before) & set(after) == {"model.safetensors.index.json"}
    assert "model-of-the-user.safetensors" in after
    assert len(after) == 4


@pytest.mark.parametrize("step", range(5))
def test_the_old_output_is_whole_wherever_the_renames_end(
    step: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sharded(tmp_path, STATE)
    before = {name: (tmp_path / name).read_bytes() for name in outputs(tmp_path)}
    replace, calls = os.replace, []

    def fail_once(source: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) > step:
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail_once)
    with pytest.raises(KeyboardInterrupt):
        sharded(tmp_path, {name: tensor + 1 for name, tensor in STATE.items()})

    assert {name: (tmp_path / name).read_bytes() for name in outputs(tmp_path)} == before
    assert list(tmp_path.glob(".*.tmp")) == []


def test_a_tensor_larger_than_a_shard_is_refused_with_what_would_do(tmp_path: Path) -> None:
    with pytest.raises(PyCandleError) as refused:
        sharded(tmp_path, STATE, size=999)

    assert len(refused.value.diagnostics) == 7
    assert refused.value.diagnostics[0].code == "shard-too-small"
    assert "--max-shard-size 1000" in (refused.value.diagnostics[0].hint or "")
    assert outputs(tmp_path) == []


def test_shards_that_are_the_checkpoint_are_not_overwritten(tmp_path: Path) -> None:
    sharded(tmp_path, STATE)
    manifest = write_manifest(tmp_path / "manifest.json", STATE)
    before = outputs(tmp_path)
    options = WriteOptions(max_shard_size=4000)

    with pytest.raises(PyCandleError) as refused:
        extract(
            tmp_path / "model.safetensors.index.json",
            manifest,
            tmp_path / "model.safetensors",
            options=options,
        )

    assert {item.code for item in refused.value.diagnostics} == {"bad-output"}
    assert outputs(tmp_path) == before


def test_one_shard_has_an_index_too(tmp_path: Path) -> None:
    sharded(tmp_path, STATE, size=10**6)

    assert len(outputs(tmp_path)) == 2


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("5GB", 5 * 10**9),
        ("5 gb", 5 * 10**9),
        ("1.5GiB", 3 << 29),
        ("500MiB", 500 << 20),
        ("1000", 1000),
        ("9007199254740993B", 9007199254740993),
    ],
)
def test_a_size_has_a_unit(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "GB", "5 XB", "-5GB", "0", "0.1B", "1e9", "5GB5"])
def test_what_is_no_size_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError):
        parse_size(text)


def test_a_dry_run_says_which_shard_a_tensor_goes_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_file(STATE, tmp_path / "input.safetensors")
    manifest = write_manifest(tmp_path / "manifest.json", STATE)
    words = ["--checkpoint", str(tmp_path / "input.safetensors"), "--manifest", str(manifest)]
    words += ["--out", str(tmp_path / "model.safetensors"), "--max-shard-size", "2500"]

    code = main([*words, "--dry-run", "--json"])

    planned = json.loads(capsys.readouterr().out)["plan"]
    assert code == 0
    assert {item["target"]["shard"] for item in planned} == {1, 2, 3, 4}
    assert outputs(tmp_path) == []
