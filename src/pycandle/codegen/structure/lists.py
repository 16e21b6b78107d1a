"""Lists of tensors that are read as a whole: arguments that are `&[Tensor]`."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pycandle.codegen.structure.regions import Item, Region, walk
from pycandle.ir.graph import Node, Value
from pycandle.ir.types import TensorType, TupleType, ValueType

_PART = re.compile(r"(\w+)\.(\d+)")
_STACK = "aten.stack.default"
_JOINS = ("aten.cat.default", "aten.concat.default", _STACK)

_Lists: TypeAlias = "dict[tuple[Hashable, str], dict[Region, tuple[Value, ...]]]"
"""For a class and a parameter, the tensors that each call gives for it."""


@dataclass(eq=False)
class ListValue(Value):
    """Tensors that are read together: of one dtype, and in Rust each of them contiguous."""

    items: tuple[Value, ...] = ()


def list_value(items: tuple[Value, ...], name: str) -> ListValue:
    """Returns a list of tensors."""
    types = tuple(item.type if isinstance(item.type, TensorType) else None for item in items)
    return ListValue(name, TupleType(types), items=items)


def unpacked(values: Iterable[Value]) -> Iterator[Value]:
    """Yields values, and the items of a list instead of it."""
    for value in values:
        if isinstance(value, ListValue):
            yield from value.items
        else:
            yield value


def segments(items: tuple[Value, ...], lists: Mapping[tuple[Value, ...], Value]) -> Iterator[Value]:
    """Yields what a list is put together of: lists that are variables, and single items."""
    start = 0
    while start < len(items):
        ends = range(len(items), start, -1)
        end = next((end for end in ends if items[start:end] in lists), start)
        yield lists[items[start:end]] if end > start else items[start]
        start = max(end, start + 1)


def number_of(value: Value, numbers: Mapping[Value, Hashable]) -> Hashable:
    """Returns the number of a value; of a list that has none, those of its items."""
    if isinstance(value, ListValue) and value not in numbers:
        return tuple(numbers.get(item, -1) for item in value.items)
    return numbers.get(value, -1)


def joined_items(node: Node) -> tuple[Value, ...] | None:
    """Returns the tensors that an op joins, where it joins them as they are: all of one dtype."""
    if node.target not in _JOINS or not node.args:
        return None
    tensors = node.args[0]
    if isinstance(tensors, ListValue):
        return tensors.items
    if not isinstance(tensors, list):
        return None
    items = tuple(item for item in tensors if isinstance(item, Value))
    alike = all(_is_joined_as_is(item.type, node) for item in items)
    return items if items and alike and len(items) == len(tensors) else None


def _is_joined_as_is(kind: ValueType, node: Node) -> bool:
    result = node.result.type
    if not isinstance(kind, TensorType) or not isinstance(result, TensorType):
        return False
    # PyTorch passes over an empty tensor of any rank; Candle does not.
    rank = result.rank - (node.target == _STACK)
    same = (kind.dtype, kind.follows_model) == (result.dtype, result.follows_model)
    return same and kind.rank == rank


def find_lists(roots: Iterable[Region]) -> list[ListValue]:
    """Makes one argument of a Python list where calls of a class differ in its length.

    Each call must read its list as a whole: join it, or hand it on to a call that does. Returns
    the lists.
    """
    found = _candidates(roots)
    while failed := [
        key
        for key, calls in found.items()
        if not all(_reads_whole(region, items, found) for region, items in calls.items())
    ]:
        for key in failed:
            del found[key]
    known: dict[tuple[Value, ...], ListValue] = {}
    for (_, parameter), calls in found.items():
        for region, items in calls.items():
            value = known.setdefault(items, list_value(items, parameter))
            _pass_as_one(region, value, parameter)
    return list(known.values())


def _candidates(roots: Iterable[Region]) -> _Lists:
    """Returns the parameters for which calls of one class are given lists of other lengths."""
    calls: dict[Hashable, list[Region]] = {}
    for root in roots:
        for region in walk(root):
            if region.parent is not None:
                calls.setdefault(_class(region), []).append(region)
    found: _Lists = {}
    for key, regions in calls.items():
        given = [_parts(region) for region in regions]
        for parameter in given[0]:
            lengths = {len(parts.get(parameter, ())) for parts in given}
            if len(lengths) > 1 and 0 not in lengths:
                rows = zip(regions, given, strict=True)
                found[key, parameter] = {region: parts[parameter] for region, parts in rows}
    return found


def _class(region: Region) -> Hashable:
    return region.kind, region.file, region.name


def _parts(region: Region) -> dict[str, tuple[Value, ...]]:
    """Returns the items of each list among the arguments of a call; all of them are read."""
    found: dict[str, dict[int, Value]] = {}
    for value in region.inputs:
        match = _PART.fullmatch(region.parameter.get(value) or "")
        if match is not None:
            found.setdefault(match[1], {})[int(match[2])] = value
    return {
        name: tuple(parts[i] for i in range(len(parts)))
        for name, parts in found.items()
        if set(parts) == set(range(len(parts)))
    }


def _reads_whole(region: Region, items: tuple[Value, ...], found: _Lists) -> bool:
    """Whether a call reads a list as a whole only, if those in `found` do."""
    own = set(items)
    if not own.isdisjoint(region.outputs):
        return False
    return all(_is_whole(item, items, found) for item in region.items if _touches(item, own))


def _touches(item: Item, values: set[Value]) -> bool:
    return not values.isdisjoint(item.inputs if isinstance(item, Region) else item.inputs())


def _is_whole(item: Item, items: tuple[Value, ...], found: _Lists) -> bool:
    if isinstance(item, Node):
        return joined_items(item) == items and len(list(item.inputs())) == len(items)
    return any(
        key == _class(item) and calls.get(item) == items for (key, _), calls in found.items()
    )


def _pass_as_one(region: Region, value: ListValue, parameter: str) -> None:
    """Puts a list in the place of its items, among the arguments of a call and in its body."""
    own = set(value.items)
    at = region.inputs.index(value.items[0])
    inputs: list[Value] = [v for v in region.inputs[:at] if v not in own]
    region.inputs = [*inputs, value, *(v for v in region.inputs[at:] if v not in own)]
    region.parameter[value] = parameter
    for node in region.own_nodes():
        if joined_items(node) == value.items:
            node.args[0] = value
