"""Parameters of a meta model that are on the CPU all the same.

`torch.Tensor(n)` in a constructor ignores the device that the model is built on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn


@contextmanager
def parameters_on_meta(model: nn.Module) -> Iterator[None]:
    """Puts meta tensors in place of the parameters that a meta model has on the CPU.

    Their values come from a checkpoint like those of the others. Tied ones stay tied.
    """
    parameters = list(model.parameters())
    if {item.device.type for item in parameters} != {"cpu", "meta"}:
        yield
        return
    made = {
        id(item): nn.Parameter(torch.empty_like(item, device="meta"), item.requires_grad)
        for item in parameters
        if not item.is_meta
    }
    replaced = [
        (module, name, item)
        for module in model.modules()
        for name, item in module._parameters.items()
        if item is not None and id(item) in made
    ]
    for module, name, item in replaced:
        module._parameters[name] = made[id(item)]
    try:
        yield
    finally:
        for module, name, item in replaced:
            module._parameters[name] = item
