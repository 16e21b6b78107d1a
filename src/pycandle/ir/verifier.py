"""Checks that a graph is well formed."""

from pycandle.ir.graph import Graph, Value


class BrokenGraph(AssertionError):
    """A graph that breaks an invariant: a bug of the pass before."""


def verify(graph: Graph, *, after: str = "import") -> None:
    """Raises BrokenGraph, naming the pass, where an invariant does not hold."""
    for check in (_defined_before_use, _one_definition, _calls_exist, _calls_nest):
        problem = check(graph)
        if problem is not None:
            raise BrokenGraph(f"after `{after}`: {problem}")


def _defined_before_use(graph: Graph) -> str | None:
    """A value is an input, state, or the result of an earlier node."""
    known = {*graph.inputs, *graph.state}
    for node in graph.nodes:
        for value in node.inputs():
            if value not in known:
                return f"`{node.result.name}` reads `{value.name}` before it is computed"
        known.add(node.result)
    for output in graph.outputs:
        if output.value is not None and output.value not in known:
            return f"the output `{output.path}` reads `{output.value.name}`, which nothing computes"
    return None


def _one_definition(graph: Graph) -> str | None:
    """No two values share a name, and a result knows its node."""
    seen: dict[str, Value] = {}
    for value in [*graph.inputs, *graph.state, *(node.result for node in graph.nodes)]:
        if seen.setdefault(value.name, value) is not value:
            return f"two values are called `{value.name}`"
    for value in (*graph.inputs, *graph.state):
        if value.node is not None:
            return f"`{value.name}` is given, and a node computes it"
    for node in graph.nodes:
        if node.result.node is not node:
            return f"`{node.result.name}` does not know the node that computes it"
    return None


def _calls_exist(graph: Graph) -> str | None:
    """A node's module call and function exist."""
    for node in graph.nodes:
        if not 0 <= node.call < len(graph.calls):
            return f"`{node.result.name}` belongs to module call {node.call}, which does not exist"
        if node.function is not None and not 0 <= node.function < len(graph.functions):
            return f"`{node.result.name}` belongs to function {node.function}, which does not exist"
    return None


def _calls_nest(graph: Graph) -> str | None:
    """A module call and a function stand in what was called before them."""
    for index, call in enumerate(graph.calls):
        if call.parent is None and index > 0:
            return f"module call {index} has no parent"
        if call.parent is not None and not 0 <= call.parent < index:
            return f"module call {index} has the parent {call.parent}"
        if call.function is not None and not 0 <= call.function < len(graph.functions):
            return f"module call {index} has the function {call.function}, which does not exist"
    for index, function in enumerate(graph.functions):
        if not 0 <= function.call < len(graph.calls):
            return f"function {index} belongs to module call {function.call}, which does not exist"
        if function.parent is not None and not 0 <= function.parent < index:
            return f"function {index} has the parent {function.parent}"
    return None
