"""Copying with several connections, where each waits more than it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from threading import Event, Lock

from pycandle.weights.batches import make_batches, run_batch
from pycandle.weights.byte_file import CONNECTIONS
from pycandle.weights.checkpoint import FileStamp
from pycandle.weights.copying import CastLosses, Copy
from pycandle.weights.location import Location


class _Stopped(Exception):
    """Another batch has failed."""


def copy_concurrently(
    copies: Iterable[Copy],
    stamps: Mapping[Location, FileStamp],
    target: Path,
    advance: Callable[[int], None],
) -> list[CastLosses]:
    """Copies tensors into a file that is there; returns where casts have lost values.

    The first failure ends all.
    """
    stopped, lock = Event(), Lock()

    def advance_one(count: int) -> None:
        if stopped.is_set():
            raise _Stopped
        with lock:
            advance(count)

    losses: list[CastLosses] = []
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        running = [
            pool.submit(run_batch, batch, stamps, target, advance_one)
            for batch in make_batches(copies)
        ]
        try:
            for future in as_completed(running):
                losses += future.result()
        except BaseException:
            stopped.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return sorted(losses, key=lambda item: item.tensor)
