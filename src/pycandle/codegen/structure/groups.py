"""Groups: the calls of one module, from all entries, whose bodies are methods of one struct."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pycandle.codegen.structure.regions import Region


@dataclass(eq=False)
class Group:
    """The calls of one module by one other, or a single call of a function."""

    regions: list[Region]
    parent: Group | None
    children: list[Group] = field(default_factory=list["Group"])
    height: int = 0

    @property
    def first(self) -> Region:
        """The first call."""
        return self.regions[0]

    def relative(self, fqn: str) -> str | None:
        """Returns an FQN from this group's module on, or None for one outside of it."""
        return self.first.relative(fqn)

    def chain(self) -> list[Group]:
        """Returns the groups of modules around this one, outermost first, itself last."""
        above: list[Group] = [] if self.parent is None else self.parent.chain()
        return [*above, self] if self.first.kind == "module" else above


def build_groups(roots: Sequence[Region]) -> Group:
    """Returns the group of the root's calls, one for each entry, and below it all others."""
    return _group(list(roots), None)


def _group(regions: list[Region], parent: Group | None) -> Group:
    made = Group(regions, parent)
    calls: dict[object, list[Region]] = {}
    for region in regions:
        for child in region.children():
            # A function is called with its state: each call stands for itself.
            key = child if child.kind == "function" else child.path
            calls.setdefault(key, []).append(child)
    made.children = [_group(found, made) for found in calls.values()]
    made.height = max((child.height + 1 for child in made.children), default=0)
    return made


def level_classes(root: Group) -> None:
    """Gives all modules of one class the height of the highest, so that they are defined together.

    Classes that hold themselves, over others or not, keep the heights that they have.
    """
    groups = list(walk_groups(root))[::-1]
    plain = {group: group.height for group in groups}
    classes = {_class(group) for group in groups}
    for _ in range(len(classes) + 1):
        highest: dict[object, int] = {}
        for group in groups:
            group.height = max([group.height, *(child.height + 1 for child in group.children)])
            highest[_class(group)] = max(group.height, highest.get(_class(group), 0))
        if all(group.height == highest[_class(group)] for group in groups):
            return
        for group in groups:
            group.height = highest[_class(group)]
    for group, height in plain.items():
        group.height = height


def _class(group: Group) -> object:
    """Returns what modules share that may become one struct; the root and functions stand alone."""
    if group.parent is None or group.first.kind != "module":
        return group
    return group.first.name


def walk_groups(group: Group) -> Iterator[Group]:
    """Yields a group and all groups in it, outer ones first."""
    yield group
    for child in group.children:
        yield from walk_groups(child)
