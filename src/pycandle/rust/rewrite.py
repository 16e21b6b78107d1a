"""Walks and rewrites Rust trees without knowing their shapes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, cast

from pycandle.rust import tree as t


@cache
def _fields(cls: type) -> tuple[str, ...]:
    return tuple(item.name for item in fields(cls))


def walk(node: Any) -> Iterator[Any]:
    """Yields a tree and all that it holds, texts and numbers of Python too."""
    yield node
    if isinstance(node, tuple):
        for item in cast("tuple[Any, ...]", node):
            yield from walk(item)
    elif is_dataclass(node):
        for name in _fields(type(node)):  # pyright: ignore[reportArgumentType]
            yield from walk(getattr(node, name))


def numbers(node: Any) -> Iterator[t.Number]:
    """Yields the numbers of a tree in printing order."""
    if isinstance(node, t.Number):
        yield node
    elif isinstance(node, tuple):
        for item in node:  # pyright: ignore[reportUnknownVariableType]
            yield from numbers(item)
    elif is_dataclass(node):
        for name in _fields(type(node)):
            child = getattr(node, name)
            if not isinstance(child, str | bool | int | float) and child is not None:
                yield from numbers(child)


def scopes(node: Any, bound: frozenset[str] = frozenset()) -> Iterator[frozenset[str]]:
    """Yields for each number, in printing order, the variables that closures and patterns bind."""
    match node:
        case t.Number():
            yield bound
        case t.Match(value, arms):
            yield from scopes(value, bound)
            for pattern, arm in arms:
                yield from scopes(arm, bound | _variables(pattern))
        case t.Closure(params, body):
            yield from scopes(body, bound | _variables(params))
        case t.Block(statements, result):
            for item in statements:
                yield from scopes(item, bound)
                if isinstance(item, t.Let):
                    bound |= _variables(item.pattern)
            yield from scopes(result, bound)
        case tuple():
            for item in cast("tuple[Any, ...]", node):
                yield from scopes(item, bound)
        case _ if is_dataclass(node):
            for name in _fields(type(node)):
                child = getattr(node, name)
                if not isinstance(child, str | bool | int | float) and child is not None:
                    yield from scopes(child, bound)
        case _:
            return


def bound_in(node: Any) -> Iterator[str]:
    """Yields the variables that statements, loops, closures and patterns bind in a tree."""
    match node:
        case t.Match(_, arms):
            yield from (name for pattern, _ in arms for name in _variables(pattern))
        case t.Closure(params, _):
            yield from _variables(params)
        case t.Let():
            yield from _variables(node.pattern)
        case t.For():
            yield from _variables(node.pattern)
        case _:
            pass
    if isinstance(node, tuple):
        for item in cast("tuple[Any, ...]", node):
            yield from bound_in(item)
    elif is_dataclass(node):
        for name in _fields(type(node)):
            child = getattr(node, name)
            if isinstance(child, tuple) or is_dataclass(child):
                yield from bound_in(child)


def _variables(pattern: str) -> frozenset[str]:
    return frozenset(re.findall(r"\b[a-z_]\w*", pattern))


def skeleton(node: Any) -> Any:
    """Returns a hashable form of a tree in which all numbers are alike but for type and role."""
    if isinstance(node, t.Number):
        return ("#", node.type, node.role)
    if isinstance(node, tuple):
        return tuple(skeleton(item) for item in node)  # pyright: ignore[reportUnknownVariableType]
    if is_dataclass(node):
        cls = type(node)
        return (cls.__name__, *(skeleton(getattr(node, name)) for name in _fields(cls)))
    return node


def replace(node: Any, substitute: Callable[[Any], Any]) -> Any:
    """Rebuilds a tree. `substitute` returns another node, or None to look inside."""
    found = substitute(node)
    if found is not None:
        return found
    if isinstance(node, tuple):
        old = cast("tuple[Any, ...]", node)
        items = tuple(replace(item, substitute) for item in old)
        return items if any(a is not b for a, b in zip(items, old, strict=True)) else old
    if not is_dataclass(node) or isinstance(node, type):
        return node
    cls = type(node)
    changed: dict[str, Any] = {}
    for name in _fields(cls):
        child = getattr(node, name)
        if isinstance(child, str | bool | int | float) or child is None:
            continue
        new = replace(child, substitute)
        if new is not child:
            changed[name] = new
    if not changed:
        return node
    values = {name: changed.get(name, getattr(node, name)) for name in _fields(cls)}
    return cls(**values)


def as_fields(node: Any, names: frozenset[str], owner: t.Expr) -> Any:
    """Rebuilds a tree with variables exchanged for fields of `owner`, but where they are bound."""

    def substitute(item: Any) -> Any:
        match item:
            case t.Local(name) if name in names:
                return t.Field(owner, name)
            case t.Match(value, arms):
                inside = (
                    (pattern, as_fields(arm, names - _variables(pattern), owner))
                    for pattern, arm in arms
                )
                return t.Match(as_fields(value, names, owner), tuple(inside))
            case t.Closure(params, body):
                return t.Closure(params, as_fields(body, names - _variables(params), owner))
            case t.Block(statements, result):
                patterns = (line.pattern for line in statements if isinstance(line, t.Let))
                left = names.difference(*map(_variables, patterns))
                return t.Block(as_fields(statements, names, owner), as_fields(result, left, owner))
            case _:
                return None

    return replace(node, substitute)


def replace_numbers(node: Any, expressions: Iterator[t.Expr]) -> Any:
    """Rebuilds a tree with its numbers, in order, exchanged for expressions."""

    def substitute(item: Any) -> Any:
        return next(expressions) if isinstance(item, t.Number) else None

    return replace(node, substitute)


def locals_in(node: Any) -> Iterator[str]:
    """Yields the names of the variables that a tree reads."""
    if isinstance(node, t.Local):
        yield node.name
    elif isinstance(node, tuple):
        for item in node:  # pyright: ignore[reportUnknownVariableType]
            yield from locals_in(item)
    elif is_dataclass(node):
        for field in _fields(type(node)):
            yield from locals_in(getattr(node, field))


def mentions(node: Any, name: str) -> bool:
    """Whether a variable occurs in a tree."""
    return count_local(node, name) > 0


def count_local(node: Any, name: str) -> int:
    """Returns how often a variable occurs in a tree."""
    if isinstance(node, t.Local):
        return int(node.name == name)
    if isinstance(node, tuple):
        return sum(count_local(item, name) for item in node)  # pyright: ignore[reportUnknownVariableType]
    if not is_dataclass(node):
        return 0
    return sum(count_local(getattr(node, field), name) for field in _fields(type(node)))


def reads_field(node: Any, name: str) -> bool:
    """Whether `self.name` occurs in a tree."""
    if isinstance(node, t.Field) and isinstance(node.owner, t.Local) and node.owner.name == "self":
        return node.name == name
    if isinstance(node, tuple):
        return any(reads_field(item, name) for item in node)  # pyright: ignore[reportUnknownVariableType]
    if not is_dataclass(node):
        return False
    return any(reads_field(getattr(node, field), name) for field in _fields(type(node)))


def methods_in(node: Any) -> list[str]:
    """Returns the names of the methods that a tree calls, in order of their first call."""
    if isinstance(node, tuple):
        found = [name for item in node for name in methods_in(item)]  # pyright: ignore[reportUnknownVariableType]
    elif is_dataclass(node) and not isinstance(node, type):
        found = [name for field in _fields(type(node)) for name in methods_in(getattr(node, field))]
        found += [node.name] if isinstance(node, t.Method) else []
    else:
        return []
    return list(dict.fromkeys(found))


def functions_in(node: Any) -> list[str]:
    """Returns the names of the functions that a tree calls, in order of their first call."""
    if isinstance(node, tuple):
        found = [name for item in node for name in functions_in(item)]  # pyright: ignore[reportUnknownVariableType]
    elif is_dataclass(node) and not isinstance(node, type):
        found = [node.function] if isinstance(node, t.Call) else []
        for field in _fields(type(node)):
            found += functions_in(getattr(node, field))
    else:
        return []
    return list(dict.fromkeys(found))


def keep_alive(owned: tuple[t.Expr, ...]) -> tuple[t.Expr, ...]:
    """Clones a result that a later one still reads."""
    return tuple(
        t.plain(expr, "clone")
        if isinstance(expr, t.Local) and mentions(owned[i + 1 :], expr.name)
        else expr
        for i, expr in enumerate(owned)
    )
