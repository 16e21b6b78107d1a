"""Traps of Python's functions, which calls of them need in several variants."""

import torch
from torch import Tensor, nn

from traps.trap import floats, trap


def insert_token(x: Tensor, token: Tensor) -> Tensor:
    tokens = token.expand(x.shape[0], -1, -1)
    joined = torch.cat((tokens, x), dim=1)
    return joined - joined.mean(dim=1, keepdim=True)


@trap(
    floats(2, 5, 6),
    shows=("fn insert_token(x: &Tensor, token: &Tensor)",),
    hides=("insert_token2", "insert_token_"),
)
class FunctionOfParameters(nn.Module):
    """A function is given one parameter, and another one of another name."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Parameter(torch.zeros(1, 1, 6))
        self.second = nn.Parameter(torch.zeros(1, 1, 6))

    def forward(self, x: Tensor) -> Tensor:
        return insert_token(insert_token(x, self.first), self.second)


def bucket(offset: Tensor, *, bidirectional: bool) -> Tensor:
    rows = offset - offset.mean()
    if bidirectional:
        return torch.where(rows > 0, rows.sqrt().nan_to_num(), rows.abs() * 0.5)
    return torch.exp(-rows.abs()).cumsum(-1)


class Biased(nn.Module):
    def __init__(self, *, is_decoder: bool) -> None:
        super().__init__()
        self.is_decoder = is_decoder
        self.weight = nn.Parameter(torch.ones(6))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.weight + bucket(x, bidirectional=not self.is_decoder)


@trap(
    floats(2, 5, 6),
    shows=("bidirectional: bool) -> Result<Tensor>", "if bidirectional {", "struct Biased {"),
    hides=("bucket2", "BiasedB", "struct BiasedWith"),
)
class FunctionWithAFlag(nn.Module):
    """A truth value chooses what a function computes, and two instances of a class differ in it."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Biased(is_decoder=False)
        self.decoder = Biased(is_decoder=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.decoder(self.encoder(x))


@trap(floats(2, 5, 6), shows=("bucket(x, true)", "bucket(&left, false)"))
class FunctionWithAFlagInOneBody(nn.Module):
    """One body calls a function with a truth value set, and with it not set."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(6))

    def forward(self, x: Tensor) -> Tensor:
        left = bucket(x, bidirectional=True) * self.weight
        return left + bucket(left, bidirectional=False)
