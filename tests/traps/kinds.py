"""Traps of layers that are called in one of several ways."""

import torch
from torch import Tensor, nn

from traps.trap import floats, trap


class Local(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)

    def forward(self, x: Tensor, scales: tuple[Tensor, Tensor], shift: Tensor) -> Tensor:
        return self.fc(x) * scales[0] + scales[1] * shift


@trap(
    floats(2, 5, 6),
    shows=("let kinds = [", ".zip([0, 1, 0, 0, 1])", "= kinds[kind];"),
    hides=("layers_1", "cfg.num_layers"),
)
class LayersOfTwoKinds(nn.Module):
    """Layers of one class are given one of two tuples, and a third value in all of them."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Local() for _ in range(5))
        self.near = nn.Linear(6, 6)
        self.far = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        near = (self.near(x), self.near(x).tanh())
        far = (self.far(x).sigmoid(), self.far(x))
        shift = x.mean(-1, keepdim=True)
        for i, layer in enumerate(self.layers):
            x = layer(x, far if i in (1, 4) else near, shift)
        return x


@trap(floats(2, 6), hides=("kinds",))
class EachOfItsOwnKind(nn.Module):
    """Every layer is given another value: there are no kinds."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Local() for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        for layer, scale in zip(self.layers, (x.sin(), x.cos(), x.tanh()), strict=True):
            x = layer(x, (scale, scale + 1), scale - 1)
        return x


@trap(floats(2, 6), shows=(".zip([0, 1, 0])",))
class KindsOfOneValue(nn.Module):
    """What layers are given is one value, named like the variable that the loop carries."""

    def __init__(self) -> None:
        super().__init__()
        self.kinds = nn.ModuleList(Local() for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        one, two = x.sin(), x.cos()
        shift = torch.ones_like(x)
        kind = x * 2
        for i, layer in enumerate(self.kinds):
            x = layer(x, (kind, shift), two if i == 1 else one)
        return x
