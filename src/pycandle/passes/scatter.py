"""How a write to a view reaches the tensor that it looks into."""

from __future__ import annotations

from dataclasses import dataclass

from pycandle.ir.graph import Argument, Value
from pycandle.ir.sizes import Operation, Symbol, combine
from pycandle.ir.types import TensorType
from pycandle.passes.sharing import View

_SCATTERING = {
    "aten.diagonal.default": "aten.diagonal_scatter.default",
    "aten.select.int": "aten.select_scatter.default",
    "aten.slice.Tensor": "aten.slice_scatter.default",
}
"""Views of a part, and the op with the same arguments that exchanges that part."""

_SAME_ORDER = frozenset(
    {
        "aten._unsafe_view.default",
        "aten.squeeze.default",
        "aten.squeeze.dim",
        "aten.squeeze.dims",
        "aten.unflatten.int",
        "aten.unsqueeze.default",
        "aten.view.default",
        "aten.view_as.default",
    }
)
"""Views that show all elements in the same order."""

_SELF_INVERSE = frozenset(
    {
        "aten.mT.default",
        "aten.numpy_T.default",
        "aten.swapaxes.default",
        "aten.swapdims.default",
        "aten.t.default",
        "aten.transpose.int",
    }
)
"""Views that undo themselves."""

_REORDERING = _SELF_INVERSE | {
    "aten.adjoint.default",
    "aten.movedim.int",
    "aten.movedim.intlist",
    "aten.moveaxis.int",
    "aten.moveaxis.intlist",
    "aten.permute.default",
}
"""Views that may show other elements although dtype and shape are the same."""


@dataclass(frozen=True)
class Op:
    """A node to make."""

    target: str
    args: tuple[Argument, ...]
    kwargs: dict[str, Argument]


def scatter(view: View, outer: Value, value: Value) -> Op | Value | None:
    """Returns `outer` with what `view` shows replaced by `value`; None where no op does that."""
    kind = outer.type
    if not isinstance(kind, TensorType) or not view.certain:
        return None
    if view.type == kind and view.target not in _REORDERING:
        return value
    if view.target in _SCATTERING:
        return Op(_SCATTERING[view.target], (outer, value, *view.rest), view.kwargs)
    if view.target in _SAME_ORDER:
        return Op("aten.reshape.default", (value, list(kind.shape)), {})
    if view.target in _SELF_INVERSE:
        return Op(view.target, (value, *view.rest), view.kwargs)
    match view.target, view.rest:
        case "aten.narrow.default", (dim, int(start), (int() | Symbol() | Operation()) as length):
            if start < 0 or view.kwargs:
                return None
            stop = combine("+", start, length)
            return Op("aten.slice_scatter.default", (outer, value, dim, start, stop, 1), {})
        case "aten.permute.default", (list(dims),):
            inverse = _inverse(dims)
            return Op(view.target, (value, inverse), {}) if inverse is not None else None
        case _:
            return None


def _inverse(dims: list[Argument]) -> list[Argument] | None:
    """Returns the permutation that undoes one."""
    order = [dim % len(dims) for dim in dims if isinstance(dim, int)]
    if sorted(order) != list(range(len(dims))):
        return None
    return [order.index(dim) for dim in range(len(dims))]
