"""Models that compute tensors while they are built; each returns them beside what it does."""

import numpy as np
import torch
from torch import Tensor, nn

WIDTH = 6


class Returned(nn.Module):
    """Adds a table to its input, and returns the table."""

    def __init__(self, table: Tensor) -> None:
        super().__init__()
        self.register_buffer("table", table, persistent=False)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return x + self.table, self.table.clone()


def frequencies() -> Returned:
    """As in rotary embeddings."""
    return Returned(1.0 / 500.0 ** (torch.arange(0, 2 * WIDTH, 2, dtype=torch.int64).float() / 12))


def relative_indices() -> Returned:
    """The index of each pair of places of a window, without a write."""
    places = torch.stack(torch.meshgrid(torch.arange(2), torch.arange(3), indexing="ij")).flatten(1)
    apart = places[:, :, None] - places[:, None, :]
    return Returned(apart[0] * 5 + apart[1] + 7)


def sines() -> Returned:
    """Two tables of one value that is computed once."""
    angles = torch.outer(torch.arange(WIDTH).float(), torch.arange(1, 4).float() / 7)
    return Returned(torch.cat([angles.sin(), angles.cos()], dim=-1))


def triangle() -> Returned:
    """A mask, as bools."""
    return Returned(torch.tril(torch.ones(WIDTH, WIDTH, dtype=torch.bool)))


def linear_space() -> Returned:
    """Numbers that no integer steps give."""
    return Returned(torch.linspace(0.1, 0.9, WIDTH) ** 2)


def whole_list() -> Returned:
    """A list in the code."""
    return Returned(torch.tensor([3, 1, 4]).repeat(2))


def float_list() -> Returned:
    """A list of floats, and a number."""
    return Returned(torch.tensor([0.5, 0.25, 1e-3]).repeat(2) * torch.tensor(1.7))


def halves() -> Returned:
    """Integers that wrap into slices, rolled and turned."""
    table = torch.arange(4 * WIDTH).view(4, WIDTH)
    return Returned(torch.flip(table, dims=[1])[1:3].roll(1, dims=0).sum(0))


class Changed(Returned):
    """A table that is written to once it is there."""

    def __init__(self) -> None:
        super().__init__(torch.arange(float(WIDTH)))
        self.table[2] = 11.0


class LongList(Returned):
    """A list that may be as long as a setting says."""

    def __init__(self) -> None:
        super().__init__(torch.tensor([2.0**-i for i in range(WIDTH)]))


class OfNumpy(Returned):
    """A table that another library computes."""

    def __init__(self) -> None:
        super().__init__(torch.tensor(np.sqrt(np.arange(WIDTH, dtype=np.float32))))


class Shared(nn.Module):
    """Two modules have one table."""

    def __init__(self) -> None:
        super().__init__()
        self.one = Returned(torch.arange(float(WIDTH)) / 4)
        self.two = Returned(torch.zeros(WIDTH))
        self.two.table = self.one.table

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        x, _ = self.one(x)
        return self.two(x)


class Turned(nn.Module):
    """A layer with frequencies of its own."""

    def __init__(self, base: float) -> None:
        super().__init__()
        self.proj = nn.Linear(WIDTH, WIDTH)
        self.register_buffer("powers", base ** (torch.arange(WIDTH) / WIDTH), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.proj(x) * self.powers


class LayersOfTwoBases(nn.Module):
    """Layers of one class whose tables have one shape and other values."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Turned(base) for base in (2.0, 3.0, 2.0, 3.0))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        for layer in self.layers:
            x = layer(x)
        return x, self.layers[1].powers.clone()


class InTwoWays(nn.Module):
    """Modules of one class that are given tables of other ops."""

    def __init__(self) -> None:
        super().__init__()
        self.one = Returned(torch.arange(float(WIDTH)))
        self.two = Returned(torch.ones(WIDTH))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        x, _ = self.one(x)
        return self.two(x)


class AlwaysCast(nn.Module):
    """One table that each reader casts to float32, and one that follows the model's dtype."""

    def __init__(self) -> None:
        super().__init__()
        self.proj = nn.Linear(WIDTH, WIDTH)
        self.register_buffer("exact", torch.arange(WIDTH) / 7, persistent=False)
        self.register_buffer("following", torch.arange(WIDTH) / 9, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        x = self.proj(x) + self.following
        return x + (x.to(torch.float32) * self.exact.to(torch.float32)).to(x.dtype)


class Attribute(nn.Module):
    """A tensor that is no buffer."""

    def __init__(self) -> None:
        super().__init__()
        self.offset = torch.arange(WIDTH) * 0.25

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return x - self.offset, self.offset.clone()


COMPUTED = {
    "frequencies": frequencies,
    "relative_indices": relative_indices,
    "sines": sines,
    "triangle": triangle,
    "linear_space": linear_space,
    "whole_list": whole_list,
    "float_list": float_list,
    "halves": halves,
    "shared": Shared,
    "layers_of_two_bases": LayersOfTwoBases,
    "always_cast": AlwaysCast,
    "attribute": Attribute,
}
"""Models whose tables `new` computes."""


def drawn() -> Returned:
    """Random numbers, which nothing gives again."""
    return Returned(torch.rand(WIDTH))


STORED = {
    "changed": Changed,
    "of_numpy": OfNumpy,
    "long_list": LongList,
    "in_two_ways": InTwoWays,
}
"""Models whose tables are read from the weights file."""


def build(make: type[nn.Module]) -> tuple[nn.Module, tuple[Tensor, ...], dict[str, Tensor]]:
    """Returns a model on meta, and its input."""
    with torch.device("meta"):
        return make().eval(), (torch.zeros(WIDTH, WIDTH),), {}
