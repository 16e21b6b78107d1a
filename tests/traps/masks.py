"""Traps of masks as indices: how many rows there are is known when the model runs."""

from torch import Tensor, nn

from traps.trap import floats, trap


@trap(
    floats(2, 5, 6),
    shows=("runtime::index_by_mask(", "runtime::put_by_mask(", "self.norm.forward("),
)
class RowsByMask(nn.Module):
    """Rows that a mask picks go through layers of their own, and back to where they were."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(6)
        self.up = nn.Linear(6, 12)
        self.down = nn.Linear(12, 6)
        self.other = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        chosen = x[..., 0] > 0
        rows = self.down(self.up(self.norm(x[chosen])).relu())
        x = x.masked_scatter(chosen.unsqueeze(-1), rows)
        x[~chosen] += self.other(x[~chosen])
        return x


@trap(floats(2, 5, 6), shows=("runtime::index_by_mask(",))
class NoRowByMask(nn.Module):
    """A mask picks nothing, and another one everything."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        none, every = x.sum(-1) > 1e9, x.sum(-1) < 1e9
        x = x.index_put((none,), self.linear(x[none]).softmax(-1))
        return x.index_put((every,), self.linear(x[every]).softmax(-1))
