"""`inspect --stage` shows what each stage of the compiler makes."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from cli.tiny import tiny_manifest
from pycandle.codegen import STAGES

PARTS = {
    "import": "linear: f32*[s0, 3] = aten.linear.default(x, p_weight, p_bias) @ fc#1",
    "remove-dead-code": "out: f32*[s0, 3] = aten.gelu.default(linear)",
    "layouts": "  contiguous  out = aten.gelu.default",
    "regions": "    fc: Linear (f32*[s0, 4]) -> (f32*[s0, 3]), 1 op",
    "modules": "  model: Tiny (f32*[s0, 4]) -> (f32*[s0, 3]), 2 ops",
    "loops": "no loops",
    "types": "struct Tiny, of my_model.Tiny\n  fc: Linear\n  fn forward(x: &Tensor) -> Tensor",
    "config": "no fields",
    "rust": "        self.fc.forward(&x.contiguous()?)?.gelu_erf()\n",
}


@pytest.fixture
def save(workdir: Path) -> Callable[..., Path]:
    """Writes the manifest of an op behind a linear layer."""

    def call(*op: str) -> Path:
        path = workdir / "tiny_manifest.json"
        path.write_bytes(msgspec.json.encode(tiny_manifest(*op)))
        return path

    return call


@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_is_shown(stage: str, save: Callable, pycandle: Callable) -> None:
    done = pycandle("inspect", "--stage", stage, "--manifest", save())

    assert (done.code, done.stderr) == (0, "")
    assert PARTS.get(stage, "graph(x: f32*[s0, 4]") in done.stdout


def test_a_refused_model_is_shown_as_far_as_it_came(save: Callable, pycandle: Callable) -> None:
    manifest = save("aten._fft_r2c.default")

    came = pycandle("inspect", "--stage", "layouts", "--manifest", manifest)
    did_not = pycandle("inspect", "--stage", "types", "--manifest", manifest)

    assert (came.code, did_not.code) == (1, 1)
    assert "contiguous  linear = aten.linear.default" in came.stdout
    assert did_not.stdout == ""
    assert "error[unsupported-op]" in came.stderr
    assert "error[unsupported-op]" in did_not.stderr


def test_an_unknown_stage_is_refused_with_a_list_of_all(save: Callable, pycandle: Callable) -> None:
    done = pycandle("inspect", "--stage", "help", "--manifest", save())

    assert (done.code, done.stdout) == (2, "")
    assert [name for name in STAGES if f"\n  {name} " not in done.stderr] == []


def test_a_stage_is_text(save: Callable, pycandle: Callable) -> None:
    done = pycandle("inspect", "--stage", "types", "--json", "--manifest", save())

    assert (done.code, done.stdout) == (2, "")
    assert "--json" in done.stderr
