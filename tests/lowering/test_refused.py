"""Ops that no port can have are refused for a reason, and no op has a reason and a lowering."""

import pytest

from pycandle.lowering import LOWERINGS
from pycandle.lowering.refused import reason_of


def test_no_op_with_a_lowering_has_a_reason_to_have_none():
    assert [name for name in LOWERINGS if reason_of(name) is not None] == []


@pytest.mark.parametrize(
    ("target", "word"),
    [
        ("aten.rand.default", "random"),
        ("aten.dropout.default", "random"),
        ("aten.argwhere.default", "depends on values"),
        ("aten.repeat_interleave.self_Tensor", "depends on values"),
        ("aten.as_strided.default", "strides"),
        ("aten.to_sparse.default", "sparse"),
        ("aten.max_pool2d_with_indices_backward.default", "gradients"),
        ("aten._softmax_backward_data.default", "gradients"),
    ],
)
def test_an_op_that_no_port_can_have_says_why(target: str, word: str):
    assert word in str(reason_of(target))


@pytest.mark.parametrize("target", ["aten.linalg_eig.default", "my_library.scan_codes.default"])
def test_an_op_that_may_get_a_lowering_has_no_reason(target: str):
    assert reason_of(target) is None
