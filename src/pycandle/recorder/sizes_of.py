"""The sizes of an exported program's inputs, and that the recorded sizes satisfy them."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
import torch.utils._pytree as pytree
from torch.export import ExportedProgram
from torch.export.graph_signature import InputKind

from pycandle.manifest.schema import FixedDim, Size, Symbol
from pycandle.manifest.sizes import evaluate, symbols_of
from pycandle.recorder.arguments import Arguments, path_of
from pycandle.recorder.capture import Capture
from pycandle.recorder.ones import counted_from_the_end, differing_at_one, squeezed
from pycandle.recorder.sources import Line, is_internal, portable_path
from pycandle.recorder.symbols import SymbolNames


class SizesDiffer(Exception):
    """The recorded sizes do not satisfy the program, so it is not a recording of them."""


@dataclass(frozen=True)
class RecordedSizes:
    """The placeholders of the input tensors by path, their shapes, and the symbols."""

    names: SymbolNames
    placeholders: dict[str, str]
    shapes: dict[str, list[Size]]
    symbols: list[Symbol]
    fixed: list[FixedDim]
    above_one: dict[str, str]
    """Symbols at which 1 may be special, and why."""
    known: dict[str, int]
    """The recorded values of the symbols."""


def recorded_sizes(
    program: ExportedProgram,
    arguments: Arguments,
    recorded: dict[str, list[int]],
    capture: Capture,
) -> RecordedSizes:
    """Returns the sizes of a program, or raises SizesDiffer or InexpressibleSize."""
    names = SymbolNames()
    placeholders = dict(_placeholders(program, arguments))
    values = {node.name: node.meta.get("val") for node in program.graph.nodes}
    tensors = {path: values[name] for path, name in placeholders.items()}
    shapes = {path: [names.size(size) for size in value.shape] for path, value in tensors.items()}
    known = _solve(shapes, recorded)
    for path, shape in shapes.items():
        found = [evaluate(size, known) for size in shape]
        if found != recorded[path]:
            raise SizesDiffer(
                f"the recorded shape of `{path}` is {recorded[path]}, the program's {found}"
            )
    # A value may have symbols that no input has: sizes and numbers that depend on data.
    for value in values.values():
        for tensor in pytree.tree_leaves(value):
            for size in tensor.shape if isinstance(tensor, torch.Tensor) else (tensor,):
                if isinstance(size, torch.SymInt):
                    names.size(size)
    reasons = _specialised(tensors, capture)
    fixed = [
        FixedDim(path, dim, size, reasons.get((path, dim)))
        for path, shape in shapes.items()
        for dim, size in enumerate(shape)
        if isinstance(size, int)
    ]
    doubtful = {**counted_from_the_end(program), **squeezed(program)}
    doubtful |= differing_at_one(capture.answers)
    above_one = {
        names.names[symbol]: reason for symbol, reason in doubtful.items() if symbol in names.names
    }
    symbols = _symbols(program, names, known, above_one)
    return RecordedSizes(names, placeholders, shapes, symbols, fixed, above_one, known)


def _placeholders(program: ExportedProgram, arguments: Arguments) -> Iterator[tuple[str, str]]:
    """Yields path and placeholder of each tensor that the caller passes."""
    user = [
        spec.arg.name
        for spec in program.graph_signature.input_specs
        if spec.kind is InputKind.USER_INPUT
    ]
    spec = program.call_spec.in_spec
    assert spec is not None
    assert spec.num_leaves == len(user)
    indices = pytree.tree_unflatten(list(range(len(user))), spec)
    paths: dict[int, str] = {
        index: path_of(arguments.signature, keys)
        for keys, index in pytree.tree_flatten_with_path(indices)[0]
    }
    by_path = {paths[index]: name for index, name in enumerate(user)}
    for path in arguments.tensors:
        yield path, by_path[path]


def _solve(shapes: dict[str, list[Size]], recorded: dict[str, list[int]]) -> dict[str, int]:
    """Returns the recorded values of the symbols that are a dim of an input."""
    known: dict[str, int] = {}
    for path, shape in shapes.items():
        for size, value in zip(shape, recorded[path], strict=True):
            if (
                isinstance(size, str)
                and size.isidentifier()
                and known.setdefault(size, value) != (value)
            ):
                raise SizesDiffer(f"sizes that were recorded as {known[size]} and {value} are one")
    for shape in shapes.values():
        for size in shape:
            _require_known(size, known)
    return known


def _require_known(size: Size, known: dict[str, int]) -> None:
    for name in symbols_of(size):
        if name not in known:
            raise SizesDiffer(f"the size `{size}` does not determine its symbols")


def _symbols(
    program: ExportedProgram,
    names: SymbolNames,
    known: dict[str, int],
    above_one: Mapping[str, str],
) -> list[Symbol]:
    found: list[Symbol] = []
    ranges: dict[Any, Any] = dict(program.range_constraints)
    for symbol, name in names.names.items():
        limits = ranges.get(symbol)
        lower = _bound(limits.lower) if limits is not None else None
        upper = _bound(limits.upper) if limits is not None else None
        # torch assumes 2 or more of every free size, whatever the model needs.
        if lower in (None, 2) and name in known:
            lower = 2 if name in above_one else 1
        lower = lower or 0
        found.append(Symbol(name, lower, upper, known.get(name)))
    return found


def _bound(value: Any) -> int | None:
    """Returns a bound; None for infinity, which torch also writes as the largest sizes."""
    if not getattr(value, "is_Integer", False) or abs(int(value)) >= 2**62:
        return None
    return int(value)


def _specialised(tensors: dict[str, Any], capture: Capture) -> dict[tuple[str, int], str]:
    """Returns the Python line that fixed a dim, as far as torch knows it."""
    environment = next(
        (
            value.fake_mode.shape_env
            for value in tensors.values()
            if getattr(getattr(value, "fake_mode", None), "shape_env", None) is not None
        ),
        None,
    )
    if environment is None:
        return {}
    found: dict[tuple[str, int], str] = {}
    for symbol, position in environment.replacements_slocs.items():
        for source in environment.var_to_sources.get(symbol, ()):
            name = source.name if isinstance(source.name, str) else source.name()
            if (place := _dim_of(name, tensors)) is not None:
                found[place] = _reason(position, capture.where_fixed(symbol))
    return found


def _reason(position: Any, seen: Line | None) -> str:
    """Returns the line that fixed a size: torch's account of it, or that of the op's caller."""
    frame = position.framework_loc
    if isinstance(frame, traceback.FrameSummary) and not is_internal(frame.filename):
        return f"{portable_path(frame.filename)}:{frame.lineno} in {frame.name}"
    if seen is not None:
        return f"{portable_path(seen.file)}:{seen.line} in {seen.function}"
    return "an op of torch"


def _dim_of(source: str, tensors: dict[str, Any]) -> tuple[str, int] | None:
    """Returns the input and dim of a source such as `L['x'].size()[2]`."""
    found = re.fullmatch(r"(.*)\.(?:size\(\)|shape)\[(\d+)\]", source)
    if found is None:
        return None
    for path in tensors:
        parts = path.split(".")
        if all(re.search(rf"\[['\"]?{re.escape(part)}['\"]?\]", found[1]) for part in parts):
            return path, int(found[2])
    return None
