"""Compares the tensors of a Rust run with those of the two replays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pycandle.dtypes import DTYPES
from pycandle.manifest.schema import Call, Entry, Manifest, ScalarValue
from pycandle.verify.calls import Matched, match_calls, output_paths
from pycandle.verify.failures import internal_error
from pycandle.verify.results import CallResult
from pycandle.verify.tensor_file import Array, TensorFile, open_tensors, write_tensors
from pycandle.verify.tolerance import Comparison, compare


@dataclass(frozen=True)
class References:
    """The two replays of one input set."""

    torch: TensorFile
    """In float32."""
    exact: TensorFile
    """In float64."""
    outputs: tuple[str, ...]
    """The paths of the outputs, in order."""


def compare_pair(
    path: str, rust: TensorFile, rust_name: str, references: References, torch_name: str
) -> Comparison:
    """Compares one tensor of Rust with both replays of it."""
    dtype = references.torch.dtype(torch_name)
    found, expected = rust.dtype(rust_name), DTYPES[dtype].candle
    if expected is not None and DTYPES[found].candle != expected:
        reason = f"dtype {found}, PyTorch has {dtype}"
        return _wrong(path, dtype, references.torch.shape(torch_name), reason)
    return compare(
        path,
        dtype,
        as_torch(rust[rust_name], dtype),
        references.torch[torch_name],
        references.exact[torch_name],
    )


def compare_outputs(rust: TensorFile, references: References) -> tuple[Comparison, ...]:
    """Compares every output of PyTorch; one that Rust lacks fails."""
    return tuple(
        compare_pair(path, rust, f"output/{path}", references, f"output/{path}")
        if f"output/{path}" in rust
        else _absent(path, references.torch, "Rust does not return it")
        for path in references.outputs
    )


def open_references(torch: Path, exact: Path, entry: Entry) -> References:
    """Opens the two replays of a set; both must have the same outputs, and every one."""
    files = open_tensors(torch), open_tensors(exact)
    scalars = {node.name for node in entry.nodes if isinstance(node.value, ScalarValue)}
    paths = tuple(output_paths(entry.output, scalars))
    expected = {f"output/{path}" for path in paths}
    for file in files:
        found = {name for name in file if name.startswith("output/")}
        if found != expected:
            label = f"expected {sorted(expected)}, found {sorted(found)}"
            title = "the replay has other outputs than the manifest"
            raise internal_error(title, label=label, attach="the manifest")
    return References(*files, paths)


def compare_golden(
    trace: TensorFile | None, prefix: str | None, references: References
) -> tuple[Comparison, ...]:
    """Compares the outputs that the recording holds with the replay's: is the replay the model?"""
    if trace is None or prefix is None:
        return ()
    return tuple(
        compare_pair(path, trace, f"{prefix}{path}", references, f"output/{path}")
        if f"{prefix}{path}" in trace
        else _absent(path, references.torch, "the recording does not hold it")
        for path in references.outputs
    )


def compare_tables(rust: TensorFile, references: References) -> tuple[Comparison, ...]:
    """Compares what Rust computed while the model was built, and what PyTorch's run read there.

    Both with the recipes, run in PyTorch: their own noise is what may be between them.
    """
    found: list[Comparison] = []
    for name in sorted(name for name in rust if name.startswith("state/")):
        if name not in references.torch:
            continue
        path = name.removeprefix("state/")
        dtype = references.torch.dtype(name)
        found.append(compare_pair(path, rust, name, references, name))
        read = references.torch[f"given/{path}"]
        expected = references.torch[name], references.exact[name]
        found.append(compare(f"{path} of the recording", dtype, read, *expected))
    return tuple(found)


def judge_calls(
    manifest: Manifest,
    entry: Entry,
    references: References,
    runs: tuple[TensorFile, TensorFile | None],
    places: Mapping[str, str],
) -> tuple[CallResult, ...]:
    """Returns the result of every call, the root first; `runs` are the plain and the own one."""
    record, own = runs
    results = [_root(manifest, references, record, own)]
    for matched in match_recorded(entry, record, references):
        compared = [_compare_call(run, matched, references) for run in (record, own) if run]
        accumulated, alone = (*compared, ())[:2]
        results.append(_result(manifest, matched, places, accumulated, alone))
    return tuple(results)


def match_recorded(entry: Entry, record: TensorFile, references: References) -> list[Matched]:
    """Matches the calls in a recorded run of Rust with those of the replay."""
    shapes = ({name: file.shape(name) for name in file} for file in (record, references.torch))
    return match_calls(entry.calls, *shapes)


def write_handed_on(path: Path, entry: Entry, record: TensorFile, references: References) -> None:
    """Writes, under the names of the taps, PyTorch's values for them to hand on."""
    pairs = dict(
        pair for matched in match_recorded(entry, record, references) for pair in matched.pairs
    )
    dtypes = {name: record.dtype(name) for name in pairs}
    layout = {name: (dtypes[name], references.exact.shape(pairs[name])) for name in pairs}
    write_tensors(path, layout, lambda name: narrow(references.exact[pairs[name]]))


def narrow(values: Array) -> Array:
    """Returns float64 as float32; what float32 cannot hold becomes infinite, as in PyTorch."""
    with np.errstate(over="ignore"):
        return values.astype(np.float32) if values.dtype == np.float64 else values


def as_torch(values: Array, dtype: str) -> Array:
    """Returns values of Candle in the kind of number that PyTorch has."""
    if DTYPES[dtype].is_float:
        return values
    return values.astype(np.bool_ if dtype == "bool" else dtype)


def _absent(path: str, torch: TensorFile, reason: str) -> Comparison:
    name = f"output/{path}"
    return _wrong(path, torch.dtype(name), torch.shape(name), reason)


def _wrong(path: str, dtype: str, shape: tuple[int, ...], reason: str) -> Comparison:
    return Comparison(path, dtype, shape, False, np.inf, 0.0, 0.0, 0.0, reason)


def _root(
    manifest: Manifest, references: References, record: TensorFile, own: TensorFile | None
) -> CallResult:
    alone = compare_outputs(own, references) if own is not None else ()
    python = _python(manifest, "")
    outputs = compare_outputs(record, references)
    return CallResult("", 0, manifest.model, python, None, outputs, alone)


def _compare_call(
    run: TensorFile, matched: Matched, references: References
) -> tuple[Comparison, ...]:
    return tuple(
        compare_pair(torch_name.rsplit("/", 1)[1], run, rust_name, references, torch_name)
        for rust_name, torch_name in matched.pairs
    )


def _result(
    manifest: Manifest,
    matched: Matched,
    places: Mapping[str, str],
    accumulated: tuple[Comparison, ...],
    own: tuple[Comparison, ...],
) -> CallResult:
    call: Call = matched.call
    cls = next((m.cls for m in manifest.modules if m.path == call.module), "?")
    return CallResult(
        call.module,
        call.index,
        cls,
        _python(manifest, call.module),
        places.get(f"{call.module}@{call.index}"),
        accumulated,
        own,
        matched.skipped,
    )


def _python(manifest: Manifest, path: str) -> str | None:
    module = next((m for m in manifest.modules if m.path == path), None)
    if module is None or module.file is None:
        return None
    return f"{module.file}:{module.line}" if module.line is not None else module.file
