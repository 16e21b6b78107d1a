"""Traps of calls: who calls what, with what, and where a value goes beside the arguments."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from traps.trap import floats, trap


class Scaled(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)

    def forward(self, x: Tensor, scale: float, bias: Tensor | None = None) -> Tensor:
        x = self.fc(x).sigmoid() * scale
        return x if bias is None else x + bias


@trap(floats(2, 6), shows=("scale: f64", "forward(x, 2.0)"), hides=("Scaled2", "inner2"))
class OtherNumbersPerCall(nn.Module):
    """One module is called with other numbers each time."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = Scaled()

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(self.inner(x, 2.0), 0.25)


@trap(floats(2, 6), shows=("fn forward_with_bias(",), hides=("one2",))
class OptionalArgument(nn.Module):
    """One module is called with a tensor and without it, and so is its sibling."""

    def __init__(self) -> None:
        super().__init__()
        self.one = Scaled()
        self.two = Scaled()

    def forward(self, x: Tensor) -> Tensor:
        return self.two(self.one(x, 2.0), 2.0, x) - self.one(x, 2.0, x)


class Moded(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)
        self.norm = nn.LayerNorm(6)

    def forward(self, x: Tensor, mode: str, flag: bool) -> Tensor:
        if mode == "query":
            return self.fc(x).relu()
        x = self.norm(x) + self.fc(x)
        return x.tanh() if flag else x


@trap(
    floats(2, 6),
    shows=("fn forward_query(", "fn forward_key(", "inner: Moded,"),
    hides=("inner2", "Moded2"),
)
class OtherPathPerCall(nn.Module):
    """One module takes another path in each call: its weights are loaded once."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = Moded()

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(self.inner(x, "query", flag=False), "key", flag=True)


class Attend(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.q = nn.Linear(6, 6)
        self.k = nn.Linear(6, 6)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return (self.q(x) @ self.k(y).transpose(1, 2)).softmax(-1) @ y


@trap(floats(2, 5, 6), floats(2, 4, 6))
class SelfAndCross(nn.Module):
    """Two arguments are one value in one call, and change places in another."""

    def __init__(self) -> None:
        super().__init__()
        self.attend = nn.ModuleList(Attend() for _ in range(3))

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        x = self.attend[0](x, x)
        y = self.attend[1](y, x)
        return self.attend[2](x, y)


@trap(floats(2, 6))
class HelperWithWeights(nn.Module):
    """A helper gets another weight in each call."""

    def __init__(self) -> None:
        super().__init__()
        self.a = nn.Parameter(torch.eye(6))
        self.b = nn.Parameter(torch.eye(6))
        self.fc = nn.ModuleList(nn.Linear(6, 6) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        x = mix(x, self.a, self.fc[0])
        return mix(mix(x, self.b, self.fc[1]), self.a, self.fc[1])


def mix(x: Tensor, weight: Tensor, layer: nn.Module) -> Tensor:
    mixed = layer(x @ weight)
    return mixed.tanh() + x


class Runner(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)

    def forward(self, layer: nn.Module, x: Tensor) -> Tensor:
        return layer(self.fc(x)) + x


@trap(floats(2, 6))
class BorrowedModule(nn.Module):
    """A module calls one that is not its own."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = Runner()
        self.layer = nn.Sequential(nn.Linear(6, 6), nn.Tanh())

    def forward(self, x: Tensor) -> Tensor:
        return self.runner(self.layer, x)


class Writer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)
        self.seen: list[Tensor] = []

    def forward(self, x: Tensor) -> Tensor:
        hidden = self.fc(x)
        self.seen[:] = [hidden.sin()]
        return hidden.relu()


@trap(floats(2, 6))
class SideChannel(nn.Module):
    """A value leaves a module by an attribute, not by its result."""

    def __init__(self) -> None:
        super().__init__()
        self.writers = nn.ModuleList(Writer() for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        for writer in self.writers:
            x = writer(x)
        y = x + self.writers[0].seen[0] * self.writers[1].seen[0]
        for writer in self.writers:
            writer.seen.clear()
        return y


def double(module: nn.Module, args: tuple, output: Tensor) -> Tensor:
    return output * 2


@trap(floats(2, 6))
class ForwardHook(nn.Module):
    """A hook changes what a layer returns."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)
        self.fc.register_forward_hook(double)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(x) + 1


@trap(floats(2, 6))
class GradientsSwitchedOff(nn.Module):
    """Parts of the model run without gradients."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)

    @torch.no_grad()
    def table(self, x: Tensor) -> Tensor:
        return x.float().cos().detach()

    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            y = self.fc(x)
        return y * self.table(x)


@trap(floats(2, 6))
class AutocastSwitchedOff(nn.Module):
    """Autocast is switched off for a part, where it is not on in the first place."""

    def forward(self, x: Tensor) -> Tensor:
        with torch.autocast(device_type="cpu", enabled=False):
            y = x.float().cos()
            with torch.autocast(device_type="cuda", enabled=False):
                y = self.squared(y)
        return y + x

    @torch.autocast("cpu", enabled=False)
    def squared(self, x: Tensor) -> Tensor:
        return x * x


@trap(floats(2, 3, 16, 12))
class Pyramid(nn.Module):
    """Equal blocks at sizes that are halved, each with height and width in its code."""

    def __init__(self) -> None:
        super().__init__()
        self.levels = nn.ModuleList(Level() for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        found = []
        for level in self.levels:
            x = level(x)
            found.append(x.mean((2, 3)))
        return torch.stack(found, 1)


class Level(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3, stride=2, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        b, c, h, w = x.shape
        rows = torch.arange(h, device=x.device)[:, None] / w
        return x.reshape(b, c, h * w).softmax(-1).reshape(b, c, h, w) + rows


class Pad(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)

    def forward(self, x: Tensor, length: int) -> Tensor:
        x = self.fc(x)
        return torch.cat((x, x.new_zeros(x.shape[0], length, 6)), 1) / length


@trap(floats(2, 5, 6), floats(2, 4, 3))
class SizeFromOutside(nn.Module):
    """A module is told a size that none of its tensors has."""

    def __init__(self) -> None:
        super().__init__()
        self.pad = Pad()

    def forward(self, x: Tensor, other: Tensor) -> Tensor:
        return self.pad(x, other.shape[1] + 1)


@trap(floats(2, 6))
class WritesToItsArgument(nn.Module):
    """A child changes its argument in place, and the parent reads it after that."""

    def __init__(self) -> None:
        super().__init__()
        self.child = InPlaceChild()

    def forward(self, x: Tensor) -> Tensor:
        y = x * 2
        z = self.child(y)
        return z + y


class InPlaceChild(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        x.mul_(3)
        return self.fc(x)


@trap(floats(2, 6))
class NothingReturned(nn.Module):
    """A child returns nothing, and only changes its argument."""

    def __init__(self) -> None:
        super().__init__()
        self.child = OnlyWrites()

    def forward(self, x: Tensor) -> Tensor:
        y = x.clone()
        self.child(y)
        return y - x


class OnlyWrites(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(6))

    def forward(self, x: Tensor) -> None:
        x.mul_(self.scale).add_(1)


class Causal(nn.Module):
    def __init__(self, causal: bool, eps: float) -> None:
        super().__init__()
        self.causal = causal
        self.norm = nn.LayerNorm(6, eps=eps)

    def forward(self, x: Tensor) -> Tensor:
        x = self.norm(x)[:, None]
        return functional.scaled_dot_product_attention(x, x, x, is_causal=self.causal)[:, 0]


@trap(floats(2, 5, 6))
class FlagPerLayer(nn.Module):
    """Layers differ in a flag and in an epsilon alone."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Causal(i == 1, 10.0 ** -(i + 1)) for i in range(4))

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return x


@trap(floats(2, 5, 6))
class DimPerLayer(nn.Module):
    """Layers differ in the dim that they sum over, and in which one they turn."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(AlongDim(i) for i in (1, 2, 1))

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return x


class AlongDim(nn.Module):
    def __init__(self, dim: int) -> None:
        super().__init__()
        self.dim = dim
        self.fc = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(x.softmax(self.dim) + x.flip(self.dim).cumsum(self.dim))


@trap(floats(2, 6))
class EmptyCache(nn.Module):
    """A cache that is empty comes before the first keys, and both are returned."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 4)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        keys = self.fc(x)
        cached, again = appended(keys, x)
        return cached + again.sum(), again, again


def appended(keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
    keys = torch.cat((torch.tensor([]), keys), -1)
    values = torch.cat((torch.tensor([]), values), -1)
    return keys, values
