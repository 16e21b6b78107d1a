"""Models of timm as they are: real widths, images of the size that each is made for."""

from __future__ import annotations

from typing import Any

import torch

BATCH = 2


def build(name: str) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
    """Returns a model by its name in timm, and a batch of images."""
    import timm

    with torch.device("meta"):
        model: Any = timm.create_model(name, pretrained=False).eval()
    channels, height, width = model.pretrained_cfg.get("input_size", (3, 224, 224))
    return model, (torch.zeros(BATCH, channels, height, width, device="meta"),), {}
