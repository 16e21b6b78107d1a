"""Manifests to files."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import cast

import msgspec

from pycandle.manifest.schema import Entry, Manifest

_ENCODER = msgspec.json.Encoder()

ROWS = ("modules", "state", "frames", "stacks", "inputs", "nodes", "calls", "functions", "numbers")
"""Fields whose items have a line each."""


def encode_manifest(manifest: Manifest) -> bytes:
    """Returns the file of a manifest: the same bytes for the same manifest.

    Each row of a table has its own line, so that two manifests can be compared line by line.
    """
    return b"".join([*_object(manifest), b"\n"])


def write_manifest(manifest: Manifest, path: Path) -> None:
    """Writes a manifest: the file is the old one or the new one, and never a part."""
    write_atomically(path, encode_manifest(manifest))


def write_atomically(path: Path, data: bytes) -> None:
    """Replaces a file by way of a temporary file beside it."""
    with NamedTemporaryFile(
        dir=path.parent, prefix=f".{path.name}.", suffix=".part", delete=False
    ) as file:
        temporary = Path(file.name)
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            file.close()
            readable(temporary)
            os.replace(temporary, path)
        except BaseException:
            file.close()
            temporary.unlink(missing_ok=True)
            raise


def readable(path: Path) -> None:
    """Gives a temporary file the permissions of a file that was just created."""
    mask = os.umask(0)
    os.umask(mask)
    path.chmod(0o666 & ~mask)


def _object(value: Manifest | Entry) -> Iterator[bytes]:
    """Yields the text of an object, a field a line."""
    names = [field.name for field in msgspec.structs.fields(value)]
    if isinstance(value, Entry):
        present = msgspec.to_builtins(value).keys()
    else:
        present = [name for name in names if getattr(value, name) is not None]
    between = b"{\n"
    for name in names:
        if name not in present:
            continue
        yield between + _ENCODER.encode(name) + b": "
        between = b",\n"
        yield from _field(name, getattr(value, name))
    yield b"\n}"


def _field(name: str, value: object) -> Iterator[bytes]:
    if isinstance(value, Entry):
        yield from _object(value)
        return
    if name not in (*ROWS, "entries") or not isinstance(value, list) or not value:
        yield _ENCODER.encode(value)
        return
    between = b"[\n"
    rows = cast("list[object]", value)
    for item in rows:
        yield between
        between = b",\n"
        if isinstance(item, Entry):
            yield from _object(item)
        else:
            yield _ENCODER.encode(item)
    yield b"\n]"
