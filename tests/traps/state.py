"""Traps of state: ties, buffers, and weights that are read from elsewhere."""

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import parametrizations

from traps.trap import floats, ids, trap


class Norm(nn.Module):
    """A norm in float32: a cast that does nothing here returns its own input."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))

    def forward(self, x: Tensor) -> Tensor:
        dtype = x.dtype
        x = x.to(torch.float32)
        x = x * torch.rsqrt(x.abs().mean(-1, keepdim=True) + 1e-6)
        return self.weight * x.to(dtype)


@trap(floats(2, 5, 6), shows=("struct Norm",))
class ResidualBehindNorm(nn.Module):
    """The cast in the norm returns its input, so that the residual seems to come from the norm."""

    def __init__(self) -> None:
        super().__init__()
        self.norm1 = Norm(6)
        self.norm2 = Norm(6)
        self.proj = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.proj(self.norm1(x))
        return x + self.proj(self.norm2(x))


@trap(ids(11, 2, 5))
class TiedHead(nn.Module):
    """The head comes first in `forward` order of names, and export keeps the last name."""

    def __init__(self) -> None:
        super().__init__()
        self.wte = nn.Embedding(11, 6)
        self.body = nn.Linear(6, 6)
        self.lm_head = nn.Linear(6, 11, bias=False)
        self.lm_head.weight = self.wte.weight

    def forward(self, token_ids: Tensor) -> Tensor:
        return self.lm_head(self.body(self.wte(token_ids)).tanh())


@trap(floats(2, 6))
class TiedToAnEarlierName(nn.Module):
    """The first name of the tied weight is that of the module which is called last."""

    def __init__(self) -> None:
        super().__init__()
        self.a_last = nn.Linear(6, 6, bias=False)
        self.middle = nn.Linear(6, 6)
        self.z_first = nn.Linear(6, 6, bias=True)
        self.z_first.weight = self.a_last.weight

    def forward(self, x: Tensor) -> Tensor:
        return self.a_last(self.middle(self.z_first(x)).relu())


class Shift(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("offset", torch.arange(6.0) / 3, persistent=False)
        self.scale = nn.Parameter(torch.ones(6))

    def forward(self, x: Tensor) -> Tensor:
        return (x - self.offset) * self.scale


@trap(floats(2, 6))
class EqualBuffers(nn.Module):
    """Two modules have equal buffers, which export stores once under one of the names."""

    def __init__(self) -> None:
        super().__init__()
        self.one = Shift()
        self.two = Shift()

    def forward(self, x: Tensor) -> Tensor:
        return self.two(self.one(x).tanh())


@trap(floats(2, 5, 6))
class WeightOfChild(nn.Module):
    """A child's weight is read by its parent, and the child is never called."""

    def __init__(self) -> None:
        super().__init__()
        self.proj = nn.Linear(6, 4)
        self.table = nn.Embedding(5, 4)

    def forward(self, x: Tensor) -> Tensor:
        projected = functional.linear(x, self.proj.weight * 2, self.proj.bias)
        return projected + self.table.weight.mean(0)


@trap(floats(2, 5, 6))
class WeightOfCalledChild(nn.Module):
    """A child's weight is read by its parent, beside a call of the child."""

    def __init__(self) -> None:
        super().__init__()
        self.proj = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        return self.proj(x).relu() @ self.proj.weight


class Wrapped(nn.Module):
    def __init__(self, shared: nn.Module) -> None:
        super().__init__()
        self.inner = shared
        self.own = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        return self.own(self.inner(x))


@trap(floats(2, 6))
class SharedModule(nn.Module):
    """One module under two paths."""

    def __init__(self) -> None:
        super().__init__()
        shared = nn.Sequential(nn.Linear(6, 6), nn.Tanh())
        self.left = Wrapped(shared)
        self.right = Wrapped(shared)

    def forward(self, x: Tensor) -> Tensor:
        return self.left(x) + self.right(x)


@trap(floats(2, 6))
class CalledTwice(nn.Module):
    """One module is called twice, with other values."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = Wrapped(nn.Linear(6, 6))

    def forward(self, x: Tensor) -> Tensor:
        first = self.inner(x)
        return self.inner(first + x) - first


@trap(floats(2, 3, 9))
class WeightNorm(nn.Module):
    """A parametrization is a module below the layer, and computes the weight."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = parametrizations.weight_norm(nn.Conv1d(3, 4, 3))
        self.proj = parametrizations.weight_norm(nn.Linear(7, 5), dim=1)

    def forward(self, x: Tensor) -> Tensor:
        return self.proj(self.conv(x)[..., :7])


@trap(ids(5, 2, 4))
class IntegerBuffer(nn.Module):
    """A buffer of integers, larger than half precision holds, is an index."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("order", torch.tensor([4, 0, 3, 1, 2]))
        self.register_buffer("big", torch.tensor([0, 4099, 1, 2, 3]) % 5)
        self.table = nn.Embedding(5, 3)

    def forward(self, ids: Tensor) -> Tensor:
        return self.table(self.order[ids]) + self.table.weight[self.big].sum(0)


@trap(floats(2, 6))
class BooleanBuffer(nn.Module):
    """A buffer of bools selects."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("keep", torch.tensor([True, False, True, True, False, True]))

    def forward(self, x: Tensor) -> Tensor:
        return torch.where(self.keep, x, -x).masked_fill(~self.keep, 0.5)


@trap(floats(2, 6))
class TensorAttribute(nn.Module):
    """A tensor that is no buffer, and one made in `forward`."""

    def __init__(self) -> None:
        super().__init__()
        self.offset = torch.linspace(0, 1, 6)

    def forward(self, x: Tensor) -> Tensor:
        return x * self.offset + torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])


@trap(floats(2, 5, 6))
class FieldCalledLayerNorm(nn.Module):
    """The state dict has `LayerNorm.weight`, which Rust does not call a field."""

    def __init__(self) -> None:
        super().__init__()
        self.LayerNorm = nn.LayerNorm(6, eps=1e-3)
        self.Linear_2B = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        return self.LayerNorm(self.Linear_2B(x) + x)


@trap(floats(2, 3, 8, 8))
class FrozenStatistics(nn.Module):
    """A batch norm by hand, of buffers alone, with its own epsilon."""

    def __init__(self) -> None:
        super().__init__()
        for name in ("weight", "bias", "running_mean", "running_var"):
            self.register_buffer(name, torch.ones(3))

    def forward(self, x: Tensor) -> Tensor:
        scale = (
            self.weight.reshape(1, -1, 1, 1)
            * (self.running_var.reshape(1, -1, 1, 1) + 1e-5).rsqrt()
        )
        bias = self.bias.reshape(1, -1, 1, 1) - self.running_mean.reshape(1, -1, 1, 1) * scale
        return x * scale + bias
