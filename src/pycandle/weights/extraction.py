"""Writing a model's weights file from a checkpoint, and what is reported of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple

from pycandle.weights.copying import CastLosses, Progress
from pycandle.weights.location import Location
from pycandle.weights.planning import Plan, PlannedTensor, plan
from pycandle.weights.renaming import Rename
from pycandle.weights.safetensors_file import ORDER
from pycandle.weights.writing import WriteOptions, Written, write


class Report(NamedTuple):
    """What an extraction did, or would do."""

    format: str
    tensors: int
    nbytes: int
    """Of the tensors as written."""
    file_size: int
    """In bytes, with the header, if it is one file."""
    conversions: dict[str, int]
    """`BOOL to U8` and so on, with the number of tensors: what Candle has no dtype for."""
    casts: dict[str, int]
    """`F32 to BF16` and so on, with the number of tensors: what was asked for."""
    renamed: dict[str, str]
    """Canonical name to the checkpoint's, where an alias or a prefix makes them differ."""
    from_trace: int
    """How many tensors came from the trace."""
    subtree: str
    rule: str | None
    unexpected: tuple[str, ...]
    """The checkpoint's names that are none of the model's."""
    ignored_globals: tuple[str, ...]
    """What loading the pickle would have imported; it was not."""
    files: tuple[str, ...] = ()
    """What was written, an index last."""
    losses: tuple[CastLosses, ...] = ()
    """Where casts have made infinity, or zero, of other values."""


def extract(
    checkpoint: str | Location,
    manifest: Path,
    out: Path,
    *,
    progress: Progress | None = None,
    subtree: str | None = None,
    renames: tuple[Rename, ...] = (),
    dtype: str | None = None,
    options: WriteOptions | None = None,
) -> Report:
    """Writes the state that `manifest` requires from `checkpoint` to the safetensors file `out`.

    Either everything is written or, with a PyCandleError that names every reason, nothing is.
    `plan` describes what is read, and `WriteOptions` how it is written.
    """
    planned = plan(checkpoint, Path(manifest), subtree=subtree, renames=renames, dtype=dtype)
    written = write(planned, Path(out), options, progress=progress)
    return summarize(planned, written)


def summarize(planned: Plan, written: Written | None = None) -> Report:
    """Returns the report of a plan, and of what became of it."""
    opened = [item for item in planned.tensors if not _is_from_trace(planned, item)]
    layout = planned.layout
    return Report(
        format=planned.format,
        tensors=len(planned.tensors),
        nbytes=layout.file_size - len(layout.prefix),
        file_size=layout.file_size,
        conversions=_count_conversions(planned, exact=True),
        casts=_count_conversions(planned, exact=False),
        renamed={item.name: item.source_name for item in opened if item.source_name != item.name},
        from_trace=len(planned.tensors) - len(opened),
        subtree=planned.subtree,
        rule=planned.rule,
        unexpected=planned.unexpected,
        ignored_globals=planned.ignored_globals,
        files=() if written is None else tuple(map(str, written.files)),
        losses=() if written is None else written.losses,
    )


def _count_conversions(planned: Plan, *, exact: bool) -> dict[str, int]:
    found = (item.conversion for item in planned.tensors)
    counts = Counter(item for item in found if item is not None and item.is_exact == exact)
    ordered = sorted(counts, key=lambda item: ORDER.index(item.source))
    return {str(item): counts[item] for item in ordered}


def _is_from_trace(planned: Plan, item: PlannedTensor) -> bool:
    return item.source.file == planned.inputs[-1]
