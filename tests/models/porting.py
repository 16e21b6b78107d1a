"""Records, compiles and verifies many models at once: one process, one crate, one build."""

from __future__ import annotations

import os
import re
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import pytest

from models.registry import Built
from models.torch_door import open_door
from pycandle.codegen import Generated, generate
from pycandle.codegen.source.modules import MOST_LINES
from pycandle.errors import PyCandleError
from pycandle.manifest.reader import read_manifest
from pycandle.recorder import GoldenRecorder
from pycandle.verify import SetResult, Verification
from pycandle.verify.harness import harness_source, tapped_program
from pycandle.verify.model import Model
from pycandle.verify.tensor_file import open_tensors
from pycandle.verify.verification import Request, verify_models

Entries: TypeAlias = Mapping[str, tuple[Any, ...]]
"""Arguments by the name of a method."""

TARGET = Path(__file__).parents[2] / "target"


@dataclass(frozen=True)
class Port:
    """What became of one model."""

    generated: Generated | None = None
    verification: Verification | None = None
    """Of the first entry."""
    others: tuple[Verification, ...] = ()
    """Of the other entries."""
    error: str | None = None
    """Why it was not recorded, not compiled or not run."""

    @property
    def rust(self) -> str:
        """The plain text of the model's file."""
        assert self.generated is not None, self.error
        return self.generated.files["model.rs"]


def record(
    build: Callable[[], Built], folder: Path, name: str, entries: Entries | None = None
) -> Path:
    """Records `forward` of a model, and other methods of it; returns the manifest's path."""
    model, args, kwargs = build()
    model.eval()
    recorder = GoldenRecorder(output_dir=folder)
    recorder.record(model, *args, **kwargs)
    for entry, others in (entries or {}).items():
        recorder.record(model, *others, entry=entry)
    recorder.save(name)
    return folder / f"{name}_manifest.json"


def edit_manifest(path: Path, edit: Callable[[dict[str, Any]], None]) -> None:
    """Changes a recording in its place."""
    manifest = msgspec.json.decode(path.read_bytes())
    edit(manifest)
    path.write_bytes(msgspec.json.encode(manifest))


def compile_manifest(path: Path, most_lines: int = MOST_LINES) -> Model:
    """Returns a recorded model and its Rust: in one file, if not of more than `most_lines`."""
    manifest = read_manifest(path)
    trace = path.parent / manifest.trace
    held = open_tensors(trace) if trace.is_file() else None
    return Model(path, manifest, generate(manifest, most_lines=most_lines), held)


def port_all(
    builders: Mapping[str, Callable[[], Built]],
    folder: Path,
    entries: Mapping[str, Entries] | None = None,
    edits: Mapping[str, Callable[[dict[str, Any]], None]] | None = None,
    split: frozenset[str] = frozenset(),
) -> dict[str, Port]:
    """Takes every model through the whole of PyCandle; what fails does not stop the others.

    `entries`: by model, the methods beside `forward`; `edits`: what changes its manifest;
    `split`: those whose classes have files of their own.
    """
    ports: dict[str, Port] = {}
    models: list[Model] = []
    for name, builder in builders.items():
        try:
            path = record(builder, folder, name, (entries or {}).get(name))
            if (edit := (edits or {}).get(name)) is not None:
                edit_manifest(path, edit)
            models.append(compile_manifest(path, most_lines=0 if name in split else MOST_LINES))
            ports[name] = Port(models[-1].generated)
        except Exception:
            ports[name] = Port(error=traceback.format_exc(limit=-3))
    with pytest.MonkeyPatch.context() as patch, open_door() as python:
        if "CARGO_TARGET_DIR" not in os.environ:
            patch.setenv("CARGO_TARGET_DIR", str(TARGET))
        ports |= _verify_all(models, Request(python=python))
    return ports


def _verify_all(models: Sequence[Model], request: Request) -> dict[str, Port]:
    """Verifies models in one build; those that break it are taken out, and it is built again."""
    ports: dict[str, Port] = {}
    left = list(models)
    while left:
        try:
            found = verify_models(left, request)
        except PyCandleError as error:
            # The hint names every model.
            said = "\n".join(f"{item.title}\n{item.label}" for item in error.diagnostics)
            guilty = _blamed(left, said) or [m for m in left if str(m.path) in error.render()]
            if len(guilty) in (0, len(left)) and len(left) > 1:
                raise
            ports |= {_name(model): Port(model.generated, error=said[:3000]) for model in guilty}
            left = [model for model in left if model not in guilty]
            continue
        results = iter(found)
        for model in left:
            first, *others = islice(results, len(model.manifest.entries))
            ports[_name(model)] = Port(model.generated, first, tuple(others))
        break
    return ports


def _name(model: Model) -> str:
    return model.manifest.name


def _blamed(models: Sequence[Model], said: str) -> list[Model]:
    """Returns the models that compile errors are about."""
    found = {int(number) for number in re.findall(r"src[/\\]models[/\\]m(\d+)\b", said)}
    lines = [int(number) for number in re.findall(r"src[/\\]models\.rs:(\d+)", said)]
    if lines:
        # The file that calls the models, one arm of a `match` for each.
        source = harness_source([tapped_program(model.generated) for model in models])
        text = source.files["src/models.rs"].splitlines()
        for line in lines:
            arms = (re.match(r"        \((\d+), ", text[i]) for i in range(line - 1, -1, -1))
            found.add(next(int(arm[1]) for arm in arms if arm))
    return [models[number] for number in sorted(found)]


def assert_right(port: Port) -> None:
    """Every output of every input set agrees with PyTorch, and every module by itself."""
    assert port.error is None, port.error
    assert port.verification is not None
    for verification in (port.verification, *port.others):
        problems = [text for item in verification.sets for text in _problems(item)]
        assert not problems, f"{verification.entry}\n" + "\n".join(problems)
        assert verification.passed


def _problems(item: SetResult) -> Iterator[str]:
    if item.failure is not None:
        yield f"{item.name}: {item.failure}"
    for kind, compared in (("output", item.outputs), ("recorded output", item.golden)):
        for found in compared:
            if not found.passed:
                yield f"{item.name}, {kind} {found}"
    if (call := item.first_wrong) is not None:
        wrong = [str(found) for found in call.own if not found.passed]
        yield f"{item.name}, {call.name} by itself: {wrong[0]}"
