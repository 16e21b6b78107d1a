"""Complex numbers, which Candle has not: they are pairs of real ones."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from traps.trap import floats, trap


class Angles(nn.Module):
    """Positions as complex numbers of length 1, returned from a module."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("inv_freq", torch.tensor([1.0, 0.1, 0.01, 0.001]), persistent=False)

    def forward(self, positions: Tensor) -> Tensor:
        angles = positions[:, None].float() * self.inv_freq
        return torch.polar(torch.ones_like(angles), angles)


@trap(floats(2, 5, 8), shows=("complex_mul",))
class RotaryByComplexNumbers(nn.Module):
    """A module that returns complex numbers, and one that multiplies with them."""

    def __init__(self) -> None:
        super().__init__()
        self.angles = Angles()
        self.proj = nn.Linear(8, 8)

    def forward(self, x: Tensor) -> Tensor:
        turns = self.angles(torch.arange(x.shape[1]))
        pairs = torch.view_as_complex(self.proj(x).float().reshape(*x.shape[:-1], -1, 2))
        turned = torch.view_as_real(pairs * turns[None]).flatten(2)
        return turned.type_as(x)


@trap(floats(2, 5, 8), shows=("fft",))
class FourierMixing(nn.Module):
    """The real part of a transform over two dims in place of attention."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(8)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(x + torch.fft.fftn(x, dim=(1, 2)).real)
