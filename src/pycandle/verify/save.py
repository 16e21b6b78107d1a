"""Keeps the sets of a verification, for others to check."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pycandle.manifest.schema import Entry
from pycandle.verify.input_files import InputSet
from pycandle.verify.judge import as_torch
from pycandle.verify.rust_sets import SetRun
from pycandle.verify.tensor_file import Array, open_tensors, write_arrays
from pycandle.weights.atomic_file import replacing, write_all


def save_sets(
    folder: Path,
    name: str,
    entry: Entry,
    sets: Sequence[InputSet],
    runs: Sequence[SetRun],
    weights: Path,
) -> None:
    """Writes `NAME.safetensors` (of another entry than `forward`: `NAME.ENTRY.safetensors`).

    It has `set.I/input/PATH` and, from Rust, `set.I/output/PATH`, in PyTorch's dtypes, I from 1.
    The weights are beside it as `NAME_weights.safetensors`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = name if entry.name == "forward" else f"{name}.{entry.name}"
    arrays: dict[str, Array] = {}
    dtypes: dict[str, str] = {}
    for number, (item, run) in enumerate(zip(sets, runs, strict=True), 1):
        given = open_tensors(item.torch_inputs)
        for path in given:
            arrays[f"set.{number}/input/{path}"] = given[path]
            dtypes[f"set.{number}/input/{path}"] = given.dtype(path)
        reference = open_tensors(item.torch)
        for key in reference if run.outputs is not None else ():
            if run.outputs is not None and key.startswith("output/") and key in run.outputs:
                dtype = reference.dtype(key)
                arrays[f"set.{number}/{key}"] = as_torch(run.outputs[key], dtype)
                dtypes[f"set.{number}/{key}"] = dtype
    write_arrays(folder / f"{stem}.safetensors", arrays, dtypes)
    kept = folder / f"{name}_weights.safetensors"
    if not (kept.exists() and kept.samefile(weights)):
        with replacing(kept, weights.stat().st_size) as file, weights.open("rb") as source:
            while chunk := source.read(1 << 20):
                write_all(file, chunk)
