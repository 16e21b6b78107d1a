"""An operand is computed once, however often a lowering mentions it."""

import pytest

from ops.cases import CASES
from ops.lowered import lower
from ops.values import runs_of
from pycandle.lowering.reuse import REUSED

_ITEMS = {
    f"aten.{name}"
    for name in (
        *("unbind.int", "unbind_copy.int", "chunk.default", "unsafe_chunk.default"),
        *("split.Tensor", "split_copy.Tensor", "unsafe_split.Tensor", "split.sizes"),
        *("split_with_sizes.default", "split_with_sizes_copy.default"),
        *("unsafe_split_with_sizes.default", "tensor_split.sections", "tensor_split.indices"),
        *(f"{side}split.{kind}" for side in "hvd" for kind in ("int", "array")),
    )
}
"""Each item of their tuple is an expression of its own, of which the compiler prints one."""


@pytest.fixture(scope="module")
def texts() -> list[tuple[str, str]]:
    """The overload and the Rust of every row, where its tensors are expressions."""
    right = [case for case in CASES if case.refused is None]
    return [(case.overload, lower(case, runs_of(case), "temporary").rust) for case in right]


def test_the_listed_ops_and_no_others_put_an_operand_in_a_block(texts):
    assert {overload for overload, text in texts if "{\nlet " in text} == REUSED


def test_no_operand_is_computed_twice(texts):
    assert {overload for overload, text in texts if text.count("same(a)") > 1} <= _ITEMS
