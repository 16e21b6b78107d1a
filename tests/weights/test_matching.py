"""Wrapped and prefixed names are recognised, and never guessed."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from pycandle.errors import PyCandleError
from pycandle.weights import extract, plan

from .manifests import state_tensor, write_manifest


def numbered(names: Iterable[str], first: int = 0) -> dict[str, torch.Tensor]:
    """Returns a tensor per name, each with another value."""
    return {name: torch.tensor([float(first + index)]) for index, name in enumerate(names)}


def values(path: Path) -> dict[str, float]:
    return {name: tensor.item() for name, tensor in load_file(path).items()}


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "checkpoint.pt", tmp_path / "weights.safetensors"


def require(path: Path, names: Iterable[str]) -> Path:
    return write_manifest(path.parent / "manifest.json", numbered(names))


ONE = {"fc.weight": 0.0, "fc.bias": 1.0}


@pytest.mark.parametrize(
    ("saved", "expected"),
    [
        (numbered(["fc.weight", "fc.bias"]), ONE),
        (numbered(["module.fc.weight", "module.fc.bias"]), ONE),
        (numbered(["module.module.fc.weight", "module.module.fc.bias"]), ONE),
        (numbered(["_orig_mod.module.fc.weight", "_orig_mod.module.fc.bias"]), ONE),
        (numbered(["fc._orig_mod.weight", "fc._fsdp_wrapped_module.bias"]), ONE),
        (numbered(["fc.module.weight", "fc.module.bias"]), ONE),
        ({"fc": {"weight": torch.tensor([0.0]), "bias": torch.tensor([1.0])}}, ONE),
        ({"model": numbered(["fc.weight", "fc.bias"]), "ema": numbered(["fc.weight"], 7)}, ONE),
        ({"state_dict": numbered(["module.fc.weight", "module.fc.bias"]), "epoch": 1}, ONE),
        ({"a": {"b": {"c": numbered(["fc.weight", "fc.bias"])}}}, ONE),
        ({"fc.weight": torch.tensor([0.0]), "fc.bias": torch.tensor([1.0]), 3: [None]}, ONE),
    ],
)
def test_a_state_dict_is_found_in_its_wrapping(
    saved: Any, expected: dict[str, float], files: tuple[Path, Path]
) -> None:
    checkpoint, out = files
    torch.save(saved, checkpoint)

    extract(checkpoint, require(checkpoint, expected), out)

    assert values(out) == expected


def test_two_state_dicts_of_the_model_are_refused_and_one_can_be_named(
    files: tuple[Path, Path],
) -> None:
    checkpoint, out = files
    names = ["fc.weight", "fc.bias"]
    torch.save({"model": numbered(names), "ema": numbered(names, 5)}, checkpoint)
    manifest = require(checkpoint, names)

    with pytest.raises(PyCandleError) as refused:
        extract(checkpoint, manifest, out)
    extract(checkpoint, manifest, out, subtree="ema")

    assert refused.value.diagnostics[0].code == "ambiguous-checkpoint"
    assert refused.value.diagnostics[0].hint == "choose one, for example `--subtree model`"
    assert values(out) == {"fc.weight": 5.0, "fc.bias": 6.0}


def test_a_subtree_that_is_not_there_is_refused(files: tuple[Path, Path]) -> None:
    checkpoint, out = files
    torch.save({"model": numbered(["fc.weight"])}, checkpoint)

    with pytest.raises(PyCandleError) as refused:
        extract(checkpoint, require(checkpoint, ["fc.weight"]), out, subtree="ema")

    assert refused.value.diagnostics[0].code == "no-subtree"
    assert refused.value.diagnostics[0].label == "it has `model`"


def test_one_state_dict_under_two_keys_is_no_ambiguity(files: tuple[Path, Path]) -> None:
    checkpoint, out = files
    state = numbered(["fc.weight", "fc.bias"])
    torch.save({"model": state, "module": state}, checkpoint)

    extract(checkpoint, require(checkpoint, state), out)

    assert values(out) == ONE


def test_a_real_submodule_called_module_is_not_taken_for_a_wrapper(
    files: tuple[Path, Path],
) -> None:
    """Name by name, `module.fc.weight` would be found under its own name, and be wrong."""
    checkpoint, out = files
    torch.save(numbered(["module.fc.weight", "module.module.fc.weight"]), checkpoint)

    extract(checkpoint, require(checkpoint, ["fc.weight", "module.fc.weight"]), out)

    assert values(out) == {"fc.weight": 0.0, "module.fc.weight": 1.0}


def test_a_compiled_model_may_have_a_submodule_called_module(files: tuple[Path, Path]) -> None:
    checkpoint, out = files
    torch.save(numbered(["_orig_mod.fc.weight", "_orig_mod.module.fc.weight"]), checkpoint)

    extract(checkpoint, require(checkpoint, ["fc.weight", "module.fc.weight"]), out)

    assert values(out) == {"fc.weight": 0.0, "module.fc.weight": 1.0}


def test_two_possible_readings_of_a_prefix_are_refused(files: tuple[Path, Path]) -> None:
    checkpoint, out = files
    torch.save(numbered(["module.fc.weight", "module.module.fc.weight"]), checkpoint)

    with pytest.raises(PyCandleError) as refused:
        extract(checkpoint, require(checkpoint, ["module.fc.weight"]), out)

    assert [item.code for item in refused.value.diagnostics] == ["ambiguous-checkpoint"]


@pytest.mark.parametrize(
    "other", ["_orig_mod.module.fc.weight", "_orig_mod.fc.weight", "fc.module.weight"]
)
def test_two_sources_for_one_name_are_refused(other: str, files: tuple[Path, Path]) -> None:
    checkpoint, out = files
    torch.save(numbered(["module.fc.weight", other]), checkpoint)

    with pytest.raises(PyCandleError) as refused:
        extract(checkpoint, require(checkpoint, ["fc.weight"]), out)

    assert [item.code for item in refused.value.diagnostics] == ["ambiguous-name"]


def test_any_alias_is_accepted_and_the_canonical_name_is_written(
    files: tuple[Path, Path],
) -> None:
    checkpoint, out = files
    tensor = torch.arange(6.0).reshape(2, 3)
    torch.save({"head.weight": tensor}, checkpoint)
    entry = state_tensor("embed.weight", tensor, aliases=["head.weight"])
    manifest = write_manifest(checkpoint.parent / "manifest.json", [entry])

    report = extract(checkpoint, manifest, out)

    assert load_file(out)["embed.weight"].equal(tensor)
    assert report.renamed == {"embed.weight": "head.weight"}


@pytest.mark.parametrize("strided", [False, True])
@pytest.mark.parametrize("other_strided", [False, True])
def test_aliases_with_the_same_bytes_are_one_tensor(
    strided: bool, other_strided: bool, files: tuple[Path, Path]
) -> None:
    checkpoint, out = files
    tensor = torch.arange(600.0).reshape(20, 30)
    saved = {
        "embed.weight": tensor.t().contiguous().t() if strided else tensor,
        "head.weight": tensor.t().clone().t() if other_strided else tensor.clone(),
    }
    torch.save(saved, checkpoint)
    entry = state_tensor("embed.weight", tensor, aliases=["head.weight"])
    manifest = write_manifest(checkpoint.parent / "manifest.json", [entry])

    extract(checkpoint, manifest, out)

    assert load_file(out).keys() == {"embed.weight"}
    assert load_file(out)["embed.weight"].equal(tensor)


@pytest.mark.parametrize("strided", [False, True])
@pytest.mark.parametrize("other_strided", [False, True])
def test_aliases_that_differ_in_one_element_are_refused(
    strided: bool, other_strided: bool, files: tuple[Path, Path]
) -> None:
    checkpoint, out = files
    tensor = torch.arange(600.0).reshape(20, 30)
    other = tensor.clone()
    other[19, 29] = -1
    saved = {
        "embed.weight": tensor.t().contiguous().t() if strided else tensor,
        "head.weight": other.t().contiguous().t() if other_strided else other,
    }
    torch.save(saved, checkpoint)
    entry = state_tensor("embed.weight", tensor, aliases=["head.weight"])
    manifest = write_manifest(checkpoint.parent / "manifest.json", [entry])

    with pytest.raises(PyCandleError) as refused:
        extract(checkpoint, manifest, out)

    assert [item.code for item in refused.value.diagnostics] == ["untied-aliases"]
    assert not out.exists()


class Block(torch.nn.Module):
    """A module with every kind of state."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = torch.nn.Linear(3, 2)
        self.tied = self.linear
        self.norm = torch.nn.BatchNorm1d(2)
        self.register_buffer("kept", torch.arange(3))
        self.register_buffer("dropped", torch.arange(4), persistent=False)
        self.register_parameter("absent", None)


@pytest.mark.parametrize("wrap", [lambda m: m, lambda m: {"model": m}, lambda m: [m]])
@pytest.mark.parametrize("legacy", [False, True])
@pytest.mark.parametrize("protocol", [2, 4])
def test_a_whole_pickled_module_has_the_tensors_of_its_state_dict(
    wrap: Any, legacy: bool, protocol: int, files: tuple[Path, Path]
) -> None:
    checkpoint, out = files
    model = torch.nn.Sequential(Block(), torch.nn.ReLU(), Block())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.save(
            wrap(model),
            checkpoint,
            pickle_protocol=protocol,
            _use_new_zipfile_serialization=not legacy,
        )
    manifest = write_manifest(checkpoint.parent / "manifest.json", model.state_dict())

    report = extract(checkpoint, manifest, out)

    written = load_file(out)
    assert written.keys() == model.state_dict().keys()
    assert all(written[name].equal(tensor) for name, tensor in model.state_dict().items())
    assert report.unexpected == ()
    assert f"{__name__}.Block" in report.ignored_globals


def test_names_that_the_model_does_not_read_are_not_unexpected(files: tuple[Path, Path]) -> None:
    checkpoint, _ = files
    saved = numbered(["fc.weight", "num_batches_tracked", "inv_freq", "other"])
    torch.save(saved, checkpoint)
    entries = [
        state_tensor("fc.weight", saved["fc.weight"]),
        state_tensor("num_batches_tracked", saved["inv_freq"], used=False),
        state_tensor("inv_freq", saved["inv_freq"], kind="non_persistent_buffer", used=False),
    ]
    manifest = write_manifest(checkpoint.parent / "manifest.json", entries)

    planned = plan(checkpoint, manifest)

    assert planned.unexpected == ("other",)
    assert [item.name for item in planned.tensors] == ["fc.weight"]
