"""Measures extraction: time against a copy, memory, many tensors, start-up; prints a table.

Every time is taken beside a copy with a sync of the same bytes, or beside what it is compared
with, in the same run: the ratios are medians of such pairs.
"""

import argparse
import json
import os
import shutil
import statistics
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import weights_files as files
from bench import Figure
from measuring import NoResult
from weights_measuring import LIMITED, Measured, can_limit, measure

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent / "build" / "bench-weights"

# A project's own, with the engine's source beside it and nothing that is installed.
OURS = (sys.executable, FOLDER / ".pycandle" / "scripts" / "weight_extractor.py")


def main() -> int:
    """Measures everything; returns 1 if a figure is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--size", type=float, default=1.0, help="GB to write for the times")
    parser.add_argument("--only", default="", help="the names of parts, with commas between them")
    arguments = parser.parse_args()
    parts = {
        "time": lambda: times(arguments.pairs, arguments.size),
        "memory": memory,
        "limit": lambda: limited(1.9),
        "many": lambda: many(arguments.pairs),
        "start": lambda: started(4 * arguments.pairs),
    }
    chosen = arguments.only.split(",") if arguments.only else list(parts)
    shutil.rmtree(FOLDER, ignore_errors=True)
    files.write_project(FOLDER)
    measure(*OURS, "--help")  # Compiles the engine, as the first use does.
    print("| figure | value | limit |\n|---|---:|---:|")
    figures: list[Figure] = []
    try:
        for name in chosen:
            for figure in parts[name]():
                figures.append(figure)
                limit = "" if figure.limit is None else f"{figure.limit:g} {figure.unit}"
                print(f"| {figure.name} | {figure.value:.2f} {figure.unit} | {limit} |", flush=True)
    except NoResult as error:
        sys.exit(str(error))
    (FOLDER / "results.json").write_text(json.dumps([asdict(item) for item in figures], indent=1))
    over = [item.name for item in figures if item.is_over]
    print("".join(f"\nover its limit: {name}" for name in over), file=sys.stderr)
    return 1 if over else 0


def extract(checkpoint: Path, manifest: Path, out: Path, *, limit: int | None = None) -> Measured:
    """Runs an extraction in a process of its own."""
    out.unlink(missing_ok=True)
    words = ("--checkpoint", checkpoint, "--manifest", manifest, "--out", out)
    return measure(*OURS, *words, limit=limit)


def times(pairs: int, gigabytes: float) -> Iterator[Figure]:
    """Extracts every other tensor from each format, beside copies and beside the usual ways."""
    made = files.write_all(FOLDER / "times", gigabytes)
    out, copy = FOLDER / "out", FOLDER / "copy"
    for name, checkpoint in made.checkpoints.items():
        ratios: list[float] = []
        processor: list[float] = []
        for _ in range(pairs + 1):
            used = extract(checkpoint, made.manifest, out)
            copied = measure("sh", "-c", 'cp "$0" "$1" && sync "$1"', out, copy)
            copy.unlink()
            ratios.append(used.seconds / copied.seconds)
            processor.append(used.processor / copied.processor)
        # The first run fills the cache.
        yield Figure(f"extract {name}, against `cp` and `sync`", statistics.median(ratios[1:]),
                     "times", 1.25)  # fmt: skip
        yield Figure("of that, processor time", statistics.median(processor[1:]), "times")
    for name, usual, least in (("safetensors", "safe_open", 3), ("torch zip", "torch.load", 8)):
        ratios = []
        for _ in range(pairs):
            used = extract(made.checkpoints[name], made.manifest, out)
            other = measure(sys.executable, HERE / "weights_usual.py", usual,
                            made.checkpoints[name], made.manifest, copy)  # fmt: skip
            ratios.append(used.seconds / other.seconds)
            if out.read_bytes() != copy.read_bytes():
                raise NoResult(f"{usual} and save_file have written other bytes")
        title = f"extract {name}, against {usual} and save_file"
        yield Figure(title, statistics.median(ratios), "times", 1 / least)
    files.remove(FOLDER / "times", out, copy)


def memory() -> Iterator[Figure]:
    """Extracts half of 0.3 GB and of 5 GB, in the same tensors but for their number of rows."""
    peaks: dict[str, list[float]] = {}
    for gigabytes in (0.3, 5):
        made = files.write_all(FOLDER / "memory", gigabytes / 2, ("safetensors", "torch zip"))
        for name, checkpoint in made.checkpoints.items():
            used = extract(checkpoint, made.manifest, FOLDER / "out")
            peaks.setdefault(name, []).append(used.anonymous_mb)
        limit = 16 + 0.003 * made.tensors
        files.remove(FOLDER / "memory", FOLDER / "out")
        for name, found in peaks.items():
            title = f"extract half of {gigabytes:g} GB of {name}, peak anonymous memory"
            yield Figure(title, found[-1], "MB", limit)
    for name, found in peaks.items():
        yield Figure(f"extract {name}, growth of that memory", found[1] - found[0], "MB", 1)


def limited(gigabytes: float) -> Iterator[Figure]:
    """Extracts from the double of the size in a cgroup of 32 MB, which counts cached pages too."""
    if not can_limit():
        print("a cgroup of 32 MB: not measured, as this process may not make one", file=sys.stderr)
        return
    names = ("safetensors", "torch zip")
    made = files.write_all(FOLDER / "limit", gigabytes, names)
    for name, checkpoint in made.checkpoints.items():
        used = extract(checkpoint, made.manifest, FOLDER / "out", limit=LIMITED)
        if (FOLDER / "out").stat().st_size < gigabytes * 0.9e9:
            raise NoResult("the output is too small")
        yield Figure(f"extract {name} in a cgroup of 32 MB", used.seconds, "s")
    files.remove(FOLDER / "limit", FOLDER / "out")


def many(pairs: int) -> Iterator[Figure]:
    """Lists 100,000 pickled tensors, as `--dry-run` does, against torch.load."""
    FOLDER.joinpath("many").mkdir()
    for name in ("torch zip", "torch legacy"):
        path, manifest = files.write_many(FOLDER / "many", name, 100_000)
        ratios = []
        for _ in range(pairs):
            ours = measure(sys.executable, HERE / "weights_usual.py", "index", path)
            other = measure(sys.executable, HERE / "weights_usual.py", "load", path)
            ratios.append(ours.inner_seconds / other.inner_seconds)
        title = f"list 100,000 tensors of {name}, against torch.load"
        yield Figure(title, statistics.median(ratios), "times", 0.6)
        used = extract(path, manifest, FOLDER / "out")
        yield Figure(f"extract 100,000 tensors of {name}, peak anonymous memory",
                     used.anonymous_mb, "MB", 16 + 0.003 * 100_000)  # fmt: skip
    files.remove(FOLDER / "many", FOLDER / "out")


def started(runs: int) -> Iterator[Figure]:
    """Extracts one small tensor, against a program that does nothing."""
    checkpoint, manifest = files.write_tiny(FOLDER)
    ratios: list[float] = []
    processor: list[float] = []
    for _ in range(runs):
        nothing = measure(sys.executable, "-c", "pass")
        used = extract(checkpoint, manifest, FOLDER / "out")
        ratios.append(used.seconds / nothing.seconds)
        processor.append(used.processor / nothing.processor)
    yield Figure("extract one tensor, against `python -c pass`", statistics.median(ratios),
                 "times", 4)  # fmt: skip
    yield Figure("of that, processor time", statistics.median(processor), "times")


if __name__ == "__main__":
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.exit(main())
