"""Runs the built harness: weights and input sets in, the tensors of every set out."""

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pycandle.verify.failures import internal_error

Mode = Literal["plain", "record", "own"]


@dataclass(frozen=True)
class Binary:
    """A built harness, and the model in it."""

    path: Path
    model: int
    entry: str
    dtype: str
    """The float dtype of the model, as Candle writes it: `f32`."""


@dataclass(frozen=True)
class RustRun:
    """What a run of several sets gave."""

    failures: dict[int, str]
    """Why a set failed, by its index; the others wrote their tensors."""
    load_seconds: float
    forward_seconds: tuple[float, ...]
    """Of the sets that ran, in order."""


class LoadError(Exception):
    """The generated code refused the weights, or did not start."""


def execute(
    binary: Binary,
    weights: Path,
    inputs: Sequence[Path],
    out: Sequence[Path],
    *,
    mode: Mode,
    reference: Sequence[Path] = (),
) -> RustRun:
    """Runs every set; `reference` has one file per set in mode `own`, and none otherwise."""
    groups = (
        zip(inputs, out, reference, strict=True) if mode == "own" else zip(inputs, out, strict=True)
    )
    sets = [str(path) for group in groups for path in group]
    head = [str(binary.path), str(binary.model), binary.entry, binary.dtype, mode, str(weights)]
    # A backtrace would bury the message of an error.
    environment = {**os.environ, "RUST_BACKTRACE": "0"}
    done = subprocess.run(
        [*head, *sets],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=environment,
        check=False,
    )
    if done.returncode < 0 or done.returncode > 1:
        said = done.stderr.strip()[-2000:]
        raise internal_error(
            f"the generated program ended with status {done.returncode}",
            label=said,
            attach="the manifest",
        )
    if done.returncode == 1:
        raise LoadError(done.stderr.strip())
    return _parse(done.stdout, out)


def _parse(text: str, out: Sequence[Path]) -> RustRun:
    lines = [line.split() for line in text.splitlines()]
    failures = {
        index: path.with_suffix(".error").read_text(encoding="utf-8")
        for index, path in enumerate(out)
        if path.with_suffix(".error").is_file()
    }
    load = next(float(words[1]) for words in lines if words[0] == "load")
    forward = tuple(float(words[1]) for words in lines if words[0] == "forward")
    return RustRun(failures, load, forward)
