"""Trees compared without the names of their variables."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from typing import Any, cast

from pycandle.rust import tree as t

_VARIABLE = re.compile(r"(?<![\w:])[a-z]\w*(?![\w:(])")
"""A name that a pattern binds: no path, and no variant of an `enum`."""


def shape(node: Any) -> Any:
    """Returns a hashable form of a tree in which all numbers are alike but for type and role.

    Variables that the tree binds are alike where they are bound in the same places. The names of
    functions are left out.
    """
    return _Shape().of(node, {})


class _Shape:
    def __init__(self) -> None:
        self.count = 0

    def bind(self, text: str, scope: dict[str, int]) -> str:
        """Gives the variables of a pattern numbers; returns the pattern with these."""

        def number(match: re.Match[str]) -> str:
            if match[0] in ("mut", "ref"):
                return match[0]
            self.count += 1
            scope[match[0]] = self.count
            return f"#{self.count}"

        return _VARIABLE.sub(number, text)

    def of(self, node: Any, scope: dict[str, int]) -> Any:
        """Returns the form of a node; `scope` has the numbers of variables, and receives more."""
        match node:
            case t.Number():
                return ("#", node.type, node.role)
            case t.Local(name, borrowed, copy):
                return ("Local", scope.get(name, name), borrowed, copy)
            case t.Let(pattern, value, mutable):
                inside = self.of(value, scope)
                return ("Let", self.bind(pattern, scope), inside, mutable)
            case t.Assign(target, value):
                return ("Assign", scope.get(target, target), self.of(value, scope))
            case t.Param(name, type_):
                return ("Param", self.bind(name, scope), type_)
            case t.Function():
                return self._function(node)
            case _:
                return self._inside(node, scope)

    def _function(self, node: t.Function) -> Any:
        scope: dict[str, int] = {}
        parts = (node.params, node.result, node.body, node.tail)
        return ("Function", *(self.of(part, scope) for part in parts), node.doc, node.receiver)

    def _inside(self, node: Any, scope: dict[str, int]) -> Any:
        match node:
            case t.Match(subject, arms):
                found = (self._arm(pattern, body, dict(scope)) for pattern, body in arms)
                return ("Match", self.of(subject, scope), *found)
            case t.For(pattern, iterable, body):
                iterated, inner = self.of(iterable, scope), dict(scope)
                return ("For", iterated, self.bind(pattern, inner), self.of(body, inner))
            case t.Closure(params, body):
                inner = dict(scope)
                return ("Closure", self.bind(params, inner), self.of(body, inner))
            case t.Block(statements, result):
                inner = dict(scope)
                return ("Block", self.of(statements, inner), self.of(result, inner))
            case tuple():
                items = cast("tuple[Any, ...]", node)
                return tuple(self.of(item, scope) for item in items)
            case _ if is_dataclass(node):
                parts = (getattr(node, field.name) for field in fields(node))
                return (type(node).__name__, *(self.of(part, scope) for part in parts))
            case _:
                return node

    def _arm(self, pattern: str, body: t.Expr, scope: dict[str, int]) -> Any:
        return self.bind(pattern, scope), self.of(body, scope)
