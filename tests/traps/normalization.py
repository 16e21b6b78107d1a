"""Traps of normalization: where it rounds, and what only looks like it."""

import torch
from torch import Tensor, nn

from traps.trap import floats, trap


def _wide(x: Tensor, eps: float) -> Tensor:
    x = x.float()
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps)


class RoundedNorm(nn.Module):
    def __init__(self, size: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))

    def forward(self, x: Tensor) -> Tensor:
        dtype = x.dtype
        x = x.to(torch.float32)
        x = x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5)
        return self.weight * x.to(dtype)


class OffsetNorm(nn.Module):
    def __init__(self, size: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(size))

    def forward(self, x: Tensor) -> Tensor:
        return (_wide(x, 1e-4) * (1.0 + self.weight.float())).type_as(x)


class Norms(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.rounded = RoundedNorm(6)
        self.offset = OffsetNorm(6)
        self.scaled = nn.RMSNorm(6, eps=1e-3)
        self.head_norm = RoundedNorm(3)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.rounded(x)
        x = x + self.offset(x)
        x = x + self.scaled(x)
        heads = x.unflatten(-1, (2, 3)).transpose(1, 2)
        return x + self.head_norm(heads).transpose(1, 2).flatten(2)


_LAYERS = (
    "rounded: rounded_rms_norm(6, 1e-5, ",
    "offset: offset_rms_norm(6, 0.0001, ",
    "scaled: rms_norm(6, 0.001, ",
    "head_norm: rounded_rms_norm(3, 1e-5, ",
)


@trap(floats(2, 5, 6), shows=_LAYERS, hides=("struct RoundedNorm", "struct OffsetNorm"))
class NormsByWhereTheyRound(Norms):
    """Three normalizations that are one in float32 round in three places in bfloat16."""


@trap(floats(2, 5, 6).bfloat16(), shows=_LAYERS, hides=("struct RoundedNorm", "struct OffsetNorm"))
class NormsByWhereTheyRoundInHalfFloats(Norms):
    """The same model as it is recorded in bfloat16."""

    def __init__(self) -> None:
        super().__init__()
        self.to(torch.bfloat16)


class ReturnsItsScale(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(6))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        wide = x.float()
        scale = torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + 1e-5)
        return self.weight * (wide * scale).to(x.dtype), scale


class NormOfColumns(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(6))

    def forward(self, x: Tensor) -> Tensor:
        wide = x.float()
        wide = wide * torch.rsqrt(wide.pow(2).mean(-2, keepdim=True) + 1e-5)
        return self.weight * wide.to(x.dtype)


class NormWithoutACast(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(6))

    def forward(self, x: Tensor) -> Tensor:
        return self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5))


@trap(floats(2, 6, 6), hides=("rms_norm",))
class AlmostNorms(nn.Module):
    """A scale that is read again, a mean of columns, and half floats that round at each step."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = ReturnsItsScale()
        self.columns = NormOfColumns()
        self.narrow = NormWithoutACast()

    def forward(self, x: Tensor) -> Tensor:
        x, scale = self.shown(x)
        return self.narrow(self.columns(x)) + scale
