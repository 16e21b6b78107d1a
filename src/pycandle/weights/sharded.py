"""Checkpoints of several shards and an index."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, TypeAlias

from pycandle.errors import Diagnostic, Place, PyCandleError
from pycandle.weights.byte_file import open_file, read_at, unreadable
from pycandle.weights.checkpoint import Checkpoint, NamePath, ShardTensor, StoredTensor
from pycandle.weights.location import Location, sibling
from pycandle.weights.safetensors_file import MAX_HEADER, malformed

ShardNames: TypeAlias = dict[str, list[StoredTensor]]


def read_index(path: Location, open_shard: Callable[[Location], Checkpoint]) -> Checkpoint:
    """Returns the tensors that an index names; no shard is opened.

    Raises PyCandleError for a malformed index, or one whose shards are not beside it.
    """
    weight_map = _read_weight_map(path)
    shards = {file: sibling(path, file) for file in dict.fromkeys(weight_map.values())}
    missing = [
        Diagnostic("missing-shard", f"there is no shard `{file}`", Place(str(path)))
        for file, shard in shards.items()
        if isinstance(shard, Path) and not shard.is_file()
    ]
    if missing:
        raise PyCandleError(missing)
    tensors: dict[NamePath, ShardTensor] = {
        (name,): ShardTensor(shards[file], name) for name, file in weight_map.items()
    }
    files = (path, *shards.values())
    return Checkpoint(path, "index of shards", files, tensors, open_shard=open_shard)


def list_names(shard: Checkpoint) -> ShardNames:
    """Returns the tensors of a shard by their dotted names."""
    names: ShardNames = {}
    for path, tensor in shard.tensors.items():
        if isinstance(tensor, StoredTensor):
            names.setdefault(".".join(path), []).append(tensor)
    return names


def find_in_shard(
    names: ShardNames, index: Location, wanted: ShardTensor
) -> StoredTensor | Diagnostic:
    """Returns the tensor that the index says is in a shard."""
    found = names.get(wanted.name, [])
    if len(found) == 1:
        return found[0]
    name, shard = wanted.name, wanted.shard.name
    title = f"the index says that `{name}` is in `{shard}`, which does not hold it"
    return Diagnostic("stale-index", title, Place(str(index), detail=f"tensor `{name}`"))


def _read_weight_map(path: Location) -> dict[str, str]:
    try:
        with closing(open_file(path)) as file:
            size = file.seek(0, 2)
            if size > MAX_HEADER:
                raise malformed(path, "the index is larger than any index")
            text = read_at(file, 0, size).decode()
        content = json.loads(text, object_pairs_hook=_unique_keys)
    except OSError as error:
        raise unreadable(path, error) from None
    except (ValueError, RecursionError) as error:
        raise malformed(path, f"the index is not JSON: {error}") from None
    weight_map = content.get("weight_map") if isinstance(content, dict) else None
    if not isinstance(weight_map, dict):
        raise malformed(path, "the index has no `weight_map`")
    for name, file in weight_map.items():
        if not name.isprintable():
            raise malformed(path, f"the name {name!a} holds control characters")
        if type(file) is not str or not _is_plain_name(file):
            detail = f"tensor `{name!a}`"
            raise malformed(path, f"`{file!a}` is not the name of a shard", detail=detail)
    return weight_map


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _is_plain_name(file: str) -> bool:
    """Returns whether a name stays in the directory of the index, on every system."""
    if "\0" in file or file in ("", ".", "..") or file.endswith(".index.json"):
        return False
    return PurePosixPath(file).name == file and PureWindowsPath(file).name == file
