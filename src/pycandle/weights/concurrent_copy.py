"""Copying with several connections, where each waits more than it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from threading import Event, Lock

from pycandle.weights.batches import Batch, make_batches, run_batch
from pycandle.weights.byte_file import CONNECTIONS
from pycandle.weights.checkpoint import FileStamp
from pycandle.weights.copying import CastLosses, Copy
from pycandle.weights.location import Location
from pycandle.weights.partial_file import Journal


class _Stopped(Exception):
    """Another batch has failed."""


def copy_concurrently(
    copies: Iterable[Copy],
    stamps: Mapping[Location, FileStamp],
    target: Path,
    advance: Callable[[int], None],
    journal: Journal | None = None,
) -> list[CastLosses]:
    """Copies tensors into a file that is there; returns where casts have lost values.

    The first failure ends all. What `journal` finds in the file is not copied again.
    """
    stopped, lock = Event(), Lock()

    def advance_one(count: int) -> None:
        if stopped.is_set():
            raise _Stopped
        with lock:
            advance(count)

    def run(number: int, batch: Batch) -> Sequence[CastLosses]:
        found = None if journal is None else journal.find(number, batch)
        if found is not None:
            advance_one(sum(copy.tensor.nbytes for copy in batch.copies))
            return found
        losses = run_batch(batch, stamps, target, advance_one)
        if journal is not None:
            journal.add(number, batch, losses)
        return losses

    losses: list[CastLosses] = []
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        running = [
            pool.submit(run, number, batch) for number, batch in enumerate(make_batches(copies))
        ]
        try:
            for future in as_completed(running):
                losses += future.result()
        except BaseException:
            stopped.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return sorted(losses, key=lambda item: item.tensor)
