"""Random state dicts: every dtype, and every way in which a tensor can share its storage."""

from __future__ import annotations

import random

import torch

LOADABLE = (
    torch.float64,
    torch.float32,
    torch.float16,
    torch.bfloat16,
    torch.float8_e4m3fn,
    torch.int64,
    torch.int32,
    torch.int16,
    torch.int8,
    torch.uint8,
    torch.uint16,
    torch.uint32,
    torch.uint64,
    torch.bool,
)
"""What Candle loads, as it is or converted."""

UNLOADABLE = (torch.float8_e5m2, torch.complex64)
"""What Candle does not load: it may lie beside what is needed."""

OLD = tuple(
    dtype
    for dtype in LOADABLE
    if dtype not in (torch.float8_e4m3fn, torch.uint16, torch.uint32, torch.uint64)
)
"""What the legacy format can hold in a way that torch itself reads back."""

SIZES = (0, 1, 1, 2, 3, 5, 7, 16, 33)


def random_tensor(rng: random.Random, dtypes: tuple[torch.dtype, ...]) -> torch.Tensor:
    """Returns a tensor of random bytes, often a view."""
    dtype = rng.choice(dtypes)
    shape = [rng.choice(SIZES) for _ in range(rng.randint(0, 4))]
    count = 1
    for size in shape:
        count *= size
    padding = rng.randint(0, 9)
    itemsize = torch.empty(0, dtype=dtype).element_size()
    raw = torch.randint(0, 256, ((count + padding) * itemsize,), dtype=torch.uint8)
    if dtype == torch.bool:
        raw &= 1
    if dtype == torch.uint64:
        raw[7::8] &= 127  # What does not fit i64 is refused, which has its own test.
    start = rng.randint(0, padding)
    tensor = random_view(rng, raw.view(dtype)[start : start + count].reshape(shape))
    if dtype.is_floating_point and itemsize > 1 and rng.random() < 0.15:
        return torch.nn.Parameter(tensor)
    return tensor


def random_view(rng: random.Random, tensor: torch.Tensor) -> torch.Tensor:
    """Returns a tensor, or a view of it with other strides."""
    rank = tensor.dim()
    match rng.randrange(8):
        case 0 if rank >= 2:
            return tensor.permute(rng.sample(range(rank), rank))
        case 1 if rank >= 1:
            dim = rng.randrange(rank)
            return tensor.narrow(dim, 1, tensor.shape[dim] - 1) if tensor.shape[dim] > 1 else tensor
        case 2 if rank >= 1:
            return tensor[(slice(None),) * rng.randrange(rank) + (slice(None, None, 2),)]
        case 3:
            return tensor.unsqueeze(0).expand(3, *tensor.shape)
        case 4 if rank == 4 and tensor.element_size() > 1:
            return tensor.contiguous(memory_format=torch.channels_last)
    return tensor


def random_state(rng: random.Random, dtypes: tuple[torch.dtype, ...]) -> dict[str, torch.Tensor]:
    """Returns a state dict, with names that share a tensor, or part of one."""
    state = {
        f"layers.{index}.weight": random_tensor(rng, dtypes) for index in range(rng.randint(1, 10))
    }
    names = list(state)
    if rng.random() < 0.5:
        state["tied"] = state[rng.choice(names)]
    if rng.random() < 0.3 and state[names[0]].numel():
        state["überlappend"] = state[names[0]].reshape(-1)[:1]
    return state
