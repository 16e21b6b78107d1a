"""Which sizes may be below zero, and which steps towards a size are.

Sizes of tensors are not negative, but numbers that are computed of them may be: `n - m` beside
positions, `-n` as the start of a range.
"""

from __future__ import annotations

from pycandle.ir.sizes import Operation, Size, Symbol, combine


def least(size: Size) -> int | None:
    """Returns a number that a size is never below, for symbols from 1 on; None if there is none."""
    return _bounds(size)[0]


def most(size: Size) -> int | None:
    """Returns a number that a size is never above; None if there is none."""
    return _bounds(size)[1]


def is_never_negative(size: Size) -> bool:
    """Whether a size is 0 or more for all values of its symbols, and so is each step towards it."""
    low = least(size)
    return low is not None and low >= 0 and not needs_sign(size)


def needs_sign(size: Size) -> bool:
    """Whether a step towards a size may be below zero where the size itself is not."""
    match size:
        case int():
            return size < 0
        case Symbol():
            return False
        case Operation(op, left, right):
            inner = needs_sign(left) or needs_sign(right)
            return inner or _is_step_below_zero(op, left, right)


def with_signs_last(size: Size) -> Size:
    """Returns a sum in which what is taken away comes last: `a - b + c` as `a + c - b`."""
    if not isinstance(size, Operation) or size.op not in ("+", "-", "*"):
        return size
    plus: list[Size] = []
    minus: list[Size] = []
    _collect(size, plus, minus)
    number = sum(item for item in plus if isinstance(item, int))
    number -= sum(item for item in minus if isinstance(item, int))
    taken = [item for item in minus if not isinstance(item, int)]
    given = [item for item in plus if not isinstance(item, int)]
    for item in [item for item in given if item in taken]:
        given.remove(item)
        taken.remove(item)
    total: Size = given[0] if given else number
    for item in given[1:]:
        total = combine("+", total, item)
    if given and number > 0:
        total = combine("+", total, number)
    for item in taken:
        total = combine("-", total, item)
    return combine("-", total, -number) if given and number < 0 else total


def _collect(size: Size, plus: list[Size], minus: list[Size]) -> None:
    """Adds the terms of a sum to those that are added, or taken away."""
    match size:
        case Operation("+", left, right):
            _collect(left, plus, minus)
            _collect(right, plus, minus)
        case Operation("-", left, right):
            _collect(left, plus, minus)
            _collect(right, minus, plus)
        case Operation("*", -1, right):
            _collect(right, minus, plus)
        case _:
            plus.append(size)


def _is_step_below_zero(op: str, left: Size, right: Size) -> bool:
    match op:
        case "+":
            return _may_be_negative(left) or _may_be_negative(right)
        case "-":
            return _may_be_negative(right)
        case "//":
            # What a window leaves, `(n - 3) // 2`, is not below zero where the result is a size.
            is_window = isinstance(left, Operation) and isinstance(left.right, int)
            return _may_be_negative(left) and not is_window
        case "%" | "max" | "min":
            return _may_be_negative(left) or _may_be_negative(right)
        case _:
            return False


def _may_be_negative(size: Size) -> bool:
    # A quotient is as low as what is divided, which its own step is about.
    if isinstance(size, Operation) and size.op == "//":
        return _is_step_below_zero("//", size.left, size.right)
    low = least(size)
    return low is None or low < 0


def _bounds(size: Size) -> tuple[int | None, int | None]:
    """Returns the lowest and the highest value that is known without following symbols."""
    match size:
        case int():
            return size, size
        case Symbol():
            return 1, None
        case Operation(op, left, right):
            return _bounds_of(op, _bounds(left), _bounds(right))


_Bounds = tuple[int | None, int | None]


def _bounds_of(op: str, left: _Bounds, right: _Bounds) -> _Bounds:
    match op:
        case "+":
            return _sum(left[0], right[0]), _sum(left[1], right[1])
        case "-":
            return _sum(left[0], _minus(right[1])), _sum(left[1], _minus(right[0]))
        case "*":
            return _product(left, right)
        case "//" | "%" if right[0] == 0:
            # A program that ran has divided by no 0.
            return _bounds_of(op, left, (1, right[1]))
        case "//" if right[0] is not None and right[0] > 0:
            return _quotient(left[0], right, lowest=True), _quotient(left[1], right, lowest=False)
        case "%" if right[0] is not None and right[0] > 0:
            return 0, None if right[1] is None else right[1] - 1
        case "max":
            lows = [low for low in (left[0], right[0]) if low is not None]
            high = None if None in (left[1], right[1]) else max(left[1] or 0, right[1] or 0)
            return max(lows, default=None), high
        case "min":
            highs = [high for high in (left[1], right[1]) if high is not None]
            low = None if None in (left[0], right[0]) else min(left[0] or 0, right[0] or 0)
            return low, min(highs, default=None)
        case _:
            return None, None


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def _minus(value: int | None) -> int | None:
    return None if value is None else -value


def _product(left: _Bounds, right: _Bounds) -> _Bounds:
    if left[0] is not None and left[0] >= 0 and right[0] is not None and right[0] >= 0:
        high = None if left[1] is None or right[1] is None else left[1] * right[1]
        return left[0] * right[0], high
    for one, other in ((left, right), (right, left)):
        if one[0] is not None and one[0] == one[1] and one[0] < 0:
            low = None if other[1] is None else other[1] * one[0]
            return low, None if other[0] is None else other[0] * one[0]
    return None, None


def _quotient(value: int | None, divisor: _Bounds, *, lowest: bool) -> int | None:
    """Returns a bound of a quotient by a divisor above 0, of which one bound is that of `value`."""
    low, high = divisor
    assert low is not None
    if value is None:
        return None
    # Divided by more, a number comes closer to 0.
    if (value >= 0) == lowest:
        return value // high if high is not None else (0 if lowest else -1)
    return value // low
