"""Drops nodes that nothing reads."""

from pycandle.ir.graph import Graph, Node


class RemoveDeadCode:
    """Removes nodes whose result reaches no output. After `functionalize` no op has an effect."""

    name = "remove-dead-code"

    def run(self, graph: Graph) -> bool:
        """Returns whether any was removed."""
        live = {output.value for output in graph.outputs}
        kept: list[Node] = []
        for node in reversed(graph.nodes):
            if node.result in live:
                live.update(node.inputs())
                kept.append(node)
        changed = len(kept) != len(graph.nodes)
        graph.nodes = kept[::-1]
        if changed:
            graph.state = [value for value in graph.state if value in live]
        return changed
