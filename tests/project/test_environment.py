"""The real thing: a project with torch, as a user makes it, and its copy on a second machine."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pycandle.project.uv import get_uv

PYCANDLE = [sys.executable, "-m", "pycandle"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose built-in example is recorded."""
    root = tmp_path_factory.mktemp("project")
    run(*PYCANDLE, "init", cwd=root)
    run(*PYCANDLE, "record", cwd=root)
    return root


def run(*command: str | Path, cwd: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def manifest(root: Path) -> bytes:
    return (root / ".pycandle" / "traces" / "example_manifest.json").read_bytes()


def test_the_template_records_as_it_is(project: Path) -> None:
    traces = sorted(path.name for path in (project / ".pycandle" / "traces").iterdir())

    assert traces == [".gitkeep", "example_manifest.json", "example_trace.safetensors"]


def test_a_second_init_needs_no_network(project: Path) -> None:
    environment = os.environ | {"UV_OFFLINE": "1"}
    done = subprocess.run(
        [*PYCANDLE, "init"], cwd=project, env=environment, capture_output=True, check=False
    )

    assert done.returncode == 0, done.stderr


def test_a_copy_records_the_same_manifest_byte_for_byte(project: Path, tmp_path: Path) -> None:
    """Without its environment: uv makes it again from the lock."""
    copy = tmp_path / "elsewhere" / "copy"
    shutil.copytree(
        project, copy, ignore=shutil.ignore_patterns(".venv", "example_*", "__pycache__")
    )

    run(*PYCANDLE, "record", cwd=copy)

    assert manifest(copy) == manifest(project)


MODEL = """
import torch


class Block(torch.nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.norm = torch.nn.LayerNorm(dim)
        self.up = torch.nn.Linear(dim, 3 * dim)
        self.down = torch.nn.Linear(3 * dim, dim)

    def forward(self, x):
        return x + self.down(torch.nn.functional.gelu(self.up(self.norm(x))))


class MyLargeModel(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 24
        self.blocks = torch.nn.ModuleList([Block(self.dim) for _ in range(3)])

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return x
"""

RECORDER = """
import torch
from spy import GoldenRecorder
from my_model import MyLargeModel

# 1. Use meta device for zero-memory allocation
device = "meta"
with torch.device(device):
    model = MyLargeModel()
model.eval()

# 2. Dummy inputs must also be on meta
dummy_input = torch.randn(1, 128, model.dim, device=device)

# 3. Record
recorder = GoldenRecorder(output_dir="../traces")
recorder.record(model, dummy_input)
recorder.save("my_large_model_meta")
"""
"""As the page of the workflow prints it."""


def save_checkpoint(root: Path) -> None:
    """Writes random weights of the model as `large_model.bin`."""
    import torch

    namespace: dict[str, type[torch.nn.Module]] = {}
    exec(MODEL, namespace)
    torch.save(namespace["MyLargeModel"]().state_dict(), root / "large_model.bin")


def test_the_four_steps_work_as_they_are_printed(project: Path) -> None:
    (project / "my_model.py").write_text(MODEL)
    (project / ".pycandle" / "scripts" / "recorder.py").write_text(RECORDER)
    save_checkpoint(project)
    manifest = ".pycandle/traces/my_large_model_meta_manifest.json"
    weights = ".pycandle/traces/my_large_model_weights.safetensors"

    run(*PYCANDLE, "record", cwd=project)
    run(*PYCANDLE, "codegen", "--manifest", manifest, "--out", "src/model.rs", cwd=project)
    run(
        *(get_uv(), "run", "--offline", ".pycandle/scripts/weight_extractor.py"),
        *("--checkpoint", "large_model.bin", "--manifest", manifest, "--out", weights),
        cwd=project,
    )

    assert "pub struct MyLargeModel" in (project / "src" / "model.rs").read_text()
    assert (project / weights).stat().st_size > 4 * 3 * 24 * 72
