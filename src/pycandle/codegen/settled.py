"""Takes out choices that no instance of a struct leaves open."""

from __future__ import annotations

from dataclasses import replace as replace_field
from typing import Any

from pycandle.codegen.rewrite import replace
from pycandle.codegen.types import Definition
from pycandle.rust import tree as t


def settle(definition: Definition) -> Definition:
    """Returns a definition in which flags and options that have one value are that value."""
    settled: dict[str, bool] = {}
    fields: list[tuple[str, str, t.Expr]] = []
    for name, type_, made in definition.fields:
        inner = _settled_option(type_, made)
        if inner is None:
            fields.append((name, type_, made))
            continue
        settled[name] = inner is not _ABSENT
        if inner is not _ABSENT:
            fields.append((name, type_.removeprefix("Option<").removesuffix(">"), inner))
    methods = tuple(
        replace_field(method, function=_settle_body(method.function, settled))
        for method in definition.methods
    )
    return replace_field(definition, fields=tuple(fields), methods=methods)


_ABSENT = t.path("None")


def _settled_option(type_: str, made: t.Expr) -> t.Expr | None:
    """Returns what an `Option` always holds, `None` itself, or None where it is open."""
    if not type_.startswith("Option<"):
        return None
    match made:
        case t.If(t.Number(bool() as here), t.Call("Some", (inner,)), _):
            return inner if here else _ABSENT
        case t.Match(t.Number(None), _):
            return _ABSENT
        case t.Match(t.Number(tuple() as values), ((pattern, t.Call("Some", (inner,))), _)):
            names = pattern.removeprefix("Some(").removesuffix(")").strip("()").split(", ")
            numbers = dict(zip(names, values, strict=True))
            return replace(
                inner, lambda node: numbers.get(node.name) if isinstance(node, t.Local) else None
            )
        case _:
            return None


def _settle_body(function: t.Function, settled: dict[str, bool]) -> t.Function:
    def substitute(node: Any) -> Any:
        match node:
            case t.If(t.Number(bool() as here), yes, no):
                return replace(yes if here else no, substitute)
            case t.Match(t.Reference(t.Field(_, name) as held), ((_, some), (_, none))) if (
                name in settled
            ):
                if not settled[name]:
                    return replace(none, substitute)
                return replace(
                    some, lambda n: held if isinstance(n, t.Local) and n.name == name else None
                )
            case _:
                return None

    return replace(function, substitute)
