"""The module tree: equal layers are one line."""

from pycandle.cli.inspection import ModuleInspection
from pycandle.cli.module_tree import render_modules


def modules(widths: list[int]) -> list[ModuleInspection]:
    found = [
        ModuleInspection("", "my.Model", 1, 0),
        ModuleInspection("layers", "torch.ModuleList", 0, 0),
    ]
    for index, width in enumerate(widths):
        found.append(ModuleInspection(f"layers.{index}", "my.Layer", 1, 0))
        found.append(ModuleInspection(f"layers.{index}.fc", "torch.Linear", 2, width))
    return found


def test_equal_layers_are_one() -> None:
    assert render_modules(modules([9] * 126)) == [
        "  model: Model",
        "    layers: ModuleList",
        "      0 to 125: Layer",
        "        fc: Linear      9  2 calls",
    ]


def test_layers_that_differ_below_stay_apart() -> None:
    lines = [line.split(":")[0].strip() for line in render_modules(modules([9, 9, 1000, 9]))]

    assert lines == ["model", "layers", "0 to 1", "fc", "2", "fc", "3", "fc"]


def test_a_module_that_is_never_called_is_said() -> None:
    lines = render_modules([*modules([9]), ModuleInspection("head", "torch.Linear", 0, 5)])

    assert lines[-1].split() == ["head:", "Linear", "5", "not", "called"]
