"""Recordings of a model with other settings, on the meta device."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch._dynamo.exc import UserError
from torch.fx.experimental.symbolic_shapes import ConstraintViolationError

from pycandle.errors import PyCandleError
from pycandle.learning.numbers import Number, Recording
from pycandle.learning.structure import structure_of
from pycandle.manifest.schema import Argument, Entry, Module
from pycandle.recorder.arguments import Arguments
from pycandle.recorder.capture import OpaqueOutput
from pycandle.recorder.dims import Attempt
from pycandle.recorder.export import (
    Exported,
    ExportFailed,
    export_once,
    is_data_dependent,
    with_conditions,
)
from pycandle.recorder.input_sizes import InputSizes
from pycandle.recorder.modules import module_rows
from pycandle.recorder.program import Tables, entry_of
from pycandle.recorder.recipes import recipes_of
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
    above_one: Mapping[str, str]
    """The sizes that may not be 1, and why."""

    @classmethod
    def of(cls, entry: Entry, exported: Exported, dynamic_shapes: Any) -> EntryCall:
        """Returns the call of an entry; its tensors are on the meta device."""
        tensors = {
            path: torch.zeros_like(tensor, device="meta")
            for path, tensor in exported.arguments.tensors.items()
        }
        arguments = exported.arguments.with_tensors(tensors)
        above_one = exported.sizes.above_one
        return cls(entry, arguments, exported.attempt, dynamic_shapes, above_one)

    def with_shapes(self, shapes: dict[str, list[int]]) -> EntryCall:
        """Returns the call with tensors of other shapes."""
        tensors = {
            path: tensor.new_zeros(shapes[path]) for path, tensor in self.arguments.tensors.items()
        }
        attempt = replace(self.attempt, shapes=shapes)
        return replace(self, arguments=self.arguments.with_tensors(tensors), attempt=attempt)


@dataclass
class Variants:
    """Builds and records a model with other settings, while there is time."""

    settings: Settings
    calls: list[EntryCall]
    dtype: torch.dtype
    deadline: float
    """By `time.process_time`: what else the machine does takes nothing from learning."""
    progress: Callable[[str], None] = lambda _: None
    slowest: float = 0.0
    """Seconds of the slowest recording so far."""
    shallow: dict[str, Value] = field(default_factory=dict[str, Value])
    """Settings that are changed in every recording: few layers, to save time."""
    inputs: list[InputSizes] = field(default_factory=list[InputSizes])
    """One for each call."""
    without_recipe: set[str] = field(default_factory=set[str])
    """Patterns of the names of tensors that have no recipe."""
    structures: list[int] = field(default_factory=list[int])
    """Those of the entries of the first recording."""
    refused: list[str] = field(default_factory=list[str])
    """What was raised by those that could not be recorded."""
    is_built: bool = False
    """Whether there is a model with the settings that were recorded last."""

    def has_time(self) -> bool:
        """Whether another recording would end before the deadline, by the process's own time."""
        return time.process_time() + self.slowest < self.deadline

    def record(self, changes: Mapping[str, Value]) -> Recording | None:
        """Returns the recording with some settings changed; None where that cannot be recorded."""
        self.progress(", ".join(f"{path} = {value}" for path, value in changes.items()))
        begun = time.process_time()
        self._find_inputs()
        changes = {**self.shallow, **changes}
        self.is_built = False
        try:
            return self._recorded(lambda: self.settings.build(changes), changes)
        except Exception as error:
            # Whatever a model raises with settings that do not fit together.
            self.refused.append(f"{dict(changes)}: {error}")
            return None
        finally:
            self.slowest = max(self.slowest, time.process_time() - begun)

    def shapes(self, changes: Mapping[str, Value]) -> dict[str, list[int]] | None:
        """Returns the shapes of state tensors with some settings changed; None without a model."""
        try:
            with torch.device("meta"), shadowed():
                model = self.settings.build({**self.shallow, **changes})
        except Exception:
            return None
        return {name: list(owned.tensor.shape) for name, owned in read_state(model).tensors.items()}

    def runs(self, changes: Mapping[str, Value]) -> bool:
        """Whether the model runs with some settings changed, or cannot be exported for itself."""
        self._find_inputs()
        changes = {**self.shallow, **changes}
        try:
            with torch.device("meta"), shadowed():
                model = self.settings.build(changes).to(self.dtype).eval()
        except Exception:
            return False
        return all(
            any(_runs(model, call, shapes) for shapes, _ in sizes.attempts(changes))
            for call, sizes in zip(self.calls, self.inputs, strict=True)
        )

    def _find_inputs(self) -> None:
        if not self.inputs:
            values = self.settings.values
            self.inputs = [InputSizes(c.arguments.shapes(), values) for c in self.calls]

    def record_first(self) -> tuple[Recording, set[str]]:
        """Returns the recording of the model as it is, built again, and the settings it reads."""
        with self.settings.watched() as (arguments, read):
            recording = self._recorded(lambda: self.settings.call(arguments))
        return recording, read

    def run(self, model: torch.nn.Module) -> None:
        """Exports a model with the settings of the recording, for what its code asks of them."""
        for call in self.calls:
            _exported(call, model)

    def _recorded(
        self, build: Callable[[], torch.nn.Module], changes: Mapping[str, Value] | None = None
    ) -> Recording:
        with torch.device("meta"), shadowed():
            model = build()
            model = model.to(self.dtype) if _dtypes(model) - {self.dtype} else model
        self.is_built = True
        model.eval()
        state = read_state(model)
        if changes is None:
            entries = [_entry(call, model, state) for call in self.calls]
            rows = tuple(module_rows(model))
            self.structures = [structure_of(Recording((e,), (), rows)) for e in entries]
        else:
            pairs = zip(self.calls, self.inputs, strict=True)
            adapter = _Adapter(model, state, changes, tuple(module_rows(model)))
            places = zip(pairs, self.structures, strict=True)
            entries = [adapter.entry(*pair, structure) for pair, structure in places]
        modules = tuple(module_rows(model))
        paths = {module.path for module in modules}
        recipes = recipes_of(state, paths, Tables(), self.without_recipe)
        return Recording(
            (*entries, recipes),
            tuple(owned.entry() for owned in state.tensors.values()),
            modules,
            _data(state),
            {path: _attributes(module) for path, module in model.named_modules()},
            _defaults(entries),
        )


@dataclass(frozen=True)
class _Adapter:
    """Exports a model with inputs of sizes that go with its settings."""

    model: torch.nn.Module
    state: State
    changes: Mapping[str, Value]
    modules: tuple[Module, ...]

    def entry(self, call: EntryCall, sizes: InputSizes, structure: int) -> Entry:
        """Returns an entry, if possible of a structure; another one if there is no such inputs."""
        error: ExportFailed | None = None
        other: Entry | None = None
        for shapes, assumed in sizes.attempts(self.changes):
            # Inputs of other sizes are tried where these fail, and where they are just a setting.
            if other is not None and not sizes.are_equal(assumed):
                continue
            try:
                found = _entry(call.with_shapes(shapes), self.model, self.state)
            except ExportFailed as failed:
                error = error or failed
                continue
            is_same = structure_of(Recording((found,), (), self.modules)) == structure
            # It takes no other inputs, whatever it makes of these.
            if is_same or (other is None and error is not None):
                sizes.known |= assumed
            if is_same:
                return found
            other = other or found
        if other is not None:
            return other
        assert error is not None
        raise error


def _exported(call: EntryCall, model: torch.nn.Module) -> Exported:
    return export_once(
        model, call.entry.name, call.arguments, call.attempt, call.dynamic_shapes, places=False
    )


def _runs(model: torch.nn.Module, call: EntryCall, shapes: dict[str, list[int]]) -> bool:
    try:
        _exported(call.with_shapes(shapes), model)
    except (PyCandleError, OpaqueOutput):
        return True
    except ExportFailed as failed:
        # What is wrong with an export alone says nothing of the model.
        cause = failed.__cause__
        return is_data_dependent(cause) or isinstance(cause, UserError | ConstraintViolationError)
    return True


def _entry(call: EntryCall, model: torch.nn.Module, state: State) -> Entry:
    exported = with_conditions(_exported(call, model), call.above_one)
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


def _defaults(entries: Iterable[Entry]) -> dict[str, tuple[Argument, ...]]:
    """Returns what the arguments of each op are that a program leaves out, where that is data."""
    found: dict[str, tuple[Argument, ...]] = {}
    for target in {node.target for entry in entries for node in entry.nodes}:
        packet, _, overload = target.removeprefix("aten.").rpartition(".")
        op = getattr(getattr(torch.ops.aten, packet, None), overload, None)
        if target.startswith("aten.") and isinstance(op, torch._ops.OpOverload):
            arguments = (item for item in op._schema.arguments if not item.kwarg_only)
            found[target] = tuple(_default(item) for item in arguments)
    return found


def _default(argument: Any) -> Argument:
    value = argument.default_value if argument.has_default_value() else None
    size = argument.N if isinstance(value, int | float) else None
    return [value] * size if size else value


def _attributes(module: torch.nn.Module) -> dict[str, Number]:
    return {
        name: value
        for name, value in vars(module).items()
        if type(value) in (int, float) and not name.startswith("_")
    }
