"""Traps of arguments that the first module of a row computes and the others are given."""

import torch
from torch import Tensor, nn

from traps.trap import floats, ids, trap


class Biased(nn.Module):
    """Attention weights with a bias by distance, which the first of a row computes for all."""

    def __init__(self, width: int, has_bias: bool) -> None:
        super().__init__()
        self.query = nn.Linear(width, width)
        self.has_bias = has_bias
        if has_bias:
            self.distances = nn.Embedding(8, 1)

    def forward(self, x: Tensor, bias: Tensor | None = None) -> tuple[Tensor, Tensor]:
        scores = self.query(x) @ x.transpose(1, 2)
        if bias is None:
            steps = torch.arange(x.shape[1], device=x.device)
            distance = (steps[:, None] - steps[None, :]).abs().clamp(max=7)
            bias = self.distances(distance).permute(2, 0, 1)
        return (scores + bias).softmax(-1) @ x, bias


class BiasedBlock(nn.Module):
    def __init__(self, width: int, has_bias: bool) -> None:
        super().__init__()
        self.attention = Biased(width, has_bias)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor, bias: Tensor | None = None) -> tuple[Tensor, Tensor]:
        attended, bias = self.attention(x, bias)
        return x + self.out(attended), bias


@trap(
    floats(2, 5, 6),
    shows=(
        "bias: Option<&Tensor>",
        "distances: Option<Embedding>",
        "match (bias, &self.distances)",
        "let mut bias = None;",
        "bias.as_ref()",
        "bias = Some(",
        "blocks: Vec<BiasedBlock>",
    ),
    hides=("FirstBiased", "block_0", "blocks_0"),
)
class PositionBias(nn.Module):
    """The first block computes a bias and hands it to all others, through two levels."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(BiasedBlock(6, i == 0) for i in range(3))

    def forward(self, x: Tensor) -> Tensor:
        bias = None
        for block in self.blocks:
            x, bias = block(x, bias)
        return x


class Offset(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc = nn.Linear(width, width)

    def forward(self, x: Tensor, offset: Tensor | None = None) -> tuple[Tensor, Tensor]:
        if offset is None:
            offset = torch.zeros(1, x.shape[1], x.shape[2], dtype=x.dtype, device=x.device)
        return self.fc(x) + offset, offset


@trap(
    floats(2, 5, 6),
    shows=("offset: Option<&Tensor>", "match offset {", "None => Tensor::zeros("),
    hides=("match (offset",),
)
class DefaultOfZeros(nn.Module):
    """What is computed needs nothing that the others lack."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Offset(6) for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        offset = None
        for layer in self.layers:
            x, offset = layer(x, offset)
        return x


@trap(
    floats(2, 5, 6),
    shows=("offset: Option<&Tensor>",),
    hides=("Some(next_",),
)
class DefaultReadBehind(nn.Module):
    """What the row hands on is read behind it too."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Offset(6) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        offset = None
        for layer in self.layers:
            x, offset = layer(x, offset)
        return x * (offset + 2)


class TwoTables(nn.Module):
    def __init__(self, first: bool) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)
        if first:
            self.row = nn.Embedding(9, 6)
            self.column = nn.Linear(6, 6, bias=False)

    def forward(
        self, x: Tensor, tokens: Tensor, one: Tensor | None = None, two: Tensor | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        if one is None:
            one = self.row(tokens) * 2
        if two is None:
            two = self.column(x).tanh()
        return self.fc(x) + one * two + tokens[:, :, None], one, two


@trap(
    floats(2, 5, 6),
    ids(9, 2, 5),
    shows=("row: Option<Embedding>", "column: Option<Linear>", "one: Option<&Tensor>"),
    hides=("FirstTwoTables",),
)
class TwoLeftOut(nn.Module):
    """Two arguments are computed by the first of a row."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(TwoTables(i == 0) for i in range(3))

    def forward(self, x: Tensor, tokens: Tensor) -> Tensor:
        one = two = None
        for layer in self.layers:
            x, one, two = layer(x, tokens, one, two)
        return x


class Table(nn.Module):
    def __init__(self, first: bool) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)
        self.table = nn.Embedding(9, 6) if first else None

    def forward(
        self, x: Tensor, tokens: Tensor, row: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        if row is None:
            assert self.table is not None
            row = self.table(tokens)
        return self.fc(x) + row, row


@trap(floats(2, 5, 6), ids(9, 2, 5), hides=("Option<",))
class LeftOutForAnother(nn.Module):
    """What the first of a row computes needs an argument that the others do not read."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Table(i == 0) for i in range(3))

    def forward(self, x: Tensor, tokens: Tensor) -> Tensor:
        row = None
        for layer in self.layers:
            x, row = layer(x, tokens, row)
        return x


class Sharing(nn.Module):
    def __init__(self, first: bool) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)
        self.key = nn.Linear(6, 6) if first else None

    def forward(self, x: Tensor, key: Tensor | None = None) -> tuple[Tensor, Tensor]:
        if key is None:
            assert self.key is not None
            key = self.key(x)
        return self.fc(x) * key, key


@trap(floats(2, 6), shows=("key: Option<&Tensor>", "(None, Some("))
class OneLayerLeftOut(nn.Module):
    """The last call of a row takes an argument that is not the one before it returned."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Sharing(i == 0) for i in range(4))

    def forward(self, x: Tensor) -> Tensor:
        x, key = self.layers[0](x)
        x, _ = self.layers[1](x, key)
        x, _ = self.layers[2](x, key)
        x, _ = self.layers[3](x, x + 1)
        return x


class Slope(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc = nn.Linear(width, width)

    def forward(self, x: Tensor, offset: Tensor | None = None) -> tuple[Tensor, Tensor]:
        if offset is None:
            offset = torch.ones(1, x.shape[1], x.shape[2], dtype=x.dtype, device=x.device)
        return self.fc(x) * offset, offset


class TwiceOffset(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = Offset(width)
        self.second = Slope(width)

    def forward(
        self, x: Tensor, one: Tensor | None = None, two: Tensor | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        x, offset = self.first(x, one)
        x, slope = self.second(x.cos(), two)
        return x, offset, slope


@trap(floats(2, 5, 6), shows=("let mut offset = None", "let mut offset2 = None"))
class TwoOffsets(nn.Module):
    """A loop carries two values whose makers have one name for them, both made by the first."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(TwiceOffset(6) for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        one = two = None
        for block in self.blocks:
            x, one, two = block(x, one, two)
        return x


@trap(floats(2, 5, 6), shows=("bias: Option<&Tensor>",))
class StatesAndBias(nn.Module):
    """A row hands on a bias, and what each of its blocks returns is kept as well."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(BiasedBlock(6, i == 0) for i in range(3))

    def forward(self, x: Tensor) -> Tensor:
        bias, states = None, [x]
        for block in self.blocks:
            x, bias = block(x, bias)
            states.append(x)
        return torch.cat(states, -1)


class Joining(nn.Module):
    def __init__(self, first: bool, count: int) -> None:
        super().__init__()
        self.fc = nn.Linear(6 * count, 6)
        self.gate = nn.Linear(6, 6) if first else None

    def forward(self, states: list[Tensor], gate: Tensor | None = None) -> tuple[Tensor, Tensor]:
        if gate is None:
            assert self.gate is not None
            gate = self.gate(states[0])
        return self.fc(torch.cat(states, -1)) * gate, gate


@trap(floats(2, 6))
class ListsAndGate(nn.Module):
    """Modules take a growing list, and the first of them computes what the others are given."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Joining(i == 0, i + 1) for i in range(3))

    def forward(self, x: Tensor) -> Tensor:
        gate, states = None, [x]
        for layer in self.layers:
            x, gate = layer(states, gate)
            states.append(x)
        return x
