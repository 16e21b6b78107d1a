"""Reading and writing tensors with numpy."""

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load_file
from safetensors.torch import save_file

from pycandle.errors import PyCandleError
from pycandle.verify.tensor_file import (
    narrow_to_bfloat16,
    open_tensors,
    widen_bfloat16,
    write_arrays,
    write_tensors,
)

DTYPES = ("float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint8", "bool")


@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 3), (2, 3)])
def test_safetensors_reads_what_is_written(tmp_path: Path, shape: tuple[int, ...]) -> None:
    arrays = {dtype: np.ones(shape).astype(dtype) for dtype in DTYPES}

    write_arrays(tmp_path / "a.safetensors", arrays)

    found = load_file(tmp_path / "a.safetensors")
    assert {name: (str(a.dtype), a.shape) for name, a in found.items()} == {
        dtype: (dtype, shape) for dtype in DTYPES
    }
    assert all((found[name] == arrays[name]).all() for name in DTYPES)


def test_bfloat16_is_read_as_float32_and_rounded_as_torch_does(tmp_path: Path) -> None:
    values = torch.randn(1000, generator=torch.Generator().manual_seed(0))
    save_file({"a": values.bfloat16()}, tmp_path / "torch.safetensors")

    write_arrays(tmp_path / "ours.safetensors", {"a": values.numpy()}, {"a": "bfloat16"})

    expected = open_tensors(tmp_path / "torch.safetensors")
    found = open_tensors(tmp_path / "ours.safetensors")
    assert found.dtype("a") == "bfloat16"
    assert (found["a"] == expected["a"]).all()
    assert (found["a"] == values.bfloat16().float().numpy()).all()


@given(st.floats(width=32, allow_nan=False))
def test_a_bfloat16_is_narrowed_to_itself(value: float) -> None:
    once = widen_bfloat16(narrow_to_bfloat16(np.array([value], np.float32)))

    assert (widen_bfloat16(narrow_to_bfloat16(once)) == once).all()


def test_nan_stays_nan_in_bfloat16() -> None:
    assert np.isnan(widen_bfloat16(narrow_to_bfloat16(np.array([np.nan], np.float32)))).all()


def test_values_of_another_shape_are_not_written(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    path.write_bytes(b"before")

    with pytest.raises(ValueError, match="shape"):
        write_tensors(path, {"a": ("float32", (2,))}, lambda _: np.ones(3))

    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_dtype_that_numpy_lacks_is_refused_by_name(tmp_path: Path) -> None:
    save_file({"a": torch.ones(2).to(torch.float8_e4m3fn)}, tmp_path / "a.safetensors")

    with pytest.raises(PyCandleError, match="cannot compute with float8_e4m3fn"):
        open_tensors(tmp_path / "a.safetensors")["a"]
