"""Comparisons of sizes in Rust's own words."""

from __future__ import annotations

from pycandle.rust import tree as t


def compared(relation: str, left: t.Expr, right: t.Expr) -> t.Expr:
    """Returns `left relation right`; of a remainder and 0, whether one is a multiple.

    That one holds of no size and 0 as well, for which there is no remainder.
    """
    match left, right:
        case t.Binary("%", whole, part), t.Number(int() | float() as value) if (
            value == 0 and relation in ("==", "!=") and not isinstance(whole, t.Number)
        ):
            found = t.plain(whole, "is_multiple_of", part)
            return found if relation == "==" else t.Negate("!", found)
        case _:
            return t.Binary(relation, left, right)
