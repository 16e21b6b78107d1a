"""`inspect` shows what is recorded, and fails where `codegen` would."""

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from cli.tiny import tiny_manifest
from pycandle.manifest.schema import Manifest


@pytest.fixture
def save(workdir: Path) -> Callable[[Manifest], Path]:
    """Writes a manifest."""

    def call(manifest: Manifest) -> Path:
        path = workdir / "tiny_manifest.json"
        path.write_bytes(msgspec.json.encode(manifest))
        return path

    return call


def test_a_supported_model_is_shown_whole(save: Callable, pycandle: Callable) -> None:
    done = pycandle("inspect", "--manifest", save(tiny_manifest()))

    assert (done.code, done.stderr) == (0, "")
    for part in (
        "tiny: my_model.Tiny",
        "15 parameters",
        "2 tensors of float32, 60 bytes",
        "x: float32[s0, 4]",
        "2 <= s0, recorded with 2",
        "dim 1 of `x` is fixed at 4: project/my_model.py:9",
        "fc: Linear",
        "1  aten.linear.default\n",
    ):
        assert part in done.stdout


def test_what_codegen_would_refuse_fails_and_is_marked(save: Callable, pycandle: Callable) -> None:
    done = pycandle("inspect", "--manifest", save(tiny_manifest("aten._fft_r2c.default")))

    assert done.code == 1
    assert "aten._fft_r2c.default  not supported" in done.stdout
    assert "error[unsupported-op]: no lowering for `aten._fft_r2c.default`" in done.stderr
    assert "project/my_model.py:12" in done.stderr


def test_json_has_the_fields_of_the_published_schema(save: Callable, pycandle: Callable) -> None:
    from pycandle.cli.inspection import Inspection

    done = pycandle("inspect", "--json", "--manifest", save(tiny_manifest("aten._fft_r2c.default")))

    inspection = msgspec.convert(json.loads(done.stdout), Inspection, strict=True)
    assert done.code == 1
    assert inspection.parameters == 15
    assert [op.op for op in inspection.ops if not op.supported] == ["aten._fft_r2c.default"]
    assert [item.code for item in inspection.refused] == ["unsupported-op"]


def test_a_missing_manifest_is_refused_with_its_place(pycandle: Callable, workdir: Path) -> None:
    done = pycandle("inspect", "--manifest", workdir / "gone_manifest.json")

    assert done.code in (1, 2)
    assert "gone_manifest.json" in done.stderr
    assert "internal" not in done.stderr
