"""State that one module loads and others take from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pycandle.codegen.layer_nodes import is_layer
from pycandle.codegen.regions import Region, walk
from pycandle.ir.graph import ModuleCall, Node, Value


@dataclass
class Passes:
    """State that `new` of one module loads, and `new` of others takes from it."""

    loaded: dict[Region, list[Value]]
    taken: dict[Region, list[Value]]


def find_passes(root: Region, calls: list[ModuleCall]) -> Passes:
    """Finds state that is read outside the module that it belongs to.

    The innermost module around all its readers loads it, and passes it down to each. So does a
    struct that holds several layers around one weight.
    """
    readers: dict[Value, dict[Region, None]] = {}
    layers: dict[Value, set[str]] = {}
    for region in walk(root):
        if region.kind != "module":
            continue
        for node in _nodes_of_struct(region):
            for value in node.inputs():
                if value.state is not None:
                    readers.setdefault(value, {})[region] = None
                    if is_layer(node):
                        layers.setdefault(value, set()).add(calls[node.call].module)
    passes = Passes({}, {})
    for value, regions in readers.items():
        homes = {region.path for region in regions}
        first = next(iter(regions))
        own = len(homes) == 1 and first.relative(value.state or "") is not None
        several = len(layers.get(value, ())) > 1
        if own and not several and all(is_reachable(region) for region in regions):
            continue
        chains = [_modules_above(region) for region in regions]
        meeting = next(
            region
            for region in reversed(chains[0])
            if all(region in chain for chain in chains)
            and region.relative(value.state or "") is not None
            and is_reachable(region)
        )
        loaded = passes.loaded.setdefault(meeting, [])
        if value not in loaded:
            loaded.append(value)
        for chain in chains:
            for region in chain[chain.index(meeting) + 1 :]:
                taken = passes.taken.setdefault(region, [])
                if value not in taken:
                    taken.append(value)
    return passes


def is_reachable(region: Region) -> bool:
    """Whether each module around a call is so by its FQN; a module may have two parents."""
    chain = _modules_above(region)
    return all(outer.relative(region.path) is not None for outer in chain[:-1])


def _nodes_of_struct(region: Region) -> Iterator[Node]:
    """Yields the nodes whose state the struct of a module reads: its own and its functions'."""
    for item in region.items:
        if not isinstance(item, Region):
            yield item
        elif item.kind == "function":
            yield from item.nodes()


def _modules_above(region: Region) -> list[Region]:
    """Returns the modules around a region, outermost first, itself last."""
    chain: list[Region] = []
    current: Region | None = region
    while current is not None:
        if current.kind == "module":
            chain.append(current)
        current = current.parent
    return chain[::-1]
