"""Traps of `torch.cond`: both of its branches are in the Rust, and one of them runs."""

import torch
from torch import Tensor, nn

from traps.trap import floats, trap


def both_ways(x: Tensor) -> tuple[Tensor, Tensor]:
    """Returns a tensor whose sum is positive, and one whose sum is not, with the same elements."""
    positive = x * x + 0.5
    return positive, -positive


@trap(floats(2, 5, 6), shows=(".to_scalar::<u8>()? != 0 {", "} else {"), hides=("choose2",))
class ChoiceOfOneTensor(nn.Module):
    """Each of two branches runs for one of two tensors."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(6))

    def choose(self, x: Tensor) -> Tensor:
        return torch.cond(x.sum() > 0, lambda x: x.sin() * 2, lambda x: x.cos() - 3, (x,))

    def forward(self, x: Tensor) -> Tensor:
        positive, negative = both_ways(x)
        return (self.choose(positive) - self.choose(negative)) * self.weight


@trap(floats(2, 5, 6), shows=("let (long, short) = if ",))
class ChoiceOfSeveralTensors(nn.Module):
    """Branches return two tensors, one of them through a view."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(6))

    def forward(self, x: Tensor) -> Tensor:
        found = []
        for part in both_ways(x * self.weight):
            long, short = torch.cond(
                part.mean() > 0,
                lambda part: (part.exp(), part.sum(-1)),
                lambda part: (part + 1, part[..., 0].clone()),
                (part,),
            )
            found.append(long + short.unsqueeze(-1))
        return found[0] * found[1]


class Gated(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.long = nn.Linear(width, width)
        self.short = nn.Linear(width, width, bias=False)
        self.scale = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        def taken(x: Tensor) -> Tensor:
            return self.long(x).relu() * self.scale

        def other(x: Tensor) -> Tensor:
            inner = torch.cond(x.amax() > 1, lambda x: x / 2, lambda x: x + self.scale, (x,))
            return self.short(inner).tanh()

        return x + torch.cond(x.sum() > 0, taken, other, (x,))


@trap(
    floats(2, 5, 6),
    shows=("for layer in &self.layers", ".to_scalar::<u8>()? != 0 {", "self.short.forward("),
    hides=("struct Gated2", "GatedB"),
)
class ChoiceInLayers(nn.Module):
    """A module in a loop chooses between layers of its own, and one branch chooses again."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Gated(6) for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        outcomes = []
        for sign in (1.0, -1.0, 0.1):
            found = x.abs() * sign
            for layer in self.layers:
                found = layer(found)
            outcomes.append(found)
        return torch.stack(outcomes)


@trap(floats(2, 5, 6), shows=("if ",))
class ChoiceOfAView(nn.Module):
    """One branch gives a transposed view, the other one a new tensor, and a flag chooses."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(5, 6))

    def forward(self, x: Tensor) -> Tensor:
        found = []
        for part in both_ways(x + self.weight):
            turned = torch.cond(
                (part > 0).all(),
                lambda part: part.sin().transpose(1, 2),
                lambda part: part.transpose(1, 2) * 2,
                (part,),
            )
            found.append(turned.flatten(1).softmax(-1))
        return found[0] + found[1]


@trap(floats(2, 5, 6), shows=("if gt.to_scalar::<u8>()? != 0 {",))
class ChoiceOfThree(nn.Module):
    """A branch is a choice itself, and one branch writes to a tensor of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(6))

    def forward(self, x: Tensor) -> Tensor:
        def write(x: Tensor) -> Tensor:
            made = x * self.weight
            made[:, 0] = 2
            return made.add_(1)

        def low(x: Tensor) -> Tensor:
            return torch.cond(x.sum() > -5, write, lambda x: x.abs().sqrt(), (x,))

        outcomes = []
        for shift in (9.0, -0.05, -9.0):
            shifted = x.tanh() * 0.01 + shift
            outcomes.append(torch.cond(shifted.sum() > 0, lambda x: x.exp(), low, (shifted,)))
        return torch.cat(outcomes, 1)
