"""Functions that are equal but for where they read a size become the one that reads them all."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from typing import TypeAlias

from pycandle.codegen.structure.generality import Generalized, generalize
from pycandle.codegen.structure.regions import Region
from pycandle.codegen.unification.types import Definition, signature

Define: TypeAlias = Callable[[Generalized, Region], Definition]
"""Defines a call of a function in the sizes of another call."""


def share_general(
    definitions: Mapping[Hashable, Definition], calls: Mapping[Hashable, Region], define: Define
) -> dict[Hashable, Definition]:
    """Returns the definitions that change, where one function computes what another one does.

    `calls`: a call of each definition.
    """
    by_name: dict[str, list[Hashable]] = {}
    for key, definition in definitions.items():
        if definition.kind == "function":
            by_name.setdefault(definition.cls, []).append(key)
    changed: dict[Hashable, Definition] = {}
    for keys in by_name.values():
        changed |= _share({key: definitions[key] for key in keys}, calls, define)
    return changed


def _share(
    definitions: Mapping[Hashable, Definition], calls: Mapping[Hashable, Region], define: Define
) -> dict[Hashable, Definition]:
    """Moves whole sets of equal definitions, so that there are fewer each time."""
    alike: dict[object, list[Hashable]] = {}
    for key, definition in definitions.items():
        alike.setdefault(signature(definition), []).append(key)
    moved: dict[Hashable, Definition] = {}
    sets = list(alike.items())
    for form, keys in sets:
        for wanted, others in sets:
            if wanted is form or wanted not in alike:
                continue
            found = _as_general(keys, others[0], wanted, calls, define)
            if found is not None:
                moved |= found
                del alike[form]
                break
    return moved


def _as_general(
    keys: list[Hashable],
    general: Hashable,
    wanted: object,
    calls: Mapping[Hashable, Region],
    define: Define,
) -> dict[Hashable, Definition] | None:
    """Returns definitions as of the form of a more general one; None where one cannot be."""
    found: dict[Hashable, Definition] = {}
    for key in keys:
        made = generalize(calls[key], calls[general])
        if made is None:
            return None
        definition = define(made, calls[general])
        if signature(definition) != wanted:
            return None
        (method,) = definition.methods
        sizes = tuple((made.here(size), name) for size, name in method.sizes)
        found[key] = replace(definition, methods=(replace(method, sizes=sizes),))
    return found
