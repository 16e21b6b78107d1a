"""Takes out choices that no instance of a struct leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace as replace_field
from typing import Any

from pycandle.codegen.unification.types import Definition
from pycandle.rust import tree as t
from pycandle.rust.rewrite import mentions, replace


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
            case t.Match(t.Tuple((given, *fields)), (some, computed, missing)):
                return _settle_default(given, fields, (some, computed, missing), settled)
            case _:
                return None

    found = replace(function, substitute)
    return found if found is function else _without_renames(found)


def _without_renames(function: t.Function) -> t.Function:
    """Takes out second names of values that only a step which is not there would have read."""
    body, tail = list(function.body), function.tail
    match body[-1] if body else None:
        # A borrowed value has to be cloned, and keeps its name.
        case t.Let(pattern, t.Local(borrowed=False) as value, False) if tail == t.Local(pattern):
            body, tail = body[:-1], value
        case _:
            pass
    for index in range(len(body) - 1, -1, -1):
        line = body[index]
        if not isinstance(line, t.Let) or line.mutable or not line.pattern.isidentifier():
            continue
        is_rename = isinstance(line.value, t.Local | t.Reference)
        if is_rename and not mentions((tuple(body[index + 1 :]), tail), line.pattern):
            del body[index]
    return replace_field(function, body=tuple(body), tail=tail)


def _settle_default(
    given: t.Expr,
    fields: Sequence[t.Expr],
    arms: tuple[tuple[str, t.Expr], ...],
    settled: dict[str, bool],
) -> t.Expr | None:
    """Returns an argument with its default, where every instance has the layers or none has."""
    held = {
        field.inner.name: field.inner
        for field in fields
        if isinstance(field, t.Reference) and isinstance(field.inner, t.Field)
    }
    known = {settled[name] for name in held if name in settled}
    if len(known) != 1:
        return None
    (pattern, cloned), (_, computed), (_, missing) = arms
    some = pattern.removeprefix("(").partition(")")[0] + ")"
    inside = replace(computed, lambda n: held.get(n.name) if isinstance(n, t.Local) else None)
    return t.Match(given, ((some, cloned), ("None", inside if True in known else missing)))
