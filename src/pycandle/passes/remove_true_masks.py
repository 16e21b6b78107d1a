"""Drops masks that are true everywhere from attention."""

from __future__ import annotations

from pycandle.ir.graph import Graph, Node, Value
from pycandle.ir.types import TensorType

_ONES = frozenset({"aten.new_ones.default", "aten.ones.default", "aten.ones_like.default"})
_SHAPED = frozenset(
    {"aten.expand.default", "aten.view.default", "aten.reshape.default", "aten.unsqueeze.default"}
)
"""Ops that repeat or move elements, and make none."""

_ATTENTION = "aten.scaled_dot_product_attention.default"
_MASK = 3
"""The position of `attn_mask`."""


class RemoveTrueMasks:
    """Attends to all keys without a mask where a mask lets all of them pass."""

    name = "remove-true-masks"

    def run(self, graph: Graph) -> bool:
        """Returns whether a mask was dropped."""
        attentions = [node for node in graph.nodes if node.target == _ATTENTION]
        return any([_attend_to_all(node) for node in attentions])


def _is_true(value: object) -> bool:
    """Whether a value is bools that are ones, in some shape."""
    while isinstance(value, Value) and value.node is not None:
        if not isinstance(value.type, TensorType) or not value.type.is_bool:
            return False
        if value.node.target in _ONES:
            return True
        if value.node.target not in _SHAPED:
            return False
        value = value.node.args[0]
    return False


def _attend_to_all(node: Node) -> bool:
    """Drops the mask of an attention, unless it is what gives the result its batch."""
    mask = node.args[_MASK] if len(node.args) > _MASK else node.kwargs.get("attn_mask")
    query, kind = node.args[0], node.result.type
    if not _is_true(mask) or not isinstance(query, Value):
        return False
    own = query.type
    if not isinstance(own, TensorType) or not isinstance(kind, TensorType):
        return False
    if own.shape[:-1] != kind.shape[:-1]:
        return False
    node.kwargs.pop("attn_mask", None)
    if len(node.args) > _MASK:
        rest = node.args[_MASK + 1 :]
        node.args = [*node.args[:_MASK], *([None, *rest] if rest else [])]
    return True
