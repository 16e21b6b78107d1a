"""Carrying out a plan: the files appear when all of them are on the disk, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from pycandle.errors import Diagnostic, Place, PyCandleError
from pycandle.weights.atomic_file import Stage, find_output_problem, replacing, staging, write_all
from pycandle.weights.byte_file import OutOfReachError
from pycandle.weights.copiers import Copier, choose_copier
from pycandle.weights.copying import CastLosses, Progress
from pycandle.weights.output_parts import (
    Part,
    find_old_shards,
    index_path,
    render_index,
    shard_names,
    split_plan,
)
from pycandle.weights.planning import Plan
from pycandle.weights.reading import TensorReader


class WriteOptions(NamedTuple):
    """How a plan is carried out."""

    max_shard_size: int | None = None
    """In bytes of tensors; None for one file."""
    ledger: Path | None = None
    """Where to write what each tensor was made of."""
    verify: bool = False
    """Whether to read everything again before the output is replaced."""
    dask: str | None = None
    """The address of a scheduler of Dask, whose workers copy."""


class Written(NamedTuple):
    """What a plan became."""

    files: tuple[Path, ...]
    """With the index last, if there is one."""
    losses: tuple[CastLosses, ...]


def check_output(planned: Plan, out: Path, options: WriteOptions | None = None) -> None:
    """Raises PyCandleError if the plan's result must not be written to `out`."""
    options = options or WriteOptions()
    inputs = [item for item in planned.inputs if isinstance(item, Path)]
    target = out if options.max_shard_size is None else index_path(out)
    found = [find_output_problem(target, inputs)]
    if options.max_shard_size is not None:
        found += [find_output_problem(shard, inputs) for shard in find_old_shards(out)]
    if options.ledger is not None:
        found.append(find_output_problem(options.ledger, inputs))
        if options.ledger.resolve() == target.resolve():
            place = Place(str(options.ledger))
            found.append(Diagnostic("bad-output", "the ledger is the output", place))
    if problems := [item for item in found if item is not None]:
        raise PyCandleError(problems)


def write(
    planned: Plan,
    out: Path,
    options: WriteOptions | None = None,
    *,
    progress: Progress | None = None,
) -> Written:
    """Carries out a plan."""
    options = options or WriteOptions()
    check_output(planned, out, options)
    parts = split_plan(planned, options.max_shard_size)
    with TensorReader(planned.stamps) as reader, staging(out) as stage:
        if options.verify:
            from pycandle.weights.verification import check_sources

            check_sources(planned, reader)
        keys = _partial_keys(out, planned, parts, options)
        with choose_copier(planned, reader, options.dask) as copier, _keeping_partials(stage):
            losses = _write_parts(out, stage, parts, keys, copier, progress)
        if options.verify:
            _check_parts(stage, parts, reader)
        reader.check_unchanged()
        digests = _digest(stage, parts, options)
        files = _commit(out, stage, parts, digests, options)
    if options.ledger is not None:
        _write_ledger(options.ledger, planned, dict(zip(files, parts, strict=False)), digests)
    return Written(tuple(files), tuple(losses))


def _partial_keys(
    out: Path, planned: Plan, parts: Sequence[Part], options: WriteOptions
) -> list[str | None]:
    """Returns by what each part is known to a later run; None where that would copy all again.

    What earlier runs have left that had another plan is deleted.
    """
    if options.dask is not None or all(isinstance(file, Path) for file in planned.stamps):
        return [None] * len(parts)
    from pycandle.weights.partial_file import delete_others, partial_key

    keys = [partial_key(planned, part) for part in parts]
    delete_others(out, keys)
    return keys


@contextmanager
def _keeping_partials(stage: Stage) -> Iterator[None]:
    """Leaves what was fetched to the next run, where a server does not answer any more."""
    try:
        yield
    except OutOfReachError as error:
        if not stage.keep_partials():
            raise
        hint = "the same command goes on from here"
        raise PyCandleError(item._replace(hint=hint) for item in error.diagnostics) from None


def _write_parts(
    out: Path,
    stage: Stage,
    parts: Sequence[Part],
    keys: Sequence[str | None],
    copier: Copier,
    progress: Progress | None,
) -> list[CastLosses]:
    """Writes the parts to temporary files."""
    losses: list[CastLosses] = []
    meter = _Meter(sum(part.layout.file_size for part in parts), progress)
    for part, key in zip(parts, keys, strict=True):
        layout = part.layout
        with stage.create(out, layout.file_size, key) as file:
            write_all(file, layout.prefix)
            meter.advance(len(layout.prefix))
            losses += copier(part.copies(), file, stage.temporaries[-1], meter.advance)
            size = os.fstat(file.fileno()).st_size
            if size != layout.file_size:
                raise AssertionError(f"wrote a file of {size} bytes, not of {layout.file_size}")
    meter.check()
    return losses


def _check_parts(stage: Stage, parts: Sequence[Part], reader: TensorReader) -> None:
    from pycandle.weights.verification import check_written

    for path, part in zip(stage.temporaries, parts, strict=True):
        check_written(path, part, reader)


def _digest(stage: Stage, parts: Sequence[Part], options: WriteOptions) -> dict[str, str]:
    """Returns the digests of all written tensors, where something needs them."""
    if options.ledger is None and options.max_shard_size is None:
        return {}
    from pycandle.weights.digests import digest_tensors

    digests: dict[str, str] = {}
    for path, part in zip(stage.temporaries, parts, strict=True):
        digests |= digest_tensors(path, part.layout)
    return digests


def _commit(
    out: Path,
    stage: Stage,
    parts: Sequence[Part],
    digests: dict[str, str],
    options: WriteOptions,
) -> list[Path]:
    """Gives the files their names; returns them, with the index last."""
    if options.max_shard_size is None:
        stage.commit()
        return [out]
    from pycandle.weights.digests import make_token

    names = shard_names(out, parts, make_token(digests))
    old = find_old_shards(out)
    places = dict(zip(stage.temporaries, names, strict=True))
    index = index_path(out)
    content = render_index({path.name: part for path, part in zip(names, parts, strict=True)})
    with stage.create(index, len(content)) as file:
        write_all(file, content)
    stage.commit(places)
    for path in old:
        if path not in names:
            with suppress(OSError):
                path.unlink()
    return [*names, index]


def _write_ledger(
    path: Path, planned: Plan, files: Mapping[Path, Part], digests: dict[str, str]
) -> None:
    from pycandle.weights.ledger import render_ledger

    taken = list(dict.fromkeys(item.source.file for item in planned.tensors))
    content = render_ledger(planned, files, digests, taken)
    with replacing(path, len(content)) as file:
        write_all(file, content)


class _Meter:
    """Counts the bytes that were written."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._done = 0
        self._total = total
        self._progress = progress

    def advance(self, count: int) -> None:
        self._done += count
        if self._progress is not None:
            self._progress(self._done, self._total)

    def check(self) -> None:
        """Checks that every byte was written, and none twice."""
        if self._done != self._total:
            raise AssertionError(f"wrote {self._done} of {self._total} bytes")
