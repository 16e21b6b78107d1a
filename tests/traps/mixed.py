"""Traps of rows whose modules are of several types."""

import torch
from torch import Tensor, nn

from traps.trap import floats, trap


class Mixer(nn.Module):
    def __init__(self, size: int = 6) -> None:
        super().__init__()
        self.fc = nn.Linear(size, size)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.fc(x).tanh()


class Attender(nn.Module):
    def __init__(self, size: int = 6) -> None:
        super().__init__()
        self.query = nn.Linear(size, size)
        self.bias = nn.Parameter(torch.zeros(size))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        scores = self.query(x) @ x.transpose(-1, -2) + mask
        return x + scores.softmax(-1) @ x + self.bias


class Gate(nn.Module):
    def __init__(self, size: int = 6) -> None:
        super().__init__()
        self.gate = nn.Linear(size, size)

    def forward(self, x: Tensor) -> Tensor:
        return x * self.gate(x).sigmoid()


@trap(
    floats(2, 5, 6),
    floats(5, 5),
    shows=(
        "enum Layer {",
        "if i % 3 == 2",
        "Layer::Attender(layer) => layer.forward(&x.contiguous()?, mask)?",
    ),
)
class EveryThirdLayer(nn.Module):
    """Every third layer is of another type, and takes a mask as well."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Attender() if i % 3 == 2 else Mixer() for i in range(6))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x, mask) if isinstance(layer, Attender) else layer(x)
        return x


@trap(floats(2, 5, 6), shows=("enum Block {", "match kind {", "[0, 1, 0, 2, 0]"))
class ThreeTypes(nn.Module):
    """Layers of three types follow no rule."""

    def __init__(self) -> None:
        super().__init__()
        types = (Mixer, Gate, Mixer, Turner, Mixer)
        self.blocks = nn.Sequential(*(kind() for kind in types))

    def forward(self, x: Tensor) -> Tensor:
        return self.blocks(x)


class Turner(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        # Transposed in memory, so that the layer behind it has to put it in order.
        return self.fc(x).transpose(0, 1).flip(0).transpose(0, 1)


class Stage(nn.Module):
    def __init__(self, count: int, size: int) -> None:
        super().__init__()
        self.blocks = nn.Sequential(*(Gate(size) if i % 2 else Mixer(size) for i in range(count)))
        self.down = nn.Linear(size, size - 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.down(self.blocks(x))


@trap(
    floats(2, 6),
    shows=("Stage::new(2, 6, 5,", "Stage::new(6, 5, 4,"),
    hides=("StageWith", "StageB"),
)
class StagesOfTwoTypes(nn.Module):
    """Stages of two and of six blocks that take turns are one struct."""

    def __init__(self) -> None:
        super().__init__()
        self.first = Stage(2, 6)
        self.second = Stage(6, 5)

    def forward(self, x: Tensor) -> Tensor:
        return self.second(self.first(x))


class Level(nn.Module):
    def __init__(self, size: int, count: int, down: bool) -> None:
        super().__init__()
        start = nn.Sequential(nn.Linear(size + 1, size), nn.BatchNorm1d(size))
        self.down = start if down else nn.Identity()
        self.blocks = nn.Sequential(*(Gate(size) if i % 2 else Mixer(size) for i in range(count)))

    def forward(self, x: Tensor) -> Tensor:
        return self.blocks(self.down(x))


@trap(floats(2, 6), shows=("levels: Vec<Level>", "down: Option<"), hides=("LevelWith", "LevelB"))
class LevelsOfSeveralLengths(nn.Module):
    """Levels of two, of two and of six blocks are one struct, though the first begins otherwise."""

    def __init__(self) -> None:
        super().__init__()
        rows = ((6, 2, False), (5, 2, True), (4, 6, True))
        self.levels = nn.Sequential(*(Level(*row) for row in rows))

    def forward(self, x: Tensor) -> Tensor:
        return self.levels(x)


@trap(floats(2, 6), hides=("enum",))
class TypesInARow(nn.Module):
    """Two rows in one list, each of one type, are two loops."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Mixer() if i < 3 else Gate() for i in range(6))

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return x


@trap(floats(2, 6), hides=("enum",))
class TypesReadTwice(nn.Module):
    """Blocks take turns, and one of them is read again after them."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Mixer() if i % 2 else Gate() for i in range(6))

    def forward(self, x: Tensor) -> Tensor:
        seen = []
        for layer in self.layers:
            x = layer(x)
            seen.append(x)
        return x + seen[2]


class Scaled(nn.Module):
    def __init__(self, scale: float) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)
        self.scale = scale

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(x) * self.scale


@trap(floats(2, 6), hides=("enum",))
class TypesWithNumbers(nn.Module):
    """Blocks take turns, and those of one type differ in a number."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Gate() if i % 2 else Scaled(i + 0.5) for i in range(5))

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return x
