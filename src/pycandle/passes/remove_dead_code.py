"""Drops nodes that nothing reads."""

from pycandle.ir.graph import Graph, Node


class RemoveDeadCode:
    """Removes nodes and state that reach no output. After `functionalize` no op has an effect."""

    name = "remove-dead-code"

    def run(self, graph: Graph) -> bool:
        """Returns whether any was removed."""
        live = {output.value for output in graph.outputs}
        kept: list[Node] = []
        for node in reversed(graph.nodes):
            if node.result in live:
                live.update(node.inputs())
                kept.append(node)
        state = [value for value in graph.state if value in live]
        changed = len(kept) != len(graph.nodes) or len(state) != len(graph.state)
        graph.nodes = kept[::-1]
        graph.state = state
        return changed
