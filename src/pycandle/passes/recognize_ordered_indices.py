"""Finds indexing that reads elements in their order, and makes views of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pycandle.ir.graph import Argument, Graph, Node, Value
from pycandle.ir.sizes import Size
from pycandle.ir.types import TensorType

_INDEX = "aten.index.Tensor"
_ARANGES = {"aten.arange.default": 0, "aten.arange.start": 1, "aten.arange.start_step": 1}
"""Each with the position of its `end`."""


@dataclass(frozen=True)
class _Axis:
    """The numbers 0, 1, .. along one dim of a tensor whose other dims are 1."""

    length: Size
    from_end: int
    """Dims behind it."""


class RecognizeOrderedIndices:
    """Reads `mask[rows[:, None], columns]`, for rows and columns from 0 on, without an index.

    Padding masks of transformers are read so. It is a `narrow` of each dim that is not read to its
    end, which refuses what is too long as indexing does, and an `unsqueeze` for each new dim.
    """

    name = "recognize-ordered-indices"

    def run(self, graph: Graph) -> bool:
        """Returns whether any indexing was replaced."""
        return any([_replace(graph, node) for node in list(graph.nodes) if node.target == _INDEX])


def _replace(graph: Graph, node: Node) -> bool:
    source, indices = node.args
    if not isinstance(source, Value) or not isinstance(indices, list):
        return False
    axes = [_axis(index) for index in indices]
    own, kind = source.type, node.result.type
    if not isinstance(own, TensorType) or not isinstance(kind, TensorType):
        return False
    ends = [axis.from_end for axis in axes if axis is not None]
    # Each dim by an axis of its own, in the order of the dims.
    if len(ends) != own.rank or ends != sorted(set(ends), reverse=True):
        return False
    dims = [kind.rank - 1 - end for end in ends]
    lengths = [axis.length for axis in axes if axis is not None]
    made = _views(source, node, lengths, dims)
    if not made:
        return False
    last = made.pop()
    node.target, node.args, node.kwargs = last.target, last.args, {}
    at = graph.nodes.index(node)
    graph.nodes[at:at] = made
    return True


def _views(source: Value, node: Node, lengths: Sequence[Size], dims: Sequence[int]) -> list[Node]:
    """Returns the nodes that show the first elements of `source`, its dims at `dims`."""
    made: list[Node] = []
    kind = node.result.type
    assert isinstance(source.type, TensorType)
    assert isinstance(kind, TensorType)
    shape = list(source.type.shape)

    def add(found: Value, target: str, *args: Argument) -> Value:
        name = f"{node.result.name}_{len(made)}"
        type_ = TensorType(kind.dtype, tuple(shape), kind.follows_model)
        result = Value(name, type_)
        made.append(Node(target, [found, *args], {}, result, node.call, node.sites, node.function))
        result.node = made[-1]
        return result

    found = source
    for dim, length in enumerate(lengths):
        if shape[dim] != length:
            shape[dim] = length
            found = add(found, "aten.narrow.default", dim, 0, length)
    for dim in range(kind.rank):
        if dim not in dims:
            shape.insert(dim, 1)
            found = add(found, "aten.unsqueeze.default", dim)
    return made


def _axis(index: Argument) -> _Axis | None:
    """Returns the axis that an index runs along; None for any other index."""
    if not isinstance(index, Value) or index.node is None:
        return None
    node, kind = index.node, index.type
    if not isinstance(kind, TensorType):
        return None
    if node.target in _ARANGES:
        end = _ARANGES[node.target]
        counts_up = node.args[:end] in ([], [0]) and node.args[end + 1 :] in ([], [1])
        length = node.args[end]
        return _Axis(kind.shape[0], 0) if counts_up and kind.shape == (length,) else None
    if node.target == "aten.unsqueeze.default":
        inner, dim = _axis(node.args[0]), node.args[1]
        if inner is None or not isinstance(dim, int):
            return None
        place = dim if dim >= 0 else dim + kind.rank
        behind = kind.rank - 1 - place
        return _Axis(inner.length, inner.from_end + (behind <= inner.from_end))
    return None
