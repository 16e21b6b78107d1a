"""Models whose rows of layers are not all alike."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from pycandle.recorder import install


class Shared(nn.Module):
    """The first of a row computes a gate that all others are given, and is wider inside."""

    def __init__(self, width: int, *, first: bool) -> None:
        super().__init__()
        hidden = 3 * width if first else width
        self.up = nn.Linear(width, hidden)
        self.down = nn.Linear(hidden, width)
        self.gate = nn.Linear(width, width) if first else None

    def forward(self, x: Tensor, gate: Tensor | None = None) -> tuple[Tensor, Tensor]:
        if gate is None:
            assert self.gate is not None
            gate = self.gate(x).sigmoid()
        return x + self.down(self.up(x).tanh()) * gate, gate


class Row(nn.Module):
    """A row whose first layer alone differs, in a layer and in a number."""

    def __init__(self, width: int = 8, depth: int = 3) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Shared(width, first=i == 0) for i in range(depth))

    def forward(self, x: Tensor) -> Tensor:
        gate = None
        for layer in self.layers:
            x, gate = layer(x, gate)
        return x


class Scaled(nn.Module):
    def __init__(self, width: int, scale: float) -> None:
        super().__init__()
        self.fc = nn.Linear(width, width)
        self.scale = scale

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(x) * self.scale


class Growing(nn.Module):
    """Layers from the fourth on have another scale each; three layers do not show it."""

    def __init__(self, width: int = 8, depth: int = 3) -> None:
        super().__init__()
        self.layers = nn.Sequential(*(Scaled(width, max(i, 2.0)) for i in range(depth)))

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)


def row(cls: type[nn.Module], width: int, depth: int) -> tuple[nn.Module, tuple[Tensor, ...]]:
    """Returns a model on meta, and its input."""
    install()
    with torch.device("meta"):
        return cls(width, depth).eval(), (torch.zeros(2, 5, width),)


class Asked(nn.Module):
    """A model whose code asks about a free size, and whose answer depends on a setting."""

    def __init__(self, width: int = 8, depth: int = 3) -> None:
        super().__init__()
        self.width, self.depth = width, depth
        self.fc = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        if x.shape[1] <= self.depth:
            return self.fc(x)
        return self.fc(x).tanh()


class Shifted(nn.Module):
    """A layer that rolls what it is given, if it has a shift."""

    def __init__(self, width: int, shift: int) -> None:
        super().__init__()
        self.fc = nn.Linear(width, width)
        self.shift = shift

    def forward(self, x: Tensor) -> Tensor:
        if self.shift:
            x = torch.roll(x, self.shift, 1)
        return x + self.fc(x).tanh()


class Turns(nn.Module):
    """Layers that take turns: every second one is shifted."""

    def __init__(self, width: int = 8, depth: int = 4) -> None:
        super().__init__()
        self.layers = nn.Sequential(*(Shifted(width, i % 2) for i in range(depth)))

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)
