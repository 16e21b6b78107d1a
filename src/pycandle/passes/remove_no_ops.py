"""Drops ops that return their input, whatever the model's dtype."""

from pycandle.ir.graph import Graph, Node, Value
from pycandle.ir.types import TensorType
from pycandle.passes.interface import rename

_IDENTITY = frozenset(
    {
        "aten.alias.default",
        "aten.clone.default",
        "aten.contiguous.default",
        "aten.detach.default",
        "aten.lift_fresh_copy.default",
        "aten.lift_fresh.default",
        "aten.resolve_conj.default",
        "aten.resolve_neg.default",
        "aten.positive.default",
    }
)
"""What these change, memory, a Candle tensor does not show."""

_DROPOUT = frozenset(
    {
        "aten.dropout.default",
        "aten.alpha_dropout.default",
        "aten.feature_dropout.default",
        "aten.feature_alpha_dropout.default",
    }
)

CASTS = frozenset(
    {
        "aten.to.dtype",
        "aten.to.dtype_layout",
        "aten.to.device",
        "aten.to.other",
        "aten._to_copy.default",
        "aten.type_as.default",
    }
)
"""Ops that return their first operand in the dtype of their result."""

_SHAPED = frozenset(
    {
        "aten.expand.default",
        "aten.expand_as.default",
        "aten.view.default",
        "aten.reshape.default",
        "aten._unsafe_view.default",
        "aten.flatten.using_ints",
        "aten.squeeze.dim",
        "aten.squeeze.default",
        "aten.squeeze.dims",
        "aten.broadcast_to.default",
    }
)
"""Ops that keep the order of elements, so that an equal shape means an equal tensor."""

_OPEN_END = 9223372036854775807


class RemoveNoOps:
    """Removes ops whose result equals their first operand in values, dtype and shape."""

    name = "remove-no-ops"

    def run(self, graph: Graph) -> bool:
        """Returns whether any was removed."""
        renamed: dict[Value, Value] = {}
        kept: list[Node] = []
        for node in graph.nodes:
            node.replace_inputs(lambda value: renamed.get(value, value))
            source = _source(node)
            if source is None:
                kept.append(node)
                continue
            renamed[node.result] = source
            if source.variable is None and source.node is not None:
                source.variable = node.result.variable
        graph.nodes = kept
        rename(graph, renamed)
        return bool(renamed)


_AND = frozenset({"aten.__and__.Tensor", "aten.bitwise_and.Tensor", "aten.logical_and.default"})
_ONES = frozenset({"aten.new_ones.default", "aten.ones.default", "aten.ones_like.default"})


def _and_with_true(node: Node) -> Value | None:
    """Returns the operand of a logical `and` whose other operand is true everywhere."""
    if node.target not in _AND or len(node.args) != 2:
        return None
    for one, other in (node.args, node.args[::-1]):
        if not isinstance(one, Value) or not isinstance(other, Value) or one.node is None:
            continue
        kind = one.type
        is_true = one.node.target in _ONES and isinstance(kind, TensorType) and kind.is_bool
        if is_true and other.type == node.result.type:
            return other
    return None


def _source(node: Node) -> Value | None:
    """Returns the value that a node merely renames, or None."""
    first = node.args[0] if node.args else None
    if node.target in _AND:
        return _and_with_true(node)
    if not isinstance(first, Value):
        return None
    if node.target in _IDENTITY:
        return first
    if node.target in _DROPOUT:
        training = node.args[2] if len(node.args) > 2 else node.kwargs.get("train")
        return first if training is False else None
    if first.type != node.result.type:
        return None
    if node.target in CASTS or node.target in _SHAPED:
        return first
    if node.target == "aten.slice.Tensor":
        return first if _is_whole_slice(node) else None
    return first if _is_neutral(node) else None


def _is_whole_slice(node: Node) -> bool:
    """Whether a slice with the shape of its operand starts at 0 and steps by 1."""
    start = node.args[2] if len(node.args) > 2 else None
    step = node.args[4] if len(node.args) > 4 else 1
    return start in (None, 0) and step == 1


def _is_neutral(node: Node) -> bool:
    """Whether a node adds an integer 0 to integers, or multiplies by 1."""
    if len(node.args) < 2 or isinstance(node.args[1], bool):
        return False
    other = node.args[1]
    if not isinstance(other, int | float):
        return False
    if node.target in ("aten.mul.Tensor", "aten.div.Tensor", "aten.mul.Scalar"):
        return other == 1
    if node.target in ("aten.add.Tensor", "aten.sub.Tensor"):
        # On floats -0.0 + 0 is 0.0, so only integers are safe.
        kind = node.result.type
        return other == 0 and isinstance(kind, TensorType) and kind.is_integer
    return False
