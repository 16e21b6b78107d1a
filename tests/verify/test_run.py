"""Running the generated Rust on tensors in a file."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from safetensors.numpy import load_file

from pycandle.errors import PyCandleError
from pycandle.verify.model import Model
from pycandle.verify.run import candle_dtype, find_entry, run_model, scratch_directory
from pycandle.verify.tensor_file import open_tensors
from pycandle.verify.weights_file import draw_weights
from verify import tiny

VALUES = {"x": np.ones((2, 6), np.float32), "ids": np.array([3, 3])}


@pytest.fixture
def model(tmp_path: Path) -> Model:
    draw_weights(tiny.manifest(), None, tmp_path / "weights.safetensors")
    return Model(tmp_path / "tiny_manifest.json", tiny.manifest(), tiny.generated(), None)


def test_outputs_have_pytorchs_names_and_dtypes(model: Model, tmp_path: Path) -> None:
    weights, out = tmp_path / "weights.safetensors", tmp_path / "out.safetensors"

    done = run_model(model, model.manifest.entries[0], weights, VALUES, out)

    found = load_file(out)
    assert {name: (str(a.dtype), a.shape) for name, a in found.items()} == {
        "output.0": ("float32", (2, 5)),
        "output.1": ("int64", (2,)),
        "output.2": ("bool", (2, 5)),
    }
    assert (found["output.0"][0] == found["output.0"][1]).all()
    assert (found["output.2"] == (found["output.0"] > 0)).all()
    assert len(done.forward_seconds) == 1


def test_the_second_run_compiles_nothing(model: Model, tmp_path: Path) -> None:
    weights, out = tmp_path / "weights.safetensors", tmp_path / "out.safetensors"
    run_model(model, model.manifest.entries[0], weights, VALUES, out)
    said: list[str] = []

    run_model(model, model.manifest.entries[0], weights, VALUES, out, on_progress=said.append)

    assert said == []


def test_a_model_in_bfloat16_gives_bfloat16(tmp_path: Path, model: Model) -> None:
    entry = model.manifest.entries[0]
    wide = replace(entry.inputs[0].value, dtype="bfloat16")
    entry = replace(entry, inputs=[replace(entry.inputs[0], value=wide), entry.inputs[1]])
    outputs = (("output.0", ".0", "bfloat16"), *model.generated.entries[0].outputs[1:])
    generated = tiny.generated(outputs=outputs)
    half = Model(
        model.path, replace(model.manifest, dtype="bfloat16", entries=[entry]), generated, None
    )
    out = tmp_path / "out.safetensors"

    run_model(half, entry, tmp_path / "weights.safetensors", VALUES, out)

    assert open_tensors(out).dtype("output.0") == "bfloat16"


def test_an_index_that_is_too_large_is_refused_and_writes_nothing(
    model: Model, tmp_path: Path
) -> None:
    weights, out = tmp_path / "weights.safetensors", tmp_path / "out.safetensors"
    values = {**VALUES, "ids": np.array([3, 11])}

    with pytest.raises(PyCandleError, match="the generated Rust fails on these inputs") as caught:
        run_model(model, model.manifest.entries[0], weights, values, out)

    assert caught.value.exit_code == 1
    assert not out.exists()


def test_no_scratch_is_left(model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Path] = []

    @contextmanager
    def noted(target: Path) -> Iterator[Path]:
        with scratch_directory(target) as folder:
            made.append(folder)
            yield folder

    monkeypatch.setattr(import_module("pycandle.verify.run"), "scratch_directory", noted)
    weights, out = tmp_path / "weights.safetensors", tmp_path / "out.safetensors"
    run_model(model, model.manifest.entries[0], weights, VALUES, out)

    assert len(made) == 1
    assert not made[0].exists()


def test_missing_cargo_is_refused_with_what_to_install(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)

    with pytest.raises(PyCandleError, match="`cargo` is not on the PATH"):
        run_model(model, model.manifest.entries[0], tmp_path / "w", VALUES, tmp_path / "o")


def test_an_unknown_entry_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(PyCandleError, match="its entries are `forward`"):
        find_entry(tiny.manifest(), "encode", tmp_path / "m.json")


def test_a_dtype_that_candle_does_not_compute_in_is_refused() -> None:
    assert candle_dtype("bfloat16") == "bf16"
    with pytest.raises(PyCandleError, match="float8_e4m3fn"):
        candle_dtype("float8_e4m3fn")
