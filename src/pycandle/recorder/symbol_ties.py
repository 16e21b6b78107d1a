"""Symbols that are one size, though torch did not say so.

Export guards only what the model's Python and torch's shape rules compare. A batch of token ids
and the batch of their mask can come out as two symbols, because the op that joins them lets the
mask broadcast. Running the program on meta with other sizes tells such symbols from free ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import combinations
from typing import Any

import msgspec
import torch

from pycandle.manifest.schema import Entry
from pycandle.manifest.sizes import SizeError, evaluate
from pycandle.recorder.replay import replay_entry

SIZE_FIELDS = frozenset({"shape", "expression", "size", "index_below"})
"""The fields of an entry that hold sizes."""


def tie_symbols(entry: Entry, state: Mapping[str, torch.Tensor]) -> Entry:
    """Returns the entry with one symbol for sizes that the program only takes when equal."""
    recorded = {item.name: item.recorded for item in entry.symbols if item.recorded is not None}
    pairs = [(one, two) for one, two in combinations(recorded, 2) if recorded[one] == recorded[two]]
    # Sizes of 1 broadcast with anything: from 2 on a mismatch shows.
    sizes = {name: max(value, 2) for name, value in recorded.items()}
    if not pairs or not _runs(entry, state, sizes):
        return entry
    ties: dict[str, str] = {}
    for one, two in pairs:
        other = sizes[two] + 1
        if two in ties or _runs(entry, state, {**sizes, two: other}):
            continue
        if _runs(entry, state, {**sizes, one: other, two: other}):
            ties[two] = ties.get(one, one)
    return _renamed(entry, ties) if ties else entry


def _runs(entry: Entry, state: Mapping[str, torch.Tensor], sizes: Mapping[str, int]) -> bool:
    """Whether the program runs with these sizes, and gives the shapes that it says."""
    try:
        inputs = {
            item.path: torch.empty(
                [evaluate(size, sizes) for size in item.value.shape],
                dtype=getattr(torch, item.value.dtype),
                device="meta",
            )
            for item in entry.inputs
        }
        replay_entry(entry, state, inputs)
    except SizeError:
        return False
    except Exception:
        # torch has many exceptions for shapes that do not fit, and all mean the same here.
        return False
    return True


def _renamed(entry: Entry, ties: Mapping[str, str]) -> Entry:
    """Returns the entry with tied symbols under one name, and no gaps in the numbers."""
    kept = [symbol for symbol in entry.symbols if symbol.name not in ties]
    names = {symbol.name: f"s{index}" for index, symbol in enumerate(kept)}
    names |= {tied: names[name] for tied, name in ties.items()}

    def renamed(value: Any) -> Any:
        if isinstance(value, list):
            return [renamed(item) for item in value]
        if isinstance(value, str):
            return re.sub(r"\w+", lambda found: names.get(found[0], found[0]), value)
        return value

    def changed(value: Any) -> Any:
        if isinstance(value, list):
            return [changed(item) for item in value]
        if isinstance(value, dict):
            return {
                key: renamed(item)
                if key in SIZE_FIELDS and not isinstance(item, dict)
                else (changed(item))
                for key, item in value.items()
            }
        return value

    found = msgspec.convert(changed(msgspec.to_builtins(entry)), Entry)
    symbols = [msgspec.structs.replace(item, name=names[item.name]) for item in kept]
    return msgspec.structs.replace(found, symbols=symbols)
