"""Ops on complex numbers that move them, or treat both parts alike: those of real numbers.

The pairs are one dim more behind, so that a dim is counted from the front, and a shape ends in 2.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from pycandle.lowering import indexing, joining, shape, sign, slicing
from pycandle.lowering.operand import ListOperand, Operand, Result, Unsupported, normalize_dim
from pycandle.lowering.pairs import as_pairs, is_complex, result_as_pairs
from pycandle.lowering.registry import LOWERINGS, OF_COMPLEX, Lowering, Output, register

_FAMILIES = (indexing, joining, shape, sign, slicing)
"""Whose lowerings are looked up in the registry, so that they have to be there."""


@dataclass(frozen=True)
class _Change:
    """What changes in the arguments of an op beside its operands."""

    dims: tuple[str, ...] = ()
    """Parameters with a dim, or with dims."""
    added: int = 0
    """How many dims the result has more, among which a dim is counted."""
    shape: str = ""
    """The parameter with sizes."""
    closing: int = 2
    """What the sizes end in."""
    rest: str = ""
    """The parameter with an order of all dims."""


_MOVES: Mapping[str, _Change] = {
    "aten.alias.default": _Change(),
    "aten.cat.default": _Change(dims=("dim",)),
    "aten.clone.default": _Change(),
    "aten.contiguous.default": _Change(),
    "aten.detach.default": _Change(),
    "aten.expand.default": _Change(shape="size"),
    "aten.flatten.using_ints": _Change(dims=("start_dim", "end_dim")),
    "aten.flip.default": _Change(dims=("dims",)),
    "aten.index_select.default": _Change(dims=("dim",)),
    "aten.narrow.default": _Change(dims=("dim",)),
    "aten.neg.default": _Change(),
    "aten.permute.default": _Change(dims=("dims",), rest="dims"),
    "aten.repeat.default": _Change(shape="repeats", closing=1),
    "aten.reshape.default": _Change(shape="shape"),
    "aten.resolve_conj.default": _Change(),
    "aten.resolve_neg.default": _Change(),
    "aten.select.int": _Change(dims=("dim",)),
    "aten.slice.Tensor": _Change(dims=("dim",)),
    "aten.squeeze.dim": _Change(dims=("dim",)),
    "aten.stack.default": _Change(dims=("dim",), added=1),
    "aten.transpose.int": _Change(dims=("dim0", "dim1")),
    "aten.unsqueeze.default": _Change(dims=("dim",), added=1),
    "aten.view.default": _Change(shape="size"),
}


def _moved(lowering: Lowering, change: _Change) -> Callable[..., Output]:
    def lower(*args: Any, out: Result, **kwargs: Any) -> Output:
        extra = {"out": result_as_pairs(out)} if lowering.wants_result else {}
        bound = lowering.signature.bind(*args, **kwargs, **extra)
        bound.apply_defaults()
        arguments = bound.arguments
        rank = _rank(arguments) + change.added
        for name in change.dims:
            arguments[name] = _from_front(arguments[name], rank)
        if change.rest:
            arguments[change.rest] = [*arguments[change.rest], rank]
        if change.shape:
            arguments[change.shape] = [*arguments[change.shape], change.closing]
        for name, value in arguments.items():
            arguments[name] = _held(value)
        return lowering.function(*bound.args, **bound.kwargs)

    return lower


def _rank(arguments: Mapping[str, Any]) -> int:
    first = next(iter(arguments.values()))
    if isinstance(first, ListOperand):
        raise Unsupported("tensors", "a list of complex tensors", supported="tensors one by one")
    items = cast("list[Operand]", first) if isinstance(first, list) else [first]
    return items[0].rank


def _from_front(dims: list[int] | int, rank: int) -> list[int] | int:
    if isinstance(dims, list):
        return [normalize_dim(dim, rank) for dim in dims]
    return normalize_dim(dims, rank)


def _held(value: Any) -> Any:
    if isinstance(value, list):
        return [_held(item) for item in cast("list[Any]", value)]
    return as_pairs(value) if isinstance(value, Operand) and is_complex(value.type) else value


def _of_complex(lowering: Lowering, change: _Change) -> Lowering:
    return replace(
        lowering,
        function=_moved(lowering, change),
        wants_result=True,
        signature=_with_result(lowering),
        takes_complex=True,
    )


def _with_result(lowering: Lowering) -> inspect.Signature:
    if lowering.wants_result:
        return lowering.signature
    out = inspect.Parameter("out", inspect.Parameter.KEYWORD_ONLY)
    return lowering.signature.replace(parameters=[*lowering.signature.parameters.values(), out])


for _overload, _change in _MOVES.items():
    register(_of_complex(LOWERINGS[_overload], _change), OF_COMPLEX)
