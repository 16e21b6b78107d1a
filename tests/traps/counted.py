"""Traps of loops over ops: which statements are turns of one `for`, and which are not."""

import torch
from torch import Tensor, nn

from traps.trap import floats, trap


@trap(floats(3, 9, 9), shows=("for i in ", "x = x.slice_scatter("), hides=("narrow(1, 6, 1)",))
class RowsOneByOne(nn.Module):
    """Each row is computed from those before it, as in a triangular system."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.rand(9))

    def forward(self, x: Tensor) -> Tensor:
        x = (x * self.scale).sigmoid()
        for i in range(1, 9):
            row = x[:, i]
            added = row + x[:, i - 1].relu().cos()
            added = (added - row.tanh()).sin()
            x = torch.slice_scatter(x, added.unsqueeze(1), 1, i, i + 1)
        return x * self.scale


@trap(floats(2, 40), shows=("for i in 0..", "2 * i + ", " - 3 * i"))
class StepsOfTwo(nn.Module):
    """The numbers of a turn grow by two, and others fall."""

    def forward(self, x: Tensor) -> Tensor:
        total = x[:, 3:5].cos()
        for i in range(2, 8):
            near = x[:, 2 * i : 2 * i + 2].sin()
            far = x[:, 38 - 3 * i : 40 - 3 * i].tanh()
            total = total * near
            total = (total - far).relu()
        return total.exp()


@trap(floats(2, 30), hides=("for i in",))
class UnevenSteps(nn.Module):
    """Places that grow by no fixed step are no range."""

    def forward(self, x: Tensor) -> Tensor:
        total = x[:, 3:5].cos()
        for at in (1, 2, 4, 8, 16, 20, 22, 25):
            near = x[:, at : at + 2].sin()
            far = near.tanh()
            total = total * near
            total = (total - far).relu()
        return total.exp()


@trap(floats(2, 30), shows=("for i in ", "far"))
class ReadBehindTheLoop(nn.Module):
    """What only the last turn computes is read behind it."""

    def forward(self, x: Tensor) -> Tensor:
        total = x[:, 3:5].cos()
        near = total
        for i in range(4, 13):
            near = x[:, i : i + 2].sin()
            far = near.tanh()
            total = total * near
            total = (total - far).relu()
        return total.exp() + near


@trap(
    floats(2, 7, 5),
    shows=("seens.push(", "vec![", "for i in 2..7", "Tensor::stack(&seens, 1)"),
    hides=("seen2",),
)
class StatesOfScan(nn.Module):
    """A scan keeps each state for one `stack`; the first two are computed otherwise."""

    def __init__(self) -> None:
        super().__init__()
        self.decay = nn.Parameter(torch.rand(5))

    def forward(self, x: Tensor) -> Tensor:
        decay = self.decay.sigmoid()
        state = x[:, 0].tanh()
        states = [state.cos()]
        for i in range(1, 7):
            state = state * decay
            state = (state + x[:, i]).tanh()
            seen = state.sin()
            states.append(seen.exp())
        return torch.stack(states, dim=1)


@trap(floats(2, 7, 5), shows=("for i in ", ".push("))
class ListGoesOn(nn.Module):
    """What is joined holds more than what the turns give."""

    def forward(self, x: Tensor) -> Tensor:
        total = x[:, 0].tanh()
        kept = [x[:, 0]]
        for i in range(1, 7):
            total = total + x[:, i].sin()
            total = total.tanh()
            seen = total.cos()
            seen = (seen - total).exp()
            kept.append(seen)
        kept.append(total.sin())
        return torch.cat(kept, dim=1)


@trap(floats(2, 7, 5), hides=("for i in ",))
class ItemsOutOfOrder(nn.Module):
    """A list that is joined the other way round is none that the turns fill."""

    def forward(self, x: Tensor) -> Tensor:
        total = x[:, 0].tanh()
        kept = []
        for i in range(1, 7):
            total = total + x[:, i].sin()
            total = total.tanh()
            seen = total.cos()
            seen = (seen - total).exp()
            kept.append(seen)
        return torch.cat(kept[::-1], dim=1)
