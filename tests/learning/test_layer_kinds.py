"""Lists that say of what kind each layer is: learned, in `Config`, and right in any order."""

import os
from pathlib import Path

import pytest

from learning.configured import record
from learning.kinds import FAR, NEAR, Built, Counted, Given, Last, Placed, Read, Unrolled, of_kinds
from models.porting import TARGET, compile_manifest
from models.torch_door import open_door
from pycandle.errors import PyCandleError
from pycandle.manifest.learned import LayerKinds
from pycandle.verify import render_text
from pycandle.verify.model import Model
from pycandle.verify.other_config import with_config
from pycandle.verify.verification import Request, verify_models


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kinds")


def learned_of(cls: type[Given], folder: Path) -> Model:
    return compile_manifest(record(of_kinds(cls), folder, cls.__name__.lower(), budget=300.0))


@pytest.fixture(scope="module")
def given(folder: Path) -> Model:
    return learned_of(Given, folder)


@pytest.fixture(scope="module")
def built(folder: Path) -> Model:
    return learned_of(Built, folder)


def test_the_kind_of_a_layer_is_an_item_of_a_list(given: Model, built: Model) -> None:
    for model in (given, built):
        assert model.manifest.learned is not None
        assert model.manifest.learned.kinds == [
            LayerKinds("layer_types", "num_layers", "layers", [NEAR, FAR])
        ]
        assert model.manifest.learned.required == []
        assert model.generated.fixed == ()
        assert "pub layer_types: Vec<LayerType>," in model.text
        assert '"layer_types.len() != num_layers"' in model.text


def test_what_layers_are_given_is_a_match(given: Model) -> None:
    assert "for (layer, kind) in self.layers.iter().zip(&self.layer_types) {" in given.text
    assert "LayerType::Far => &xs" in given.text
    assert "(0..cfg.num_layers)" in given.text


def test_layers_of_several_types_are_made_by_a_match(built: Model) -> None:
    assert "layer_types" in built.text
    assert "LayerType::Far => Wide::new(" in " ".join(built.text.split())
    assert "self.layer_types" not in built.text


def test_from_json_refuses_a_kind_that_was_not_recorded(given: Model) -> None:
    assert "json.choices(" in given.text
    assert '&[("near", LayerType::Near), ("far", LayerType::Far)]' in given.text


def test_the_code_is_right_for_other_orders_and_numbers(
    given: Model, built: Model, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "CARGO_TARGET_DIR" not in os.environ:
        monkeypatch.setenv("CARGO_TARGET_DIR", str(TARGET))
    lists = [(FAR, NEAR, NEAR), (NEAR,) * 4, (FAR, FAR, NEAR, FAR, NEAR, NEAR, FAR)]
    runs: list[Model] = []
    for model, cls in ((given, Given), (built, Built)):
        for number, texts in enumerate(lists):
            made = of_kinds(cls, *texts, hidden_size=6)
            name = f"{cls.__name__.lower()}{number}"
            runs.append(with_config(model, compile_manifest(record(made, folder, name, budget=0))))

    with open_door() as python:
        found = verify_models(runs, Request(python=python))

    assert all(item.passed for item in found), render_text(found)


def test_a_kind_that_was_not_recorded_is_no_config_in_common(given: Model, folder: Path) -> None:
    other = compile_manifest(record(of_kinds(Given), folder, "third", budget=0))
    settings = other.manifest.configuration
    assert settings is not None
    settings.settings["layer_types"] = [NEAR, "third"]

    with pytest.raises(PyCandleError, match="no `Config` in common"):
        with_config(given, other)


def test_a_list_that_the_code_does_not_follow_is_as_recorded(folder: Path) -> None:
    model = learned_of(Unrolled, folder)
    made = of_kinds(Unrolled, FAR, NEAR, NEAR, NEAR, FAR)
    other = compile_manifest(record(made, folder, "unrolled0", budget=0))

    assert model.manifest.learned is not None
    assert model.manifest.learned.kinds != []
    assert model.generated.fixed == ("num_layers", "layer_types")
    assert "LayerType" not in model.text
    assert 'json.require(\n            &["layer_types"]' in model.text
    with pytest.raises(PyCandleError, match="the code holds `layer_types` as recorded"):
        with_config(model, other)


@pytest.mark.parametrize("cls", [Counted, Placed, Last, Read])
def test_a_list_of_which_more_is_made_is_required(cls: type[Given], folder: Path) -> None:
    model = learned_of(cls, folder)

    assert model.manifest.learned is not None
    assert model.manifest.learned.kinds == []
    assert "layer_types" in [item.path for item in model.manifest.learned.required]
