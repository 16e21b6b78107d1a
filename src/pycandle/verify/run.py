"""Runs the generated Rust on a user's tensors."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pycandle.dtypes import DTYPES
from pycandle.errors import Place, PyCandleError, refusal
from pycandle.manifest.schema import Entry, Manifest
from pycandle.verify.build import build, target_directory
from pycandle.verify.door import read_inputs, write_for_rust
from pycandle.verify.execute import Binary, LoadError, RustRun, execute
from pycandle.verify.harness import harness_source, tapped_program
from pycandle.verify.judge import as_torch
from pycandle.verify.model import Model
from pycandle.verify.tensor_file import Array, TensorFile, open_tensors, write_arrays
from pycandle.verify.weights_file import check_weights

RUNNABLE = ("float32", "float16", "bfloat16", "float64")
"""Float dtypes that Candle computes in on a CPU."""


def run(
    manifest: Path,
    weights: Path,
    inputs: Path,
    out: Path,
    *,
    entry: str = "forward",
    disabled: frozenset[str] = frozenset(),
    on_progress: Callable[[str], None] = lambda _: None,
) -> RustRun:
    """Runs an entry of the generated Rust and writes its outputs by path, in PyTorch's dtypes.

    The model runs in the dtype that it was recorded in. Weights and inputs that do not fit are
    refused all at once. Returns the times.
    """
    from pycandle.codegen import generate
    from pycandle.manifest.reader import read_manifest

    recorded = read_manifest(manifest)
    chosen = find_entry(recorded, entry, manifest)
    model = Model(manifest, recorded, generate(recorded, disabled=disabled), None)
    check_weights(recorded, weights, model.generated.computed)
    values = read_inputs(chosen, inputs)
    return run_model(model, chosen, weights, values, out, on_progress=on_progress)


def run_model(
    model: Model,
    entry: Entry,
    weights: Path,
    values: Mapping[str, Array],
    out: Path,
    *,
    on_progress: Callable[[str], None] = lambda _: None,
) -> RustRun:
    """Runs an entry of a model that is compiled, on inputs and weights that are checked."""
    target = target_directory(model.path.absolute().parent)
    source = harness_source([tapped_program(model.generated)])
    path = build(source, target, manifests=[model.path], on_progress=on_progress)
    dtype = model.manifest.dtype
    binary = Binary(path, 0, entry.name, candle_dtype(dtype))
    with scratch_directory(target) as scratch:
        given, made = scratch / "inputs.safetensors", scratch / "outputs.safetensors"
        write_for_rust(given, entry, values, model=dtype, dtype=dtype)
        try:
            done = execute(binary, weights, [given], [made], mode="plain")
        except LoadError as error:
            raise _failed(str(error), "does not load these weights", model) from error
        if done.failures:
            raise _failed(done.failures[0], "fails on these inputs", model)
        outputs = next(e.outputs for e in model.generated.entries if e.name == entry.name)
        write_outputs(open_tensors(made), out, {path: kind for path, _, kind in outputs})
    return done


def find_entry(manifest: Manifest, name: str, path: Path) -> Entry:
    """Returns the entry, or refuses with the names of those that there are."""
    for entry in manifest.entries:
        if entry.name == name:
            return entry
    known = ", ".join(f"`{entry.name}`" for entry in manifest.entries)
    title = f"the manifest has no entry `{name}`"
    raise refusal("no-entry", title, place=Place(str(path)), label=f"its entries are {known}")


def candle_dtype(dtype: str) -> str:
    """Returns a float dtype as Candle writes it: `bf16`."""
    candle = DTYPES[dtype].candle
    if dtype not in RUNNABLE or candle is None:
        raise refusal("unsupported-dtype", f"Candle does not compute in {dtype} on a CPU")
    return candle.lower()


@contextmanager
def scratch_directory(target: Path) -> Iterator[Path]:
    """Yields a folder for tensors, on the disk that has room for builds, and removes it."""
    folder = target / "pycandle"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="scratch-", dir=folder) as name:
        yield Path(name)


def write_outputs(made: TensorFile, out: Path, dtypes: dict[str, str]) -> None:
    """Writes the outputs of a run by path, each as its dtype."""
    arrays = {path: as_torch(made[f"output/{path}"], dtype) for path, dtype in dtypes.items()}
    write_arrays(out, arrays, dtypes)


def _failed(said: str, title: str, model: Model) -> PyCandleError:
    # Weights and inputs fit the manifest, except for values that only the model can judge, such as
    # an index that is too large.
    place = Place(str(model.path))
    return refusal("rust-failed", f"the generated Rust {title}", place=place, label=said)
