"""The verdict over two tensors."""

import numpy as np
import pytest

from pycandle.verify.tolerance import EPS, EPS_FACTOR, HUGE, NOISE_FACTOR, compare

EPS32 = 2.0**-23


def floats(rust: object, torch: object, exact: object, dtype: str = "float32"):
    return compare(
        "output",
        dtype,
        np.asarray(rust, np.float64),
        np.asarray(torch, np.float64),
        np.asarray(exact, np.float64),
    )


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_eps_is_numpys(dtype: str) -> None:
    assert EPS[dtype] == np.finfo(dtype).eps


@pytest.mark.parametrize(
    ("error", "noise", "passed"),
    [
        (0.0, 0.0, True),
        (4 * EPS32, 0.0, True),
        (5 * EPS32, 0.0, False),
        (1e-3, 1e-4, True),
        (1.61e-3, 1e-4, False),
        (-1e-3, 1e-4, True),
        (-1e-2, 1e-4, False),
    ],
)
def test_the_bound_is_noise_and_eps(error: float, noise: float, passed: bool) -> None:
    found = floats([1 + error, 0.5], [1.0, 0.5 + noise], [1.0, 0.5])

    assert found.passed is passed
    assert found.error == pytest.approx(abs(error))
    assert found.bound == pytest.approx(NOISE_FACTOR * noise + EPS_FACTOR * EPS32)


def test_the_worst_element_is_named() -> None:
    found = floats([[0, 0], [0, 2]], [[0, 0], [0, 1]], [[0, 0], [0, 1]])

    assert found.where == (1, 1)
    assert found.reason == "1 from PyTorch in float64, allowed 4.77e-07"


def test_a_value_of_low_precision_has_the_eps_of_its_dtype() -> None:
    assert floats([1.01], [1.0], [1.0], "bfloat16").passed
    assert not floats([1.01], [1.0], [1.0], "float16").passed


@pytest.mark.parametrize(
    ("rust", "torch", "reason"),
    [
        (np.nan, 1.0, "NaN where PyTorch has 1"),
        (1.0, np.nan, "1 where PyTorch has NaN"),
        (np.inf, -np.inf, "inf where PyTorch has -inf"),
        (np.inf, 1.0, "inf where PyTorch has 1"),
        (1.0, np.inf, "1 where PyTorch has inf"),
        (np.nan, np.inf, "NaN where PyTorch has inf"),
    ],
)
def test_another_nonfinite_value_fails(rust: float, torch: float, reason: str) -> None:
    found = floats([0.0, rust], [0.0, torch], [0.0, torch])

    assert (found.passed, found.reason, found.where) == (False, reason, (1,))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_the_same_nonfinite_values_pass_and_hide_nothing(value: float) -> None:
    assert floats([value, 1.0], [value, 1.0], [value, 1.0]).passed
    assert not floats([value, 1.1], [value, 1.0], [value, 1.0]).passed


def test_all_values_nonfinite_pass() -> None:
    assert floats([np.nan, np.inf], [np.nan, np.inf], [np.nan, np.inf]).passed


def test_an_overflow_of_float32_alone_is_pytorchs() -> None:
    assert floats([-np.inf, 1.0], [-np.inf, 1.0], [-6e38, 1.0]).passed
    assert not floats([-3e38, 1.0], [-np.inf, 1.0], [-6e38, 1.0]).passed


def test_masks_do_not_widen_the_bound_of_other_values() -> None:
    lowest = float(np.finfo(np.float32).min)

    assert abs(lowest) > HUGE
    assert floats([lowest, 1.0], [lowest, 1.0], [lowest, 1.0]).passed
    assert not floats([lowest, 1.1], [lowest, 1.0], [lowest, 1.0]).passed
    assert not floats([lowest / 2, 1.0], [lowest, 1.0], [lowest, 1.0]).passed


@pytest.mark.parametrize("shape", [(0,), (2, 0), ()])
def test_empty_and_scalar_tensors_pass_when_equal(shape: tuple[int, ...]) -> None:
    ones = np.ones(shape)

    assert floats(ones, ones, ones).passed
    assert compare("output", "int64", ones.astype(int), ones.astype(int), ones.astype(int)).passed


def test_a_scalar_that_differs_fails() -> None:
    assert floats(2.0, 1.0, 1.0).where == ()


def test_another_shape_fails() -> None:
    found = floats(np.ones((2, 1)), np.ones((1, 2)), np.ones((1, 2)))

    assert (found.passed, found.reason) == (False, "shape [2, 1], PyTorch has [1, 2]")


@pytest.mark.parametrize(
    ("rust", "torch", "exact", "passed"),
    [
        ([1, 2], [1, 2], [1, 2], True),
        ([1, 3], [1, 2], [1, 2], False),
        ([1, 3], [1, 2], [1, 3], True),
        ([1, 4], [1, 2], [1, 3], False),
    ],
)
def test_integers_are_exact_except_where_rounding_decides(
    rust: list[int], torch: list[int], exact: list[int], passed: bool
) -> None:
    found = compare("output", "int64", np.array(rust), np.array(torch), np.array(exact))

    assert found.passed is passed


def test_large_integers_are_not_compared_as_floats() -> None:
    big = np.array([2**60])

    assert not compare("output", "int64", big + 1, big, big).passed


def test_bools_are_exact() -> None:
    found = compare("output", "bool", np.array([True]), np.array([False]), np.array([False]))

    assert found.reason == "1 of 1 differ: True where PyTorch has False"
