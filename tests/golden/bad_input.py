"""Tiny models whose Python has no plain counterpart in Rust: names, and boundaries of modules."""

from __future__ import annotations

from collections.abc import Generator

import torch
from torch import Tensor, nn

from golden.tiny import tiny
from models.registry import Built


class Gate(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.impl = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        return self.impl(x).sigmoid()


OtherGate = type("Gate", (Gate,), {"forward": lambda self, x: self.impl(x).tanh() + 1})
OtherGate.__qualname__ = "other.Gate"


class OddNames(nn.Module):
    """Keywords of Rust, capitals, letters that are not ASCII, and two classes called `Gate`."""

    def __init__(self) -> None:
        super().__init__()
        self.match = Gate()
        self.loop = OtherGate()
        self.outProj = nn.Linear(4, 4)
        self.add_module("größe", nn.Linear(4, 4))
        self.register_parameter("日本", nn.Parameter(torch.ones(4)))

    def forward(self, x: Tensor) -> Tensor:
        ref = self.match(x) * self.loop(x)
        größe = self.größe(ref)
        return self.outProj(größe.sin() * größe) * self.日本


@tiny
def odd_names() -> Built:
    return OddNames(), (torch.randn(2, 4),), {}


class Half(nn.Module):
    def __init__(self, shared: nn.Module) -> None:
        super().__init__()
        self.inner = shared
        self.own = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        return self.own(self.inner(x).sin())


class SharedModule(nn.Module):
    """One module under two names."""

    def __init__(self) -> None:
        super().__init__()
        shared = nn.Linear(4, 4)
        self.left = Half(shared)
        self.right = Half(shared)

    def forward(self, x: Tensor) -> Tensor:
        return self.left(x) * self.right(x)


@tiny
def shared_module() -> Built:
    return SharedModule(), (torch.randn(2, 4),), {}


class Unused(nn.Module):
    """A parameter, a module and an argument that nobody uses."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(4))
        self.spare = nn.Parameter(torch.ones(4))
        self.head = nn.Linear(4, 4)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        return x * self.scale


@tiny
def unused_parameter() -> Built:
    return Unused(), (torch.randn(2, 4), torch.ones(2, 4)), {}


class Steps(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc1 = nn.Linear(4, 4)
        self.fc2 = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Generator[Tensor, Tensor, None]:
        given = yield self.fc1(x).sin()
        yield self.fc2(given).cos()


class Interleaved(nn.Module):
    """A child that computes in steps, between which its parent computes."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = Steps()
        self.norm = nn.LayerNorm(4)

    def forward(self, x: Tensor) -> Tensor:
        steps = self.steps(x)
        first = next(steps)
        return self.norm(steps.send(first.relu() + x))


@tiny
def interleaved() -> Built:
    return Interleaved(), (torch.randn(2, 4),), {}
