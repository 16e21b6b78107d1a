"""Decides which values of a body get a name and which are printed inside their one reader."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import TypeAlias

from pycandle.codegen.structure.choices import Choice
from pycandle.codegen.structure.layout import GETITEM
from pycandle.codegen.structure.lists import ListValue, joined_items, segments
from pycandle.codegen.structure.loops import Loop
from pycandle.codegen.structure.regions import Default, Item, Region
from pycandle.ir.graph import Node, Value
from pycandle.ir.types import TupleType
from pycandle.lowering.reuse import REUSED
from pycandle.rust.names import snake

Step: TypeAlias = Item | Loop | Default | Choice
"""What has a statement of its own, or is printed inside that of another."""

_IDENTIFIER = re.compile(r"(?:self\.)?([A-Za-z_][A-Za-z0-9_]*)")
_LONGEST_CHAIN = 5
_HEAVIEST_ARGUMENT = 2


def variable_of(value: Value, index: int | None = None) -> str | None:
    """Returns the Python variable of a value as a Rust name; `index` picks from a tuple target."""
    text = value.variable
    if text is None or text == "return":
        return None
    return _pick(text, index)


def _pick(text: str, index: int | None) -> str | None:
    """Returns the name at a position of an assignment's target; without one, the only name."""
    names = [part.strip() for part in text.strip("()[] ").split(",")]
    names = [name for name in names if name]
    if index is not None:
        name = names[index] if index < len(names) and len(names) > 1 else None
    else:
        given = [name for name in names if name != "_"]
        name = given[0] if len(given) == 1 else None
    match = _IDENTIFIER.fullmatch(name) if name else None
    return snake(match[1]) if match and match[1] != "_" else None


def assigned_name(item: Item, value: Value) -> str | None:
    """Returns the variable that Python assigns an item's result to, as a Rust name.

    Of several results, those of a module are known by their positions. Those of a function are
    not, and have no name here.
    """
    if not isinstance(item, Region):
        return variable_of(value)
    if item.variable is None or item.variable == "return":
        return None
    position = None
    if len(item.results) > 1:
        position = item.results.index(value) if value in item.results else None
        if position is None:
            return None
    elif len(item.outputs) > 1:
        return None
    return _pick(item.variable, position)


def variables_of(items: Sequence[Step]) -> set[str]:
    """Returns the names that Python gives to the results of items."""
    found: set[str | None] = set()
    for item in items:
        for position, value in enumerate(results(item)):
            found.add(variable_of(value))
            found.add(variable_of(value, position))
            if not isinstance(item, Loop | Default | Choice):
                found.add(assigned_name(item, value))
    return {name for name in found if name is not None}


_RENAMES = ("aten.to.", "aten.type_as.", "aten.view.", "aten.reshape.", "aten.contiguous.")


def origin_of(value: Value) -> str | None:
    """Returns the variable of a value, or of the value that it is a cast or another shape of."""
    name = variable_of(value)
    node = value.node
    while name is None and node is not None and node.target.startswith(_RENAMES):
        source = node.args[0]
        if not isinstance(source, Value):
            return None
        name, node = variable_of(source), source.node
    return name


def reads(item: Step, split: set[Value]) -> list[Value]:
    """Returns the values that the statement of an item mentions, state included."""
    if isinstance(item, Default):
        made = {value for inside in item.items for value in results(inside)}
        found = [value for inside in item.items for value in reads(inside, split)]
        return [item.given, *(value for value in found if value not in made)]
    if isinstance(item, Region):
        return item.inputs
    if isinstance(item, Loop | Choice):
        return item.reads
    if item.result in split:
        return []
    if item.target == GETITEM and item.args[0] in split:
        source = item.args[0]
        assert isinstance(source, Value)
        assert source.node is not None
        return list(source.node.inputs())
    return list(item.inputs())


def results(item: Step) -> list[Value]:
    """Returns the values that an item computes."""
    if isinstance(item, Default):
        return [item.value]
    if isinstance(item, Choice):
        return [item.node.result]
    return [item.result] if isinstance(item, Node) else item.outputs


def _lists(items: Sequence[Step], inputs: Iterable[Value]) -> Iterator[ListValue]:
    """Yields the lists that are parameters, and those that loops and calls make."""
    yield from (value for value in inputs if isinstance(value, ListValue))
    for item in items:
        if not isinstance(item, Node):
            yield from (value for value in results(item) if isinstance(value, ListValue))


class Plan:
    """Where each value of a body is computed and last read."""

    def __init__(
        self,
        items: Sequence[Step],
        outputs: list[Value],
        split: set[Value],
        maybe: Container[Node] = (),
        inputs: Iterable[Value] = (),
    ) -> None:
        """`split`: tuple results whose items are expressions of their own; `maybe`: ops that are
        not there in every instance; `inputs`: the parameters.
        """
        self.items = items
        self.maybe = maybe
        self.outputs = outputs
        self.split = split
        self.lists = {value.items: value for value in _lists(items, inputs)}
        """Lists that are variables, by their items."""
        self.end = len(items)
        self.producer: dict[Value, int] = {}
        self.readers: dict[Value, list[int]] = {}
        self.inside: dict[Value, int] = {}
        """The item in whose statement an unnamed value is printed."""
        self.weight: Counter[Value] = Counter()
        for index, item in enumerate(items):
            for value in results(item):
                self.producer[value] = index
            for value in self.reads(item):
                self.readers.setdefault(value, []).append(index)
        for value in (part for output in outputs for part in self.parts(output)):
            self.readers.setdefault(value, []).append(self.end)
        self._choose()
        self.statement = [self._statement(index) for index in range(self.end)]
        self.last = self._last_reads()

    def reads(self, item: Step) -> list[Value]:
        """Returns the values that a statement mentions: a list as one where it is a variable."""
        joined = joined_items(item) if isinstance(item, Node) else None
        if joined in self.lists:
            return [self.lists[joined]]
        found: list[Value] = []
        for value in reads(item, self.split):
            found += self.parts(value)
        return found

    def parts(self, value: Value) -> list[Value]:
        """Returns what a list is put together of; anything else as it is."""
        if not isinstance(value, ListValue):
            return [value]
        return list(segments(value.items, self.lists))

    def is_unnamed(self, value: Value) -> bool:
        """Whether a value is printed inside its reader."""
        return value in self.inside

    def emits(self, index: int) -> bool:
        """Whether an item has a statement of its own."""
        item = self.items[index]
        if isinstance(item, Node):
            if item.result in self.split:
                return False
            if item.target == GETITEM and item.args[0] not in self.split:
                return False
        found = results(item)
        return not (len(found) == 1 and found[0] in self.inside)

    def _choose(self) -> None:
        for index, item in enumerate(self.items):
            if isinstance(item, Loop | Default | Choice):
                continue
            found = results(item)
            if len(found) != 1 or isinstance(found[0].type, TupleType):
                continue
            if isinstance(item, Node) and item.target == GETITEM and item.args[0] not in self.split:
                continue
            value = found[0]
            readers = self.readers.get(value, [])
            if len(readers) == 1 and self._fits(value, item, readers[0]):
                self.inside[value] = readers[0]
            self.weight[value] = 1 + sum(
                self.weight[read] for read in self.reads(item) if self.inside.get(read) == index
            )

    def _fits(self, value: Value, item: Item, reader: int) -> bool:
        """Whether a value that is read once reads well inside its reader."""
        if item.is_optional if isinstance(item, Region) else item in self.maybe:
            return False
        if reader == self.end:
            return len(self.outputs) == 1 or assigned_name(item, value) is None
        consumer = self.items[reader]
        if isinstance(consumer, Loop | Default | Choice):
            return False
        if isinstance(consumer, Node) and consumer in self.maybe:
            return False
        if isinstance(item, Region) and isinstance(consumer, Region):
            return False
        weight = 1 + sum(self.weight[read] for read in self.reads(item) if read in self.inside)
        if isinstance(consumer, Node) and consumer.target in REUSED:
            return False
        own = assigned_name(item, value)
        target = _target(consumer)
        if own is not None and _is_next_turn(item, consumer):
            return False
        if _is_receiver(value, consumer):
            return weight < _LONGEST_CHAIN and own in (None, target)
        return own is None and weight <= _HEAVIEST_ARGUMENT

    def _statement(self, index: int) -> int:
        """Returns the item in whose statement an item is printed."""
        while True:
            found = results(self.items[index])
            if len(found) == 1 and found[0] in self.inside:
                index = self.inside[found[0]]
                if index == self.end:
                    return index
            else:
                return index

    def _last_reads(self) -> dict[Value, int]:
        last: dict[Value, int] = {}
        for value, readers in self.readers.items():
            last[value] = max(self.statement[i] if i < self.end else i for i in readers)
        return last

    def live_after(self, value: Value, index: int) -> bool:
        """Whether a value is read after the statement at `index`."""
        return self.last.get(value, -1) > index


def _target(consumer: Item) -> str | None:
    if isinstance(consumer, Region):
        return assigned_name(consumer, consumer.outputs[0])
    return variable_of(consumer.result)


def _is_next_turn(item: Item, consumer: Item) -> bool:
    """Whether Python reads a result further up than it computed it: in a loop's next turn."""
    if not (
        isinstance(item, Node) and isinstance(consumer, Node) and item.sites and consumer.sites
    ):
        return False
    (here, *around), (there, *around_it) = item.sites, consumer.sites
    same = (here.file, here.function, around) == (there.file, there.function, around_it)
    return same and there.line < here.line


_FUNCTIONS = (
    "aten.softmax.",
    "aten.sigmoid.",
    "aten.cat.",
    "aten.stack.",
    "aten.scaled_dot_product",
)


def _is_receiver(value: Value, consumer: Item) -> bool:
    """Whether an op calls a method on a value, and does not take it as in `sigmoid(&x)`."""
    if not isinstance(consumer, Node) or not consumer.args or consumer.args[0] is not value:
        return False
    return not _prints_as_function(consumer)


def _prints_as_function(node: Node) -> bool:
    return node.target.startswith(_FUNCTIONS) or any(
        value.state is not None for value in node.inputs()
    )
