"""What is learned of rows of layers that are not all alike."""

import os
from pathlib import Path

import pytest

from learning.configured import record
from learning.rows import Asked, Growing, Row, Turns, row
from models.porting import TARGET, compile_manifest
from models.torch_door import open_door
from pycandle.learning.added import unlike_the_last
from pycandle.learning.numbers import LengthPlace, StatePlace
from pycandle.verify import render_text
from pycandle.verify.model import Model
from pycandle.verify.other_config import with_config
from pycandle.verify.verification import Request, verify_models


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rows")


@pytest.fixture(scope="module")
def model(folder: Path) -> Model:
    return compile_manifest(record(row(Row, 8, 3), folder, "row", budget=300.0))


def test_a_first_layer_that_differs_is_told_by_its_index(model: Model) -> None:
    assert "(0..cfg.depth)" in model.text
    assert "i == 0" in model.text
    assert "if i == 0 {" in model.text
    assert "layers: Vec<Shared>" in model.text


def test_the_code_is_right_for_more_layers(
    model: Model, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "CARGO_TARGET_DIR" not in os.environ:
        monkeypatch.setenv("CARGO_TARGET_DIR", str(TARGET))
    other = compile_manifest(record(row(Row, 6, 5), folder, "other", budget=0))
    turns = compile_manifest(record(row(Turns, 8, 4), folder, "turns", budget=300.0))
    assert "(0..cfg.depth)" in turns.text
    assert "i % 2 == 0" in turns.text
    runs = [with_config(model, other)]
    for depth in (6, 7):
        name = f"turns{depth}"
        more = compile_manifest(record(row(Turns, 6, depth), folder, name, budget=0))
        runs.append(with_config(turns, more))

    with open_door() as python:
        found = verify_models(runs, Request(python=python))

    assert all(item.passed for item in found), render_text(found)


def test_a_number_of_layers_that_adds_others_is_required(folder: Path) -> None:
    growing = compile_manifest(record(row(Growing, 8, 3), folder, "growing", budget=300.0))

    assert growing.manifest.learned is not None
    assert [item.path for item in growing.manifest.learned.required] == ["depth"]


def test_what_the_code_asks_about_sizes_is_learned_of_as_well(folder: Path) -> None:
    asked = compile_manifest(record(row(Asked, 8, 3), folder, "asked", budget=300.0))

    assert asked.manifest.learned is not None
    assert asked.manifest.learned.settings == ["width", "depth"]
    assert "bail!" in asked.text
    assert "cfg.depth" in asked.text


@pytest.mark.parametrize(("size", "expected"), [(4, set[str]()), (5, {"layers"})])
def test_a_layer_is_compared_with_the_last_of_its_own_recording(
    size: int, expected: set[str]
) -> None:
    first = {LengthPlace("layers"): 2, StatePlace("layers.1.weight", 0): 3}
    longer = {
        LengthPlace("layers"): 3,
        StatePlace("layers.1.weight", 0): 4,
        StatePlace("layers.2.weight", 0): size,
    }

    assert unlike_the_last(first, [longer], {}) == expected
