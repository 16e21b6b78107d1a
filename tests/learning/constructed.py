"""A model that is built from plain arguments, whose image has the size of one of them."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from pycandle.recorder import install


class Patches(nn.Module):
    def __init__(self, channels: int, patch: int, width: int) -> None:
        super().__init__()
        self.proj = nn.Conv2d(channels, width, patch, stride=patch)

    def forward(self, x: Tensor) -> Tensor:
        return self.proj(x).flatten(2).transpose(1, 2)


class Block(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.fc(x).tanh()


class Classifier(nn.Module):
    """Patches with learned places, pooled; the first token is learned."""

    def __init__(
        self,
        image: tuple[int, int] = (12, 12),
        patch: int = 4,
        channels: int = 3,
        width: int = 16,
        depth: int = 6,
        classes: int = 7,
        *,
        gated: bool = False,
    ) -> None:
        super().__init__()
        self.patches = Patches(channels, patch, width)
        count = (image[0] // patch) * (image[1] // patch)
        self.token = nn.Parameter(torch.zeros(1, 1, width))
        self.places = nn.Parameter(torch.zeros(1, count + 1, width))
        self.blocks = nn.Sequential(*(Block(width) for _ in range(depth)))
        self.head = nn.Linear(width, classes)
        self.gated = gated

    def forward(self, x: Tensor) -> Tensor:
        x = self.patches(x)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], dim=1) + self.places
        x = self.blocks(x)
        return self.head(x.sigmoid() if self.gated else x)[:, 0]


class Resized(nn.Module):
    """A model that takes any image: its places are resized where there are more or fewer."""

    def __init__(self, image: int = 12, patch: int = 4, width: int = 16) -> None:
        super().__init__()
        self.patches = Patches(3, patch, width)
        self.places = nn.Parameter(torch.zeros(1, (image // patch) ** 2, width))

    def forward(self, x: Tensor) -> Tensor:
        x = self.patches(x)
        places = self.places
        if places.shape[1] != x.shape[1]:
            places = places.transpose(1, 2)
            places = nn.functional.interpolate(places, size=x.shape[1]).transpose(1, 2)
        return (x + places).tanh()


def resized() -> tuple[nn.Module, tuple[Tensor, ...]]:
    """Returns a model on meta that resizes its places, and an image that needs no resizing."""
    install()
    with torch.device("meta"):
        return Resized().eval(), (torch.zeros(2, 3, 12, 12),)


def classifier(
    image: tuple[int, int] = (12, 12), channels: int = 3, **arguments: int
) -> tuple[nn.Module, tuple[Tensor, ...]]:
    """Returns a classifier on meta, and its input."""
    install()
    with torch.device("meta"):
        model = Classifier(image, channels=channels, **arguments)  # type: ignore[arg-type]
        return model.eval(), (torch.zeros(2, channels, *image),)
