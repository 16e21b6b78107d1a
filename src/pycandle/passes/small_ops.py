"""Ops on tensors of a few numbers, by overload, as torch computes them."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

from pycandle.passes.small_tensors import Number, Small, Unknown, broadcast, made, pointwise


def _dim(x: Small, dim: int, *, extra: int = 0) -> int:
    return dim + len(x.shape) + extra if dim < 0 else dim


def _reshape(x: Small, shape: Sequence[int]) -> Small:
    known = math.prod(size for size in shape if size != -1)
    count = len(x.numbers)
    if -1 in shape and not known:
        raise Unknown
    sizes = tuple(count // known if size == -1 else size for size in shape)
    if math.prod(sizes) != count:
        raise Unknown
    return Small(sizes, x.numbers)


def _unsqueeze(x: Small, dim: int) -> Small:
    at = _dim(x, dim, extra=1)
    return Small((*x.shape[:at], 1, *x.shape[at:]), x.numbers)


def _squeeze(x: Small, dim: int) -> Small:
    at = _dim(x, dim)
    kept = x.shape[:at] + x.shape[at + 1 :] if x.shape[at] == 1 else x.shape
    return Small(kept, x.numbers)


def _expand(x: Small, shape: Sequence[int], *, implicit: bool = False) -> Small:
    own = (1,) * (len(shape) - len(x.shape)) + x.shape
    sizes = tuple(o if size == -1 else size for size, o in zip(shape, own, strict=True))
    return made(sizes, x.at)


def _slice(
    x: Small, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Small:
    at = _dim(x, dim)
    kept = range(x.shape[at])[start:end:step]
    shape = (*x.shape[:at], len(kept), *x.shape[at + 1 :])
    return made(shape, lambda i: _get(x, (*i[:at], kept[i[at]], *i[at + 1 :])))


def _get(x: Small, index: tuple[int, ...]) -> Number:
    place = 0
    for size, position in zip(x.shape, index, strict=True):
        place = place * size + position
    return x.numbers[place]


def _select(x: Small, dim: int, index: int) -> Small:
    at = _dim(x, dim)
    return _reshape(
        _slice(x, at, index, None if index == -1 else index + 1),
        [*x.shape[:at], *x.shape[at + 1 :]],
    )


def _transpose(x: Small, one: int, two: int) -> Small:
    order = list(range(len(x.shape)))
    one, two = _dim(x, one), _dim(x, two)
    order[one], order[two] = order[two], order[one]
    return _permute(x, order)


def _permute(x: Small, dims: Sequence[int]) -> Small:
    order = [_dim(x, dim) for dim in dims]
    shape = [x.shape[dim] for dim in order]

    def number(index: tuple[int, ...]) -> Number:
        source = [0] * len(order)
        for position, dim in zip(index, order, strict=True):
            source[dim] = position
        return _get(x, tuple(source))

    return made(shape, number)


def _cat(tensors: Sequence[Small], dim: int = 0) -> Small:
    parts = [part for part in tensors if part.shape != (0,)]
    at = _dim(parts[0], dim)
    whole = [(part, i) for part in parts for i in range(part.shape[at])]
    shape = (*parts[0].shape[:at], len(whole), *parts[0].shape[at + 1 :])

    def number(index: tuple[int, ...]) -> Number:
        part, position = whole[index[at]]
        return _get(part, (*index[:at], position, *index[at + 1 :]))

    return made(shape, number)


def _cumsum(x: Small, dim: int, *, dtype: Any = None) -> Small:
    at = _dim(x, dim)
    return made(
        x.shape, lambda i: sum(_get(x, (*i[:at], k, *i[at + 1 :])) for k in range(i[at] + 1))
    )


def _diff(
    x: Small, n: int = 1, dim: int = -1, prepend: Small | None = None, append: Small | None = None
) -> Small:
    whole = _cat([part for part in (prepend, x, append) if part is not None], dim)
    if n != 1:
        raise Unknown
    return pointwise(operator.sub, _slice(whole, dim, 1), _slice(whole, dim, 0, -1))


def _index(x: Small, indices: Sequence[Small | None]) -> Small:
    if any(item is None for item in indices) or len(indices) > len(x.shape):
        raise Unknown
    found = [item for item in indices if item is not None]
    shape = broadcast(*(item.shape for item in found))
    rest = x.shape[len(found) :]

    def number(index: tuple[int, ...]) -> Number:
        at = [int(item.at(index[: len(shape)])) for item in found]
        if any(not -size <= i < size for i, size in zip(at, x.shape, strict=False)):
            raise Unknown
        first = tuple(i % size for i, size in zip(at, x.shape, strict=False))
        return _get(x, (*first, *index[len(shape) :]))

    return made((*shape, *rest), number)


def _triangle(keeps: Callable[[int, int], bool]) -> Callable[..., Small]:
    def triangle(x: Small, diagonal: int = 0) -> Small:
        def number(i: tuple[int, ...]) -> Number:
            found = _get(x, i)
            return found if keeps(i[-1] - i[-2], diagonal) else type(found)(0)

        return made(x.shape, number)

    return triangle


def _arange(*bounds: Any, **_: Any) -> Small:
    if not all(isinstance(bound, int) for bound in bounds):
        raise Unknown
    numbers = tuple(range(*bounds))
    return Small((len(numbers),), numbers)


def _filled(value: Number | None) -> Callable[..., Small]:
    def filled(shape: Sequence[int], *args: Any, dtype: Any = None, **_: Any) -> Small:
        number = args[0] if value is None else value
        is_bool = getattr(dtype, "name", None) == "bool"
        return made(shape, lambda _: bool(number) if is_bool else number)

    return filled


def _filled_like(value: Number | None) -> Callable[..., Small]:
    def filled(x: Small, *args: Any, dtype: Any = None, **_: Any) -> Small:
        return _filled(value)(x.shape, *args, dtype=dtype)

    return filled


def _new_filled(value: Number | None) -> Callable[..., Small]:
    def filled(x: Small, shape: Sequence[int], *args: Any, dtype: Any = None, **_: Any) -> Small:
        return _filled(value)(shape, *args, dtype=dtype)

    return filled


def _cast(x: Small, *args: Any, **kwargs: Any) -> Small:
    dtypes = [item.name for item in (*args, *kwargs.values()) if hasattr(item, "name")]
    kinds = {"bool": bool, "int64": int, "int32": int, "float32": float, "float64": float}
    if len(dtypes) != 1 or dtypes[0] not in kinds:
        raise Unknown
    convert: Callable[[Number], Number] = kinds[dtypes[0]]
    return Small(x.shape, tuple(map(convert, x.numbers)))


def _where(condition: Small, yes: Any, no: Any) -> Small:
    return pointwise(_choose, condition, yes, no)


def _choose(condition: Number, yes: Number, no: Number) -> Number:
    return yes if condition else no


def _masked_fill(x: Small, mask: Small, value: Number) -> Small:
    return _where(mask, value, x)


def _by(function: Callable[..., Number]) -> Callable[..., Small]:
    """Makes a pointwise op; an argument that changes what it means is unknown."""

    def op(*operands: Any, **kwargs: Any) -> Small:
        if any(kwargs.values()):
            raise Unknown
        return pointwise(function, *operands)

    return op


def _same(x: Small, *_: Any, **__: Any) -> Small:
    return x


def _division(one: Small, other: Any, *, rounding_mode: str | None = None) -> Small:
    if rounding_mode != "floor":
        raise Unknown
    return pointwise(_floor_divide, one, other)


def _floor_divide(one: Number, other: Number) -> Number:
    return one // other


def _negative(one: Number) -> Number:
    return -one


def _magnitude(one: Number) -> Number:
    return abs(one)


def _both(one: Number, other: Number) -> Number:
    if not isinstance(one, bool) or not isinstance(other, bool):
        raise Unknown
    return one and other


def _either(one: Number, other: Number) -> Number:
    if not isinstance(one, bool) or not isinstance(other, bool):
        raise Unknown
    return one or other


def _inverse(one: Number) -> Number:
    if not isinstance(one, bool):
        raise Unknown
    return not one


def _product(one: Number, other: Number) -> Number:
    return _both(one, other) if isinstance(one, bool) and isinstance(other, bool) else one * other


_BINARY: dict[str, Callable[[Number, Number], Number]] = {
    "add": operator.add, "sub": operator.sub, "mul": _product, "eq": operator.eq,
    "ne": operator.ne, "lt": operator.lt, "le": operator.le, "gt": operator.gt, "ge": operator.ge,
    "minimum": min, "maximum": max, "floor_divide": _floor_divide, "remainder": operator.mod,
}  # fmt: skip

OPS: dict[str, Callable[..., Small]] = {
    **{f"aten.{n}.{o}": _by(f) for n, f in _BINARY.items() for o in ("Tensor", "Scalar")},
    **{f"aten.{n}.default": _by(f) for n, f in _BINARY.items()},
    **{
        f"aten.{name}.{overload}": _by(function)
        for names, function in (
            (("logical_and", "bitwise_and", "__and__"), _both),
            (("logical_or", "bitwise_or", "__or__"), _either),
            (("logical_not", "bitwise_not"), _inverse),
        )
        for name in names
        for overload in ("default", "Tensor")
    },
    "aten.neg.default": _by(_negative),
    "aten.abs.default": _by(_magnitude),
    "aten.arange.default": _arange,
    "aten.arange.start": _arange,
    "aten.arange.start_step": _arange,
    "aten.ones.default": _filled(1),
    "aten.zeros.default": _filled(0),
    "aten.full.default": _filled(None),
    "aten.ones_like.default": _filled_like(1),
    "aten.zeros_like.default": _filled_like(0),
    "aten.full_like.default": _filled_like(None),
    "aten.new_ones.default": _new_filled(1),
    "aten.new_zeros.default": _new_filled(0),
    "aten.new_full.default": _new_filled(None),
    "aten.unsqueeze.default": _unsqueeze,
    "aten.squeeze.dim": _squeeze,
    "aten.expand.default": _expand,
    "aten.view.default": _reshape,
    "aten.reshape.default": _reshape,
    "aten.slice.Tensor": _slice,
    "aten.select.int": _select,
    "aten.transpose.int": _transpose,
    "aten.permute.default": _permute,
    "aten.cat.default": _cat,
    "aten.cumsum.default": _cumsum,
    "aten.diff.default": _diff,
    "aten.index.Tensor": _index,
    "aten.tril.default": _triangle(operator.le),
    "aten.triu.default": _triangle(operator.ge),
    "aten.where.self": _where,
    "aten.where.ScalarOther": _where,
    "aten.where.ScalarSelf": _where,
    "aten.masked_fill.Scalar": _masked_fill,
    "aten.to.dtype": _cast,
    "aten._to_copy.default": _cast,
    "aten.clone.default": _same,
    "aten.contiguous.default": _same,
    "aten.to.device": _cast,
    "aten.div.Tensor_mode": _division,
    "aten.div.Scalar_mode": _division,
}
"""By overload; an op that is not here is unknown."""
