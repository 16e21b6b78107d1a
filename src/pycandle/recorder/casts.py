"""Which dtypes in a program follow the model's: found by exporting it a second time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
import torch

from pycandle.dtypes import DTYPES
from pycandle.manifest.schema import Argument, Atom, Entry, Node, TensorValue
from pycandle.recorder.export import (
    Exported,
    called_as_forward,
    run_export,
    shapes_collection,
    without_traces,
)
from pycandle.recorder.shadow import suspended

Cast = Literal["input_dtype", "fixed"]
HUGE = 1e30
"""Floats beyond this are taken for limits of a dtype, `torch.finfo(dtype).min`."""


def needs_second_export(entry: Entry) -> bool:
    """Whether a program names float dtypes, or numbers that come from one."""
    return any(
        node.target in CASTS or any(_is_float_dtype(arg) or _is_huge(arg) for arg in _flat(node))
        for node in entry.nodes
    )


def other_dtype(dtype: torch.dtype) -> torch.dtype:
    """Returns the dtype of the second export."""
    return torch.float32 if dtype is torch.bfloat16 else torch.bfloat16


def export_again(
    dtype: torch.dtype, model: torch.nn.Module, entry: str, exported: Exported
) -> torch.export.ExportedProgram:
    """Returns the program of the model in another float dtype; the model is left as it was."""
    tensors = exported.arguments.tensors
    traced = exported.arguments.with_tensors(
        {path: _cast(tensor, dtype) for path, tensor in tensors.items()}
    )
    dynamic_shapes = exported.dynamic_shapes
    if isinstance(dynamic_shapes, torch.export.ShapesCollection):
        dynamic_shapes = shapes_collection(traced, exported.attempt)
    with (
        suspended(),
        _state_in(model, dtype),
        called_as_forward(model, entry),
        without_traces(),
    ):
        return run_export(model, traced, dynamic_shapes)


def _cast(tensor: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    if not tensor.is_floating_point():
        return tensor.detach()
    return torch.empty_like(tensor, dtype=dtype)


@contextmanager
def _state_in(model: torch.nn.Module, dtype: torch.dtype) -> Iterator[None]:
    """Replaces the float state of a model by empty tensors of another dtype, and puts it back."""
    changed: dict[int, Any] = {}
    saved: list[tuple[dict[str, Any], str, Any]] = []
    for module in model.modules():
        for table in (module._parameters, module._buffers):
            for name, tensor in table.items():
                if tensor is not None and tensor.is_floating_point():
                    saved.append((table, name, tensor))
                    changed.setdefault(id(tensor), _like(tensor, dtype))
    try:
        for table, name, tensor in saved:
            table[name] = changed[id(tensor)]
        yield
    finally:
        for table, name, tensor in saved:
            table[name] = tensor


def _like(tensor: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    # Zeros are lazily allocated pages on a CPU, and unlike empty memory never signal anything.
    value = torch.zeros(tensor.shape, dtype=dtype, device=tensor.device)
    if isinstance(tensor, torch.nn.Parameter):
        return torch.nn.Parameter(value, requires_grad=tensor.requires_grad)
    return value


def classify(entry: Entry, outputs: list[Argument], second: Program) -> Entry:
    """Returns the entry with a verdict on each dtype, or with why it holds for one dtype only.

    A cast that does nothing returns its operand, and from then on torch takes one for the other.
    What does nothing in one dtype may do something in another, so where the programs read
    different ends of such casts, the entry gets the end that is right in both.
    """
    first = Program([*entry.nodes, _outputs_node(outputs)])
    pairs = list(zip(first.nodes, second.nodes, strict=False))
    names = {two.name: one.name for one, two in pairs}
    chains = first.chains({}), second.chains(names)
    nodes: list[Node] = []
    for one, two in pairs:
        if one.target != two.target:
            reason = f"node `{one.name}` is `{one.target}`, in the other dtype `{two.target}`"
            return _one_dtype(entry, reason)
        try:
            nodes.append(_merged(one, _renamed(two, names), *chains))
        except _Differs:
            reason = f"the arguments of `{one.name}` (`{one.target}`) depend on the dtype"
            return _one_dtype(entry, reason)
    if len(first.nodes) != len(second.nodes):
        counts = f"{len(first.nodes)} nodes, in the other dtype {len(second.nodes)}"
        return _one_dtype(entry, f"the program has {counts}")
    if nodes.pop().args != outputs:
        return _one_dtype(entry, "the outputs depend on the dtype")
    return msgspec.structs.replace(entry, nodes=nodes)


@dataclass(frozen=True)
class Program:
    """The nodes of a program, and a last one whose arguments are the outputs."""

    nodes: list[Node]

    def chains(self, names: dict[str, str]) -> dict[str, list[str]]:
        """Returns for each cast that does nothing its name and those of what it returns."""
        dtypes: dict[str, str] = {}
        found: dict[str, list[str]] = {}
        for node in self.nodes:
            name = names.get(node.name, node.name)
            if isinstance(node.value, TensorValue):
                dtypes[name] = node.value.dtype
            operand = node.args[0] if node.args else None
            if node.target in CASTS and isinstance(operand, Atom) and operand.node is not None:
                source = names.get(operand.node, operand.node)
                if dtypes.get(source, dtypes[name]) == dtypes[name]:
                    found[name] = [name, *found.get(source, [source])]
        return found


CASTS = frozenset({"aten.to.dtype", "aten.to.dtype_layout", "aten.to.device", "aten.to.other"})
"""Ops that return their operand itself where they have nothing to do."""


class _Differs(Exception):
    """Two programs do not do the same."""


def program_of(nodes: list[Node], outputs: list[Argument]) -> Program:
    """Returns a program with its outputs."""
    return Program([*nodes, _outputs_node(outputs)])


def _outputs_node(outputs: list[Argument]) -> Node:
    return Node("output", "output", args=outputs)


def _one_dtype(entry: Entry, reason: str) -> Entry:
    return msgspec.structs.replace(entry, dtype_generic=False, dtype_reason=reason)


def _renamed(node: Node, names: dict[str, str]) -> Node:
    """Returns a node whose arguments have the other program's names."""

    def renamed(value: Any) -> Any:
        if isinstance(value, list):
            return [renamed(item) for item in value]
        if isinstance(value, Atom) and value.node is not None:
            return Atom(node=names.get(value.node, value.node))
        return value

    kwargs = {name: renamed(arg) for name, arg in node.kwargs.items()}
    return msgspec.structs.replace(node, args=[renamed(arg) for arg in node.args], kwargs=kwargs)


def _merged(
    one: Node, two: Node, chains: dict[str, list[str]], others: dict[str, list[str]]
) -> Node:
    """Returns the node of the first program with arguments that are right in both."""

    def merged(left: Any, right: Any) -> Any:
        if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
            return [merged(*pair) for pair in zip(left, right, strict=True)]
        if left == right or (_is_float_dtype(left) and _is_float_dtype(right)):
            return left
        if not (isinstance(left, Atom) and isinstance(right, Atom) and left.node and right.node):
            raise _Differs
        ends = others.get(right.node, [right.node])
        common = [name for name in chains.get(left.node, [left.node]) if name in ends]
        if not common:
            raise _Differs
        return Atom(node=common[0])

    if len(one.args) != len(two.args) or one.kwargs.keys() != two.kwargs.keys():
        raise _Differs
    return msgspec.structs.replace(
        one,
        args=[merged(*pair) for pair in zip(one.args, two.args, strict=True)],
        kwargs={name: merged(arg, two.kwargs[name]) for name, arg in one.kwargs.items()},
        cast=_cast_of(one, two),
    )


def _cast_of(node: Node, other: Node) -> Cast | None:
    pairs = [
        (one, two)
        for one, two in zip(_flat(node), _flat(other), strict=True)
        if _is_float_dtype(one)
    ]
    if not pairs:
        return None
    return "fixed" if all(one == two for one, two in pairs) else "input_dtype"


def _flat(node: Node) -> list[Argument]:
    found: list[Argument] = []
    for value in (*node.args, *node.kwargs.values()):
        found += value if isinstance(value, list) else [value]
    return found


def _is_float_dtype(value: Argument) -> bool:
    return isinstance(value, Atom) and value.dtype is not None and DTYPES[value.dtype].is_float


def _is_huge(value: Argument) -> bool:
    return isinstance(value, float) and abs(value) > HUGE
