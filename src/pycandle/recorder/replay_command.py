"""The replay behind a door: a request in JSON, tensors in safetensors files.

The file of a set holds `output/PATH`, and `call/MODULE@N/PATH` if calls are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
import torch
from safetensors import SafetensorError, safe_open

from pycandle.errors import Place, refusal
from pycandle.manifest.reader import read_manifest
from pycandle.manifest.schema import Manifest
from pycandle.recorder.replay import call_name, get_entry, replay, replay_recipes
from pycandle.recorder.trace import write_tensors


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to replay. `inputs` and `out` are files, one of each for a set."""

    manifest: str
    entry: str
    weights: str
    inputs: list[str]
    out: list[str]
    dtype: Literal["float32", "float64"]
    """`float64` replaces every float dtype; `float32` those of a model in another dtype."""
    calls: bool = False


def read_request(path: Path) -> Request:
    """Returns the request in a file."""
    try:
        request = msgspec.json.decode(path.read_bytes(), type=Request)
    except OSError as error:
        raise refusal(
            "bad-request", f"the request cannot be read: {error.strerror}", place=Place(str(path))
        ) from None
    except msgspec.DecodeError as error:
        raise refusal(
            "bad-request", f"the request is wrong: {error}", place=Place(str(path))
        ) from (None)
    if len(request.inputs) != len(request.out):
        title = f"{len(request.inputs)} input files and {len(request.out)} output files"
        raise refusal("bad-request", title, place=Place(str(path)))
    return request


def answer(request: Request) -> None:
    """Runs every set of a request and writes its file."""
    manifest = read_manifest(request.manifest)
    entry = get_entry(manifest, request.entry)
    dtype = _dtype(manifest, request.dtype)
    with ExitStack() as files:
        state = State(
            [
                _open(Path(request.weights), files),
                _open(Path(request.manifest).parent / manifest.trace, files, optional=True),
            ]
        )
        tables = _tables(manifest, state, request.dtype)
        for given, out in zip(request.inputs, request.out, strict=True):
            inputs = _read_inputs(Path(given))
            found: dict[str, torch.Tensor] = {}

            def on_call(
                call: int,
                outputs: Mapping[str, torch.Tensor],
                found: dict[str, torch.Tensor] = found,
            ) -> None:
                name = call_name(entry.calls[call])
                # Later ops may write to these tensors.
                found.update(
                    {f"call/{name}/{path}": _held(item).clone() for path, item in outputs.items()}
                )

            outputs = replay(
                manifest,
                request.entry,
                state,
                inputs,
                dtype=dtype,
                on_call=on_call if request.calls else None,
            )
            found.update({f"output/{path}": _held(value) for path, value in outputs.items()})
            write_tensors({**tables, **found}, Path(out))


def _tables(
    manifest: Manifest, state: Mapping[str, torch.Tensor], name: str
) -> dict[str, torch.Tensor]:
    """Returns what the recipes give, below `state/`, and what the run reads, below `given/`."""
    recipes = replay_recipes(manifest, dtype=torch.float64 if name == "float64" else None)
    found = {f"state/{path}": value for path, value in recipes.items()}
    found |= {f"given/{path}": state[path] for path in recipes}
    # Rust runs in float32 whatever the model was recorded in.
    halves = (torch.float16, torch.bfloat16)
    return {path: v.float() if v.dtype in halves else v for path, v in found.items()}


def _held(tensor: torch.Tensor) -> torch.Tensor:
    """Returns complex numbers as pairs, which they are in Rust; the file has no others."""
    return torch.view_as_real(tensor.resolve_conj()) if tensor.is_complex() else tensor


def _dtype(manifest: Manifest, name: str) -> torch.dtype | None:
    """Returns what replaces the float dtypes; None where the recorded ones stay."""
    if name == "float64":
        return torch.float64
    return None if manifest.dtype == "float32" else torch.float32


@dataclass(frozen=True)
class TensorFile:
    """An open safetensors file and its names."""

    handle: safe_open
    names: frozenset[str]


@dataclass(frozen=True)
class State(Mapping[str, torch.Tensor]):
    """State tensors by canonical name, read when they are asked for.

    Weights files have bare names; the trace has them below `state/` or `constant/`.
    """

    files: list[TensorFile | None]

    def __getitem__(self, name: str) -> torch.Tensor:
        for file in self.files:
            for stored in (name, f"state/{name}", f"constant/{name.removeprefix('constant.')}"):
                if file is not None and stored in file.names:
                    return file.handle.get_tensor(stored)
        raise refusal(
            "missing-state",
            f"no tensor `{name}` in the weights or in the trace",
            hint="`pycandle extract` writes weights that fit the manifest",
        )

    def __iter__(self) -> Iterator[str]:
        for file in self.files:
            yield from file.names if file is not None else ()

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _open(path: Path, files: ExitStack, *, optional: bool = False) -> TensorFile | None:
    if optional and not path.is_file():
        return None
    try:
        handle = files.enter_context(safe_open(str(path), framework="pt"))
    except (OSError, SafetensorError) as error:
        raise refusal(
            "bad-tensor-file", f"not a safetensors file: {error}", place=Place(str(path))
        ) from None
    return TensorFile(handle, frozenset(handle.keys()))


def _read_inputs(path: Path) -> dict[str, torch.Tensor]:
    """Returns the tensors of an input file, with bare paths or below `input/`."""
    with ExitStack() as files:
        file = _open(path, files)
        assert file is not None
        return {
            name.removeprefix("input/"): file.handle.get_tensor(name) for name in sorted(file.names)
        }
