"""`examples/` is what the compiler makes of the recordings that it holds."""

from functools import cache
from pathlib import Path

import pytest

from architectures import MODELS
from models.lint import lint
from pycandle.codegen import generate
from write_examples import HERE, MANIFESTS, files_of, kept, names, read


@cache
def written(name: str) -> dict[Path, str]:
    return kept(files_of(name, generate(read(name))))


@pytest.mark.parametrize("name", names())
def test_an_example_is_as_it_was_reviewed(name: str) -> None:
    for path, text in written(name).items():
        assert text == path.read_text("utf-8"), "`make examples` writes it"


def test_every_example_has_its_model_and_is_listed() -> None:
    page = (HERE / "README.md").read_text("utf-8")

    assert set(names()) == set(MODELS)
    assert [name for name in names() if f"({name}.rs)" not in page] == []


def test_no_file_of_an_example_is_left_over() -> None:
    assert set(HERE.rglob("*.rs")) == {path for name in names() for path in written(name)}


def test_clippy_has_nothing_to_say_of_an_example_in_one_file_or_in_many() -> None:
    models = {name: generate(read(name)) for name in names()}
    many = {f"{name}_files": generate(read(name), most_lines=0) for name in ("t5", "resnet")}

    assert lint(models | many) == ""


def test_the_recordings_stay_small() -> None:
    assert sum(path.stat().st_size for path in MANIFESTS.iterdir()) < 1_000_000
