"""Finds which tensors that no checkpoint holds `new` can compute.

One whose ops are not all lowered, or whose Rust is not proved for other settings, stays in the
weights file; so do those that modules of one class compute in different ways.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace

from pycandle.codegen.config.witnesses import find_unproved
from pycandle.codegen.structure.layout import find_layouts
from pycandle.codegen.structure.recipes import Recipe, Recipes, form_of, recipe_of
from pycandle.errors import PyCandleError
from pycandle.importer import import_recipes
from pycandle.ir.graph import Graph, Output
from pycandle.manifest.schema import Manifest
from pycandle.passes import run_passes

UNKNOWN = "it is not computed of numbers alone, or was written to afterwards"


def find_recipes(manifest: Manifest, fixed: Mapping[str, int | float]) -> Recipes:
    """Returns what `new` computes; `fixed`: settings of which no number is to follow."""
    used = [
        tensor.name
        for tensor in manifest.state
        if tensor.used and tensor.kind in ("non_persistent_buffer", "constant")
    ]
    refused = dict.fromkeys(used, UNKNOWN)
    if manifest.recipes is None:
        return Recipes({}, refused)
    graphs = dict(_graphs(manifest, fixed, None))
    moved = _moved(manifest, fixed, graphs)
    found: dict[str, Recipe] = {}
    for name, graph in graphs.items():
        if name not in refused:
            continue
        reason = moved.get(name) or _refusal(graph)
        if reason is not None:
            refused[name] = reason
            continue
        (output,) = graph.outputs
        assert output.value is not None
        split = frozenset(value for value, _ in find_layouts(graph).items)
        found[name] = recipe_of(graph.nodes, output.value, split)
        del refused[name]
    for name in _unlike(manifest, found, used):
        if found.pop(name, None) is not None:
            refused[name] = "modules of its class compute it in different ways"
    return Recipes(found, refused)


def _graphs(
    manifest: Manifest, fixed: Mapping[str, int | float], sample: int | None
) -> Iterator[tuple[str, Graph]]:
    """Yields the graph of each tensor, after the passes."""
    whole = import_recipes(manifest, fixed, sample)
    begin = 0
    for output in whole.outputs:
        assert output.value is not None
        assert output.value.node is not None
        end = whole.nodes.index(output.value.node, begin) + 1
        own = Output(output.path, output.value)
        graph = replace(whole, nodes=whole.nodes[begin:end], outputs=[own])
        run_passes(graph)
        yield output.path, graph
        begin = end


def _moved(
    manifest: Manifest, fixed: Mapping[str, int | float], graphs: Mapping[str, Graph]
) -> dict[str, str]:
    """Returns the tensors of which settings make another graph, each with a reason."""
    origins = next(iter(graphs.values())).origins
    wanted = {name: form_of(graph.nodes) for name, graph in graphs.items()}
    found: dict[str, str] = {}
    for sample in range(len(origins.samples)):
        for name, graph in _graphs(manifest, fixed, sample):
            if form_of(graph.nodes) != wanted[name]:
                found[name] = "other settings make other steps of it"
    return found


def _refusal(graph: Graph) -> str | None:
    """Returns why there is no Rust for a graph; None where there is."""
    (output,) = graph.outputs
    if output.value is None or output.value.node is None:
        return UNKNOWN
    try:
        problems = find_layouts(graph).problems
    except PyCandleError as error:
        problems = error.diagnostics
    if problems:
        return problems[0].title
    unproved = find_unproved([graph])
    if unproved:
        path, node = next(iter(unproved.items()))
        return f"the Rust of `{node.target}` is not proved for another `{path}`"
    return None


def _unlike(manifest: Manifest, found: Mapping[str, Recipe], used: list[str]) -> Iterator[str]:
    """Yields the tensors that modules of one class hold, and do not all compute alike."""
    classes = {module.path: module.cls for module in manifest.modules}
    groups: dict[tuple[str, str], list[str]] = {}
    for name in used:
        path, _, last = name.rpartition(".")
        groups.setdefault((classes.get(path, path), last), []).append(name)
    for names in groups.values():
        forms: set[Hashable] = {
            form_of(list(found[name].nodes)) if name in found else None for name in names
        }
        if len(forms) > 1:
            yield from names
