"""Decoders whose configuration says of what kind each layer is, and some that make more of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from pycandle.recorder import install

NEAR, FAR = "near", "far"


@dataclass
class KindsConfig:
    """Four layers look at what is near, one at everything."""

    hidden_size: int = 8
    num_layers: int = 5
    near: int = 3
    layer_types: list[str] = field(default_factory=lambda: [NEAR, NEAR, FAR, NEAR, NEAR])


class Layer(nn.Module):
    def __init__(self, config: KindsConfig) -> None:
        super().__init__()
        self.up = nn.Linear(config.hidden_size, 2 * config.hidden_size)
        self.down = nn.Linear(2 * config.hidden_size, config.hidden_size)

    def forward(self, xs: Tensor, scale: Tensor) -> Tensor:
        return xs + self.down(self.up(xs * scale).tanh())


class Given(nn.Module):
    """Its layers are given one of two values each."""

    def __init__(self, config: KindsConfig) -> None:
        super().__init__()
        if len(config.layer_types) != config.num_layers:
            raise ValueError("there must be a type for each layer")
        self.config = config
        self.layers = nn.ModuleList(self.layer(i) for i in range(config.num_layers))
        self.norm = nn.LayerNorm(config.hidden_size)

    def layer(self, index: int) -> nn.Module:
        return Layer(self.config)

    def scale(self, index: int, scales: dict[str, Tensor]) -> Tensor:
        return scales[self.config.layer_types[index]]

    def scales(self, xs: Tensor) -> dict[str, Tensor]:
        return {NEAR: torch.sigmoid(xs) * self.config.near, FAR: torch.cos(xs)}

    def forward(self, xs: Tensor) -> Tensor:
        scales = self.scales(xs)
        for index, layer in enumerate(self.layers):
            xs = layer(xs, self.scale(index, scales))
        return self.norm(xs)


class Wide(nn.Module):
    """A layer of another class, with other state."""

    def __init__(self, config: KindsConfig) -> None:
        super().__init__()
        self.proj = nn.Linear(config.hidden_size, config.hidden_size * config.near)
        self.out = nn.Linear(config.hidden_size * config.near, config.hidden_size, bias=False)

    def forward(self, xs: Tensor, scale: Tensor) -> Tensor:
        return xs + self.out(torch.relu(self.proj(xs))) * scale


class Built(Given):
    """Its layers are of two classes."""

    def layer(self, index: int) -> nn.Module:
        is_near = self.config.layer_types[index] == NEAR
        return Layer(self.config) if is_near else Wide(self.config)

    def scale(self, index: int, scales: dict[str, Tensor]) -> Tensor:
        return scales[FAR]


class Unrolled(Given):
    """What each layer is given is computed for it: no loop in Rust."""

    def forward(self, xs: Tensor) -> Tensor:
        start = xs
        for index, layer in enumerate(self.layers):
            xs = layer(xs, self.scale(index, self.scales(start)))
        return self.norm(xs)


class Counted(Given):
    """What is after the layers depends on how many are far."""

    def forward(self, xs: Tensor) -> Tensor:
        return super().forward(xs) * self.config.layer_types.count(FAR)


class Placed(Given):
    """A layer depends on the kind of the one before it."""

    def scale(self, index: int, scales: dict[str, Tensor]) -> Tensor:
        return super().scale(max(index - 1, 0), scales)


class Last(Given):
    """The last layer is another one, of whichever kind it is."""

    def scale(self, index: int, scales: dict[str, Tensor]) -> Tensor:
        found = super().scale(index, scales)
        return found.exp() if index == self.config.num_layers - 1 else found


class Read(Given):
    """Something reads what a layer in the middle computes."""

    def forward(self, xs: Tensor) -> Tensor:
        scales, middle = self.scales(xs), xs
        for index, layer in enumerate(self.layers):
            xs = layer(xs, self.scale(index, scales))
            middle = xs if index == 1 else middle
        return self.norm(xs) + middle


def of_kinds(
    cls: type[Given], *texts: str, hidden_size: int = 8
) -> tuple[nn.Module, tuple[Tensor, ...]]:
    """Returns a decoder with such layers, those of `KindsConfig` without any, and its input."""
    install()
    kinds = list(texts) or KindsConfig().layer_types
    config = KindsConfig(hidden_size, len(kinds), layer_types=kinds)
    with torch.device("meta"):
        return cls(config).eval(), (torch.zeros(2, 6, hidden_size),)
