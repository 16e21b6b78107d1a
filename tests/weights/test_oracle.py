"""The weights file is, byte for byte, what safetensors makes of the tensors that torch loads."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from . import oracle
from .random_state import LOADABLE, UNLOADABLE

PARTS = 60
PER_TEST = 50
"""3,000 checkpoints in all."""


@pytest.mark.parametrize("part", range(PARTS))
def test_a_checkpoint_becomes_what_safetensors_writes(part: int, tmp_path: Path) -> None:
    for seed in range(part * PER_TEST, (part + 1) * PER_TEST):
        directory = tmp_path / str(seed)
        directory.mkdir()

        compared = oracle.compare(seed, directory)

        assert compared.tensors > 0


def test_the_oracle_compares_every_format_protocol_and_dtype(tmp_path: Path) -> None:
    found = []
    for seed in range(100):
        directory = tmp_path / str(seed)
        directory.mkdir()
        found.append(oracle.compare(seed, directory))

    dtypes: set[torch.dtype] = set().union(*(item.dtypes for item in found))
    assert {item.format for item in found} == set(oracle.FORMATS)
    assert {item.protocol for item in found} == {None, 2, 3, 4, 5}
    assert dtypes == {*LOADABLE, *UNLOADABLE}
    assert sum(item.strided for item in found) > 50
    assert any(item.tied for item in found)
