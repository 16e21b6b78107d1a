"""Recognising a checkpoint by its content."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pycandle.dtypes import BY_SAFETENSORS
from pycandle.errors import Place, PyCandleError, refusal
from pycandle.weights.checkpoint import Checkpoint, NamePath, StoredTensor, item_size
from pycandle.weights.reading import stamp_file
from pycandle.weights.safetensors_file import malformed, read_header, unreadable
from pycandle.weights.sharded import read_index
from pycandle.weights.torch_legacy import is_legacy, read_torch_legacy
from pycandle.weights.torch_zip import read_torch_zip

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


def open_checkpoint(path: Path) -> Checkpoint:
    """Returns the tensors of a file, of an index of shards, or of a directory with one of these.

    Only metadata is read. Raises PyCandleError for what is no checkpoint.
    """
    if path.is_dir():
        path = _choose(path)
    start, size = _read_start(path)
    if start.lstrip(b" \t\r\n\xef\xbb\xbf")[:1] == b"{" and not _is_safetensors(start, size):
        return read_index(path, _open_file)
    return _open_file(path)


def _open_file(path: Path) -> Checkpoint:
    """Opens a checkpoint of one file."""
    start, size = _read_start(path)
    # Before anything is read: whatever changes from here on is noticed by the copy.
    stamp = stamp_file(path)
    return replace(_read_file(path, start, size), stamp=stamp)


def _read_file(path: Path, start: bytes, size: int) -> Checkpoint:
    # This first: the length of a header can look like the start of a pickle or of a zip archive.
    if start[8:9] == b"{" or _is_safetensors(start, size):
        return _read_safetensors(path)
    if start.startswith(b"PK\3\4"):
        return read_torch_zip(path)
    if is_legacy(start[:64]):
        return read_torch_legacy(path)
    raise _not_a_checkpoint(path, start)


def _is_safetensors(start: bytes, size: int) -> bool:
    """Returns whether a file has a header of safetensors where its length says."""
    return start[8:9] == b"{" and int.from_bytes(start[:8], "little") <= size - 8


def _read_start(path: Path) -> tuple[bytes, int]:
    """Returns the first bytes of a regular file and its size."""
    if path.exists() and not path.is_file():
        raise malformed(path, "this is not a regular file")
    try:
        with path.open("rb") as file:
            start = file.read(512)
            return start, file.seek(0, 2)
    except OSError as error:
        raise unreadable(path, error) from None


def _read_safetensors(path: Path) -> Checkpoint:
    tensors: dict[NamePath, StoredTensor] = {}
    for name, entry in read_header(path).tensors.items():
        problem = None
        if entry.dtype not in BY_SAFETENSORS or item_size(entry.dtype) == 0:
            problem = f"of dtype {entry.dtype}, which PyCandle does not know"
        tensors[(name,)] = StoredTensor(path, entry.offset, entry.dtype, entry.shape, None, problem)
    return Checkpoint(path, "safetensors", (path,), tensors)


def _choose(directory: Path) -> Path:
    """Returns the one checkpoint of a directory."""
    for names in _KNOWN_NAMES:
        found = [directory / name for name in names if (directory / name).is_file()]
        if len(found) == 1:
            return found[0]
        if found:
            raise _several(directory, found)
    try:
        files = sorted(item for item in directory.iterdir() if item.is_file())
    except OSError as error:
        raise unreadable(directory, error) from None
    found = [item for item in files if item.name.endswith(".index.json")]
    found = found or [item for item in files if item.suffix in _SUFFIXES]
    if len(found) == 1:
        return found[0]
    raise _several(directory, found)


def _several(directory: Path, found: list[Path]) -> PyCandleError:
    place = Place(str(directory))
    if not found:
        return refusal("no-checkpoint", "the directory holds no checkpoint", place=place)
    names = ", ".join(f"`{item.name}`" for item in found[:8])
    return refusal(
        "ambiguous-checkpoint",
        f"the directory holds {len(found)} checkpoints",
        place=place,
        label=names,
        hint=f"name the file, for example `--checkpoint {found[0]}`",
    )


def _not_a_checkpoint(path: Path, start: bytes) -> PyCandleError:
    title, hint = "this is neither safetensors nor a checkpoint of torch", None
    for offset, magic, what, advice in _FOREIGN:
        if start[offset:].startswith(magic):
            title, hint = f"this is {what}", advice
    if start[:1] == b"\x80":
        title = "this is a pickle that `torch.save` did not write"
    if len(start) < 9:
        title = "the file is empty" if not start else "the file is too short for a checkpoint"
    return refusal("malformed-checkpoint", title, place=Place(str(path)), hint=hint)
