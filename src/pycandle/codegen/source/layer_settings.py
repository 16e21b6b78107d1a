"""Gives the settings of a layer a variable in `new`: `conv2d(3, 64, 7, config, vb)`.

In the middle of a call they are five lines, and break the call into as many as it has arguments.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace as replace_field
from typing import Any

from pycandle.rust import tree as t
from pycandle.rust.names import Names
from pycandle.rust.rewrite import bound_in, replace


def name_layer_settings(item: t.Item) -> t.Item:
    """Returns an item whose `new` has a variable for each struct that it passes to a call."""
    if not isinstance(item, t.Struct):
        return item
    return replace_field(item, methods=tuple(map(_named, item.methods)))


def _named(function: t.Function) -> t.Function:
    if function.name != "new" or not isinstance(function.tail, t.StructLiteral):
        return function
    names = Names({*(param.name for param in function.params), *bound_in(function.body)})
    names.taken |= set(bound_in(function.tail))
    found: dict[t.StructLiteral, str] = {}
    for field, value in function.tail.fields:
        for literal in _passed(value):
            found.setdefault(literal, field)
    if not found:
        return function
    alone = len(found) == 1 and "config" not in names.taken
    variables = {
        literal: names.fresh("config" if alone else f"{field}_config")
        for literal, field in found.items()
    }
    lets = tuple(t.Let(name, literal) for literal, name in variables.items())
    fields = tuple(
        (field, _with_variables(value, variables)) for field, value in function.tail.fields
    )
    tail = replace_field(function.tail, fields=fields)
    return replace_field(function, body=(*function.body, *lets), tail=tail)


def _passed(value: t.Expr) -> Iterator[t.StructLiteral]:
    """Yields the structs that the call that makes a field takes."""
    match value:
        case t.Try(t.Call(_, args)):
            yield from (
                arg for arg in args if isinstance(arg, t.StructLiteral) and arg.rest is not None
            )
        case _:
            return


def _with_variables(value: t.Expr, variables: dict[t.StructLiteral, str]) -> t.Expr:
    def substitute(node: Any) -> Any:
        if isinstance(node, t.StructLiteral) and node in variables:
            return t.Local(variables[node], copy=True)
        return None

    return replace(value, substitute) if any(_passed(value)) else value
