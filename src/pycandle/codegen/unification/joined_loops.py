"""Makes one loop of several that follow each other and do the same with rows of one type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace as replace_field

from pycandle.codegen.unification.types import Definition
from pycandle.rust import tree as t
from pycandle.rust.names import Names
from pycandle.rust.rewrite import locals_in

FEWEST_LOOPS = 3
"""Two loops read better one after the other."""


def join_loops(definition: Definition) -> Definition:
    """Returns a definition with `for layers in [&self.layer1, ..]` around loops that are alike.

    The calls and their order stay as they are.
    """
    types = {name: type_ for name, type_, _ in definition.fields}
    methods = tuple(
        replace_field(method, function=_join(method.function, types))
        for method in definition.methods
    )
    return replace_field(definition, methods=methods)


def _join(function: t.Function, types: Mapping[str, str]) -> t.Function:
    runs: list[list[t.Statement]] = []
    for line in function.body:
        if runs and _are_alike(runs[-1][-1], line, types):
            runs[-1].append(line)
        else:
            runs.append([line])
    taken = {param.name for param in function.params} | set(
        locals_in((function.body, function.tail))
    )
    lines: list[t.Statement] = []
    for run in runs:
        loops = [line for line in run if isinstance(line, t.For)]
        if len(loops) < FEWEST_LOOPS:
            lines += run
            continue
        name = Names(taken).fresh(f"{loops[0].pattern}s")
        rows = t.array_of(loop.iterable for loop in loops)
        inner = t.For(loops[0].pattern, t.Local(name, borrowed=True), loops[0].body)
        lines.append(t.For(name, rows, (inner,)))
    return replace_field(function, body=tuple(lines))


def _are_alike(one: t.Statement, other: t.Statement, types: Mapping[str, str]) -> bool:
    """Whether two loops over fields of one type have the same body."""
    match one, other:
        case (
            t.For(pattern, t.Reference(t.Field(_, first)), body),
            t.For(pattern2, t.Reference(t.Field(_, second)), body2),
        ):
            same = (pattern, body) == (pattern2, body2)
            return same and first in types and types[first] == types.get(second)
        case _:
            return False
