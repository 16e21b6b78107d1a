"""The files that an extraction writes: one, or shards and an index."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pycandle.errors import Diagnostic, Place, PyCandleError
from pycandle.weights.copying import Copy
from pycandle.weights.planning import Plan, PlannedTensor
from pycandle.weights.safetensors_file import Layout, plan_layout

_SUFFIX = ".safetensors"
_SHARD = r"-[0-9a-f]{8}-\d{5}-of-\d{5}\.safetensors"
"""What follows the stem; compiled where it is needed, for a quicker start."""


class Part(NamedTuple):
    """A file to write."""

    tensors: tuple[PlannedTensor, ...]
    layout: Layout

    def copies(self) -> Iterator[Copy]:
        """Yields the tensors in the order of the file."""
        by_name = {item.name: item for item in self.tensors}
        for name, entry in self.layout.tensors.items():
            yield Copy(by_name[name], entry.offset)


def split_plan(planned: Plan, max_shard_size: int | None) -> tuple[Part, ...]:
    """Returns the parts, each of at most so many bytes of tensors; None is one part.

    Shards are filled in the order of the manifest's state. Raises PyCandleError for tensors that
    are larger than a shard.
    """
    if max_shard_size is None:
        return (_part(planned.tensors),)
    sizes = [item.nbytes for item in planned.tensors]
    if too_large := [
        item for item, size in zip(planned.tensors, sizes, strict=True) if size > max_shard_size
    ]:
        raise PyCandleError(_too_small(planned, too_large, max(sizes)))
    parts: list[Part] = []
    pending: list[PlannedTensor] = []
    filled = 0
    for item, size in zip(planned.tensors, sizes, strict=True):
        if pending and filled + size > max_shard_size:
            parts.append(_part(pending))
            pending, filled = [], 0
        pending.append(item)
        filled += size
    return (*parts, _part(pending))


def index_path(out: Path) -> Path:
    """Returns the index of a sharded output that `out` names, as libraries of the hub look for."""
    return out if out.name.endswith(".index.json") else out.with_name(f"{out.name}.index.json")


def shard_names(out: Path, parts: Sequence[Part], token: str) -> list[Path]:
    """Returns the names of shards; `token` tells those of one extraction from another's.

    Renaming several files is not one step. As no shard takes the place of another one, the old
    output is whole until the index is replaced.
    """
    count = len(parts)
    return [
        out.with_name(f"{_stem(out)}-{token}-{number:05}-of-{count:05}{_SUFFIX}")
        for number in range(1, count + 1)
    ]


def render_index(parts: Mapping[str, Part]) -> bytes:
    """Returns the index of shards, by name, as transformers writes it."""
    total = sum(part.layout.file_size - len(part.layout.prefix) for part in parts.values())
    weight_map = {name: file for file, part in parts.items() for name in part.layout.tensors}
    content = {"metadata": {"total_size": total}, "weight_map": weight_map}
    return (json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def find_old_shards(out: Path) -> list[Path]:
    """Returns the shards of an earlier extraction to `out`, by its index."""
    try:
        weight_map = json.loads(index_path(out).read_bytes())["weight_map"]
        names = set(weight_map.values())
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []  # Nothing of ours.
    stem = _stem(out)
    return sorted(
        out.with_name(name)
        for name in names
        if isinstance(name, str)
        and name.startswith(stem)
        and re.fullmatch(_SHARD, name.removeprefix(stem))
    )


def _stem(out: Path) -> str:
    return out.name.removesuffix(".index.json").removesuffix(_SUFFIX)


def _part(tensors: Sequence[PlannedTensor]) -> Part:
    layout = plan_layout((item.name, item.dtype, item.source.shape) for item in tensors)
    return Part(tuple(tensors), layout)


def _too_small(
    planned: Plan, tensors: Sequence[PlannedTensor], largest: int
) -> Iterator[Diagnostic]:
    for item in tensors:
        yield Diagnostic(
            "shard-too-small",
            f"`{item.name}` of {item.nbytes:,} bytes is larger than a shard may be",
            Place(str(planned.manifest), detail=f"tensor `{item.name}`"),
            hint=f"`--max-shard-size {largest}` is the least that holds all tensors",
        )
