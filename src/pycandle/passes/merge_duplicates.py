"""Computes once what one body computes twice."""

from __future__ import annotations

import re
from collections.abc import Hashable

from pycandle.ir.graph import Argument, Graph, Node, Value
from pycandle.passes.interface import rename

_RANDOM = re.compile(r"aten\.\w*(rand|normal|bernoulli|multinomial|dropout|uniform|exponential)")


class MergeDuplicates:
    """Replaces an op by an earlier one of the same module call and function with equal arguments.

    After `functionalize` an op has no effect, so equal arguments give equal results; ops that draw
    random numbers are left alone.
    """

    name = "merge-duplicates"

    def run(self, graph: Graph) -> bool:
        """Returns whether any op was replaced."""
        seen: dict[Hashable, Value] = {}
        renamed: dict[Value, Value] = {}
        kept: list[Node] = []
        for node in graph.nodes:
            node.replace_inputs(lambda value: renamed.get(value, value))
            key = _key(node)
            first = seen.setdefault(key, node.result)
            if first is node.result or _RANDOM.match(node.target):
                kept.append(node)
            else:
                renamed[node.result] = first
        graph.nodes = kept
        rename(graph, renamed)
        return bool(renamed)


def _key(node: Node) -> Hashable:
    args = tuple(_canonical(argument) for argument in node.args)
    kwargs = tuple((name, _canonical(value)) for name, value in sorted(node.kwargs.items()))
    return node.target, node.call, node.function, args, kwargs, node.result.type, node.cast


def _canonical(argument: Argument) -> Hashable:
    """Returns a hashable form in which 1, 1.0 and True differ, and a NaN equals itself."""
    if isinstance(argument, list):
        return tuple(_canonical(item) for item in argument)
    if isinstance(argument, int | float | complex):
        return type(argument).__name__, repr(argument)
    return argument
