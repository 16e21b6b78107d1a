"""Settings that are the items of a list, as one array: `depths: [usize; 4]`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pycandle.codegen.config.settings import ConfigFields
from pycandle.rust import tree as t
from pycandle.rust.rewrite import replace


@dataclass(frozen=True)
class ListField:
    """A field of `Config` that holds a list of settings."""

    name: str
    path: str
    """The setting that is the list."""
    items: tuple[str, ...]
    """The names that `ConfigFields` has for its items, in order."""


def find_list_fields(config: ConfigFields) -> tuple[ListField, ...]:
    """Returns the lists of which code reads every item, all of one type."""
    lists: dict[str, dict[str, str]] = {}
    for path in config.origins.settings:
        before, _, last = path.rpartition(".")
        if before and last.isdigit():
            lists.setdefault(before, {})[last] = config.names[path]
    found = (_list_field(path, items, config) for path, items in lists.items())
    return tuple(field for field in found if field is not None)


def _list_field(path: str, items: Mapping[str, str], config: ConfigFields) -> ListField | None:
    names = [items[at] for at in map(str, range(len(items))) if at in items]
    name = names[0].removesuffix("_0") if names else ""
    taken = {*config, *config.names.values()} - set(names)
    if (
        len(names) != len(items)
        or len(names) < 2
        or names != [f"{name}_{at}" for at in range(len(names))]
        or name in taken
        or not all(item in config for item in names)
        or len({type(config[item]) for item in names}) > 1
    ):
        return None
    return ListField(name, path, tuple(names))


def merge_items(fields: Iterable[str], lists: Sequence[ListField]) -> dict[str, str | ListField]:
    """Returns the fields of `Config` by name, each list in the place of its first item."""
    of = {item: field for field in lists for item in field.items}
    merged: dict[str, str | ListField] = {}
    for name in fields:
        held = of.get(name, name)
        merged[name if isinstance(held, str) else held.name] = held
    return merged


def read_items(node: Any, lists: Sequence[ListField], owner: t.Expr) -> Any:
    """Rebuilds a tree with `cfg.depths[0]` in the place of `cfg.depths_0`."""
    of = {item: (field.name, at) for field in lists for at, item in enumerate(field.items)}

    def substitute(item: Any) -> Any:
        if isinstance(item, t.Field) and item.owner == owner and item.name in of:
            name, at = of[item.name]
            return t.Index(t.Field(owner, name), at)
        return None

    return replace(node, substitute)
