"""Whether another program computes what the first one does, with the numbers of its settings.

At special values code leaves out what does nothing there: `repeat_kv` for one repetition,
`.contiguous()` of what is contiguous, a slice of everything. Such steps are left out of both
programs; all others, their operands and their numbers must be equal.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, cast

from pycandle.learning.numbers import (
    MEANT,
    OPEN_END,
    NodePlace,
    Number,
    Place,
    Recording,
    StatePlace,
    numbers_of,
    size_nodes,
)
from pycandle.learning.solving import agree
from pycandle.manifest import schema
from pycandle.manifest.sizes import Expr, Integer, Operation, SizeError, evaluate_tree, parse

_NAMES = """view reshape _unsafe_view flatten unflatten unsqueeze squeeze alias contiguous clone
expand slice repeat repeat_interleave to _to_copy"""
KEEPING = frozenset(f"aten.{name}" for name in _NAMES.split())
"""Ops that keep all elements in their order, where number and dtype of them stay the same."""
_VIEWS = {"aten.view", "aten.unsqueeze", "aten.squeeze", "aten.alias", "aten.expand", "aten.slice"}
"""Those of them that never copy."""
_CHECKS = ("aten._assert", "aten.sym_", "aten._check")
_STARTS = (101, 307)
"""Sizes that stand for all: those of the symbols are counted on from each."""

Steps: TypeAlias = "tuple[Hashable, ...]"
Shape = tuple[tuple[Any, ...], ...]
"""For each dim its size at each of the points."""


def compare(
    first: Recording, numbers: Mapping[Place, Number], other: Recording
) -> Literal["same", "other", "unfit"]:
    """Returns whether `other` computes what `first` does if its numbers are `numbers`.

    `unfit`: with such numbers `first` would take more of a tensor than it has, as where there are
    fewer positions than the inputs are long. What was recorded then says nothing.
    """
    theirs = numbers_of(other)
    if _state(first, numbers) != _state(other, theirs):
        return "other"
    for one, two in zip(first.entries, other.entries, strict=True):
        points = tuple(_points(two))
        try:
            ours = Reduced(one, first, numbers, points).everything()
            same = _alike(ours, Reduced(two, other, theirs, points).everything())
        except _Unfit:
            return "unfit"
        except (SizeError, KeyError, _Unreadable):
            return "other"
        if not same:
            return "other"
    return "same"


def _points(entry: schema.Entry) -> Iterator[Mapping[str, int]]:
    """Yields sizes that stand for all, and those of the recording."""
    for start in _STARTS:
        yield {symbol.name: start + 6 * i for i, symbol in enumerate(entry.symbols)}
    yield {symbol.name: symbol.recorded or _STARTS[0] for symbol in entry.symbols}


def _state(recording: Recording, numbers: Mapping[Place, Number]) -> dict[str, Hashable]:
    return {
        item.name: (
            item.dtype,
            *(numbers[StatePlace(item.name, i)] for i in range(len(item.shape))),
        )
        for item in recording.state
    }


def _alike(one: object, other: object) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        left, right = cast("Steps", one), cast("Steps", other)
        return len(left) == len(right) and all(map(_alike, left, right))
    if isinstance(one, float) and isinstance(other, float):
        return agree(one, other)
    return (type(one), one) == (type(other), other)  # pyright: ignore[reportUnknownArgumentType]


class _Unfit(Exception):
    """Inputs that the program does not take."""


class _Unreadable(Exception):
    """A program that writes to a value that was left out as a copy of another, or may be one."""


@dataclass(frozen=True)
class _Value:
    """What a node is: the elements of a step, an input or a state tensor, in a shape."""

    root: Hashable
    shape: Shape
    dtype: str


@dataclass
class Reduced:
    """The steps of an entry that do something, numbered as they are made."""

    entry: schema.Entry
    recording: Recording
    numbers: Mapping[Place, Number]
    points: tuple[Mapping[str, int], ...]
    """Values of the symbols, with which sizes are compared."""
    values: dict[str, _Value] = field(default_factory=dict[str, _Value])
    sizes: dict[str, schema.Size] = field(default_factory=dict[str, schema.Size])
    """Integers that are computed from sizes, by node."""
    steps: list[Hashable] = field(default_factory=list[Hashable])
    written: set[Hashable] = field(default_factory=set[Hashable])
    """Values that ops write to."""
    copied: set[Hashable] = field(default_factory=set[Hashable])
    """Values of which steps that copy were left out."""

    def __post_init__(self) -> None:
        """Reads the entry. Raises SizeError, KeyError for what it cannot tell."""
        for position, item in enumerate(self.entry.inputs):
            shape = self._shape(item.value, self._outer(-1 - position), "value")
            self.values[item.node] = _Value(("input", item.path), shape, item.value.dtype)
            self.steps.append((item.path, item.value.dtype, shape))
        state = {item.name: item for item in self.recording.state}
        for node, name in self.entry.state.items():
            sizes = (self.numbers[StatePlace(name, i)] for i in range(len(state[name].shape)))
            shape = tuple((size,) * len(self.points) for size in sizes)
            self.values[node] = _Value(("state", name), shape, state[name].dtype)
        self.sizes = size_nodes(self.entry)
        counts: dict[int, int] = {}
        for node in self.entry.nodes:
            if node.name in self.sizes:
                continue
            call, position = self.entry.calls[node.call], counts.get(node.call, 0)
            counts[node.call] = position + 1
            self._add(node, NodePlace(self.entry.name, call.module, call.index, position, ""))

    def everything(self) -> tuple[Any, ...]:
        """Returns all that two programs must share. Raises _Unreadable."""
        if self.written & self.copied:
            raise _Unreadable
        output = tuple(self._tree(self.entry.output))
        return tuple(self.steps), output, tuple(sorted(self._conditions(), key=repr))

    def _outer(self, position: int) -> NodePlace:
        return NodePlace(self.entry.name, "", 0, position, "")

    def _conditions(self) -> set[Hashable]:
        found: set[Hashable] = set()
        for position, item in enumerate(self.entry.conditions):
            where = self._outer(-1 - len(self.entry.inputs) - position)
            left, right = (
                self._size(item.left, where, "left"),
                self._size(item.right, where, "right"),
            )
            if len(set(left)) > 1 or len(set(right)) > 1:
                found.add((left, item.relation, right, item.except_one))
        return found

    def _add(self, node: schema.Node, where: NodePlace) -> None:
        value = node.value
        if value is None or node.target.startswith(_CHECKS):
            return
        overload = node.target.rpartition(".")[0]
        result = self._result(value, where, len(self.steps))
        source = node.args[0] if node.args else None
        if isinstance(source, schema.Atom) and source.node in self.values:
            before = self.values[source.node]
            if overload == "aten.slice" and _exceeds(result, before):
                raise _Unfit
            if (
                overload in KEEPING
                and self._count(before) == self._count(result)
                and before.dtype == result.dtype
            ):
                self.values[node.name] = _Value(before.root, result.shape, result.dtype)
                if overload not in _VIEWS:
                    self.copied.add(before.root)
                return
            if overload.endswith("_"):
                self.written.add(before.root)
        self.values[node.name] = result
        self.steps.append((node.target, *self._arguments(node, where), result.shape, result.dtype))

    def _arguments(self, node: schema.Node, where: NodePlace) -> Iterator[Hashable]:
        """Yields the arguments; those that were left out are their defaults."""
        most = MEANT.get(node.target)
        given = [*node.args, *self.recording.defaults.get(node.target, ())[len(node.args) :]]
        named = dict(node.kwargs)
        for index, argument in enumerate(given[:most]):
            yield self._argument(argument, where, f"args.{index}", known=index < len(node.args))
        for name, argument in sorted(named.items()):
            yield name, self._argument(argument, where, f"kwargs.{name}")

    def _argument(
        self, argument: schema.Argument, where: NodePlace, place: str, *, known: bool = True
    ) -> Hashable:
        """`known`: whether its numbers are among those of the recording."""
        match argument:
            case list():
                items = enumerate(argument)
                return tuple(
                    self._argument(item, where, f"{place}.{i}", known=known) for i, item in items
                )
            case bool() | str() | None:
                return argument
            case int() | float():
                if not known or (isinstance(argument, int) and abs(argument) >= OPEN_END):
                    return argument
                return self._number(where, place)
            case schema.Atom(node=str() as name) if name in self.sizes:
                return self._size(self.sizes[name], where, place)
            case schema.Atom(node=str() as name):
                return self._value(name)
            case schema.Atom(size=str() as size):
                return self._size(size, where, place)
            case _:
                return repr(argument)

    def _value(self, name: str) -> Hashable:
        if name in self.sizes:
            return "size", self.sizes[name]
        value = self.values[name]
        return value.root, value.shape

    def _result(self, value: object, where: NodePlace, root: Hashable) -> _Value:
        match value:
            case schema.TensorValue(dtype):
                return _Value(root, self._shape(value, where, "value"), dtype)
            case schema.ListValue(items):
                inside = enumerate(items)
                shapes = [
                    self._shape(item, where, f"value.{i}")
                    if isinstance(item, schema.TensorValue)
                    else ()
                    for i, item in inside
                ]
                return _Value(root, tuple(size for shape in shapes for size in shape), "")
            case _:
                return _Value(root, (), "")

    def _shape(self, value: schema.TensorValue, where: NodePlace, place: str) -> Shape:
        return tuple(self._size(size, where, f"{place}.{i}") for i, size in enumerate(value.shape))

    def _size(self, size: schema.Size, where: NodePlace, place: str) -> tuple[Any, ...]:
        """Returns a size at each of the points."""
        if isinstance(size, int):
            return (self._number(where, place),) * len(self.points)
        numbers = iter(range(len(size)))
        tree = self._exchanged(parse(size), where, place, numbers)
        return tuple(evaluate_tree(tree, point) for point in self.points)

    def _exchanged(self, tree: Expr, where: NodePlace, place: str, numbers: Iterator[int]) -> Expr:
        match tree:
            case Integer():
                found = self._number(where, f"{place}#{next(numbers)}")
                if not isinstance(found, int):
                    raise SizeError(f"the size {found} is no integer")
                return Integer(found)
            case Operation(op, args):
                inside = (self._exchanged(arg, where, place, numbers) for arg in args)
                return Operation(op, tuple(inside))
            case _:
                return tree

    def _number(self, where: NodePlace, place: str) -> Number:
        return self.numbers[NodePlace(where.entry, where.module, where.call, where.position, place)]

    def _tree(self, tree: schema.Tree) -> Iterator[Hashable]:
        match tree:
            case schema.Sequence(kind, items):
                yield kind
                for item in items:
                    yield from self._tree(item)
            case schema.Mapping(fields):
                for name, item in fields.items():
                    yield name
                    yield from self._tree(item)
            case schema.Leaf(schema.Atom(node=str() as name)):
                yield self._value(name)
            case _:
                yield repr(tree)

    def _count(self, value: _Value) -> tuple[int, ...]:
        """Returns the number of elements at each of the points."""
        return tuple(math.prod(dim[i] for dim in value.shape) for i in range(len(self.points)))


def _exceeds(result: _Value, operand: _Value) -> bool:
    """Whether a part of a tensor is larger than it, at the recorded sizes."""
    pairs = zip(result.shape, operand.shape, strict=True)
    return any(part[-1] > whole[-1] for part, whole in pairs)
