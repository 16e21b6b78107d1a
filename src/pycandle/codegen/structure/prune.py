"""Decides which regions become structs and functions; the others dissolve into what is around."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pycandle.codegen.structure.layer_nodes import is_layer
from pycandle.codegen.structure.regions import Region, dissolve, walk
from pycandle.ir.graph import Value

FEWEST_STATEMENTS = 4
"""A function that is called once is worth a name from this many ops on."""

_MOST_RESULTS = 2
"""A function that is called once and returns more is only a part of its caller."""


def prune(roots: Iterable[Region]) -> None:
    """Dissolves regions that would read worse as structs or functions of their own."""
    regions = [region for root in roots for region in walk(root)]
    calls = Counter((region.file, region.name) for region in regions if region.kind == "function")
    for region in reversed(regions):
        if region.parent is None:
            continue
        if region.kind == "function":
            if not _is_worth_a_function(region, calls[region.file, region.name]):
                dissolve(region)
        elif _is_layer(region) or _is_inlined_container(region):
            dissolve(region)
        elif not _holds_state(region):
            _become_function(region)


def _is_layer(region: Region) -> bool:
    """Whether a module is one op that Candle has a layer for, with its own weights."""
    return len(region.items) == 1 and not region.children() and is_layer(region.own_nodes()[0])


def _is_inlined_container(region: Region) -> bool:
    """Whether a `Sequential` only hands a value through modules that are structs themselves."""
    children = region.children()
    return region.container == "sequential" and len(children) == len(region.items)


def _holds_state(region: Region) -> bool:
    return any(value.state is not None for node in region.nodes() for value in node.inputs())


def _become_function(region: Region) -> None:
    """A module without state is a function of its inputs, or dissolves where it is short."""
    if region.children() or len(region.items) < FEWEST_STATEMENTS or not _has_tensor_input(region):
        dissolve(region)
    else:
        region.kind = "function"
        region.name = region.name.rpartition(".")[2]


def _is_worth_a_function(region: Region, calls: int) -> bool:
    last = region.name.rpartition(".")[2]
    if last.startswith("<") or any(child.kind == "module" for child in region.children()):
        return False
    if any(is_layer(node) for node in region.own_nodes()) or not _has_tensor_input(region):
        return False
    size = len(region.items)
    if calls == 1 and len(region.outputs) > _MOST_RESULTS:
        return False
    return size >= FEWEST_STATEMENTS or (calls > 1 and size > 1)


def _has_tensor_input(region: Region) -> bool:
    """Whether a function could read its sizes and its device from an argument."""
    inside: set[Value] = {node.result for node in region.nodes()}
    return any(value not in inside for node in region.nodes() for value in node.inputs())
