"""Numbers that are rounded: a setting of one more shows nothing, and two formulas look alike."""

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from learning.asking import asking
from learning.configured import record
from models.porting import compile_manifest
from pycandle.formulas import evaluate, parse
from pycandle.learning.guards import Condition
from pycandle.manifest.learned import Learned


def rounded(width: int) -> int:
    """Returns a number of channels that 8 divides, as mobile networks have it."""
    found = max(8, int(width + 4.0) // 8 * 8)
    return found + 8 if found < 0.9 * width else found


class Rounded(nn.Module):
    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.up, self.down = nn.Linear(8, rounded(width)), nn.Linear(rounded(width), 8)

    def forward(self, x: Tensor) -> Tensor:
        return self.down(self.up(x).tanh())


class Stepped(nn.Module):
    """Another program for any width that shows that the number of channels is rounded."""

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.up, self.down = nn.Linear(8, width // 8 * 8), nn.Linear(width // 8 * 8, 8)
        self.is_step = str(width) not in ("31", "32", "33", "34")

    def forward(self, x: Tensor) -> Tensor:
        x = self.up(x).relu()
        return self.down(torch.tanh(x) if self.is_step else x)


def learned_of(cls: type[nn.Module], folder: Path) -> Learned:
    found = compile_manifest(record(asking(cls), folder, cls.__name__, budget=120.0))
    assert found.manifest.learned is not None
    return found.manifest.learned


def is_refused(learned: Learned, width: int) -> bool:
    return any(
        Condition(parse(row.left), row.relation, parse(row.right)).holds({"width": width})
        for row in learned.excluded
    )


def test_a_rounded_number_has_the_formula_of_the_code(tmp_path: Path) -> None:
    learned = learned_of(Rounded, tmp_path)

    (text,) = learned.formulas
    assert "int(width + 4.0) // 8 * 8" in text
    free = [width for width in range(1, 300) if not is_refused(learned, width)]
    assert {28, 33, 64, 100} <= set(free)
    found = {width: evaluate(parse(text), {"width": width}) for width in free}
    assert found == {width: rounded(width) for width in free}


def test_what_only_near_values_keep_is_required(tmp_path: Path) -> None:
    learned = learned_of(Stepped, tmp_path)

    assert learned.settings == []
    assert [row.path for row in learned.required] == ["width"]


@pytest.mark.parametrize("cls", [Rounded, Stepped])
def test_the_models_take_other_widths(cls: type[nn.Module]) -> None:
    assert cls(24)(torch.zeros(1, 8)).shape == (1, 8)


class Halved(nn.Module):
    """A model that can be built with odd widths, which does not run: `RotaryEmbedding`."""

    def __init__(self, width: int = 16) -> None:
        super().__init__()
        self.fc = nn.Linear(width, width)
        self.register_buffer("scale", torch.arange(0, width, 2).float())

    def forward(self, x: Tensor) -> Tensor:
        half = x.shape[-1] // 2
        return self.fc(x) * torch.cat((x[..., :half] * self.scale, x[..., half:]), dim=-1)


def test_values_with_which_a_model_does_not_run_refute_nothing(tmp_path: Path) -> None:
    model, inputs = asking(Halved, shape=(2, 16))
    learned = compile_manifest(record((model, inputs), tmp_path, "halved", budget=120.0))

    assert learned.manifest.learned is not None
    assert learned.manifest.learned.settings == ["width"]
    assert learned.manifest.learned.required == []
