"""The code of a model does not grow with its depth: more layers are other numbers."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from models.porting import compile_manifest, record
from traps.lists import DenseRow, Encoder, NamedStage
from traps.mixed import Stage
from traps.trap import floats


class Returned(nn.Module):
    def __init__(self, depth: int) -> None:
        super().__init__()
        self.encoder = Encoder(depth)

    def forward(self, x: Tensor) -> dict[str, object]:
        x, states = self.encoder(x)
        return {"last": x, "states": tuple(states)}


MODELS: dict[str, tuple[Callable[[int], nn.Module], Tensor]] = {
    "a list that grows": (lambda depth: DenseRow(depth, 4), floats(2, 4, 6, 6)),
    "fields that are numbered": (lambda depth: NamedStage(6, 8, depth), floats(2, 6)),
    "types that take turns": (lambda depth: Stage(depth, 6), floats(2, 6)),
    "states that are returned": (Returned, floats(2, 6)),
}


@pytest.mark.parametrize("name", MODELS)
def test_more_layers_are_no_more_lines(tmp_path: Path, name: str) -> None:
    make, x = MODELS[name]
    lines: list[int] = []
    for depth in (4, 16):
        torch.manual_seed(7)
        model = make(depth)
        path = record(lambda model=model: (model, (x,), {}), tmp_path, f"depth_{depth}")
        lines.append(len(compile_manifest(path).generated.files["model.rs"].splitlines()))
    assert lines[0] == lines[1]
