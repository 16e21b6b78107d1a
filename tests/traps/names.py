"""Traps of names and of what kind of module or tensor it is."""

import torch
from torch import Tensor, nn

from traps.trap import floats, trap


@trap(floats(2, 6))
class CollidingNames(nn.Module):
    """Names that are one name in Rust."""

    def __init__(self) -> None:
        super().__init__()
        self.fooBar = nn.Linear(6, 6)
        self.foo_bar = nn.Linear(6, 6)
        self.FooBar = nn.Parameter(torch.ones(6))
        self.register_buffer("foo_Bar", torch.ones(6))

    def forward(self, x: Tensor) -> Tensor:
        return self.foo_bar(self.fooBar(x) * self.FooBar) - self.foo_Bar


@trap(floats(2, 6))
class RootLayer(nn.Linear):
    """The model itself is a layer, whose weights have no prefix."""

    def __init__(self) -> None:
        super().__init__(6, 4)


@trap(floats(2, 6))
class RootSequential(nn.Sequential):
    """The model is a container, whose weights begin with a number."""

    def __init__(self) -> None:
        super().__init__(nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 5), nn.Linear(5, 5))


@trap(floats(2, 6))
class NoState(nn.Module):
    """A model without a tensor of its own."""

    def forward(self, x: Tensor) -> Tensor:
        return (x - x.mean(-1, keepdim=True)).abs()


@trap(floats(2, 6))
class Lists(nn.Module):
    """Parameters in a list and in a dict."""

    def __init__(self) -> None:
        super().__init__()
        self.scales = nn.ParameterList(nn.Parameter(torch.ones(6)) for _ in range(3))
        self.named = nn.ParameterDict({"in": nn.Parameter(torch.ones(6))})

    def forward(self, x: Tensor) -> Tensor:
        for scale in self.scales:
            x = (x * scale).sin()
        return x + self.named["in"]


@trap(floats(2, 6))
class Scalars(nn.Module):
    """Parameters and buffers of rank 0, and of one element."""

    def __init__(self) -> None:
        super().__init__()
        self.alpha = nn.Parameter(torch.tensor(0.5))
        self.prelu = nn.PReLU()
        self.register_buffer("steps", torch.tensor(3))

    def forward(self, x: Tensor) -> Tensor:
        return self.prelu(x * self.alpha.exp()) / self.steps + self.alpha


@trap(floats(2, 6))
class DoublePrecisionBuffer(nn.Module):
    """A table in float64, as numpy makes it, with digits that float32 has not."""

    def __init__(self) -> None:
        super().__init__()
        table = 5000.0 + torch.arange(6, dtype=torch.float64) / 3
        self.register_buffer("table", table, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        return (x * self.table).cos().to(x.dtype)


@trap(floats(2, 6))
class NamesOfLocals(nn.Module):
    """Variables that hide each other, arguments, and what the code itself needs."""

    def forward(self, b: Tensor) -> Tensor:
        s = b * 2
        b2 = s.sin()
        b = b2 + s
        dims = b.amax(-1, keepdim=True)
        Ok = b - dims
        result = Ok * b.shape[0] + s.shape[1]
        return result + b2


class Inner(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(x).relu()


Sibling = type("Inner", (Inner,), {"forward": lambda self, x: self.fc(x).tanh()})
Sibling.__qualname__ = "Other.Inner"


@trap(floats(2, 6))
class TwoClassesOfOneName(nn.Module):
    """Two classes whose last name is one."""

    def __init__(self) -> None:
        super().__init__()
        self.a = Inner()
        self.b = Sibling()

    def forward(self, x: Tensor) -> Tensor:
        return self.b(self.a(x))


class Holder(nn.Module):
    def __init__(self, count: int) -> None:
        super().__init__()
        self.items = nn.ModuleList(Inner() for _ in range(count))

    def forward(self, x: Tensor) -> Tensor:
        for item in self.items:
            x = item(x)
        return x


@trap(floats(2, 6))
class OneOrMany(nn.Module):
    """Lists of one, two and three blocks, held by modules of one class."""

    def __init__(self) -> None:
        super().__init__()
        self.one = Holder(1)
        self.two = Holder(2)
        self.three = Holder(3)

    def forward(self, x: Tensor) -> Tensor:
        return self.three(self.two(self.one(x)))


def linear(x: Tensor) -> Tensor:
    return x.sigmoid() * 2 + x


def scale(x: Tensor) -> Tensor:
    return x.sin() * 2 + x


def scaled(scale: Tensor, other: Tensor) -> Tensor:
    function = globals()["scale"]
    return function(function(scale) + other) * scale


class Rescaled(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.proj = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        function = globals()["scale"]
        scale = function(self.proj(x))
        return function(scale) * scale


@trap(floats(2, 6), shows=("fn apply_scale(", "fn linear2("))
class FunctionsThatAreHidden(nn.Module):
    """Functions have the names of what is imported, and of variables where they are called."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Rescaled() for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(linear(x))
        return scaled(linear(x), x)


class Short(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.ones(6))

    def forward(self, x: Tensor) -> Tensor:
        return x.sin() * self.w


@trap(floats(2, 6), shows=('Ok(Self { w: vb.get(6, "w")? })',))
class ShortFields(nn.Module):
    """A struct of one field that is made on one line."""

    def __init__(self) -> None:
        super().__init__()
        self.a = Short()
        self.b = Short()

    def forward(self, x: Tensor) -> Tensor:
        return self.b(self.a(x))
