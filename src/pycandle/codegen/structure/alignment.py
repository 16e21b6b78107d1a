"""Aligns two bodies of one class, of which one lacks steps that the other has."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from pycandle.codegen.structure.layer_nodes import is_layer
from pycandle.codegen.structure.lists import ListValue, number_of
from pycandle.codegen.structure.regions import Item, Region
from pycandle.ir.graph import Argument, Node, Value
from pycandle.ir.sizes import Operation, Symbol
from pycandle.ir.types import TensorType

ChildKey: TypeAlias = Callable[[Region], Hashable]
"""Returns what calls of children must share to be alike: their type and method."""

MOST_MISSING = 8
"""Bodies that differ in more steps than this are two things."""

_POINTWISE = frozenset(
    {
        "add", "clamp", "div", "elu", "gelu", "hardsigmoid", "hardswish", "hardtanh", "leaky_relu",
        "mish", "mul", "relu", "relu6", "sigmoid", "silu", "softplus", "sub", "tanh",
    }
)  # fmt: skip
"""Ops that a body may lack: their Rust reads no size."""


@dataclass(frozen=True)
class _Walk:
    """How far two bodies have been compared; equal numbers are the same value in both."""

    ours: dict[Value, int]
    theirs: dict[Value, int]
    missing: dict[Item, Value] = field(default_factory=dict["Item", Value])

    def without(self, item: Item, source: Value) -> _Walk:
        """Returns a copy in which an item of the model is missing, and its source stands for it."""
        ours = {**self.ours, _result(item): self.ours[source]}
        return _Walk(ours, dict(self.theirs), {**self.missing, item: source})


def find_missing(model: Region, other: Region, key: ChildKey) -> dict[Item, Value] | None:
    """Returns the items of `model` that `other` lacks, each with the value that stands for it.

    None where the bodies are not equal but for such items and for numbers.
    """
    if len(model.inputs) != len(other.inputs) or len(model.outputs) != len(other.outputs):
        return None
    if _returns_lists(model) or _returns_lists(other):
        return None
    walk = _Walk(
        {value: i for i, value in enumerate(model.inputs)},
        {value: i for i, value in enumerate(other.inputs)},
    )
    return _compare(model, other, key, 0, 0, walk)


def _returns_lists(region: Region) -> bool:
    results = [*region.outputs, *(value for child in region.children() for value in child.outputs)]
    return any(isinstance(value, ListValue) for value in results)


def _compare(
    model: Region, other: Region, key: ChildKey, at: int, there: int, walk: _Walk
) -> dict[Item, Value] | None:
    while at < len(model.items):
        item = model.items[at]
        counterpart = other.items[there] if there < len(other.items) else None
        if counterpart is not None and shape_of(model, item, walk.ours, key) == shape_of(
            other, counterpart, walk.theirs, key
        ):
            for one, two in zip(results_of(item), results_of(counterpart), strict=True):
                walk.ours[one] = walk.theirs[two] = len(walk.ours) + len(walk.theirs)
            at, there = at + 1, there + 1
            continue
        if len(walk.missing) == MOST_MISSING:
            return None
        for source in _sources(item):
            if source in walk.ours:
                found = _compare(model, other, key, at + 1, there, walk.without(item, source))
                if found is not None:
                    return found
        return None
    return walk.missing if _ends_alike(model, other, there, walk) else None


def _ends_alike(model: Region, other: Region, there: int, walk: _Walk) -> bool:
    """Whether both bodies end in the same values, and each has a place to stand."""
    if there < len(other.items):
        return False
    if [walk.ours[value] for value in model.outputs] != [
        walk.theirs[value] for value in other.outputs
    ]:
        return False
    by_number = {number: value for value, number in walk.theirs.items()}
    for source in walk.missing.values():
        value = by_number[walk.ours[source]]
        if value in other.outputs and (value in other.inputs or source in model.outputs):
            return False
    return True


def results_of(item: Item) -> list[Value]:
    return item.outputs if isinstance(item, Region) else [item.result]


def _result(item: Item) -> Value:
    return results_of(item)[0]


def _sources(item: Item) -> list[Value]:
    """Returns the values that could stand for the result of an item that is missing."""
    if isinstance(item, Region):
        if item.kind != "module" or len(item.inputs) != 1 or len(item.outputs) != 1:
            return []
        # Rows of blocks have other lengths; that is a loop's matter.
        return [] if _is_in_row(item) else item.inputs
    values = [value for value in item.inputs() if value.state is None]
    if isinstance(item.result.type, TensorType) and is_layer(item):
        return values
    if item.target.split(".")[1].rstrip("_") not in _POINTWISE:
        return []
    alike = [value for value in item.inputs() if value.type == item.result.type]
    # Operands of other shapes would need another op where the step is there; a weight, a layer.
    return alike if len(alike) == len(list(item.inputs())) == len(values) else []


def _is_in_row(item: Region) -> bool:
    """Whether another child of the same class has the same name but for its number."""
    assert item.parent is not None
    stem = item.path.rstrip("0123456789")
    return stem != item.path and any(
        child is not item and child.name == item.name and child.path.rstrip("0123456789") == stem
        for child in item.parent.children()
    )


def shape_of(region: Region, item: Item, numbers: dict[Value, int], key: ChildKey) -> Hashable:
    """Returns an item with its numbers left out, in terms of the values before it."""
    if isinstance(item, Region):
        inputs = tuple(number_of(value, numbers) for value in item.inputs)
        states = tuple(_states_of_function(region, item)) if item.kind == "function" else ()
        return item.kind, region.relative(item.path), key(item), inputs, states, len(item.outputs)

    def canonical(argument: Argument) -> Hashable:
        match argument:
            case Value(state=str() as state):
                return region.relative(state) or state
            case Value():
                return numbers.get(argument, -1)
            case list():
                return tuple(canonical(item) for item in argument)
            case bool() | None:
                return str(argument)
            case int() | float() | Symbol() | Operation():
                return "#"
            case _:
                return str(argument)

    args = tuple(canonical(argument) for argument in item.args)
    kwargs = tuple((name, canonical(item)) for name, item in sorted(item.kwargs.items()))
    rank = item.result.type.rank if isinstance(item.result.type, TensorType) else -1
    return item.target, args, kwargs, rank, item.cast


def _states_of_function(region: Region, function: Region) -> Iterator[str]:
    for node in function.nodes():
        for value in node.inputs():
            if value.state is not None:
                yield region.relative(value.state) or value.state


def same_place(node: Node, like: Node, value: Value) -> Value:
    """Returns the operand of `node` that stands where `value` stands among those of `like`."""
    return list(node.inputs())[list(like.inputs()).index(value)]
