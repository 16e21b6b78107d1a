"""Lists that a model returns: hidden states, of which a loop makes one in each step."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from pycandle.codegen.structure.lists import ListValue, list_value
from pycandle.codegen.structure.loops import find_runs
from pycandle.codegen.structure.regions import Region, walk
from pycandle.ir.graph import Graph, Value

_ITEM = re.compile(r"([A-Za-z]\w*)\.(\d+)")

FEWEST_RESULTS = 2
"""A loop that gives fewer results to a list does not make it."""


def find_returned(root: Region, graph: Graph) -> list[ListValue]:
    """Makes one output of each list that a model returns by name and that a row of modules makes.

    Modules between the model and the row return their part of it as a list. Returns the lists.
    """
    found: list[ListValue] = []
    whole_of: dict[str, ListValue] = {}
    for name, items in _listed(graph):
        holder = next((region for region in walk(root) if _holds_row(region, items)), None)
        if holder is None:
            continue
        whole = list_value(items, name)
        whole.variable = name
        whole_of |= {f"{name}.{i}": whole for i in range(len(items))}
        found += [whole, *_return_parts(holder, root, graph, whole)]
    if found:
        values = [whole_of.get(output.path, output.value) for output in graph.outputs]
        root.outputs = [
            value
            for i, value in enumerate(values)
            if value is not None and not (isinstance(value, ListValue) and value in values[:i])
        ]
    return found


def _listed(graph: Graph) -> Iterator[tuple[str, tuple[Value, ...]]]:
    """Yields the name and the tensors of each list among the outputs that are told by name."""
    outputs = [(_ITEM.fullmatch(output.path), output.value) for output in graph.outputs]
    for name, group in groupby(outputs, lambda pair: pair[0][1] if pair[0] else None):
        pairs = list(group)
        items = tuple(value for _, value in pairs if value is not None)
        order = [int(match[2]) for match, _ in pairs if match is not None]
        others = [value for match, value in outputs if match is None or match[1] != name]
        if name in (None, "output") or len(items) < len(pairs) or not others:
            continue
        if order == list(range(len(items))) and len(set(items)) == len(items):
            yield str(name), items


def _holds_row(region: Region, items: Sequence[Value]) -> bool:
    """Whether modules of one class in a row, each the next one's source, compute such items."""
    for run in find_runs(region.items):
        if not isinstance(run, list) or len({call.name for call in run}) > 1:
            continue
        made = [value for call in run for value in call.outputs if value in items]
        places = [items.index(value) for value in made]
        if len(made) >= max(FEWEST_RESULTS, len(run) - 1) and places == list(
            range(places[0], places[0] + len(places))
        ):
            return True
    return False


def _return_parts(
    holder: Region, root: Region, graph: Graph, whole: ListValue
) -> Iterator[ListValue]:
    """Lets the modules from the row up to the model return what they make of a list as one."""
    if holder is root:
        return
    inside = [value for value in whole.items if value in holder.outputs]
    start = whole.items.index(inside[0])
    if whole.items[start : start + len(inside)] != tuple(inside):
        return
    part = list_value(tuple(inside), whole.name)
    part.variable = f"all_{whole.name}"
    alone = {output.value for output in graph.outputs if not _is_item(output.path, whole)}
    region: Region | None = holder
    while region is not None and region is not root:
        own = set(region.nodes())
        read = {v for node in graph.nodes if node not in own for v in node.inputs()}
        outputs: dict[Value, None] = {}
        for value in region.outputs:
            if value not in part.items or value in alone or value in read:
                outputs[value] = None
            else:
                outputs[part] = None
        outputs[part] = None
        region.outputs = list(outputs)
        region = region.parent
    yield part


def _is_item(path: str, whole: ListValue) -> bool:
    match = _ITEM.fullmatch(path)
    return match is not None and match[1] == whole.name
