"""Traps of instances of one class that differ in their children, their state, or their place."""

import torch
from torch import Tensor, nn

from traps.trap import floats, trap


class Half(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)
        self.norm = nn.LayerNorm(6)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.fc(x)) * 0.5


class Middle(nn.Module):
    def __init__(self, half: bool) -> None:
        super().__init__()
        self.fc1 = nn.Linear(6, 6)
        self.halved = Half() if half else None
        self.fc2 = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        y = self.fc1(x)
        z = y if self.halved is None else self.halved(y)
        return self.fc2(z) + y * z


@trap(
    floats(2, 6),
    shows=("halved: Option<Half>",),
    hides=("if false", "Middle2"),
)
class OptionalInTheMiddle(nn.Module):
    """What comes before an optional child and what comes out of it are both read later."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(Middle(True), Middle(False), Middle(False), Middle(True))

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)


class Several(nn.Module):
    def __init__(self, before: bool, after: bool) -> None:
        super().__init__()
        self.before = Half() if before else None
        self.inner = Half()
        self.after = Half() if after else None

    def forward(self, x: Tensor) -> Tensor:
        if self.before is not None:
            x = self.before(x)
        x = self.inner(x)
        if self.after is not None:
            x = self.after(x)
        return x


@trap(floats(2, 6))
class SeveralOptions(nn.Module):
    """Optional children before another module and at the very end, in all combinations."""

    def __init__(self) -> None:
        super().__init__()
        kinds = ((True, True), (True, False), (False, True), (False, False))
        self.layers = nn.ModuleList(Several(*kind) for kind in kinds)

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return x


@trap(floats(2, 6))
class FieldLikeAnIndex(nn.Module):
    """A field has the name that an item of a list would get."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList((nn.Linear(6, 5), Half(), nn.Linear(6, 6)))
        self.layers_0 = nn.Linear(5, 6)
        self.layers_1 = nn.Linear(6, 6, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        x = self.layers_0(self.layers[0](x))
        return self.layers[2](self.layers[1](self.layers_1(x)))


class Sharing(nn.Module):
    def __init__(self, shared: nn.Module, scale: nn.Parameter) -> None:
        super().__init__()
        self.own = nn.Linear(6, 6)
        self.shared = shared
        self.scale = scale

    def forward(self, x: Tensor) -> Tensor:
        return x + self.shared(self.own(x).relu()) * self.scale


@trap(floats(2, 6))
class SharedByEveryLayer(nn.Module):
    """All layers of a list share a module and a parameter, and have weights of their own."""

    def __init__(self) -> None:
        super().__init__()
        shared, scale = nn.Linear(6, 6), nn.Parameter(torch.ones(6))
        self.layers = nn.ModuleList(Sharing(shared, scale) for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return x


class WithTable(nn.Module):
    def __init__(self, index: int) -> None:
        super().__init__()
        self.register_buffer("slopes", torch.arange(6.0) * index, persistent=False)
        self.offset = torch.linspace(0, index + 1, 6)

    def forward(self, x: Tensor) -> Tensor:
        return x.sin() * self.slopes + self.offset


@trap(floats(2, 6))
class TablePerLayer(nn.Module):
    """Every layer has a buffer and a constant with values of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(WithTable(i) for i in range(3))

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return x


@trap(floats(2, 6))
class LoopInAFunction(nn.Module):
    """A function walks the list."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Half() for _ in range(3))
        self.others = nn.ModuleList(Half() for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        return run_through(self.others, run_through(self.layers, x)) + 1


def run_through(layers: nn.ModuleList, x: Tensor) -> Tensor:
    for layer in layers:
        x = layer(x)
    return x.tanh()


@trap(floats(2, 6))
class SlicedSequential(nn.Module):
    """A slice of a container is a new container, which the model does not hold."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(*(Half() for _ in range(4)))

    def forward(self, x: Tensor) -> Tensor:
        return self.layers[2:](self.layers[:2](x) * 2)


class Route(nn.Module):
    def __init__(self, skip: bool) -> None:
        super().__init__()
        self.skip = skip
        self.a = nn.Linear(6, 6)
        self.b = nn.Linear(6, 6)

    def forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        if self.skip:
            return self.a(x), y
        return self.a(y), self.b(x)


@trap(floats(2, 6), floats(2, 6))
class ResultThatIsAnArgument(nn.Module):
    """Some layers return one of their arguments as it came."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Route(i % 2 == 0) for i in range(4))

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        for layer in self.layers:
            x, y = layer(x, y)
        return x - y * 3


@trap(floats(2, 6))
class UnreadResults(nn.Module):
    """A layer's second result is read for the first layer alone."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Twofold() for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        x, first = self.layers[0](x)
        for layer in self.layers[1:]:
            x, _ = layer(x)
        return x + first


class Twofold(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        y = self.fc(x)
        return y.relu(), y.tanh()


@trap(floats(2, 6))
class CommonExpression(nn.Module):
    """The same op on the same value, in the parent and in a child."""

    def __init__(self) -> None:
        super().__init__()
        self.halved = Half()
        self.fc = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(x).sigmoid() * self.halved(x.sigmoid()) + self.fc(x).sigmoid() + x.sigmoid()
