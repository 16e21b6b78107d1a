"""Small models, each made to show one thing."""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional


class Helper(nn.Module):
    """A method beside `forward`, a function and tuple targets."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(6, 12)

    def split(self, x: Tensor) -> tuple[Tensor, Tensor]:
        projected = self.qkv(x)
        q, k = projected.chunk(2, dim=-1)
        return q, k

    def forward(self, x: Tensor) -> Tensor:
        q, k = self.split(x)
        return rotate(q) + k


def rotate(x: Tensor) -> Tensor:
    turned = x.flip(-1)
    return turned * 2


@dataclass
class Scores:
    logits: Tensor
    hidden: list[Tensor]
    loss: Tensor | None = None


class Pair(NamedTuple):
    first: Tensor
    second: Tensor


class Structured(nn.Module):
    """Nested inputs, and a dataclass as output."""

    def __init__(self) -> None:
        super().__init__()
        self.proj = nn.Linear(6, 3)

    def forward(self, batch: dict[str, Tensor], *rest: Tensor, scale: float = 1.0) -> Scores:
        hidden = [self.proj(batch["x"]) * scale, self.proj(rest[0])]
        return Scores(hidden[0] + batch["shift"], hidden)


class Tied(nn.Module):
    """An embedding that is also the head."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(11, 6)
        self.head = nn.Linear(6, 11, bias=False)
        self.head.weight = self.embed.weight

    def forward(self, ids: Tensor) -> Tensor:
        return self.head(self.embed(ids))


class Constants(nn.Module):
    """Every kind of tensor that no checkpoint holds."""

    def __init__(self) -> None:
        super().__init__()
        steps = torch.arange(0, 6, 2, dtype=torch.int64).float() / 6
        self.register_buffer("frequency", 1.0 / (10000.0**steps), persistent=False)
        table = torch.empty(3)
        table.copy_(torch.tensor([1.0, 4.0, 9.0]))
        self.register_buffer("table", table, persistent=False)
        self.register_buffer("scale", torch.tensor(2.5), persistent=False)
        self.offset = torch.linspace(0, 1, 3)

    def forward(self, x: Tensor) -> Tensor:
        inside = torch.tensor([0.5, 0.25, 0.125], device=x.device)
        return x * self.frequency + self.table * self.scale - self.offset + inside


class Casting(nn.Module):
    """A norm in float32 inside a model of any dtype."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(6))

    def forward(self, x: Tensor) -> Tensor:
        wide = x.to(torch.float32)
        normed = wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + 1e-6)
        return x + self.weight * normed.to(x.dtype)


class InPlace(nn.Module):
    """Ops that write to their operands, views among them."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(2, 4, 3)
        self.norm = nn.BatchNorm2d(4)
        self.act = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        x = self.act(self.norm(self.conv(x)))
        x[:, 0].mul_(2)
        x += 1
        return functional.relu_(x)


class Entries(nn.Module):
    """Two methods to record."""

    def __init__(self) -> None:
        super().__init__()
        self.proj = nn.Linear(6, 6)

    def encode(self, x: Tensor) -> Tensor:
        return self.proj(x).tanh()

    def forward(self, x: Tensor) -> Tensor:
        return self.encode(x) + x


class Masked(nn.Module):
    """Attention with a mask of its own batch size."""

    def __init__(self) -> None:
        super().__init__()
        self.proj = nn.Linear(6, 6)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        q = self.proj(x).unsqueeze(1)
        return functional.scaled_dot_product_attention(q, q, q, attn_mask=mask[:, None, None, :])


class Branching(nn.Module):
    """Python decides on a value."""

    def forward(self, x: Tensor) -> Tensor:
        if x.sum() > 0:
            return x
        return -x


class OpaqueOutput(nn.Module):
    def forward(self, x: Tensor) -> object:
        return {"y": x + 1, "cache": Store(x)}


class Store:
    def __init__(self, x: Tensor) -> None:
        self.x = x


class Counter(nn.Module):
    """Writes to a buffer while it runs."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("count", torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        self.count.add_(1)
        return x + self.count


class Pooled(nn.Module):
    """Flattens, pads and splits again and again, so that sizes become long expressions."""

    def forward(self, x: Tensor) -> Tensor:
        for _ in range(6):
            b, h, w = x.shape
            x = functional.pad(x, (0, 7 - w % 7, 0, 5 - h % 5))
            x = x.reshape(b, x.shape[1] * x.shape[2] // 5, 5)
        return x


class Reordered(nn.Module):
    """A list as an index, and one of what is written to."""

    def forward(self, x: Tensor) -> Tensor:
        y = x[:, [2, 0, 1]]
        y[:, [1]] = 0
        return y


@dataclass
class Guarded:
    """Settings of which one cannot be read."""

    width: int = 2

    def __getattribute__(self, name: str) -> object:
        if name == "width":
            raise AttributeError(name)
        return object.__getattribute__(self, name)


class Asserting(nn.Module):
    """An assertion about data, and a function that gets settings which cannot be read."""

    def forward(self, x: Tensor) -> Tensor:
        lengths = (x != 1).sum(1)
        assert lengths.max().item() <= x.shape[1]
        return scaled(x, Guarded())


def scaled(x: Tensor, settings: Guarded) -> Tensor:
    return x * 2
