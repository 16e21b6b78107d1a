"""`GoldenRecorder`: models to manifests."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Literal

import msgspec
import torch
from torch.utils._pytree import tree_leaves

from pycandle.errors import Place, PyCandleError, refusal
from pycandle.learning.lesson import Lesson
from pycandle.manifest.schema import (
    FORMAT_VERSION,
    Entry,
    Manifest,
    Module,
    Record,
    StateTensor,
)
from pycandle.manifest.writer import write_manifest
from pycandle.recorder.arguments import Arguments, read_arguments
from pycandle.recorder.cache_output import returned_cache
from pycandle.recorder.capture import OpaqueOutput
from pycandle.recorder.casts import classify, export_again, needs_second_export, other_dtype
from pycandle.recorder.export import Exported, export_model, first_line
from pycandle.recorder.goldens import run_with_goldens
from pycandle.recorder.learning import (
    Subject,
    budget_of_process,
    configuration_of,
    learn_numbers,
)
from pycandle.recorder.meta_parameters import parameters_on_meta
from pycandle.recorder.modules import module_rows, package_versions
from pycandle.recorder.program import Tables, entry_of, output_arguments, program_in_other_dtype
from pycandle.recorder.recipes import recipes_of, without_recipes
from pycandle.recorder.state import State, read_state
from pycandle.recorder.trace import state_tensors, write_tensors
from pycandle.recorder.trees import class_name
from pycandle.recorder.variants import EntryCall
from pycandle.version import VERSION

Device = Literal["meta", "cpu"]


_RECORDED: list[str] = []
_SAVED: list[Path] = []


def recorded_entries() -> list[str]:
    """Returns the entries that were recorded in this process."""
    return list(_RECORDED)


def saved_manifests() -> list[Path]:
    """Returns the manifests that were saved in this process."""
    return list(_SAVED)


class GoldenRecorder:
    """Records a model: what it computes, and on a CPU what comes out.

    Call `record` once or more, then `save`.
    """

    def __init__(self, output_dir: str | os.PathLike[str], *, budget: float | None = None) -> None:
        """Recordings go to `output_dir`, which `save` makes if it is missing.

        `budget`: seconds that `save` may take to record other configurations, from which it learns
        how the model's numbers follow from its settings; by default what `pycandle record` was
        given, and else 0, which learns nothing.
        """
        self.output_dir = Path(output_dir)
        self.budget = budget_of_process() if budget is None else budget
        self._calls: dict[str, EntryCall] = {}
        self._model: torch.nn.Module | None = None
        self._device: Device = "meta"
        self._state = State()
        self._tables = Tables()
        self._entries: dict[str, Entry] = {}
        self._tensors: dict[str, torch.Tensor] = {}
        self._saved: set[str] = set()
        self._records = 0

    def record(
        self,
        model: torch.nn.Module,
        *args: Any,
        dynamic_shapes: Any = None,
        entry: str = "forward",
        **kwargs: Any,
    ) -> None:
        """Records `model(*args, **kwargs)`.

        Every size of every tensor is free unless the model fixes it; `dynamic_shapes` says it as
        `torch.export` takes it. `entry` names another method of the model to record.
        A second recording of the same entry adds a set of inputs.
        """
        _check_model(model, entry)
        with parameters_on_meta(model):
            self._begin(model, (args, kwargs))
            found, arguments = self._entry(model, entry, args, kwargs, dynamic_shapes)
        golden = self._device == "cpu"
        known = self._entries.get(entry)
        if known is not None:
            found = _require_same(known, found)
        number = self._records if self._records != len(found.records) else None
        record = Record(arguments.shapes(), golden=golden, number=number)
        if golden:
            goldens = run_with_goldens(model, entry, arguments)
            self._tensors |= {
                f"record.{self._records}/{name}": value for name, value in goldens.items()
            }
        self._entries[entry] = msgspec.structs.replace(found, records=[*found.records, record])
        self._records += 1
        _RECORDED.append(entry)

    def save(self, name: str) -> None:
        """Writes `NAME_manifest.json` and `NAME_trace.safetensors` into the output directory."""
        self._check_save(name)
        assert self._model is not None
        tensors = state_tensors(self._state, real=self._device == "cpu") | self._tensors
        manifest = self._manifest(name, self._model)
        self.output_dir.mkdir(parents=True, exist_ok=True)
        write_tensors(tensors, self.output_dir / manifest.trace)
        write_manifest(manifest, self.output_dir / f"{name}_manifest.json")
        self._saved.add(name)
        _SAVED.append(self.output_dir / f"{name}_manifest.json")

    def _begin(self, model: torch.nn.Module, arguments: Any) -> None:
        """Reads the state of the model at the first recording."""
        device = device_of(model, arguments)
        if self._model is None:
            self._model, self._device, self._state = model, device, read_state(model)
        elif model is not self._model:
            raise refusal(
                "another-model",
                "a recorder records one model, and this is another one",
                hint="make a second `GoldenRecorder` for it",
            )

    def _entry(
        self,
        model: torch.nn.Module,
        entry: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        dynamic_shapes: Any,
    ) -> tuple[Entry, Arguments]:
        """Returns the recorded entry, and the arguments that it was recorded with."""
        arguments = read_arguments(getattr(model, entry), args, kwargs, self._device)
        notes: list[str] = []
        try:
            if self._device == "meta" and (cache := returned_cache(model, entry, arguments)):
                raise cache
            exported = export_model(model, entry, arguments, dynamic_shapes)
        except OpaqueOutput as opaque:
            _require_cache(opaque, arguments)
            kwargs = {**kwargs, "use_cache": False}
            arguments = read_arguments(getattr(model, entry), args, kwargs, self._device)
            notes.append(f"recorded with `use_cache=False`, because {opaque}")
            try:
                exported = export_model(model, entry, arguments, dynamic_shapes)
            except OpaqueOutput as again:
                raise _opaque_refusal(again) from None
        exported.notes[:0] = notes
        found = entry_of(entry, exported, self._state, self._tables, self._device)
        if self.budget > 0:
            self._calls.setdefault(entry, EntryCall.of(found, exported, dynamic_shapes))
        found = self._with_casts(model, entry, found, exported)
        for note in found.notes:
            print(f"note: {entry}: {note}", file=sys.stderr)
        return found, arguments

    def _with_casts(
        self, model: torch.nn.Module, entry: str, found: Entry, exported: Exported
    ) -> Entry:
        """Returns the entry with the dtypes that follow the model's told from fixed ones."""
        if not needs_second_export(found):
            return found
        dtype = other_dtype(dtype_of(model))
        try:
            second = export_again(dtype, model, entry, exported)
        except Exception as error:
            reason = f"the model cannot be exported in {dtype}: {first_line(error)}"
            return msgspec.structs.replace(found, dtype_generic=False, dtype_reason=reason)
        program = program_in_other_dtype(second, exported, self._device)
        return classify(found, output_arguments(exported.program), program)

    def _check_save(self, name: str) -> None:
        if not self._entries:
            raise refusal(
                "nothing-recorded",
                "there is nothing to save: no model was recorded",
                hint="call `recorder.record(model, ...)` before `recorder.save(...)`",
            )
        if not name or name.startswith(".") or any(part in name for part in "/\\:\0"):
            raise refusal(
                "bad-name",
                f"`{name}` is not a name for files",
                hint="use letters, digits, `_`, `-`",
            )
        if name in self._saved:
            raise refusal(
                "saved-twice", f"this recorder has saved `{name}` already", hint="use another name"
            )

    def _manifest(self, name: str, model: torch.nn.Module) -> Manifest:
        modules = module_rows(model)
        state = [owned.entry() for owned in self._state.tensors.values()]
        recipes = recipes_of(self._state, {module.path for module in modules}, self._tables)
        lesson = self._learn(model, state, modules, recipes)
        numbers = {} if lesson is None else lesson.numbers
        if lesson is not None:
            recipes = without_recipes(recipes, lesson.without_recipe)
        recipes = msgspec.structs.replace(recipes, numbers=numbers.get(recipes.name, []))
        frames = [line.frame() for line in self._tables.lines.rows]
        return Manifest(
            format="pycandle-manifest",
            version=FORMAT_VERSION if lesson is not None and lesson.learned.kinds else 1,
            name=name,
            pycandle=VERSION,
            model=class_name(type(model)),
            versions=package_versions(model, frames),
            device=self._device,
            dtype=str(dtype_of(model)).removeprefix("torch."),
            trace=f"{name}_trace.safetensors",
            modules=modules,
            state=state,
            frames=frames,
            stacks=[list(stack) for stack in self._tables.stacks.rows],
            entries=[
                msgspec.structs.replace(entry, numbers=numbers.get(entry.name, []))
                for entry in self._entries.values()
            ],
            recipes=recipes if recipes.nodes else None,
            configuration=configuration_of(model),
            learned=None if lesson is None else lesson.learned,
        )

    def _learn(
        self,
        model: torch.nn.Module,
        state: list[StateTensor],
        modules: list[Module],
        recipes: Entry,
    ) -> Lesson | None:
        if self.budget <= 0:
            return None
        calls = list(self._calls.values())
        subject = Subject(model, dtype_of(model), calls, state, modules, recipes)
        lesson = learn_numbers(subject, self.budget)
        if isinstance(lesson, Lesson):
            return lesson
        print(f"note: nothing was learned of the model's numbers: {lesson}", file=sys.stderr)
        return None


def device_of(model: torch.nn.Module, arguments: Any) -> Device:
    """Returns the device of a model's state, or of its arguments if it has none.

    Refuses devices that are not recorded, and more than one.
    """
    tensors = [*model.named_parameters(), *model.named_buffers()]
    devices: dict[str, str] = {}
    for name, tensor in tensors:
        devices.setdefault(tensor.device.type, name)
    persistent = {tensor.device.type for _, tensor in model.named_parameters()}
    if not devices:
        inputs = [item for item in tree_leaves(arguments) if isinstance(item, torch.Tensor)]
        devices = {item.device.type: "an input" for item in inputs[:1]} or {"cpu": ""}
    if devices.keys() == {"meta", "cpu"} and persistent <= {"meta"}:
        # A submodule that was built on the CPU to keep its constants: the model is a meta model.
        return "meta"
    if len(devices) > 1:
        found = ", ".join(f"`{name}` on `{device}`" for device, name in devices.items())
        raise refusal("mixed-devices", f"the model is on several devices: {found}")
    (device,) = devices
    if device not in ("meta", "cpu"):
        raise refusal(
            "unknown-device",
            f"the model is on `{device}`; models are recorded on `meta` or on the CPU",
            hint='move it: `model.to("cpu")`, or build it under `torch.device("meta")`',
        )
    return "meta" if device == "meta" else "cpu"


def dtype_of(model: torch.nn.Module) -> torch.dtype:
    """Returns the dtype of the first float parameter, else of the first float in the state dict."""
    for tensor in (*model.parameters(), *model.state_dict().values()):
        if tensor.is_floating_point():
            return tensor.dtype
    return torch.float32


def _check_model(model: Any, entry: str) -> None:
    if not isinstance(model, torch.nn.Module):
        kind = class_name(type(model))
        raise refusal(
            "not-a-module", f"what is recorded is a `{kind}`, and not a `torch.nn.Module`"
        )
    if not callable(getattr(model, entry, None)):
        raise refusal("no-such-entry", f"`{class_name(type(model))}` has no method `{entry}`")
    training = [path or "the model" for path, item in model.named_modules() if item.training]
    if training:
        raise refusal(
            "training-mode",
            f"the model is in training mode (`{training[0]}` and {len(training) - 1} others)"
            if len(training) > 1
            else f"the model is in training mode (`{training[0]}`)",
            hint="call `model.eval()` before `recorder.record(model, ...)`",
        )


def _require_cache(opaque: OpaqueOutput, arguments: Arguments) -> None:
    """Refuses an output that is no data, unless the model can be asked for none."""
    if "use_cache" not in arguments.signature.parameters or "use_cache" in arguments.bound():
        raise _opaque_refusal(opaque) from None


def _opaque_refusal(opaque: OpaqueOutput) -> PyCandleError:
    return refusal(
        "opaque-output",
        f"the model cannot be recorded, because {opaque}",
        place=Place(detail="the output"),
        hint="return tensors, or a dict, a tuple or a dataclass of them; "
        "for a decoder pass `use_cache=False`",
    )


def _require_same(known: Entry, found: Entry) -> Entry:
    """Returns the known entry; refuses a second recording that is another program."""
    difference = next((what for what, same in _parts(known, found) if not same), None)
    if difference is None:
        return known
    raise refusal(
        "another-program",
        f"the second recording of `{known.name}` is another program: {difference} differ",
        hint='record it under another name: `recorder.record(model, ..., entry="NAME")` for a '
        "method NAME of the model, or make a second recorder",
    )


def _parts(known: Entry, found: Entry) -> list[tuple[str, bool]]:
    return [
        ("the inputs", known.inputs == found.inputs),
        ("the other arguments", known.signature == found.signature),
        ("the fixed sizes", known.fixed == found.fixed),
        ("the conditions of sizes", known.conditions == found.conditions),
        ("the nodes", known.nodes == found.nodes),
        ("the outputs", known.output == found.output),
        ("the tensors of the model", known.state == found.state),
        ("the module calls", known.calls == found.calls),
        ("the function calls", known.functions == found.functions),
    ]
