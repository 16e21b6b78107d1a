"""Finds what expressions have in common, with variables where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace as replace_field

from pycandle.rust import tree as t
from pycandle.rust.printer import expr
from pycandle.rust.rewrite import locals_in

SHARED = frozenset({"cfg", "i"})
"""Variables that mean the same wherever the expressions stand."""


class Generalized:
    """The variables that several columns of expressions need; equal columns are one."""

    def __init__(self) -> None:
        """Starts with no variable."""
        self.columns: dict[tuple[str, ...], tuple[str, t.Expr, tuple[t.Expr, ...]]] = {}
        """By the text of the expressions: variable, one of them, and all."""

    def of(self, column: Sequence[t.Expr]) -> t.Expr:
        """Returns an expression that is each of a column for some values of the variables.

        Two numbers are one variable where all their expressions are the same.
        """
        first = column[0]
        if len(set(map(expr, column))) == 1 and SHARED.issuperset(locals_in(first)):
            return first
        inside = self._inside(column)
        return self._variable(column) if inside is None else inside

    def _inside(self, column: Sequence[t.Expr]) -> t.Expr | None:
        """Returns a common form in which parts differ; None where there is none that is shorter."""
        match column[0]:
            case t.Binary(op) if all(isinstance(e, t.Binary) and e.op == op for e in column):
                pairs = [(e.left, e.right) for e in column if isinstance(e, t.Binary)]
                lefts, rights = zip(*pairs, strict=True)
                alike = [len(set(map(expr, side))) == 1 for side in (lefts, rights)]
                # Two variables in the place of one would say less.
                return t.Binary(op, self.of(lefts), self.of(rights)) if any(alike) else None
            case t.Number(tuple() as values) as number if values:
                rows = [e.value for e in column if isinstance(e, t.Number)]
                parts = [row for row in rows if isinstance(row, tuple) and len(row) == len(values)]
                if len(parts) != len(column):
                    return None
                made = tuple(self.of(part) for part in zip(*parts, strict=True))
                return replace_field(number, value=made)
            case _:
                return None

    def _variable(self, column: Sequence[t.Expr]) -> t.Expr:
        key = tuple(map(expr, column))
        if key not in self.columns:
            self.columns[key] = (f"__H{len(self.columns)}__", column[0], tuple(column))
        return t.Local(self.columns[key][0], copy=True)
