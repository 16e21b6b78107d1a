"""Traps of layers and containers: where the struct of a module begins and ends."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from traps.trap import floats, trap


class NormAct(nn.BatchNorm2d):
    """A layer class that adds an op to its own body."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.act = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        x = functional.batch_norm(
            x, self.running_mean, self.running_var, self.weight, self.bias, False, 0.1, self.eps
        )
        return self.act(x)


@trap(floats(2, 3, 8, 8))
class LayerWithAnOp(nn.Module):
    """A subclass of a layer computes more than the layer."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, bias=False)
        self.bn1 = NormAct(4)

    def forward(self, x: Tensor) -> Tensor:
        return self.bn1(self.conv(x)).mean((2, 3))


class LinearPlusOne(nn.Linear):
    def forward(self, x: Tensor) -> Tensor:
        return functional.linear(x, self.weight + 1, self.bias)


@trap(floats(2, 6))
class SubclassedLayer(nn.Module):
    """A subclass of `Linear` reads its weight in its own way."""

    def __init__(self) -> None:
        super().__init__()
        self.odd = LinearPlusOne(6, 5)
        self.plain = nn.Linear(5, 6, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.plain(self.odd(x))


class LayerNorm2d(nn.LayerNorm):
    def forward(self, x: Tensor) -> Tensor:
        x = x.permute(0, 2, 3, 1)
        x = functional.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)
        return x.permute(0, 3, 1, 2)


@trap(floats(2, 4, 6, 6))
class ChannelNorm(nn.Module):
    """A norm over channels: a permuted view goes into the convolution."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = LayerNorm2d(4)
        self.conv = nn.Conv2d(4, 4, 3, padding=1, groups=4)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(self.norm(x)) + x


@trap(floats(2, 3, 9, 9))
class NestedSequential(nn.Module):
    """Sequentials of conv, norm and activation inside a Sequential."""

    def __init__(self) -> None:
        super().__init__()

        def unit(size: int, out: int) -> nn.Sequential:
            return nn.Sequential(nn.Conv2d(size, out, 3), nn.BatchNorm2d(out), nn.ReLU(True))

        self.features = nn.Sequential(unit(3, 4), nn.MaxPool2d(2), nn.Sequential(unit(4, 5)))
        self.head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(5, 2))

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.features(x))


@trap(floats(2, 6))
class DictOfModules(nn.Module):
    """Modules by names, two of which are no identifiers of Rust."""

    def __init__(self) -> None:
        super().__init__()
        self.heads = nn.ModuleDict(
            {"match": nn.Linear(6, 2), "a-b": nn.Linear(6, 3), "3d": nn.Linear(6, 4)}
        )

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        return {name: head(x) for name, head in self.heads.items()}


@trap(floats(2, 3, 8, 8))
class InPlaceBetweenModules(nn.Module):
    """In-place ops change a value that other modules have seen."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 3, 3, padding=1)
        self.conv2 = nn.Conv2d(3, 3, 3, padding=1)
        self.act = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        shortcut = self.conv1(x)
        y = self.act(shortcut)
        y = self.conv2(y)
        y += shortcut
        return self.act(y) * 2 + shortcut


@trap(floats(2, 5, 6))
class InPlaceOnViews(nn.Module):
    """A slice of a value is written to, and the value read after it."""

    def forward(self, x: Tensor) -> Tensor:
        y = x * 1.5
        y[:, 0] += 1
        y[..., 2:4].mul_(3)
        return y + x


@trap(floats(2, 6))
class PassThrough(nn.Module):
    """Modules that do nothing: dropout, identity, and a norm that is switched off."""

    def __init__(self) -> None:
        super().__init__()
        self.drop = nn.Dropout(0.5)
        self.norm = nn.Identity()
        self.fc = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        y = self.drop(self.norm(x))
        return self.drop(self.fc(y)) + self.norm(x)


class Leaf(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.W1x = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        return self.W1x(x).sin()


class Nest(nn.Module):
    def __init__(self, depth: int) -> None:
        super().__init__()
        self.inner = Nest(depth - 1) if depth else Leaf()

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(x * 0.5) + 1


@trap(floats(2, 6))
class DeepNesting(nn.Module):
    """One class within itself, six levels deep."""

    def __init__(self) -> None:
        super().__init__()
        self.Top2 = Nest(6)

    def forward(self, x: Tensor) -> Tensor:
        return self.Top2(x)


class Down(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x)


class UsesDown(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 3, 3, padding=1)
        self.down = Down()

    def forward(self, x: Tensor) -> Tensor:
        return self.first(x) + self.down(x)


@trap(floats(2, 3, 5, 5))
class StructMetAfterItsUser(nn.Module):
    """A child's class is met only after its parent's first op, and again at the top."""

    def __init__(self) -> None:
        super().__init__()
        self.block = UsesDown()
        self.tail = Down()

    def forward(self, x: Tensor) -> Tensor:
        return self.tail(self.block(x))


class Returned(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 9)

    def forward(self, x: Tensor) -> list[Tensor]:
        return list(self.fc(x).split(3, dim=-1))


@trap(floats(2, 6))
class ListOfResults(nn.Module):
    """A module returns a list, of which one item is not read."""

    def __init__(self) -> None:
        super().__init__()
        self.parts = Returned()
        self.top = nn.Linear(3, 2)

    def forward(self, x: Tensor) -> Tensor:
        a, _, c = self.parts(x)
        return self.top(a) - self.top(c * 2)


class Names(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fn = nn.Linear(6, 6)
        self.self_ = nn.Linear(6, 6)
        self.mod = nn.Linear(6, 6)
        self.move = nn.Parameter(torch.ones(6))

    def forward(self, type: Tensor, match: Tensor) -> Tensor:
        ref = self.fn(type)
        loop = self.mod(match) * self.move
        let = ref + loop
        return self.self_(let) - ref * loop


@trap(floats(2, 6))
class RustKeywords(nn.Module):
    """Fields, parameters and variables are keywords of Rust, or names that the code needs."""

    def __init__(self) -> None:
        super().__init__()
        self.impl = Names()
        self.vb = nn.Linear(6, 6)
        self.cfg = nn.Linear(6, 6)
        self.tap = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        dtype = self.vb(x)
        device = self.cfg(dtype)
        runtime = self.tap(device)
        return self.impl(dtype, device) + runtime


class Module(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.Module = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        return self.Module(x).exp()


class Linear(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = Module()
        self.weight = nn.Parameter(torch.ones(6))

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x) * self.weight


@trap(floats(2, 6))
class ClassesCalledLikeOurs(nn.Module):
    """Classes called `Linear`, `Module` and `Config`, which the Rust imports or makes."""

    def __init__(self) -> None:
        super().__init__()
        self.a = Linear()
        self.b = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        return self.a(self.b(x).sigmoid())
