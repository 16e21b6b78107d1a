"""Rust for numbers that are computed of sizes, and may be below zero."""

from __future__ import annotations

from collections.abc import Callable

from pycandle.ir.signs import is_never_negative
from pycandle.ir.sizes import Operation, Size
from pycandle.rust import tree as t


class SignOfDivisor(Exception):
    """A size is divided by a number that may be below zero, which Rust rounds otherwise."""


def signed(size: Size, usize: Callable[[Size], t.Expr]) -> t.Expr:
    """Returns an `i64`. `usize` gives Rust for a size that is not negative."""
    if isinstance(size, int):
        return t.Number(size, "i64", "size")
    if is_never_negative(size):
        return t.Cast(usize(size), "i64")
    assert isinstance(size, Operation)
    if isinstance(size.left, int) and (size.op, size.left) == ("*", -1):
        return t.Negate("-", signed(size.right, usize))
    left, right = signed(size.left, usize), signed(size.right, usize)
    match size.op:
        case "//" | "%":
            if not is_never_negative(size.right):
                raise SignOfDivisor(str(size))
            # Rounds down, as Python does, where the divisor is above zero.
            name = "div_euclid" if size.op == "//" else "rem_euclid"
            return t.plain(left, name, right)
        case "max" | "min":
            return t.plain(left, size.op, right)
        case _:
            return t.Binary(size.op, left, right)
