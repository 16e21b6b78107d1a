"""Weights files: drawn for a verification, or given and checked."""

from collections.abc import Collection, Mapping
from pathlib import Path

from pycandle.dtypes import DTYPES
from pycandle.errors import Diagnostic, Place, PyCandleError
from pycandle.manifest.schema import Manifest, StateTensor
from pycandle.verify.draws import draw
from pycandle.verify.roles import state_roles
from pycandle.verify.tensor_file import (
    Array,
    TensorFile,
    open_tensors,
    stored_for_candle,
    write_tensors,
)

SHOWN = 20
"""Wrong tensors that are listed; a checkpoint of another model has hundreds."""


def check_weights(manifest: Manifest, path: Path, computed: Collection[str] = ()) -> None:
    """Refuses a weights file that lacks what the model reads, or has it in another shape.

    `computed`: what the generated code computes, by canonical name, and reads from no file.
    """
    file = open_tensors(path)
    wrong = [
        problem
        for tensor in manifest.state
        if tensor.used
        and tensor.name not in computed
        and (problem := _weight_problem(tensor, file)) is not None
    ]
    if not wrong:
        return
    left = len(wrong) - SHOWN
    more = [Diagnostic("weights", f"and {left} more tensors", Place(str(path)))] if left > 0 else []
    raise PyCandleError(wrong[:SHOWN] + more)


def _weight_problem(tensor: StateTensor, file: TensorFile) -> Diagnostic | None:
    place = Place(str(file.path), detail=f"tensor `{tensor.name}`")
    hint = "`pycandle extract` writes the weights file that this manifest needs"
    if tensor.name not in file:
        title = f"the weights have no `{tensor.name}`"
        return Diagnostic("missing-weight", title, place, hint=hint)
    shape, dtype = file.shape(tensor.name), file.dtype(tensor.name)
    if shape != tuple(tensor.shape):
        title = f"`{tensor.name}` has shape {list(shape)}, the model has {tensor.shape}"
        return Diagnostic("weight-shape", title, place)
    wanted = DTYPES[tensor.dtype]
    is_float = dtype in DTYPES and DTYPES[dtype].is_float
    exact = wanted.candle is not None and dtype.upper() in (wanted.torch.upper(), wanted.candle)
    same = dtype in DTYPES and DTYPES[dtype].candle == wanted.candle and dtype != "bool"
    if (is_float and wanted.is_float) or (exact and dtype != "bool") or same:
        return None
    title = f"`{tensor.name}` is {dtype}, the model reads {tensor.dtype}"
    return Diagnostic("weight-dtype", title, place, hint=hint)


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
    return stored_for_candle(tensor.dtype)


def weights_for_torch(manifest: Manifest, weights: Path, scratch: Path) -> Path:
    """Returns the weights with the dtypes that PyTorch has.

    That is the file itself, unless Candle lacks a dtype of the model's state, such as bool.
    """
    used = {tensor.name: tensor for tensor in manifest.state if tensor.used}
    other = {name for name, item in used.items() if stored_for_candle(item.dtype) != item.dtype}
    if not other:
        return weights
    file = open_tensors(weights)
    # What the Rust computes need not be there; the replay takes it from the trace.
    layout = {
        name: (used[name].dtype if name in other else file.dtype(name), file.shape(name))
        for name in used
        if name in file
    }
    path = scratch / "weights.torch.safetensors"
    write_tensors(path, layout, file.__getitem__)
    return path
