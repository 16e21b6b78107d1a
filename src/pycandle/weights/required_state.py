"""What a manifest says of a model's state.

Only the `state` section is read, with the standard library: this package runs where msgspec and
the rest of PyCandle's dependencies are not installed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pycandle.dtypes import DTYPES
from pycandle.errors import Diagnostic, Place, PyCandleError, refusal
from pycandle.weights.byte_file import unreadable

FORMAT = "pycandle-manifest"
FORMAT_VERSION = 2
"""As in `pycandle.manifest.schema`; a test compares them."""

_FROM_CHECKPOINT = {"parameter", "persistent_buffer"}
_TRACE_PREFIX = {"non_persistent_buffer": "state/", "constant": "constant/"}


class RequiredTensor(NamedTuple):
    """A tensor of the model's state."""

    name: str
    """Canonical: what the weights file calls it."""
    kind: str
    dtype: str
    """By torch's name."""
    shape: tuple[int, ...]
    aliases: tuple[str, ...]
    used: bool

    @property
    def trace_name(self) -> str | None:
        """What the trace calls it; None where the checkpoint has to hold it."""
        prefix = _TRACE_PREFIX.get(self.kind)
        return None if prefix is None else prefix + self.name

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that a checkpoint may have for it, the canonical one first."""
        return (self.name, *self.aliases)


class RequiredState(NamedTuple):
    """The `state` section of a manifest."""

    manifest: Path
    trace: Path
    tensors: tuple[RequiredTensor, ...]

    @property
    def from_checkpoint(self) -> tuple[RequiredTensor, ...]:
        """What the model reads and a checkpoint holds."""
        return tuple(item for item in self.tensors if item.used and item.kind in _FROM_CHECKPOINT)

    @property
    def from_trace(self) -> tuple[RequiredTensor, ...]:
        """What the model reads and no checkpoint holds."""
        return tuple(item for item in self.tensors if item.used and item.kind in _TRACE_PREFIX)

    @property
    def known_names(self) -> set[str]:
        """Every name in the model's state, also of what nothing reads."""
        return {name for item in self.tensors for name in item.names}


def read_required_state(manifest: Path) -> RequiredState:
    """Returns the state that a manifest requires; raises PyCandleError."""
    try:
        content = json.loads(manifest.read_bytes())
    except OSError as error:
        raise unreadable(manifest, error) from None
    except (ValueError, RecursionError) as error:
        raise _bad(manifest, f"the manifest is not JSON: {error}") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise _bad(manifest, "this is not a manifest of PyCandle")
    if content.get("version") not in range(1, FORMAT_VERSION + 1):
        version = content.get("version")
        title = (
            f"the manifest has version {version!r}, and this PyCandle reads up to {FORMAT_VERSION}"
        )
        raise _bad(manifest, title)
    trace, state = content.get("trace"), content.get("state")
    if not isinstance(trace, str) or not trace or Path(trace).name != trace:
        raise _bad(manifest, "`trace` is not the name of a file beside the manifest")
    if not isinstance(state, list):
        raise _bad(manifest, "`state` is not a list")
    tensors = tuple(_read_tensor(manifest, index, item) for index, item in enumerate(state))
    if problems := list(_check_names(manifest, tensors)):
        raise PyCandleError(problems)
    return RequiredState(manifest, manifest.parent / trace, tensors)


def _read_tensor(manifest: Path, index: int, item: Any) -> RequiredTensor:
    where = f"state[{index}]"
    if not isinstance(item, dict) or not isinstance(item.get("name"), str) or not item["name"]:
        raise _bad(manifest, "a tensor has no name", where)
    where = f"tensor `{item['name']}`"
    kind, dtype, shape = item.get("kind"), item.get("dtype"), item.get("shape")
    aliases, used = item.get("aliases", []), item.get("used", True)
    if kind not in _FROM_CHECKPOINT and kind not in _TRACE_PREFIX:
        raise _bad(manifest, f"unknown kind {kind!r}", where)
    if dtype not in DTYPES:
        raise _bad(manifest, f"unknown dtype {dtype!r}", where)
    if not isinstance(shape, list) or not all(type(size) is int and size >= 0 for size in shape):
        raise _bad(manifest, "`shape` is not a list of sizes", where)
    if not isinstance(aliases, list) or not all(isinstance(name, str) for name in aliases):
        raise _bad(manifest, "`aliases` is not a list of names", where)
    if type(used) is not bool:
        raise _bad(manifest, "`used` is neither true nor false", where)
    return RequiredTensor(item["name"], kind, dtype, tuple(shape), tuple(aliases), used)


def _check_names(manifest: Path, tensors: tuple[RequiredTensor, ...]) -> Iterator[Diagnostic]:
    counts = Counter(name for item in tensors for name in item.names)
    for name, count in counts.items():
        title = None
        if count > 1:
            title = f"`{name}` is in `state` twice"
        elif name == "__metadata__":
            title = f"`{name}` is reserved"
        elif not name.isprintable():
            title = f"the name {name!a} holds control characters"
        if title is not None:
            yield Diagnostic("bad-manifest", title, Place(str(manifest)))


def _bad(manifest: Path, title: str, detail: str | None = None) -> PyCandleError:
    return refusal("bad-manifest", title, place=Place(str(manifest), detail=detail))
