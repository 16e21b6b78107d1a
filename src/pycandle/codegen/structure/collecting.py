"""Lists that a loop makes: each call adds one of its results."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pycandle.codegen.structure.lists import ListValue, joined_items, list_value
from pycandle.codegen.structure.regions import Item, Region
from pycandle.ir.graph import Node, Value

_JOINED = re.compile(r"\b(?:cat|concat|concatenate|stack)\(\s*([A-Za-z_]\w*)\s*[,)]")


@dataclass(frozen=True)
class Collected:
    """A list that grows by one result of each call."""

    output: int
    """The position of that result among the results of a call."""
    start: tuple[Value, ...]
    """What it holds before the first call."""
    whole: ListValue
    """What it is behind the loop."""
    position: int | None = None
    """The input position at which each call reads it; None where only a later step does."""
    name: str | None = None
    """The variable that Python holds it in."""
    is_before: bool = False
    """Whether it holds what each call takes, and not what each returns."""


def growing(calls: Sequence[Region], position: int) -> Collected | None:
    """Returns the list that calls read at an input position, if each call adds a result to it."""
    lists = [call.inputs[position] for call in calls]
    first = lists[0]
    if not isinstance(first, ListValue) or not isinstance(lists[1], ListValue):
        return None
    added = lists[1].items[len(first.items) :]
    if len(added) != 1 or added[0] not in calls[0].outputs:
        return None
    output = calls[0].outputs.index(added[0])
    items = first.items
    for value, call in zip(lists, calls, strict=True):
        if not isinstance(value, ListValue) or value.items != items:
            return None
        items = (*items, call.outputs[output])
    return Collected(output, first.items, list_value(items, first.name), position)


def find_collected(
    calls: Sequence[Region],
    carried: Mapping[int, int],
    grown: Sequence[Collected],
    readers: Mapping[Value, Sequence[Item]],
    known: set[Value],
) -> list[Collected] | None:
    """Returns the lists that a loop over calls makes; None where it is no loop.

    `carried`: results that the next call takes, and where; `grown`: lists that the calls read;
    `readers`: the items that read each value; `known`: what is computed before the calls.
    """
    found: list[Collected] = []
    for output in range(len(calls[0].outputs)):
        grows = next((item for item in grown if item.output == output), None)
        values = [call.outputs[output] for call in calls]
        outside = _outside(calls, values, readers, output in carried, grows)
        if not outside:
            if output not in carried and grows is None:
                return None
            found += [grows] if grows is not None else []
            continue
        start = calls[0].inputs[carried[output]] if output in carried else None
        made = _collected(calls, output, outside, known, grows, start)
        if made is None:
            return None
        found.append(made)
    return found


def _outside(
    calls: Sequence[Region],
    values: Sequence[Value],
    readers: Mapping[Value, Sequence[Item]],
    is_carried: bool,
    grows: Collected | None,
) -> list[Item]:
    """Returns the items behind the loop that read a result of other calls than the last one.

    What the last call hands on is a variable of its own, so that anything may read it.
    """
    found: dict[Item, None] = {}
    for k, value in enumerate(values):
        inside = calls[k + 1 : len(calls) if grows is not None else k + 1 + is_carried]
        if is_carried and k == len(calls) - 1:
            continue
        found.update((item, None) for item in readers.get(value, ()) if item not in inside)
    return list(found)


def _collected(
    calls: Sequence[Region],
    output: int,
    outside: Sequence[Item],
    known: set[Value],
    grows: Collected | None,
    carried: Value | None,
) -> Collected | None:
    """Returns the one list as which everything behind the loop reads results of the calls.

    `carried`: what the first call takes, where the others take the result of the one before.
    """
    values = tuple(call.outputs[output] for call in calls)
    around = calls[0].parent
    # What the last call hands on is a variable of its own.
    alone = set(values if carried is None else values[:-1])
    wholes = {_whole(item, alone, around) for item in outside}
    items = wholes.pop()
    if wholes or items is None or values[0] not in items:
        return None
    first = items.index(values[0])
    is_before = items[first : first + len(values)] != values
    if is_before:
        values = values[:-1]
        if carried is None or not first or items[first - 1] is not carried:
            return None
        if items[first : first + len(values)] != values or calls[-1].outputs[output] in items:
            return None
    start, end = items[: first - is_before], first + len(values)
    if not known.issuperset(start) or (end < len(items) and list(outside) != [around]):
        return None
    if grows is not None and (is_before or grows.start != start):
        return None
    name = next((name for item in outside if (name := _name(item, items))), None)
    position = grows.position if grows is not None else None
    made = list_value(items[:end], name or "outputs")
    return Collected(output, start, made, position, name, is_before)


def _whole(item: Item, values: set[Value], around: Region | None) -> tuple[Value, ...] | None:
    """Returns the list as which an item reads values; None where it reads one by itself.

    `around`: the region of the calls, which reads what it returns.
    """
    if isinstance(item, Node):
        return joined_items(item)
    read = item.outputs if item is around else item.inputs
    if not values.isdisjoint(read):
        return None
    lists = {
        value.items
        for value in read
        if isinstance(value, ListValue) and not values.isdisjoint(value.items)
    }
    return lists.pop() if len(lists) == 1 else None


def _name(item: Item, items: tuple[Value, ...]) -> str | None:
    """Returns the variable that Python joins, or the parameter that it is given for."""
    if isinstance(item, Region):
        values = (*item.inputs, *item.outputs)
        given = (v for v in values if isinstance(v, ListValue) and v.items == items)
        return next((item.parameter.get(value) or value.variable for value in given), None)
    found = _JOINED.findall((item.sites[0].text if item.sites else None) or "")
    return found[0] if len(found) == 1 else None
