"""Copying with the machines of a Dask cluster, which share the storage of source and target.

Dask schedules the batches, gives those of a lost worker to others, and retries. A batch that runs
twice writes the same bytes to the same places.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pycandle.errors import Diagnostic, Place, PyCandleError, refusal
from pycandle.version import VERSION
from pycandle.weights.batches import Batch, make_batches, run_batch
from pycandle.weights.checkpoint import FileStamp
from pycandle.weights.copying import CastLosses, Copy
from pycandle.weights.location import Location
from pycandle.weights.packages import missing_package

if TYPE_CHECKING:
    from distributed import Client

RETRIES = 3
"""Of a batch that fails without a refusal: a disk or a network may be better the next time."""

MAX_BYTES = 256 << 20
"""In bytes of tensors: what a batch costs to schedule is little against copying so much."""

TIMEOUT = 10
"""Seconds until a scheduler has to answer."""


@dataclass(frozen=True)
class _Answer:
    """What a batch has become. A refusal is an answer too: running it again would not help."""

    nbytes: int = 0
    losses: tuple[CastLosses, ...] = ()
    problems: tuple[Diagnostic, ...] = ()


@contextmanager
def connected(address: str) -> Iterator[Client]:
    """Yields a client of the scheduler at an address; raises PyCandleError."""
    try:
        from distributed import Client
    except ImportError:
        raise missing_package("`--dask`", "distributed") from None
    try:
        client = Client(address, timeout=TIMEOUT, set_as_default=False)
    except (OSError, ValueError) as error:
        title = f"no scheduler answers at `{address}`: {error}"
        raise refusal("no-scheduler", title) from None
    with client:
        _check_workers(client, address)
        yield client


def copy_on_cluster(
    client: Client,
    copies: Iterable[Copy],
    stamps: Mapping[Location, FileStamp],
    target: Path,
    advance: Callable[[int], None],
) -> list[CastLosses]:
    """Copies tensors into a file that is there; returns where casts have lost values.

    Raises PyCandleError with everything that the workers refuse.
    """
    from distributed import as_completed

    known = {_anchor(location): stamp for location, stamp in stamps.items()}
    batches = list(make_batches(map(_anchor_copy, copies), MAX_BYTES))
    needed = [{batch.file: known[batch.file]} for batch in batches]
    futures = client.map(
        _copy_batch, batches, needed, target=target.absolute(), retries=RETRIES, pure=False
    )
    losses: list[CastLosses] = []
    problems: list[Diagnostic] = []
    try:
        for future in as_completed(futures, loop=client.loop):
            answer = _get_answer(future, target)
            losses += answer.losses
            problems += answer.problems
            advance(answer.nbytes)
            if problems:
                break
    finally:
        client.cancel(futures)
    if problems:
        raise PyCandleError(problems)
    return sorted(losses, key=lambda item: item.tensor)


def _anchor(location: Location) -> Location:
    """Returns a location that does not depend on a working directory."""
    return location.absolute() if isinstance(location, Path) else location


def _anchor_copy(copy: Copy) -> Copy:
    source = copy.tensor.source
    anchored = source._replace(file=_anchor(source.file))
    return copy._replace(tensor=copy.tensor._replace(source=anchored))


def _copy_batch(batch: Batch, stamps: Mapping[Location, FileStamp], target: Path) -> _Answer:
    """Runs on a worker."""
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count

    try:
        losses = run_batch(batch, stamps, target, advance)
    except PyCandleError as error:
        return _Answer(problems=tuple(error.diagnostics))
    # The machine that renames the file cannot flush what this one holds.
    with FileIO(target, "r+") as file:
        os.fsync(file.fileno())
    return _Answer(done, tuple(losses))


def _get_answer(future: Any, target: Path) -> _Answer:
    try:
        return future.result()
    except Exception as error:
        title = f"a worker failed {RETRIES + 1} times: {type(error).__name__}: {error}"
        return _Answer(problems=(Diagnostic("worker-failed", title, Place(str(target))),))


def _check_workers(client: Client, address: str) -> None:
    """Checks that there are workers, with a PyCandle that reads a plan as this one does."""
    versions: Any = client.run(_get_version, on_error="return")
    if not versions:
        raise refusal("no-workers", f"the scheduler at `{address}` has no workers")
    others = {worker: found for worker, found in versions.items() if found != VERSION}
    if others:
        worker, found = next(iter(others.items()))
        title = f"{len(others)} workers do not have PyCandle {VERSION}"
        raise refusal("other-version", title, label=f"{worker}: {found}")


def _get_version() -> str:
    from pycandle.version import VERSION

    return VERSION
