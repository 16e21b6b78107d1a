"""State that one module loads and others take from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pycandle.codegen.structure.groups import Group, walk_groups
from pycandle.codegen.structure.layer_nodes import is_layer
from pycandle.codegen.structure.regions import Region
from pycandle.ir.graph import Node, Value


@dataclass
class Passes:
    """State that `new` of one module loads, and `new` of others takes from it."""

    loaded: dict[Group, list[Value]]
    taken: dict[Group, list[Value]]


def find_passes(root: Group, home: Mapping[Node, str]) -> Passes:
    """Finds state that is read outside the module that it belongs to.

    The innermost module around all its readers loads it, and passes it down to each. So does a
    struct that holds several layers around one weight. `home` is the FQN of each op's module.
    """
    readers: dict[Value, dict[Group, None]] = {}
    layers: dict[Value, set[str]] = {}
    for group in walk_groups(root):
        if group.first.kind != "module":
            continue
        for node in _nodes_of_struct(group):
            for value in node.inputs():
                if value.state is not None:
                    readers.setdefault(value, {})[group] = None
                    if is_layer(node):
                        layers.setdefault(value, set()).add(home[node])
    passes = Passes({}, {})
    for value, groups in readers.items():
        homes = {group.first.path for group in groups}
        first = next(iter(groups))
        own = len(homes) == 1 and first.relative(value.state or "") is not None
        several = len(layers.get(value, ())) > 1
        if own and not several and all(is_reachable(group) for group in groups):
            continue
        chains = [group.chain() for group in groups]
        meeting = next(
            group
            for group in reversed(chains[0])
            if all(group in chain for chain in chains)
            and group.relative(value.state or "") is not None
            and is_reachable(group)
        )
        loaded = passes.loaded.setdefault(meeting, [])
        if value not in loaded:
            loaded.append(value)
        for chain in chains:
            for group in chain[chain.index(meeting) + 1 :]:
                taken = passes.taken.setdefault(group, [])
                if value not in taken:
                    taken.append(value)
    return passes


def is_reachable(group: Group) -> bool:
    """Whether each module around a call is so by its FQN; a module may have two parents."""
    chain = group.chain()
    return all(outer.relative(group.first.path) is not None for outer in chain[:-1])


def _nodes_of_struct(group: Group) -> Iterator[Node]:
    """Yields the nodes whose state the struct of a module reads: its own and its functions'."""
    for region in group.regions:
        for item in region.items:
            if not isinstance(item, Region):
                yield item
            elif item.kind == "function":
                yield from item.nodes()
