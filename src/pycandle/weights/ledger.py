"""Where each written tensor comes from, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pycandle.version import VERSION
from pycandle.weights.location import Location
from pycandle.weights.output_parts import Part
from pycandle.weights.planning import Plan, PlannedTensor


def describe_tensor(item: PlannedTensor) -> dict[str, Any]:
    """Returns what is read for a tensor, and what is done to it."""
    source = item.source
    described: dict[str, Any] = {
        "name": item.name,
        "dtype": item.dtype,
        "shape": list(source.shape),
        "source": {
            "file": str(source.file),
            "key": item.source_name,
            "offset": source.offset,
            "length": source.nbytes,
            "dtype": source.dtype,
        },
        "transform": list(item.transform),
    }
    if source.strides is not None:
        described["source"]["strides"] = list(source.strides)
    if source.deflated is not None:
        part = source.deflated
        described["source"]["deflated"] = {"offset": part.offset, "length": part.nbytes}
    return described


def describe_plan(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """Returns every tensor of the files to write, in their order, with its place in them."""
    described: list[dict[str, Any]] = []
    for number, part in enumerate(parts, 1):
        for copy in part.copies():
            entry = part.layout.tensors[copy.tensor.name]
            target: dict[str, Any] = {"offset": entry.offset, "length": entry.nbytes}
            if len(parts) > 1:
                target["shard"] = number
            described.append({**describe_tensor(copy.tensor), "target": target})
    return described


def render_ledger(
    planned: Plan, files: Mapping[Path, Part], digests: Mapping[str, str], taken: Sequence[Location]
) -> bytes:
    """Returns the ledger of an extraction that has written `files`.

    `digests` has the SHA-256 of each written tensor; `taken` are the files that were read.
    """
    paths = list(files)
    tensors = describe_plan(list(files.values()))
    for item in tensors:
        number = item["target"].pop("shard", 1)
        item["target"]["file"] = paths[number - 1].name
        item["sha256"] = digests[item["name"]]
    content = {
        "format": "pycandle-ledger",
        "version": 1,
        "pycandle": VERSION,
        "checkpoint": str(planned.checkpoint),
        "manifest": str(planned.manifest),
        "sources": [_describe_source(planned, location) for location in taken],
        "tensors": tensors,
    }
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def _describe_source(planned: Plan, location: Location) -> dict[str, Any]:
    stamp = planned.stamps[location]
    names = ("modified", "inode") if isinstance(location, Path) else ("etag",)
    versions = dict(zip(names, stamp.version, strict=False))
    return {"file": str(location), "size": stamp.size, **versions}
