"""Drops ops that only check."""

from pycandle.ir.graph import Graph

ASSERTIONS = frozenset(
    {
        "aten._assert_tensor_metadata.default",
        "aten._assert_scalar.default",
        "aten._assert_async.default",
        "aten._assert_async.msg",
        "aten.sym_constrain_range.default",
        "aten.sym_constrain_range_for_size.default",
    }
)


class RemoveAssertions:
    """Removes nodes whose one effect is to raise; what they check holds for any valid input."""

    name = "remove-assertions"

    def run(self, graph: Graph) -> bool:
        """Returns whether any was removed."""
        kept = [node for node in graph.nodes if node.target not in ASSERTIONS]
        changed = len(kept) != len(graph.nodes)
        graph.nodes = kept
        return changed
