"""Models whose code asks something of its settings that few recordings show."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from pycandle.recorder import install


class Sizes:
    """A configuration whose sizes follow from fields that no other code reads."""

    def __init__(self, width: int = 8, mult: int = 3, heads: int = 2) -> None:
        self.width, self.mult, self.heads = width, mult, heads

    @property
    def inner(self) -> int:
        return self.width * self.mult

    def head_dim(self) -> int:
        return self.width // self.heads


class Computed(nn.Module):
    """A model that reads what its configuration computes."""

    def __init__(self, config: Sizes) -> None:
        super().__init__()
        self.up, self.down = nn.Linear(6, config.inner), nn.Linear(config.inner, 6)
        self.head_dim = config.head_dim()

    def forward(self, x: Tensor) -> Tensor:
        return self.down(self.up(x).tanh()) * self.head_dim


class Clipped(nn.Module):
    """A float that is compared far from where it was recorded; another one in `forward` alone."""

    def __init__(self, width: int = 8, gain: float = 0.5, level: int = 2, scale: int = 2) -> None:
        super().__init__()
        self.fc = nn.Linear(width, width)
        self.is_clipped = gain > 1.3
        self.gain, self.level, self.scale = gain, level, scale

    def forward(self, x: Tensor) -> Tensor:
        x = self.fc(x)
        x = x.clamp(-self.gain, self.gain) if self.is_clipped else x
        x = x.tanh() if self.level > 13 else x * self.level
        return x * self.gain * self.scale if self.scale else x


class Scaled(nn.Module):
    def __init__(self, width: int, scale: float) -> None:
        super().__init__()
        self.fc = nn.Linear(width, width)
        self.scale = scale

    def forward(self, x: Tensor) -> Tensor:
        return x + self.fc(x) * self.scale


class Every(nn.Module):
    """Layers of which every so many are scaled: two layers do not show how many."""

    def __init__(self, width: int = 8, every: int = 2, depth: int = 4) -> None:
        super().__init__()
        scales = [2.0 if i % every == 0 else 1.0 for i in range(depth)]
        self.layers = nn.Sequential(*(Scaled(width, scale) for scale in scales))

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)


class Spelled(nn.Module):
    """A model that reads the digits of a number."""

    def __init__(self, width: int = 8) -> None:
        super().__init__()
        self.fc = nn.Linear(width, width)
        self.is_hot = str(width).endswith("6")

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(x).tanh() if self.is_hot else self.fc(x)


class Rooted(nn.Module):
    """A size that is the same for near values of a setting, and goes with its input for others."""

    def __init__(self, width: int = 8, size: int = 16) -> None:
        super().__init__()
        side = math.isqrt(size)
        self.conv, self.fc = nn.Conv1d(width, width, 1), nn.Linear(side, 2 * side)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(self.conv(x))


def asking(
    cls: type[nn.Module], *arguments: object, shape: tuple[int, ...] = (2, 5, 8)
) -> tuple[nn.Module, tuple[Tensor, ...]]:
    """Returns a model on meta, and its input."""
    install()
    with torch.device("meta"):
        return cls(*arguments).eval(), (torch.zeros(shape),)
