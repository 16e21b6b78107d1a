"""Finds RMS normalization that a model spells out, by the order in which it rounds and scales."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from pycandle.ir.graph import Argument, Graph, Node, Value
from pycandle.ir.types import TensorType
from pycandle.passes.remove_no_ops import CASTS

ROUNDED = "pycandle.rms_norm.rounded"
"""(input, weight, eps): normalized in float32, rounded to the input's dtype, then scaled."""

OFFSET = "pycandle.rms_norm.offset"
"""(input, weight, eps): normalized and scaled by 1 + weight in float32, then rounded."""

_ADDITIONS = ("aten.add.Tensor", "aten.add.Scalar")
_SQUARES = ("aten.pow.Tensor_Scalar", "aten.square.default", "aten.mul.Tensor")
_WIDE = ("float32", "float64")
"""Dtypes in which a rounding between two steps is not more than the noise of the sum itself."""

Number: TypeAlias = int | float


class RecognizeRmsNorm:
    """Replaces the ops of an RMS normalization over the last dim by one op, which has a layer.

    Each form rounds where the ops rounded, in every dtype: `rounded` and `offset` begin with a cast
    to float32; what casts nothing is torch's own `rms_norm` where it runs in a wide dtype alone.
    """

    name = "recognize-rms-norm"

    def run(self, graph: Graph) -> bool:
        """Returns whether any was found."""
        readers = graph.uses()
        shown = {output.value for output in graph.outputs}
        shown |= {value for call in graph.calls for value in call.outputs}
        done: set[Node] = set()
        for node in reversed(graph.nodes):  # The largest form first: one may stand in another.
            if node in done:
                continue
            for found in (*_rounded(node), *_offset(node), *_in_one_dtype(node, graph)):
                if _is_closed(node, found.steps, readers, shown):
                    node.target, node.args, node.kwargs = found.target, found.args, {}
                    node.cast = None
                    done.update(found.steps)
                    break
        return bool(done)


@dataclass(frozen=True)
class _Found:
    target: str
    args: list[Argument]
    steps: tuple[Node, ...]
    """What is computed on the way, and is not needed any more."""


@dataclass(frozen=True)
class _Normalized:
    """`source * rsqrt(mean(source ** 2) + eps)` over the last dim."""

    source: Value
    eps: Number
    steps: tuple[Node, ...]


def _is_closed(
    last: Node,
    steps: tuple[Node, ...],
    readers: dict[Value, list[Node]],
    shown: set[Value | None],
) -> bool:
    """Whether nothing else reads a step, and all stand in one module call."""
    inside = {last, *steps}
    return all(
        step.call == last.call
        and step.result not in shown
        and all(reader in inside for reader in readers.get(step.result, []))
        for step in steps
    )


def _rounded(last: Node) -> Iterator[_Found]:
    """Yields `weight * cast(normalized(cast(x)))`."""
    for weight, rounded in _products(last):
        back = _node(rounded, *CASTS)
        normalized = _normalized(_first(back))
        wide = _node(normalized.source if normalized else None, *CASTS)
        source = _first(wide)
        if back is None or normalized is None or wide is None or source is None:
            continue
        kind = source.type
        is_whole = last.result.type == back.result.type == kind
        if is_whole and _is_wide(wide, kind) and _scales(weight, kind):
            steps = (back, wide, *normalized.steps)
            yield _Found(ROUNDED, [source, weight, normalized.eps], steps)


def _offset(last: Node) -> Iterator[_Found]:
    """Yields `cast(normalized(cast(x)) * (cast(weight) + 1))`."""
    scaled = _node(_first(_node(last.result, *CASTS)), "aten.mul.Tensor")
    for left, right in _products(scaled):
        normalized = _normalized(left)
        wide = _node(normalized.source if normalized else None, *CASTS)
        addition = _node(right, *_ADDITIONS)
        wide_weight = _node(_first(addition), *CASTS)
        source, weight = _first(wide), _first(wide_weight)
        if scaled is None or normalized is None or addition is None or wide_weight is None:
            continue
        if wide is None or source is None or weight is None or _second_number(addition) != 1:
            continue
        kind = source.type
        is_whole = last.result.type == kind and scaled.result.type == wide.result.type
        if not is_whole or not _is_wide(wide, kind) or not _scales(weight, kind):
            continue
        if _is_wide(wide_weight, weight.type):
            steps = (scaled, addition, wide_weight, wide, *normalized.steps)
            yield _Found(OFFSET, [source, weight, normalized.eps], steps)


def _in_one_dtype(last: Node, graph: Graph) -> Iterator[_Found]:
    """Yields `weight * normalized(x)`, of a dtype that is wide however the model is run."""
    for weight, value in _products(last):
        normalized = _normalized(value)
        if normalized is None:
            continue
        kind = normalized.source.type
        if not isinstance(kind, TensorType) or kind.dtype not in _WIDE:
            continue
        if kind.follows_model and graph.dtype_generic:
            continue
        if last.result.type == kind and _scales(weight, kind):
            size = kind.shape[-1]
            args: list[Argument] = [normalized.source, [size], weight, normalized.eps]
            yield _Found("aten.rms_norm.default", args, normalized.steps)


def _normalized(value: Argument) -> _Normalized | None:
    product = _node(value, "aten.mul.Tensor")
    for source, scale in _products(product):
        root = _node(scale, "aten.rsqrt.default")
        addition = _node(_first(root), *_ADDITIONS)
        mean = _node(_first(addition), "aten.mean.dim")
        square = _node(_first(mean), *_SQUARES)
        if product is None or root is None or addition is None or mean is None or square is None:
            continue
        eps = _second_number(addition)
        if eps is None or not _squares(square, source) or not _is_of_last_dim(mean, source):
            continue
        if product.result.type == source.type:
            return _Normalized(source, eps, (product, root, addition, mean, square))
    return None


def _node(value: Argument, *targets: str) -> Node | None:
    """Returns the node that computes a value, if it is one of these ops."""
    node = value.node if isinstance(value, Value) else None
    return node if node is not None and node.target in targets else None


def _first(node: Node | None) -> Value | None:
    found = node.args[0] if node is not None and node.args else None
    return found if isinstance(found, Value) else None


def _products(node: Node | None) -> Iterator[tuple[Value, Value]]:
    """Yields the operands of a multiplication of two tensors, in both orders."""
    if node is None or node.target != "aten.mul.Tensor" or node.kwargs:
        return
    left, right = node.args
    if isinstance(left, Value) and isinstance(right, Value):
        yield left, right
        yield right, left


def _second_number(node: Node) -> Number | None:
    """Returns the number that is added; None for a tensor, and where it is multiplied first."""
    if len(node.args) != 2 or node.kwargs:
        return None
    number = node.args[1]
    if isinstance(number, bool) or not isinstance(number, int | float):
        return None
    return number


def _squares(node: Node, source: Value) -> bool:
    """Whether a node is the square of a value."""
    if node.kwargs or node.result.type != source.type:
        return False
    match node.target:
        case "aten.pow.Tensor_Scalar":
            return node.args[0] is source and node.args[1] == 2
        case _:
            return all(argument is source for argument in node.args)


def _is_of_last_dim(mean: Node, source: Value) -> bool:
    """Whether a mean is taken over the last dim, which stays, in the source's own dtype."""
    kind = source.type
    if not isinstance(kind, TensorType) or not kind.shape or mean.kwargs:
        return False
    is_last = mean.args[1:] in ([[-1], True], [[kind.rank - 1], True])
    return is_last and mean.result.type == replace(kind, shape=(*kind.shape[:-1], 1))


def _is_wide(cast: Node, kind: object) -> bool:
    """Whether a cast makes float32 of a float, whatever the model's dtype is."""
    if not isinstance(kind, TensorType) or not kind.is_float:
        return False
    return cast.result.type == TensorType("float32", kind.shape)


def _scales(weight: Value, kind: object) -> bool:
    """Whether a weight has one number for each element of the last dim, in the same dtype."""
    if not isinstance(kind, TensorType) or not kind.shape or not isinstance(kind.shape[-1], int):
        return False
    return weight.type == replace(kind, shape=kind.shape[-1:])
