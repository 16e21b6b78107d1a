"""The verdict finds what is wrong with a result."""

import torch

from ops.compare import difference

_PLAIN = torch.tensor([1.0, -2.0, 3.0])
_EXACT = _PLAIN.double()


def test_an_equal_result_passes():
    assert difference(_PLAIN, _PLAIN, _EXACT, 16) is None


def test_an_error_beyond_the_rounding_of_torch_is_found():
    assert "error" in str(difference(_PLAIN + 1e-5, _PLAIN, _EXACT, 16))


def test_an_error_within_a_multiple_of_the_rounding_of_torch_passes():
    noisy = _EXACT + 1e-6

    assert difference(_PLAIN + 1e-5, _PLAIN, noisy, 16) is None


def test_another_dtype_is_found():
    assert "dtype" in str(difference(_EXACT, _PLAIN, _EXACT, 16))


def test_another_shape_is_found():
    assert "shape" in str(difference(_PLAIN[:, None], _PLAIN, _EXACT, 16))


def test_a_number_for_nan_is_found():
    plain = torch.tensor([1.0, float("nan")])

    assert "non-finite" in str(difference(torch.ones(2), plain, plain.double(), 16))


def test_infinity_of_the_other_sign_is_found():
    plain = torch.tensor([float("inf")])

    assert "non-finite" in str(difference(-plain, plain, plain.double(), 16))


def test_one_wrong_integer_is_found():
    plain = torch.tensor([1, 2, 3])

    assert "1 of 3" in str(difference(torch.tensor([1, 2, 4]), plain, plain, 16))


def test_a_bool_is_compared_as_candle_holds_it():
    plain = torch.tensor([True, False])

    assert difference(torch.tensor([1, 0], dtype=torch.uint8), plain, plain, 16) is None
