"""Small models with a configuration, and some without, whose numbers are to be learned."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from pycandle.recorder import GoldenRecorder, install


@dataclass
class DecoderConfig:
    """What a `Decoder` is built from."""

    vocab_size: int = 48
    hidden_size: int = 16
    num_layers: int = 2
    num_heads: int = 4
    num_groups: int = 2
    ratio: float = 2.5
    eps: float = 1e-6
    divisor: int = 3
    activation: str = "silu"
    use_bias: bool = False
    rope: dict[str, float] = field(default_factory=lambda: {"theta": 100.0})


class Norm(nn.Module):
    def __init__(self, size: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = eps

    def forward(self, xs: Tensor) -> Tensor:
        return self.weight * xs * torch.rsqrt(xs.pow(2).mean(-1, keepdim=True) + self.eps)


class SelfAttention(nn.Module):
    """Its scale is in no argument: the default of the op follows from a shape."""

    def __init__(self, config: DecoderConfig) -> None:
        super().__init__()
        self.num_heads = config.num_heads
        self.num_groups = config.num_groups
        self.head_dim = config.hidden_size // config.num_heads
        width = config.num_groups * self.head_dim
        self.q_proj = nn.Linear(config.hidden_size, config.hidden_size, bias=config.use_bias)
        self.k_proj = nn.Linear(config.hidden_size, width, bias=config.use_bias)
        self.v_proj = nn.Linear(config.hidden_size, width, bias=config.use_bias)

    def forward(self, xs: Tensor) -> Tensor:
        b, s, _ = xs.shape
        q = self.q_proj(xs).view(b, s, self.num_heads, self.head_dim).transpose(1, 2)
        k = self.k_proj(xs).view(b, s, self.num_groups, self.head_dim).transpose(1, 2)
        v = self.v_proj(xs).view(b, s, self.num_groups, self.head_dim).transpose(1, 2)
        if self.num_groups != self.num_heads:
            k = k.repeat_interleave(self.num_heads // self.num_groups, dim=1)
            v = v.repeat_interleave(self.num_heads // self.num_groups, dim=1)
        xs = F.scaled_dot_product_attention(q, k, v)
        return xs.transpose(1, 2).reshape(b, s, -1)


class DecoderLayer(nn.Module):
    def __init__(self, config: DecoderConfig) -> None:
        super().__init__()
        inner = int(config.hidden_size * config.ratio)
        self.norm = Norm(config.hidden_size, config.eps)
        self.attn = SelfAttention(config)
        self.up = nn.Linear(config.hidden_size, inner)
        self.down = nn.Linear(inner, config.hidden_size)
        self.act = {"silu": F.silu, "relu": F.relu}[config.activation]

    def forward(self, xs: Tensor) -> Tensor:
        xs = xs + self.attn(self.norm(xs))
        return xs + self.down(self.act(self.up(xs)))


class Decoder(nn.Module):
    def __init__(self, config: DecoderConfig) -> None:
        super().__init__()
        self.embed = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(DecoderLayer(config) for _ in range(config.num_layers))
        self.norm = Norm(config.hidden_size, config.eps)
        self.divisor = config.divisor
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        exponent = torch.arange(config.hidden_size) / config.hidden_size
        frequencies = config.rope["theta"] ** -exponent
        self.register_buffer("frequencies", frequencies, persistent=False)

    def forward(self, input_ids: Tensor) -> Tensor:
        places = torch.arange(input_ids.shape[1], device=input_ids.device)
        xs = self.embed(input_ids) + torch.sin(places[:, None] * self.frequencies)
        for layer in self.layers:
            xs = layer(xs)
        xs = xs / self.divisor if self.divisor > 1 else xs.tanh()
        return self.head(self.norm(xs))


def decoder(**changes: object) -> tuple[nn.Module, tuple[Tensor, ...]]:
    """Returns a decoder on meta, and its input."""
    install()
    with torch.device("meta"):
        model = Decoder(DecoderConfig(**changes))  # type: ignore[arg-type]
        return model.eval(), (torch.zeros(2, 5, dtype=torch.long),)


def record(
    made: tuple[nn.Module, tuple[Tensor, ...]], folder: Path, name: str, *, budget: float
) -> Path:
    """Records a model, and learns for `budget` seconds; returns the manifest's path."""
    model, args = made
    recorder = GoldenRecorder(folder, budget=budget)
    recorder.record(model, *args)
    recorder.save(name)
    return folder / f"{name}_manifest.json"
