"""Traps of what goes in and comes out, of functions, and of sizes."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from traps.trap import floats, ids, trap


@dataclass
class Scores:
    logits: Tensor
    hidden: list[Tensor]
    loss: Tensor | None = None


class Pair(NamedTuple):
    first: Tensor
    second: Tensor


class Encoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Scores:
        hidden = self.fc(x)
        return Scores(hidden.relu(), [hidden, x])


@trap(floats(2, 6))
class TupleOutput(nn.Module):
    """A tuple in a tuple, with a None."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 4)

    def forward(self, x: Tensor) -> tuple:
        y = self.fc(x)
        return y, None, (y + 1, [y * 2, y.argmax(-1)])


@trap(floats(2, 6))
class DictOutput(nn.Module):
    """A dict whose keys are not in order, and one of which is a keyword."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 4)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        y = self.fc(x)
        return {"type": y.sigmoid(), "a": y, "mask": y > 0}


@trap(floats(2, 6))
class DataclassOutput(nn.Module):
    """A dataclass with a list, through a child that returns one too."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.head = nn.Linear(6, 3)

    def forward(self, x: Tensor) -> Scores:
        found = self.encoder(x)
        return Scores(self.head(found.logits), [*found.hidden, found.logits])


@trap(floats(2, 6))
class NamedTupleOutput(nn.Module):
    """A named tuple whose two fields are one value."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 4)

    def forward(self, x: Tensor) -> Pair:
        y = self.fc(x)
        return Pair(y, y)


@trap(floats(2, 6), floats(2, 3))
class InputAsOutput(nn.Module):
    """An output that is an input, and one that is a parameter."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 4)

    def forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return self.fc(x), y, self.fc.weight


@trap(floats(2, 6), floats(2, 6))
class UnusedInput(nn.Module):
    """An argument that nothing reads."""

    def forward(self, x: Tensor, unused: Tensor) -> Tensor:
        return x * 2


@trap({"a": floats(2, 6), "type": [floats(2, 3), floats(2, 4)]}, scale=floats(6))
class NestedInputs(nn.Module):
    """Tensors inside a dict and a list, and one by keyword."""

    def forward(self, batch: dict, *, scale: Tensor) -> Tensor:
        one, two = batch["type"]
        return torch.cat((batch["a"] * scale, one, two), -1)


@trap(floats(2, 6), floats(3, 6))
class TwoBatches(nn.Module):
    """Two inputs whose batches are not of one size."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 4)

    def forward(self, queries: Tensor, keys: Tensor) -> Tensor:
        return functional.normalize(self.fc(queries), dim=-1) @ self.fc(keys).t()


@trap(floats(2, 3, 10, 14))
class AnyHeightAndWidth(nn.Module):
    """Height and width are free, and are flattened, split and restored."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, stride=2, padding=1)
        self.fc = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        b, c, h, w = x.shape
        tokens = self.fc(x.flatten(2).transpose(1, 2))
        return tokens.transpose(1, 2).reshape(b, c, h, w) + x


@trap(floats(2, 3, 8, 12))
class Windows(nn.Module):
    """Windows are cut out of an image and put back: sizes are divided and multiplied."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(3, 3)

    def forward(self, x: Tensor) -> Tensor:
        b, _, h, w = x.shape
        windows = split_windows(x.permute(0, 2, 3, 1), 4)
        return join_windows(self.fc(windows), 4, h, w).permute(0, 3, 1, 2) + b


def split_windows(x: Tensor, size: int) -> Tensor:
    b, h, w, c = x.shape
    x = x.view(b, h // size, size, w // size, size, c)
    return x.permute(0, 1, 3, 2, 4, 5).reshape(-1, size, size, c)


def join_windows(windows: Tensor, size: int, h: int, w: int) -> Tensor:
    b = windows.shape[0] // (h * w // size // size)
    x = windows.view(b, h // size, w // size, size, size, -1)
    return x.permute(0, 1, 3, 2, 4, 5).reshape(b, h, w, -1)


@trap(ids(11, 2, 7))
class Positions(nn.Module):
    """Positions come from the length, and the last one is taken out."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens = nn.Embedding(11, 6)
        self.positions = nn.Embedding(40, 6)

    def forward(self, ids: Tensor) -> Tensor:
        x = self.tokens(ids) + self.positions(torch.arange(ids.shape[1], device=ids.device))
        return x[:, -1] + x[:, : ids.shape[1] // 2 + 1].mean(1) / ids.shape[1]


@trap(floats(2, 5, 6))
class ShortSlices(nn.Module):
    """PyTorch cuts a slice that reaches beyond the end, and may return nothing."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat((x[:, 2:], x[:, :2], x[:, -3:]), 1)


@trap(floats(2, 5, 6))
class HelpersOnOneLine(nn.Module):
    """A helper is called twice on one line, and hands tuples on."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 8)

    def halves(self, x: Tensor) -> tuple[Tensor, Tensor]:
        y = self.fc(x)
        return y[..., :4].tanh(), y[..., 4:]

    def forward(self, x: Tensor) -> Tensor:
        (a, b), (c, d) = self.halves(x), self.halves(x * 2)
        return squash(a - d) * squash(c + b)


def squash(x: Tensor) -> Tensor:
    smaller = x * 0.5
    return smaller / (1 + smaller.abs())


@trap(floats(2, 5, 6))
class HelperWithNumbers(nn.Module):
    """A helper is called with other numbers, and with other ranks."""

    def forward(self, x: Tensor) -> Tensor:
        a = clip(x, 0.5, 1)
        b = clip(x, 0.25, 2)
        return a + b + clip(x[0], 2.0, 1)


def clip(x: Tensor, limit: float, dim: int) -> Tensor:
    x = x.clamp(-limit, limit)
    return x - x.mean(-1, keepdim=True) * dim


@trap(floats(2, 5, 6))
class Closures(nn.Module):
    """A nested function, a lambda and a comprehension read the variables around them."""

    def forward(self, x: Tensor) -> Tensor:
        scale = x.amax(-1, keepdim=True)

        def inner(y: Tensor) -> Tensor:
            return y * scale

        twice = lambda y: inner(inner(y))  # noqa: E731
        return sum(twice(part) for part in x.unbind(0)[:1]) + inner(x)


@trap(floats(2, 5, 6))
class OneNameManyValues(nn.Module):
    """One variable is rebound all the way, and an old value is read late."""

    def forward(self, x: Tensor) -> Tensor:
        xs = x
        x = x.sin()
        xs2 = x
        x = x * 3
        x = x - xs
        x = x.cos() + xs2
        residual = x
        x = x.tanh()
        return x + residual * xs


@trap(floats(2, 5, 6))
class CastsThatFollow(nn.Module):
    """Softmax in float32, and casts back to the dtype of the input or of a weight."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        probs = functional.softmax(x, dim=-1, dtype=torch.float32).to(x.dtype)
        return self.fc(probs.float().to(self.fc.weight.dtype)).type_as(x)


@trap(floats(2, 5, 6), ids(5, 2, 3))
class Gathered(nn.Module):
    """Indices of the caller pick rows, and are counted."""

    def forward(self, x: Tensor, index: Tensor) -> tuple[Tensor, Tensor]:
        rows = x.gather(1, index[..., None].expand(-1, -1, x.shape[-1]))
        return rows, (index * 2 + 1).sum(-1)


@trap(floats(2, 6), 3, "mean", flag=True)
class PlainArguments(nn.Module):
    """Numbers, strings and bools are fixed when the model is recorded."""

    def forward(self, x: Tensor, times: int, mode: str, flag: bool = False) -> Tensor:
        x = x * times if flag else x
        return x.mean(-1) if mode == "mean" else x.sum(-1)


@trap(floats(2, 3, 12), shows=("if !x.dim(2)?.is_multiple_of(2) {",), hides=("n != 1",))
class EvenWidths(nn.Module):
    """Python branches on a size: for odd widths the model computes something else."""

    def forward(self, x: Tensor) -> Tensor:
        if x.shape[2] % 2 == 0:
            return x[..., ::2] + 1
        return x * 3


@trap(floats(2, 3, 12), shows=("if x.dim(2)? <= 10 {",), hides=("n != 1",))
class WideInputs(nn.Module):
    """Python compares a size with a number."""

    def forward(self, x: Tensor) -> Tensor:
        return x.relu() if x.shape[2] > 10 else x * 3


@trap(floats(2, 3, 12), shows=("if x.dim(2)? / 5 != 2 {",), hides=("n != 1",))
class BakedCount(nn.Module):
    """A quotient of a size becomes a number of Python."""

    def forward(self, x: Tensor) -> Tensor:
        return x * int(x.shape[2] / 5)


@trap(floats(2, 3, 12))
class HalvedByFloat(nn.Module):
    """A size is scaled by a float, and stays free."""

    def forward(self, x: Tensor) -> Tensor:
        half = math.floor(x.shape[2] * 0.5)
        return torch.cat((x[..., half:] * 2, x[..., : math.ceil(x.shape[2] * 1.5)]), -1)


@trap(floats(2, 3, 12, 8))
class ScaledImages(nn.Module):
    """Images are scaled by floats, and height and width stay free."""

    def forward(self, x: Tensor) -> Tensor:
        small = functional.interpolate(x, scale_factor=0.5, mode="bilinear")
        return functional.interpolate(small, scale_factor=1.5, mode="nearest")


@trap(floats(3, 4))
class ManyOutputs(nn.Module):
    """A tuple of more tensors than Rust's traits cover, beside numbers and nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.proj = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> tuple[object, ...]:
        x = self.proj(x)
        return *(x * k for k in range(1, 15)), 0, None, True, x.sin()


@trap(
    floats(3, 4).double(),
    floats(3, 4),
    floats(3, 4).bfloat16(),
    torch.tensor(2.0, dtype=torch.float64),
)
class InputsOfSeveralFloats(nn.Module):
    """Inputs in float64, float32 and bfloat16, and one without dims."""

    def forward(self, wide: Tensor, x: Tensor, narrow: Tensor, one: Tensor) -> tuple[Tensor, ...]:
        return wide + x, x + narrow, narrow * 2.5, one * x, one * narrow
