"""The stages of Rust: many models built in one crate, and each compared with PyTorch."""

from __future__ import annotations

import dataclasses
import re
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pycandle.codegen import Generated as Code
from pycandle.errors import PyCandleError
from pycandle.manifest.reader import read_manifest
from pycandle.verify.build import build
from pycandle.verify.execute import Binary, LoadError
from pycandle.verify.harness import HarnessSource, harness_source, tapped_program
from pycandle.verify.input_files import InputSet, Subject, settle_sets
from pycandle.verify.input_sets import draw_inputs
from pycandle.verify.judge import open_references
from pycandle.verify.reference import Reference, ReplayError
from pycandle.verify.results import SetResult
from pycandle.verify.rust_sets import run_sets
from pycandle.verify.tensor_file import open_tensors, write_arrays
from pycandle.verify.weights_file import draw_weights, weights_for_torch
from zoo.limits import Limits, run_limited
from zoo.outcomes import Checked, Outcome, Reason, keep, load, reasons_of
from zoo.porting import failure, file_key, read_code
from zoo.sizes import describe, sizes_to_compare

QUICK = "\n[profile.release.package.pycandle-harness]\nopt-level = 0\n"
"""The models are calls of Candle, which stays optimized, and is not built again for this."""

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Built:
    """The crate of several models."""

    binary: Path | None
    """None where no model was left."""
    folders: tuple[Path, ...]
    """Of the models, by their numbers in the binary."""


def check_key(folder: Path) -> str:
    """Returns a digest of what a check depends on, apart from `verify` itself."""
    names = ("model_manifest.json", "model_trace.safetensors", "code.json")
    return "-".join(file_key(folder / name) for name in names)


def find_checked(folder: Path) -> Checked | None:
    """Returns the check of this very code, if there was one that ended by itself."""
    kept = load(folder / "checked.json", Checked)
    return kept if kept is not None and kept.key == check_key(folder) else None


def build_models(folders: Sequence[Path], target: Path, on_progress: Progress) -> Built:
    """Builds one crate of all models that compile; notes of the others that they do not."""
    left = list(folders)
    while left:
        codes = [read_code(folder) for folder in left]
        begin = time.monotonic()
        source = _source(codes)
        try:
            binary = build(source, target, manifests=left, on_progress=on_progress)
            return Built(binary, tuple(left))
        except PyCandleError as error:
            said = "\n".join(f"{item.title}\n{item.label}" for item in error.diagnostics)
            guilty = _blamed(source, said)
            if not guilty:
                raise
            for number in guilty:
                seconds = time.monotonic() - begin
                reason = Reason("no build", _first_error(said, number), label=said[:3000])
                stage = Checked(check_key(left[number]), "no build", seconds, [reason])
                keep(left[number] / "checked.json", stage)
            left = [folder for number, folder in enumerate(left) if number not in guilty]
    return Built(None, ())


def _source(codes: Sequence[Code]) -> HarnessSource:
    source = harness_source([tapped_program(code) for code in codes])
    cargo = source.files["Cargo.toml"] + QUICK
    return dataclasses.replace(source, files={**source.files, "Cargo.toml": cargo})


def _blamed(source: HarnessSource, said: str) -> set[int]:
    """Returns the numbers of the models that compile errors are about."""
    found = {int(number) for number in re.findall(r"src[/\\]models[/\\]m(\d+)\b", said)}
    text = source.files["src/models.rs"].splitlines()
    for line in re.findall(r"src[/\\]models\.rs:(\d+)", said):
        # The file that calls the models, one arm of a `match` for each.
        arms = (re.match(r"        \((\d+), ", text[i]) for i in range(int(line) - 1, -1, -1))
        found.add(next(int(arm[1]) for arm in arms if arm))
    return found


def _first_error(said: str, number: int) -> str:
    """Returns the first message about a model, with what rustc points at."""
    for part in said.split("\n\n"):
        if f"m{number}" in part and (found := re.search(r"error(?:\[\w+\])?: .*", part)):
            return found[0][:300]
    return "the crate does not compile"


def check_model(built: Built, number: int, scratch: Path, limits: Limits) -> Checked:
    """Compares a model with PyTorch on its own and on other sizes."""
    folder = built.folders[number]
    key = check_key(folder)
    with tempfile.TemporaryDirectory(prefix="zoo-", dir=scratch) as place:
        binary = Binary(built.binary or Path(), number, "forward", "f32")
        ended = run_limited(_check, folder, binary, Path(place), key, limits=limits)
    found = ended.value or Checked(key, *failure(ended))
    keep(folder / "checked.json", found)
    return found


@dataclass(frozen=True)
class _ReplayHere(Reference):
    """Replays in this process, which has torch already."""

    calls: bool = False
    """Whether each module's output is kept: gigabytes for a large model."""

    def replay(
        self, inputs: Sequence[Path], out: Sequence[Path], precision: Any, *, scratch: Path
    ) -> None:
        from pycandle.recorder.replay_command import Request, answer

        names = [str(path) for path in inputs], [str(path) for path in out]
        request = Request(
            str(self.manifest), self.entry, str(self.weights), *names, precision, calls=self.calls
        )
        try:
            answer(request)
        except Exception as error:
            raise ReplayError(f"{type(error).__name__}: {error}") from error


def _check(folder: Path, binary: Binary, scratch: Path, key: str) -> Checked:
    """Runs in a process of its own."""
    begin = time.monotonic()
    try:
        sets, dropped = _compare(folder, binary, scratch, taps=False)
        if not all(item.passed for item in sets):
            # Which module is wrong: only worth its time where something is.
            sets, dropped = _compare(folder, binary, scratch, taps=True)
    except PyCandleError as error:
        # What Rust says when an allocation fails; it ends the program.
        out_of_memory = "memory allocation of" in error.render()
        kind: Outcome = "limit" if out_of_memory else "refused"
        return Checked(key, kind, time.monotonic() - begin, reasons_of(error))
    except LoadError as error:
        reason = Reason("wrong", "it does not load its weights", label=str(error))
        return Checked(key, "wrong", time.monotonic() - begin, [reason])
    reasons = [_difference(item) for item in sets if not item.passed]
    names = [describe(item.name, item.shapes) for item in sets]
    outcome: Outcome = "wrong" if reasons else "ok"
    outputs = [found for item in sets for found in item.outputs]
    worst = max(outputs, key=lambda found: found.error, default=None)
    error, scale = (worst.error, worst.scale) if worst is not None else (0.0, 0.0)
    return Checked(
        key, outcome, time.monotonic() - begin, reasons, names, dropped, error=error, scale=scale
    )


def _compare(
    folder: Path, binary: Binary, scratch: Path, *, taps: bool
) -> tuple[list[SetResult], list[str]]:
    """Returns the sets, and why sizes were not compared."""
    path = folder / "model_manifest.json"
    manifest = read_manifest(path)
    entry = manifest.entries[0]
    trace = open_tensors(folder / manifest.trace)
    weights = scratch / "weights.safetensors"
    draw_weights(manifest, trace, weights)
    given = weights_for_torch(manifest, weights, scratch)
    reference = _ReplayHere((), path, entry.name, given, taps)
    subject = Subject(manifest, entry, reference, weights, trace, False, scratch)
    sets, dropped = _settled(subject)
    exact = [item.torch.with_suffix(".float64") for item in sets]
    reference.replay([item.torch_inputs for item in sets], exact, "float64", scratch=scratch)
    references = [
        open_references(item.torch, path, entry) for item, path in zip(sets, exact, strict=True)
    ]
    lines = read_code(folder).source_map[entry.name]
    runs = run_sets(subject, binary, references, sets, lines, taps=taps)
    return [run.result for run in runs], dropped


def _settled(subject: Subject) -> tuple[list[InputSet], list[str]]:
    """Returns the first choice of each set that PyTorch accepts; refused if there is none."""
    sets: list[InputSet] = []
    dropped: list[str] = []
    refused: PyCandleError | None = None
    for number, options in enumerate(sizes_to_compare(subject.entry)):
        for sizes in options:
            scratch = subject.scratch / str(number)
            scratch.mkdir(exist_ok=True)
            values = draw_inputs(subject.entry, f"set.{number}", sizes.shapes)
            file = scratch / f"{sizes.name}.safetensors"
            dtypes = {item.path: item.value.dtype for item in subject.entry.inputs}
            write_arrays(file, values, dtypes)
            try:
                settled = settle_sets(dataclasses.replace(subject, scratch=scratch), [file])
            except PyCandleError as error:
                refused = error
                dropped.append(f"{sizes.name}: {error.diagnostics[0].title}")
                continue
            sets += settled.sets
            break
    if not sets and refused is not None:
        raise refused
    return sets, dropped


def _difference(item: SetResult) -> Reason:
    if item.failure is not None:
        lines = item.failure.splitlines()
        return Reason("wrong", f"{item.name}: {lines[-1][:300]}", label=item.failure[:3000])
    worst = next((c for c in item.outputs + item.golden if not c.passed), None)
    title = f"{item.name}: {worst.path}: {worst.reason}" if worst else f"{item.name}: no output"
    call = item.first_wrong
    if call is None:
        return Reason("wrong", title)
    place = f"{call.name} ({call.cls}), {call.python}, {call.rust}"
    own = next(c for c in call.own if not c.passed)
    return Reason("wrong", title, place, f"by itself: {own.path}: {own.reason}")
