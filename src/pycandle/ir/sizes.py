"""Sizes: integers, or expressions in symbols."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Symbol:
    """A free size, `s0`."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Operation:
    """`left op right`; `op` is one of `+ - * // % max min`."""

    op: str
    left: Size
    right: Size

    def __str__(self) -> str:
        if self.op in ("max", "min"):
            return f"{self.op}({self.left}, {self.right})"
        return f"({self.left} {self.op} {self.right})"


Size: TypeAlias = int | Symbol | Operation


def combine(op: str, left: Size, right: Size) -> Size:
    """Returns `left op right`, computed where both are numbers. `//` rounds down, as in Python."""
    if isinstance(left, int) and isinstance(right, int):
        return compute(op, left, right)
    match op, left, right:
        case ("+" | "-", _, 0) | ("*" | "//", _, 1):
            return left
        case ("+", 0, _) | ("*", 1, _):
            return right
        case ("*", 0, _) | ("*", _, 0):
            return 0
        case ("-", _, _) if left == right:
            return 0
        case _:
            return Operation(op, left, right)


def compute(op: str, left: int, right: int) -> int:
    """Applies an operation to two integers."""
    match op:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "//":
            return left // right
        case "%":
            return left % right
        case "max":
            return max(left, right)
        case "min":
            return min(left, right)
        case _:
            raise ValueError(f"no size operation `{op}`")


def evaluate(size: Size, symbols: Mapping[str, int]) -> int:
    """Returns the size for given symbols. Raises KeyError for a symbol without a value."""
    match size:
        case int():
            return size
        case Symbol(name):
            return symbols[name]
        case Operation(op, left, right):
            return compute(op, evaluate(left, symbols), evaluate(right, symbols))


def symbols_of(size: Size) -> Iterator[str]:
    """Yields the symbols in a size, in order of appearance, repeats included."""
    match size:
        case int():
            return
        case Symbol(name):
            yield name
        case Operation(_, left, right):
            yield from symbols_of(left)
            yield from symbols_of(right)


def product(sizes: tuple[Size, ...]) -> Size:
    """Returns the number of elements of a shape."""
    total: Size = 1
    for size in sizes:
        total = combine("*", total, size)
    return total
