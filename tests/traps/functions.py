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


def scores(query: Tensor, key: Tensor, bias: Tensor) -> Tensor:
    grid = query.new_ones(query.shape[0], query.shape[1], key.shape[1])
    found = torch.bmm(query, key.transpose(1, 2)) + grid
    return (found + bias.expand(-1, query.shape[1], key.shape[1])).softmax(-1)


@trap(floats(2, 5, 6), floats(2, 4, 6), shows=("fn scores(",), hides=("scores2", "scores_"))
class FunctionOfTwoLengths(nn.Module):
    """A function of two lengths is called with two that are one: the general one serves both."""

    def __init__(self) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(1, 1, 1))

    def forward(self, x: Tensor, memory: Tensor) -> Tensor:
        x = torch.bmm(scores(x, x.sin(), self.bias), x)
        return torch.bmm(scores(x, memory, self.bias), memory)


def halves(x: Tensor, parts: int) -> Tensor:
    found = x.reshape(x.shape[0], parts, -1, x.shape[2])
    return (found * 0.5 + found.flip(0)).permute(0, 2, 1, 3).reshape(-1, x.shape[2])


@trap(floats(2, 12, 6), shows=("fn halves(",), hides=("halves2", "halves_"))
class FunctionOfAMultiple(nn.Module):
    """A function is called with a batch, and with a multiple of one."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(6))

    def forward(self, x: Tensor) -> Tensor:
        whole = halves(x, 1).reshape(x.shape)
        parted = halves(whole.reshape(x.shape[0] * 3, 4, 6), 2).reshape(x.shape)
        return parted * self.weight


def attend(query: Tensor, key: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor]:
    weights = torch.bmm(query, key.transpose(1, 2)) * 0.5
    if mask is not None:
        weights = weights + mask
    weights = weights.softmax(-1)
    return torch.bmm(weights, key), weights


@trap(
    floats(2, 5, 6),
    floats(2, 5, 5),
    shows=(
        "fn attend(",
        "fn attend_with_mask(",
        "fn attend_and_weights(",
        "fn attend_with_mask_and_weights(",
    ),
    hides=("attend2", "mask2", "weights2"),
)
class FunctionInVariants(nn.Module):
    """A function is called without a mask, with one, and for more of what it returns."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(6))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        plain, _ = attend(x, x * self.weight, None)
        masked, _ = attend(plain, x, mask)
        found, weights = attend(masked, x, None)
        both, others = attend(found, x, mask)
        return both + (weights + others).sum(-1, keepdim=True)
