"""Names the split of features into heads, where a body makes it for several tensors."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import replace as replace_field
from typing import Any

from pycandle.codegen.unification.types import Definition
from pycandle.rust import tree as t
from pycandle.rust.names import Names
from pycandle.rust.printer import expr
from pycandle.rust.rewrite import locals_in, replace

FEWEST_SPLITS = 2
"""A split that is made once stays where it is."""

_PARAMETER = "xs"
_RANK = 4
_HEADS = 2
"""The axis of the heads before they change places with the positions."""


def name_head_splits(definition: Definition) -> Definition:
    """Returns a definition whose bodies have a closure for a split that they repeat.

    The closure is `xs.reshape((b, s, heads, size))?.transpose(1, 2)`.
    """
    methods = tuple(
        replace_field(method, function=_name_splits(method.function))
        for method in definition.methods
    )
    return replace_field(definition, methods=methods)


def _name_splits(function: t.Function) -> t.Function:
    body = (*function.body, t.Run(function.tail))
    splits = [(at, split) for at, line in enumerate(body) for split in _splits(_value(line))]
    counts = Counter(_arguments(split) for _, split in splits)
    names = Names(set(_names_in(function)))
    for key, count in counts.items():
        uses = [at for at, split in splits if _arguments(split) == key]
        model = next(split for _, split in splits if _arguments(split) == key)
        # Where lines come in, those behind them move.
        first = uses[0] + len(body) - len(function.body) - 1
        if count < FEWEST_SPLITS or _rebinds(body[first:], model):
            continue
        name = names.fresh("split_heads")
        xs = t.Local(_PARAMETER, borrowed=True)
        closure = t.Closure(f"{_PARAMETER}: &Tensor", _split_of(xs, model))
        changed = tuple(_call_instead(line, key, name) for line in body[first:])
        body = (*body[:first], t.Let(name, closure), *changed)
    *statements, last = body
    assert isinstance(last, t.Run)
    return replace_field(function, body=tuple(statements), tail=last.value)


def _value(line: t.Statement) -> t.Expr | None:
    """Returns the expression that a statement computes before anything else is bound."""
    return line.value if isinstance(line, t.Let | t.Assign | t.Run) else None


def _splits(node: Any) -> Iterator[t.Method]:
    """Yields the splits of an expression that every run of it makes, in order."""
    match node:
        case t.Closure() | t.Match() | t.If() | t.Block() | None:
            return
        case t.Method(t.Try(t.Method(inner, "reshape", (t.Tuple(sizes),))), "transpose", axes) if (
            _is_split(sizes, axes)
        ):
            yield from _splits(inner)
            yield node
        case t.Method(receiver, _, args):
            yield from _splits(receiver)
            yield from (split for arg in args for split in _splits(arg))
        case t.Call(_, args) | t.Tuple(args) | t.Array(args):
            yield from (split for arg in args for split in _splits(arg))
        case t.Binary(_, left, right):
            yield from _splits(left)
            yield from _splits(right)
        case t.Try(inner) | t.Reference(inner) | t.Negate(_, inner) | t.Cast(inner):
            yield from _splits(inner)
        case _:
            return


def _is_split(sizes: tuple[t.Expr, ...], axes: tuple[t.Expr, ...]) -> bool:
    """Whether the last of three axes becomes two, of which the first goes before the positions."""
    holes = [axis for axis, size in enumerate(sizes) if size == t.Tuple(())]
    return (
        len(sizes) == _RANK
        and holes in ([], [_HEADS], [_HEADS + 1])
        and [expr(axis) for axis in axes] == ["1", "2"]
    )


def _arguments(split: t.Method) -> Hashable:
    """Returns what two splits share that do the same with their operands."""
    match split:
        case t.Method(t.Try(t.Method(_, _, sizes)), _, axes):
            return expr(t.Tuple(sizes)), expr(t.Tuple(axes))
        case _:
            raise TypeError(f"no split: {split}")


def _split_of(xs: t.Expr, model: t.Method) -> t.Expr:
    """Returns the split of another operand."""
    match model:
        case t.Method(t.Try(t.Method(_, reshape, sizes)), transpose, axes):
            return t.Method(t.Try(t.Method(xs, reshape, sizes)), transpose, axes)
        case _:
            raise TypeError(f"no split: {model}")


def _call_instead(line: t.Statement, key: Hashable, name: str) -> t.Statement:
    """Returns a statement in which a closure makes the splits."""
    found = list(_splits(_value(line)))

    def substitute(node: Any) -> Any:
        if not any(node is split for split in found) or _arguments(node) != key:
            return None
        inner = replace(node.receiver.inner.receiver, substitute)
        return t.Call(name, (t.ref(inner),))

    return replace(line, substitute)


def _rebinds(lines: tuple[t.Statement, ...], split: t.Method) -> bool:
    """Whether lines or the closure give another meaning to a variable in the sizes of a split."""
    read = set(locals_in(_split_of(t.Path("xs"), split)))
    return not read.isdisjoint({_PARAMETER, *_bound_by(lines)})


def _bound_by(lines: tuple[t.Statement, ...]) -> Iterator[str]:
    for line in lines:
        match line:
            case t.Let(pattern) | t.Assign(pattern):
                yield from re.findall(r"\w+", pattern)
            case t.For(pattern, _, body):
                yield from re.findall(r"\w+", pattern)
                yield from _bound_by(body)
            case _:
                pass


def _names_in(function: t.Function) -> Iterator[str]:
    yield from (param.name for param in function.params)
    yield from _bound_by(function.body)
    yield from locals_in((function.body, function.tail))
