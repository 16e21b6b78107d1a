"""Input files."""

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from pycandle.errors import PyCandleError
from pycandle.manifest.schema import Input, TensorValue
from pycandle.verify.door import read_inputs, write_for_rust, write_for_torch
from pycandle.verify.tensor_file import open_tensors, write_arrays
from verify import tiny

X = np.ones((4, 6), np.float32)
IDS = np.array([0, 1, 2, 10])


def titles(caught: pytest.ExceptionInfo[PyCandleError]) -> list[str]:
    return [item.title for item in caught.value.diagnostics]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "inputs.safetensors"


@pytest.mark.parametrize(
    "dtype", ["int64", "int32", "int16", "int8", "uint8", "uint16", "uint32", "uint64"]
)
def test_every_integer_dtype_is_read_as_the_inputs(path: Path, dtype: str) -> None:
    write_arrays(path, {"x": X, "ids": IDS.astype(dtype)})

    values = read_inputs(tiny.entry(), path)

    assert values["ids"].dtype == np.int64
    assert values["ids"].tolist() == IDS.tolist()


def test_bools_are_read_as_integers(path: Path) -> None:
    write_arrays(path, {"x": X, "ids": IDS > 1})

    assert read_inputs(tiny.entry(), path)["ids"].tolist() == [0, 0, 1, 1]


def test_all_wrong_inputs_are_named_at_once(path: Path) -> None:
    write_arrays(path, {"x": np.ones((4, 7), np.float32), "ID": IDS})

    with pytest.raises(PyCandleError) as caught:
        read_inputs(tiny.entry(), path)

    assert titles(caught) == [
        "`forward` has no input `ID`",
        "the input `ids` is missing",
        "`x` has size 7 at dim 1, expected 6",
    ]


def test_sizes_that_must_be_equal_are_compared(path: Path) -> None:
    write_arrays(path, {"x": X, "ids": IDS[:3]})

    with pytest.raises(PyCandleError, match="`ids` has size 3 at dim 0, expected 4"):
        read_inputs(tiny.entry(), path)


def test_another_rank_is_refused(path: Path) -> None:
    write_arrays(path, {"x": X[0], "ids": IDS})

    with pytest.raises(PyCandleError) as caught:
        read_inputs(tiny.entry(), path)

    assert titles(caught) == ["`x` has shape [6]"]
    assert "expected float32[s0, 6]" in caught.value.render()


@pytest.mark.parametrize(("rows", "refused"), [(1, False), (4, False), (5, True), (0, True)])
def test_a_size_outside_its_range_is_refused(path: Path, rows: int, refused: bool) -> None:
    entry = replace(tiny.entry(), symbols=[replace(tiny.entry().symbols[0], upper=4)])
    write_arrays(path, {"x": np.ones((rows, 6), np.float32), "ids": np.zeros(rows, np.int64)})

    try:
        read_inputs(entry, path)
        found = []
    except PyCandleError as error:
        found = [item.title for item in error.diagnostics]

    wanted = [f"the size s0 is {rows}; the model takes at least 1 and at most 4"]
    assert found == (wanted if refused else [])


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ({"ids": IDS.astype(np.float32)}, "`ids` is float32, expected int64"),
        ({"x": X.astype(np.int64)}, "`x` is int64, expected float32"),
        ({"ids": np.full(4, 2**63, np.uint64)}, "`ids` has values that int64 lacks"),
    ],
)
def test_values_of_another_kind_are_refused(path: Path, values: dict, title: str) -> None:
    write_arrays(path, {"x": X, "ids": IDS, **values})

    with pytest.raises(PyCandleError) as caught:
        read_inputs(tiny.entry(), path)

    assert titles(caught) == [title]


def flags_entry():
    shape = TensorValue("bool", [2])
    return replace(tiny.entry(), inputs=[Input("m", "m", shape)], symbols=[])


def test_a_bool_takes_zeros_and_ones_only(path: Path) -> None:
    write_arrays(path, {"m": np.array([0, 2], np.uint8)})

    with pytest.raises(PyCandleError, match="`m` is bool: 0 or 1"):
        read_inputs(flags_entry(), path)


def test_rust_and_torch_get_the_dtypes_that_they_have(tmp_path: Path, path: Path) -> None:
    write_arrays(path, {"m": np.array([0, 1], np.uint8)})
    values = read_inputs(flags_entry(), path)

    write_for_torch(tmp_path / "t", flags_entry(), values, model="float32")
    write_for_rust(tmp_path / "r", flags_entry(), values, model="float32", dtype="float32")

    assert open_tensors(tmp_path / "t").dtype("m") == "bool"
    assert open_tensors(tmp_path / "r").dtype("m") == "uint8"


def test_floats_follow_the_model_or_keep_their_dtype(tmp_path: Path) -> None:
    inputs = [
        Input("a", "a", TensorValue("bfloat16", [2])),
        Input("b", "b", TensorValue("float64", [2])),
    ]
    entry = replace(tiny.entry(), inputs=inputs, symbols=[])
    values = {"a": np.ones(2, np.float32), "b": np.ones(2)}

    write_for_rust(tmp_path / "r", entry, values, model="bfloat16", dtype="float32")

    found = open_tensors(tmp_path / "r")
    assert (found.dtype("a"), found.dtype("b")) == ("float32", "float64")
