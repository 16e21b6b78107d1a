"""Tiny models, each of which shows one thing in its Rust."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.registry import Built

TINY: dict[str, Callable[[], Built]] = {}


def tiny(builder: Callable[[], Built]) -> Callable[[], Built]:
    """Registers a builder under its name."""
    TINY[builder.__name__] = builder
    return builder


class Mlp(nn.Module):
    def __init__(self, size: int, inner: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(size, inner)
        self.fc2 = nn.Linear(inner, size)

    def forward(self, hidden: Tensor) -> Tensor:
        return self.fc2(nn.functional.gelu(self.fc1(hidden)))


class Block(nn.Module):
    def __init__(self, size: int, inner: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(size, eps=1e-6)
        self.mlp = Mlp(size, inner)

    def forward(self, hidden: Tensor) -> Tensor:
        residual = hidden
        hidden = self.norm(hidden)
        hidden = self.mlp(hidden)
        return residual + hidden


class Blocks(nn.Module):
    """A list of equal blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(Block(6, 10) for _ in range(4))

    def forward(self, hidden: Tensor) -> Tensor:
        for block in self.blocks:
            hidden = block(hidden)
        return hidden


@tiny
def residual_blocks() -> Built:
    return Blocks(), (torch.randn(2, 5, 6),), {}


class TiedModel(nn.Module):
    """A head that is the embedding."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(11, 6)
        self.head = nn.Linear(6, 11, bias=False)
        self.head.weight = self.embed.weight

    def forward(self, token_ids: Tensor) -> Tensor:
        return self.head(self.embed(token_ids).tanh())


@tiny
def tied_embedding() -> Built:
    return TiedModel(), (torch.zeros(2, 5, dtype=torch.long),), {}


class Stage(nn.Module):
    def __init__(self, channels: int, out: int) -> None:
        super().__init__()
        stride = 1 if channels == out else 2
        self.conv = nn.Conv2d(channels, out, 3, stride=stride, padding=1, bias=False)
        shortcut = nn.Sequential(nn.Conv2d(channels, out, 1, stride), nn.Tanh())
        self.downsample = shortcut if stride > 1 else None

    def forward(self, x: Tensor) -> Tensor:
        shortcut = x if self.downsample is None else self.downsample(x)
        return torch.relu(self.conv(x) + shortcut)


class Stages(nn.Module):
    """A first block that has one child more."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = nn.Sequential(Stage(3, 4), Stage(4, 4), Stage(4, 4))

    def forward(self, x: Tensor) -> Tensor:
        return self.stage(x).mean((2, 3))


@tiny
def optional_child() -> Built:
    return Stages(), (torch.randn(2, 3, 8, 8),), {}


def rotate_half(x: Tensor) -> Tensor:
    x1, x2 = x.chunk(2, dim=-1)
    return torch.cat((-x2, x1), dim=-1)


class Rotation(nn.Module):
    """A Python function that is called for queries and for keys."""

    def __init__(self) -> None:
        super().__init__()
        self.q_proj = nn.Linear(6, 6, bias=False)
        self.k_proj = nn.Linear(6, 6, bias=False)

    def forward(self, hidden: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        q = self.q_proj(hidden)
        k = self.k_proj(hidden)
        q = q * cos + rotate_half(q) * sin
        k = k * cos + rotate_half(k) * sin
        return q @ k.transpose(1, 2)


@tiny
def python_function() -> Built:
    return Rotation(), (torch.randn(2, 5, 6), torch.randn(5, 6), torch.randn(5, 6)), {}


@dataclass
class Scores:
    logits: Tensor
    best: Tensor


class Classifier(nn.Module):
    """Two outputs by names."""

    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Linear(6, 3)

    def forward(self, features: Tensor) -> Scores:
        logits = self.head(features)
        return Scores(logits, logits.argmax(-1))


@tiny
def two_outputs() -> Built:
    return Classifier(), (torch.randn(2, 6),), {}


class Tokens(nn.Module):
    """Sizes that are computed from sizes."""

    def __init__(self) -> None:
        super().__init__()
        self.proj = nn.Conv2d(3, 4, 2, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        x = self.proj(x)
        b, c, h, w = x.shape
        return x.reshape(b, c, h * w).transpose(1, 2) / w


@tiny
def symbolic_sizes() -> Built:
    return Tokens(), (torch.randn(2, 3, 8, 12),), {}
