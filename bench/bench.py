"""Measures record, codegen and build of fixed models; prints a table and keeps it as JSON."""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent / "build" / "bench"
PYCANDLE = Path(sys.executable).with_name("pycandle")
LIMITS = {
    # Seconds and GB of recording, seconds of codegen.
    "resnet18": (25, 1.3, 3),
    "llama-8b": (25, 1.3, 3),
    "llama-405b": (90, 1.6, 3),
}


@dataclass(frozen=True)
class Row:
    """The figures of one model."""

    model: str
    record_seconds: float
    record_gb: float
    codegen_seconds: float
    codegen_gb: float
    rust_lines: int
    build_seconds: float
    """Of the crate alone: Candle is built before."""


def main() -> int:
    """Measures every model; returns 1 if one is over its limit."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    print(f"{'model':12} {'record':>18} {'codegen':>18} {'Rust':>12} {'build':>9}")
    rows: list[Row] = []
    for name in LIMITS:
        row = measure(name, warm_up=not rows)
        rows.append(row)
        print(
            f"{row.model:12} {row.record_seconds:7.1f} s {row.record_gb:5.2f} GB"
            f" {row.codegen_seconds:7.2f} s {row.codegen_gb:5.2f} GB"
            f" {row.rust_lines:6} lines {row.build_seconds:7.1f} s",
            flush=True,
        )
    results = FOLDER / "results.json"
    results.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
    print(f"\n{results}")
    over = [complaint for row in rows for complaint in over_limit(row)]
    print("\n".join(over))
    return 1 if over else 0


def measure(name: str, *, warm_up: bool) -> Row:
    """Records, generates and builds one model; the first one builds Candle first."""
    record = run(sys.executable, HERE / "record.py", name, FOLDER)
    manifest, crate = FOLDER / f"{name}_manifest.json", FOLDER / name
    codegen = run(PYCANDLE, "codegen", "--manifest", manifest, "--crate", crate)
    build = ("cargo", "build", "--release", "--quiet", "--manifest-path", crate / "Cargo.toml")
    if warm_up:
        run(*build)
        os.utime(crate / "src" / "model.rs")
    seconds, _ = run(*build)
    lines = sum(path.read_text().count("\n") for path in (crate / "src").rglob("*.rs"))
    return Row(name, *record, *codegen, lines, seconds)


def run(*command: str | Path) -> tuple[float, float]:
    """Runs a command; returns its seconds and the peak memory of its largest process in GB."""
    begin = time.monotonic()
    with (FOLDER / "log.txt").open("a") as log:
        process = subprocess.Popen([str(word) for word in command], stdout=log, stderr=log)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed; see {FOLDER / 'log.txt'}")
    unit = 1 if sys.platform == "darwin" else 1024
    return time.monotonic() - begin, usage.ru_maxrss * unit / 1e9


def over_limit(row: Row) -> list[str]:
    """Returns a line for each figure over its limit."""
    seconds, memory, codegen = LIMITS[row.model]
    checks = (
        ("record", row.record_seconds, seconds, "s"),
        ("record", row.record_gb, memory, "GB"),
        ("codegen", row.codegen_seconds, codegen, "s"),
    )
    return [
        f"{row.model}: {what} took {value:.1f} {unit}, over the limit of {limit} {unit}"
        for what, value, limit, unit in checks
        if value > limit
    ]


if __name__ == "__main__":
    sys.exit(main())
