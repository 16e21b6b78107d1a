"""What the proof found, stage by stage; kept in files as those of the zoo are."""

from __future__ import annotations

import msgspec

from zoo.outcomes import Stage


class Required(msgspec.Struct, frozen=True):
    """A setting that must be as it was recorded."""

    path: str
    value: str
    reason: str


class Learned(Stage, frozen=True):
    """The recordings of one architecture, and what was learned of the first."""

    free: list[str] = msgspec.field(default_factory=list[str])
    required: list[Required] = msgspec.field(default_factory=list[Required])
    excluded: list[str] = msgspec.field(default_factory=list[str])
    """Conditions that `new` refuses."""
    varying: int = 0
    """Numbers that change with settings."""
    explained: int = 0
    """Those of them that have a formula."""


class Compiled(Stage, frozen=True):
    """The code of the first configuration with the `Config` of another."""

    fixed: list[str] = msgspec.field(default_factory=list[str])
    """Settings that the compiler could not prove, and holds as recorded."""


class Compared(Stage, frozen=True):
    """A run as another configuration, against PyTorch."""

    error: float = 0.0
    """The largest difference of an output."""
    scale: float = 0.0
    """The largest value of that output."""
    reads_json: bool = False
    """Whether `Config` came from the configuration's own `config.json`."""
