"""A decoder whose configuration says of what kind each layer is."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn


@dataclass
class KindsConfig:
    """Three layers look at what is near, one at everything."""

    hidden_size: int = 8
    num_layers: int = 5
    near: int = 3
    layer_types: list[str] = field(default_factory=lambda: ["near", "near", "far", "near", "near"])


class Layer(nn.Module):
    def __init__(self, config: KindsConfig) -> None:
        super().__init__()
        self.up = nn.Linear(config.hidden_size, 2 * config.hidden_size)
        self.down = nn.Linear(2 * config.hidden_size, config.hidden_size)

    def forward(self, xs: Tensor, scale: Tensor) -> Tensor:
        return xs + self.down(self.up(xs * scale).tanh())


class Decoder(nn.Module):
    """Its layers are given one of two values each."""

    def __init__(self, config: KindsConfig) -> None:
        super().__init__()
        if len(config.layer_types) != config.num_layers:
            raise ValueError("there must be a type for each layer")
        self.config = config
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.num_layers))
        self.norm = nn.LayerNorm(config.hidden_size)

    def forward(self, xs: Tensor) -> Tensor:
        scales = {"near": torch.sigmoid(xs) * self.config.near, "far": torch.cos(xs)}
        for layer, kind in zip(self.layers, self.config.layer_types, strict=True):
            xs = layer(xs, scales[kind])
        return self.norm(xs)
