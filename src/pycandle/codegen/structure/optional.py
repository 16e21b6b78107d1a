"""Optional steps: bodies of one class that are equal but for children or ops that some lack."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from pycandle.codegen.structure.alignment import ChildKey, find_missing, same_place
from pycandle.codegen.structure.ghosts import make_alike
from pycandle.codegen.structure.regions import Item, Maybe, Region
from pycandle.ir.graph import Node, Value

MayMiss: TypeAlias = Callable[[Region, Value], bool]
"""Whether `new` of a module could do without one of its state tensors."""


def find_optional(regions: Iterable[Region], key: ChildKey, may_miss: MayMiss) -> list[Region]:
    """Makes calls of one class alike where some lack steps: they get ghosts in their places.

    `key` says which children are alike. Returns the ghosts that are calls of children.
    """
    by_class: dict[str, list[Region]] = {}
    for region in regions:
        if region.kind == "module" and region.parent is not None:
            by_class.setdefault(region.name, []).append(region)
    return [ghost for found in by_class.values() for ghost in _merge(found, key, may_miss)]


def _merge(regions: list[Region], key: ChildKey, may_miss: MayMiss) -> list[Region]:
    """Takes the richest body, makes those like it that can be, and goes on with the rest."""
    left = _bodies(regions, key)
    left.sort(key=lambda group: -len(group[0].items))
    ghosts: list[Region] = []
    while len(left) > 1:
        rich, *left = left
        optional: dict[int, Value] = {}
        alike = list(rich)
        for group in list(left):
            missing = find_missing(rich[0], group[0], key)
            if not missing or _is_kept(rich, group, missing, may_miss):
                continue
            left.remove(group)
            for region in group:
                # Each has values of its own.
                found = find_missing(rich[0], region, key)
                assert found is not None
                ghosts += make_alike(region, rich[0], found)
            alike += group
            optional.update((rich[0].items.index(item), v) for item, v in missing.items())
        for region in reversed(alike):
            _mark(region, rich[0], optional)
    return ghosts


def _bodies(regions: list[Region], key: ChildKey) -> list[list[Region]]:
    """Groups calls whose bodies are equal but for numbers."""
    groups: list[list[Region]] = []
    for region in regions:
        for group in groups:
            same = len(group[0].items) == len(region.items)
            if same and find_missing(group[0], region, key) == {}:
                group.append(region)
                break
        else:
            groups.append([region])
    return groups


def _is_kept(
    rich: list[Region],
    poor: list[Region],
    missing: Mapping[Item, Value],
    may_miss: MayMiss,
) -> bool:
    """Whether two bodies must not be merged."""
    paths = {region.path for region in rich}
    # One module that takes a step in one call and not in another has it in any case.
    if any(region.path in paths for region in poor):
        return True
    model = rich[0]
    for item in missing:
        inside = list(item.nodes()) if isinstance(item, Region) else [item]
        others = set(model.nodes()) - set(inside)
        elsewhere = {value for node in others for value in node.inputs()}
        for value in (value for node in inside for value in node.inputs() if value.state):
            if value in elsewhere or not may_miss(model, value):
                return True
    return False


def _mark(region: Region, model: Region, optional: dict[int, Value]) -> None:
    """Notes which steps of a body are optional."""
    for index, source in optional.items():
        item, like = region.items[index], model.items[index]
        if isinstance(item, Region):
            item.is_optional = True
        elif item not in region.maybe:
            assert isinstance(like, Node)
            region.maybe[item] = Maybe(same_place(item, like, source))
