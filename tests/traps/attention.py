"""Traps of attention: numbers that are equal by chance, masks, and heads."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from traps.trap import floats, ids, trap


@trap(floats(2, 7, 9))
class HeadsEqualHeadSize(nn.Module):
    """Heads, head size, key-value heads and the q, k, v of a packed projection are all 3."""

    def __init__(self) -> None:
        super().__init__()
        self.num_heads = 3
        self.head_dim = 3
        self.qkv = nn.Linear(9, 27)
        self.proj = nn.Linear(9, 9)

    def forward(self, x: Tensor) -> Tensor:
        b, n, c = x.shape
        qkv = self.qkv(x).reshape(b, n, 3, self.num_heads, self.head_dim).permute(2, 0, 3, 1, 4)
        q, k, v = qkv.unbind(0)
        x = functional.scaled_dot_product_attention(q, k, v)
        return self.proj(x.transpose(1, 2).reshape(b, n, c))


@trap(floats(2, 7, 20))
class ThreeIsNotTheHeads(nn.Module):
    """A packed projection is split in 3, and there are 3 groups of heads beside 5 heads."""

    def __init__(self) -> None:
        super().__init__()
        self.num_heads = 5
        self.groups = 3
        self.qkv = nn.Linear(20, 60)
        self.mix = nn.Linear(20, 9)

    def forward(self, x: Tensor) -> Tensor:
        b, n, c = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, self.num_heads, 4).permute(2, 0, 3, 1, 4)
        x = (q @ k.transpose(-2, -1) * 4**-0.5).softmax(-1) @ v
        x = self.mix(x.transpose(1, 2).reshape(b, n, c))
        return x.reshape(b, n, self.groups, 3).sum(2)


@trap(floats(2, 7, 24))
class GroupedQueries(nn.Module):
    """Key-value heads are repeated with `expand`, whose view has a stride of 0."""

    def __init__(self) -> None:
        super().__init__()
        self.q = nn.Linear(24, 24, bias=False)
        self.k = nn.Linear(24, 8, bias=False)
        self.v = nn.Linear(24, 8, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        b, s, _ = x.shape
        q = self.q(x).view(b, s, 6, 4).transpose(1, 2)
        k = repeat_kv(self.k(x).view(b, s, 2, 4).transpose(1, 2), 3)
        v = repeat_kv(self.v(x).view(b, s, 2, 4).transpose(1, 2), 3)
        weights = torch.matmul(q, k.transpose(2, 3)).softmax(dim=-1)
        return torch.matmul(weights, v).transpose(1, 2).contiguous().view(b, s, -1)


def repeat_kv(x: Tensor, n: int) -> Tensor:
    b, heads, s, size = x.shape
    x = x[:, :, None, :, :].expand(b, heads, n, s, size)
    return x.reshape(b, heads * n, s, size)


@trap(floats(2, 7, 6))
class SmallestNumberMask(nn.Module):
    """A causal mask of the smallest float, added to the scores."""

    def forward(self, x: Tensor) -> Tensor:
        s = x.shape[1]
        mask = torch.full((s, s), torch.finfo(x.dtype).min, dtype=x.dtype, device=x.device)
        return (x @ x.transpose(1, 2) + mask.triu(1)).softmax(-1) @ x


@trap(floats(2, 7, 6), ids(2, 2, 7))
class PaddingMask(nn.Module):
    """A mask of the caller, with a row that is all padding but for its start."""

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        inverted = 1.0 - mask[:, None, :].to(x.dtype)
        bias = inverted.masked_fill(inverted.bool(), torch.finfo(x.dtype).min)
        return (x @ x.transpose(1, 2) + bias).softmax(-1) @ x


@trap(floats(2, 7, 6))
class BooleanMask(nn.Module):
    """A boolean mask made of positions, handed to the fused attention."""

    def forward(self, x: Tensor) -> Tensor:
        at = torch.arange(x.shape[1], device=x.device)
        mask = (at[None, :] <= at[:, None]) & (at[None, :] > at[:, None] - 3)
        q = x[:, None]
        return functional.scaled_dot_product_attention(q, q, q, attn_mask=mask)[:, 0]


@trap(floats(2, 7, 12))
class Rotary(nn.Module):
    """Tables from a non-persistent buffer, and one helper called for queries and for keys."""

    def __init__(self) -> None:
        super().__init__()
        frequency = 1.0 / 100.0 ** (torch.arange(0, 6, 2).float() / 6)
        self.register_buffer("inv_freq", frequency, persistent=False)
        self.q = nn.Linear(12, 12, bias=False)
        self.k = nn.Linear(12, 12, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        b, s, _ = x.shape
        angles = torch.outer(torch.arange(s, device=x.device).float(), self.inv_freq)
        emb = torch.cat((angles, angles), dim=-1)
        cos, sin = emb.cos().to(x.dtype), emb.sin().to(x.dtype)
        q, k = self.q(x).view(b, s, 2, 6), self.k(x).view(b, s, 2, 6)
        q, k = apply_rotary(q, k, cos[:, None], sin[:, None])
        return (q * k).flatten(2)


def rotate_half(x: Tensor) -> Tensor:
    x1 = x[..., : x.shape[-1] // 2]
    x2 = x[..., x.shape[-1] // 2 :]
    return torch.cat((-x2, x1), dim=-1)


def apply_rotary(q: Tensor, k: Tensor, cos: Tensor, sin: Tensor) -> tuple[Tensor, Tensor]:
    q_embed = (q * cos) + (rotate_half(q) * sin)
    k_embed = (k * cos) + (rotate_half(k) * sin)
    return q_embed, k_embed


@trap(floats(2, 7, 12))
class CombinedHeads(nn.Module):
    """PyTorch's own multi-head attention, whose parent reads the weight of its output layer."""

    def __init__(self) -> None:
        super().__init__()
        self.attn = nn.MultiheadAttention(12, 3, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.attn(x, x, x, need_weights=False)[0]


@trap(floats(2, 3, 16, 24), shows=("(&q, &q, &v, None, false, None)",), hides=("arange",))
class MaskOfAllPatches(nn.Module):
    """The mask of an encoder is true for every number of patches, which is h // 8 * (w // 8)."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 8, 8)
        self.q = nn.Linear(8, 8)

    def forward(self, x: Tensor) -> Tensor:
        h = self.conv(x).flatten(2).transpose(1, 2)
        batch, count, _ = h.shape
        positions = torch.arange(count, device=x.device)
        mask = (positions[None, None, :, None] >= 0).expand(batch, 1, count, count)
        q = self.q(h).unsqueeze(1)
        v = h.unsqueeze(1)
        return functional.scaled_dot_product_attention(q, q, v, attn_mask=mask).squeeze(1)
