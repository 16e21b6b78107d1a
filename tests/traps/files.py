"""Traps of a model whose classes have files of their own."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from traps.trap import floats, trap


def rescale(x: Tensor, scale: Tensor) -> Tensor:
    centred = x - x.mean(-1, keepdim=True)
    spread = centred.abs().amax(-1, keepdim=True)
    return centred / (spread + 1.0) * scale


class Norm(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        return rescale(x, self.weight)


class Model(nn.Module):
    """Has the name of the module around it."""

    def __init__(self, width: int, inner: int, negative: float) -> None:
        super().__init__()
        self.fc1 = nn.Linear(width, inner)
        self.fc2 = nn.Linear(inner, width)
        self.norm = Norm(width)
        self.negative = negative

    def forward(self, x: Tensor) -> Tensor:
        x = nn.functional.leaky_relu(self.fc1(x), self.negative)
        return self.norm(self.fc2(x))


class Mixer(nn.Module):
    def __init__(self, channels: int, kernel: int, stride: int, groups: int, out: int) -> None:
        super().__init__()
        self.conv = nn.Conv1d(
            channels, out, kernel, stride=stride, padding=kernel // 2, groups=groups
        )
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, x: Tensor) -> Tensor:
        return rescale(self.conv(x), self.scale)


@trap(floats(2, 4, 8), split=True, entries={"encode": (floats(2, 4, 8),)})
class ManyFiles(nn.Module):
    """A file for each class, with functions and numbers that several of them use."""

    def __init__(self) -> None:
        super().__init__()
        self.first = Mixer(4, 3, 1, 1, 6)
        self.second = Mixer(6, 5, 1, 2, 4)
        self.third = Mixer(4, 1, 1, 4, 8)
        self.blocks = nn.ModuleList(Model(8, 5 + i, 0.1 * i) for i in range(3))

    def forward(self, x: Tensor) -> Tensor:
        x = self.third(self.second(self.first(x)))
        for block in self.blocks:
            x = block(x)
        return x.softmax(-1)

    def encode(self, x: Tensor) -> Tensor:
        return self.first(x).exp()
