"""How a model computes what no checkpoint holds, as it is recorded."""

import copy
import io

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from pycandle.manifest.schema import Mapping
from pycandle.manifest.writer import encode_manifest
from pycandle.recorder import GoldenRecorder, install
from pycandle.recorder.replay import replay_recipes
from pycandle.recorder.steps import made_by

from .conftest import load
from .samples import Constants


@pytest.fixture(autouse=True)
def shadows():
    install()


class Holder(nn.Module):
    """Adds what it is given to its input."""

    def __init__(self, make) -> None:
        super().__init__()
        self.register_buffer("table", make(), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.table


def record_holder(record, make, change=None):
    with torch.device("meta"):
        model = Holder(make).eval()
        if change is not None:
            change(model)
    return record(model, torch.zeros(2, 3, device="meta"))


def targets(recipes):
    return [node.target.removeprefix("aten.") for node in recipes.nodes]


def test_each_tensor_of_numbers_has_a_recipe_that_gives_its_data(record):
    with torch.device("meta"):
        model = Constants().eval()

    found = record(model, torch.zeros(4, 3, device="meta"))

    computed = replay_recipes(found.manifest)
    assert set(computed) == {"frequency", "table", "scale", "offset"}
    for name, value in found.state().items():
        assert name not in computed or torch.equal(computed[name], value)


def test_a_recipe_has_only_the_ops_that_are_needed_with_their_line(record):
    def make() -> Tensor:
        wide = torch.arange(0, 6)
        unused = wide * 7
        assert unused.shape == wide.shape
        return wide[::2].to(torch.float32) / 4

    found = record_holder(record, make)

    recipes = found.manifest.recipes
    assert targets(recipes) == ["arange.start", "slice.Tensor", "_to_copy.default", "div.Tensor"]
    frames = found.manifest.frames
    lines = [frames[found.manifest.stacks[node.frames][0]].text for node in recipes.nodes]
    assert lines[0] == "wide = torch.arange(0, 6)"
    assert lines[-1] == "return wide[::2].to(torch.float32) / 4"


@pytest.mark.parametrize(
    ("make", "ops"),
    [
        (lambda: torch.tensor(2.5), ["scalar_tensor.default"]),
        (
            lambda: torch.tensor([1, 2, 3]),
            ["scalar_tensor.default"] * 3 + ["stack.default"],
        ),
        (lambda: torch.empty(3).copy_(torch.ones(3)), ["ones.default"]),
        (
            lambda: torch.arange(6).unbind(0)[2],
            ["arange.default", "unbind.int", "operator.getitem"],
        ),
        (
            lambda: torch.meshgrid(torch.arange(2), torch.arange(3), indexing="ij")[1],
            ["arange.default", "view.default", "expand.default"],
        ),
    ],
)
def test_what_code_makes_of_numbers_has_a_recipe(record, make, ops):
    assert targets(record_holder(record, make).manifest.recipes) == ops


def in_place() -> Tensor:
    table = torch.arange(3.0)
    table[1] = 7
    return table


def through_data() -> Tensor:
    table = torch.zeros(3)
    table.data.fill_(4)
    return table


def through_a_view() -> Tensor:
    table = torch.zeros(2, 3)
    table.view(6).add_(2)
    return table


@pytest.mark.parametrize(
    "make",
    [
        in_place,
        through_data,
        through_a_view,
        lambda: torch.tensor(np.arange(3.0)),
        lambda: torch.tensor([0.5] * 99)[:3],
        lambda: torch.ones(3, device="cpu").to("meta"),
    ],
)
def test_what_was_written_to_or_is_data_has_no_recipe(record, make):
    assert record_holder(record, make).manifest.recipes is None


def test_data_that_was_written_to_through_another_tensor_is_recorded(record):
    found = record_holder(record, through_data)

    assert found.trace["state/table"].tolist() == [4, 4, 4]


def test_a_buffer_that_is_changed_after_the_model_was_built_has_no_recipe(record):
    def change(model) -> None:
        model.table[0] = 5

    found = record_holder(record, lambda: torch.arange(3.0), change)

    assert found.manifest.recipes is None
    assert found.trace["state/table"].tolist() == [5, 1, 2]


def test_a_buffer_that_two_modules_share_has_one_recipe(record):
    with torch.device("meta"):
        one, other = Holder(lambda: torch.arange(3.0)), Holder(lambda: torch.zeros(3))
        other.table = one.table
        model = nn.Sequential(one, other).eval()

    found = record(model, torch.zeros(2, 3, device="meta"))

    assert isinstance(found.manifest.recipes.output, Mapping)
    assert list(found.manifest.recipes.output.fields) == ["0.table"]


def test_a_cast_of_the_model_is_part_of_its_recipes(record):
    found = record_holder(record, lambda: torch.arange(3.0) / 7, lambda model: model.half())

    computed = replay_recipes(found.manifest)["table"]
    assert computed.dtype == torch.float16
    assert torch.equal(computed, found.trace["state/table"])


class Rows(nn.Module):
    """A table whose size is a setting, and one that the script may change."""

    def __init__(self, width: int = 6, base: float = 3.0) -> None:
        super().__init__()
        self.register_buffer("powers", base ** torch.arange(width), persistent=False)
        self.register_buffer("shift", torch.ones(width), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        return x * self.powers + self.shift


def learn(tmp_path, change):
    with torch.device("meta"):
        model = Rows().eval()
        change(model)
    recorder = GoldenRecorder(tmp_path, budget=60)
    recorder.record(model, torch.zeros(2, 6, device="meta"))
    recorder.save("rows")
    return load(tmp_path, "rows").manifest


def test_numbers_of_recipes_follow_from_settings(tmp_path):
    manifest = learn(tmp_path, lambda model: None)

    formulas = {
        (node, place): manifest.learned.formulas[index]
        for row in manifest.recipes.numbers
        for node in row.nodes
        for place, index in row.formulas.items()
    }
    assert formulas["arange", "args.0"] == "width"
    assert formulas["pow", "args.0"] == "base"
    assert formulas["ones", "args.0.0"] == "width"
    assert set(manifest.learned.settings) == {"width", "base"}


def test_a_table_that_only_the_script_changed_keeps_its_data_and_the_others_their_recipes(tmp_path):
    def change(model) -> None:
        model.shift = torch.arange(6.0)

    manifest = learn(tmp_path, change)

    assert list(manifest.recipes.output.fields) == ["powers"]
    assert "base" in manifest.learned.settings


def test_recipes_are_the_same_bytes_each_time(tmp_path):
    written = []
    for name in ("one", "two"):
        written.append(encode_manifest(learn(tmp_path / name, lambda model: None)))

    assert written[0] == written[1]


def test_what_is_noted_on_a_tensor_does_not_keep_it_from_being_copied_or_saved():
    with torch.device("meta"):
        table = torch.arange(3.0) * 2
    assert made_by(table) is not None

    torch.save(table, io.BytesIO())

    assert made_by(copy.deepcopy(table)) in (None, made_by(table))
