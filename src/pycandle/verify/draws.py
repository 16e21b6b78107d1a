"""Seeded values for weights and inputs: the same on every machine."""

import hashlib
import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from pycandle.dtypes import DTYPES
from pycandle.errors import Diagnostic, Place, PyCandleError
from pycandle.manifest.schema import Manifest, StateTensor
from pycandle.verify.roles import Role, state_roles
from pycandle.verify.tensor_file import NUMPY, Array, TensorFile, write_tensors


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


def draw_weights(manifest: Manifest, trace: TensorFile | None, path: Path) -> None:
    """Writes a weights file: what the trace holds, and seeded draws for all other used state.

    Floats are float32 where they follow the model's dtype, bools are U8, as Candle reads them.
    """
    held = find_traced_state(manifest, trace)
    missing = [
        Diagnostic(
            "missing-constant",
            f"the trace does not hold `{tensor.name}`, whose values no checkpoint has",
            Place(manifest.trace, detail=f"tensor `{tensor.name}`"),
            hint="record the model again; the trace belongs beside the manifest",
        )
        for tensor in manifest.state
        if tensor.used
        and tensor.name not in held
        and tensor.kind in ("constant", "non_persistent_buffer")
    ]
    if missing:
        raise PyCandleError(missing)
    used = {tensor.name: tensor for tensor in manifest.state if tensor.used}
    roles = state_roles(manifest)

    def get(name: str) -> Array:
        tensor = used[name]
        if name in held and trace is not None:
            return trace[held[name]]
        return draw(f"state/{name}", tensor.dtype, tuple(tensor.shape), roles[name])

    layout = {name: (stored_dtype(tensor), tuple(tensor.shape)) for name, tensor in used.items()}
    write_tensors(path, layout, get)


def find_traced_state(manifest: Manifest, trace: TensorFile | None) -> Mapping[str, str]:
    """Returns where the trace holds a state tensor: the names in it, by canonical name."""
    if trace is None:
        return {}
    places = ((t.name, key) for t in manifest.state for key in _trace_keys(t))
    return {name: key for name, key in places if key in trace}


def _trace_keys(tensor: StateTensor) -> tuple[str, ...]:
    bare = tensor.name.removeprefix("constant.")
    return (f"state/{tensor.name}", f"constant/{tensor.name}", f"constant/{bare}")


def stored_dtype(tensor: StateTensor) -> str:
    """Returns the dtype that a weights file for verification has for a state tensor.

    Parameters and persistent float buffers follow the model's dtype, float32 here; the rest keeps
    its own, as far as Candle has it.
    """
    follows = tensor.kind in ("parameter", "persistent_buffer")
    if follows and DTYPES[tensor.dtype].is_float:
        return "float32"
    return "uint8" if tensor.dtype == "bool" else tensor.dtype
