"""One crate with all the rows: written, built once, run once."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from ops.lowered import Body
from ops.values import Run, stored_dtype
from pycandle.codegen.source.kernels import with_dependencies
from pycandle.version import CANDLE_VERSION

ROOT = Path(__file__).parents[2]
KERNELS = ROOT / "src/pycandle/lowering/runtime"
_HERE = Path(__file__).parent
# Only the crate itself is compiled fast: any other change to the profile would build a Candle of
# its own instead of the one that every release build in the target directory shares.
_CARGO = """\
[package]
name = "{name}"
version = "0.0.0"
edition = "2021"

[dependencies]
candle-core = "={candle}"
candle-nn = "={candle}"

[profile.release.package.{name}]
opt-level = 0

[workspace]
"""
_CONFIG = '[build]\nrustflags = ["-C", "target-cpu=native"]\n'
_HEADER = """\
#![allow(unused_variables, unused_imports)]
use crate::runtime;
use candle_core::{DType, Device, Module, Result, Tensor};

type Case = fn(&[Tensor], &[usize], DType, &Device) -> Result<Vec<Tensor>>;
"""
_FUNCTION = """\
fn case{i}(
    inputs: &[Tensor], sizes: &[usize], dtype: DType, device: &Device
) -> Result<Vec<Tensor>> {{
{body}
}}
"""


@dataclass(frozen=True)
class Outcome:
    """What Rust made of one run."""

    error: str | None
    layouts: str
    """One of `c`, `s`, `b` for each result: contiguous, strided, with a stride of 0."""
    results: tuple[torch.Tensor, ...]


@dataclass(frozen=True)
class Program:
    """The distinct bodies of the rows, and the runs of each."""

    bodies: tuple[Body, ...]
    runs: tuple[tuple[int, Run], ...]
    """The body's index and the run."""


def run_program(program: Program, name: str) -> list[Outcome]:
    """Builds and runs a program in `build/NAME`; returns the outcome of each of its runs.

    A body that does not compile gets the compiler's message as its error; the others are run.
    """
    folder = ROOT / "build" / name
    rejected: dict[int, str] = {}
    while True:
        key = _write(program, folder, name, rejected)
        found = _build(folder)
        if not found:
            break
        if not found.keys() - rejected.keys():
            raise AssertionError("\n".join(found.values()))
        rejected |= found
    report = _run(program, folder, key)
    stored = load_file(folder / "outputs.safetensors")
    return [
        _outcome(report[index], index, stored, rejected.get(body))
        for index, (body, _) in enumerate(program.runs)
    ]


def _outcome(
    line: str, index: int, stored: dict[str, torch.Tensor], rejected: str | None
) -> Outcome:
    status, _, text = line.partition(" ")
    if rejected is not None or status != "ok":
        return Outcome(rejected or line, "", ())
    return Outcome(None, text, tuple(stored[f"{index}/{i}"] for i in range(len(text))))


def _write(program: Program, folder: Path, name: str, rejected: dict[int, str]) -> str:
    parts = [_HEADER, f"pub static CASES: [Case; {len(program.bodies)}] = ["]
    parts[-1] += ", ".join(f"case{i}" for i in range(len(program.bodies))) + "];\n"
    for i, body in enumerate(program.bodies):
        text = 'candle_core::bail!("does not compile")' if i in rejected else body.text
        parts.append(_FUNCTION.format(i=i, body=text))
    kernels = with_dependencies(kernel for body in program.bodies for kernel in body.runtime)
    files = {
        "Cargo.toml": _CARGO.format(name=name, candle=CANDLE_VERSION),
        ".cargo/config.toml": _CONFIG,
        "src/main.rs": (_HERE / "main.rs").read_text(),
        "src/cases.rs": "\n".join(parts) + "\n",
        "src/runtime.rs": "".join(f"mod {k};\npub use {k}::{k};\n" for k in kernels),
        **{f"src/runtime/{k}.rs": (KERNELS / f"{k}.rs").read_text() for k in kernels},
    }
    key = hashlib.sha256(repr(files).encode()).hexdigest()
    for path, text in {**files, "source.txt": key}.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        # An unchanged file keeps its time, so that Cargo builds nothing.
        if not target.exists() or target.read_text() != text:
            target.write_text(text)
    return key


def _environment() -> dict[str, str]:
    return {"CARGO_TARGET_DIR": str(ROOT / "target"), **os.environ}


def _build(folder: Path) -> dict[int, str]:
    """Builds the crate; returns the compiler's messages by body, none where it succeeded."""
    command = ["cargo", "build", "--release", "--quiet"]
    done = subprocess.run(
        command, cwd=folder, env=_environment(), capture_output=True, encoding="utf-8"
    )
    if done.returncode == 0:
        return {}
    lines = (folder / "src/cases.rs").read_text().splitlines()
    found: dict[int, str] = {}
    for message in re.split(r"\n(?=error|warning)", done.stderr):
        place = re.search(r"src[/\\]cases\.rs:(\d+):", message)
        if message.startswith("error") and place is not None:
            found[_function_at(lines, int(place[1]))] = message
    if not found:
        raise AssertionError(done.stderr)
    return found


def _function_at(lines: list[str], line: int) -> int:
    heads = (re.match(r"fn case(\d+)\(", text) for text in reversed(lines[:line]))
    return next(int(head[1]) for head in heads if head)


def _run(program: Program, folder: Path, key: str) -> list[str]:
    plan: list[str] = []
    tensors: dict[str, torch.Tensor] = {}
    names: dict[int, str] = {}
    for index, (body, run) in enumerate(program.runs):
        sizes = ",".join(str(run.symbols[symbol]) for symbol in sorted(run.symbols)) or "-"
        words = [str(index), str(body), run.model or "-", sizes]
        for position, stored in enumerate(run.inputs):
            # A run stands here once for each form of its body.
            name = names.setdefault(id(stored), f"{index}.{position}")
            tensors[name] = stored_dtype(stored.base).contiguous()
            words.append(";".join([name, *stored.views]))
        plan.append(" ".join(words))
    (folder / "plan.txt").write_text("\n".join(plan) + "\n")
    save_file(tensors, folder / "inputs.safetensors")
    binary = Path(_environment()["CARGO_TARGET_DIR"]) / "release" / folder.name
    done = subprocess.run([binary], cwd=folder, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    found = (folder / "report.txt").read_text().splitlines()
    assert found[0] == key, "another run wrote into this folder at the same time"
    return [line.partition(" ")[2] for line in found[1:]]
