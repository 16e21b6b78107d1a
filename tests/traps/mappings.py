"""Traps of `torch.vmap`: an export keeps the function of one part."""

import torch
from torch import Tensor, nn

from traps.trap import floats, trap


@trap(floats(2, 5, 6), shows=(".broadcast_",), hides=("batch_dim",))
class MaskOfPositions(nn.Module):
    """A mask is a function of a row, a query and a key, which is mapped over all of them."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        b, s = x.shape[:2]
        rows, places = torch.arange(b), torch.arange(s)
        padding = x[..., 0] > -1

        def sees(row: Tensor, query: Tensor, key: Tensor) -> Tensor:
            near = (query // 2 - key // 2).abs() <= 1
            return near & padding[row, key] | (query == key)

        over_keys = torch.vmap(sees, in_dims=(None, None, 0))
        over_queries = torch.vmap(over_keys, in_dims=(None, 0, None))
        mask = torch.vmap(over_queries, in_dims=(0, None, None))(rows, places, places)
        scores = torch.bmm(x, self.linear(x).transpose(1, 2))
        return torch.bmm(scores.masked_fill(~mask, float("-inf")).softmax(-1), x)


@trap(floats(2, 5, 6), floats(5, 6), hides=("batch_dim",))
class MappedAlongOtherDims(nn.Module):
    """Dims other than the first are mapped, and a function does not read what it is mapped over."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(6))

    def forward(self, x: Tensor, shift: Tensor) -> Tensor:
        def one(part: Tensor, shift: Tensor) -> Tensor:
            return part.sin() + shift

        inner = torch.vmap(one, in_dims=(1, 0))(x * self.weight, shift)
        again = torch.vmap(torch.sub)(inner, shift[:, :1])
        same = torch.vmap(lambda part, shift: shift.cos(), in_dims=(0, None))(x, shift)
        return again.transpose(0, 1) + same
