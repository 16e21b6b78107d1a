"""What became of an architecture, stage by stage, and the files that keep it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from pycandle.errors import Diagnostic, PyCandleError

Outcome = Literal["ok", "refused", "wrong", "no build", "crash", "limit"]
"""`crash` is an exception that is no diagnostic; `limit` is too much time or memory."""


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a stage did not succeed."""

    code: str
    """Of the diagnostic; `wrong`, `crash` ... for what has none."""
    title: str
    place: str | None = None
    label: str | None = None


class Stage(msgspec.Struct, frozen=True):
    """What one stage gave."""

    key: str
    """A digest of what it was made from: another one makes it again."""
    outcome: Outcome
    seconds: float
    reasons: list[Reason] = []


class Recorded(Stage, frozen=True):
    """A recording, and the call nodes in it."""

    nodes: int = 0
    notes: list[str] = []


class Generated(Stage, frozen=True):
    """The Rust, counted."""

    lines: int = 0
    longest: int = 0
    """Lines of the longest function but `new`."""
    longest_name: str = ""
    structs: int = 0
    inlined: int = 0
    """Modules whose boundary was not kept."""


class Checked(Stage, frozen=True):
    """The comparison with PyTorch."""

    sets: list[str] = []
    """The input sets that were compared, with their shapes."""
    dropped: list[str] = []
    error: float = 0.0
    """The largest difference of an output to PyTorch's run in float64."""
    scale: float = 0.0
    """The largest value of that output."""


S = TypeVar("S", bound=Stage)


def load(path: Path, kind: type[S]) -> S | None:
    """Returns a kept stage; None if there is none, or one of another form."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError):
        return None


def keep(path: Path, stage: Stage) -> None:
    """Writes a stage, whole or not at all."""
    beside = path.with_suffix(".new")
    with beside.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(stage)))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def reasons_of(error: PyCandleError) -> list[Reason]:
    """Returns the diagnostics of an error."""
    return [_reason(item) for item in error.diagnostics]


def _reason(item: Diagnostic) -> Reason:
    place = item.place.render() if item.place is not None else None
    return Reason(item.code, item.title, place, item.label)
