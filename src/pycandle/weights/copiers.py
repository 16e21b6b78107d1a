"""Who copies: this process, several connections of it, or a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import TypeAlias

from pycandle.weights.copying import CastLosses, Copy, OutputFile, copy_tensors
from pycandle.weights.location import Url
from pycandle.weights.planning import Plan
from pycandle.weights.reading import TensorReader

Advance: TypeAlias = Callable[[int], None]
"""Called with the number of bytes that were written."""

Copier: TypeAlias = Callable[[Iterable[Copy], FileIO, Path, Advance], list[CastLosses]]
"""Copies tensors into a file that is open and at a path; returns where casts have lost values."""


@contextmanager
def choose_copier(planned: Plan, reader: TensorReader, dask: str | None) -> Iterator[Copier]:
    """Yields the copier for a plan; `dask` is the address of a scheduler."""

    def copy_here(
        copies: Iterable[Copy], file: FileIO, _path: Path, advance: Advance
    ) -> list[CastLosses]:
        return copy_tensors(reader, copies, OutputFile(file, advance))

    if dask is not None:
        from pycandle.weights.dask_copy import connected, copy_on_cluster

        with connected(dask) as client:
            yield lambda copies, _file, path, advance: copy_on_cluster(
                client, copies, planned.stamps, path, advance
            )
    elif any(isinstance(location, Url) for location in planned.stamps):
        from pycandle.weights.concurrent_copy import copy_concurrently
        from pycandle.weights.partial_file import Journal, is_partial

        yield lambda copies, _file, path, advance: copy_concurrently(
            copies, planned.stamps, path, advance, Journal(path) if is_partial(path) else None
        )
    else:
        yield copy_here
