"""Traps of repeated modules: what is a loop, and what only looks like one."""

import torch
from torch import Tensor, nn

from traps.trap import floats, trap


class Block(nn.Module):
    def __init__(self, size: int = 6, inner: int = 8) -> None:
        super().__init__()
        self.fc1 = nn.Linear(size, inner)
        self.fc2 = nn.Linear(inner, size)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.fc2(self.fc1(x).relu())


@trap(floats(2, 6), shows=("for layer in",))
class PlainLoop(nn.Module):
    """Equal blocks in a row."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Block() for _ in range(4))

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return x


@trap(floats(2, 6), shows=("layers: Vec<Block>", 'vb.pp(format!("layer{}", i + 1))'))
class NumberedFields(nn.Module):
    """`layer1` to `layer3` are a row, and `fc1` and `fc2` are none."""

    def __init__(self) -> None:
        super().__init__()
        self.layer1 = Block()
        self.layer2 = Block()
        self.layer3 = Block()
        self.fc1 = nn.Linear(6, 6)
        self.fc2 = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(self.fc1(self.layer3(self.layer2(self.layer1(x)))))


class Branch(nn.Module):
    def __init__(self, size: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(size, size, 3, padding=1)
        self.act = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.conv(x)
        x = self.act(x)
        return x


@trap(
    floats(2, 4, 6, 6),
    floats(2, 6, 3, 3),
    shows=("branches_0: Vec<Branch>", "branches_1: Vec<Branch>"),
    hides=("BranchB",),
)
class BranchesOfAList(nn.Module):
    """Rows of which Python puts the results into a list, or calls them otherwise, are rows."""

    def __init__(self) -> None:
        super().__init__()
        rows = (nn.Sequential(*(Branch(size) for _ in range(2))) for size in (4, 6))
        self.branches = nn.ModuleList(rows)
        self.last = nn.Sequential(Branch(6))

    def forward(self, one: Tensor, other: Tensor) -> tuple[Tensor, Tensor]:
        xs = [one, other]
        for i, branch in enumerate(self.branches):
            xs[i] = branch(xs[i])
        deep = self.last(xs[1])
        return xs[0], deep + xs[1]


class Stage(nn.Module):
    def __init__(self, size: int, out: int, downsample: bool) -> None:
        super().__init__()
        self.conv = nn.Conv2d(size, out, 3, padding=1, stride=2 if downsample else 1)
        shortcut = nn.Sequential(nn.Conv2d(size, out, 1, stride=2), nn.BatchNorm2d(out))
        self.downsample = shortcut if downsample else None

    def forward(self, x: Tensor) -> Tensor:
        shortcut = x if self.downsample is None else self.downsample(x)
        return (self.conv(x) + shortcut).relu_()


@trap(floats(2, 3, 12, 12), shows=("downsample: Option<",))
class OptionalChild(nn.Module):
    """The first block of a stage has one child more."""

    def __init__(self) -> None:
        super().__init__()
        self.stage1 = nn.Sequential(Stage(3, 4, True), Stage(4, 4, False))
        self.stage2 = nn.Sequential(Stage(4, 5, True), Stage(5, 5, False), Stage(5, 5, False))

    def forward(self, x: Tensor) -> Tensor:
        return self.stage2(self.stage1(x))


class Step(nn.Module):
    def __init__(self, size: int, out: int) -> None:
        super().__init__()
        self.fc = nn.Linear(size, out)
        self.short = nn.Linear(size, out) if size != out else None

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(x) + (x if self.short is None else self.short(x))


@trap(floats(2, 6))
class OptionalLayer(nn.Module):
    """What the first block has more is a plain layer."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = nn.Sequential(Step(6, 5), Step(5, 5), Step(5, 5))

    def forward(self, x: Tensor) -> Tensor:
        return self.steps(x)


class Scaled(nn.Module):
    def __init__(self, index: int) -> None:
        super().__init__()
        self.scale = 1.0 / (index + 2)
        self.width = 6 + index
        self.up = nn.Linear(6, self.width)
        self.down = nn.Linear(self.width, 6)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.down(self.up(x).tanh()) * self.scale


@trap(floats(2, 6), shows=("for layer in",))
class NumberPerLayer(nn.Module):
    """Every layer has a scale and a width of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Scaled(i) for i in range(3))

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return x


class TwoStates(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.a = nn.Linear(6, 6)
        self.b = nn.Linear(5, 6)

    def forward(self, x: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        x = x + self.b(state)
        return self.a(x).tanh(), state * 2 + x[..., :5]


@trap(floats(2, 6), floats(2, 5))
class TwoCarriedValues(nn.Module):
    """A loop hands on two values."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(TwoStates() for _ in range(3))

    def forward(self, x: Tensor, state: Tensor) -> Tensor:
        for layer in self.layers:
            x, state = layer(x, state)
        return torch.cat((x, state), -1)


@trap(floats(2, 6), floats(2, 5))
class SwappedValues(nn.Module):
    """Two values of one shape change places from one layer to the next."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Swap() for _ in range(3))
        self.inner = nn.Linear(5, 6)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        y = self.inner(y)
        for layer in self.layers:
            x, y = layer(y, x)
        return x - y * 2


class Swap(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)

    def forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        return self.fc(x) + y, x * 3


@trap(floats(2, 6))
class SameLayerAgain(nn.Module):
    """One layer is called three times, and has one set of weights."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList([Block()])

    def forward(self, x: Tensor) -> Tensor:
        for _ in range(3):
            x = self.layers[0](x)
        return x


class Gate(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.gate = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        return x * self.gate(x).sigmoid()


@trap(floats(2, 6))
class AlternatingKinds(nn.Module):
    """Blocks of two classes take turns in one list."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Block() if i % 2 else Gate() for i in range(5))

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return x


class Shifted(nn.Module):
    def __init__(self, shift: int) -> None:
        super().__init__()
        self.shift = shift
        self.fc = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        if self.shift:
            x = torch.roll(x, -self.shift, 1)
        return self.fc(x).relu()


@trap(floats(2, 5, 6))
class AlternatingPaths(nn.Module):
    """Blocks of one class take turns in what they do."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(*(Shifted(i % 2 * 2) for i in range(4)))

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)


@trap(floats(2, 6))
class ParallelBranches(nn.Module):
    """Equal modules of one list read the same value; none reads another's."""

    def __init__(self) -> None:
        super().__init__()
        self.branches = nn.ModuleList(Block() for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        return torch.stack([branch(x) for branch in self.branches]).prod(0)


@trap(floats(2, 6), shows=("let mut seen = vec![", "seen.push(x.clone());"))
class CollectedStates(nn.Module):
    """A loop whose every value is read again after it."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Block() for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        seen = [x]
        for layer in self.layers:
            x = layer(x)
            seen.append(x)
        return torch.cat(seen, -1)


@trap(floats(2, 6))
class GlueBetween(nn.Module):
    """The parent computes between the calls."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Block() for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        for i, layer in enumerate(self.layers):
            x = layer(x) * (i + 1)
        return x


@trap(floats(2, 6))
class BackwardsOrder(nn.Module):
    """A list is walked from its end."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Scaled(i) for i in range(3))

    def forward(self, x: Tensor) -> Tensor:
        for layer in reversed(self.layers):
            x = layer(x)
        return x


@trap(floats(2, 6))
class SkippedIndex(nn.Module):
    """One block of a list is not called, and the head is taken off the end."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Block() for _ in range(12))

    def forward(self, x: Tensor) -> Tensor:
        for i, layer in enumerate(self.layers):
            if i != 2:
                x = layer(x)
        return x


@trap(floats(2, 6), shows=("for ",))
class MoreThanTen(nn.Module):
    """Ten sorts before two; the two loops stand in one list."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            [*(Block(inner=8) for _ in range(6)), *(Block(inner=9) for _ in range(6))]
        )

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers[:6]:
            x = layer(x)
        x = x.tanh()
        for layer in self.layers[6:]:
            x = layer(x)
        return x


@trap(floats(2, 6), shows=("for ",))
class NestedLoops(nn.Module):
    """Stages that differ in depth, each with a loop of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.stages = nn.ModuleList(nn.Sequential(*(Block() for _ in range(n))) for n in (2, 3, 3))

    def forward(self, x: Tensor) -> Tensor:
        for stage in self.stages:
            x = stage(x)
        return x


class WithMask(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        return x + self.fc(x) * mask


@trap(floats(2, 5, 6))
class InputPerLayer(nn.Module):
    """Each layer picks one of two values made before the loop."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(WithMask() for _ in range(4))
        self.kinds = ["near", "far", "near", "far"]

    def forward(self, x: Tensor) -> Tensor:
        at = torch.arange(x.shape[1], device=x.device)[:, None]
        masks = {"near": (at < 2).to(x.dtype), "far": (at >= 2).to(x.dtype)}
        for kind, layer in zip(self.kinds, self.layers, strict=True):
            x = layer(x, masks[kind])
        return x


@trap(floats(2, 5, 6))
class UnrolledScan(nn.Module):
    """A scan over a fixed length, unrolled by the trace."""

    def __init__(self) -> None:
        super().__init__()
        self.step = nn.Linear(12, 6)
        self.start = nn.Parameter(torch.zeros(6))

    def forward(self, x: Tensor) -> Tensor:
        state = self.start.expand(x.shape[0], 6)
        outputs = []
        for i in range(x.shape[1]):
            state = torch.tanh(self.step(torch.cat((x[:, i], state), -1)))
            outputs.append(state)
        return torch.stack(outputs, 1)


class Widening(nn.Module):
    def __init__(self, size: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            Widened(size, size, size), Widened(size, 3 * size, 1), nn.Conv1d(3 * size, size, 1)
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)


class Widened(nn.Module):
    def __init__(self, size: int, out: int, groups: int) -> None:
        super().__init__()
        self.c = nn.Conv1d(size, out, 1, groups=groups)
        self.bn = nn.BatchNorm1d(out)

    def forward(self, x: Tensor) -> Tensor:
        return self.bn(self.c(x)).relu()


@trap(floats(2, 4, 5))
class TableHidesNumbers(nn.Module):
    """A number of the struct and a column of its table of layers have one role."""

    def __init__(self) -> None:
        super().__init__()
        self.narrow = Widening(4)
        self.turn = nn.Conv1d(4, 6, 1)
        self.wide = Widening(6)

    def forward(self, x: Tensor) -> Tensor:
        return self.wide(self.turn(self.narrow(x)))
