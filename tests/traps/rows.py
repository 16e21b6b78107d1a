"""Traps of several rows of one type: what one function may make, and one loop run."""

import torch
from torch import Tensor, nn

from traps.trap import floats, trap


class Layer(nn.Module):
    def __init__(self, size: int, inner: int, out: int, scale: float) -> None:
        super().__init__()
        self.fc1 = nn.Linear(size, inner)
        self.fc2 = nn.Linear(inner, out)
        self.scale = scale

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(self.fc1(x).relu() * self.scale)


def stage(size: int, inner: int, out: int, scale: float, count: int) -> nn.Sequential:
    """Returns layers of which the first alone has another size and another scale."""
    first = Layer(size, inner, out, scale)
    return nn.Sequential(first, *(Layer(out, inner, out, 0.5) for _ in range(count - 1)))


@trap(
    floats(2, 6),
    shows=(
        "fn make_layer(",
        'make_layer(6, 10, 8, 0.25, 2, vb.pp("layer1"))',
        "for layers in [&self.layer1, &self.layer2, &self.layer3] {",
    ),
)
class StagesOfOneKind(nn.Module):
    """Two numbers are the same in the second stage, and in no other."""

    def __init__(self) -> None:
        super().__init__()
        self.layer1 = stage(6, 10, 8, 0.25, 2)
        self.layer2 = stage(8, 12, 12, 2.0, 3)
        self.layer3 = stage(12, 8, 6, 0.5, 4)

    def forward(self, x: Tensor) -> Tensor:
        return self.layer3(self.layer2(self.layer1(x)))


@trap(floats(2, 6), shows=("rows: &[(usize, usize, usize, f64)]", "rows.iter()"))
class StagesAsTables(nn.Module):
    """The layers of a stage follow no rule."""

    def __init__(self) -> None:
        super().__init__()
        self.layer1 = nn.Sequential(Layer(6, 4, 8, 0.5), Layer(8, 6, 8, 2.0), Layer(8, 5, 8, 3.0))
        self.layer2 = nn.Sequential(Layer(8, 4, 7, 4.0), Layer(7, 9, 7, 3.0), Layer(7, 6, 7, 2.0))
        self.layer3 = nn.Sequential(Layer(7, 4, 6, 0.5), Layer(6, 4, 6, 0.5))

    def forward(self, x: Tensor) -> Tensor:
        return self.layer3(self.layer2(self.layer1(x)))


@trap(floats(2, 6), shows=("for layer in &self.layer3",), hides=("for layers in", "make_layer"))
class StagesThatAreRead(nn.Module):
    """What is between the stages is read again behind them; their layers take two numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.layer1 = stage(6, 10, 6, 0.25, 2)
        self.layer2 = stage(6, 12, 6, 2.0, 3)
        self.layer3 = stage(6, 8, 6, 0.5, 4)

    def forward(self, x: Tensor) -> Tensor:
        one = self.layer1(x)
        two = self.layer2(one)
        return torch.cat([one, two, self.layer3(two)], 1)


class Inner(nn.Module):
    def __init__(self, size: int, wide: int) -> None:
        super().__init__()
        self.layer1 = stage(size, wide, size, 0.25, 2)
        self.layer2 = stage(size, 12, size, 2.0, 3)
        self.layer3 = stage(size, 8, wide, 0.5, 4)

    def forward(self, x: Tensor) -> Tensor:
        return self.layer3(self.layer2(self.layer1(x)))


@trap(floats(2, 6), shows=("struct Inner", "fn make_layer("))
class StagesInside(nn.Module):
    """What the stages are given are numbers of the module around them."""

    def __init__(self) -> None:
        super().__init__()
        self.inner1 = Inner(6, 10)
        self.inner2 = Inner(10, 7)

    def forward(self, x: Tensor) -> Tensor:
        return self.inner2(self.inner1(x))
