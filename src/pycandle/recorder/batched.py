"""Writes out `torch.vmap`: an export keeps the function for one part and the dims that it maps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch.export import ExportedProgram
from torch.fx import Graph, Node
from torch.fx.node import map_arg

_WRAPPERS = "torch._functorch.predispatch"
"""The module of the functions that begin and end a mapping in an exported graph."""

_LOGIC = ("__and__", "__or__", "__xor__", "to", "_to_copy", "clone", "floor_divide")
_ELEMENTWISE = frozenset(f"aten.{n}" for n in (*_LOGIC, "zeros_like", "ones_like", "full_like"))
"""Ops on elements that torch does not tag as such."""

_MADE_NEW = frozenset({"aten.new_ones", "aten.new_zeros", "aten.new_full"})
"""Ops that read no element of their operand."""

_INDEX = "aten.index.Tensor"


class _NotMapped(Exception):
    """An op of a mapped function that has no form over all parts here."""


def write_out_mappings(program: ExportedProgram) -> None:
    """Replaces each mapped function by its ops over all parts, the mapped dims in front.

    Ops on elements, and indices into what is not mapped, are known. With any other op in a mapped
    function the program stays as it is, and is refused later by the names of the wrappers.
    """
    graph = program.graph
    if not any(_wrapper(node) for node in graph.nodes):
        return
    try:
        for writer in (_Writer(graph, writes=False), _Writer(graph, writes=True)):
            renamed = writer.run()
    except _NotMapped:
        return
    for old, new in renamed.items():
        program.graph_signature.replace_all_uses(old, new)
    graph.lint()
    program.graph_module.recompile()


def _wrapper(node: Node) -> str | None:
    """Returns the name of the wrapper that a node calls."""
    if node.op == "call_function" and getattr(node.target, "__module__", "") == _WRAPPERS:
        return getattr(node.target, "__name__", None)
    return None


@dataclass
class _Writer:
    """Goes through a graph once: to see whether all of it is known, or to change it."""

    graph: Graph
    writes: bool
    levels: dict[Node, tuple[int, ...]] = field(default_factory=dict)
    """The mappings that a value depends on, outer ones first: its first dims."""
    ranks: dict[Node, int] = field(default_factory=dict)
    """Of one part of a value."""
    stands_for: dict[Node, Node] = field(default_factory=dict)
    """What the results of wrappers are."""

    def run(self) -> dict[str, str]:
        """Returns the new names of values that had others. Raises _NotMapped."""
        nodes = list(self.graph.nodes)
        for node in nodes:
            value = node.meta.get("val")
            self.ranks[node] = value.dim() if isinstance(value, torch.Tensor) else 0
        for node in nodes:
            name = _wrapper(node)
            if name is not None:
                self.wrapper(node, name)
            elif any(self.levels_of(item) for item in node.all_input_nodes):
                self.mapped(node)
            elif self.writes:
                node.args, node.kwargs = map_arg((node.args, node.kwargs), self.found)
        renamed = {old.name: self.found(old).name for old in self.stands_for}
        if self.writes:
            for node in reversed(nodes):
                if _wrapper(node) is not None:
                    self.graph.erase_node(node)
        return renamed

    def found(self, node: Node) -> Node:
        """Returns the value that a node stands for."""
        while node in self.stands_for:
            node = self.stands_for[node]
        return node

    def levels_of(self, node: Node) -> tuple[int, ...]:
        """Returns the mappings that a value depends on, as it is seen by its readers."""
        return self.levels.get(node, ())

    def wrapper(self, node: Node, name: str) -> None:
        """Moves the dim that a mapping begins or ends with."""
        if name == "_add_batch_dim":
            source, dim, level = node.args
            assert isinstance(source, Node)
            inside = self.levels_of(source)
            self.levels[node] = (*inside, level)  # type: ignore[assignment]
            self.move(node, source, len(inside) + dim, len(inside))  # type: ignore[operator]
        elif name == "_remove_batch_dim":
            source, level, size, dim = node.args
            assert isinstance(source, Node)
            inside = self.levels_of(source)
            if level in inside[:-1]:
                raise _NotMapped
            outside = tuple(item for item in inside if item != level)
            self.levels[node] = outside
            place: Any = len(outside) + dim  # type: ignore[operator]
            if level in inside:
                self.move(node, source, len(outside), place)
            elif self.writes:
                # What does not depend on a mapping is the same for all of its parts.
                rank = len(outside) + self.ranks[source]
                row = self.call(node, torch.ops.aten.unsqueeze.default, self.found(source), place)
                sizes = [size if i == place else -1 for i in range(rank + 1)]
                expanded = self.call(node, torch.ops.aten.expand.default, row, sizes)
                self.stands_for[node] = expanded

    def move(self, node: Node, source: Node, here: int, there: int) -> None:
        """Makes a wrapper's result its operand with one dim at another place."""
        if not self.writes:
            return
        made = self.found(source)
        if here != there:
            made = self.call(node, torch.ops.aten.movedim.int, made, here, there)
        self.stands_for[node] = made

    def mapped(self, node: Node) -> None:
        """Makes an op on one part one on all parts."""
        name = str(node.target).rpartition(".")[0]
        tags = getattr(node.target, "tags", ())
        if name == "aten._assert_tensor_metadata" or name in _MADE_NEW:
            self.aligned(node, {})
        elif torch.Tag.pointwise in tags or name in _ELEMENTWISE:
            self.over_parts(node, node.all_input_nodes)
        elif str(node.target) == _INDEX and not self.levels_of(node.args[0]):  # type: ignore[arg-type]
            indices = node.args[1]
            assert isinstance(indices, list | tuple)
            if not isinstance(indices[0], Node):
                raise _NotMapped
            self.over_parts(node, [item for item in indices if isinstance(item, Node)])
        else:
            raise _NotMapped

    def over_parts(self, node: Node, operands: list[Node]) -> None:
        """Makes an op one over all parts of some of its operands, whose dims it broadcasts."""
        every = {level for item in operands for level in self.levels_of(item)}
        self.levels[node] = tuple(sorted(every))
        rank = max(self.ranks[item] for item in operands)
        if not self.writes:
            return
        made = {item: self.spread(node, item, sorted(every), rank) for item in operands}
        self.aligned(node, made)

    def spread(self, node: Node, operand: Node, levels: list[int], rank: int) -> Node:
        """Returns an operand with a dim for each mapping from its first one on."""
        own = self.levels_of(operand)
        found = self.found(operand)
        if not own:
            return found
        for _ in range(rank - self.ranks[operand]):
            found = self.call(node, torch.ops.aten.unsqueeze.default, found, len(own))
        for place, level in enumerate(levels[levels.index(own[0]) :]):
            if level not in own:
                found = self.call(node, torch.ops.aten.unsqueeze.default, found, place)
        return found

    def aligned(self, node: Node, made: Mapping[Node, Node]) -> None:
        """Gives a node other operands, and its value the sizes that follow."""
        if not self.writes:
            return
        if str(node.target).startswith("aten._assert_tensor_metadata"):
            self.graph.erase_node(node)
            return

        def taken(item: Node) -> Node:
            return made.get(item, self.found(item))

        node.args, node.kwargs = map_arg((node.args, node.kwargs), taken)
        node.meta["val"] = _value(node)

    def call(self, node: Node, target: Any, *args: Any) -> Node:
        """Adds an op in front of a node, which it is a part of."""
        with self.graph.inserting_before(node):
            made = self.graph.call_function(target, args)
        made.meta = {name: item for name, item in node.meta.items() if name == "custom"}
        made.meta["val"] = _value(made)
        return made


def _value(node: Node) -> Any:
    args, kwargs = map_arg((node.args, node.kwargs), lambda item: item.meta["val"])
    assert callable(node.target)
    return node.target(*args, **kwargs)
