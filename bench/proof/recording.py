"""Records the configurations of an architecture, and learns from the first."""

from __future__ import annotations

import time
from pathlib import Path

from proof.outcomes import Learned, Required
from proof.subjects import Subject
from pycandle.errors import PyCandleError
from pycandle.manifest.reader import read_manifest
from pycandle.manifest.schema import Manifest
from zoo.limits import Limits, run_limited
from zoo.outcomes import keep, load, reasons_of
from zoo.porting import failure, source_key

RECORDS = ("recorder", "learning", "manifest")


def name_of(number: int) -> str:
    """Returns the name of a configuration's recording; 0 is the one that is learned from."""
    return f"other{number}" if number else "recorded"


def record_subject(
    subject: Subject, folder: Path, budget: float, limits: Limits, *, again: bool
) -> Learned:
    """Records what was not recorded yet; everything, with `again`."""
    path = folder / "learned.json"
    kept = load(path, Learned)
    if kept is not None and not again:
        return kept
    folder.mkdir(parents=True, exist_ok=True)
    key = source_key(RECORDS)
    ended = run_limited(_record, subject, folder, budget, key, limits=limits)
    found = ended.value or Learned(key, *failure(ended))
    keep(path, found)
    return found


def _record(subject: Subject, folder: Path, budget: float, key: str) -> Learned:
    """Runs in a process of its own."""
    from pycandle.recorder import GoldenRecorder, install

    install()
    begin = time.monotonic()
    try:
        for number in range(1 + len(subject.others)):
            model, kwargs = subject.build(number)
            recorder = GoldenRecorder(folder, budget=0 if number else budget)
            recorder.record(model, **kwargs)
            recorder.save(name_of(number))
            if (config := subject.config(number)) is not None:
                text = config.to_json_string()
                (folder / f"{name_of(number)}_config.json").write_text(text, encoding="utf-8")
    except PyCandleError as error:
        return Learned(key, "refused", time.monotonic() - begin, reasons_of(error))
    manifest = read_manifest(folder / f"{name_of(0)}_manifest.json")
    return _figures(manifest, key, time.monotonic() - begin)


def _figures(manifest: Manifest, key: str, seconds: float) -> Learned:
    learned = manifest.learned
    if learned is None:
        return Learned(key, "refused", seconds)
    explained = len(learned.lengths)
    explained += sum(index is not None for row in learned.state.values() for index in row)
    explained += sum(
        len(row.formulas) * len(row.nodes) for entry in manifest.entries for row in entry.numbers
    )
    return Learned(
        key,
        "ok",
        seconds,
        free=learned.settings,
        required=[Required(r.path, repr(r.value), r.reason) for r in learned.required],
        excluded=[f"{item.left} {item.relation} {item.right}" for item in learned.excluded],
        varying=explained + len(learned.unknown),
        explained=explained,
    )
