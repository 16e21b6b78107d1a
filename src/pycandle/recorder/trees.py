"""Python values as trees of the manifest."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from collections.abc import Mapping as AbstractMapping
from typing import Any

import torch

from pycandle.manifest.schema import Argument, Atom, Leaf, Mapping, Opaque, Sequence, Tree

LeafOf = Callable[[Any], "Tree | None"]
"""Returns the tree of a tensor or a symbolic number; None for what it does not know."""


def class_name(cls: type) -> str:
    """Returns `package.module.Class`; without the module for builtins."""
    if cls.__module__ == "builtins":
        return cls.__qualname__
    return f"{cls.__module__}.{cls.__qualname__}"


def tree_of(value: Any, leaf: LeafOf) -> Tree:
    """Returns the tree of a value. What is not data becomes `Opaque`."""
    if (known := leaf(value)) is not None:
        return known
    if (plain := argument_of(value)) is not NOT_PLAIN:
        return Leaf(plain)
    if (fields := fields_of(value)) is not None:
        items = {str(key): tree_of(item, leaf) for key, item in fields.items()}
        return Mapping(items, None if type(value) is dict else class_name(type(value)))
    if isinstance(value, tuple | list):
        kind = "list" if isinstance(value, list) else "tuple"
        return Sequence(kind, [tree_of(item, leaf) for item in value])
    return Opaque(class_name(type(value)))


def fields_of(value: Any) -> dict[Any, Any] | None:
    """Returns the fields of a dict, a dataclass or a named tuple; None for anything else.

    A dataclass that is also a mapping (transformers' `ModelOutput`) has the fields that it shows
    as a mapping: those that are not None.
    """
    if isinstance(value, AbstractMapping):
        return dict(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        try:
            return {item.name: getattr(value, item.name) for item in dataclasses.fields(value)}
        except Exception:
            # A configuration may refuse to show a field: then it is no data.
            return None
    names: Any = getattr(value, "_fields", None)
    if isinstance(value, tuple) and names:
        return dict(zip(names, value, strict=True))
    if isinstance(value, tuple) and type(value).__module__ == "torch.return_types":
        names = [name for name in dir(value) if not name.startswith("_")]
        places = {id(getattr(value, name)): name for name in names}
        if all(id(item) in places for item in value):
            return {places[id(item)]: item for item in value}
    return None


NOT_PLAIN: Any = object()


def argument_of(value: Any) -> Argument:
    """Returns a plain value as the manifest writes it; `NOT_PLAIN` for anything else."""
    match value:
        case None | bool():
            return value
        case torch.SymInt() | torch.SymFloat() | torch.SymBool():
            return NOT_PLAIN
        case int():
            return int(value)
        case float():
            return _float(float(value))
        case str():
            return str(value)
        case complex():
            return Atom(complex=[value.real, value.imag])
        case torch.dtype():
            return Atom(dtype=str(value).removeprefix("torch."))
        case torch.device():
            return Atom(device=str(value))
        case torch.layout():
            return Atom(layout=str(value).removeprefix("torch."))
        case torch.memory_format():
            return Atom(memory_format=str(value).removeprefix("torch."))
        case _:
            return NOT_PLAIN


def _float(value: float) -> float | Atom:
    if value != value:
        return Atom(nonfinite="nan")
    if value in (float("inf"), float("-inf")):
        return Atom(nonfinite="inf" if value > 0 else "-inf")
    return value


def map_leaves(tree: Tree, change: Callable[[Leaf], Tree]) -> Tree:
    """Returns the tree with each leaf changed."""
    match tree:
        case Leaf():
            return change(tree)
        case Sequence(kind, items):
            return Sequence(kind, [map_leaves(item, change) for item in items])
        case Mapping(fields, cls):
            changed = {name: map_leaves(item, change) for name, item in fields.items()}
            return Mapping(changed, cls)
        case Opaque():
            return tree


def paths_of(tree: Tree, path: str) -> Iterator[tuple[str, Leaf | Opaque]]:
    """Yields the leaves with their paths: names and indices joined by dots."""
    match tree:
        case Leaf() | Opaque():
            yield path, tree
        case Sequence(_, items):
            for index, item in enumerate(items):
                yield from paths_of(item, f"{path}.{index}" if path else str(index))
        case Mapping(fields, _):
            for name, item in fields.items():
                yield from paths_of(item, f"{path}.{name}" if path else name)


def output_paths(tree: Tree) -> Iterator[tuple[str, Leaf | Opaque]]:
    """Yields the leaves of an output: `output`, a tuple's as `output.0`, fields by name."""
    yield from paths_of(tree, "" if isinstance(tree, Mapping) else "output")
