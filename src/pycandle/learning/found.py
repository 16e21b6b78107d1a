"""What was found so far of the numbers of a program."""

from __future__ import annotations

from dataclasses import dataclass, field

from pycandle.learning.numbers import LengthPlace, NodePlace, Place, StatePlace
from pycandle.learning.solving import Candidate
from pycandle.manifest.learned import Excluded


@dataclass
class Found:
    """Formulas of the places that vary, and the settings that must stay as they are."""

    formulas: dict[Place, Candidate] = field(default_factory=dict[Place, Candidate])
    unknown: dict[Place, list[str]] = field(default_factory=dict[Place, "list[str]"])
    fixed: dict[str, str] = field(default_factory=dict[str, str])
    """Settings with the reason why the program holds for one value of them only."""
    excluded: list[Excluded] = field(default_factory=list[Excluded])


def describe(place: Place) -> str:
    """Returns where a number stands, in words."""
    match place:
        case NodePlace(_, module, _, position, inside):
            return f"op {position} of `{module or 'the model'}`, `{inside}`"
        case StatePlace(name, dim):
            return f"dim {dim} of `{name}`"
        case LengthPlace(module):
            return f"the number of modules in `{module}`"
