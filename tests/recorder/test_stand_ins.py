"""What a replay computes where torch alone cannot."""

import pytest
import torch

from pycandle.errors import PyCandleError
from pycandle.recorder.replay import operator_of


@pytest.mark.parametrize(
    ("values", "bins", "bounds", "counts"),
    [
        ([0, 3, 3, 1, 7], 6, (0, 5), [1, 1, 0, 2, 0, 0]),
        ([-3, 0, 3], 2, (-3, 3), [1, 2]),
        ([2, 2], 3, (0, 0), [0, 2, 0]),
        ([], 2, (0, 0), [0, 0]),
    ],
)
def test_integers_are_counted_in_parts_of_whole_numbers(
    values: list[int], bins: int, bounds: tuple[int, int], counts: list[int]
) -> None:
    found = operator_of("aten.histc.default")(
        torch.tensor(values, dtype=torch.int32), bins, *bounds
    )

    assert found.dtype == torch.int32
    assert found.tolist() == counts


def test_floats_are_counted_by_torch() -> None:
    x = torch.linspace(-1, 1, 50)

    found = operator_of("aten.histc.default")(x, bins=7, min=-0.5, max=1)

    assert torch.equal(found, torch.histc(x, 7, -0.5, 1))


def test_the_ops_of_a_library_are_found() -> None:
    x, weights = torch.randn(5, 4), torch.randn(2, 4, 3)
    ends = torch.tensor([2, 5], dtype=torch.int32)

    found = operator_of("transformers.grouped_mm_fallback.default")(x, weights, ends)

    assert torch.allclose(found, torch.cat([x[:2] @ weights[0], x[2:] @ weights[1]]))


def test_an_op_that_nothing_defines_is_refused() -> None:
    with pytest.raises(PyCandleError, match=r"has no op .nobody"):
        operator_of("nobody.knows.default")
