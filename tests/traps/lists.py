"""Traps of lists: what is one argument or one variable of Rust, and what is not."""

import torch
from torch import Tensor, nn

from traps.trap import floats, trap


class Dense(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(width)
        self.conv = nn.Conv2d(width, 3, 3, padding=1)

    def joined(self, xs: list[Tensor]) -> Tensor:
        return self.norm(torch.cat(xs, 1)).relu()

    def forward(self, xs: list[Tensor]) -> Tensor:
        return self.conv(self.joined(xs))


class DenseRow(nn.ModuleDict):
    def __init__(self, count: int, width: int) -> None:
        super().__init__()
        for i in range(count):
            self.add_module(f"dense{i + 1}", Dense(width + 3 * i))

    def forward(self, x: Tensor) -> Tensor:
        features = [x]
        for layer in self.values():
            features.append(layer(features))
        return torch.cat(features, 1)


@trap(
    floats(2, 4, 6, 6),
    shows=(
        "fn forward(&self, xs: &[Tensor])",
        "let mut features = vec![x.contiguous()?];",
        "features.push(dense.forward(&features)?);",
        "Dense::new(num_features + 3 * i, vb.pp(format!",
        "DenseRow::new(2, 4,",
        "DenseRow::new(4, 10,",
    ),
    hides=("DenseWith",),
)
class GrowingLists(nn.Module):
    """Each layer reads what all layers before it gave; rows of several lengths are one struct."""

    def __init__(self) -> None:
        super().__init__()
        self.row1 = DenseRow(2, 4)
        self.row2 = DenseRow(4, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.row2(self.row1(x))


@trap(floats(2, 4, 6, 6))
class ListOfOne(nn.Module):
    """A row of one layer joins a list of one."""

    def __init__(self) -> None:
        super().__init__()
        self.row1 = DenseRow(1, 4)
        self.row2 = DenseRow(3, 7)

    def forward(self, x: Tensor) -> Tensor:
        return self.row2(self.row1(x).relu())


class Joined(nn.Module):
    def __init__(self, width: int, gate: bool) -> None:
        super().__init__()
        self.fc = nn.Linear(width, 6)
        self.gate = nn.Linear(6, 6) if gate else None

    def forward(self, xs: tuple[Tensor, ...]) -> Tensor:
        x = self.fc(torch.cat(xs, -1))
        return x if self.gate is None else self.gate(x)


class Fusion(nn.Module):
    def __init__(self, width: int, gate: bool = False) -> None:
        super().__init__()
        self.inner = Joined(width, gate)
        self.scale = nn.Parameter(torch.ones(6))

    def forward(self, parts: tuple[Tensor, ...]) -> Tensor:
        return self.inner(parts).tanh() * self.scale


@trap(floats(2, 6), floats(2, 4), shows=("parts: &[Tensor]", ".forward(parts)?"))
class ListHandedOn(nn.Module):
    """Lists of two and of three go through a module to one inside it, of which one has more."""

    def __init__(self) -> None:
        super().__init__()
        self.two = Fusion(10)
        self.three = Fusion(16, gate=True)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        z = self.two((x, y))
        return self.three((z, x, y)) + z


class Peek(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc = nn.Linear(width, 6)

    def forward(self, xs: list[Tensor]) -> Tensor:
        return self.fc(torch.cat(xs, -1)) + xs[0]


@trap(floats(2, 6), hides=("&[Tensor]",))
class ListReadByItems(nn.Module):
    """A layer reads its list as a whole, and an item of it as well."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Peek(6 * i) for i in range(1, 4))

    def forward(self, x: Tensor) -> Tensor:
        seen = [x]
        for layer in self.layers:
            seen.append(layer(seen))
        return seen[-1]


class Cell(nn.Module):
    def __init__(self, size: int = 6) -> None:
        super().__init__()
        self.fc = nn.Linear(size, size)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(x).tanh()


@trap(floats(2, 12), shows=("y.push(", "Tensor::cat(&y, 1)"))
class ListThatStartsWithTwo(nn.Module):
    """What is collected begins with two parts, of which the loop takes the second."""

    def __init__(self) -> None:
        super().__init__()
        self.m = nn.ModuleList(Cell() for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        y = list(x.chunk(2, 1))
        for m in self.m:
            y.append(m(y[-1]))
        return torch.cat(y, 1)


class Turned(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(x).transpose(1, 2)


@trap(floats(2, 6, 6), shows=("outs.push(x.contiguous()?);",))
class StridedItems(nn.Module):
    """What is collected lies transposed in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Turned() for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        outs = []
        for layer in self.layers:
            x = layer(x)
            outs.append(x)
        return torch.stack(outs, 1).sum(-1)


class Weighed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)
        self.weigh = nn.Linear(6, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return self.fc(x).relu(), self.weigh(x).sigmoid()


@trap(floats(2, 6), shows=("outputs.push(next_x.clone());", "weights.push(weight);"))
class TwoLists(nn.Module):
    """A loop collects what it hands on, and what it does not."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Weighed() for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        states, weights = [], []
        for layer in self.layers:
            x, weight = layer(x)
            states.append(x)
            weights.append(weight)
        mixed = torch.stack(states) * torch.stack(weights)
        return mixed.sum(0) + x


@trap(floats(2, 6), hides=(".push(",))
class ReversedList(nn.Module):
    """What a loop collects is joined in another order."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Cell() for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        seen = []
        for layer in self.layers:
            x = layer(x)
            seen.append(x)
        return torch.cat(seen[::-1], -1)


@trap(floats(2, 6), hides=(".push(",))
class MixedTypes(nn.Module):
    """What a loop collects is joined with whole numbers, which become floats."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Cell() for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        seen = [(x * 3).long()]
        for layer in self.layers:
            x = layer(x)
            seen.append(x)
        return torch.cat(seen, -1)


class Widening(nn.Module):
    def __init__(self, size: int, out: int) -> None:
        super().__init__()
        self.fc = nn.Linear(size, out)
        short = nn.Sequential(nn.Linear(size, out), nn.BatchNorm1d(out))
        self.short = short if size != out else None

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(x) + (x if self.short is None else self.short(x))


class NamedStage(nn.Module):
    def __init__(self, size: int, out: int, count: int) -> None:
        super().__init__()
        for i in range(count):
            self.add_module(f"b{i + 1}", Widening(size if i == 0 else out, out))

    def forward(self, x: Tensor) -> Tensor:
        for block in self.children():
            x = block(x)
        return x


@trap(
    floats(2, 6),
    shows=("widenings: Vec<Widening>", "NamedStage::new(3, ", "NamedStage::new(4, ", "if i == 0"),
)
class NamedRows(nn.Module):
    """Stages hold their blocks as `b1`, `b2` and so on; the first block of each is another."""

    def __init__(self) -> None:
        super().__init__()
        self.s1 = NamedStage(6, 8, 3)
        self.s2 = NamedStage(8, 5, 4)

    def forward(self, x: Tensor) -> Tensor:
        return self.s2(self.s1(x))


@trap(floats(2, 6), hides=("Vec<",))
class TwoNamedBlocks(nn.Module):
    """Two blocks that are named by a number are two fields."""

    def __init__(self) -> None:
        super().__init__()
        self.b1 = Cell()
        self.b2 = Cell()

    def forward(self, x: Tensor) -> Tensor:
        return self.b2(self.b1(x))


class Encoder(nn.Module):
    def __init__(self, depth: int = 4) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Cell() for _ in range(depth))

    def forward(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        states = []
        for layer in self.layers:
            x = layer(x)
            states.append(x)
        return x, states


class Inner(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.norm = nn.LayerNorm(6)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, list[Tensor]]:
        x, states = self.encoder(x)
        return self.norm(x), x, states


@trap(
    floats(2, 6),
    shows=("pub states: Vec<Tensor>", "Result<(Tensor, Vec<Tensor>)>"),
)
class ReturnedStates(nn.Module):
    """A model returns what a loop two modules further in collects, and its last state alone."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = Inner()

    def forward(self, x: Tensor) -> dict[str, object]:
        normed, x, states = self.inner(x)
        return {"normed": normed, "last": x, "states": tuple(states)}


@trap(
    floats(2, 6),
    shows=("all_states.push(", "vec!["),
)
class StatesBetween(nn.Module):
    """What is returned is something before the loop, what it collects, and something after it."""

    def __init__(self) -> None:
        super().__init__()
        self.start = nn.Linear(6, 6)
        self.encoder = Encoder()
        self.head = nn.Linear(6, 3)

    def forward(self, x: Tensor) -> dict[str, object]:
        start = self.start(x)
        x, states = self.encoder(start)
        return {"logits": self.head(x), "states": (start, *states, x * 2)}


@trap(floats(2, 6), shows=("states.push(x.clone());", "pub states: Vec<Tensor>"))
class StatesBefore(nn.Module):
    """The states are what each layer takes, and in the end the normed last one."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Linear(6, 6)
        self.layers = nn.ModuleList(Cell() for _ in range(3))
        self.norm = nn.LayerNorm(6)

    def forward(self, x: Tensor) -> dict[str, object]:
        x = self.embed(x)
        states = ()
        for layer in self.layers:
            states = (*states, x)
            x = layer(x)
        x = self.norm(x)
        return {"last": x, "states": (*states, x)}


@trap(floats(2, 6), hides=(".push(",))
class StateReadAlone(nn.Module):
    """One of the states that are returned is read by itself as well."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Cell() for _ in range(3))

    def forward(self, x: Tensor) -> dict[str, object]:
        states = []
        for layer in self.layers:
            x = layer(x)
            states.append(x)
        return {"sum": x + states[1], "states": tuple(states)}


@trap(floats(2, 6), hides=(".push(",))
class StatesReversed(nn.Module):
    """The states are returned last one first."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()

    def forward(self, x: Tensor) -> dict[str, object]:
        x, states = self.encoder(x)
        return {"last": x, "states": tuple(states[::-1])}


@trap(floats(2, 6), shows=("pub states: Vec<Tensor>", "pub weights: Vec<Tensor>"))
class TwoReturnedLists(nn.Module):
    """A loop makes two lists that are returned."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Weighed() for _ in range(3))

    def forward(self, x: Tensor) -> dict[str, object]:
        states, weights = [], []
        for layer in self.layers:
            x, weight = layer(x)
            states.append(x)
            weights.append(weight)
        return {"last": x, "states": tuple(states), "weights": tuple(weights)}
