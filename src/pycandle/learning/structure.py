"""The structure of a recording: what is left of a program without numbers and repetitions.

Two recordings of one structure are one program but for numbers and the lengths of loops.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

from pycandle.learning.numbers import MEANT, Recording, size_nodes, without_numbers
from pycandle.manifest.schema import (
    Argument,
    Atom,
    Entry,
    ListValue,
    Mapping,
    Node,
    ScalarValue,
    Sequence,
    TensorValue,
    Tree,
)

_NUMBERED = re.compile(r"(?<![^.])\d+(?![^.])")


def structure_of(recording: Recording) -> int:
    """Returns a number that recordings of one structure share."""
    return hash(tuple(_entry(entry, recording) for entry in recording.entries))


def pattern_of(path: str) -> str:
    """Returns a path with its indices alike."""
    return _NUMBERED.sub("*", path)


@dataclass
class _Call:
    index: int
    parent: int | None
    module: str
    items: list[Node | int] = field(default_factory=list["Node | int"])
    """Its own nodes, and the calls in it by index, in the order of their nodes."""


def _entry(entry: Entry, recording: Recording) -> Hashable:
    classes = {module.path: module.cls for module in recording.modules}
    calls = [_Call(i, call.parent, call.module) for i, call in enumerate(entry.calls)]
    placed: set[int] = set()
    sizes = size_nodes(entry)
    for node in entry.nodes:
        if node.name not in sizes:
            _place(node, calls, placed)
    structure = _Structure(entry, calls, classes)
    roots = [call.index for call in calls if call.parent is None]
    inputs = tuple(
        (item.path, item.value.dtype, tuple(map(without_numbers, item.value.shape)), item.used)
        for item in entry.inputs
    )
    conditions = tuple(
        (without_numbers(item.left), item.relation, without_numbers(item.right), item.except_one)
        for item in entry.conditions
    )
    return entry.name, inputs, conditions, tuple(structure.call(root) for root in roots)


def _place(node: Node, calls: list[_Call], placed: set[int]) -> None:
    calls[node.call].items.append(node)
    index: int | None = node.call
    while index is not None and index not in placed:
        placed.add(index)
        parent = calls[index].parent
        if parent is not None:
            own = calls[parent].items
            # The node itself is the last item where it is the parent's own.
            own.append(index)
        index = parent


class _Structure:
    def __init__(self, entry: Entry, calls: list[_Call], classes: dict[str, str]) -> None:
        self.entry = entry
        self.calls = calls
        self.classes = classes
        self.sizes = size_nodes(entry)
        nodes = [node for node in entry.nodes if node.name not in self.sizes]
        self.home = {node.name: node.call for node in nodes}
        self.position: dict[str, int] = {}
        counts: dict[int, int] = {}
        for node in nodes:
            self.position[node.name] = counts.get(node.call, 0)
            counts[node.call] = self.position[node.name] + 1

    def call(self, index: int) -> int:
        """Returns the structure of one call as a number."""
        call = self.calls[index]
        parts: list[Hashable] = [self.classes.get(call.module), *self._inputs(index)]
        outer: dict[str, int] = {}
        event = -1
        events: dict[int, int] = {}
        last: tuple[str, int] | None = None
        for item in call.items:
            if isinstance(item, Node):
                last, event = None, event + 1
                parts.append(self._node(item, index, events, outer))
                continue
            found = pattern_of(self.calls[item].module), self.call(item)
            numbered = self.calls[item].module.rpartition(".")[2].isdigit()
            if not (numbered and found == last):
                event += 1
                parts.append(found)
            last = found
            events[item] = event
        return hash(tuple(parts))

    def _inputs(self, index: int) -> Iterator[Hashable]:
        for name, tree in self.entry.calls[index].inputs.items():
            yield name, tuple(self._tree(tree))

    def _tree(self, tree: Tree) -> Iterator[Hashable]:
        match tree:
            case Sequence(items=items):
                for item in items:
                    yield from self._tree(item)
            case Mapping(fields=fields):
                for name, item in fields.items():
                    yield name
                    yield from self._tree(item)
            case _:
                value = getattr(tree, "value", None)
                yield "tensor" if isinstance(value, Atom) and value.node else "other"

    def _node(
        self, node: Node, call: int, events: dict[int, int], outer: dict[str, int]
    ) -> Hashable:
        def masked(argument: Argument) -> Hashable:
            if isinstance(argument, list):
                return tuple(masked(item) for item in argument)
            if isinstance(argument, bool | str) or argument is None:
                return repr(argument)
            if isinstance(argument, int | float):
                return "#"
            if argument.node in self.sizes:
                return without_numbers(self.sizes[argument.node])
            if argument.node is not None:
                return self._reference(argument.node, call, events, outer)
            return without_numbers(argument.size) if argument.size else repr(argument)

        return (
            node.target,
            tuple(masked(argument) for argument in node.args[: MEANT.get(node.target)]),
            tuple((name, masked(argument)) for name, argument in sorted(node.kwargs.items())),
            self._value(node.value),
        )

    def _reference(
        self, name: str, call: int, events: dict[int, int], outer: dict[str, int]
    ) -> Hashable:
        state = self.entry.state.get(name)
        if state is not None:
            own = self.calls[call].module
            inside = state.startswith(f"{own}.") if own else True
            return "state", pattern_of(state[len(own) :] if inside else state)
        home = self.home.get(name)
        if home == call:
            return "own", self.position[name]
        if home is not None and (child := self._below(home, call)) is not None:
            where = pattern_of(self.calls[home].module)
            return "child", events.get(child), where, self.position[name]
        return "outer", outer.setdefault(name, len(outer))

    def _below(self, home: int, call: int) -> int | None:
        """Returns the child of a call that a call is in."""
        index: int | None = home
        while index is not None:
            parent = self.calls[index].parent
            if parent == call:
                return index
            index = parent
        return None

    def _value(self, value: object) -> Hashable:
        match value:
            case TensorValue(dtype, shape):
                return dtype, tuple(map(without_numbers, shape))
            case ScalarValue(kind, expression):
                return kind, None if expression is None else without_numbers(expression)
            case ListValue(items):
                return tuple(self._value(item) for item in items)
            case _:
                return None
