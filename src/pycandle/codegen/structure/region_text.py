"""Layouts, regions and loops as text, for `pycandle inspect --stage`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pycandle.codegen.structure.layout import Layouts
from pycandle.codegen.structure.loops import Loop, numbered
from pycandle.codegen.structure.mixed_loops import MixedLoop
from pycandle.codegen.structure.regions import Region
from pycandle.ir.graph import Graph, Value
from pycandle.ir.printer import print_type


def render_layouts(graph: Graph, layouts: Layouts) -> str:
    """Returns a line for each result: how it lies in memory, and what computes it."""
    lines = [f"{graph.name}:"]
    for node in graph.nodes:
        found = layouts.of.get(node.result)
        layout = found.name.lower() if found is not None else "several"
        lines.append(f"  {layout:10}  {node.result.name} = {node.target}")
    return "\n".join(lines)


def render_regions(entry: str, root: Region) -> str:
    """Returns the tree of calls, with runs of equal numbered modules as one."""
    head = f"  {_name(root)}: {_told(root)}"
    return "\n".join([f"{entry}:", head, *_children(root, depth=2)])


def _children(region: Region, depth: int) -> list[str]:
    """Returns the lines of what is inside; of equal siblings in a row those of the first."""
    lines: list[str] = []
    shown: tuple[tuple[str, str], list[str], str] | None = None
    first, head = "", 0
    for child in region.children():
        inside = _children(child, depth + 1)
        place = numbered(child.path) if child.kind == "module" and child.index == 0 else None
        shape = (place[:2], inside, _told(child)) if place is not None else None
        if shape is not None and shape == shown:
            lines[head] = f"{'  ' * depth}{first} to {_name(child)}: {_told(child)}"
            continue
        first, shown, head = _name(child), shape, len(lines)
        lines += [f"{'  ' * depth}{first}: {_told(child)}", *inside]
    return lines


def _name(region: Region) -> str:
    """Returns the name of a call within the one around it."""
    if region.kind == "function":
        return f"fn {region.name}"
    around = region.parent.path if region.parent is not None else ""
    path = region.path.removeprefix(f"{around}.") if around else region.path
    return f"{path or 'model'}, call {region.index + 1}" if region.index else path or "model"


def _told(region: Region) -> str:
    count = len(region.own_nodes())
    ops = "" if count == 0 else ", 1 op" if count == 1 else f", {count} ops"
    cls = f"{region.name.rpartition('.')[2]} " if region.kind == "module" else ""
    return f"{cls}{_types(region.inputs)} -> {_types(region.outputs)}{ops}"


def _types(values: Iterable[Value]) -> str:
    return f"({', '.join(print_type(value.type) for value in values)})"


def render_loops(loops: Mapping[Region, Sequence[Loop]]) -> str:
    """Returns a line for each loop: what it runs over, and what one call hands to the next."""
    lines: list[str] = []
    for region, found in loops.items():
        for loop in found:
            calls = loop.calls
            lines.append(
                f"{calls[0].path} to {calls[-1].path} in {region.path or 'the model'}: "
                f"{len(calls)} calls of {_types_of(loop)}{_hands_on(loop)}"
            )
    return "\n".join(lines) or "no loops"


def _types_of(loop: Loop) -> str:
    models = loop.models if isinstance(loop, MixedLoop) else loop.calls[:1]
    names = " and ".join(dict.fromkeys(model.name.rpartition(".")[2] for model in models))
    types = f", of {len(models)} types" if len(models) > 1 else ""
    return f"{names}{types}" + (f", of {len(loop.kinds)} kinds" if loop.kinds else "")


def _hands_on(loop: Loop) -> str:
    """Returns what one call hands to the next, and what is collected of all."""
    carried = ", ".join(_parameter(loop.calls[0], at) for at, _ in loop.carry)
    lists = ", ".join(made.name or "results" for made in loop.lists)
    return (f", carrying {carried}" if carried else "") + (f", collecting {lists}" if lists else "")


def _parameter(region: Region, position: int) -> str:
    value = region.inputs[position]
    return region.parameter.get(value) or value.variable or value.name
