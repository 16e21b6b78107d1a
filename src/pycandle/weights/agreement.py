"""Whether a checkpoint's tensors are those that a manifest describes."""

from __future__ import annotations

from collections.abc import Iterator

from pycandle.dtypes import DTYPES
from pycandle.errors import Diagnostic, Place
from pycandle.weights.checkpoint import StoredTensor, find_dtype
from pycandle.weights.conversions import is_loadable
from pycandle.weights.location import Location
from pycandle.weights.matching import Match
from pycandle.weights.required_state import RequiredTensor

_MAX_SEPARATE = 20
"""More missing tensors than these are one diagnostic: it is the wrong checkpoint."""

_MAX_COMPARED = 2000
"""Names that are compared with a missing one."""


def check_tensor(item: RequiredTensor, name: str, source: StoredTensor) -> Iterator[Diagnostic]:
    """Yields why a stored tensor cannot be the required one."""
    detail = f"tensor `{name}`"
    if source.problem is not None:
        title = f"`{name}` is {source.problem}"
        yield Diagnostic("unsupported-tensor", title, Place(str(source.file), detail=detail))
        return
    if source.strides is None:
        detail += f", bytes {source.offset} to {source.offset + source.nbytes}"
    place = Place(str(source.file), detail=detail)
    label = f"{_describe(source.dtype, source.shape)}, and the manifest says {describe(item)}"
    if source.shape != item.shape:
        yield Diagnostic("wrong-shape", f"`{name}` has another shape", place, label)
    if not _dtype_agrees(item, source.dtype):
        yield Diagnostic("wrong-dtype", f"`{name}` has another dtype", place, label)
    elif not is_loadable(source.dtype):
        title = f"`{name}` is {source.dtype}, which Candle cannot load"
        yield Diagnostic("unsupported-dtype", title, place, label)


def missing_tensors(
    path: Location, match: Match, required: tuple[RequiredTensor, ...]
) -> list[Diagnostic]:
    """Returns a diagnostic for each tensor without a source; one for all where they are many.

    What the checkpoint has in their place, if it is anything, is one more.
    """
    missing = [
        item for item in required if not match.found[item.name] and item.name not in match.ambiguous
    ]
    if not missing:
        return []
    if len(missing) > _MAX_SEPARATE:
        listed = "\n".join(f"`{item.name}`: {describe(item)}" for item in missing)
        title = f"the checkpoint lacks {len(missing)} of {len(required)} tensors"
        first = ", ".join(f"`{name}`" for name in match.unexpected[:3])
        hint = f"the checkpoint has names such as {first}" if first else None
        found = [Diagnostic("missing-tensor", title, Place(str(path)), listed, hint)]
    else:
        found = [_missing(path, item, match) for item in missing]
    return found + list(_unexpected(path, match))


def describe(item: RequiredTensor) -> str:
    """Returns dtype and shape as in `F32[2, 3]`."""
    return _describe(DTYPES[item.dtype].safetensors or item.dtype, item.shape)


def _describe(dtype: str, shape: tuple[int, ...]) -> str:
    return f"{dtype}{list(shape)}"


def _dtype_agrees(item: RequiredTensor, stored: str) -> bool:
    """Returns whether the stored dtype may stand for the recorded one.

    A checkpoint may be in another precision than the model was recorded in. Floats of 8 bits are
    not that: they come with scales, without which they are other numbers. What the trace holds is
    of the recorded dtype.
    """
    row, wanted = find_dtype(stored), DTYPES[item.dtype]
    if row is None or row == wanted:
        return row is not None
    if item.trace_name is not None or min(row.bits, wanted.bits) <= 8:
        return False
    return row.is_float and wanted.is_float


def _unexpected(path: Location, match: Match) -> Iterator[Diagnostic]:
    """Yields the names that are none of the model's: one of them may be what is missing."""
    names = match.unexpected
    if names:
        listed = "\n".join(f"`{name}`" for name in names[:_MAX_SEPARATE])
        more = f"\nand {len(names) - _MAX_SEPARATE} more" if len(names) > _MAX_SEPARATE else ""
        title = f"{len(names)} tensors of the checkpoint are none of the model's"
        hint = "`--rename REGEX=REPL` changes the checkpoint's names"
        yield Diagnostic("unexpected-tensor", title, Place(str(path)), listed + more, hint)


def _missing(path: Location, item: RequiredTensor, match: Match) -> Diagnostic:
    names = list(match.unexpected)
    if len(names) > _MAX_COMPARED:
        last = item.name.rpartition(".")[2]
        names = [name for name in names if name.rpartition(".")[2] == last][:_MAX_COMPARED]
    import difflib  # Only an error needs it.

    near = difflib.get_close_matches(item.name, names, n=3)
    hint = "the checkpoint has " + ", ".join(f"`{name}`" for name in near) if near else None
    title = f"the checkpoint lacks `{item.name}`"
    place = Place(str(path), detail=f"tensor `{item.name}`")
    return Diagnostic("missing-tensor", title, place, describe(item), hint)
