"""Recordings of a model with other settings, on the meta device."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch

from pycandle.learning.numbers import Number, Recording
from pycandle.manifest.schema import Entry
from pycandle.recorder.arguments import Arguments
from pycandle.recorder.dims import Attempt
from pycandle.recorder.export import Exported, export_once
from pycandle.recorder.modules import module_rows
from pycandle.recorder.program import Tables, entry_of
from pycandle.recorder.settings import Settings, Value
from pycandle.recorder.shadow import shadowed
from pycandle.recorder.state import State, read_state


@dataclass(frozen=True)
class EntryCall:
    """How one entry was exported, so that it can be exported alike from another model."""

    entry: Entry
    """As it was exported, before its casts were told from each other."""
    arguments: Arguments
    attempt: Attempt
    dynamic_shapes: Any

    @classmethod
    def of(cls, entry: Entry, exported: Exported, dynamic_shapes: Any) -> EntryCall:
        """Returns the call of an entry; its tensors are on the meta device."""
        tensors = {
            path: torch.zeros_like(tensor, device="meta")
            for path, tensor in exported.arguments.tensors.items()
        }
        arguments = exported.arguments.with_tensors(tensors)
        return cls(entry, arguments, exported.attempt, dynamic_shapes)


@dataclass
class Variants:
    """Builds and records a model with other settings, while there is time."""

    settings: Settings
    calls: list[EntryCall]
    dtype: torch.dtype
    deadline: float
    """By `time.monotonic`."""
    progress: Callable[[str], None] = lambda _: None
    slowest: float = 0.0
    """Seconds of the slowest recording so far."""
    refused: list[str] = field(default_factory=list[str])
    """What was raised by those that could not be recorded."""

    def has_time(self) -> bool:
        """Whether another recording would end before the deadline."""
        return time.monotonic() + self.slowest < self.deadline

    def record(self, changes: Mapping[str, Value]) -> Recording | None:
        """Returns the recording with some settings changed; None where that cannot be recorded."""
        self.progress(", ".join(f"{path} = {value}" for path, value in changes.items()))
        begun = time.monotonic()
        try:
            return self._recorded(lambda: self.settings.build(changes))
        except Exception as error:
            # Whatever a model raises with settings that do not fit together.
            self.refused.append(f"{dict(changes)}: {error}")
            return None
        finally:
            self.slowest = max(self.slowest, time.monotonic() - begun)

    def record_first(self) -> tuple[Recording, set[str]]:
        """Returns the recording of the model as it is, built again, and the settings it reads."""
        with self.settings.watched() as (arguments, read):
            recording = self._recorded(lambda: self.settings.call(arguments))
        return recording, read

    def _recorded(self, build: Callable[[], torch.nn.Module]) -> Recording:
        with torch.device("meta"), shadowed():
            model = build()
        model = model.to(self.dtype) if _dtypes(model) - {self.dtype} else model
        model.eval()
        state = read_state(model)
        entries = tuple(_entry(call, model, state) for call in self.calls)
        return Recording(
            entries,
            tuple(owned.entry() for owned in state.tensors.values()),
            tuple(module_rows(model)),
            _data(state),
            {path: _attributes(module) for path, module in model.named_modules()},
        )


def _entry(call: EntryCall, model: torch.nn.Module, state: State) -> Entry:
    exported = export_once(
        model, call.entry.name, call.arguments, call.attempt, call.dynamic_shapes, places=False
    )
    return entry_of(call.entry.name, exported, state, Tables(), "meta")


def _dtypes(model: torch.nn.Module) -> set[torch.dtype]:
    return {item.dtype for item in model.parameters() if item.is_floating_point()}


def _data(state: State) -> dict[str, str]:
    """Returns a digest of each tensor that is computed while the model is built."""
    found: dict[str, str] = {}
    for owned in state.tensors.values():
        if owned.kind in ("non_persistent_buffer", "constant"):
            value = owned.value()
            found[owned.name] = "unknown" if value is None else _digest(value)
    return found


def _digest(value: torch.Tensor) -> str:
    flat = value.detach().contiguous().reshape(-1)
    raw = flat.view(torch.uint8) if flat.dtype != torch.bool else flat.to(torch.uint8)
    return f"{list(value.shape)} {hashlib.sha256(bytes(raw.tolist())).hexdigest()}"


def _attributes(module: torch.nn.Module) -> dict[str, Number]:
    return {
        name: value
        for name, value in vars(module).items()
        if type(value) in (int, float) and not name.startswith("_")
    }
