"""What code asks and no recording answers is refused; what it reads unseen is learned."""

import os
from pathlib import Path

import pytest

from learning.asking import Clipped, Computed, Every, Rooted, Sizes, Spelled, asking
from learning.configured import record
from models.porting import TARGET, compile_manifest
from models.torch_door import open_door
from pycandle.formulas import parse
from pycandle.learning.exclusion import unanswered
from pycandle.learning.guards import Condition
from pycandle.manifest.learned import Learned
from pycandle.verify import render_text
from pycandle.verify.model import Model
from pycandle.verify.other_config import with_config
from pycandle.verify.verification import Request, verify_models


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("asking")


def learned_of(model: Model) -> Learned:
    assert model.manifest.learned is not None
    return model.manifest.learned


def excluded(model: Model) -> set[tuple[str, str, str]]:
    return {(row.left, row.relation, row.right) for row in learned_of(model).excluded}


def test_an_answer_that_no_recording_gives_is_refused() -> None:
    sixteen, even, known = (
        Condition(parse(left), relation, parse(right))
        for left, relation, right in (("a", "==", "16"), ("a % 2", "==", "0"), ("b", ">", "4"))
    )
    rows = [{"a": 8, "b": 2}, {"a": 4, "b": 6}]

    found = list(unanswered([sixteen, even, known], rows, rows[0]))

    assert found == [sixteen, even.opposite()]


def test_fields_that_the_configuration_alone_reads_are_free(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "CARGO_TARGET_DIR" not in os.environ:
        monkeypatch.setenv("CARGO_TARGET_DIR", str(TARGET))
    shape = (2, 5, 6)
    made = asking(Computed, Sizes(), shape=shape)
    model = compile_manifest(record(made, folder, "computed", budget=300.0))
    assert learned_of(model).settings == ["width", "mult", "heads"]
    clipped = compile_manifest(record(asking(Clipped), folder, "clipped", budget=300.0))
    runs: list[Model] = []
    for number, sizes in enumerate((Sizes(12, 5, 4), Sizes(16, 2, 1))):
        other = asking(Computed, sizes, shape=shape)
        path = record(other, folder, f"computed{number}", budget=0)
        runs.append(with_config(model, compile_manifest(path)))
    other = asking(Clipped, 12, 1.2, 11, 3, shape=(2, 5, 12))
    runs.append(with_config(clipped, compile_manifest(record(other, folder, "kept", budget=0))))

    with open_door() as python:
        found = verify_models(runs, Request(python=python))

    assert all(item.passed for item in found), render_text(found)


def test_what_is_asked_of_floats_and_in_forward_is_refused_by_new(folder: Path) -> None:
    model = compile_manifest(record(asking(Clipped), folder, "guarded", budget=300.0))

    assert excluded(model) == {("gain", ">", "1.3"), ("level", ">", "13"), ("scale", "==", "0")}
    assert "cfg.gain > 1.3" in model.text


def test_what_is_asked_for_layers_that_no_trial_has_is_refused(folder: Path) -> None:
    model = compile_manifest(record(asking(Every), folder, "every", budget=300.0))

    assert ("2 % every", "!=", "0") in excluded(model)
    assert "2 % cfg.every != 0" in model.text
    assert "0 % " not in model.text


@pytest.mark.parametrize(
    ("cls", "shape", "path", "reason"),
    [
        (Spelled, (2, 5, 8), "width", "the model's code reads its text"),
        (Rooted, (2, 8, 4), "size", "some of its values could not be recorded"),
    ],
)
def test_a_setting_of_which_too_little_is_seen_is_required(
    folder: Path, cls: type, shape: tuple[int, ...], path: str, reason: str
) -> None:
    made = asking(cls, shape=shape)
    learned = learned_of(compile_manifest(record(made, folder, cls.__name__, budget=300.0)))

    assert {item.path: item.reason for item in learned.required}[path] == reason
