"""Modules that are never called though their parts are: they are no struct, but fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pycandle.ir.graph import Graph
from pycandle.manifest.schema import Module

_CONTAINERS = "torch.nn.modules.container."
"""Classes that are not meant to be called."""


def find_bypassed(graphs: Sequence[Graph], modules: Iterable[Module]) -> list[str]:
    """Returns the paths of modules that compute nothing in any call, while others use their parts.

    A part is a child that is called, or a parameter that an op reads.
    """
    computing: set[str] = set()
    used: set[str] = set()
    for graph in graphs:
        for node in graph.nodes:
            call: int | None = node.call
            while call is not None:
                computing.add(graph.calls[call].module)
                call = graph.calls[call].parent
            used.update(value.state for value in node.inputs() if value.state is not None)
    around = {prefix for path in computing | used for prefix in _prefixes(path)}
    return [
        module.path
        for module in modules
        if module.path in around
        and module.path not in computing
        and module.container is None
        and not module.cls.startswith(_CONTAINERS)
    ]


def _prefixes(path: str) -> Iterable[str]:
    """Yields the paths of the modules around a path."""
    while "." in path:
        path = path.rpartition(".")[0]
        yield path
