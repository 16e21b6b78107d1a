"""The generated text of tiny models. `pytest --update-golden` writes it again."""

import re
from pathlib import Path

import pytest
import torch

import golden.bad_input  # noqa: F401 - registers its models
from golden.tiny import TINY
from models.porting import compile_manifest, record

EXPECTED = Path(__file__).parent / "expected"


@pytest.mark.parametrize("name", TINY)
def test_the_rust_is_as_reviewed(name: str, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    with torch.device("meta"):
        manifest = record(TINY[name], tmp_path, name)
    text = without_versions(compile_manifest(manifest).generated.files["model.rs"])
    golden = EXPECTED / f"{name}.rs"

    if pytestconfig.getoption("--update-golden"):
        golden.write_text(text, encoding="utf-8", newline="\n")
    assert golden.is_file(), "there is no golden yet: pytest --update-golden"
    assert text == golden.read_text("utf-8")


def without_versions(text: str) -> str:
    """A golden does not change with the torch that it was recorded with."""
    return re.sub(r"(//! Recorded as `\w+`) with .*", r"\1.", text)


def test_every_golden_has_its_model_and_is_short() -> None:
    found = {path.stem: path.read_text("utf-8").count("\n") for path in EXPECTED.iterdir()}

    assert set(found) == set(TINY)
    assert max(found.values()) < 120
