"""Measures what PyCandle promises to be fast and small; prints a table and keeps it as JSON."""

import argparse
import json
import shutil
import statistics
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from measuring import NoResult, Used, best, copy_and_sync, run

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent / "build" / "bench"
TARGET = HERE.parent / "target"
PYCANDLE = Path(sys.executable).with_name("pycandle")
PAIRS = 5
"""Extractions, each beside a copy of the same file."""


@dataclass(frozen=True)
class Figure:
    """One number with its limit, in `unit`."""

    name: str
    value: float
    unit: str
    limit: float | None = None

    @property
    def is_over(self) -> bool:
        return self.limit is not None and self.value > self.limit


def main() -> int:
    """Measures everything; returns 1 if a figure is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1, help="the best of so many runs is shown")
    runs = parser.parse_args().runs
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    print("| figure | value | limit |\n|---|---:|---:|")
    figures: list[Figure] = []
    try:
        for figure in measure(runs):
            figures.append(figure)
            limit = "" if figure.limit is None else f"{figure.limit:g} {figure.unit}"
            print(f"| {figure.name} | {figure.value:.2f} {figure.unit} | {limit} |", flush=True)
    except NoResult as error:
        sys.exit(str(error))
    results = FOLDER / "results.json"
    results.write_text(json.dumps([asdict(item) for item in figures], indent=1) + "\n")
    over = [item.name for item in figures if item.is_over]
    print("".join(f"\nover its limit: {name}" for name in over), file=sys.stderr)
    return 1 if over else 0


def measure(runs: int) -> Iterator[Figure]:
    """Yields the figures, the quick ones first."""
    yield Figure("`pycandle --help`", seconds(runs + 4, PYCANDLE, "--help").seconds, "s", 0.3)
    yield from recorded("llama-8b", runs, Figure("", 25, "s"), Figure("", 1.3, "GB"))
    yield from built("llama-8b", runs)
    yield from recorded("llama-405b", runs, Figure("", 90, "s"), Figure("", 1.6, "GB"))
    yield from generated("llama-405b", runs)
    yield from extracted()


def seconds(runs: int, *command: str | Path) -> Used:
    """Returns the least that the command used."""
    return best([run(FOLDER, *command) for _ in range(runs)])


def recorded(name: str, runs: int, time: Figure, memory: Figure) -> Iterator[Figure]:
    """Records a model on meta in a new process: imports are in its time and memory."""
    used = seconds(runs, sys.executable, HERE / "record.py", name, FOLDER)
    yield Figure(f"record {name}, imports included", used.seconds, "s", time.value)
    yield Figure(f"record {name}, of that processor time", used.processor, "s")
    yield Figure(f"record {name}, peak memory", used.gigabytes, "GB", memory.value)


def generated(name: str, runs: int) -> Iterator[Figure]:
    """Generates a crate with the command, and once more to see that torch is not imported."""
    manifest = FOLDER / f"{name}_manifest.json"
    crate = FOLDER / name
    used = seconds(runs, PYCANDLE, "codegen", "--manifest", manifest, "--crate", crate)
    yield Figure(f"codegen {name}", used.seconds, "s", 3)
    yield Figure(f"codegen {name}, of that processor time", used.processor, "s")
    yield Figure(f"codegen {name}, peak memory", used.gigabytes, "GB")
    probe = (
        "import sys; from pathlib import Path; from pycandle.codegen import generate; "
        "from pycandle.manifest.reader import read_manifest; "
        "generate(read_manifest(Path(sys.argv[1]))); sys.exit('torch' in sys.modules)"
    )
    run(FOLDER, sys.executable, "-c", probe, manifest)
    lines = sum(path.read_text().count("\n") for path in (crate / "src").rglob("*.rs"))
    yield Figure(f"codegen {name}, Rust", lines, "lines")


def built(name: str, runs: int) -> Iterator[Figure]:
    """Builds the crate where Candle is built already, so what is timed is the crate alone."""
    crate = FOLDER / name
    run(FOLDER, PYCANDLE, "codegen", "--manifest", FOLDER / f"{name}_manifest.json",
        "--crate", crate)  # fmt: skip
    command = ("cargo", "build", "--release", "--locked", "--quiet")
    used: list[Used] = []
    for number in range(runs + 1):
        for source in (crate / "src").rglob("*.rs"):
            source.touch()
        done = run(FOLDER, *command, cwd=crate, CARGO_TARGET_DIR=str(TARGET))
        # The first build may have to build Candle.
        used += [done] if number else []
    yield Figure(f"release build of {name}, without Candle", best(used).seconds, "s", 30)


def extracted() -> Iterator[Figure]:
    """Extracts 1.07 GB, each time beside a copy of the same file with a sync."""
    run(FOLDER, sys.executable, HERE / "record.py", "linears", FOLDER)
    checkpoint, out = FOLDER / "checkpoint.safetensors", FOLDER / "out.safetensors"
    run(FOLDER, sys.executable, HERE / "record.py", "linears-checkpoint", checkpoint)
    command = (PYCANDLE, "extract", "--checkpoint", checkpoint, "--manifest",
               FOLDER / "linears_manifest.json", "--out", out)  # fmt: skip
    ratios: list[float] = []
    memory: list[float] = []
    for _ in range(PAIRS):
        out.unlink(missing_ok=True)
        copied = copy_and_sync(checkpoint, FOLDER / "copy.safetensors")
        used = run(FOLDER, *command)
        ratios.append(used.seconds / copied)
        memory.append(used.gigabytes)
    for path in (checkpoint, out, FOLDER / "copy.safetensors"):
        path.unlink()
    yield Figure("extract 1.07 GB, against copy and sync", statistics.median(ratios), "times")
    yield Figure("extract 1.07 GB, peak memory", max(memory), "GB")


if __name__ == "__main__":
    sys.exit(main())
