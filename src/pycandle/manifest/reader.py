"""Files to manifests."""

import json
from pathlib import Path
from typing import Any

import msgspec

from pycandle.errors import Diagnostic, Place, PyCandleError, refusal
from pycandle.manifest.contradictions import find_contradictions
from pycandle.manifest.schema import FORMAT_VERSION, Manifest

FORMAT = "pycandle-manifest"
MOST = 20
"""Contradictions that are shown; of the others only the number is."""


class _Head(msgspec.Struct):
    """What every version of the format has."""

    format: str
    version: int


_HEAD = msgspec.json.Decoder(_Head)
_MANIFEST = msgspec.json.Decoder(Manifest)


def read_manifest(path: str | Path) -> Manifest:
    """Returns the manifest in a file, or refuses with everything that is wrong with it."""
    try:
        data = Path(path).read_bytes()
    except FileNotFoundError:
        raise refusal(
            "no-manifest",
            "there is no such manifest",
            place=Place(str(path)),
            hint="`pycandle record` writes `.pycandle/traces/NAME_manifest.json`",
        ) from None
    except OSError as error:
        raise refusal(
            "unreadable-manifest",
            f"the manifest cannot be read: {error.strerror}",
            place=Place(str(path)),
        ) from None
    return decode_manifest(data, str(path))


def decode_manifest(data: bytes, name: str = "manifest") -> Manifest:
    """Returns the manifest in the bytes of a file; `name` is the file in error messages."""
    _check_head(data, name)
    try:
        manifest = _MANIFEST.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise refusal(
            "bad-manifest",
            f"the manifest is not of its format: {_lower(error)}",
            place=Place(name),
            hint="record the model again: manifests are not edited by hand",
        ) from None
    if problems := find_contradictions(manifest, name):
        raise PyCandleError(_shortened(problems, name))
    return manifest


def _check_head(data: bytes, name: str) -> None:
    """Refuses what is no manifest, or one of a newer version."""
    place = Place(name)
    try:
        head = _HEAD.decode(data)
    except msgspec.ValidationError:
        raise _not_a_manifest(data, place) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if data.lstrip().startswith(b"{") and not data.rstrip().endswith(b"}"):
            raise refusal(
                "truncated-manifest",
                f"the manifest ends in the middle, after {len(data)} bytes",
                place=place,
                hint="copy the file again, or record the model again",
            ) from None
        raise refusal(
            "not-json", f"the manifest is not JSON: {_lower(error)}", place=place
        ) from None
    if head.format != FORMAT:
        raise _not_a_manifest(data, place)
    if head.version > FORMAT_VERSION:
        raise refusal(
            "newer-manifest",
            f"the manifest has version {head.version} of the format; "
            f"this PyCandle reads up to {FORMAT_VERSION}",
            place=place,
            hint="update PyCandle, or record the model with this version",
        )
    if head.version < 1:
        raise refusal(
            "bad-manifest", f"there is no version {head.version} of the format", place=place
        )


def _not_a_manifest(data: bytes, place: Place) -> PyCandleError:
    """Returns the refusal of JSON that is something else."""
    try:
        content: Any = json.loads(data)
    except (ValueError, RecursionError):
        content = None
    found = "a list" if isinstance(content, list) else "something else"
    if isinstance(content, dict):
        keys = ", ".join(f"`{key}`" for key in list(content)[:5])  # pyright: ignore
        found = f"an object with the keys {keys}" if keys else "an empty object"
        if "weight_map" in content:
            found = "the index of a sharded checkpoint"
    return refusal(
        "not-a-manifest",
        f"this is JSON but no manifest: it is {found}",
        place=place,
        hint="pass the `NAME_manifest.json` that `pycandle record` wrote",
    )


def _lower(error: Exception) -> str:
    text = str(error) or type(error).__name__
    return text[0].lower() + text[1:]


def _shortened(problems: list[Diagnostic], name: str) -> list[Diagnostic]:
    if len(problems) <= MOST:
        return problems
    left = len(problems) - MOST
    more = Diagnostic("contradictory-manifest", f"{left} more contradictions", Place(name))
    return [*problems[:MOST], more]
