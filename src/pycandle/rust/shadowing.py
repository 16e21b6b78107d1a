"""Which variables hide a function where it is called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, cast

from pycandle.rust import tree as t


def variables_at_calls(function: t.Function) -> Iterator[tuple[str, frozenset[str]]]:
    """Yields the functions that a function calls, each with the variables bound at that place."""
    params = frozenset(param.name for param in function.params)
    yield from _calls(t.Block(function.body, function.tail), params)


def _calls(node: Any, bound: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    match node:
        case t.Block(statements, result):
            yield from _in_order((*statements, t.Run(result)), bound)
        case t.For(pattern, iterable, body):
            yield from _calls(iterable, bound)
            yield from _in_order(body, bound | _variables(pattern))
        case t.Match(value, arms):
            yield from _calls(value, bound)
            for pattern, arm in arms:
                yield from _calls(arm, bound | _variables(pattern))
        case t.Closure(params, body):
            yield from _calls(body, bound | _variables(params))
        case t.Call(function, args):
            yield function, bound
            yield from _calls(args, bound)
        case tuple():
            for item in cast("tuple[Any, ...]", node):
                yield from _calls(item, bound)
        case _ if is_dataclass(node):
            for field in fields(node):
                yield from _calls(getattr(node, field.name), bound)
        case _:
            return


def _in_order(
    statements: tuple[t.Statement, ...], bound: frozenset[str]
) -> Iterator[tuple[str, frozenset[str]]]:
    """Goes through statements; what one binds, the next ones see."""
    for item in statements:
        yield from _calls(item, bound)
        if isinstance(item, t.Let):
            bound |= _variables(item.pattern)


def _variables(pattern: str) -> frozenset[str]:
    return frozenset(re.findall(r"\b[a-z_]\w*", pattern))
