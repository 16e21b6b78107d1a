"""Seconds and anonymous memory of a process, with or without a limit on all of its memory."""

import resource
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from measuring import NoResult

LIMITED = 32 << 20
"""In bytes, of a cgroup."""

_INTERVAL = 0.01
"""Seconds between two looks at a process."""


@dataclass(frozen=True)
class Measured:
    """What a process used."""

    seconds: float
    processor: float
    """Seconds of processor time, which other processes disturb less."""
    anonymous_mb: float
    """The peak of what is not a page of a file; 0 where the system does not tell."""
    said: str

    @property
    def inner_seconds(self) -> float:
        """What the process has measured itself, without its imports."""
        return float(self.said)


def measure(*command: str | Path, limit: int | None = None) -> Measured:
    """Runs a command, in a cgroup of so many bytes if there is a limit."""
    words = [str(word) for word in command]
    if limit is not None:
        words = _in_cgroup(words, limit)
    begin, before = time.monotonic(), _processor()
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    ended, peaks = Event(), [0.0]
    watcher = Thread(target=_watch, args=(process.pid, ended, peaks))
    watcher.start()
    said, complained = process.communicate()
    seconds = time.monotonic() - begin
    ended.set()
    watcher.join()
    if process.returncode != 0:
        raise NoResult(f"failed with {process.returncode}: {' '.join(words)}\n{complained[-2000:]}")
    return Measured(seconds, _processor() - before, max(peaks), said)


def _processor() -> float:
    """Returns the processor time of all processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def can_limit() -> bool:
    """Returns whether this process may make cgroups."""
    try:
        measure(sys.executable, "-c", "pass", limit=LIMITED)
    except (NoResult, OSError):
        return False
    return True


def _watch(pid: int, ended: Event, peaks: list[float]) -> None:
    while not ended.wait(_INTERVAL):
        peaks.append(_anonymous_mb(pid))


def _anonymous_mb(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    lines = [line for line in status.splitlines() if line.startswith("RssAnon")]
    return int(lines[0].split()[1]) * 1024 / 1e6 if lines else 0.0


def _in_cgroup(words: list[str], limit: int) -> list[str]:
    """Returns a command that runs another one in a new cgroup, of version 1 or 2."""
    old, new = Path("/sys/fs/cgroup/memory"), Path("/sys/fs/cgroup")
    name = f"pycandle-{uuid.uuid4().hex[:8]}"
    parent, file = (old, "memory.limit_in_bytes") if old.is_dir() else (new, "memory.max")
    group = parent / name
    group.mkdir()
    (group / file).write_text(str(limit))
    script = 'echo $$ > "$0/cgroup.procs" && "$@"; code=$?; '
    # A group can be removed once nobody is in it.
    script += 'echo $$ > "${0%/*}/cgroup.procs"; rmdir "$0"; exit $code'
    return ["sh", "-c", script, str(group), *words]
