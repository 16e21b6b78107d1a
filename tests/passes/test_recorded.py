"""Models that write in place, from PyTorch to a graph without writes."""

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from passes.interpreter import run
from pycandle.importer import import_entry
from pycandle.ir.overloads import functional_overload
from pycandle.ir.printer import print_graph
from pycandle.manifest.reader import read_manifest
from pycandle.passes import run_passes
from pycandle.recorder import GoldenRecorder


class Slices(nn.Module):
    """Writes through slices, and reads the whole."""

    def forward(self, x: Tensor) -> Tensor:
        y = x.clone()
        y[:, 1:] = y[:, 1:] * 2
        y[0] += 1
        y[..., -1].zero_()
        return y


class Parts(nn.Module):
    """Writes to parts of one tensor."""

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        y = x + 1
        a, b = y.chunk(2, dim=-1)
        a.mul_(3)
        b += a
        return y, a


class Chain(nn.Module):
    """Modules that write into what they get."""

    def __init__(self) -> None:
        super().__init__()
        self.act = nn.ReLU(inplace=True)
        self.drop = nn.Dropout(0.5, inplace=True)
        self.clip = nn.Hardtanh(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        skip = x * 2
        x = self.drop(self.act(skip.transpose(0, 1)))
        return self.clip(x).t() + skip


class Mask(nn.Module):
    """Fills a mask in place."""

    def forward(self, x: Tensor) -> Tensor:
        mask = torch.zeros(x.shape[1], x.shape[1], dtype=torch.bool)
        mask[:, :2] = True
        mask.logical_not_()
        scores = x @ x.transpose(0, 1) if x.shape[0] == x.shape[1] else x.t() @ x
        return scores.masked_fill_(mask, -1.0)


@pytest.mark.parametrize(
    "model", [Slices(), Parts(), Chain(), Mask()], ids=lambda m: type(m).__name__
)
def test_a_recorded_model_without_its_writes_gives_the_same(model: nn.Module, tmp_path: Path):
    x = torch.arange(12.0).reshape(3, 4) - 5
    recorder = GoldenRecorder(output_dir=tmp_path)
    recorder.record(model.eval(), x.clone())
    recorder.save("model")
    manifest = read_manifest(tmp_path / "model_manifest.json")
    graph = import_entry(manifest)
    symbols = {s.name: s.recorded or 0 for s in manifest.entries[0].symbols}
    expected = model(x.clone())

    run_passes(graph)

    assert not [node for node in graph.nodes if functional_overload(node.target)]
    found = run(graph, [x.clone()], symbols)
    for one, other in zip(
        found, expected if isinstance(expected, tuple) else [expected], strict=True
    ):
        assert torch.equal(one, other), print_graph(graph)
