"""A fine-tune's own checkpoint and configuration, loaded by code of another configuration."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from models.porting import TARGET, compile_manifest
from models.torch_door import open_door
from pycandle.recorder import GoldenRecorder, install
from pycandle.verify import render_text
from pycandle.verify.model import Model
from pycandle.verify.other_config import FILE, recorded_config, with_config
from pycandle.verify.verification import Request, verify_models

ENOUGH = 300.0
"""Seconds: more than all trials take on a slow machine."""
IDS = torch.zeros(2, 7, dtype=torch.long)


def llama(**changes: object) -> nn.Module:
    from transformers import LlamaConfig, LlamaForCausalLM

    sizes = {"hidden_size": 32, "intermediate_size": 48, "vocab_size": 40}
    layers = {"num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2}
    return LlamaForCausalLM(LlamaConfig(**{**sizes, **layers, **changes})).eval()


def fine_tune() -> nn.Module:
    """Other sizes, and rotary frequencies of another base."""
    torch.manual_seed(3)
    rope = {"rope_type": "default", "rope_theta": 500.0}
    return llama(hidden_size=40, num_attention_heads=5, num_key_value_heads=1, rope_parameters=rope)


def record(model: nn.Module, folder: Path, name: str, budget: float) -> Path:
    recorder = GoldenRecorder(folder, budget=budget)
    recorder.record(model, IDS.to("meta"), use_cache=False)
    recorder.save(name)
    return folder / f"{name}_manifest.json"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fine_tune")


@pytest.fixture(scope="module")
def learned(folder: Path) -> Model:
    install()
    with torch.device("meta"):
        model = llama()
    return compile_manifest(record(model, folder, "learned", ENOUGH))


@pytest.fixture(scope="module")
def own(folder: Path) -> Path:
    """The checkpoint, as PyTorch saves a state dict."""
    save_file(fine_tune().state_dict(), folder / "own.safetensors")
    return folder / "own.safetensors"


def test_the_frequencies_follow_from_the_configuration(learned: Model) -> None:
    assert learned.generated.computed == ("model.rotary_emb.inv_freq",)
    assert learned.generated.stored == {}
    assert "pub rope_theta: f64," in learned.text
    assert '"rope_parameters.rope_theta"' in learned.text
    assert '"rope_theta"' in learned.text


def test_a_fine_tunes_own_checkpoint_is_loaded_without_extraction(
    learned: Model, own: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "CARGO_TARGET_DIR" not in os.environ:
        monkeypatch.setenv("CARGO_TARGET_DIR", str(TARGET))
    with torch.device("meta"):
        other = compile_manifest(record(fine_tune(), folder, "other", 0))
    config = json.dumps(fine_tune().config.to_dict())
    subject = _read_from(with_config(learned, other), config)

    with open_door() as python:
        found = verify_models([subject], Request(weights=own, python=python))

    assert all(item.passed for item in found), render_text([found])


def _read_from(model: Model, contents: str) -> Model:
    """Returns a model whose `Config` is read from the contents of a `config.json`."""
    text = model.text
    place = recorded_config(text)
    body = f'Self::from_json(r##"{contents}"##).expect("config.json")'
    changed = f"{text[: place.start]}{body}{text[place.end :]}"
    files = {**model.generated.files, FILE: changed}
    tapped = model.generated.tapped[FILE]
    there = recorded_config(tapped)
    tapped = f"{tapped[: there.start]}{body}{tapped[there.end :]}"
    generated = replace(
        model.generated, files=files, tapped={**model.generated.tapped, FILE: tapped}
    )
    return replace(model, generated=generated)
