"""Seeded values for weights and inputs: the same on every machine."""

import hashlib
import math

import numpy as np

from pycandle.dtypes import DTYPES
from pycandle.verify.roles import Role
from pycandle.verify.tensor_file import NUMPY, Array


def draw(seed: str, dtype: str, shape: tuple[int, ...], role: Role) -> Array:
    """Returns values of `dtype` (torch's name) as the role asks; floats are drawn as float32.

    The same seed, dtype, shape and role give the same values.
    """
    digest = hashlib.sha256(seed.encode()).digest()
    generator = np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "little")))
    if not DTYPES[dtype].is_float:
        return _integers(generator, dtype, shape, role)
    if role.kind == "variance":
        return 0.5 + generator.random(shape, np.float32)
    normal = generator.standard_normal(shape, np.float32)
    match role.kind:
        case "scale":
            return 1 + np.float32(0.1) * normal
        case "shift":
            return np.float32(0.1) * normal
        case _:
            return normal / np.float32(math.sqrt(role.fan_in))


def _integers(
    generator: np.random.Generator, dtype: str, shape: tuple[int, ...], role: Role
) -> Array:
    below = max(1, role.below) if role.kind == "index" else 2
    values = generator.integers(0, below, shape).astype(NUMPY[dtype])
    if role.kind == "flags" and values.size and values.ndim:
        # Both values occur, and no row is all 0: a mask that hides everything compares noise.
        values[..., 0] = 1
        values.reshape(-1)[1 : min(2, shape[-1])] = 0
    return values
