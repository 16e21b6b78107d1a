"""Finds an argument that some instances of a class take and others compute: a position bias."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pycandle.codegen.structure.alignment import ChildKey, results_of, shape_of
from pycandle.codegen.structure.layer_nodes import is_layer
from pycandle.codegen.structure.regions import Absent, Item, Region
from pycandle.ir.graph import Node, Value
from pycandle.ir.types import TensorType

MOST_LEFT_OUT = 3
"""Bodies that differ in more arguments than this are two things."""


@dataclass(frozen=True)
class LeftOut:
    """How a body that lacks arguments is aligned with one that takes them."""

    inputs: tuple[tuple[Value, Value | None], ...]
    """Each input of the taking body with that of the lacking one; None where it is left out."""
    computed: dict[Value, Value]
    """For an input that is left out, what the lacking body computes instead."""
    handed: dict[Value, Absent]
    """For an input that is left out, what the calls in the lacking body leave out already."""
    items: dict[Value, list[Item]]
    """What computes each of `computed`, in order."""
    values: dict[Value, Value]
    """Values of the lacking body in terms of the taking one; `computed` is the input itself."""
    outputs: tuple[Value, ...]
    """For each output of the lacking body, the value of the taking one that stands for it."""


def find_left_out(lacking: Region, taking: Region, key: ChildKey) -> LeftOut | None:
    """Returns how two bodies align that are equal but for arguments which one computes.

    None where they do not.
    """
    paired = _pair_inputs(lacking, taking)
    if paired is None:
        return None
    missing = [value for value, own in paired if own is None]
    if not 0 < len(missing) <= MOST_LEFT_OUT:
        return None
    choices = [_candidates(lacking, value) for value in missing]
    for sources in itertools.product(*choices):
        if len(set(sources)) < len(sources):
            continue
        found = _align(lacking, taking, paired, dict(zip(missing, sources, strict=True)), key)
        if found is not None:
            return found
    return None


def _pair_inputs(lacking: Region, taking: Region) -> list[tuple[Value, Value | None]] | None:
    """Pairs inputs in order by their parameters and types; every one of `lacking` has to be."""
    own = list(lacking.inputs)
    found: list[tuple[Value, Value | None]] = []
    for value in taking.inputs:
        alike = bool(own) and own[0].type == value.type
        if alike and _label(lacking, own[0]) == _label(taking, value):
            found.append((value, own.pop(0)))
        else:
            found.append((value, None))
    return None if own else found


def _label(region: Region, value: Value) -> str | None:
    return region.parameter.get(value) or value.variable


def _candidates(lacking: Region, value: Value) -> list[Value]:
    """Returns what could stand for an argument: what is left out inside, or handed on computed."""
    inside = [
        read
        for child in lacking.children()
        for read in child.inputs
        if isinstance(read, Absent) and read not in lacking.inputs
    ]
    made = {result for item in lacking.items for result in results_of(item)}
    handed_on = [output for output in lacking.outputs if output in made]
    return [v for v in dict.fromkeys([*inside, *handed_on]) if v.type == value.type]


def _align(
    lacking: Region,
    taking: Region,
    paired: Sequence[tuple[Value, Value | None]],
    sources: dict[Value, Value],
    key: ChildKey,
) -> LeftOut | None:
    items: dict[Value, list[Item]] = {}
    for value, source in sources.items():
        if not isinstance(source, Absent):
            found = _items_of(lacking, source)
            if found is None:
                return None
            items[value] = found
    left = [item for item in lacking.items if not any(item in found for found in items.values())]
    if len(left) != len(taking.items):
        return None
    ours: dict[Value, int] = {}
    theirs: dict[Value, int] = {}
    for number, (value, own) in enumerate(paired):
        theirs[value] = number
        ours[sources[value] if own is None else own] = number
    values = {own if own is not None else sources[value]: value for value, own in paired}
    for one, two in zip(left, taking.items, strict=True):
        if shape_of(lacking, one, ours, key) != shape_of(taking, two, theirs, key):
            return None
        for mine, other in zip(results_of(one), results_of(two), strict=True):
            ours[mine] = theirs[other] = len(ours) + len(theirs)
            values[mine] = other
    outputs = tuple(values[output] for output in lacking.outputs if output in values)
    kept = [output for output in outputs if output in taking.outputs]
    if len(outputs) < len(lacking.outputs) or kept != taking.outputs:
        return None
    return LeftOut(
        tuple(paired),
        {value: source for value, source in sources.items() if not isinstance(source, Absent)},
        {value: source for value, source in sources.items() if isinstance(source, Absent)},
        items,
        values,
        outputs,
    )


def _items_of(region: Region, value: Value) -> list[Item] | None:
    """Returns the items that only compute one value, in order; None where they cannot be moved."""
    maker = {result: item for item in region.items for result in results_of(item)}
    found: set[Item] = {maker[value]}
    grown = True
    while grown:
        grown = False
        for item in region.items:
            if item in found or any(result in region.outputs for result in results_of(item)):
                continue
            readers = {
                reader
                for reader in region.items
                if any(result in _reads(reader) for result in results_of(item))
            }
            if readers and readers <= found:
                found.add(item)
                grown = True
    ordered = [item for item in region.items if item in found]
    return ordered if all(map(_is_movable, ordered)) else None


def _reads(item: Item) -> Iterator[Value]:
    return iter(item.inputs) if isinstance(item, Region) else item.inputs()


def _is_movable(item: Item) -> bool:
    """Whether an item can stand in a branch: it holds nothing, or one layer."""
    if isinstance(item, Region):
        states = (v for node in item.nodes() for v in node.inputs() if v.state is not None)
        return item.kind == "function" and len(item.outputs) == 1 and not any(states)
    if not isinstance(item.result.type, TensorType):
        return False
    return is_layer(item) or all(value.state is None for value in item.inputs())


def layers_in(items: Sequence[Item]) -> list[Node]:
    """Returns the ops among items that are layers with weights of their own."""
    return [item for item in items if isinstance(item, Node) and is_layer(item)]
