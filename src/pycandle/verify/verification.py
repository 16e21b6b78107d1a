"""Verifies generated Rust against PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pycandle.errors import Diagnostic, Place, PyCandleError, UsageError, refusal
from pycandle.manifest.schema import Entry
from pycandle.verify.build import build, target_directory
from pycandle.verify.execute import Binary, LoadError
from pycandle.verify.failures import internal_error
from pycandle.verify.harness import harness_source, tapped_program, user_program
from pycandle.verify.input_files import Subject, settle_sets
from pycandle.verify.judge import open_references
from pycandle.verify.model import Model
from pycandle.verify.other_config import with_config
from pycandle.verify.reference import Reference, ReplayError, find_python, replay_refusal
from pycandle.verify.results import Verification
from pycandle.verify.run import scratch_directory
from pycandle.verify.rust_sets import run_sets
from pycandle.verify.save import save_sets
from pycandle.verify.tensor_file import open_tensors
from pycandle.verify.weights_file import (
    check_weights,
    draw_weights,
    find_traced_state,
    weights_for_torch,
)

Progress = Callable[[str], None]


def verify(
    manifests: Sequence[Path],
    *,
    weights: Path | None = None,
    inputs: Sequence[Path] = (),
    save: Path | None = None,
    source: Path | None = None,
    as_manifest: Path | None = None,
    python: Sequence[str] | None = None,
    disabled: frozenset[str] = frozenset(),
    on_progress: Progress = lambda _: None,
) -> list[Verification]:
    """Builds the generated Rust of all manifests once, and compares each entry with PyTorch.

    `weights`, `inputs` and `source` (the user's own Rust file) are those of one manifest; so is
    `as_manifest`: the code of the manifest with `Config`, weights and reference of that one.
    Without weights or inputs they are the recording's own, else seeded. `python` is the command
    of a Python that has torch. `save` is a folder for the sets, see `save_sets`. What differs is
    in the results; what cannot be verified at all is refused.
    """
    _check_usage(manifests, weights, inputs, source, as_manifest)
    models = _load([*manifests, *([as_manifest] if as_manifest else [])], disabled)
    if as_manifest is not None:
        models = [with_config(*models)]
    request = Request(
        weights,
        tuple(inputs),
        save,
        source,
        None if python is None else tuple(python),
        on_progress,
    )
    return verify_models(models, request)


@dataclass(frozen=True)
class Request:
    """What is asked for; see `verify`."""

    weights: Path | None = None
    inputs: tuple[Path, ...] = ()
    save: Path | None = None
    source: Path | None = None
    python: tuple[str, ...] | None = None
    on_progress: Progress = lambda _: None


def verify_models(models: Sequence[Model], request: Request) -> list[Verification]:
    """Verifies models that are compiled already, at least one."""
    names = [model.manifest.name for model in models]
    if request.save is not None and len(set(names)) < len(names):
        raise UsageError(Diagnostic("usage", "`--save` needs manifests with different names"))
    if request.weights is not None:
        check_weights(models[0].manifest, request.weights, models[0].generated.computed)
    target = target_directory(models[0].path.absolute().parent)
    if request.source is not None:
        programs = [user_program(request.source, models[0].generated)]
    else:
        programs = [tapped_program(model.generated) for model in models]
    # Before the build, which is long.
    commands = [request.python or find_python(model.path) for model in models]
    source = harness_source(programs)
    path = build(
        source,
        target,
        manifests=[model.code or model.path for model in models],
        blame=request.source,
        on_progress=request.on_progress,
    )
    results: list[Verification] = []
    for index, (model, command) in enumerate(zip(models, commands, strict=True)):
        for entry in model.manifest.entries:
            with scratch_directory(target) as scratch:
                binary = Binary(path, index, entry.name, "f32")
                task = _Task(model, entry, binary, command, scratch, request)
                results.append(_verify_entry(task))
    return results


@dataclass(frozen=True)
class _Task:
    """One entry to verify, with everything that it needs."""

    model: Model
    entry: Entry
    binary: Binary
    python: tuple[str, ...]
    scratch: Path
    request: Request


def _check_usage(
    manifests: Sequence[Path],
    weights: Path | None,
    inputs: Sequence[Path],
    source: Path | None,
    as_manifest: Path | None,
) -> None:
    problems: list[Diagnostic] = []
    if not manifests:
        problems.append(Diagnostic("usage", "no manifest to verify"))
    given = {"weights": weights, "inputs": inputs, "source": source}
    problems += [
        Diagnostic("usage", f"`--{name}` belongs to one manifest, and there are {len(manifests)}")
        for name, value in given.items()
        if value and len(manifests) > 1
    ]
    if as_manifest is not None and len(manifests) > 1:
        problems.append(
            Diagnostic(
                "usage",
                f"`--as` compares with the code of one manifest, and there are {len(manifests)}",
            )
        )
    if as_manifest is not None and source is not None:
        problems.append(
            Diagnostic("usage", "`--as` takes the code from the manifest, `--source` from a file")
        )
    if problems:
        raise UsageError(problems)


def _load(paths: Sequence[Path], disabled: frozenset[str]) -> list[Model]:
    """Reads and compiles every manifest; refuses all that cannot be compiled at once."""
    from pycandle.codegen import generate
    from pycandle.manifest.reader import read_manifest

    models: list[Model] = []
    refused: list[Diagnostic] = []
    for path in paths:
        try:
            manifest = read_manifest(path)
            trace = path.parent / manifest.trace
            file = open_tensors(trace) if trace.is_file() else None
            models.append(Model(path, manifest, generate(manifest, disabled=disabled), file))
        except PyCandleError as error:
            if error.exit_code != PyCandleError.exit_code:
                raise
            refused += error.diagnostics
    if refused:
        raise PyCandleError(refused)
    return models


def _verify_entry(task: _Task) -> Verification:
    model, say = task.model, task.request.on_progress
    weights = task.request.weights
    if weights is None:
        say(f"drawing weights for {model.manifest.name}")
        weights = task.scratch / "weights.safetensors"
        draw_weights(model.manifest, model.trace, weights)
    given = weights_for_torch(model.manifest, weights, task.scratch)
    reference = Reference(task.python, model.path, task.entry.name, given)
    subject = Subject(
        model.manifest,
        task.entry,
        reference,
        weights,
        model.trace,
        _origin(task) == "recording",
        task.scratch,
    )
    say(f"running {model.manifest.name} in PyTorch, float32")
    settled = settle_sets(subject, task.request.inputs)
    say(f"running {model.manifest.name} in PyTorch, float64")
    exact = [task.scratch / f"set{n}.float64.safetensors" for n in range(len(settled.sets))]
    inputs = [item.torch_inputs for item in settled.sets]
    try:
        reference.replay(inputs, exact, "float64", scratch=task.scratch)
    except ReplayError as error:
        raise replay_refusal(error, model.path) from error
    references = [
        open_references(item.torch, path, task.entry)
        for item, path in zip(settled.sets, exact, strict=True)
    ]
    say(f"running {model.manifest.name} in Rust")
    places = {} if task.request.source is not None else model.generated.source_map[task.entry.name]
    try:
        runs = run_sets(
            subject, task.binary, references, settled.sets, places, taps=not task.request.source
        )
    except LoadError as error:
        raise _load_failed(error, task, weights) from error
    if task.request.save is not None:
        save_sets(task.request.save, model.manifest.name, task.entry, settled.sets, runs, weights)
    return Verification(
        model.path,
        model.manifest.model,
        task.entry.name,
        _origin(task),
        task.request.source or task.model.code,
        tuple(run.result for run in runs),
        settled.dropped,
    )


def _origin(task: _Task) -> str:
    if task.request.weights is not None:
        return str(task.request.weights)
    held = find_traced_state(task.model.manifest, task.model.trace)
    whole = all(item.name in held for item in task.model.manifest.state if item.used)
    return "recording" if whole else "seeded"


def _load_failed(error: LoadError, task: _Task, weights: Path) -> PyCandleError:
    """The weights were checked: what does not load them is wrong."""
    if task.model.code is not None:
        return refusal(
            "fixed-in-the-code",
            f"the code of `{task.model.code}` does not load the weights of `{task.model.path}`",
            place=Place(str(task.model.path)),
            label=str(error),
            hint="a number that differs between the two models is fixed in the code: it is no "
            "field of `Config`, or the two were recorded from different architectures",
        )
    title = "the Rust model does not load weights that fit the manifest"
    if task.request.source is not None:
        return PyCandleError(Diagnostic("load", title, Place(str(task.request.source)), str(error)))
    return internal_error(title, label=str(error), attach=str(task.model.path))
