"""Sizes are computed where they are known."""

from pycandle.ir.sizes import Symbol, combine, product


def test_no_elements_times_a_free_size_are_no_elements() -> None:
    free = Symbol("s0")

    assert combine("*", 0, free) == 0
    assert combine("*", free, 0) == 0
    assert product((free, 0, 5)) == 0
