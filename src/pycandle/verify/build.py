"""Builds the harness with cargo, below the shared target directory."""

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

from pycandle.errors import Diagnostic, Place, PyCandleError, refusal
from pycandle.project.layout import find_layout
from pycandle.verify.failures import internal_error
from pycandle.verify.harness import HarnessSource
from pycandle.weights.atomic_file import replacing, write_all

Progress = Callable[[str], None]

SHOWN_ERRORS = 5
"""Compile errors shown in a report; the first one explains the others, mostly."""


def target_directory(beside: Path) -> Path:
    """Returns where cargo builds: CARGO_TARGET_DIR, else `.pycandle/target`, else a cache."""
    given = os.environ.get("CARGO_TARGET_DIR")
    if given:
        return Path(given).absolute()
    layout = find_layout(beside, Path.cwd())
    return layout.target if layout is not None else _cache() / "pycandle" / "target"


def build(
    source: HarnessSource,
    target: Path,
    *,
    manifests: Sequence[Path],
    blame: Path | None = None,
    on_progress: Progress,
) -> Path:
    """Builds the crate and returns its binary; a crate that was built before is not built again.

    A compile error is PyCandle's bug, in the code of `manifests`, or else the user's, in `blame`.
    """
    cargo = shutil.which("cargo")
    if cargo is None:
        raise refusal(
            "missing-tool", "`cargo` is not on the PATH", hint="install Rust from https://rustup.rs"
        )
    directory = target / "pycandle" / source.binary
    for name, text in source.files.items():
        _write_changed(directory / name, text.encode())
    command = [cargo, "build", "--release", "--locked", "--message-format=json"]
    environment = {**os.environ, "CARGO_TARGET_DIR": str(target), "CARGO_TERM_COLOR": "never"}
    with subprocess.Popen(
        command,
        cwd=directory,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        said: list[str] = []
        reader = threading.Thread(target=_follow, args=(process.stderr, said, on_progress))
        reader.start()
        messages = [json.loads(line) for line in process.stdout if line.startswith("{")]
        reader.join()
    binary = _executable(messages)
    if process.returncode == 0 and binary is not None:
        return binary
    raise _failure(messages, said, directory, manifests, blame)


def _follow(stream: IO[str], said: list[str], on_progress: Progress) -> None:
    """Passes on what cargo says, line by line."""
    for line in stream:
        said.append(line.rstrip())
        if line.strip().startswith(("Compiling", "Downloading", "Downloaded", "Blocking")):
            on_progress(" ".join(line.split("(")[0].split()))


def _executable(messages: list[dict[str, Any]]) -> Path | None:
    found = [m["executable"] for m in messages if m.get("executable")]
    return Path(found[-1]) if found else None


def _failure(
    messages: list[dict[str, Any]],
    said: list[str],
    directory: Path,
    manifests: Sequence[Path],
    blame: Path | None,
) -> PyCandleError:
    errors = [
        message["message"]["rendered"].rstrip()
        for message in messages
        if message["reason"] == "compiler-message" and message["message"]["level"] == "error"
    ]
    if not errors:
        # Not the code: no network for the first download, a full disk, a rustc that is too old.
        label = "\n".join(line for line in said if line)[-2000:]
        return refusal("cargo-failed", "cargo could not build the harness", label=label)
    label = "\n\n".join(errors[:SHOWN_ERRORS])
    if blame is not None:
        return PyCandleError(
            Diagnostic(
                "does-not-compile",
                "the Rust source does not compile against this manifest",
                Place(str(blame)),
                label,
                hint="`pycandle codegen` writes the file that does",
            )
        )
    names = ", ".join(f"m{index}: {path}" for index, path in enumerate(manifests))
    return internal_error(
        "the generated Rust does not compile",
        label=label,
        attach=f"{directory / 'src'} and the manifests ({names})",
    )


def _write_changed(path: Path, data: bytes) -> None:
    """Writes a file unless it is there already: cargo goes by modification times."""
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path, len(data)) as file:
        write_all(file, data)


def _cache() -> Path:
    """Returns the user's folder for what can be made again."""
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
