"""Which formula is found for a row of numbers."""

import pytest

from pycandle.formulas import evaluate, parse, render
from pycandle.learning.solving import Solver

SETTINGS = {
    "hidden": (64, 128, 64, 64, 320, 96),
    "heads": (4, 4, 8, 4, 12, 3),
    "patch": (8, 8, 8, 4, 16, 4),
    "image": (32, 32, 32, 32, 80, 48),
    "eps": (1e-6, 1e-6, 1e-6, 2e-6, 3e-6, 1e-5),
}
COUNT = 6


def row(text: str) -> tuple[int | float | None, ...]:
    formula = parse(text)
    return tuple(
        evaluate(formula, {name: values[i] for name, values in SETTINGS.items()})
        for i in range(COUNT)
    )


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("hidden", "hidden"),
        ("eps", "eps"),
        ("heads * hidden", "hidden * heads"),
        ("4 * hidden", "hidden * 4"),
        ("37 * heads + 5", "heads * 37 + 5"),
        ("(hidden // heads) ** (-0.5)", "(hidden // heads) ** (-0.5)"),
        ("hidden // heads // 2", "hidden // heads // 2"),
    ],
)
def test_the_smallest_formula_is_found(wanted: str, found: str) -> None:
    solver = Solver({name: tuple(values) for name, values in SETTINGS.items()})
    support = [name for name in SETTINGS if name in wanted]
    candidate = solver.solve(row(wanted), support)

    assert candidate is not None
    assert render(candidate.formula) == found


def test_a_long_formula_is_made_of_shorter_ones() -> None:
    solver = Solver({name: tuple(values) for name, values in SETTINGS.items()})
    side = solver.solve(row("image // patch"), ["image", "patch"])
    area = solver.solve(row("(image // patch) * (image // patch)"), ["image", "patch"])
    tokens = solver.solve(row("(image // patch) * (image // patch) + 1"), ["image", "patch"])

    assert side is not None
    assert area is not None
    assert tokens is not None
    assert render(tokens.formula) == "image // patch * (image // patch) + 1"


def test_a_number_that_some_recordings_lack_is_judged_by_the_others() -> None:
    solver = Solver({name: tuple(values) for name, values in SETTINGS.items()})
    candidate = solver.solve((64, None, 64, None, 320, 96), ["hidden"])

    assert candidate is not None
    assert render(candidate.formula) == "hidden"


def test_what_no_formula_gives_is_not_found() -> None:
    solver = Solver({name: tuple(values) for name, values in SETTINGS.items()})

    assert solver.solve((3, 17, 3, 3, 1009, 5), ["hidden"]) is None


@pytest.mark.parametrize(
    ("patches", "sizes", "found"),
    [
        # (48 // 8) squared + 1 and (48 // 16) squared + 1, of a size that is not known to matter.
        ((8, 16, 8), (37, 10, 37), None),
        ((8, 16, 4), (37, 69, 21), "patch * 4 + 5"),
        ((8, 16, 8), (56, 112, 56), "patch * 7"),
    ],
)
def test_constants_need_more_values_than_there_are_of_them(
    patches: tuple[int, ...], sizes: tuple[int, ...], found: str | None
) -> None:
    candidate = Solver({"patch": patches}).solve(sizes, ["patch"])

    assert (render(candidate.formula) if candidate else None) == found
