"""What computes an op where torch has no kernel for it on a CPU, or no such op: for a replay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from pycandle.recorder.branches import CHOICES


def histc(x: torch.Tensor, bins: int = 100, min: float = 0, max: float = 0) -> torch.Tensor:
    """Counts integers as torch's kernel of CUDA does: parts of the range in whole numbers.

    Models count so on every device but a CPU, and so in a recording on meta.
    """
    if x.is_floating_point():
        return torch.ops.aten.histc.default(x, bins, min, max)
    low, high = int(min), int(max)
    if low == high and x.numel():
        low, high = int(x.min()), int(x.max())
    if low == high:
        low, high = low - 1, high + 1
    inside = x[(x >= low) & (x <= high)].to(torch.int64)
    places = ((inside - low) * bins // (high - low)).clamp(max=bins - 1)
    return torch.bincount(places, minlength=bins).to(x.dtype)


STAND_INS: dict[str, Callable[..., Any]] = {"aten.histc.default": histc, **CHOICES}
"""By overload."""

LIBRARIES = {"transformers": "transformers.integrations.moe"}
"""By namespace, the module of a library that defines ops of its own; a replay imports no model."""
