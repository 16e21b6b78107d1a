"""Seconds and memory of a process."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class NoResult(Exception):
    """A command that failed: there is nothing to measure."""


@dataclass(frozen=True)
class Used:
    """What a process used."""

    seconds: float
    processor: float
    """Seconds of processor time, which other processes disturb less."""
    gigabytes: float
    """The peak memory of its largest process."""


def run(folder: Path, *command: str | Path, cwd: Path | None = None, **variables: str) -> Used:
    """Runs a command with more environment variables; its output goes to `folder/log.txt`."""
    environment = {**os.environ, **variables}
    # Without compiled files `import torch` takes three times as long.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    begin = time.monotonic()
    with (folder / "log.txt").open("a") as log:
        process = subprocess.Popen(
            [str(word) for word in command], stdout=log, stderr=log, cwd=cwd, env=environment
        )
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        said = " ".join(map(str, command))
        raise NoResult(f"failed with {process.returncode}: {said}; see {folder / 'log.txt'}")
    unit = 1 if sys.platform == "darwin" else 1024
    processor = usage.ru_utime + usage.ru_stime
    return Used(time.monotonic() - begin, processor, usage.ru_maxrss * unit / 1e9)


def best(runs: Sequence[Used]) -> Used:
    """Returns the least of each."""
    return Used(
        min(item.seconds for item in runs),
        min(item.processor for item in runs),
        min(item.gigabytes for item in runs),
    )


def copy_and_sync(source: Path, target: Path) -> float:
    """Returns the seconds of a copy that is on the disk when it ends."""
    target.unlink(missing_ok=True)
    begin = time.monotonic()
    shutil.copyfile(source, target)
    with target.open("rb+") as file:
        os.fsync(file.fileno())
    return time.monotonic() - begin
