"""Which numbers that are computed of sizes may be below zero."""

from pycandle.ir.signs import is_never_negative, least, most, needs_sign
from pycandle.ir.sizes import Operation, Symbol

N, M = Symbol("s0"), Symbol("s1")


def test_a_difference_may_be_below_zero() -> None:
    assert not is_never_negative(Operation("-", N, M))
    assert is_never_negative(Operation("-", N, 1))
    assert not needs_sign(Operation("-", N, M))
    assert needs_sign(Operation("max", Operation("-", N, M), 0))


def test_a_divisor_is_not_zero_in_a_program_that_ran() -> None:
    windows = Operation("//", N, 2)

    assert is_never_negative(windows)
    assert is_never_negative(Operation("//", M, windows))
    assert least(Operation("//", M, windows)) == 0
    assert most(Operation("%", M, Operation("//", 9, 2))) == 3


def test_a_quotient_by_what_may_be_below_zero_may_be_below_zero() -> None:
    assert not is_never_negative(Operation("//", N, Operation("-", N, M)))
