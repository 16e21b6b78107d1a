"""Traps of modules whose boundaries the Rust cannot keep."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import torch
from torch import Tensor, nn

from traps.trap import floats, trap


class Steps(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc1 = nn.Linear(6, 6)
        self.fc2 = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Generator[Tensor, Tensor, None]:
        given = yield self.fc1(x).sin()
        yield self.fc2(given).cos()


@trap(floats(2, 6), inlined=("steps",), shows=("steps_fc1: Linear", "norm: LayerNorm"))
class InterleavedSteps(nn.Module):
    """A child computes in steps, between which its parent computes."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = Steps()
        self.norm = nn.LayerNorm(6)

    def forward(self, x: Tensor) -> Tensor:
        steps = self.steps(x)
        first = next(steps)
        return self.norm(steps.send(first.relu() + x))


class Pair(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc1 = nn.Linear(6, 6)
        self.fc2 = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(self.fc1(x).sin())


class BypassedPair(Pair):
    def forward(self, x: Tensor) -> Tensor:
        raise NotImplementedError


@trap(floats(2, 6), inlined=("left", "right"))
class BypassedChildren(nn.Module):
    """Two children are never called, and their own children take turns."""

    def __init__(self) -> None:
        super().__init__()
        self.left = BypassedPair()
        self.right = BypassedPair()

    def forward(self, x: Tensor) -> Tensor:
        x = self.right.fc1(self.left.fc1(x).relu())
        return self.right.fc2(self.left.fc2(x).tanh())


def _give_sines_to_the_root(manifest: dict[str, Any]) -> None:
    """Makes the root do what a child does between two calls of its own."""
    sines = [
        node for node in manifest["entries"][0]["nodes"] if node["target"] == "aten.sin.default"
    ]
    assert len(sines) == 2
    for node in sines:
        node["call"] = 0


@trap(floats(2, 6), inlined=("left", "right"), edit=_give_sines_to_the_root)
class Cyclic(nn.Module):
    """Children that need what their parent computes of what they compute."""

    def __init__(self) -> None:
        super().__init__()
        self.left = Pair()
        self.norm = nn.LayerNorm(6)
        self.right = Pair()

    def forward(self, x: Tensor) -> Tensor:
        return self.right(self.norm(self.left(x))) + x


@trap(floats(2, 6))
class NotAscii(nn.Module):
    """Fields and variables that are not ASCII, some of which are one name in it."""

    def __init__(self) -> None:
        super().__init__()
        self.größe = nn.Linear(6, 6)
        self.grosse = nn.Linear(6, 6)
        self.日本 = nn.Linear(6, 6)
        self.register_parameter("中国", nn.Parameter(torch.ones(6)))

    def forward(self, x: Tensor) -> Tensor:
        größe = self.größe(x)
        日本 = self.日本(größe + x) * größe
        return self.grosse(日本) * self.中国 - 日本
