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


def period_of(kinds: list[Hashable]) -> int | None:
    """Returns after how many layers of a row their kinds come again, if more than one kind does.

    The row may end anywhere: of blocks that take turns there may be an odd number.
    """
    for period in range(2, len(kinds)):
        if all(kinds[i] == kinds[i - period] for i in range(period, len(kinds))):
            return period if len(set(kinds)) > 1 else None
    return None


def periods_of(recording: Recording) -> dict[str, int]:
    """Returns the period of each container whose layers take turns."""
    found: dict[str, int] = {}
    for entry in recording.entries:
        structure = _structure(entry, recording)
        for root in structure.roots():
            structure.call(root)
        found |= structure.periods
    return found


@dataclass
class _Call:
    index: int
    parent: int | None
    module: str
    items: list[Node | int] = field(default_factory=list["Node | int"])
    """Its own nodes, and the calls in it by index, in the order of their nodes."""


def _structure(entry: Entry, recording: Recording) -> _Structure:
    classes = {module.path: module.cls for module in recording.modules}
    calls = [_Call(i, call.parent, call.module) for i, call in enumerate(entry.calls)]
    placed: set[int] = set()
    sizes = size_nodes(entry)
    for node in entry.nodes:
        if node.name not in sizes:
            _place(node, calls, placed)
    return _Structure(entry, calls, classes)


def _entry(entry: Entry, recording: Recording) -> Hashable:
    structure = _structure(entry, recording)
    inputs = tuple(
        (item.path, item.value.dtype, tuple(map(without_numbers, item.value.shape)), item.used)
        for item in entry.inputs
    )
    conditions = tuple(
        (without_numbers(item.left), item.relation, without_numbers(item.right), item.except_one)
        for item in entry.conditions
    )
    return entry.name, inputs, conditions, tuple(structure.call(root) for root in structure.roots())


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
        self.periods: dict[str, int] = {}
        """Of each container whose layers take turns."""
        nodes = [node for node in entry.nodes if node.name not in self.sizes]
        self.home = {node.name: node.call for node in nodes}
        self.position: dict[str, int] = {}
        counts: dict[int, int] = {}
        for node in nodes:
            self.position[node.name] = counts.get(node.call, 0)
            counts[node.call] = self.position[node.name] + 1
        self.counts = counts

    def roots(self) -> list[int]:
        """Returns the calls that are in no other."""
        return [call.index for call in self.calls if call.parent is None]

    def call(self, index: int) -> int:
        """Returns the structure of one call as a number."""
        call = self.calls[index]
        parts: list[Hashable] = [self.classes.get(call.module), *self._inputs(index)]
        outer: dict[str, int] = {}
        event = -1
        events: dict[int, Hashable] = {}
        for group in self._rows(call.items):
            if isinstance(group, Node):
                event += 1
                parts.append(self._node(group, index, events, outer))
                continue
            kinds: list[Hashable] = [
                (pattern_of(self.calls[i].module), self.call(i)) for i in group
            ]
            period = period_of(kinds)
            if period is not None:
                parts.append((period, *kinds[:period]))
                events |= {item: (event + 1, i % period) for i, item in enumerate(group)}
                # What comes after the row reads its last layer, of whichever kind that is.
                events[group[-1]] = event + 1, "last"
                self.periods[self.calls[group[0]].module.rpartition(".")[0]] = period
                event += 1
                continue
            for i, item in enumerate(group):
                if i == 0 or kinds[i] != kinds[i - 1]:
                    event += 1
                    parts.append(kinds[i])
                events[item] = event
        return hash(tuple(parts))

    def _rows(self, items: list[Node | int]) -> Iterator[Node | list[int]]:
        """Yields nodes, and calls: those of numbered modules of one container together."""
        row: list[int] = []
        container: str | None = None
        for item in items:
            path = "" if isinstance(item, Node) else self.calls[item].module
            parent, _, last = path.rpartition(".")
            if row and not (last.isdigit() and parent == container):
                yield row
                row = []
            if isinstance(item, Node):
                yield item
            else:
                row.append(item)
                container = parent if last.isdigit() else None
        if row:
            yield row

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
        self, node: Node, call: int, events: dict[int, Hashable], outer: dict[str, int]
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
        self, name: str, call: int, events: dict[int, Hashable], outer: dict[str, int]
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
            # From the end: what a layer returns comes last, however many ops it has.
            return "child", events.get(child), where, self.counts[home] - self.position[name]
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
