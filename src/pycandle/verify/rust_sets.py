"""Runs the input sets in Rust, with and without PyTorch's values handed on, and judges them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pycandle.verify.execute import Binary, RustRun, execute
from pycandle.verify.input_files import InputSet, Subject
from pycandle.verify.judge import (
    References,
    compare_golden,
    compare_outputs,
    compare_tables,
    judge_calls,
    write_handed_on,
)
from pycandle.verify.results import SetResult
from pycandle.verify.tensor_file import TensorFile, open_tensors


@dataclass(frozen=True)
class SetRun:
    """What one set gave."""

    result: SetResult
    outputs: TensorFile | None
    """Rust's `output/PATH`; None where the set failed."""


def run_sets(
    subject: Subject,
    binary: Binary,
    references: Sequence[References],
    sets: Sequence[InputSet],
    places: Mapping[str, str],
    *,
    taps: bool,
) -> list[SetRun]:
    """Runs every set and compares it; module by module where the code has `taps`.

    `places` is the source map. Raises LoadError.
    """
    weights = subject.weights
    inputs = [item.rust_inputs for item in sets]
    record = _files(subject, "taps", len(sets))
    first = execute(binary, weights, inputs, record, mode="record" if taps else "plain")
    alive = [number for number in range(len(sets)) if number not in first.failures]
    own: dict[int, TensorFile] = {}
    notes: dict[int, str] = {}
    if taps and alive:
        own, notes = _run_own(subject, binary, references, sets, record, alive)
    runs: list[SetRun] = []
    for number, item in enumerate(sets):
        shapes = {path: values.shape for path, values in item.proposal.values.items()}
        golden = compare_golden(subject.trace, item.proposal.golden, references[number])
        said = item.notes + ((notes[number],) if number in notes else ())
        name = item.proposal.name
        if number in first.failures:
            failure = first.failures[number]
            result = SetResult(name, shapes, (), (), golden, said, failure=failure)
            runs.append(SetRun(result, None))
            continue
        file = open_tensors(record[number])
        outputs = compare_outputs(file, references[number])
        calls = ()
        if taps:
            files = (file, own.get(number))
            calls = judge_calls(subject.manifest, subject.entry, references[number], files, places)
        tables = compare_tables(file, references[number])
        result = SetResult(name, shapes, outputs, calls, golden, said, tables)
        runs.append(SetRun(result, file))
    return runs


def _run_own(
    subject: Subject,
    binary: Binary,
    references: Sequence[References],
    sets: Sequence[InputSet],
    record: Sequence[Path],
    alive: Sequence[int],
) -> tuple[dict[int, TensorFile], dict[int, str]]:
    """Runs the sets again with PyTorch's values handed on; returns the files, and what failed."""
    out = _files(subject, "own", len(sets))
    handed = _files(subject, "handed", len(sets))
    for number in alive:
        recorded = open_tensors(record[number])
        write_handed_on(handed[number], subject.entry, recorded, references[number])
    done: RustRun = execute(
        binary,
        subject.weights,
        [sets[number].rust_inputs for number in alive],
        [out[number] for number in alive],
        mode="own",
        reference=[handed[number] for number in alive],
    )
    failed = {alive[place]: said for place, said in done.failures.items()}
    files = {number: open_tensors(out[number]) for number in alive if number not in failed}
    return files, {n: f"with PyTorch's values handed on, it fails: {s}" for n, s in failed.items()}


def _files(subject: Subject, kind: str, count: int) -> list[Path]:
    return [subject.scratch / f"set{number}.{kind}.safetensors" for number in range(count)]
