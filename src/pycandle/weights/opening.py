"""Recognising a checkpoint by its content."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from pycandle.errors import Place, PyCandleError, refusal
from pycandle.weights.byte_file import open_file, read_at, stamp_file, unreadable
from pycandle.weights.checkpoint import Checkpoint, FileStamp
from pycandle.weights.formats import find_format
from pycandle.weights.location import Location, Url
from pycandle.weights.safetensors_file import malformed
from pycandle.weights.sharded import read_index

_KNOWN_NAMES = (
    ("model.safetensors", "model.safetensors.index.json"),
    ("diffusion_pytorch_model.safetensors", "diffusion_pytorch_model.safetensors.index.json"),
    ("pytorch_model.bin", "pytorch_model.bin.index.json"),
    ("diffusion_pytorch_model.bin", "diffusion_pytorch_model.bin.index.json"),
)
"""What libraries of the hub look for in a directory, first choice first; two are one choice."""

_SUFFIXES = (".safetensors", ".bin", ".pt", ".pth", ".ckpt")

_FOREIGN = (
    (0, b"version https://git-lfs", "a pointer of Git LFS, not the file itself", "`git lfs pull`"),
    (0, b"GGUF", "a GGUF file", None),
    (0, b"\x89HDF", "an HDF5 file", None),
    (0, b"\x93NUMPY", "a NumPy array", None),
    (0, b"\x1f\x8b", "compressed with gzip", "unpack it first"),
    (257, b"ustar", "a tar archive, as torch before 0.1.10 wrote it", None),
)
"""Offset, bytes, what a file with them is, and what to do about it."""


def open_checkpoint(location: Location) -> Checkpoint:
    """Returns the tensors of a file, of an index of shards, or of a directory with one of these.

    Only metadata is read. Raises PyCandleError for what is no checkpoint.
    """
    if isinstance(location, Url):
        from pycandle.weights.remote.hub import choose_in_repository

        location = choose_in_repository(location, choose_name)
    elif location.is_dir():
        location = _choose(location)
    start, size, _ = _read_start(location)
    looks_like_json = start.lstrip(b" \t\r\n\xef\xbb\xbf")[:1] == b"{"
    if looks_like_json and not _is_safetensors(start, size):
        return read_index(location, _open_file)
    return _open_file(location)


def choose_name(names: Sequence[str], directory: Location) -> str:
    """Returns the one checkpoint among the files of a directory; raises PyCandleError."""
    for known in _KNOWN_NAMES:
        found = [name for name in known if name in names]
        if len(found) == 1:
            return found[0]
        if found:
            raise _several(directory, found)
    found = [name for name in sorted(names) if name.endswith(".index.json")]
    found = found or [name for name in sorted(names) if name.endswith(_SUFFIXES)]
    if len(found) == 1:
        return found[0]
    raise _several(directory, found)


def _open_file(location: Location) -> Checkpoint:
    """Opens a checkpoint of one file."""
    start, size, stamp = _read_start(location)
    found = find_format(start, size)
    if found is None:
        raise _not_a_checkpoint(location, start)
    with _no_collections():
        return found.read(location)._replace(stamp=stamp)


@contextmanager
def _no_collections() -> Iterator[None]:
    """Keeps Python from looking for cycles among the records of up to a million tensors.

    There are none, and looking takes a fifth of the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _is_safetensors(start: bytes, size: int) -> bool:
    """Returns whether a file has a header of safetensors where its length says."""
    return start[8:9] == b"{" and int.from_bytes(start[:8], "little") <= size - 8


def _read_start(location: Location) -> tuple[bytes, int, FileStamp]:
    """Returns the first bytes of a regular file, its size, and its stamp from before that."""
    if isinstance(location, Path) and location.exists() and not location.is_file():
        raise malformed(location, "this is not a regular file")
    # Before anything is read: whatever changes from here on is noticed by the copy.
    stamp = stamp_file(location)
    try:
        with closing(open_file(location)) as file:
            return read_at(file, 0, 512), file.seek(0, 2), stamp
    except OSError as error:
        raise unreadable(location, error) from None


def _choose(directory: Path) -> Path:
    """Returns the one checkpoint of a directory."""
    try:
        names = [item.name for item in directory.iterdir() if item.is_file()]
    except OSError as error:
        raise unreadable(directory, error) from None
    return directory / choose_name(names, directory)


def _several(directory: Location, found: Sequence[str]) -> PyCandleError:
    place = Place(str(directory))
    if not found:
        return refusal("no-checkpoint", "the directory holds no checkpoint", place=place)
    names = ", ".join(f"`{name}`" for name in found[:8])
    return refusal(
        "ambiguous-checkpoint",
        f"the directory holds {len(found)} checkpoints",
        place=place,
        label=names,
        hint=f"name the file, for example `--checkpoint {directory}/{found[0]}`",
    )


def _not_a_checkpoint(path: Location, start: bytes) -> PyCandleError:
    title, hint = "this is neither safetensors nor a checkpoint of torch", None
    for offset, magic, what, advice in _FOREIGN:
        if start[offset:].startswith(magic):
            title, hint = f"this is {what}", advice
    if start[:1] == b"\x80":
        title = "this is a pickle that `torch.save` did not write"
    if len(start) < 9:
        title = "the file is empty" if not start else "the file is too short for a checkpoint"
    return refusal("malformed-checkpoint", title, place=Place(str(path)), hint=hint)
