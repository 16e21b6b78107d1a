"""Regions in which a model switches autocast off, where it was not on.

torch exports a region as an op that holds a program. One that changes nothing is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch


@contextmanager
def without_idle_autocast() -> Iterator[None]:
    """Lets `torch.autocast(..., enabled=False)` do nothing in this context, while none is on."""
    region: Any = torch.autocast
    enter, leave = region.__enter__, region.__exit__
    idle: list[bool] = []

    def entered(self: Any) -> Any:
        idle.append(not self._enabled and not torch._C._is_any_autocast_enabled())
        return self if idle[-1] else enter(self)

    def left(self: Any, *error: Any) -> Any:
        # Regions are left in the reverse order of entering.
        return False if idle.pop() else leave(self, *error)

    region.__enter__, region.__exit__ = entered, left
    try:
        yield
    finally:
        region.__enter__, region.__exit__ = enter, leave
