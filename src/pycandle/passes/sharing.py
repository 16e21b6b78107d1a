"""Which results share memory with an operand, and how a write to one reaches the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pycandle.ir.graph import Argument, Node, Value
from pycandle.ir.sizes import Size, combine
from pycandle.ir.types import DTypeConstant, Keyword, TensorType, TupleType

Sharing = Literal["always", "maybe", "never"]


def _overloads(*names: str) -> frozenset[str]:
    return frozenset(f"aten.{name}" for name in names)


VIEWS = _overloads(
    "_unsafe_view.default", "adjoint.default", "alias.default", "broadcast_to.default",
    "detach.default", "diagonal.default", "expand.default", "expand_as.default",
    "lift_fresh.default", "mT.default", "movedim.int", "movedim.intlist", "moveaxis.int",
    "moveaxis.intlist", "narrow.default", "numpy_T.default", "permute.default",
    "positive.default", "resolve_conj.default", "resolve_neg.default", "select.int",
    "slice.Tensor", "squeeze.default", "squeeze.dim", "squeeze.dims", "swapaxes.default",
    "swapdims.default", "t.default", "transpose.int", "unflatten.int", "unfold.default",
    "unsqueeze.default", "view.default", "view.dtype", "view_as.default",
)  # fmt: skip
"""Ops whose result always looks into their first operand."""

MAYBE_VIEWS = _overloads(
    "_autocast_to_full_precision.default", "_autocast_to_reduced_precision.default",
    "_conj.default", "_grad_sum_to_size.default", "_neg_view.default", "_reshape_alias.default",
    "as_strided.default", "as_tensor.default", "atleast_1d.default", "atleast_2d.default",
    "atleast_3d.default", "channel_shuffle.default", "conj.default", "contiguous.default",
    "conj_physical.default", "cpu.default", "cuda.default", "flatten.using_ints", "imag.default",
    "linalg_diagonal.default", "mH.default", "matrix_H.default", "narrow.Tensor",
    "pin_memory.default", "pixel_shuffle.default", "pixel_unshuffle.default", "ravel.default",
    "real.default", "reshape.default", "reshape_as.default", "sum_to_size.default",
    "view_as_complex.default", "view_as_real.default",
)  # fmt: skip
"""Ops whose result may look into their first operand, or that have no way back from it here."""

CASTS = _overloads(
    "to.device", "to.dtype", "to.dtype_layout", "to.other", "to.prim_Device", "to.prim_dtype",
    "to.prim_other", "type_as.default",
)  # fmt: skip
"""Ops that return their operand itself where it has the dtype already."""

DROPOUTS = _overloads(
    "alpha_dropout.default", "dropout.default", "feature_alpha_dropout.default",
    "feature_dropout.default",
)  # fmt: skip
"""Ops that return their operand itself outside training."""

SPLITS = _overloads(
    "chunk.default", "split.Tensor", "split.default", "split.sizes", "split_with_sizes.default",
    "tensor_split.sections", "tensor_split.indices", "unsafe_chunk.default",
    "unsafe_split.Tensor", "unsafe_split_with_sizes.default",
)  # fmt: skip
"""Ops whose results are consecutive parts of their first operand along a dim."""

UNBIND = "aten.unbind.int"

MAYBE_SPLITS = _overloads(
    "dsplit.array", "dsplit.int", "hsplit.array", "hsplit.int",
    "tensor_split.tensor_indices_or_sections", "vsplit.array", "vsplit.int",
)  # fmt: skip
"""Ops with several results, which look into their first operand in ways not followed here."""

ITEM_BY_ITEM = _overloads(
    "atleast_1d.Sequence", "atleast_2d.Sequence", "atleast_3d.Sequence",
    "broadcast_tensors.default", "meshgrid.default", "meshgrid.indexing",
)  # fmt: skip
"""Ops that take a list, and whose result with the same index looks into each."""

ALONE = {"aten.einsum.default": 1, "aten.cartesian_prod.default": 0}
"""Ops that may only look at an operand that is alone in its list, and where the list stands."""

RENAMING = {
    "aten.detach_.default": "aten.detach.default",
    "aten.requires_grad_.default": "aten.alias.default",
    "aten.squeeze_.default": "aten.squeeze.default",
    "aten.squeeze_.dim": "aten.squeeze.dim",
    "aten.squeeze_.dims": "aten.squeeze.dims",
    "aten.swapaxes_.default": "aten.swapaxes.default",
    "aten.swapdims_.default": "aten.swapdims.default",
    "aten.t_.default": "aten.t.default",
    "aten.transpose_.default": "aten.transpose.int",
    "aten.unsqueeze_.default": "aten.unsqueeze.default",
}
"""In-place ops that write nothing: their operand becomes another view of its memory."""


def sharing(node: Node) -> Sharing:
    """Whether the result of a node with one result looks into its first operand."""
    if node.target in VIEWS:
        return "always"
    if node.target in MAYBE_VIEWS:
        return "maybe"
    if node.target in CASTS:
        return _cast_sharing(node)
    if node.target in DROPOUTS:
        training = node.args[2] if len(node.args) > 2 else node.kwargs.get("train")
        return "always" if training is False else "never"
    return "never"


def _cast_sharing(node: Node) -> Sharing:
    source = node.args[0]
    assert isinstance(source, Value)
    before, after = source.type, node.result.type
    if not isinstance(before, TensorType) or not isinstance(after, TensorType):
        return "maybe"
    if before == after:
        # `copy=True` makes a copy, and so may a memory format.
        rest = [
            item for item in (*node.args[1:], *node.kwargs.values()) if item not in (None, False)
        ]
        plain = all(isinstance(item, DTypeConstant | Value) or _is_device(item) for item in rest)
        return "always" if plain else "maybe"
    if before.dtype == after.dtype:
        return "maybe"
    # In a model of another dtype the two may be the same.
    free = before.follows_model or after.follows_model
    return "maybe" if free and before.is_float and after.is_float else "never"


def _is_device(item: Argument) -> bool:
    return isinstance(item, Keyword) and (item.kind, item.name) in {
        ("device", "model"),
        ("layout", "strided"),
        ("memory_format", "preserve_format"),
    }


@dataclass(frozen=True)
class View:
    """How a tensor looks into another one: `target(outer, *rest)`."""

    node: Node
    """The node that made it, whose place in the program new nodes take."""
    target: str
    rest: tuple[Argument, ...]
    kwargs: dict[str, Argument]
    type: TensorType | TupleType
    certain: bool
    """Whether it shares memory for sure."""


def view_of(node: Node) -> tuple[Value, View] | None:
    """Returns what the single result of a node looks into, and how; None for its own memory."""
    source = node.args[0] if node.args else None
    if node.target in ALONE and len(node.args) > ALONE[node.target]:
        operands = node.args[ALONE[node.target]]
        if isinstance(operands, list) and len(operands) == 1 and isinstance(operands[0], Value):
            return operands[0], View(node, node.target, (), {}, node.result.type, certain=False)
    if not isinstance(source, Value):
        return None
    found = sharing(node)
    if found == "never":
        return None
    rest, certain = tuple(node.args[1:]), found == "always"
    return source, View(node, node.target, rest, dict(node.kwargs), node.result.type, certain)


def part_of(split: Node, index: int, item: Node) -> View | None:
    """Returns how one of the results of a node looks into its operand; None for its own.

    `item` is the node that takes the result out.
    """
    source = split.args[0] if split.args else None
    kind = item.result.type
    if split.target in MAYBE_SPLITS or split.target in ITEM_BY_ITEM:
        return View(item, split.target, (), {}, kind, certain=False)
    types = split.result.type
    if not isinstance(source, Value) or not isinstance(types, TupleType):
        return None
    if split.target == UNBIND:
        dim = split.args[1] if len(split.args) > 1 else split.kwargs.get("dim", 0)
        return View(item, "aten.select.int", (dim, index), {}, kind, certain=True)
    if split.target not in SPLITS:
        return None
    dim = split.args[2] if len(split.args) > 2 else split.kwargs.get("dim", 0)
    start = _extent(types, dim, index)
    stop = _extent(types, dim, index + 1)
    if start is None or stop is None:
        return View(item, split.target, (), {}, kind, certain=False)
    return View(item, "aten.slice.Tensor", (dim, start, stop, 1), {}, kind, certain=True)


def _extent(types: TupleType, dim: Argument, count: int) -> Size | None:
    """Returns how much of a dim the first `count` parts take."""
    total: Size = 0
    for item in types.items[:count]:
        if item is None or not isinstance(dim, int):
            return None
        total = combine("+", total, item.shape[dim])
    return total


def operand_of(split: Node, index: int) -> Value | None:
    """Returns the operand that a result of a node with several looks into, if it does."""
    source = split.args[0] if split.args else None
    if isinstance(source, list) and split.target in ITEM_BY_ITEM and index < len(source):
        source = source[index]
    return source if isinstance(source, Value) else None


_SAME_OBJECT = _overloads(
    "lift_fresh.default", "positive.default", "resolve_conj.default", "resolve_neg.default"
)


def is_maybe_same_object(view: View) -> bool:
    """Whether a view may be its operand itself, not a second tensor with the same memory."""
    return view.target in MAYBE_VIEWS | CASTS | DROPOUTS | _SAME_OBJECT
