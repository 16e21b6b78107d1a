"""A sample at other sizes: those that its export allows, with tensors of much the same values."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch.utils import _pytree as pytree

from conformance.samples import SEED, Sample
from pycandle.ir.sizes import Size, evaluate

Resize = Callable[[torch.Tensor, int, int], torch.Tensor]
Shapes = Sequence[tuple[Size, ...]]

_OF_SORTED = frozenset(("bucketize", "searchsorted"))
"""Ops that promise nothing of a tensor that is not sorted."""

_OF_TIED = frozenset(
    (
        "_segment_reduce.lengths",
        "_segment_reduce.offsets",
        "linalg.cholesky_ex",
        "nn.functional.embedding_bag",
    )
)
"""Ops whose values depend on the sizes: lengths that add up to one, positive matrices.

At other sizes such values are outside of the op, which torch does not always check.
"""


def at_another_size(
    sample: Sample,
    program: torch.export.ExportedProgram,
    shapes: Shapes,
    symbols: dict[str, int],
) -> tuple[Sample, dict[str, int]] | None:
    """Returns the sample with every free size changed, and the sizes; None if torch allows none.

    `shapes` are those of the sample's tensors with symbols, whose recorded sizes are `symbols`.
    Allowed is a size at which the op runs, and the export runs and computes the same.
    """
    check = program.module()
    for changed, resize in _attempts(sample.op, symbols):
        tensors = tuple(
            _resized(tensor, [evaluate(size, changed) for size in shape], resize)
            for tensor, shape in zip(sample.tensors, shapes, strict=True)
        )
        other = dataclasses.replace(sample, tensors=tensors)
        if _agrees(other, check):
            return other, changed
    return None


def _attempts(op: str, symbols: dict[str, int]) -> Iterator[tuple[dict[str, int], Resize]]:
    if op in _OF_TIED:
        return
    larger = {name: size + 1 for name, size in symbols.items()}
    if op in _OF_SORTED:
        yield larger, _last
        return
    # Of 2 there is no smaller size that torch calls free.
    smaller = {name: size - 1 if size > 2 else 3 for name, size in symbols.items()}
    yield larger, _drawn
    yield smaller, _drawn
    # Matrices of a batch keep what they are by this alone: triangular, positive.
    yield larger, _repeated
    yield {name: size * 2 for name, size in symbols.items()}, _repeated


def _agrees(sample: Sample, check: Any) -> bool:
    """Whether a sample runs, and its export at other sizes computes the same."""
    try:
        right = sample.answer()
        found = pytree.tree_leaves(check(*(tensor.clone() for tensor in sample.tensors)))
    except Exception:
        return False
    pairs = zip(right, found, strict=False)
    return len(right) == len(found) and all(_is_same(sample, a, b) for a, b in pairs)


def _is_same(sample: Sample, right: torch.Tensor, found: torch.Tensor) -> bool:
    if right.shape != found.shape or right.dtype != found.dtype:
        return False
    return not sample.has_values or torch.allclose(
        right.detach(), found.detach(), rtol=1e-3, atol=1e-3, equal_nan=True
    )


def _resized(tensor: torch.Tensor, shape: list[int], resize: Resize) -> torch.Tensor:
    for dim, size in enumerate(shape):
        if size < tensor.shape[dim]:
            tensor = tensor.narrow(dim, 0, size)
        elif size > tensor.shape[dim]:
            added = resize(tensor, dim, size - tensor.shape[dim])
            tensor = torch.cat([tensor, added], dim)
    return tensor.clone(memory_format=torch.contiguous_format)


def _drawn(tensor: torch.Tensor, dim: int, count: int) -> torch.Tensor:
    """Returns values that are drawn from a tensor's, so that they are in the op's domain."""
    shape = [count if i == dim else size for i, size in enumerate(tensor.shape)]
    if not tensor.numel():
        return tensor.new_zeros(shape)
    generator = torch.Generator().manual_seed(SEED + tensor.numel())
    values = tensor.flatten()
    drawn = values[torch.randint(len(values), shape, generator=generator)]
    # Not the same values: of equal ones PyTorch leaves the order open.
    return drawn * (63 / 64) if tensor.is_floating_point() else drawn


def _repeated(tensor: torch.Tensor, dim: int, count: int) -> torch.Tensor:
    """Returns a tensor's own parts again."""
    return tensor.index_select(dim, torch.arange(count) % tensor.shape[dim])


def _last(tensor: torch.Tensor, dim: int, count: int) -> torch.Tensor:
    """Returns a tensor's last part again, so that what is sorted stays so."""
    return tensor.narrow(dim, tensor.shape[dim] - 1, 1).repeat_interleave(count, dim)
