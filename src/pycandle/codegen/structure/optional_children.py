"""Children that some instances of a class lack, in those instances that have them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from pycandle.codegen.structure.alignment import ChildKey
from pycandle.codegen.structure.regions import Region


def mark_optional_children(regions: Iterable[Region], key: ChildKey) -> None:
    """Makes a child optional in all instances of a class if it is so in some.

    Instances whose rows have other lengths are not alike yet, and become so as loops. What is
    left open nowhere is taken out again when the struct is made.
    """
    by_class: dict[str, list[Region]] = {}
    for region in regions:
        if region.kind == "module" and region.parent is not None:
            by_class.setdefault(region.name, []).append(region)
    for alike in by_class.values():
        optional = {
            _place(region, child, key)
            for region in alike
            for child in region.children()
            if child.is_optional
        }
        for region in alike if optional else []:
            for child in region.children():
                one = child.kind == "module" and len(child.inputs) == len(child.outputs) == 1
                if one and _place(region, child, key) in optional:
                    child.is_optional = True


def _place(region: Region, child: Region, key: ChildKey) -> Hashable:
    return region.relative(child.path), key(child)
