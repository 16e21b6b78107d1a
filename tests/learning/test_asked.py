"""What a constructor asks about its arguments, and the conditions that are made of it."""

import torch
from torch import nn

from pycandle.formulas import render
from pycandle.learning.guards import Condition, find_excluded
from pycandle.recorder import install
from pycandle.recorder.asked import asked_of
from pycandle.recorder.learning import settings_of


class Stem(nn.Module):
    """Its stride is another one where the patch is 2, or its square is more than the image."""

    def __init__(self, image: int = 12, patch: int = 4, width: int = 8) -> None:
        super().__init__()
        stride = 2 if patch == 2 or patch * patch > image + 1 else 1
        self.conv = nn.Conv2d(3, width, 3, stride=stride)


def asked() -> list[Condition]:
    install()
    with torch.device("meta"):
        settings = settings_of(Stem())
    assert settings is not None
    return asked_of(settings).conditions


def test_comparisons_keep_the_formulas_of_both_sides() -> None:
    found = [(render(item.left), item.relation, render(item.right)) for item in asked()]

    assert found == [("patch", "==", "2"), ("patch * patch", ">", "image + 1")]


def test_a_comparison_with_what_is_no_number_tells_nothing() -> None:
    class Lenient(Stem):
        def __init__(self, image: int = 12, patch: int = 4, unset: None = None) -> None:
            assert image not in (unset, "12")
            super().__init__(image, patch)

    install()
    with torch.device("meta"):
        settings = settings_of(Lenient())
    assert settings is not None

    assert asked_of(settings).conditions == asked()


def test_what_is_asked_is_preferred_to_bounds_of_what_was_seen() -> None:
    same = [{"image": 12, "patch": 3, "width": 8}, {"image": 30, "patch": 5, "width": 4}]
    others = [({"image": 12, "patch": 4, "width": 8}, ["patch"])]

    rows, fixed = find_excluded(same, others, asked())

    assert [(row.left, row.relation, row.right) for row in rows] == [
        ("patch * patch", ">", "image + 1")
    ]
    assert fixed == set()


def test_a_constructor_that_takes_no_other_integers_tells_nothing() -> None:
    class Strict(Stem):
        def __init__(self, width: int = 8) -> None:
            if type(width) is not int:
                raise TypeError
            super().__init__(width=width)

    install()
    with torch.device("meta"):
        settings = settings_of(Strict())
    assert settings is not None

    assert asked_of(settings).conditions == []
