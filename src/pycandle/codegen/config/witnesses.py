"""Proves that what is lowered for the recorded settings holds for the others that were tried.

Each op is lowered once more with the numbers that it has for another sample of the settings. The
Rust must be the same, and each number in it what its formula gives there; a number whose formula
was lost on the way shows as one that stays what it was.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from pycandle.codegen.structure.layout import GETITEM, bind_argument, dry_result, dry_size
from pycandle.ir.configured import Configured, elsewhere, exact, is_configured, plain
from pycandle.ir.graph import Argument, Graph, Node, Value
from pycandle.ir.sizes import Operation, Size
from pycandle.ir.types import TensorType, TupleType, ValueType
from pycandle.lowering import LOWERINGS
from pycandle.lowering.layers import find_layer
from pycandle.lowering.operand import Items, Layout, Lowered, Operand, Several, Unsupported
from pycandle.rust import tree as t
from pycandle.rust.rewrite import numbers, skeleton

RECORDED = -1
"""In the place of a sample's position: the recorded settings, with the formulas."""


def find_unproved(graphs: Sequence[Graph]) -> dict[str, Node]:
    """Returns the settings that change what an op is lowered to, each with such an op."""
    origins = graphs[0].origins
    paths = list(origins.settings)
    recorded = tuple(origins.settings.values())
    changed = [
        {path for path, one, other in zip(paths, row, recorded, strict=True) if one != other}
        for row in origins.samples
    ]
    found: dict[str, Node] = {}
    seen: set[Hashable] = set()
    for node in (node for graph in graphs for node in graph.nodes):
        if not _has_formulas(node) or (key := _key(node)) in seen:
            continue
        seen.add(key)
        first = _lowered(node, RECORDED)
        # Those with the fewest changes first: they tell best which setting it is.
        leaves = [leaf for leaf in _leaves(node) if is_configured(leaf)]
        read = {path for leaf in leaves for path in leaf.settings}
        proved: set[str] = set()
        for sample in sorted(range(len(changed)), key=lambda index: len(changed[index])):
            moved = changed[sample] & read
            if not moved.isdisjoint(found):
                continue
            other = _lowered(node, sample)
            if _agree(first, other, sample):
                proved |= moved
            elif not _is_special(leaves, sample) or _alike(first, other):
                found |= dict.fromkeys(sorted(moved), node)
        found |= dict.fromkeys(sorted(read - proved - found.keys()), node)
    return found


def _is_special(leaves: Sequence[Configured], sample: int) -> bool:
    """Whether a number is 0 or 1 for a sample, where less Rust may do than for other numbers."""
    return any(leaf.samples[sample] in (0, 1) for leaf in leaves)


def at_sample(value: Any, sample: int) -> Any:
    """Returns numbers, sizes and lists of them with the values that they have for a sample."""
    if sample == RECORDED:
        return value
    if is_configured(value):
        return elsewhere(value, sample)
    if isinstance(value, Operation):
        return Operation(value.op, at_sample(value.left, sample), at_sample(value.right, sample))
    if isinstance(value, list | tuple):
        return type(value)(at_sample(item, sample) for item in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return value


def _type_at(kind: ValueType, sample: int) -> ValueType:
    if isinstance(kind, TensorType):
        shape: tuple[Size, ...] = at_sample(kind.shape, sample)
        return replace(kind, shape=shape)
    items = (None if item is None else _type_at(item, sample) for item in kind.items)
    return TupleType(tuple(item for item in items if item is None or isinstance(item, TensorType)))


def _lowered(node: Node, sample: int) -> tuple[Any, Layout | None] | None:
    """Returns the Rust of an op and its layout; None where it is refused."""

    def operand(value: Value) -> Operand:
        kind = _type_at(value.type, sample)
        assert isinstance(kind, TensorType)
        return Operand(t.Local("x"), kind, sizes=dry_size, is_state=value.state is not None)

    def bound(argument: Argument) -> Any:
        return bind_argument(at_sample(argument, sample), operand, dry_size)

    try:
        args = [bound(argument) for argument in node.args]
        kwargs = {name: bound(argument) for name, argument in node.kwargs.items()}
        layer = find_layer(node.target, args, kwargs)
        if layer is not None:
            return (layer.type, layer.constructor, layer.full_args), Layout.CONTIGUOUS
        lowering = LOWERINGS.get(node.target)
        if lowering is None:
            return None
        output = lowering(args, kwargs, dry_result(_type_at(node.result.type, sample)))
    except Unsupported:
        return None
    match output:
        case Lowered(expr, layout):
            return expr, layout
        case Items(items):
            return items, None
        case Several(expr):
            return expr, None
        case _:
            return output, None


def _alike(first: Any, other: Any) -> bool:
    """Whether two pieces of Rust are the same but for numbers."""
    if first is None or other is None:
        return first is other
    return first[1] == other[1] and skeleton(first[0]) == skeleton(other[0])


def _agree(first: Any, other: Any, sample: int) -> bool:
    if first is None or not _alike(first, other):
        return first is other
    pairs = zip(numbers(first[0]), numbers(other[0]), strict=True)
    return all(_same(one.value, two.value, sample) for one, two in pairs)


def _same(one: t.Literal, other: t.Literal, sample: int) -> bool:
    if is_configured(one) != is_configured(other):
        return False
    there, other = plain(at_sample(one, sample)), plain(other)
    if isinstance(there, int | float) and isinstance(other, int | float):
        return abs(there - other) <= 1e-12 * abs(other) or (there != there and other != other)
    return there == other


def _has_formulas(node: Node) -> bool:
    return node.target != GETITEM and any(map(is_configured, _leaves(node)))


def _leaves(node: Node) -> Iterator[Any]:
    for argument in (*node.args, *node.kwargs.values()):
        yield from _inside(argument)
    yield from _inside(node.result)


def _inside(argument: Any) -> Iterator[Any]:
    match argument:
        case Value(type=kind):
            yield from _inside(kind)
        case TensorType(shape=shape):
            yield from _inside(list(shape))
        case TupleType(items=items):
            yield from _inside(list(items))
        case list():
            for item in argument:  # pyright: ignore[reportUnknownVariableType]
                yield from _inside(item)
        case Operation(_, left, right):
            yield from _inside(left)
            yield from _inside(right)
        case _:
            yield argument


def _key(node: Node) -> Hashable:
    def canonical(argument: Any) -> Hashable:
        match argument:
            case Value(type=kind):
                return argument.state is not None, canonical(kind)
            case TensorType(dtype, shape, follows):
                return dtype, canonical(list(shape)), follows
            case TupleType(items):
                return canonical(list(items))
            case list():
                return tuple(canonical(item) for item in argument)  # pyright: ignore[reportUnknownVariableType]
            case Operation(op, left, right):
                return op, canonical(left), canonical(right)
            case int() | float():
                return exact(argument) if argument == argument else "nan"
            case _:
                return argument

    args = tuple(canonical(argument) for argument in node.args)
    kwargs = tuple((name, canonical(value)) for name, value in sorted(node.kwargs.items()))
    return node.target, args, kwargs, canonical(node.result.type), node.cast
