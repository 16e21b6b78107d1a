"""The trace: the tensors that belong to a manifest, in a safetensors file."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

import torch
from safetensors.torch import save_file

from pycandle.errors import Diagnostic, Place, PyCandleError
from pycandle.manifest.writer import readable
from pycandle.recorder.state import Owned, State


def state_tensors(state: State, *, real: bool) -> dict[str, torch.Tensor]:
    """Returns the values that the trace holds, by name in the file.

    Of a meta model these are the non-persistent buffers and constants that the program reads. One
    whose data is not known is an error; all such are reported at once.
    """
    found: dict[str, torch.Tensor] = {}
    problems: list[Diagnostic] = []
    for owned in state.tensors.values():
        computed = owned.kind in ("non_persistent_buffer", "constant")
        if not real and not (computed and owned.used):
            continue
        value = owned.value()
        if value is None:
            problems.append(_unknown(owned))
        else:
            folder = "constant" if owned.kind == "constant" else "state"
            found[f"{folder}/{owned.name.removeprefix('constant.')}"] = value
    if problems:
        raise PyCandleError(problems)
    return found


def _unknown(owned: Owned) -> Diagnostic:
    kind = owned.kind.replace("_", "-").replace("non-persistent-", "non-persistent ")
    module = owned.name.rpartition(".")[0] or "the model"
    return Diagnostic(
        "unknown-constant",
        f"the data of the {kind} `{owned.name}` is not known: it was made on the meta device, "
        "and no checkpoint holds it",
        Place(detail=f"tensor `{owned.name}`"),
        hint=f"build `{module}` on the CPU (`with torch.device('cpu'): ...`), or import `spy` "
        "before the model is built",
    )


def write_tensors(tensors: dict[str, torch.Tensor], path: Path) -> None:
    """Writes a safetensors file: the old one or the new one, and never a part."""
    with NamedTemporaryFile(
        dir=path.parent, prefix=f".{path.name}.", suffix=".part", delete=False
    ) as file:
        temporary = Path(file.name)
    try:
        save_file(_unshared(tensors), str(temporary))
        with temporary.open("rb+") as written:
            os.fsync(written.fileno())
        readable(temporary)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _unshared(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Returns contiguous tensors with a storage each, which the format demands."""
    seen: set[int] = set()
    found: dict[str, torch.Tensor] = {}
    for name, tensor in tensors.items():
        value = tensor.contiguous()
        storage = value.untyped_storage()
        whole = storage.nbytes() == value.numel() * value.element_size()
        if storage._cdata in seen or not whole:
            value = value.clone()
        seen.add(value.untyped_storage()._cdata)
        found[name] = value
    return found
