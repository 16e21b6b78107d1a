"""Partial outputs: what a run has fetched before it was ended, so that the next one need not.

For checkpoints elsewhere alone: a copy on this machine takes as long as checking one.
A partial output lies beside the output under a name of its own, with a journal of what is in it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from pycandle.version import VERSION
from pycandle.weights.batches import Batch
from pycandle.weights.copying import CastLosses
from pycandle.weights.ledger import describe_tensor
from pycandle.weights.location import Url
from pycandle.weights.output_parts import Part
from pycandle.weights.planning import Plan
from pycandle.weights.reading import CHUNK

_SUFFIX = ".partial"
_JOURNAL = ".journal"


def partial_key(planned: Plan, part: Part) -> str | None:
    """Returns what tells a part from that of any other plan or state of the files; hexadecimal.

    None where nothing is fetched, or where a server does not say by what a change is recognised.
    """
    remote = [location for location in planned.stamps if isinstance(location, Url)]
    if not remote or not all(any(planned.stamps[location].version) for location in remote):
        return None
    content = {
        "pycandle": VERSION,
        "sources": sorted(f"{file} {[*stamp]}" for file, stamp in planned.stamps.items()),
        "tensors": [[describe_tensor(copy.tensor), copy.offset] for copy in part.copies()],
    }
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


def is_partial(path: Path) -> bool:
    """Returns whether a file is one with which a later run may go on."""
    return path.name.endswith(_SUFFIX)


def claim_partial(path: Path, key: str) -> tuple[Path, FileIO] | None:
    """Returns the open partial output of `path` with this key, and where it is; new or not.

    None where another run has it, or where the system has no locks. It is this run's until the
    file and its duplicates are closed.
    """
    partial = path.with_name(f".{path.name}.{key}{_SUFFIX}")
    file = _lock(partial, os.O_RDWR | os.O_CREAT)
    return None if file is None else (partial, file)


def delete_others(path: Path, keys: Collection[str | None]) -> None:
    """Deletes the partial outputs of `path` with other keys, which no run goes on with."""
    form = re.escape(f".{path.name}.") + r"([0-9a-f]{16})" + re.escape(_SUFFIX)
    for other in path.parent.iterdir():
        found = re.fullmatch(f"{form}({re.escape(_JOURNAL)})?", other.name)
        if found is None or found[1] in keys:
            continue
        partial = other.with_name(other.name.removesuffix(_JOURNAL))
        file = _lock(partial, os.O_RDWR)
        if file is not None or not partial.exists():
            for done in (partial, journal_path(partial)):
                with suppress(OSError):
                    done.unlink(missing_ok=True)
        if file is not None:
            file.close()


def journal_path(partial: Path) -> Path:
    """Returns where the journal of a partial output is."""
    return partial.with_name(f"{partial.name}{_JOURNAL}")


class _Entry(NamedTuple):
    digest: str
    """Of the batch's bytes in the output."""
    losses: tuple[CastLosses, ...]


class Journal:
    """Which batches of a plan are in a partial output, by their number.

    A line says that a batch was written, and not that it is on the disk: its digest tells.
    """

    def __init__(self, partial: Path) -> None:
        self._partial = partial
        self._path = journal_path(partial)
        self._lock = Lock()
        self._entries = dict(_read(self._path))

    def find(self, number: int, batch: Batch) -> tuple[CastLosses, ...] | None:
        """Returns where a batch that is in the output has lost values; None if it is not there."""
        entry = self._entries.get(number)
        if entry is None or _digest(self._partial, batch) != entry.digest:
            return None
        return entry.losses

    def add(self, number: int, batch: Batch, losses: Iterable[CastLosses]) -> None:
        """Notes that a batch was written."""
        line = json.dumps([number, _digest(self._partial, batch), list(losses)])
        # In front, as the line before it may have been torn.
        with self._lock, self._path.open("ab", buffering=0) as file:
            file.write(f"\n{line}\n".encode())


def _read(path: Path) -> Iterator[tuple[int, _Entry]]:
    """Yields the whole lines of a journal."""
    with suppress(OSError):
        for line in path.read_text("utf-8", "replace").splitlines():
            with suppress(ValueError, TypeError):
                number, digest, losses = json.loads(line)
                yield int(number), _Entry(digest, tuple(CastLosses(*item) for item in losses))


def _digest(path: Path, batch: Batch) -> str:
    """Returns the digest of a batch's bytes in an output; of fewer, where that is shorter."""
    digest = hashlib.sha256()
    with FileIO(path) as file:
        for copy in batch.copies:
            file.seek(copy.offset)
            left = copy.tensor.nbytes
            while left and (block := file.read(min(left, CHUNK))):
                digest.update(block)
                left -= len(block)
    return digest.hexdigest()


def _lock(path: Path, flags: int) -> FileIO | None:
    """Opens a file that nobody else has; None if somebody has it, or if there are no locks."""
    try:
        import fcntl
    except ImportError:
        return None
    with suppress(OSError):
        file = FileIO(os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666), "r+")
        with _closed_on_error(file):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever had it may have given it its final name in the meantime.
            if os.path.samestat(os.fstat(file.fileno()), os.stat(path)):
                return file
            file.close()
    return None


@contextmanager
def _closed_on_error(file: FileIO) -> Iterator[None]:
    try:
        yield
    except BaseException:
        file.close()
        raise
