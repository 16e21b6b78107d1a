"""Sizes of torch as expressions: the same numbers, and nothing negative on the way."""

import random
import re

import pytest
import sympy
from torch.utils._sympy import functions

from pycandle.manifest.sizes import evaluate
from pycandle.recorder.symbols import InexpressibleSize, SymbolNames

N, W = sympy.symbols("n w", integer=True, positive=True)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (-2 * functions.FloorDiv(-N, 2), "2*((s0 + 1) // 2)"),
        (W - functions.FloorDiv(-N, 2), "s0 + (s1 + 1) // 2"),
        (functions.Max(0, -2 * functions.FloorDiv(-N, 2) - W), "Max(2*((s0 + 1) // 2), s1) - s1"),
        (N + W + functions.FloorDiv(-N - W, 4), "s0 + s1 - (s0 + s1 + 3) // 4"),
        (functions.FloorDiv(N, -3) + W, "s0 - (s1 + 2) // 3"),
        (functions.PythonMod(-N - 3, 5), "(5 - (s0 + 3) % 5) % 5"),
        (functions.CeilDiv(N, 3), "(s0 + 2) // 3"),
        (functions.CeilToInt(functions.IntTrueDiv(N, 3)), "(s0 + 2) // 3"),
        (functions.FloorToInt(0.5 * functions.ToFloat(N)), "s0 // 2"),
        (functions.CeilToInt(1.5 * functions.ToFloat(N)), "(3*s0 + 1) // 2"),
    ],
)
def test_a_size_has_the_same_value_without_negative_numbers(expression, text):
    names = SymbolNames()

    size = names.size_of(expression)

    assert size == text
    assert not re.search(r"(^|[(,])\s*-", size)
    generator = random.Random(1)
    for _ in range(50):
        values = {N: generator.randint(1, 40), W: generator.randint(1, 40)}
        known = {name: values[symbol] for symbol, name in names.names.items()}
        assert evaluate(size, known) == int(expression.subs(values))


def test_a_number_below_zero_that_is_cut_off_is_refused():
    cut = functions.TruncToInt(functions.IntTrueDiv(N - 9, 2))
    with pytest.raises(InexpressibleSize):
        SymbolNames().size_of(cut)


def test_a_size_scaled_by_a_float_that_is_no_fraction_is_refused():
    with pytest.raises(InexpressibleSize):
        SymbolNames().size_of(functions.FloorToInt(0.1 * functions.ToFloat(N)))
