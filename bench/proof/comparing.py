"""Runs the code of one configuration as another, and compares with PyTorch."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import msgspec

from proof.outcomes import Compared, Compiled
from proof.recording import name_of
from pycandle.codegen import generate
from pycandle.errors import PyCandleError
from pycandle.manifest.reader import read_manifest
from pycandle.verify.model import Model
from pycandle.verify.other_config import FILE, recorded_config, with_config
from pycandle.verify.tensor_file import open_tensors
from zoo.checking import Built, check_model
from zoo.limits import Limits, run_limited
from zoo.outcomes import keep, load, reasons_of
from zoo.porting import COMPILES, failure, file_key, source_key


def run_folder(folder: Path, number: int) -> Path:
    """Returns where the run of another configuration is kept, laid out as a port of the zoo."""
    return folder / name_of(number)


def compile_other(folder: Path, number: int, limits: Limits) -> Compiled:
    """Generates the code of the first configuration with the `Config` of another."""
    place = run_folder(folder, number)
    manifests = [folder / f"{name_of(n)}_manifest.json" for n in (0, number)]
    key = "-".join([source_key((*COMPILES, "verify")), *map(file_key, manifests)])
    kept = load(place / "compiled.json", Compiled)
    if kept is not None and kept.key == key:
        return kept
    place.mkdir(exist_ok=True)
    ended = run_limited(_compile, folder, number, key, limits=limits)
    found = ended.value or Compiled(key, *failure(ended))
    keep(place / "compiled.json", found)
    return found


def _compile(folder: Path, number: int, key: str) -> Compiled:
    """Runs in a process of its own."""
    begin = time.monotonic()
    place = run_folder(folder, number)
    try:
        code = _model(folder, 0)
        made = with_config(code, _model(folder, number))
    except PyCandleError as error:
        return Compiled(key, "refused", time.monotonic() - begin, reasons_of(error))
    text = folder / f"{name_of(number)}_config.json"
    generated = made.generated
    if text.exists() and "pub fn from_json" in code.text and _same_tables(code, made):
        contents = text.read_text(encoding="utf-8")
        generated = replace(
            generated,
            files=_read_from(generated.files, contents),
            tapped=_read_from(generated.tapped, contents),
        )
    (place / "code.json").write_bytes(msgspec.json.encode(generated))
    manifest = msgspec.structs.replace(made.manifest, trace="model_trace.safetensors")
    (place / "model_manifest.json").write_bytes(msgspec.json.encode(manifest))
    shutil.copyfile(folder / made.manifest.trace, place / "model_trace.safetensors")
    return Compiled(key, "ok", time.monotonic() - begin, fixed=sorted(code.generated.fixed))


def _same_tables(code: Model, other: Model) -> bool:
    """Whether the settings are the same that only tensors in the weights file follow from.

    `from_json` refuses others, as it cannot know that the weights file is that of the other model.
    """
    learned = code.manifest.learned
    configurations = code.manifest.configuration, other.manifest.configuration
    if learned is None or any(item is None for item in configurations):
        return False
    paths = {path for paths in learned.computed.values() for path in paths}
    paths -= {path for own in code.generated.settings.values() for path in own}
    ours, theirs = (item.settings for item in configurations if item is not None)
    return all(ours[path] == theirs.get(path) for path in paths)


def _model(folder: Path, number: int) -> Model:
    path = folder / f"{name_of(number)}_manifest.json"
    manifest = read_manifest(path)
    trace = folder / manifest.trace
    return Model(path, manifest, generate(manifest), open_tensors(trace))


def _read_from(files: Mapping[str, str], contents: str) -> dict[str, str]:
    """Returns the files with a `Config` that is read from JSON, and must be what was recorded."""
    text = files[FILE]
    found = recorded_config(text)
    checks = "".join(
        f"assert_eq!(read.{name}, {value}, {json.dumps(name)}); "
        for name, value in found.values.items()
    )
    body = (
        f'{{ let read = Self::from_json(r##"{contents}"##).expect("config.json"); {checks}read }}'
    )
    return {**files, FILE: f"{text[: found.start]}{body}{text[found.end :]}"}


def compare(built: Built, number: int, scratch: Path, limits: Limits) -> Compared:
    """Compares a run with PyTorch, and keeps how far it was off."""
    folder = built.folders[number]
    checked = check_model(built, number, scratch, limits)
    reads = "Self::from_json(r##" in (folder / "code.json").read_text(encoding="utf-8")
    found = Compared(
        checked.key,
        checked.outcome,
        checked.seconds,
        checked.reasons,
        error=checked.error,
        scale=checked.scale,
        reads_json=reads,
    )
    keep(folder / "compared.json", found)
    return found
