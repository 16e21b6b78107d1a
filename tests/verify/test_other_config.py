"""The code of one manifest, checked with the configuration of another."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from pycandle.cli.verify import command
from pycandle.errors import PyCandleError
from pycandle.verify import render_text
from pycandle.verify.failures import InternalError
from pycandle.verify.model import Model
from pycandle.verify.other_config import recorded_config, with_config
from pycandle.verify.verification import Request, verify_models
from verify import tiny

PYTHON = (sys.executable, str(Path(__file__).with_name("stub_replay.py")))


def model(name: str, *changes: tuple[str, str]) -> Model:
    """Returns the tiny model with each text of its code replaced; each must occur."""
    text = tiny.RUST
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return Model(Path(f"{name}_manifest.json"), tiny.manifest(name), tiny.generated(text), None)


SMALLER = ("vocab_size: 11,", "vocab_size: 7,")


def test_config_is_read_from_the_code() -> None:
    found = recorded_config(tiny.RUST)

    assert found.fields == {"hidden_size": "usize", "vocab_size": "usize", "num_labels": "usize"}
    assert found.values == {"hidden_size": "6", "vocab_size": "11", "num_labels": "5"}


@pytest.mark.parametrize(
    ("struct", "recorded"),
    [
        ("pub struct Config;", "Self"),
        ("pub struct Config {}", "Self {}"),
    ],
)
def test_config_may_be_empty(struct: str, recorded: str) -> None:
    text = f"{struct}\nimpl Config {{\n    pub fn recorded() -> Self {{\n{recorded}\n    }}\n}}"

    assert recorded_config(text).values == {}


@pytest.mark.parametrize(
    "change",
    [
        ("vocab_size: 11,", "vocab_size: { 11 },"),
        ("pub fn recorded()", "pub fn stored()"),
        ("            vocab_size: 11,\n", ""),
    ],
)
def test_another_form_is_an_internal_error(change: tuple[str, str]) -> None:
    with pytest.raises(InternalError, match="cannot be read"):
        with_config(model("a", change), model("b"))


def test_numbers_come_from_the_other_config_and_all_else_from_the_code() -> None:
    code = model("a", SMALLER, ("relu()?", "gelu()?"))
    made = with_config(code, model("b"))

    assert recorded_config(made.text).values == recorded_config(tiny.RUST).values
    assert "gelu()?" in made.text
    assert (made.path.name, made.code) == ("b_manifest.json", code.path)


def test_everything_that_cannot_be_compared_is_refused_at_once() -> None:
    other = model(
        "b",
        ("pub num_labels: usize", "pub num_classes: usize"),
        ("num_labels: 5", "num_classes: 5"),
    )
    entry = replace(other.generated.entries[0], inputs=())
    other = replace(other, generated=replace(other.generated, root="Other", entries=(entry,)))

    with pytest.raises(PyCandleError) as caught:
        with_config(model("a"), other)

    found = caught.value.diagnostics
    assert [item.code for item in found] == ["another-config", "another-model", "another-interface"]
    assert found[0].label == (
        "only in the code's: `num_labels: usize`\nonly in the other's: `num_classes: usize`"
    )
    assert all(item.place and item.place.file == "b_manifest.json" for item in found)


def test_code_that_reads_its_config_passes_and_a_fixed_number_is_refused() -> None:
    good = with_config(model("a", SMALLER), model("b"))
    fixed = with_config(
        model("c", SMALLER, ("embedding(cfg.vocab_size", "embedding(7")), model("d")
    )

    (passed,) = verify_models([good], Request(python=PYTHON))
    assert passed.passed, render_text([passed])
    assert "code: a_manifest.json" in render_text([passed])
    with pytest.raises(PyCandleError) as caught:
        verify_models([fixed], Request(python=PYTHON))

    (problem,) = caught.value.diagnostics
    assert problem.code == "fixed-in-the-code"
    assert "embed.weight" in (problem.label or "")


@pytest.mark.parametrize(
    "arguments",
    [["a.json", "b.json", "--as", "c.json"], ["a.json", "--as", "b.json", "--source", "m.rs"]],
)
def test_other_usage_is_refused(arguments: list[str]) -> None:
    done = CliRunner().invoke(command, arguments)

    assert done.exit_code == 2
    assert "--as" in done.output
