"""What is learned of a small decoder with a configuration object, and the Rust that follows."""

import os
from pathlib import Path

import pytest

from learning.configured import decoder, record
from models.porting import TARGET, compile_manifest
from models.torch_door import open_door
from pycandle.codegen import generate
from pycandle.errors import PyCandleError
from pycandle.lowering import elementwise
from pycandle.manifest.learned import Learned
from pycandle.rust.tree import Expr
from pycandle.verify import render_text
from pycandle.verify.model import Model
from pycandle.verify.other_config import with_config
from pycandle.verify.verification import Request, verify_models

ENOUGH = 300.0
"""Seconds: more than all trials take on a slow machine."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("decoder")


@pytest.fixture(scope="module")
def model(folder: Path) -> Model:
    return compile_manifest(record(decoder(), folder, "learned", budget=ENOUGH))


@pytest.fixture(scope="module")
def learned(model: Model) -> Learned:
    assert model.manifest.learned is not None
    return model.manifest.learned


def formulas_of(learned: Learned, name: str) -> list[str | None]:
    return [None if i is None else learned.formulas[i] for i in learned.state[name]]


def test_sizes_of_weights_follow_from_settings(learned: Learned) -> None:
    assert formulas_of(learned, "head.weight") == ["vocab_size", "hidden_size"]
    assert formulas_of(learned, "layers.1.attn.k_proj.weight") == [
        "num_groups * (hidden_size // num_heads)",
        "hidden_size",
    ]
    assert formulas_of(learned, "layers.1.up.weight") == [
        "int(hidden_size * ratio)",
        "hidden_size",
    ]


def test_the_number_of_layers_follows_from_a_setting(learned: Learned) -> None:
    assert {path: learned.formulas[i] for path, i in learned.lengths.items()} == {
        "layers": "num_layers"
    }


def test_what_cannot_be_varied_is_required_with_its_reason(learned: Learned) -> None:
    required = {item.path: item.value for item in learned.required}

    assert required == {"activation": "silu", "use_bias": False}


def test_settings_of_tensors_that_no_checkpoint_holds_are_noted(learned: Learned) -> None:
    assert learned.computed == {"frequencies": ["hidden_size", "rope.theta"]}


def test_a_table_is_computed_of_settings_when_the_model_is_built(model: Model) -> None:
    assert model.generated.computed == ("frequencies",)
    assert "pub theta: f64," in model.text
    assert "runtime::pow_scalar(" in model.text
    assert '"frequencies"' not in model.text


def test_settings_that_make_another_program_are_refused_by_new(model: Model) -> None:
    assert model.manifest.learned is not None
    (excluded,) = model.manifest.learned.excluded

    assert (excluded.left, excluded.relation, excluded.right) == ("divisor", "<=", "1")
    assert 'refuse_settings(cfg.divisor <= 1, "divisor <= 1")?;' in model.text


def test_the_configuration_is_read_from_its_file(model: Model) -> None:
    for line in (
        'json.require(&["activation"], "\\"silu\\"", true)?;',
        'theta: json.number(&["rope.theta"], None)?,',
        'hidden_size: json.number(&["hidden_size"], Some(16))?,',
    ):
        assert line in model.text


def test_the_rust_reads_its_numbers_from_the_configuration(model: Model) -> None:
    for line in (
        "pub ratio: f64,",
        "eps: cfg.eps,",
        "(0..cfg.num_layers)",
        "let head_dim = cfg.hidden_size / cfg.num_heads;",
        "num_heads: cfg.num_heads,",
        'linear_no_bias(cfg.hidden_size, cfg.vocab_size, vb.pp("head"))',
        "let out_features = (cfg.hidden_size as f64 * cfg.ratio) as usize;",
    ):
        assert line in model.text


def test_the_code_is_right_for_configurations_that_were_not_recorded(
    model: Model, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "CARGO_TARGET_DIR" not in os.environ:
        monkeypatch.setenv("CARGO_TARGET_DIR", str(TARGET))
    one = decoder(hidden_size=36, num_heads=6, num_groups=3, num_layers=3, ratio=1.7, eps=1e-3)
    two = decoder(hidden_size=20, num_heads=10, num_groups=1, vocab_size=9, rope={"theta": 7.0})
    # PyTorch leaves out the repetition of groups here: another program that computes the same.
    three = decoder(hidden_size=24, num_heads=3, num_groups=3)
    others = [
        with_config(model, compile_manifest(record(other, folder, name, budget=0)))
        for name, other in (("one", one), ("two", two), ("three", three))
    ]
    with open_door() as python:
        found = verify_models(others, Request(python=python))

    assert all(item.passed for item in found), render_text([found])


def test_a_number_that_a_lowering_loses_is_not_free(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = elementwise.scalar

    def lossy(value: float, role: str = "") -> Expr:
        return found(float.fromhex(float.hex(value * 1.0)), role)

    monkeypatch.setattr(elementwise, "scalar", lossy)
    text = generate(model.manifest).files["model.rs"]

    assert "pub eps: f64" not in text
    assert "+ 1e-6)" in text
    assert 'json.require(&["eps"], "1e-06", false)?;' in text
    assert "pub hidden_size: usize" in text


def test_another_structure_is_refused(model: Model, folder: Path) -> None:
    other = compile_manifest(record(decoder(activation="relu"), folder, "relu", budget=0))

    with pytest.raises(PyCandleError, match="`activation` is 'relu', and the code was generated"):
        with_config(model, other)
