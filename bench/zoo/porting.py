"""The stages before the build: an architecture to a manifest, a manifest to Rust."""

from __future__ import annotations

import hashlib
import time
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from pycandle.codegen import Generated as Code
from pycandle.codegen import generate
from pycandle.errors import PyCandleError
from pycandle.manifest.reader import read_manifest
from zoo.limits import Ended, Limits, run_limited
from zoo.outcomes import Generated, Outcome, Reason, Recorded, keep, load, reasons_of
from zoo.rust_figures import count
from zoo.subjects import Subject

RECORDS = ("recorder", "manifest")
COMPILES = ("codegen", "importer", "ir", "lowering", "manifest", "passes", "rust")


@cache
def source_key(packages: tuple[str, ...]) -> str:
    """Returns a digest of packages of PyCandle: it changes with their text."""
    root = Path(str(files("pycandle")))
    key = hashlib.sha256()
    for package in packages:
        for path in sorted((root / package).rglob("*")):
            if path.suffix in (".py", ".rs"):
                key.update(f"{path.relative_to(root).as_posix()}\0".encode())
                key.update(path.read_bytes())
    return key.hexdigest()[:16]


def record_subject(subject: Subject, folder: Path, limits: Limits, *, again: bool) -> Recorded:
    """Records an architecture on meta; a recording of another time is good, unless `again`."""
    path = folder / "recorded.json"
    kept = load(path, Recorded)
    if kept is not None and not again:
        return kept
    folder.mkdir(parents=True, exist_ok=True)
    key = source_key(RECORDS)
    ended = run_limited(_record, subject, folder, key, limits=limits)
    found = ended.value or Recorded(key, *failure(ended))
    keep(path, found)
    return found


def _record(subject: Subject, folder: Path, key: str) -> Recorded:
    """Runs in a process of its own."""
    from pycandle.recorder import GoldenRecorder, install

    install()
    begin = time.monotonic()
    model, args, kwargs = subject.build()
    recorder = GoldenRecorder(output_dir=folder)
    try:
        recorder.record(model, *args, **kwargs)
        recorder.save("model")
    except PyCandleError as error:
        return Recorded(key, "refused", time.monotonic() - begin, reasons_of(error))
    seconds = time.monotonic() - begin
    entry = read_manifest(folder / "model_manifest.json").entries[0]
    return Recorded(key, "ok", seconds, nodes=len(entry.nodes), notes=entry.notes)


def generate_subject(folder: Path, limits: Limits) -> Generated:
    """Generates the Rust of a recording, unless that was done by the same compiler."""
    path = folder / "generated.json"
    key = f"{source_key(COMPILES)}-{file_key(folder / 'model_manifest.json')}"
    kept = load(path, Generated)
    if kept is not None and kept.key == key and kept.outcome != "limit":
        return kept
    ended = run_limited(_generate, folder, key, limits=limits)
    found = ended.value or Generated(key, *failure(ended))
    keep(path, found)
    return found


def _generate(folder: Path, key: str) -> Generated:
    """Runs in a process of its own."""
    begin = time.monotonic()
    try:
        code = generate(read_manifest(folder / "model_manifest.json"))
    except PyCandleError as error:
        return Generated(key, "refused", time.monotonic() - begin, reasons_of(error))
    seconds = time.monotonic() - begin
    (folder / "code.json").write_bytes(msgspec.json.encode(code))
    own = (text for path, text in code.files.items() if path != "model/runtime.rs")
    text = "\n".join(own)
    (folder / "model.rs").write_text(text, encoding="utf-8")
    figures = count(text)
    return Generated(
        key,
        "ok",
        seconds,
        lines=figures.lines,
        longest=figures.longest,
        longest_name=figures.longest_name,
        structs=figures.structs,
        inlined=len(code.inlined),
    )


def read_code(folder: Path) -> Code:
    """Returns what was generated."""
    return msgspec.json.decode((folder / "code.json").read_bytes(), type=Code)


def file_key(path: Path) -> str:
    """Returns a digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def failure(ended: Ended) -> tuple[Outcome, float, list[Reason]]:
    """Returns outcome, seconds and reasons of a process that gave no value."""
    assert ended.failure is not None
    kind: Outcome = "limit" if ended.limited else "crash"
    last = ended.failure.strip().splitlines()[-1]
    return kind, ended.seconds, [Reason(kind, last[:300], label=ended.failure[-3000:])]
