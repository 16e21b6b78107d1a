"""Traps of numbers that are computed of sizes, and are below zero."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from traps.trap import floats, trap


@trap(floats(7, 4), shows=("2 - b as i64", "b as i64 - 20"))
class BelowZero(nn.Module):
    """Numbers that are below zero for some sizes, beside tensors of floats and integers."""

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        n = x.shape[0]
        places = torch.arange(n)
        near = torch.where(places[:, None] < n - 8, x, -x)
        far = places.clamp(min=3 - n, max=n - 2)
        return x * (2 - n), x + (n - 20), near, far + (3 - n), torch.ones(n, n) * (n - 10)


@trap(floats(2, 7, 4), floats(2, 5, 4))
class LengthsApart(nn.Module):
    """The difference of two lengths, either of which may be the longer one."""

    def forward(self, x: Tensor, memory: Tensor) -> tuple[Tensor, ...]:
        n, m = x.shape[1], memory.shape[1]
        offset = torch.arange(n)[:, None] - torch.arange(m)[None] + (m - n)
        middle = m + (n - m) // 2
        mask = torch.ones(n, m, dtype=torch.bool).tril(m - n)
        return offset, mask, torch.arange(middle), memory * (n - m) + x.sum(1, keepdim=True)


@trap(floats(2, 7, 4), floats(2, 4, 4), shows=("as i64).div_euclid(2) > 1 {",))
class AskedApart(nn.Module):
    """What code asks about is below zero where the second length is the longer one."""

    def forward(self, x: Tensor, memory: Tensor) -> Tensor:
        found = x.sum(1) - memory.sum(1)
        return found if (x.shape[1] - memory.shape[1]) // 2 > 1 else -found


class Shifted(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.proj = nn.Linear(4, 4)

    def forward(self, x: Tensor, memory: Tensor) -> Tensor:
        apart = memory.shape[1] - x.shape[1]
        places = torch.arange(x.shape[1])[:, None] - torch.arange(memory.shape[1])[None] + apart
        scores = torch.where(places[None] <= 0, x @ memory.mT, -1.0)
        return self.proj(x) + scores.sum(-1, keepdim=True) * apart


@trap(floats(2, 7, 4), floats(2, 5, 4))
class LengthsApartInLayers(nn.Module):
    """Layers compute with the difference of two lengths."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Shifted() for _ in range(3))

    def forward(self, x: Tensor, memory: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x, memory)
        return x


@trap(floats(7, 4))
class RoundedDown(nn.Module):
    """Quotients and remainders of numbers below zero, and by numbers below zero."""

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        n = x.shape[0]
        quotients = x * (-n // 2), x * ((2 - n) // 3), x * (n // -2)
        return *quotients, x * (-n % 3), x * ((3 - n) % 3), x + ((n - 20) % 7)


@trap(floats(7, 4))
class FromTheEnd(nn.Module):
    """Places that are counted from the end by a number that follows from a size."""

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        n = x.shape[0]
        half = (n + 1) // 2
        parts = x[-half:], x[:-half], x[-half:-1], x[1 - n :], x[-max(n - 6, 1) :]
        return *parts, x[-n], x[-half] * 2


@trap(floats(7, 4))
class HalfFromTheEnd(nn.Module):
    """At size 1 a half is 0, and `x[-0:]` is all."""

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        half = x.shape[0] // 2
        return x[-half:], x[:-half]


@trap(floats(2, 7, 4))
class RangesBelowZero(nn.Module):
    """Ranges that begin or end below zero, and padding up to a multiple."""

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        n = x.shape[1]
        ranges = torch.arange(-n, n), torch.arange(n - 1, -1, -1), torch.arange(1 - n, 1)
        padded = functional.pad(x, (0, 0, 0, -n % 4)).reshape(x.shape[0], -1, 16)
        return *ranges, torch.full((2, n), 3 - n), padded


@trap(floats(4, 4))
class DiagonalsBelow(nn.Module):
    """Diagonals that a size moves below the middle one."""

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        n = x.shape[0]
        return x.triu(1 - n // 2), x.tril(2 - n)
