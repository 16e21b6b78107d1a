"""Reads the sizes of inputs once, before the checks of an entry that ask about them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from pycandle.rust import tree as t
from pycandle.rust.rewrite import replace, walk

Dim: TypeAlias = tuple[str, int]
"""An input, and which of its dims."""

_ALL = re.compile(r"dims[1-5]")


def read_sizes_first(
    guards: Sequence[t.Statement], body: Sequence[t.Statement], names: Mapping[Dim, str]
) -> tuple[t.Statement, ...]:
    """Returns the checks and the body of an entry, with each size in one variable for both.

    `names`: what variables for dims of inputs may be called, each a name that is free.
    """
    count = next((at for at, line in enumerate(body) if not _reads(line)), len(body))
    known = {dim: name for line in body[:count] for dim, name in _reads(line).items()}
    asked = Counter(_asked(tuple(guards)))
    again = {dim: names[dim] for dim, times in asked.items() if times > 1 and dim in names}
    # The body may have the name for another size.
    again = {
        d: name for d, name in again.items() if {d, name}.isdisjoint({*known, *known.values()})
    }
    if not known.keys() & asked.keys():
        # What only the body reads is read behind the checks.
        known, count = {}, 0
    known |= again
    first = (*body[:count], *(t.Let(name, _read(dim)) for dim, name in again.items()))

    def substitute(node: Any) -> Any:
        dim = _dim(node)
        return t.Local(known[dim], copy=True) if dim in known else None

    return (*first, *replace(tuple(guards), substitute), *body[count:])


def _read(dim: Dim) -> t.Expr:
    return t.method(t.Local(dim[0], borrowed=True), "dim", t.Path(str(dim[1])))


def _dim(node: Any) -> Dim | None:
    """Returns the dim that an expression reads."""
    match node:
        case t.Try(t.Method(t.Local(name), "dim", (t.Path(text),))) if text.isdigit():
            return name, int(text)
        case _:
            return None


def _reads(line: t.Statement) -> dict[Dim, str]:
    """Returns the variables that a statement binds to sizes; none for another statement."""
    match line:
        case t.Let(name, t.Try(t.Method(t.Local(), "dim")) as value):
            dim = _dim(value)
            return {dim: name} if dim is not None else {}
        case t.Let(pattern, t.Try(t.Method(t.Local(owner), method, ()))) if _ALL.fullmatch(method):
            bound = [name.strip() for name in pattern.strip("()").split(",")]
            return {(owner, at): name for at, name in enumerate(bound) if name != "_"}
        case _:
            return {}


def _asked(node: Any) -> Iterator[Dim]:
    """Yields the dims that a tree reads, repeats included."""
    dims = map(_dim, walk(node))
    yield from (dim for dim in dims if dim is not None)
