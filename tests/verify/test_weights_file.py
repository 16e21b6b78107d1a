"""Weights files, drawn and given."""

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from pycandle.errors import PyCandleError
from pycandle.manifest.schema import StateTensor
from pycandle.verify.tensor_file import open_tensors, write_arrays
from pycandle.verify.weights_file import check_weights, draw_weights, weights_for_torch
from verify import tiny


def test_weights_come_from_the_trace_where_it_has_them(tmp_path: Path) -> None:
    trace = tmp_path / "trace.safetensors"
    held = np.arange(6, dtype=np.float32)
    write_arrays(trace, {"state/scale": held})

    draw_weights(tiny.manifest(), open_tensors(trace), tmp_path / "w.safetensors")

    found = open_tensors(tmp_path / "w.safetensors")
    assert found["scale"].tolist() == held.tolist()
    assert sorted(found) == sorted(item.name for item in tiny.manifest().state)


def test_unused_state_is_not_written_and_bools_are_u8(tmp_path: Path) -> None:
    state = [
        StateTensor("a", "persistent_buffer", "bool", [2]),
        StateTensor("b", "parameter", "bfloat16", [2]),
        StateTensor("c", "persistent_buffer", "int64", [], used=False),
    ]

    draw_weights(replace(tiny.manifest(), state=state), None, tmp_path / "w.safetensors")

    found = open_tensors(tmp_path / "w.safetensors")
    assert {name: found.dtype(name) for name in found} == {"a": "uint8", "b": "float32"}


def test_every_constant_that_the_trace_lacks_is_named(tmp_path: Path) -> None:
    state = [
        StateTensor("rope.inv_freq", "non_persistent_buffer", "float32", [4]),
        StateTensor("table", "constant", "float32", [4]),
    ]

    with pytest.raises(PyCandleError) as caught:
        draw_weights(replace(tiny.manifest(), state=state), None, tmp_path / "w.safetensors")

    assert [item.code for item in caught.value.diagnostics] == ["missing-constant"] * 2
    assert not (tmp_path / "w.safetensors").exists()


@pytest.mark.parametrize(
    ("stored", "model", "refused"),
    [
        ("bfloat16", "float32", False),
        ("float32", "bfloat16", False),
        ("uint8", "bool", False),
        ("bool", "bool", True),
        ("int32", "int64", True),
        ("int16", "int8", False),
        ("float32", "int64", True),
        ("int64", "float32", True),
    ],
)
def test_weights_have_a_dtype_that_candle_reads(
    tmp_path: Path, stored: str, model: str, refused: bool
) -> None:
    manifest = replace(tiny.manifest(), state=[StateTensor("w", "parameter", model, [2])])
    write_arrays(tmp_path / "w.safetensors", {"w": np.ones(2, np.float32)}, {"w": stored})

    try:
        check_weights(manifest, tmp_path / "w.safetensors")
        found = []
    except PyCandleError as error:
        found = [item.code for item in error.diagnostics]

    assert found == (["weight-dtype"] if refused else [])


def test_a_long_list_of_missing_weights_ends(tmp_path: Path) -> None:
    state = [StateTensor(f"w{i}", "parameter", "float32", [2]) for i in range(30)]
    write_arrays(tmp_path / "w.safetensors", {"v": np.ones(2)})

    with pytest.raises(PyCandleError) as caught:
        check_weights(replace(tiny.manifest(), state=state), tmp_path / "w.safetensors")

    assert caught.value.diagnostics[-1].title == "and 10 more tensors"
    assert len(caught.value.diagnostics) == 21


def test_torch_gets_the_dtypes_that_candle_lacks(tmp_path: Path) -> None:
    state = [
        StateTensor("mask", "persistent_buffer", "bool", [2]),
        StateTensor("w", "parameter", "float32", [2]),
    ]
    manifest = replace(tiny.manifest(), state=state)
    draw_weights(manifest, None, tmp_path / "w.safetensors")

    found = open_tensors(weights_for_torch(manifest, tmp_path / "w.safetensors", tmp_path))

    assert {name: found.dtype(name) for name in found} == {"mask": "bool", "w": "float32"}
    assert weights_for_torch(tiny.manifest(), tmp_path / "w", tmp_path) == tmp_path / "w"
