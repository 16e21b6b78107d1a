"""What a trap is, and the list of all."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from models.registry import Built

Cls = TypeVar("Cls", bound=type[nn.Module])


@dataclass(frozen=True)
class Trap:
    """A class whose docstring says the trap, and inputs to record it with."""

    cls: type[nn.Module]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    shows: tuple[str, ...]
    """Fragments that the Rust must have."""
    hides: tuple[str, ...]
    """Fragments that it must not have."""
    fixed: bool
    """Whether the model fixes sizes, so that there is no set of larger ones."""
    broken: str | None
    """Why it does not pass yet."""
    entries: dict[str, tuple[Any, ...]]
    """Methods beside `forward` to record, with their arguments."""
    inlined: tuple[str, ...]
    """Modules whose boundaries are not kept."""
    edit: Callable[[dict[str, Any]], None] | None
    """Changes the manifest into one that no Python is known to give."""
    split: bool
    """Whether each class has a file."""

    def build(self) -> Built:
        """Returns the model on a CPU, with random numbers for every parameter and statistic."""
        torch.manual_seed(7)
        model = self.cls().eval()
        with torch.no_grad():
            for tensor in (*model.parameters(), *model.buffers()):
                if tensor.is_floating_point():
                    # Away from 0 and 1, the values that hide a weight which is not read.
                    tensor.add_(torch.rand_like(tensor) / 4)
        return model, self.args, dict(self.kwargs)


TRAPS: dict[str, Trap] = {}


def trap(
    *args: Any,
    shows: tuple[str, ...] = (),
    hides: tuple[str, ...] = (),
    fixed: bool = False,
    broken: str | None = None,
    entries: dict[str, tuple[Any, ...]] | None = None,
    inlined: tuple[str, ...] = (),
    edit: Callable[[dict[str, Any]], None] | None = None,
    split: bool = False,
    **kwargs: Any,
) -> Callable[[Cls], Cls]:
    """Registers a class with the inputs to record it with."""

    def register(cls: Cls) -> Cls:
        name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()
        assert name not in TRAPS, name
        found = (shows, hides, fixed, broken, entries or {}, inlined, edit, split)
        TRAPS[name] = Trap(cls, args, kwargs, *found)
        return cls

    return register


def floats(*shape: int) -> Tensor:
    """Returns random numbers, the same for the same shape."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))


def ids(below: int, *shape: int) -> Tensor:
    """Returns random indices, the same for the same shape."""
    return torch.randint(below, shape, generator=torch.Generator().manual_seed(sum(shape)))
