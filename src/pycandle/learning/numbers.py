"""The numbers of one recording, each under a name that other recordings of the model share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from pycandle.manifest.schema import (
    Argument,
    Atom,
    Entry,
    ListValue,
    Module,
    Node,
    ScalarValue,
    Size,
    StateTensor,
    TensorValue,
)
from pycandle.manifest.sizes import Expr, Integer, Operation, parse

Number: TypeAlias = "int | float"

MEANT = {"aten.embedding.default": 2, "aten.dropout.default": 1}
"""Ops whose further arguments matter in training only, and how many come before these."""
OPEN_END = 2**62
"""Python's open end of a slice arrives as the largest int64, which is no number of the model."""


@dataclass(frozen=True)
class NodePlace:
    """A number of a node, or of an input, that stands at `position` in its module call."""

    entry: str
    module: str
    call: int
    position: int
    """Counts the call's own nodes; inputs, and then conditions, count down from -1."""
    place: str


@dataclass(frozen=True)
class StatePlace:
    """The size of a dim of a state tensor."""

    name: str
    dim: int


@dataclass(frozen=True)
class LengthPlace:
    """The number of children of a container."""

    module: str


Place: TypeAlias = NodePlace | StatePlace | LengthPlace


@dataclass(frozen=True)
class Recording:
    """What one recording says: the program, its state and its modules."""

    entries: tuple[Entry, ...]
    state: tuple[StateTensor, ...]
    modules: tuple[Module, ...]
    data: dict[str, str] = field(default_factory=dict[str, str])
    """A digest of the values of each tensor that is computed while the model is built."""
    attributes: dict[str, dict[str, Number]] = field(default_factory=dict[str, dict[str, Number]])
    """Numbers that modules hold as attributes, by path."""
    defaults: dict[str, tuple[Argument, ...]] = field(
        default_factory=dict[str, "tuple[Argument, ...]"]
    )
    """Of each op, what an argument is that was left out, by position."""


def numbers_of(recording: Recording) -> dict[Place, Number]:
    """Returns every number of a recording."""
    found: dict[Place, Number] = {}
    for entry in recording.entries:
        for where, _, value in entry_numbers(entry):
            found[where] = value
    for tensor in recording.state:
        for dim, size in enumerate(tensor.shape):
            found[StatePlace(tensor.name, dim)] = size
    for path, length in lengths_of(recording.modules).items():
        found[LengthPlace(path)] = length
    return found


def lengths_of(modules: tuple[Module, ...]) -> dict[str, int]:
    """Returns how many numbered children each module has that has any."""
    found: dict[str, int] = {}
    for module in modules:
        parent, _, last = module.path.rpartition(".")
        if last.isdigit():
            found[parent] = found.get(parent, 0) + 1
    return found


def entry_numbers(entry: Entry) -> Iterator[tuple[NodePlace, str, Number]]:
    """Yields the numbers of an entry, with the node or input that each belongs to."""
    for position, item in enumerate(entry.inputs):
        for place, value in _value_numbers(item.value, "value"):
            yield NodePlace(entry.name, "", 0, -1 - position, place), item.node, value
    for position, condition in enumerate(entry.conditions):
        for side, size in (("left", condition.left), ("right", condition.right)):
            for place, value in _size_numbers(size, side):
                where = NodePlace(entry.name, "", 0, -1 - len(entry.inputs) - position, place)
                yield where, f"condition.{position}", value
    sizes = size_nodes(entry)
    counts: dict[int, int] = {}
    for node in entry.nodes:
        if node.name in sizes:
            continue
        call = entry.calls[node.call]
        position = counts.get(node.call, 0)
        counts[node.call] = position + 1
        for place, value in _node_numbers(node, sizes):
            where = NodePlace(entry.name, call.module, call.index, position, place)
            yield where, node.name, value


def size_nodes(entry: Entry) -> dict[str, Size]:
    """Returns the nodes that compute integers from sizes, with what they compute.

    They are numbers of the ops that read them: torch makes one for several, wherever it is first.
    """
    return {
        node.name: node.value.expression
        for node in entry.nodes
        if isinstance(node.value, ScalarValue) and node.value.expression is not None
    }


def _node_numbers(node: Node, sizes: Mapping[str, Size]) -> Iterator[tuple[str, Number]]:
    """Yields the numbers of a node by place: `args.1.2`, `kwargs.scale`, `value.0`."""
    for index, argument in enumerate(node.args[: MEANT.get(node.target)]):
        yield from _argument_numbers(argument, f"args.{index}", sizes)
    for name, argument in node.kwargs.items():
        yield from _argument_numbers(argument, f"kwargs.{name}", sizes)
    yield from _value_numbers(node.value, "value")


def _value_numbers(value: object, place: str) -> Iterator[tuple[str, Number]]:
    match value:
        case TensorValue(shape=shape):
            for dim, size in enumerate(shape):
                yield from _size_numbers(size, f"{place}.{dim}")
        case ScalarValue(expression=int() | str() as size):
            yield from _size_numbers(size, place)
        case ListValue(items=items):
            for index, item in enumerate(items):
                yield from _value_numbers(item, f"{place}.{index}")
        case _:
            return


def _argument_numbers(
    argument: Argument, place: str, sizes: Mapping[str, Size]
) -> Iterator[tuple[str, Number]]:
    if isinstance(argument, list):
        for index, item in enumerate(argument):
            yield from _argument_numbers(item, f"{place}.{index}", sizes)
    elif isinstance(argument, bool):
        return
    elif isinstance(argument, int):
        if abs(argument) < OPEN_END:
            yield place, argument
    elif isinstance(argument, float):
        yield place, argument
    elif isinstance(argument, Atom):
        size = argument.size if argument.node is None else sizes.get(argument.node)
        if size is not None:
            yield from _size_numbers(size, place)


def _size_numbers(size: Size, place: str) -> Iterator[tuple[str, Number]]:
    if isinstance(size, int):
        yield place, size
        return
    for index, value in enumerate(integers_in(parse(size))):
        yield f"{place}#{index}", value


def integers_in(tree: Expr) -> Iterator[int]:
    """Yields the integers in a size, in order."""
    match tree:
        case Integer(value):
            yield value
        case Operation(_, args):
            for arg in args:
                yield from integers_in(arg)
        case _:
            return


_INTEGER = re.compile(r"(?<![\w.])\d+")


def without_numbers(size: Size) -> str:
    """Returns a size with its integers alike."""
    return "#" if isinstance(size, int) else _INTEGER.sub("#", size)
