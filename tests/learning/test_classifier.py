"""What is learned of a model that is built from plain arguments."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from learning.configured import record
from learning.constructed import classifier, resized
from models.porting import TARGET, compile_manifest
from models.torch_door import open_door
from pycandle.verify import Verification, render_text
from pycandle.verify.model import Model
from pycandle.verify.other_config import with_config
from pycandle.verify.verification import Request, verify_models

Verify: TypeAlias = Callable[[tuple[int, int], str], Verification]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("classifier")


@pytest.fixture(scope="module")
def model(folder: Path) -> Model:
    return compile_manifest(record(classifier(), folder, "learned", budget=300.0))


def test_arguments_are_the_settings(model: Model) -> None:
    learned = model.manifest.learned
    assert learned is not None

    assert model.manifest.configuration is not None
    assert model.manifest.configuration.kind == "arguments"
    assert {item.path for item in learned.required} == {"gated"}
    assert learned.json == []


def test_inputs_change_with_the_settings(model: Model) -> None:
    learned = model.manifest.learned
    assert learned is not None
    found = [None if i is None else learned.formulas[i] for i in learned.state["places"]]

    assert found == [None, "image.0 // patch * (image.1 // patch) + 1", "width"]


def test_an_image_grows_with_its_setting_also_where_the_model_takes_the_old_one(
    folder: Path,
) -> None:
    found = compile_manifest(record(resized(), folder, "resized", budget=300.0)).manifest.learned
    assert found is not None
    places = [None if i is None else found.formulas[i] for i in found.state["places"]]

    assert places == [None, "image // patch * (image // patch)", "width"]
    assert found.settings == ["image", "patch", "width"]


def test_few_layers_speak_for_all(model: Model) -> None:
    assert "(0..cfg.depth)" in model.text
    assert "depth: 6," in model.text
    assert "pub image: [usize; 2]" in model.text


@pytest.fixture
def verify_other(model: Model, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Verify:
    """Runs the code on what another image gives, recorded without learning."""
    if "CARGO_TARGET_DIR" not in os.environ:
        monkeypatch.setenv("CARGO_TARGET_DIR", str(TARGET))

    def verify(image: tuple[int, int], name: str) -> Verification:
        other = classifier(image, 2, patch=5, width=6, depth=3, classes=2)
        made = with_config(model, compile_manifest(record(other, folder, name, budget=0)))
        with open_door() as python:
            return verify_models([made], Request(python=python))[0]

    return verify


def test_the_code_is_right_for_another_image(verify_other: Verify) -> None:
    found = verify_other((25, 15), "other")

    assert found.passed, render_text([found])


def test_the_code_is_right_for_the_smallest_image(verify_other: Verify) -> None:
    found = verify_other((5, 5), "small")

    assert found.passed, render_text(found)
