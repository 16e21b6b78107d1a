"""Recordings that several tests look at."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from pycandle.manifest.reader import read_manifest
from pycandle.manifest.schema import Entry, Manifest
from pycandle.recorder import GoldenRecorder


@dataclass(frozen=True)
class Recording:
    """What is on disk after a recording."""

    manifest: Manifest
    trace: dict[str, torch.Tensor]

    @property
    def entry(self) -> Entry:
        return self.manifest.entries[0]

    def state(self) -> dict[str, torch.Tensor]:
        """The state tensors in the trace, by canonical name."""
        return {
            row.name: self.trace[stored]
            for row in self.manifest.state
            for stored in (f"state/{row.name}", f"constant/{row.name.removeprefix('constant.')}")
            if stored in self.trace
        }

    def part(self, prefix: str) -> dict[str, torch.Tensor]:
        """The tensors below a prefix, by the rest of their names."""
        return {
            name.removeprefix(prefix): tensor
            for name, tensor in self.trace.items()
            if name.startswith(prefix)
        }


Record = Callable[..., Recording]


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """Returns a function that records a model once, saves, and reads both files."""

    def run(model: torch.nn.Module, *args: Any, **kwargs: Any) -> Recording:
        recorder = GoldenRecorder(tmp_path)
        recorder.record(model, *args, **kwargs)
        recorder.save("model")
        return load(tmp_path, "model")

    return run


def load(directory: Path, name: str) -> Recording:
    """Reads a recording."""
    manifest = read_manifest(directory / f"{name}_manifest.json")
    return Recording(manifest, load_file(directory / manifest.trace))
