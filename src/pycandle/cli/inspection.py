"""What `pycandle inspect` shows, as data: the fields of its JSON are these."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from msgspec import Struct

from pycandle.dtypes import DTYPES
from pycandle.errors import Diagnostic, PyCandleError
from pycandle.manifest.schema import Call, Entry, Manifest, Size


class Tensor(Struct, frozen=True):
    """A tensor that goes in."""

    path: str
    dtype: str
    shape: list[Size]


class Dim(Struct, frozen=True, omit_defaults=True):
    """A size: free within a range, or fixed."""

    size: Size
    """The symbol of a free size, else the number."""
    lower: int | None = None
    upper: int | None = None
    recorded: int | None = None
    where: str | None = None
    """For a fixed size: `input` and dim."""
    reason: str | None = None
    """For a fixed size: by which Python line."""


class EntryInspection(Struct, frozen=True):
    """One entry of the model: `forward`, or another method."""

    name: str
    inputs: list[Tensor]
    dims: list[Dim]
    records: list[dict[str, list[int]]]
    notes: list[str]
    dtypes: str
    """`any float`, or the dtype that it was recorded in, with the reason."""


class ModuleInspection(Struct, frozen=True):
    """A module of the tree."""

    path: str
    cls: str
    calls: int
    parameters: int
    """Elements of the parameters that are its own, without its children's."""


class OpInspection(Struct, frozen=True):
    """An ATen op, or a Python function on sizes."""

    op: str
    count: int
    supported: bool


class StateBytes(Struct, frozen=True):
    """The state of one dtype that the port reads."""

    dtype: str
    tensors: int
    bytes: int


class Refusal(Struct, frozen=True):
    """Why `codegen` would refuse: one diagnostic."""

    code: str
    title: str
    place: str | None
    hint: str | None


class Inspection(Struct, frozen=True):
    """A recorded model."""

    name: str
    model: str
    pycandle: str
    versions: dict[str, str]
    device: Literal["meta", "cpu"]
    dtype: str
    parameters: int
    """Elements, each tied tensor counted once."""
    state: list[StateBytes]
    entries: list[EntryInspection]
    modules: list[ModuleInspection]
    ops: list[OpInspection]
    computed: list[str]
    """Tensors that no checkpoint holds and `new` computes."""
    constants: list[str]
    """Those that it reads, with the reason: the trace has them, and `extract` copies them."""
    inlined: list[str]
    """Modules whose boundary the generated code does not keep."""
    unknown_literals: list[str]
    """Numbers in the code whose origin in the configuration is not known."""
    settings: list[str]
    """Settings of the model that the code reads from `Config`, by path."""
    required: list[str]
    """Settings that must be as recorded, with their values and the reason."""
    unknown_numbers: list[str]
    """Numbers that settings change in a way that is not known, with their Python lines."""
    refused: list[Refusal]


def inspect_manifest(manifest: Manifest) -> tuple[Inspection, PyCandleError | None]:
    """Returns what is in the manifest, and the error that `codegen` would raise for it."""
    compiled = _compile(manifest)
    refusal, inlined, literals = compiled.refusal, compiled.inlined, compiled.literals
    inspection = Inspection(
        name=manifest.name,
        model=manifest.model,
        pycandle=manifest.pycandle,
        versions=manifest.versions,
        device=manifest.device,
        dtype=manifest.dtype,
        parameters=sum(
            math.prod(tensor.shape) for tensor in manifest.state if tensor.kind == "parameter"
        ),
        state=_state(manifest),
        entries=[_entry(entry) for entry in manifest.entries],
        modules=_modules(manifest),
        ops=_ops(manifest.entries, refusal.diagnostics if refusal else ()),
        computed=list(compiled.computed),
        constants=_constants(manifest, compiled),
        inlined=inlined,
        unknown_literals=literals,
        settings=compiled.settings,
        required=_required(manifest, compiled.fixed),
        unknown_numbers=_unknown_numbers(manifest),
        refused=[_refusal(item) for item in (refusal.diagnostics if refusal else ())],
    )
    return inspection, refusal


@dataclass(frozen=True)
class _Compiled:
    refusal: PyCandleError | None = None
    inlined: list[str] = field(default_factory=list[str])
    literals: list[str] = field(default_factory=list[str])
    settings: list[str] = field(default_factory=list[str])
    fixed: tuple[str, ...] = ()
    computed: tuple[str, ...] = ()
    stored: dict[str, str] = field(default_factory=dict[str, str])


def _compile(manifest: Manifest) -> _Compiled:
    from pycandle.codegen import generate

    try:
        generated = generate(manifest)
    except PyCandleError as error:
        return _Compiled(error)
    return _Compiled(
        None,
        list(generated.inlined),
        list(generated.unknown_literals),
        [path for paths in generated.settings.values() for path in paths],
        generated.fixed,
        generated.computed,
        generated.stored,
    )


def _constants(manifest: Manifest, compiled: _Compiled) -> list[str]:
    """Returns what the weights file must hold and no checkpoint does, with the reasons."""
    names = [
        tensor.name
        for tensor in manifest.state
        if tensor.used and tensor.kind in ("constant", "non_persistent_buffer")
    ]
    if compiled.refusal is not None:
        return names
    return [f"{name}: {compiled.stored[name]}" for name in names if name in compiled.stored]


def _required(manifest: Manifest, fixed: Sequence[str]) -> list[str]:
    """Returns what the manifest requires, and what the compiler could not prove."""
    if manifest.learned is None or manifest.configuration is None:
        return []
    found = [
        f"{'each item of ' if r.each else ''}{r.path} = {r.value!r}: {r.reason}"
        for r in manifest.learned.required
    ]
    values = manifest.configuration.settings
    reason = "another value changes the form of the generated code"
    return found + [f"{path} = {values.get(path)!r}: {reason}" for path in fixed]


def _unknown_numbers(manifest: Manifest) -> list[str]:
    if manifest.learned is None:
        return []
    nodes = {(e.name, node.name): node for e in manifest.entries for node in e.nodes}
    found: list[str] = []
    for item in manifest.learned.unknown:
        node = nodes.get((item.entry or "", item.node or ""))
        line = ""
        if node is not None and node.frames is not None:
            frame = manifest.frames[manifest.stacks[node.frames][0]]
            line = f", {frame.file}:{frame.line}"
        found.append(f"{item.value} in {item.where}{line}: moves with {', '.join(item.settings)}")
    return found


def _refusal(item: Diagnostic) -> Refusal:
    place = item.place.render() if item.place is not None else None
    return Refusal(item.code, item.title, place, item.hint)


def _state(manifest: Manifest) -> list[StateBytes]:
    used = [tensor for tensor in manifest.state if tensor.used]
    found: list[StateBytes] = []
    for dtype in sorted({tensor.dtype for tensor in used}):
        shapes = [tensor.shape for tensor in used if tensor.dtype == dtype]
        size = DTYPES[dtype].itemsize
        found.append(StateBytes(dtype, len(shapes), size * sum(map(math.prod, shapes))))
    return found


def _entry(entry: Entry) -> EntryInspection:
    free = [
        Dim(symbol.name, symbol.lower, symbol.upper, symbol.recorded) for symbol in entry.symbols
    ]
    fixed = [
        Dim(dim.size, where=f"dim {dim.dim} of `{dim.input}`", reason=dim.reason)
        for dim in entry.fixed
    ]
    reason = f" only: {entry.dtype_reason}" if entry.dtype_reason else " only"
    return EntryInspection(
        name=entry.name,
        inputs=[Tensor(item.path, item.value.dtype, item.value.shape) for item in entry.inputs],
        dims=free + fixed,
        records=[record.sizes for record in entry.records],
        notes=entry.notes,
        dtypes="any float" if entry.dtype_generic else f"the recorded one{reason}",
    )


def _modules(manifest: Manifest) -> list[ModuleInspection]:
    calls: Iterable[Call] = (call for entry in manifest.entries for call in entry.calls)
    counts = Counter(call.module for call in calls)
    own: Counter[str] = Counter()
    for tensor in manifest.state:
        if tensor.kind == "parameter":
            own[tensor.name.rpartition(".")[0]] += math.prod(tensor.shape)
    return [
        ModuleInspection(module.path, module.cls, counts[module.path], own[module.path])
        for module in manifest.modules
    ]


def _ops(entries: list[Entry], refused: Iterable[Diagnostic]) -> list[OpInspection]:
    """Counts the ops; what the compiler did not miss is supported, also what a pass removes."""
    missing = {
        found[1]
        for item in refused
        if item.code == "unsupported-op" and (found := re.search(r"`([^`]+)`", item.title))
    }
    counts = Counter(node.target for entry in entries for node in entry.nodes)
    return [
        OpInspection(op, count, op not in missing)
        for op, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def sizes_text(shape: list[Size]) -> str:
    """Returns a shape as text, `[s0, 3, 224, 224]`."""
    return f"[{', '.join(map(str, shape))}]"


__all__ = ["Inspection", "inspect_manifest", "sizes_text"]
