"""The part of a manifest that says how its numbers follow from the settings of the model."""

# msgspec omits a default only where its factory is `list` or `dict` itself, untyped.
# pyright: reportUnknownVariableType=false

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct, field

Plain: TypeAlias = bool | int | float | str | None


class Configuration(Struct, frozen=True):
    """What the model was built from."""

    kind: Literal["config", "arguments"]
    """The fields of a configuration object, or the arguments of the root's class."""
    cls: str
    """The qualified name of the class of the object, or of the root module."""
    settings: dict[str, Plain | list[Plain]]
    """Plain values by path: names joined by dots, `rope_parameters.rope_theta`."""


class Required(Struct, omit_defaults=True, frozen=True):
    """A setting for which the recorded program holds with one value only."""

    path: str
    value: Plain | list[Plain]
    reason: str
    each: bool = False
    """Whether `value` is that of each item of a list, which may have any length."""


class Excluded(Struct, frozen=True):
    """Settings with which the model was seen to be another program: `left relation right`."""

    left: str
    """A formula."""
    relation: str
    """`==`, `!=`, `<`, `>`, `<=` or `>=`."""
    right: str


class JsonSetting(Struct, omit_defaults=True, frozen=True):
    """How a setting is written in the model's own `config.json`."""

    path: str
    names: list[str]
    """Paths in the file; an older file has another one than a new one."""
    default: str | None = None
    """The formula of its value where it is left out; None where it must be there."""
    may_be_absent: bool = False
    """Whether a required setting has the recorded value where it is left out."""


class UnknownNumber(Struct, omit_defaults=True, frozen=True):
    """A number that settings change in a way that no formula was found for."""

    settings: list[str]
    value: int | float
    where: str
    """The op and the place in it, or the tensor and its dim, in words."""
    entry: str | None = None
    node: str | None = None
    """Of this entry, for a number in a node."""


class LayerKinds(Struct, frozen=True):
    """A list of texts that says of what kind each layer is, in any order and for any number."""

    setting: str
    """The path of the list."""
    count: str
    """The path of the number of layers, which is the list's length."""
    module: str
    """The container of the layers."""
    items: list[str]
    """The texts that were recorded."""


class Learned(Struct, omit_defaults=True, frozen=True):
    """How the numbers of the program follow from its settings, found by other recordings.

    Each formula holds in every recording of the same program that was tried.
    """

    settings: list[str]
    """Paths of the settings that formulas read."""
    samples: list[list[int | float]]
    """The values of these settings in each of the other recordings."""
    formulas: list[str]
    """As `pycandle.formulas` reads them."""
    state: dict[str, list[int | None]] = field(default_factory=dict)
    """For each dim of a state tensor, an index into `formulas`."""
    lengths: dict[str, int] = field(default_factory=dict)
    """The number of children of a container module, as an index into `formulas`."""
    attributes: dict[str, dict[str, int]] = field(default_factory=dict)
    """By the class of a module: the names of its attributes that are formulas."""
    computed: dict[str, list[str]] = field(default_factory=dict)
    """Tensors that no checkpoint holds, with the settings that their values follow from."""
    kinds: list[LayerKinds] = field(default_factory=list)
    required: list[Required] = field(default_factory=list)
    excluded: list[Excluded] = field(default_factory=list)
    json: list[JsonSetting] = field(default_factory=list)
    """Of free and required settings, where the model has a configuration file."""
    unknown: list[UnknownNumber] = field(default_factory=list)
