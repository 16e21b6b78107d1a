"""Where the numbers of a program come from: the settings of the model, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pycandle.formulas import Formula


@dataclass(frozen=True)
class LayerKinds:
    """A list in the settings that says of what kind each layer of a container is."""

    path: str
    count: str
    """The setting that is the list's length."""
    items: tuple[str, ...]
    """The texts that it may hold."""
    recorded: tuple[str, ...]


@dataclass(frozen=True)
class Origins:
    """What is known of a program's numbers beside the numbers themselves."""

    settings: Mapping[str, int | float] = field(default_factory=dict[str, "int | float"])
    """The recorded value of each free setting, by path."""
    samples: tuple[tuple[int | float, ...], ...] = ()
    """Other values of all of them with which the program is the same."""
    excluded: tuple[tuple[Formula, str, Formula], ...] = ()
    """Conditions on settings, `left relation right`, under which the program is another one."""
    lengths: Mapping[str, int] = field(default_factory=dict[str, int])
    """The number of children of a container module, by its FQN."""
    kinds: Mapping[str, LayerKinds] = field(default_factory=dict[str, LayerKinds])
    """The list of each container whose layers are of kinds, by its FQN."""
    attributes: Mapping[str, Mapping[Formula, str]] = field(
        default_factory=dict[str, "Mapping[Formula, str]"]
    )
    """By the class of a module: the name under which it holds what a formula gives."""
    is_learned: bool = False
    """Whether it was tried how the numbers follow from settings."""
