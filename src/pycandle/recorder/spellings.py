"""Other names that a configuration class knows in a `config.json`, as older files have them.

Names are tried that stand in the code of the class: what is read under one of them is a spelling of
a setting. What changes settings in another way is a key that the generated code must not find.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache
from types import CodeType
from typing import Any, TypeAlias

from pycandle.recorder.settings import Value, codes_of

_TRIED = (3, 0.25, True, "other")
"""Values of a key of which only the name is known."""

Read: TypeAlias = Callable[[Mapping[str, Any]], "dict[str, Value] | None"]
"""Returns the settings that contents of a file give; None where the class refuses them."""


def other_names(
    cls: type, read: Read, contents: Mapping[str, Any], path: str, value: Value
) -> Iterator[str]:
    """Yields the paths under which a setting is read that `contents` leave out.

    `value`: the recorded one. Only numbers and text are told from what is no setting.
    """
    found = read(contents)
    # A key that is not read at all leaves the setting at what it is by default.
    others = (other for other in _others(value) if found is None or found.get(path) != other)
    other = next(others, None)
    if other is None:
        return
    aliases: Mapping[str, str] = getattr(cls, "attribute_map", {})
    last = path.rpartition(".")[2]
    near = [name for name, target in aliases.items() if target == path]
    near += [last] if "." in path else []
    for name in dict.fromkeys([*near, *_spelled(cls)]):
        if name == path or name in contents:
            continue
        if _gives(read, {**contents, name: other}, path, other):
            yield name
        if "." not in path:
            continue
        for inside in _endings(last):
            if _gives(read, {**contents, name: {inside: other}}, path, other):
                yield f"{name}.{inside}"


def other_keys(
    cls: type,
    read: Read,
    contents: Mapping[str, Any],
    paths: Collection[str],
    known: Collection[str],
) -> Iterator[str]:
    """Yields keys, none of `known`, that change what is read for some of `paths`, or beside it."""
    roots = {path.partition(".")[0] for path in paths}

    def relevant(found: Mapping[str, Value] | None, key: str) -> dict[str, Value]:
        return {
            path: value
            for path, value in (found or {}).items()
            if path.partition(".")[0] in roots and path.partition(".")[0] != key
        }

    for key in _spelled(cls):
        if key in contents or key in known:
            continue
        before = relevant(read(contents), key)
        tries = (read({**contents, key: value}) for value in _TRIED)
        if any(found is not None and relevant(found, key) != before for found in tries):
            yield key


def deciding_keys(
    cls: type, read: Read, contents: Mapping[str, Any], path: str, known: Collection[str]
) -> Iterator[str]:
    """Yields keys, none of `known`, that change a setting which `contents` leave out.

    Beside the setting itself such a key says nothing: `layer_types` is made of a number that older
    files have, where there is none.
    """
    before = read(contents)
    if before is None:
        return
    for key in _spelled(cls):
        if key in contents or key in known:
            continue
        tries = (read({**contents, key: value}) for value in _TRIED)
        if any(found is not None and found.get(path) != before.get(path) for found in tries):
            yield key


def _gives(read: Read, contents: Mapping[str, Any], path: str, value: Value) -> bool:
    found = read(contents)
    return found is not None and path in found and found[path] == value


def _others(value: Value) -> tuple[Value, ...]:
    """Returns other values of the same kind; none for what is neither a number nor text."""
    match value:
        case bool() | None:
            return ()
        case int() | float():
            return (value * 3 or 3, value * 6 or 6)
        case str():
            return (f"other_{value}", f"another_{value}")
        case _:
            return ()


def _endings(name: str) -> Iterator[str]:
    """Yields a name, and its last word: `rope_type` was `type` before."""
    yield name
    if "_" in name:
        yield name.rpartition("_")[2]


@lru_cache(maxsize=16)
def _spelled(cls: type) -> tuple[str, ...]:
    """Returns the names that stand in the code of a class, in a fixed order."""
    found: dict[str, None] = {}
    for base in cls.__mro__:
        for value in vars(base).values():
            for code in codes_of(value):
                found |= dict.fromkeys(_constants(code))
    return tuple(sorted(name for name in found if name.isidentifier() and name[0] != "_"))


def _constants(code: CodeType) -> Iterator[str]:
    for item in code.co_consts:
        match item:
            case str():
                yield item
            case tuple() | frozenset():
                yield from (one for one in item if isinstance(one, str))  # pyright: ignore[reportUnknownVariableType]
            case CodeType():
                yield from _constants(item)
            case _:
                continue
