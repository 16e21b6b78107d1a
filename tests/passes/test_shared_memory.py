"""Ops that share memory with an operand, found by running the rows of every supported op."""

import pytest
import torch

from ops import cases
from ops.case import OpCase
from ops.values import runs_of
from pycandle.passes import sharing

KNOWN = (
    sharing.VIEWS
    | sharing.MAYBE_VIEWS
    | sharing.CASTS
    | sharing.DROPOUTS
    | sharing.SPLITS
    | sharing.MAYBE_SPLITS
    | sharing.ITEM_BY_ITEM
    | {sharing.UNBIND, *sharing.ALONE}
)
ROWS = [
    case for case in cases.CASES if case.refused is None and not case.overload.endswith("_.default")
]


def shares_memory(case: OpCase, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether PyTorch's result for a row lies in the memory of an operand."""
    operands: list[torch.Tensor] = []
    clone = torch.Tensor.clone

    def remembered(tensor: torch.Tensor) -> torch.Tensor:
        operands.append(clone(tensor))
        return operands[-1]

    run = runs_of(case)[0]
    with monkeypatch.context() as patch:
        patch.setattr(torch.Tensor, "clone", remembered)
        results = run.answer()
    memory = {x.untyped_storage().data_ptr() for x in operands if x.numel()}
    return any(result.untyped_storage().data_ptr() in memory for result in results)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_every_supported_op_that_shares_memory_is_known(monkeypatch: pytest.MonkeyPatch):
    found = {case.overload for case in ROWS if shares_memory(case, monkeypatch)}

    assert {"aten.reshape.default", "aten.select.int", "aten.split.Tensor"} <= found
    assert found <= KNOWN
