"""The layers of a container, and what is around them, as values that are equal for equal programs.

A layer's value holds all that it computes, with its numbers, and from which values: those of the
layer before it by their place in that one, all others as what they are. Two layers of equal values
can stand for each other in the row.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from pycandle.learning.numbers import Recording, size_nodes
from pycandle.manifest.schema import Argument, Atom, Entry, Leaf, Mapping, Node, Sequence, Tree


@dataclass(frozen=True)
class LayerRow:
    """What each layer computes, and what everything else does."""

    layers: tuple[Hashable, ...]
    rest: Hashable
    held: frozenset[Hashable]
    """The modules and tensors outside of the layers, what they are and how they are computed."""

    def is_around(self, other: LayerRow) -> bool:
        """Whether what is around the layers of `other` is here as well.

        It may have less: what only layers of other kinds read.
        """
        return self.rest == other.rest and self.held >= other.held


def row_of(recording: Recording, container: str) -> LayerRow | None:
    """Returns the row of a container's layers; None where they are more than a row to the program.

    As where code reads what a layer computes that is not the last one.
    """
    indices = {
        layer[0]
        for module in recording.modules
        if (layer := _layer_of(module.path, container)) is not None
    }
    count = len(indices)
    if count < 2 or indices != set(range(count)):
        return None
    readers = [_Reader(entry, container, count) for entry in recording.entries]
    if not all(reader.read() for reader in readers):
        return None
    held: list[list[Hashable]] = [[] for _ in range(count)]
    outside: list[Hashable] = []
    for name, value in _holdings(recording):
        layer = _layer_of(name, container)
        if layer is None:
            outside.append((name, value))
        else:
            held[layer[0]].append((layer[1], value))
    layers = tuple(
        hash((tuple(reader.layers[i] for reader in readers), frozenset(held[i])))
        for i in range(count)
    )
    outside += [item for reader in readers for item in reader.computed]
    return LayerRow(layers, hash(tuple(r.rest for r in readers)), frozenset(outside))


def _holdings(recording: Recording) -> Iterator[tuple[str, Hashable]]:
    """Yields the classes of modules, and what the state tensors are, by name."""
    for module in recording.modules:
        yield module.path, module.cls
    for tensor in recording.state:
        yield tensor.name, (tensor.dtype, tuple(tensor.shape), tensor.kind)
    yield from recording.data.items()


def _layer_of(path: str, container: str) -> tuple[int, str] | None:
    """Returns the index of the layer that a path is in, and the path inside of it."""
    prefix = f"{container}." if container else ""
    index, _, inside = path.removeprefix(prefix).partition(".")
    return (int(index), inside) if path.startswith(prefix) and index.isdigit() else None


class _Reader:
    def __init__(self, entry: Entry, container: str, count: int) -> None:
        self.entry = entry
        self.container = container
        self.count = count
        self.sizes = size_nodes(entry)
        self.inputs = {item.node: item.path for item in entry.inputs}
        self.home: dict[str, int | None] = {}
        self.nodes: list[list[Node]] = [[] for _ in range(count)]
        self.position: dict[str, int] = {}
        self.values: dict[str, Hashable] = {}
        self.carried: dict[str, int] = {}
        """What the first layer takes in the place of what a layer before it computes."""
        self.named: list[list[Hashable]] = [[] for _ in range(count)]
        """The tensors of each layer that the entry computes by name."""
        self.is_far = False
        """Whether something reads what a layer computes that is not the one before it."""
        self.computed: list[Hashable] = []
        """What an entry without inputs computes: tensors of the state by name."""
        self.layers: list[Hashable] = []
        self.rest: Hashable = None

    def read(self) -> bool:
        """Reads the entry; whether its layers are a row."""
        for node in self.entry.nodes:
            if node.name in self.sizes:
                continue
            if _writes(node):
                # What is written to has no value of its own.
                return False
            found = _layer_of(self.entry.calls[node.call].module, self.container)
            layer = None if found is None else found[0]
            self.home[node.name] = layer
            if layer is not None:
                self.position[node.name] = len(self.nodes[layer])
                self.nodes[layer].append(node)
        if not self._find_carried():
            return False
        for node in self.entry.nodes:
            if node.name not in self.sizes:
                self.values[node.name] = hash(self._node(node, self.home[node.name]))
        self.rest = hash(
            (
                tuple((i.path, i.value.dtype, repr(i.value.shape)) for i in self.entry.inputs),
                frozenset(map(repr, self.entry.conditions)),
                tuple(self._tree(self.entry.output)),
                frozenset((at, self._outside(name)) for name, at in self.carried.items()),
            )
        )
        self.layers = [
            (tuple(self.values[node.name] for node in nodes), frozenset(named))
            for nodes, named in zip(self.nodes, self.named, strict=True)
        ]
        return not self.is_far

    def _find_carried(self) -> bool:
        """Finds what the first layer takes where another one takes what is computed before it."""
        targets = [[node.target for node in nodes] for nodes in self.nodes]
        like = next((i for i in range(1, self.count) if targets[i] == targets[0]), None)
        if like is None:
            return True
        for one, other in zip(self.nodes[0], self.nodes[like], strict=True):
            pairs = zip(_names_in(one), _names_in(other), strict=False)
            for start, given in pairs:
                if self.home.get(given) == like - 1 and self.home.get(start) is None:
                    at = self._from_end(given)
                    if self.carried.setdefault(start, at) != at:
                        return False
        return len(set(self.carried.values())) == len(self.carried)

    def _from_end(self, name: str) -> int:
        """Returns the place of a node in its layer: what a layer returns comes last."""
        layer = self.home[name]
        assert layer is not None
        return len(self.nodes[layer]) - self.position[name]

    def _node(self, node: Node, layer: int | None) -> Hashable:
        return (
            node.target,
            tuple(self._argument(item, layer) for item in node.args),
            tuple(
                (name, self._argument(item, layer)) for name, item in sorted(node.kwargs.items())
            ),
            repr(node.value),
        )

    def _argument(self, argument: Argument, layer: int | None) -> Hashable:
        match argument:
            case list():
                return tuple(self._argument(item, layer) for item in argument)
            case Atom(node=str() as name):
                return self._reference(name, layer)
            case _:
                return repr(argument)

    def _reference(self, name: str, layer: int | None) -> Hashable:
        """Returns what a value is to a layer, or to what is around the layers."""
        if name in self.sizes:
            return "size", str(self.sizes[name])
        if layer == 0 and name in self.carried:
            return "carried", self.carried[name]
        state = self.entry.state.get(name)
        if state is not None:
            place = _layer_of(state, self.container)
            return ("own", place[1]) if place and place[0] == layer else ("state", state)
        home = self.home.get(name)
        if home is None:
            return self._outside(name)
        if home == layer:
            return "here", self.values[name]
        if layer is not None and home == layer - 1:
            return "carried", self._from_end(name)
        if layer is None and home == self.count - 1:
            return "last", self._from_end(name)
        self.is_far = True
        return "far", name

    def _outside(self, name: str) -> Hashable:
        if name in self.inputs:
            return "input", self.inputs[name]
        if name in self.entry.state:
            return "state", self.entry.state[name]
        return "outside", self.values.get(name)

    def _tree(self, tree: Tree) -> Iterator[Hashable]:
        match tree:
            case Sequence(kind, items):
                yield kind
                for item in items:
                    yield tuple(self._tree(item))
            case Mapping(fields):
                for name, item in fields.items():
                    place = _layer_of(name, self.container)
                    made = item.value if isinstance(item, Leaf) else None
                    node = made.node if isinstance(made, Atom) else None
                    if place is not None and node and self.home.get(node) == place[0]:
                        # A recipe of a tensor of the layer.
                        self.named[place[0]].append((place[1], self._from_end(node)))
                    elif self.entry.inputs:
                        yield name, tuple(self._tree(item))
                    else:
                        self.computed.append((name, tuple(self._tree(item))))
            case Leaf(Atom(node=str() as name)):
                yield self._reference(name, None)
            case _:
                yield repr(tree)


def _writes(node: Node) -> bool:
    """Whether an op changes an operand: `add_`, and not `__and__`."""
    name = node.target.rpartition(".")[0]
    return name.endswith("_") and not name.endswith("__")


def _names_in(node: Node) -> Iterator[str]:
    """Yields the values that a node takes, in order."""
    for argument in (*node.args, *(value for _, value in sorted(node.kwargs.items()))):
        for item in argument if isinstance(argument, list) else [argument]:
            if isinstance(item, Atom) and item.node is not None:
                yield item.node
