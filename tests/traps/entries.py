"""Traps of models with several entries: methods beside `forward` on the same structs."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from traps.trap import floats, ids, trap


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)
        self.norm = nn.LayerNorm(6)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        y = self.fc(self.norm(x))
        return x + (y if mask is None else y * mask)


@trap(
    floats(2, 5, 6),
    entries={
        "again": (floats(2, 3, 6),),
        "encode": (floats(3, 4, 6),),
        "decode": (floats(2, 7, 6), floats(2, 7, 1)),
    },
    shows=(
        "pub fn forward(&self, x: &Tensor)",
        "pub fn again(&self, x: &Tensor)",
        "pub fn encode(&self, x: &Tensor)",
        "pub fn decode(&self, code: &Tensor, mask: &Tensor)",
        "for layer in &self.layers",
        "fn forward_with_mask(",
        "self.layers[0].forward_with_mask(",
    ),
    hides=("layers2", "layers_0", "Block2", "head2", "num_layers"),
)
class Autoencoder(nn.Module):
    """`forward` shares every layer with other methods; one passes a mask, one does the same."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Block() for _ in range(3))
        self.head = nn.Linear(6, 6)

    def encode(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return x

    def decode(self, code: Tensor, mask: Tensor) -> Tensor:
        return self.head(self.layers[0](code, mask))

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.encode(x))

    def again(self, x: Tensor) -> Tensor:
        return self.head(self.encode(x))


@dataclass
class Features:
    hidden: Tensor
    pooled: Tensor


@trap(
    ids(11, 2, 5),
    entries={"embed": (ids(11, 3, 4),), "new": (floats(2, 3, 6),), "type": (floats(2, 3, 6),)},
    shows=("-> Result<Features>", "-> Result<(Tensor, Tensor)>"),
)
class ManyFaces(nn.Module):
    """Entries return a dataclass, the same again, a tuple and a tensor, under Rust's own words."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens = nn.Embedding(11, 6)
        self.head = nn.Linear(6, 11, bias=False)
        self.head.weight = self.tokens.weight

    def forward(self, ids: Tensor) -> Features:
        x = self.tokens(ids)
        return Features(hidden=x, pooled=x.mean(1))

    def embed(self, ids: Tensor) -> Features:
        x = self.tokens(ids).tanh()
        return Features(hidden=x, pooled=x.amax(1))

    def new(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return self.head(x), x + 1

    def type(self, x: Tensor) -> Tensor:
        return self.head(x).softmax(-1)


@trap(floats(2, 6), entries={"double": (ids(9, 2, 6),)}, shows=("pub fn double(",))
class OtherDtype(nn.Module):
    """An entry takes integers, and returns another dtype than the model has."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(x)

    def double(self, x: Tensor) -> Tensor:
        return self.fc(x.float()).to(torch.float64) + x
